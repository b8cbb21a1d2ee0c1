package status

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/tools/events"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// server holds one Organisation, and counts the writes of its status.
type server struct {
	client.WithWatch
	writes int
	refuse error
}

func newServer(t testing.TB) (*server, *v1alpha1.Organisation) {
	t.Helper()
	scheme := runtime.NewScheme()
	if err := v1alpha1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	org := &v1alpha1.Organisation{ObjectMeta: metav1.ObjectMeta{Name: "asha", Generation: 1}, Spec: v1alpha1.OrganisationSpec{Profile: "standard"}}
	s := &server{}
	inner := fake.NewClientBuilder().WithScheme(scheme).WithObjects(org).WithStatusSubresource(org).Build()
	s.WithWatch = interceptor.NewClient(inner, interceptor.Funcs{
		SubResourcePatch: func(ctx context.Context, c client.Client, sub string, o client.Object, patch client.Patch, options ...client.SubResourcePatchOption) error {
			s.writes++
			if s.refuse != nil {
				return s.refuse
			}
			return c.SubResource(sub).Patch(ctx, o, patch, options...)
		},
	})
	return s, s.read(t)
}

func (s *server) read(t testing.TB) *v1alpha1.Organisation {
	t.Helper()
	var org v1alpha1.Organisation
	if err := s.Get(t.Context(), client.ObjectKey{Name: "asha"}, &org); err != nil {
		t.Fatal(err)
	}
	return &org
}

func newWriter(s *server) (*Writer, *events.FakeRecorder) {
	recorder := events.NewFakeRecorder(10)
	return &Writer{Client: s, Events: recorder}, recorder
}

// ready is the Organisation with another Ready condition.
func ready(org *v1alpha1.Organisation, status metav1.ConditionStatus, reason string) *v1alpha1.Organisation {
	after := org.DeepCopy()
	meta.SetStatusCondition(&after.Status.Conditions, metav1.Condition{
		Type: v1alpha1.Ready, Status: status, Reason: reason, Message: "said " + reason, LastTransitionTime: metav1.NewTime(time.Unix(0, 0)),
	})
	return after
}

func TestStatusIsWrittenOnlyIfItChanged(t *testing.T) {
	s, org := newServer(t)
	w, _ := newWriter(s)
	after := ready(org, metav1.ConditionTrue, v1alpha1.ReasonReady)
	after.Spec.Profile = "another" // spec is never written
	for range 2 {
		if err := w.Write(t.Context(), org, after); err != nil {
			t.Fatal(err)
		}
		org = s.read(t)
		after.Status = *org.Status.DeepCopy()
	}
	if s.writes != 1 || org.Spec.Profile != "standard" || words(org, v1alpha1.Ready) != "True/Ready" {
		t.Errorf("%d writes, %+v", s.writes, org)
	}
}

func TestAStatusThatCannotBeWrittenIsAnError(t *testing.T) {
	s, org := newServer(t)
	w, recorder := newWriter(s)
	s.refuse = errors.New("overloaded")
	err := w.Write(t.Context(), org, ready(org, metav1.ConditionTrue, v1alpha1.ReasonReady))
	if !errors.Is(err, s.refuse) || err.Error() != "writing the status of Organisation asha: overloaded" {
		t.Errorf("error: %v", err)
	}
	if len(recorder.Events) > 0 {
		t.Errorf("people are told what was not written: %s", <-recorder.Events)
	}
	stale := org.DeepCopy()
	if w.Recall(stale); words(stale, v1alpha1.Ready) != "" {
		t.Error("what was not written is recalled")
	}
}

// A cache may be behind: the next pass starts from what was written, and writes nothing.
func TestWhatWasWrittenIsRecalledUntilTheCacheShowsIt(t *testing.T) {
	s, first := newServer(t)
	w, _ := newWriter(s)
	write := func(before *v1alpha1.Organisation, reason string) *v1alpha1.Organisation {
		t.Helper()
		if err := w.Write(t.Context(), before, ready(before, metav1.ConditionFalse, reason)); err != nil {
			t.Fatal(err)
		}
		return s.read(t)
	}
	recalled := func(org *v1alpha1.Organisation) string {
		org = org.DeepCopy()
		version := org.ResourceVersion
		if w.Recall(org); org.ResourceVersion != version {
			t.Errorf("resource version %s became %s", version, org.ResourceVersion)
		}
		return words(org, v1alpha1.Ready)
	}
	second := write(first, "One")
	if got := recalled(first); got != "False/One" {
		t.Errorf("the cache is one write behind: %q", got)
	}
	behind := first.DeepCopy()
	w.Recall(behind)
	third := write(behind, "Two")
	for sentence, org := range map[string]*v1alpha1.Organisation{"two writes behind": first, "one write behind": second} {
		if got := recalled(org); got != "False/Two" {
			t.Errorf("the cache is %s: %q", sentence, got)
		}
	}
	third.Status.Conditions = nil // what the cache shows counts once it has caught up
	if got := recalled(third); got != "" {
		t.Errorf("the cache has caught up: %q", got)
	}
	if got := recalled(second); got != "False/One" { // its own
		t.Errorf("after that: %q", got)
	}
}

