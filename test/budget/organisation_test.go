package budget

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/glific/organisation-operator/internal/testkit/lane"
	"github.com/glific/organisation-operator/internal/testkit/traffic"
)

// objects are what the smallest Organisation consists of, by the request that makes
// them. Each is written once; k is their sum.
var objects = traffic.Counts{
	"create configmaps": 2, // claims of the host and of api.<host>
	"create secrets":    3, // master copy of the keys; environment and admin password of the pods
	"create namespaces": 1,
	"apply rbac.authorization.k8s.io/rolebindings": 1, // the operator's own
	"apply resourcequotas":                         1,
	"apply limitranges":                            1,
	"apply serviceaccounts":                        1,
	"apply networking.k8s.io/networkpolicies":      5, // deny; allow DNS, database, egress, distribution
	"apply batch/jobs":                             2, // bootstrap, admin password
	"apply apps/controllerrevisions":               1,
	"apply apps/deployments":                       1,
	"apply services":                               2, // one of them headless
	"apply networking.k8s.io/ingresses":            1,
}

// What may be written besides, for each new Organisation.
const (
	finalizers    = 1
	statusWrites  = 4
	eventsAtMost  = 6
	organisations = "tenancy.glific.org/organisations"
)

func TestANewOrganisationCostsItsObjectsAndAHandfulOfWrites(t *testing.T) {
	w := newWorld(t)
	p := w.start()
	defer p.stop()
	// The first one of a world also claims what all share: the Release's finalizer.
	w.create("first")
	w.until("the first Organisation is Ready", w.allReady)
	w.lookAgain("1")
	p.API.Reset()
	w.create("asha")
	w.until("the second Organisation is Ready", w.allReady)
	w.lookAgain("2")

	written := p.API.Count(traffic.Writes, traffic.Except("events", "leases"))
	t.Logf("k = %d\n%s", objects.Total(), written)
	made := maps.Clone(written)
	maps.DeleteFunc(made, func(what string, _ int) bool {
		return what == "patch "+organisations || what == "patch "+organisations+"/status"
	})
	if diff := cmp.Diff(objects, made); diff != "" {
		t.Errorf("objects written (-promised +counted):\n%s", diff)
	}
	if n := written["patch "+organisations]; n != finalizers {
		t.Errorf("the Organisation itself was written %d times, want %d: finalizer and placement together", n, finalizers)
	}
	mirrored := 2 // the requests to look again, one for each Organisation
	if n := written["patch "+organisations+"/status"] - mirrored; n > statusWrites {
		t.Errorf("its status was written %d times, want at most %d", n, statusWrites)
	}
	events := p.API.Count(traffic.Writes, traffic.Kinds("events"))
	if events.Total() == 0 || events.Total() > eventsAtMost {
		t.Errorf("%d Events were written, want 1 to %d\n%s", events.Total(), eventsAtMost, events)
	}
	if live := p.API.Count(traffic.Live, traffic.Except("secrets", "leases")); live.Total() > 0 {
		t.Errorf("besides Secrets these were read past the caches:\n%s", live)
	}
}

func (w *world) create(names ...string) {
	w.t.Helper()
	for _, name := range names {
		if err := w.Admin.Create(w.t.Context(), lane.Organisation(name)); err != nil {
			w.t.Fatal(err)
		}
	}
}
