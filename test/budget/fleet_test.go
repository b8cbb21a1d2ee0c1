package budget

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/step"
	"github.com/glific/organisation-operator/internal/testkit/lane"
	"github.com/glific/organisation-operator/internal/testkit/traffic"
)

const (
	fleet = 50
	// connections of each, so that the fleet fits the lane's server.
	connections = 15
)

// TestAFleetAtRestCostsNothing follows one fleet through everything that must not
// disturb it.
func TestAFleetAtRestCostsNothing(t *testing.T) {
	w := newWorld(t)
	p := w.start()
	for i := range fleet {
		org := lane.Organisation(fmt.Sprintf("ngo-%02d", i))
		org.Spec.Database = &v1alpha1.DatabaseSpec{ConnectionLimit: connections}
		if err := w.Admin.Create(t.Context(), org); err != nil {
			t.Fatal(err)
		}
	}
	w.until("the fleet is Ready", w.allReady)
	w.lookAgain("1")
	w.count()

	t.Run("a pass that people ask for writes only that it was seen", func(t *testing.T) {
		w := w.in(t)
		p.API.Reset()
		sql := len(p.SQL.Writes())
		w.lookAgain("2")
		w.mustCount(p, traffic.Counts{"patch " + organisations + "/status": fleet})
		w.mustBeSilent(p.SQL.Writes()[sql:])
	})
	p.stop()
	t.Run("a restart of the operator writes nothing", func(t *testing.T) {
		w := w.in(t)
		p := w.start()
		defer p.stop()
		w.until("the new process has looked at all", func() bool { return w.passes()-p.passed >= fleet && w.idle() })
		w.mustCount(p, traffic.Counts{})
		w.mustBeSilent(p.SQL.Writes())
	})
	t.Run("passes one after the other write nothing", func(t *testing.T) {
		w := w.in(t)
		op := w.operator(nil)
		defer op.Stop()
		for range 2 {
			op.Pass(t.Context())
			if err := op.Errors(); err != nil {
				t.Error(err)
			}
		}
		w.mustBeSilent(op.Life.Writes())
	})
	t.Run("an operator with another renderer rolls nobody, until a restart is asked for", func(t *testing.T) { w.in(t).otherRenderer() })
}

// count lets the DatabaseServer's status catch up with the fleet, which otherwise takes
// until it is next looked at.
func (w *world) count() {
	server := w.DatabaseServer(lane.Server)
	w.annotate(server, v1alpha1.AnnotationReconcileAt, "1")
	w.until("the DatabaseServer has counted the fleet", func() bool {
		if err := w.Admin.Get(w.t.Context(), client.ObjectKeyFromObject(server), server); err != nil {
			w.t.Fatal(err)
		}
		return server.Status.Tenants == fleet
	})
}

// otherRenderer is an operator whose built-in sizes give pods another number of
// schedulers: nobody declared that, so the cause of the change is the operator.
func (w *world) otherRenderer() {
	op := w.operator(func(v *step.View) { v.Settings.Schedulers += 2 })
	defer op.Stop()
	before := w.templates()
	op.Pass(w.t.Context())
	after := w.templates()
	if !maps.Equal(before, after) {
		w.t.Errorf("Deployments before %v, and after %v", before, after)
	}
	w.mustMatch(op.Life.Writes(), "patch "+organisations+"/status", fleet)
	if !w.allAre(v1alpha1.UpToDate, metav1.ConditionFalse, v1alpha1.ReasonChangePending) || !w.allReady() {
		w.t.Error("not every Organisation is Ready and says that a change is pending")
	}
	for _, org := range w.organisations() {
		if !slices.Equal(org.Status.PendingChanges, []string{"Operator"}) {
			w.t.Errorf("Organisation %s: the changes that wait are of %v, want of the Operator", org.Name, org.Status.PendingChanges)
		}
	}
	w.releaseOne(op, after)
}

