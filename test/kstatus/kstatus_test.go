// Package kstatus shows every state of an Organisation to kstatus, which Flux, kubectl
// plugins and Argo CD's rules go by. The module is its own, so that the operator does
// not depend on it.
package kstatus

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// states are the golden files of internal/status.
const states = "../../internal/status/testdata"

// What a tool that applies the manifest does in each state: wait on, take it for done,
// report it as failed, or wait until it is gone.
var verdicts = map[string]status.Status{
	"provisioning":                                 status.InProgressStatus,
	"provisioning-waits-for-another-object":        status.InProgressStatus,
	"provisioning-while-the-server-is-unreachable": status.InProgressStatus,
	"provisioning-stalled":                         status.FailedStatus,
	"serving":                                      status.CurrentStatus,
	"serving-while-a-change-waits":                 status.CurrentStatus,
	"updating":                                     status.InProgressStatus,
	"updating-the-schema":                          status.InProgressStatus,
	"changing-its-own-settings":                    status.InProgressStatus,
	"failed-and-the-old-release-serves":            status.FailedStatus,
	"migration-failed-and-the-old-release-serves":  status.FailedStatus,
	"failed-and-nothing-serves":                    status.FailedStatus,
	"a-pod-is-lost":                                status.InProgressStatus,
	"server-unreachable":                           status.InProgressStatus,
	"server-unreachable-while-a-change-waits":      status.InProgressStatus,
	"server-fell-silent-in-the-middle":             status.InProgressStatus,
	"a-call-failed":                                status.InProgressStatus,
	"suspending":                                   status.InProgressStatus,
	"suspended":                                    status.CurrentStatus,
	"suspended-from-birth":                         status.CurrentStatus,
	"held":                                         status.CurrentStatus,
	"held-and-changed":                             status.CurrentStatus,
	"held-and-a-change-waits":                      status.CurrentStatus,
	"held-and-not-ready":                           status.InProgressStatus,
	"deleting":                                     status.TerminatingStatus,
	"deleting-waits-for-a-finalizer":               status.TerminatingStatus,
	"deletion-is-held":                             status.TerminatingStatus,
}

func read(t *testing.T, state string) *unstructured.Unstructured {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(states, state+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	object := &unstructured.Unstructured{}
	content, err := yaml.YAMLToJSON(text)
	if err == nil {
		err = object.UnmarshalJSON(content)
	}
	if err != nil {
		t.Fatal(err)
	}
	return object
}

func verdict(t *testing.T, object *unstructured.Unstructured) status.Status {
	t.Helper()
	result, err := status.Compute(object)
	if err != nil {
		t.Fatal(err)
	}
	return result.Status
}

func TestEveryState(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(states, "*.yaml"))
	if err != nil || len(files) != len(verdicts) {
		t.Fatalf("%d states are described, %d have a verdict: %v", len(files), len(verdicts), err)
	}
	for _, file := range files {
		state := strings.TrimSuffix(filepath.Base(file), ".yaml")
		t.Run(state, func(t *testing.T) {
			if got := verdict(t, read(t, state)); got != verdicts[state] {
				t.Errorf("%s, want %s", got, verdicts[state])
			}
		})
	}
}

// A changed spec is not taken for done before the operator has seen it, whatever it was
// before; nor is an Organisation that the operator has never seen.
func TestWhatTheOperatorHasNotSeenIsInProgress(t *testing.T) {
	for state, want := range verdicts {
		if want == status.TerminatingStatus {
			continue
		}
		t.Run(state, func(t *testing.T) {
			object := read(t, state)
			object.SetGeneration(object.GetGeneration() + 1)
			if got := verdict(t, object); got != status.InProgressStatus {
				t.Errorf("%s", got)
			}
		})
	}
	t.Run("new", func(t *testing.T) {
		object := read(t, "serving")
		object.SetGeneration(1)
		object.Object["status"] = map[string]any{"observedGeneration": int64(-1)} // as the API server defaults it
		if got := verdict(t, object); got != status.InProgressStatus {
			t.Errorf("%s", got)
		}
	})
}
