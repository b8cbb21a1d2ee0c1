package apply

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	corev1ac "k8s.io/client-go/applyconfigurations/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/step"
	"github.com/glific/organisation-operator/internal/testkit/views"
)

// server remembers what it was asked, and may refuse.
type server struct {
	client.WithWatch

	mu        sync.Mutex
	asked     []string
	deletions []client.DeleteOptions
	manager   string
	forced    bool
	refuse    map[string]error
}

func newServer(objects ...client.Object) *server {
	s := &server{refuse: map[string]error{}}
	inner := fake.NewClientBuilder().WithScheme(views.Scheme).WithObjects(objects...).Build()
	s.WithWatch = interceptor.NewClient(inner, interceptor.Funcs{Apply: s.apply, Delete: s.delete})
	return s
}

func (s *server) note(verb, kind, name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, verb+" "+kind+" "+name)
	return s.refuse[verb+" "+name]
}

func (s *server) apply(ctx context.Context, c client.WithWatch, o runtime.ApplyConfiguration, options ...client.ApplyOption) error {
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(o)
	if err != nil {
		return err
	}
	sent := unstructured.Unstructured{Object: content}
	if err := s.note("apply", sent.GetKind(), sent.GetName()); err != nil {
		return err
	}
	var asked client.ApplyOptions
	asked.ApplyOptions(options)
	s.mu.Lock()
	s.manager, s.forced = asked.FieldManager, asked.Force != nil && *asked.Force
	s.mu.Unlock()
	return c.Apply(ctx, o, options...)
}

func (s *server) delete(ctx context.Context, c client.WithWatch, o client.Object, options ...client.DeleteOption) error {
	var asked client.DeleteOptions
	asked.ApplyOptions(options)
	s.mu.Lock()
	s.deletions = append(s.deletions, asked)
	s.mu.Unlock()
	if err := s.note("delete", strings.TrimPrefix(kindOf(o), "*"), o.GetName()); err != nil {
		return err
	}
	return c.Delete(ctx, o, options...)
}

func kindOf(o client.Object) string {
	kinds, _, err := views.Scheme.ObjectKinds(o)
	if err != nil {
		panic(err)
	}
	return kinds[0].Kind
}

// took returns and forgets what the server was asked.
func (s *server) took() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := s.asked
	s.asked = nil
	slices.Sort(asked)
	return asked
}

func configMap(v step.View, name, value string) *corev1ac.ConfigMapApplyConfiguration {
	return corev1ac.ConfigMap(name, v.Settings.Namespace).WithData(map[string]string{"key": value})
}

func (s *server) converge(t testing.TB, a *Applier, v step.View, want ...step.Applicable) []string {
	t.Helper()
	if err := a.Converge(t.Context(), v, room{"room"}, want); err != nil {
		t.Fatal(err)
	}
	return s.took()
}

func TestWhatIsRenderedIsMadeOnceAndChangedWhenItChanges(t *testing.T) {
	s, v := newServer(), views.New(t)
	a := &Applier{Client: s, Scheme: views.Scheme}
	story := []struct {
		sentence string
		want     []step.Applicable
		asked    []string
	}{
		{"the first time", []step.Applicable{configMap(v, "a", "1"), configMap(v, "b", "1")}, []string{"apply ConfigMap a", "apply ConfigMap b"}},
		{"again", []step.Applicable{configMap(v, "a", "1"), configMap(v, "b", "1")}, nil},
		{"in another order", []step.Applicable{configMap(v, "b", "1"), configMap(v, "a", "1")}, nil},
		{"one changed", []step.Applicable{configMap(v, "a", "2"), configMap(v, "b", "1")}, []string{"apply ConfigMap a"}},
		{"changed back", []step.Applicable{configMap(v, "a", "1"), configMap(v, "b", "1")}, []string{"apply ConfigMap a"}},
		{"one is not wanted any more", []step.Applicable{configMap(v, "b", "1")}, []string{"delete ConfigMap a"}},
		{"nothing is", nil, []string{"delete ConfigMap b"}},
		{"nothing still", nil, nil},
	}
	for _, chapter := range story {
		if diff := cmp.Diff(chapter.asked, s.converge(t, a, v, chapter.want...)); diff != "" {
			t.Fatalf("%s:\n%s", chapter.sentence, diff)
		}
	}
	if s.manager != "organisation-operator" || !s.forced {
		t.Errorf("applied as %q, forced %v", s.manager, s.forced)
	}
}