// releaseOne asks for the restart of one Organisation, and settles the whole fleet.
func (w *world) releaseOne(op *lane.Operator, before map[string]string) {
	released := w.organisations()[7]
	w.annotate(&released, v1alpha1.AnnotationRestartAt, "now")
	for range 4 {
		op.Reconcile(w.t.Context(), op.Organisations, released.Name)
		if _, err := w.Script.Step(w.t.Context()); err != nil {
			w.t.Fatal(err)
		}
	}
	op.Pass(w.t.Context())
	var rolled []string
	for name, template := range w.templates() {
		if template != before[name] {
			rolled = append(rolled, name)
		}
	}
	if !slices.Equal(rolled, []string{names.Namespace(released.Name)}) {
		w.t.Errorf("the Deployments of %v changed, want that of %s alone", rolled, released.Name)
	}
	org, err := w.Organisation(w.t.Context(), released.Name)
	if err != nil {
		w.t.Fatal(err)
	}
	if !meta.IsStatusConditionTrue(org.Status.Conditions, v1alpha1.UpToDate) || !meta.IsStatusConditionTrue(org.Status.Conditions, v1alpha1.Ready) {
		w.t.Errorf("the released Organisation is not Ready and up to date: %+v", org.Status.Conditions)
	}
}

// templates are the generations of all Deployments of the app by namespace: what rolls
// pods raises them.
func (w *world) templates() map[string]string {
	w.t.Helper()
	var list appsv1.DeploymentList
	if err := w.Admin.List(w.t.Context(), &list, client.MatchingLabels{v1alpha1.LabelComponent: names.Backend}); err != nil {
		w.t.Fatal(err)
	}
	generations := map[string]string{}
	for _, d := range list.Items {
		generations[d.Namespace] = fmt.Sprintf("%s, generation %d", d.UID, d.Generation)
	}
	if len(generations) != fleet {
		w.t.Fatalf("%d Deployments, want %d", len(generations), fleet)
	}
	return generations
}

// operator begins a life that is called directly. change is what its renderer sees
// otherwise than ours.
func (w *world) operator(change func(*step.View)) *lane.Operator {
	w.t.Helper()
	op, err := w.Operator(w.t.Context(), nil)
	if err != nil {
		w.t.Fatal(err)
	}
	if change == nil {
		return op
	}
	for i, s := range op.Organisations.Steps {
		if s.Condition() == v1alpha1.MessagingReady {
			op.Organisations.Steps[i] = renderer{s, change}
		}
	}
	judge := op.Organisations.Judge
	op.Organisations.Judge = func(v step.View) (string, bool, []string) {
		change(&v)
		return judge(v)
	}
	return op
}

// renderer shows the step something else.
type renderer struct {
	step.Step
	change func(*step.View)
}

// Render with what was changed.
func (r renderer) Render(v step.View) ([]step.Applicable, error) {
	r.change(&v)
	return r.Step.Render(v)
}

// Observe with what was changed.
func (r renderer) Observe(v step.View) step.Outcome {
	r.change(&v)
	return r.Step.Observe(v)
}

func (w *world) mustCount(p *process, want traffic.Counts) {
	w.t.Helper()
	got := p.API.Count(traffic.Writes, traffic.Except("leases"))
	if !maps.Equal(got, want) {
		w.t.Errorf("written to the API:\n%swant:\n%s", got, want)
	}
}

func (w *world) mustBeSilent(writes []string) {
	w.t.Helper()
	if len(writes) > 0 {
		w.t.Errorf("%d writes, want none: %v", len(writes), writes)
	}
}

func (w *world) mustMatch(writes []string, kind string, n int) {
	w.t.Helper()
	counted := 0
	for _, write := range writes {
		if len(write) >= len(kind) && write[:len(kind)] == kind {
			counted++
		}
	}
	if counted != n || len(writes) != n {
		w.t.Errorf("%d writes, %d of them %q, want %d of those alone: %v", len(writes), counted, kind, n, writes)
	}
}
