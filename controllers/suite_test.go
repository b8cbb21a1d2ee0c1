package controllers_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/go-logr/logr"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/testkit/crash"
	"github.com/glific/organisation-operator/internal/testkit/lane"
)

func TestMain(m *testing.M) {
	log.SetLogger(logr.Discard())
	side()
	code := testify(m.Run())
	if err := grounds.stop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// side sets how many worlds live side by side, unless -parallel does: a test waits for its
// API server about as long as it works itself.
func side() {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "test.parallel" })
	if !given {
		_ = flag.Set("test.parallel", strconv.Itoa(runtime.GOMAXPROCS(0)+1)) // a number, which it takes
	}
}

// fallow is ground that a test has left and that was cleared.
type fallow struct {
	sync.Mutex
	free []*lane.Ground
}

var grounds fallow

// take hands out cleared ground, or breaks new.
func (f *fallow) take(ctx context.Context) (*lane.Ground, error) {
	f.Lock()
	defer f.Unlock()
	if n := len(f.free); n > 0 {
		ground := f.free[n-1]
		f.free = f.free[:n-1]
		return ground, nil
	}
	f.Unlock()
	defer f.Lock()
	return lane.Break(ctx, lane.Options{})
}

// back takes ground for the next test, if it can be cleared, and stops it otherwise.
func (f *fallow) back(ctx context.Context, ground *lane.Ground) error {
	if err := ground.Clear(ctx); err != nil {
		if errors.Is(err, lane.ErrSpoiled) {
			err = nil
		}
		return errors.Join(err, ground.Stop())
	}
	f.Lock()
	defer f.Unlock()
	f.free = append(f.free, ground)
	return nil
}

func (f *fallow) stop() error {
	var errs []error
	for _, ground := range f.free {
		errs = append(errs, ground.Stop())
	}
	return errors.Join(errs...)
}

// world is a lane with what Organisations share, and an operator in it.
type world struct {
	*lane.Lane
	t  *testing.T
	op *lane.Operator
}

// newWorld starts a lane of the test's own, which runs beside those of other tests.
func newWorld(t *testing.T, options lane.Options) *world {
	t.Helper()
	if options.After == nil {
		t.Parallel()
	}
	ground, err := grounds.take(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	options.On = ground
	l, err := lane.Start(t.Context(), options)
	if err != nil {
		t.Fatal(errors.Join(err, ground.Stop()))
	}
	w := &world{Lane: l, t: t}
	t.Cleanup(func() {
		if w.op != nil {
			w.op.Stop()
		}
		if err := errors.Join(l.Stop(), grounds.back(context.WithoutCancel(t.Context()), ground)); err != nil {
			t.Errorf("stopping the lane: %v", err)
		}
	})
	if err := l.Furnish(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.restart(nil)
	return w
}

// restart ends the operator's life and begins another.
func (w *world) restart(life *crash.Life) {
	w.t.Helper()
	if w.op != nil {
		w.op.Stop()
	}
	op, err := w.Operator(w.t.Context(), life)
	if err != nil {
		w.t.Fatal(err)
	}
	w.op = op
}

func (w *world) settle() {
	w.t.Helper()
	if err := w.op.Settle(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) create(objects ...client.Object) {
	w.t.Helper()
	for _, object := range objects {
		if err := w.Admin.Create(w.t.Context(), object); err != nil {
			w.t.Fatalf("creating %T %s: %v", object, object.GetName(), err)
		}
	}
}

// change edits an object as a person would.
func change[T client.Object](w *world, name string, into T, edit func(T)) {
	w.t.Helper()
	if err := w.Admin.Get(w.t.Context(), client.ObjectKey{Name: name}, into); err != nil {
		w.t.Fatalf("reading %T %s: %v", into, name, err)
	}
	before := into.DeepCopyObject().(T)
	edit(into)
	if err := w.Admin.Patch(w.t.Context(), into, client.MergeFrom(before)); err != nil {
		w.t.Fatalf("changing %T %s: %v", into, name, err)
	}
}

func (w *world) annotate(name, annotation, value string) {
	w.t.Helper()
	change(w, name, &v1alpha1.Organisation{}, func(org *v1alpha1.Organisation) {
		if org.Annotations == nil {
			org.Annotations = map[string]string{}
		}
		org.Annotations[annotation] = value
		if value == "" {
			delete(org.Annotations, annotation)
		}
	})
}

func (w *world) org(name string) *v1alpha1.Organisation {
	w.t.Helper()
	org, err := w.Organisation(w.t.Context(), name)
	if err != nil {
		w.t.Fatal(err)
	}
	return org
}

// expect asserts a condition: "Ready=True", "Ready=False/HostnameTaken".
func (w *world) expect(name, condition, want string) {
	w.t.Helper()
	org := w.org(name)
	got := "absent"
	if c := meta.FindStatusCondition(org.Status.Conditions, condition); c != nil {
		got = fmt.Sprintf("%s/%s", c.Status, c.Reason)
	}
	if got != want {
		w.t.Fatalf("Organisation %s: condition %s is %s, want %s\n%s", name, condition, got, want, describe(org))
	}
	stories.saw(subject{w, name}, got, condition == v1alpha1.Ready)
}

func describe(org *v1alpha1.Organisation) string {
	text := ""
	for _, c := range org.Status.Conditions {
		text += fmt.Sprintf("    %-18s %-8s %-24s %s\n", c.Type, c.Status, c.Reason, c.Message)
	}
	return text
}

// writes runs something and returns what the operator wrote meanwhile.
func (w *world) writes(run func()) []string {
	before := len(w.op.Life.Writes())
	run()
	return w.op.Life.Writes()[before:]
}

// step moves the operator's clock: what waits for a time is due.
func (w *world) step(d time.Duration) { w.Clock.SetTime(w.Clock.Now().Add(d)) }

func metaNamed(name string) metav1.ObjectMeta { return metav1.ObjectMeta{Name: name} }
