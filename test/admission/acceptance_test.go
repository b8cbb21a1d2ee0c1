package admission

import (
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	sigsjson "sigs.k8s.io/json"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/testkit/components"
	"github.com/glific/organisation-operator/internal/testkit/manifests"
)

func typed(plural string) client.Object {
	return map[string]client.Object{
		"organisations": &v1alpha1.Organisation{}, "organisationprofiles": &v1alpha1.OrganisationProfile{},
		"releases": &v1alpha1.Release{}, "databaseservers": &v1alpha1.DatabaseServer{},
		"releasechannels": &v1alpha1.ReleaseChannel{},
	}[plural]
}

// decodes tells whether an object as stored becomes the operator's type. One that
// does not would stop the watch of its whole kind.
func decodes(t *testing.T, plural string, stored *unstructured.Unstructured) error {
	t.Helper()
	content, err := json.Marshal(stored.Object)
	if err != nil {
		t.Fatal(err)
	}
	strict, err := sigsjson.UnmarshalStrict(content, typed(plural))
	if err == nil && len(strict) > 0 {
		err = fmt.Errorf("%v", strict)
	}
	return err
}

func TestWhatIsAcceptedCanBeDecoded(t *testing.T) {
	odd := map[string]map[string][]any{
		"organisations": {
			"spec.messaging.resources.limits{}": {int64(5368709120), "5000000000.", "1e10", "1E10", "0.5Gi", "1000000000000m", "00001Gi", "1.123456789Gi", "999Ti"},
			"spec.deletion.gracePeriod":         {"1h", "8760h", "1h0m0s", "90m", "007h", "1h1h"},
			"spec.messaging.env[].value":        {"", "\n", "\u202e", strings.Repeat("é", 4096)},
			"spec.hostname":                     {"a.b.c", "xn--n3h.example.org", "1.2.3.4.5"},
			"spec.displayName":                  {"آشا", "Asha \U0001F64F"},
		},
		"releases": {
			"spec.writable[].sizeLimit": {int64(1), "1Mi", "1e6", "1023Gi"},
			"spec.commands.timeout":     {"1m", "24h", "1440m"},
		},
		"releasechannels": {
			"spec.waves[].maxInFlight": {int64(1), int64(100), "1%", "100%"},
			"spec.waves[].soak":        {"0s", "720h"},
			"spec.freeze[].schedule":   {"*/5 0-6 1,15 * MON-FRI", "0 18 * * 5"},
			"spec.expedite.until":      {"2026-12-01T00:00:00+05:30"},
		},
		"databaseservers": {
			"spec.adoption.sameNameUntil": {"2026-12-01T00:00:00.123456789+05:30", "2026-12-01T00:00:00-00:00", "9999-12-31T23:59:59Z"},
			"spec.postgreSQL.host":        {"fd00::1", "192.0.2.1", "DB.example.org", "db"},
		},
	}
	for plural, places := range odd {
		for path, values := range places {
			for _, value := range values {
				object := with(valid(t, plural)[0], path, value)
				if err := server.Create(t.Context(), object, client.DryRunAll); err != nil {
					t.Errorf("%s: %s %q: %v", plural, path, value, err)
				} else if err := decodes(t, plural, object); err != nil {
					t.Errorf("%s: %s %q is accepted, but cannot be decoded: %v", plural, path, value, err)
				}
			}
		}
	}
}

func TestValidObjectsDecode(t *testing.T) {
	for _, plural := range plurals {
		for _, object := range valid(t, plural) {
			if err := decodes(t, plural, object); err != nil {
				t.Errorf("%s %s: %v", object.GetKind(), object.GetName(), err)
			}
		}
	}
}

// A time as Go would not read it, refused or not: what is stored must decode.
func TestTimesThatGoCannotRead(t *testing.T) {
	for _, value := range []string{"2026-12-01T00:00:00+25:00", "2026-12-01T00:00:00+05:99", "2026-02-30T00:00:00Z", "0000-01-01T00:00:00Z", "2026-12-01T23:59:60Z"} {
		object := with(valid(t, "databaseservers")[0], "spec.adoption.sameNameUntil", value)
		err := server.Create(t.Context(), object, client.DryRunAll)
		if err == nil {
			err = decodes(t, "databaseservers", object)
		} else if apierrors.IsInvalid(err) {
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", value, err)
		}
	}
}