// A restarted operator remembers nothing, and still sends nothing.
func TestAnOperatorThatWasRestartedSendsNothing(t *testing.T) {
	s, v := newServer(), views.New(t)
	rendered := func() []step.Applicable {
		return []step.Applicable{configMap(v, "a", "1"), service(v, 80), corev1ac.ServiceAccount("tenant", v.Settings.Namespace).WithAutomountServiceAccountToken(false)}
	}
	if got := s.converge(t, &Applier{Client: s, Scheme: views.Scheme}, v, rendered()...); len(got) != 3 {
		t.Fatalf("asked %v", got)
	}
	if got := s.converge(t, &Applier{Client: s, Scheme: views.Scheme}, v, rendered()...); got != nil {
		t.Errorf("asked %v", got)
	}
}

// Observe, which comes next, sees what the server made of it, in its type.
func TestTheServersAnswersAreSeenInTheSamePass(t *testing.T) {
	s, v := newServer(), views.New(t)
	s.converge(t, &Applier{Client: s, Scheme: views.Scheme}, v, configMap(v, "a", "1"))
	got, ok := v.Live.Object("ConfigMap", v.Settings.Namespace, "a").(*corev1.ConfigMap)
	if !ok || got.Data["key"] != "1" || got.ResourceVersion == "" {
		t.Errorf("got %+v", got)
	}
	s.converge(t, &Applier{Client: s, Scheme: views.Scheme}, v)
	if v.Live.Object("ConfigMap", v.Settings.Namespace, "a") != nil {
		t.Error("what was removed is still seen")
	}
}

func TestEveryObjectProvesWhoseItIs(t *testing.T) {
	v := views.New(t, views.ProfileSpec(func(p *v1alpha1.OrganisationProfileSpec) {
		p.Labels = map[string]string{"cost-centre": "ngo", "app": "profile", v1alpha1.LabelOrganisation: "forged"}
	}))
	object := configMap(v, "a", "1").
		WithLabels(map[string]string{"app": "step", v1alpha1.LabelIdentity: "forged", v1alpha1.LabelStep: "forged"}).
		WithAnnotations(map[string]string{"note": "x", v1alpha1.AnnotationApplied: "forged"})
	intent := intended(t, v, object)
	want := names.Labels(v.Org)
	want[v1alpha1.LabelStep], want["cost-centre"], want["app"] = "room", "ngo", "step"
	if diff := cmp.Diff(want, intent.GetLabels()); diff != "" {
		t.Error(diff)
	}
	if annotations := intent.GetAnnotations(); annotations["note"] != "x" || len(annotations[v1alpha1.AnnotationApplied]) != 16 {
		t.Errorf("annotations %v", annotations)
	}
	if len(object.Labels) != 3 {
		t.Errorf("the step's own object was changed: %v", object.Labels)
	}
}

func TestTheDigestIsThatOfEverythingThatIsSent(t *testing.T) {
	v := views.New(t)
	labelled := views.New(t, views.ProfileSpec(func(p *v1alpha1.OrganisationProfileSpec) { p.Labels = map[string]string{"a": "b"} }))
	of := func(v step.View, o step.Applicable) string {
		return intended(t, v, o).GetAnnotations()[v1alpha1.AnnotationApplied]
	}
	base := of(v, configMap(v, "a", "1"))
	for range 20 {
		if of(v, configMap(v, "a", "1")) != base {
			t.Fatal("the same intent has another digest")
		}
	}
	for sentence, other := range map[string]string{
		"another value":        of(v, configMap(v, "a", "2")),
		"another name":         of(v, configMap(v, "b", "1")),
		"a field less":         of(v, corev1ac.ConfigMap("a", v.Settings.Namespace)),
		"a field more":         of(v, configMap(v, "a", "1").WithImmutable(false)),
		"the profile's labels": of(labelled, configMap(v, "a", "1")),
		"an annotation":        of(v, configMap(v, "a", "1").WithAnnotations(map[string]string{"a": "b"})),
	} {
		if other == base {
			t.Errorf("%s has the same digest", sentence)
		}
	}
}

