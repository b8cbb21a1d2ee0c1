package controllers_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/go-logr/logr/funcr"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/testkit/lane"
)

// What is logged while an Organisation is provisioned, loses its server and is deleted:
// lines with the keys that people search by, and no value of any Secret.
func TestTheLogHasStableKeysAndNoSecret(t *testing.T) {
	w := newWorld(t, lane.Options{})
	var lines []string
	logger := funcr.NewJSON(func(line string) { lines = append(lines, line) }, funcr.Options{Verbosity: 9})
	ctx := log.IntoContext(t.Context(), logger)
	w.create(lane.Organisation("asha"))
	if err := w.op.Settle(ctx); err != nil {
		t.Fatal(err)
	}
	w.expect("asha", v1alpha1.Ready, "True/Ready")
	secrets := w.secretValues()
	w.Proxy.Refuse(true)
	w.op.Pass(ctx)
	if len(lines) < 10 || len(secrets) < 5 {
		t.Fatalf("%d lines, %d secrets", len(lines), len(secrets))
	}
	for _, line := range lines {
		for _, secret := range secrets {
			if strings.Contains(line, secret) {
				t.Errorf("a secret value of %d bytes is in the log", len(secret))
			}
		}
	}
	keys(t, lines, "step ended", "organisation", "step", "release", "outcome", "reason", "seconds")
	keys(t, lines, "Ready changed", "organisation", "status", "reason", "release")
}

// keys asserts that a line of that text was logged, and that each has all of the keys.
func keys(t *testing.T, lines []string, text string, want ...string) {
	t.Helper()
	found := 0
	for _, line := range lines {
		var fields map[string]any
		if err := json.Unmarshal([]byte(line), &fields); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if fields["msg"] != text {
			continue
		}
		found++
		for _, key := range want {
			if _, ok := fields[key]; !ok {
				t.Errorf("%s lacks %s", line, key)
			}
		}
	}
	if found == 0 {
		t.Errorf("nothing says %q", text)
	}
}

// secretValues are all that Secrets hold and that somebody could not guess.
func (w *world) secretValues() (values []string) {
	w.t.Helper()
	var list corev1.SecretList
	if err := w.Admin.List(w.t.Context(), &list); err != nil {
		w.t.Fatal(err)
	}
	for _, secret := range list.Items {
		for key, value := range secret.Data {
			if key != "username" && len(value) >= 16 {
				values = append(values, string(value))
			}
		}
	}
	return values
}
