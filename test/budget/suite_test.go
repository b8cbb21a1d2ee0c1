// Package budget counts what the operator asks of the API server and of PostgreSQL,
// with caches and all as main.go runs it, and holds the numbers to what was promised:
// a new Organisation costs its objects and a handful of writes, a converged one nothing.
package budget

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/go-logr/logr"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/metrics"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/controllers"
	"github.com/glific/organisation-operator/internal/testkit/crash"
	"github.com/glific/organisation-operator/internal/testkit/lane"
	"github.com/glific/organisation-operator/internal/testkit/traffic"
)

func TestMain(m *testing.M) {
	log.SetLogger(logr.Discard())
	os.Exit(m.Run())
}

// patience bounds every wait. It decides only how soon a broken operator is noticed.
const patience = 4 * time.Minute

// world is a furnished lane.
type world struct {
	*lane.Lane
	t *testing.T
}

func newWorld(t *testing.T) *world {
	t.Helper()
	l, err := lane.Start(t.Context(), lane.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Stop(); err != nil {
			t.Errorf("stopping the lane: %v", err)
		}
	})
	if err := l.Furnish(t.Context()); err != nil {
		t.Fatal(err)
	}
	return &world{l, t}
}

// in is the world of a part of a test.
func (w *world) in(t *testing.T) *world { return &world{w.Lane, t} }

// process is one run of the operator, with a manager, caches and rights of its own.
type process struct {
	// API has seen every request.
	API *traffic.Recorder
	// SQL has seen every write.
	SQL *crash.Life

	passed float64 // passes over Organisations that other processes made before
	stop   func()
}

// start begins a process; it has read all that it caches when this returns.
func (w *world) start() *process {
	w.t.Helper()
	config, err := w.ControlPlane.ConfigForServiceAccount(w.t.Context(), lane.Namespace, lane.ServiceAccount)
	if err != nil {
		w.t.Fatal(err)
	}
	p := &process{API: &traffic.Recorder{}, SQL: crash.NewLife(crash.Fault{}), passed: w.passes()}
	w.Proxy.Attach(p.SQL)
	options := controllers.ManagerOptions(lane.Namespace)
	options.Metrics.BindAddress = "0"
	options.Controller.SkipNameValidation = new(true) // processes share this one's metrics
	mgr, err := ctrl.NewManager(p.API.Wrap(config), options)
	if err != nil {
		w.t.Fatal(err)
	}
	all, err := controllers.WorldOf(w.t.Context(), mgr, types.NamespacedName{Namespace: lane.Namespace, Name: lane.ServiceAccount})
	if err != nil {
		w.t.Fatal(err)
	}
	if err := controllers.Register(mgr, all, 16); err != nil {
		w.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(w.t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- mgr.Start(ctx) }()
	p.stop = func() {
		cancel()
		if err := <-ended; err != nil {
			w.t.Errorf("the manager ended with: %v", err)
		}
		all.Databases.Servers.Close()
	}
	if !mgr.GetCache().WaitForCacheSync(ctx) {
		w.t.Fatal("the caches were not filled")
	}
	return p
}

// until lets the script play until the condition holds.
func (w *world) until(what string, holds func() bool) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	defer cancel()
	for !holds() {
		if _, err := w.Script.Step(ctx); err != nil {
			w.t.Fatalf("waiting until %s: %v\n%s", what, err, w.unready())
		}
	}
}

// unready says how the first Organisation stands that is not Ready.
func (w *world) unready() string {
	for _, org := range w.organisations() {
		if meta.IsStatusConditionTrue(org.Status.Conditions, v1alpha1.Ready) {
			continue
		}
		text := "Organisation " + org.Name + ":\n"
		for _, c := range org.Status.Conditions {
			text += fmt.Sprintf("    %s=%s %s: %s\n", c.Type, c.Status, c.Reason, c.Message)
		}
		return text
	}
	return "every Organisation is Ready"
}

func (w *world) organisations() []v1alpha1.Organisation {
	w.t.Helper()
	var list v1alpha1.OrganisationList
	if err := w.Admin.List(w.t.Context(), &list); err != nil {
		w.t.Fatal(err)
	}
	return list.Items
}

// allAre tells whether a condition of every Organisation has a status and a reason.
func (w *world) allAre(condition string, status metav1.ConditionStatus, reason string) bool {
	w.t.Helper()
	for _, org := range w.organisations() {
		c := meta.FindStatusCondition(org.Status.Conditions, condition)
		if c == nil || c.Status != status || c.Reason != reason || org.Status.ObservedGeneration != org.Generation {
			return false
		}
	}
	return true
}

func (w *world) allReady() bool {
	return w.allAre(v1alpha1.Ready, metav1.ConditionTrue, v1alpha1.ReasonReady)
}

func (w *world) annotate(object client.Object, annotation, value string) {
	w.t.Helper()
	patch := fmt.Sprintf(`{"metadata":{"annotations":{%q:%q}}}`, annotation, value)
	if err := w.Admin.Patch(w.t.Context(), object, client.RawPatch(types.MergePatchType, []byte(patch))); err != nil {
		w.t.Fatalf("annotating %T %s: %v", object, object.GetName(), err)
	}
}

// lookAgain asks a process for one more pass over every Organisation and returns when
// all have answered: everything that came before is then done, too.
func (w *world) lookAgain(value string) {
	w.t.Helper()
	for _, org := range w.organisations() {
		w.annotate(&org, v1alpha1.AnnotationReconcileAt, value)
	}
	w.until("every Organisation was looked at again", func() bool {
		for _, org := range w.organisations() {
			if at := org.Status.Requests.ReconcileAt; at == nil || at.Value != value {
				return false
			}
		}
		return w.idle()
	})
}

// passes over Organisations that were made in this test's process.
func (w *world) passes() float64 {
	return w.metric("controller_runtime_reconcile_total")
}

// idle tells whether no Organisation is worked on or queued.
func (w *world) idle() bool {
	return w.metric("controller_runtime_active_workers") == 0 && w.metric("workqueue_depth") == 0
}

// metric sums what controller-runtime tells of the controller of Organisations.
func (w *world) metric(name string) float64 {
	w.t.Helper()
	families, err := metrics.Registry.Gather()
	if err != nil {
		w.t.Fatal(err)
	}
	sum := 0.0
	for _, family := range families {
		if family.GetName() != name {
			continue
		}
		for _, m := range family.GetMetric() {
			for _, label := range m.GetLabel() {
				if (label.GetName() == "controller" || label.GetName() == "name") && label.GetValue() == "organisation" {
					sum += m.GetCounter().GetValue() + m.GetGauge().GetValue()
				}
			}
		}
	}
	return sum
}