// owned is an object that a step made earlier.
func owned(v step.View, o client.Object, name, by string) client.Object {
	labels := names.Labels(v.Org)
	labels[v1alpha1.LabelStep] = by
	o.SetName(name)
	o.SetNamespace(v.Settings.Namespace)
	o.SetUID(types.UID("uid-of-" + name))
	o.SetLabels(labels)
	return o
}

func job(conditions ...batchv1.JobCondition) *batchv1.Job {
	return &batchv1.Job{Status: batchv1.JobStatus{Conditions: conditions}}
}

func TestWhatIsNoLongerRenderedIsRemoved(t *testing.T) {
	terminating := func(o client.Object) client.Object {
		o.SetDeletionTimestamp(new(metav1.NewTime(views.Now)))
		o.SetFinalizers([]string{"example.org/wait"})
		return o
	}
	is := func(kind batchv1.JobConditionType, status corev1.ConditionStatus) batchv1.JobCondition {
		return batchv1.JobCondition{Type: kind, Status: status}
	}
	v := views.New(t)
	for sentence, test := range map[string]struct {
		object client.Object
		gone   bool
	}{
		"its own":                        {owned(v, &corev1.ConfigMap{}, "x", "room"), true},
		"another step's":                 {owned(v, &corev1.ConfigMap{}, "x", "elsewhere"), false},
		"one that goes already":          {terminating(owned(v, &corev1.ConfigMap{}, "x", "room")), false},
		"a Job that runs":                {owned(v, job(), "x", "room"), false},
		"a Job that is suspended":        {owned(v, job(is(batchv1.JobSuspended, corev1.ConditionTrue)), "x", "room"), false},
		"a Job that is about to fail":    {owned(v, job(is(batchv1.JobFailureTarget, corev1.ConditionTrue)), "x", "room"), false},
		"a Job that did not fail as yet": {owned(v, job(is(batchv1.JobFailed, corev1.ConditionFalse)), "x", "room"), false},
		"a Job that is complete":         {owned(v, job(is(batchv1.JobComplete, corev1.ConditionTrue)), "x", "room"), true},
		"a Job that failed":              {owned(v, job(is(batchv1.JobFailed, corev1.ConditionTrue)), "x", "room"), true},
	} {
		t.Run(sentence, func(t *testing.T) {
			v, s := views.New(t, views.With(test.object)), newServer(test.object)
			asked := s.converge(t, &Applier{Client: s, Scheme: views.Scheme}, v)
			if (len(asked) == 1) != test.gone {
				t.Fatalf("asked %v", asked)
			}
			if left := v.Live.Object(kindOf(test.object), v.Settings.Namespace, "x") != nil; left == test.gone {
				t.Errorf("it is seen after: %v", left)
			}
			for _, options := range s.deletions {
				if p := options.Preconditions; p == nil || p.UID == nil || *p.UID != "uid-of-x" {
					t.Errorf("deleted without its UID: %+v", p)
				}
				if p := options.PropagationPolicy; p == nil || *p != metav1.DeletePropagationBackground {
					t.Errorf("propagation %v", p)
				}
			}
		})
	}
}