func TestWhatIsGoneIsForgotten(t *testing.T) {
	s, org := newServer(t)
	w, _ := newWriter(s)
	if err := w.Write(t.Context(), org, ready(org, metav1.ConditionFalse, "One")); err != nil {
		t.Fatal(err)
	}
	w.Forget("asha")
	stale := org.DeepCopy()
	if w.Recall(stale); words(stale, v1alpha1.Ready) != "" {
		t.Error("it is recalled")
	}
	if w.Recall(&v1alpha1.Organisation{}); len(w.written) > 0 {
		t.Error("an Organisation that was never written is remembered")
	}
}

// An Event for what a person should know, once, and none for mere progress.
func TestPeopleAreToldOfTransitions(t *testing.T) {
	const unknown, no, yes = metav1.ConditionUnknown, metav1.ConditionFalse, metav1.ConditionTrue
	type said struct {
		status metav1.ConditionStatus
		reason string
	}
	for sentence, test := range map[string]struct {
		was, is said
		want    string
	}{
		"it became Ready":                  {said{no, "Progressing"}, said{yes, "Ready"}, "Normal Ready said Ready"},
		"it was Ready from the beginning":  {said{}, said{yes, "Ready"}, "Normal Ready said Ready"},
		"it still is":                      {said{yes, "Ready"}, said{yes, "Ready"}, ""},
		"it makes progress":                {said{}, said{no, "Progressing"}, ""},
		"it waits for another step":        {said{yes, "Ready"}, said{no, "Pending"}, ""},
		"it stalled":                       {said{no, "Progressing"}, said{no, "KeyLost"}, "Warning KeyLost said KeyLost"},
		"for another reason":               {said{no, "KeyLost"}, said{no, "KeyMismatch"}, "Warning KeyMismatch said KeyMismatch"},
		"for the same reason":              {said{no, "KeyLost"}, said{no, "KeyLost"}, ""},
		"its server fell silent":           {said{yes, "Ready"}, said{unknown, "ServerUnreachable"}, "Warning ServerUnreachable said ServerUnreachable"},
		"an update began":                  {said{yes, "Ready"}, said{no, "Updating"}, "Normal Updating said Updating"},
		"it is being deleted":              {said{yes, "Ready"}, said{no, "Deleting"}, "Normal Deleting said Deleting"},
		"it was suspended, Ready is gone":  {said{yes, "Ready"}, said{}, ""},
		"what was Unknown is False, alike": {said{unknown, "Held"}, said{no, "Held"}, "Warning Held said Held"},
	} {
		t.Run(sentence, func(t *testing.T) {
			s, org := newServer(t)
			w, recorder := newWriter(s)
			before, after := org.DeepCopy(), org.DeepCopy()
			if test.was.reason != "" {
				before = ready(org, test.was.status, test.was.reason)
			}
			if test.is.reason != "" {
				after = ready(org, test.is.status, test.is.reason)
			}
			after.Status.Host = "changed"
			if err := w.Write(t.Context(), before, after); err != nil {
				t.Fatal(err)
			}
			var got string
			if len(recorder.Events) > 0 {
				got = <-recorder.Events
			}
			if diff := cmp.Diff(test.want, got); diff != "" || len(recorder.Events) > 0 {
				t.Error(diff)
			}
		})
	}
}

// answered is the Organisation with another answer to its slot.
func answered(org *v1alpha1.Organisation, stage string) *v1alpha1.Organisation {
	after := org.DeepCopy()
	after.Status.Update = &v1alpha1.UpdateStatus{Channel: "stable", Release: "r2", Stage: v1alpha1.UpdateStage(stage)}
	return after
}

// A leader was frozen for a while, or has just begun on caches that are behind.
func TestAnUpdateIsWrittenOnlyOverWhatWasRead(t *testing.T) {
	s, org := newServer(t)
	frozen, _ := newWriter(s)
	leader, _ := newWriter(s)
	if err := leader.Write(t.Context(), org, answered(org, "Migrating")); err != nil {
		t.Fatal(err)
	}
	if err := frozen.Write(t.Context(), org, answered(org, "Preflight")); !apierrors.IsConflict(err) {
		t.Errorf("an answer was taken back: %v", err)
	}
	if err := frozen.Write(t.Context(), org, ready(org, metav1.ConditionFalse, "One")); err != nil {
		t.Errorf("conditions are not bound to what was read: %v", err)
	}
	if got := s.read(t).Status.Update; got == nil || got.Stage != "Migrating" {
		t.Errorf("%+v", got)
	}
}

func TestTheLeadersOwnCacheMayBeBehindItsLastWrite(t *testing.T) {
	s, org := newServer(t)
	w, _ := newWriter(s)
	for _, stage := range []string{"Preflight", "Migrating", "Deploying"} {
		behind := org.DeepCopy()
		w.Recall(behind)
		if err := w.Write(t.Context(), behind, answered(behind, stage)); err != nil {
			t.Fatalf("%s: %v", stage, err)
		}
	}
	if got := s.read(t).Status.Update; got == nil || got.Stage != "Deploying" {
		t.Errorf("%+v", got)
	}
}