func TestSamples(t *testing.T) {
	samples := filepath.Join(root, "config", "samples")
	versions := func() string {
		objects, err := manifests.Read(samples)
		if err != nil {
			t.Fatal(err)
		}
		if err := manifests.Apply(t.Context(), plane.Config(), objects...); err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, o := range objects {
			live := o.DeepCopy()
			if err := server.Get(t.Context(), client.ObjectKeyFromObject(o), live); err != nil {
				t.Fatal(err)
			}
			all = append(all, live.GetKind()+" "+live.GetName()+" "+live.GetResourceVersion())
		}
		return strings.Join(all, "\n")
	}
	// The API server drops status from a new object after it has set its default, and
	// stores the default with the first write that follows.
	versions()
	first := versions()
	if again := versions(); again != first {
		t.Errorf("applying the samples again changed something:\n%s\nthen:\n%s", first, again)
	}
	if strings.Count(first, "Organisation ") != 3 {
		t.Errorf("want three Organisations in\n%s", first)
	}
}

func TestExplain(t *testing.T) {
	kubectl, err := components.Path(components.Kubectl)
	if err != nil {
		t.Fatal(err)
	}
	kubeconfig, err := plane.Kubeconfig("explain", plane.Config())
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{
		"organisations.spec.deletion.gracePeriod", "org.spec.hostname", "organisationprofiles.spec.network.egress.ports",
		"releases.spec.commands.adminPassword", "databaseservers.spec.postgreSQL.tls.ca.name",
	} {
		out, err := exec.CommandContext(t.Context(), kubectl, "--kubeconfig", kubeconfig, "explain", path).CombinedOutput()
		if err != nil || !strings.Contains(string(out), "Example:") {
			t.Errorf("kubectl explain %s: %v\n%s", path, err, out)
		}
	}
}

// mustStore creates an object for the time of the test.
func mustStore(t *testing.T, object *unstructured.Unstructured) {
	t.Helper()
	if err := server.Create(t.Context(), object); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Delete(context.Background(), object.DeepCopy()); err != nil {
			t.Error(err)
		}
	})
}

func TestTransitions(t *testing.T) {
	release := valid(t, "releases")[0]
	mustStore(t, release)
	relabelled := release.DeepCopy()
	relabelled.SetLabels(map[string]string{"a": "b"})
	if err := server.Update(t.Context(), relabelled, client.DryRunAll); err != nil {
		t.Errorf("a Release's labels may change: %v", err)
	}
	err := server.Update(t.Context(), with(release, "spec.version", "8.10.2"), client.DryRunAll)
	if err == nil || !strings.Contains(err.Error(), "a Release is immutable; create a new one with another name") {
		t.Errorf("a Release's spec changed: %v", err)
	}
}

func TestAdoptIsForTheBeginning(t *testing.T) {
	object := valid(t, "organisations")[0]
	mustStore(t, object)
	fresh := with(object, "spec.adopt", map[string]any{"fresh": true})
	if err := server.Update(t.Context(), fresh.DeepCopy(), client.DryRunAll); err != nil {
		t.Errorf("adopt may change while nothing is owned: %v", err)
	}
	org := &v1alpha1.Organisation{}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, org); err != nil {
		t.Fatal(err)
	}
	org.Status.Identity = org.Identity()
	if err := server.Status().Update(t.Context(), org); err != nil {
		t.Fatal(err)
	}
	for sentence, change := range map[string]func(*v1alpha1.OrganisationSpec){
		"changed": func(s *v1alpha1.OrganisationSpec) { s.Adopt.UID = "00000000-0000-0000-0000-000000000000" },
		"removed": func(s *v1alpha1.OrganisationSpec) { s.Adopt = nil },
	} {
		changed := org.DeepCopy()
		change(&changed.Spec)
		err := server.Update(t.Context(), changed, client.DryRunAll)
		if err == nil || !strings.Contains(err.Error(), "spec.adopt: says whose data this Organisation starts with") {
			t.Errorf("adopt %s: %v", sentence, err)
		}
	}
	other := org.DeepCopy()
	other.Spec.DisplayName = "Another name"
	if err := server.Update(t.Context(), other, client.DryRunAll); err != nil {
		t.Errorf("everything else may change: %v", err)
	}
}