func TestWhatWentWrong(t *testing.T) {
	v := views.New(t)
	maps := schema.GroupResource{Resource: "configmaps"}
	for sentence, test := range map[string]struct {
		refuse string
		err    error
		want   []string // nil: forgiven
	}{
		"a refused apply names the object":           {"apply new", errors.New("webhook says no"), []string{"applying ConfigMap org-asha/new", "webhook says no"}},
		"a refused removal names the object":         {"delete old", errors.New("webhook says no"), []string{"removing ConfigMap org-asha/old", "no longer wanted", "webhook says no"}},
		"what somebody removed already is gone":      {"delete old", apierrors.NewNotFound(maps, "old"), nil},
		"what somebody made anew is not ours to cut": {"delete old", apierrors.NewConflict(maps, "old", errors.New("uid")), nil},
		"a conflict while applying can be told":      {"apply new", apierrors.NewConflict(maps, "new", errors.New("changed")), []string{"applying ConfigMap org-asha/new"}},
	} {
		t.Run(sentence, func(t *testing.T) {
			old := owned(v, &corev1.ConfigMap{}, "old", "room")
			s := newServer(old)
			s.refuse[test.refuse] = test.err
			v := views.New(t, views.With(old))
			err := (&Applier{Client: s, Scheme: views.Scheme}).Converge(t.Context(), v, room{"room"}, []step.Applicable{configMap(v, "new", "1")})
			if (err == nil) != (test.want == nil) {
				t.Fatalf("error: %v", err)
			}
			for _, words := range test.want {
				if !strings.Contains(err.Error(), words) {
					t.Errorf("%q is missing in: %v", words, err)
				}
			}
			if err != nil && !errors.Is(err, test.err) {
				t.Errorf("%v does not wrap the cause", err)
			}
		})
	}
}

// Nothing is removed while something new could not be made: the old may be what serves.
func TestNothingIsRemovedBeforeEverythingIsMade(t *testing.T) {
	v := views.New(t)
	old := owned(v, &corev1.ConfigMap{}, "old", "room")
	s := newServer(old)
	s.refuse["apply new"] = errors.New("quota")
	v = views.New(t, views.With(old))
	if err := (&Applier{Client: s, Scheme: views.Scheme}).Converge(t.Context(), v, room{"room"}, []step.Applicable{configMap(v, "new", "1")}); err == nil {
		t.Fatal("no error")
	}
	if diff := cmp.Diff([]string{"apply ConfigMap new"}, s.took()); diff != "" {
		t.Error(diff)
	}
}

// One that cannot be written does not keep the others from being written and seen.
func TestTheServersAnswersAreSeenThoughOneIsRefused(t *testing.T) {
	s, v := newServer(), views.New(t)
	s.refuse["apply b"] = errors.New("quota")
	a := &Applier{Client: s, Scheme: views.Scheme, Parallel: 1}
	if err := a.Converge(t.Context(), v, room{"room"}, []step.Applicable{configMap(v, "a", "1"), configMap(v, "b", "1")}); err == nil {
		t.Fatal("no error")
	}
	if v.Live.Object("ConfigMap", v.Settings.Namespace, "a") == nil {
		t.Error("what was written is not seen")
	}
}

func TestRequestsUnderWayAreBounded(t *testing.T) {
	for bound, want := range map[int]int{0: 4, 1: 1, 2: 2} {
		s, v := newServer(), views.New(t)
		var mu sync.Mutex
		under, most, full := 0, 0, make(chan struct{})
		release := sync.OnceFunc(func() { close(full) })
		s.WithWatch = interceptor.NewClient(s.WithWatch, interceptor.Funcs{
			Apply: func(ctx context.Context, c client.WithWatch, o runtime.ApplyConfiguration, options ...client.ApplyOption) error {
				mu.Lock()
				under++
				if most = max(most, under); most >= want {
					release()
				}
				mu.Unlock()
				<-full // nobody ends before as many are under way as may be
				defer func() { mu.Lock(); under--; mu.Unlock() }()
				return c.Apply(ctx, o, options...)
			},
		})
		var objects []step.Applicable
		for _, name := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
			objects = append(objects, configMap(v, name, "1"))
		}
		if err := (&Applier{Client: s, Scheme: views.Scheme, Parallel: bound}).Converge(t.Context(), v, room{"room"}, objects); err != nil {
			t.Fatal(err)
		}
		if most != want {
			t.Errorf("Parallel %d: %d requests at once, want %d", bound, most, want)
		}
	}
}
