package show

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/yaml"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/world"
	"github.com/glific/organisation-operator/internal/testkit/golden"
)

// now is an hour after the states of internal/status were written.
var now = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// load reads an object as it is on an API server.
func load[T any](t *testing.T, path string) *T {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	object := new(T)
	if err := yaml.UnmarshalStrict(text, object); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return object
}

// states are the Organisations of every state that the operator writes, by name.
func states(t *testing.T) map[string]*v1alpha1.Organisation {
	t.Helper()
	paths, err := filepath.Glob("../../../internal/status/testdata/*.yaml")
	if err != nil || len(paths) < 20 {
		t.Fatalf("the states of internal/status are not where they were: %d found, %v", len(paths), err)
	}
	found := map[string]*v1alpha1.Organisation{}
	for _, path := range paths {
		found[strings.TrimSuffix(filepath.Base(path), ".yaml")] = load[v1alpha1.Organisation](t, path)
	}
	return found
}

func TestEveryStateIsShownAsATree(t *testing.T) {
	for state, org := range states(t) {
		t.Run(state, func(t *testing.T) {
			var out bytes.Buffer
			Status(&out, &world.World{Organisation: org}, Paint{}, now)
			golden.Assert(t, filepath.Join("testdata", "states", state+".golden"), out.String())
		})
	}
}

func TestStatesAndExitCodes(t *testing.T) {
	type verdict struct {
		state State
		code  int
	}
	want := map[string]verdict{
		"a-call-failed":                                {Unknown, 2},
		"a-pod-is-lost":                                {Reconciling, 2},
		"changing-its-own-settings":                    {Reconciling, 2},
		"deleting":                                     {Deleting, 2},
		"deleting-waits-for-a-finalizer":               {Deleting, 2},
		"deletion-is-held":                             {Deleting, 2},
		"failed-and-nothing-serves":                    {Stalled, 3},
		"failed-and-the-old-release-serves":            {Stalled, 3},
		"held":                                         {Serving, 0},
		"held-and-a-change-waits":                      {Serving, 0},
		"held-and-changed":                             {Serving, 0},
		"held-and-not-ready":                           {Held, 2},
		"migration-failed-and-the-old-release-serves":  {Stalled, 3},
		"provisioning":                                 {Provisioning, 2},
		"provisioning-stalled":                         {Stalled, 3},
		"provisioning-waits-for-another-object":        {Provisioning, 2},
		"provisioning-while-the-server-is-unreachable": {Unknown, 2},
		"server-fell-silent-in-the-middle":             {Unknown, 2},
		"server-unreachable":                           {Unknown, 2},
		"server-unreachable-while-a-change-waits":      {Unknown, 2},
		"serving":                      {Serving, 0},
		"serving-while-a-change-waits": {Serving, 0},
		"suspended":                    {Suspended, 0},
		"suspended-from-birth":         {Suspended, 0},
		"suspending":                   {Suspending, 2},
		"updating":                     {Updating, 2},
		"updating-the-schema":          {Updating, 2},
	}
	for name, org := range states(t) {
		health := HealthOf(org)
		expected, known := want[name]
		if !known {
			t.Logf("state %s is new; it is shown as %s, exit code %d", name, health.State, health.Code())
			continue
		}
		if got := (verdict{health.State, health.Code()}); got != expected {
			t.Errorf("%s is shown as %v, want %v", name, got, expected)
		}
	}
}

func TestListShowsOneLineForEachNGO(t *testing.T) {
	var organisations []v1alpha1.Organisation
	for _, state := range []string{
		"serving", "held", "serving-while-a-change-waits", "updating", "failed-and-the-old-release-serves", "provisioning", "suspended", "server-unreachable",
	} {
		organisations = append(organisations, *states(t)[state])
	}
	fresh := v1alpha1.Organisation{}
	fresh.Name, fresh.Status.ObservedGeneration = "sneha", -1
	organisations = append(organisations, fresh)
	var out bytes.Buffer
	List(&out, organisations, false, now)
	golden.Assert(t, "testdata/list.golden", out.String())
	out.Reset()
	List(&out, organisations, true, now)
	golden.Assert(t, "testdata/list-wide.golden", out.String())
	if got, want := Counts(organisations), "9 NGOs: 3 Serving, 1 Provisioning, 1 Stalled, 1 Suspended, 1 Unknown, 1 Unseen, 1 Updating"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAWholeWorldIsOneTree(t *testing.T) {
	for _, name := range []string{"serving", "migration-fails", "crash-loop"} {
		t.Run(name, func(t *testing.T) {
			w := load[world.World](t, filepath.Join("testdata", "worlds", name+".yaml"))
			var out bytes.Buffer
			Status(&out, w, Paint{}, now)
			golden.Assert(t, filepath.Join("testdata", "worlds", name+".golden"), out.String())
		})
	}
}

func TestColourIsOnlyAroundWords(t *testing.T) {
	w := &world.World{Organisation: states(t)["failed-and-the-old-release-serves"]}
	var plain, painted bytes.Buffer
	Status(&plain, w, Paint{}, now)
	Status(&painted, w, Paint{On: true}, now)
	text := painted.String()
	if !strings.Contains(text, "\x1b[31m✗\x1b[0m") {
		t.Errorf("what is bad is not red:\n%q", text)
	}
	for _, colour := range []string{bold, faint, red, green, yellow, "0"} {
		text = strings.ReplaceAll(text, "\x1b["+colour+"m", "")
	}
	if text != plain.String() {
		t.Errorf("without its colours the text differs:\n%s\n%s", text, plain.String())
	}
}

func TestEveryReasonThatCanStallHasANextStep(t *testing.T) {
	for _, reason := range []string{
		v1alpha1.ReasonInvalidSpec, v1alpha1.ReasonNameConflict, v1alpha1.ReasonRetainedDataFound, v1alpha1.ReasonDatabaseLost, v1alpha1.ReasonNothingToAdopt,
		v1alpha1.ReasonKeyLost, v1alpha1.ReasonKeyMismatch, v1alpha1.ReasonReservedKey, v1alpha1.ReasonBootstrapFailed, v1alpha1.ReasonAdminPasswordFailed,
		v1alpha1.ReasonMigrationFailed, v1alpha1.ReasonNeverHealthy,
	} {
		org := states(t)["failed-and-nothing-serves"].DeepCopy()
		for i := range org.Status.Conditions {
			org.Status.Conditions[i].Reason = reason
		}
		if step := NextStep(org); step == "" || strings.Contains(step, "NAME") {
			t.Errorf("%s: next step is %q", reason, step)
		}
	}
}
