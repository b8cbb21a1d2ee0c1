package apply

import (
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	corev1ac "k8s.io/client-go/applyconfigurations/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/step"
	"github.com/glific/organisation-operator/internal/testkit/views"
)

type (
	fields = map[string]any
	list   = []any
)

func TestLiveHoldsWhatIsWanted(t *testing.T) {
	for sentence, test := range map[string]struct {
		live, want any
		holds      bool
	}{
		"the same":                         {fields{"a": "x"}, fields{"a": "x"}, true},
		"another value":                    {fields{"a": "y"}, fields{"a": "x"}, false},
		"a field is missing":               {fields{}, fields{"a": "x"}, false},
		"fields of others are tolerated":   {fields{"a": "x", "b": "y"}, fields{"a": "x"}, true},
		"deep down, too":                   {fields{"a": fields{"b": "x", "c": "y"}}, fields{"a": fields{"b": "x"}}, true},
		"deep down, another value":         {fields{"a": fields{"b": "y"}}, fields{"a": fields{"b": "x"}}, false},
		"nothing is wanted":                {fields{"a": "x"}, fields{}, true},
		"an empty map that the server cut": {fields{}, fields{"emptyDir": fields{}}, true},
		"a map where a value was":          {fields{"a": "x"}, fields{"a": fields{"b": "x"}}, false},
		"a value where a map was":          {fields{"a": fields{"b": "x"}}, fields{"a": "x"}, false},

		"the same list":                     {list{"a", "b"}, list{"a", "b"}, true},
		"another order":                     {list{"b", "a"}, list{"a", "b"}, false},
		"an element more":                   {list{"a", "b", "c"}, list{"a", "b"}, false},
		"an element less":                   {list{"a"}, list{"a", "b"}, false},
		"an empty list that the server cut": {fields{}, fields{"a": list{}}, true},
		"a list that is empty, not absent":  {fields{"a": list{}}, fields{"a": list{}}, true},
		"elements were removed":             {fields{"a": list{"b"}}, fields{"a": list{}}, false},
		"elements have fields of others":    {list{fields{"name": "a", "protocol": "TCP"}}, list{fields{"name": "a"}}, true},
		"elements have other values":        {list{fields{"name": "b"}}, list{fields{"name": "a"}}, false},
		"no list at all":                    {"a", list{"a"}, false},

		"an integer of another width":     {int64(3), int32(3), true},
		"an integer that JSON made float": {float64(3), int64(3), true},
		"a large one, too":                {float64(30000000), int64(30000000), true},
		"another integer":                 {int64(3), int64(4), false},
		"a fraction":                      {float64(3.5), int64(3), false},
		"a number that is text":           {"80", int64(80), false},
		"text that is a number":           {int64(80), "80", false},
		"truth that is text":              {"true", true, false},
		"quantities as they are written":  {"500m", "500m", true},
		"a quantity written otherwise":    {"500m", "0.5", false},

		"false that the server cut":               {fields{}, fields{"a": false}, true},
		"0 that the server cut":                   {fields{}, fields{"a": int64(0)}, true},
		"\"\" that the server cut":                {fields{}, fields{"a": ""}, true},
		"nothing, said with null":                 {fields{}, fields{"a": nil}, true},
		"true is not cut":                         {fields{}, fields{"a": true}, false},
		"a map of nothing but zeroes, cut":        {fields{}, fields{"a": fields{"b": false, "c": fields{"d": int64(0)}}}, true},
		"a map with more than zeroes is not":      {fields{}, fields{"a": fields{"b": false, "c": "x"}}, false},
		"a list of zeroes is not nothing":         {fields{}, fields{"a": list{""}}, false},
		"false where the server says true":        {fields{"a": true}, fields{"a": false}, false},
		"something where null is wanted is a lie": {fields{"a": "x"}, fields{"a": nil}, false},
	} {
		t.Run(sentence, func(t *testing.T) {
			if got := contains(test.live, test.want); got != test.holds {
				t.Errorf("%v holds %v: %v", test.live, test.want, got)
			}
		})
	}
}

// room is a step that renders one object.
type room struct{ name string }

func (r room) Name() string                              { return r.name }
func (room) Condition() string                           { return v1alpha1.MessagingReady }
func (room) Needs() []string                             { return nil }
func (room) Render(step.View) ([]step.Applicable, error) { return nil, nil }
func (room) Observe(step.View) step.Outcome              { return step.Done("", "") }
func intended(t testing.TB, v step.View, o step.Applicable) *unstructured.Unstructured {
	t.Helper()
	intent, err := (&Applier{}).intent(v, room{"room"}, o)
	if err != nil {
		t.Fatal(err)
	}
	return intent
}

func service(v step.View, ports ...int32) *corev1ac.ServiceApplyConfiguration {
	spec := corev1ac.ServiceSpec().WithSelector(map[string]string{"app": "asha"}).WithPublishNotReadyAddresses(false)
	for _, port := range ports {
		spec.WithPorts(corev1ac.ServicePort().WithName("http").WithPort(port))
	}
	return corev1ac.Service("backend", v.Settings.Namespace).WithSpec(spec)
}

// What is never sent: a request that would change nothing.
func TestSettled(t *testing.T) {
	typed := func(v step.View, o client.Object, from step.Applicable) *corev1.Service {
		intent := intended(t, v, from)
		s := o.(*corev1.Service)
		s.Name, s.Namespace, s.ResourceVersion = "backend", v.Settings.Namespace, "7"
		s.Labels, s.Annotations = intent.GetLabels(), intent.GetAnnotations()
		s.Spec.Selector = map[string]string{"app": "asha"}
		s.Spec.Ports = []corev1.ServicePort{{Name: "http", Port: 80}}
		return s
	}
	for sentence, test := range map[string]struct {
		change func(*corev1.Service)
		want   []int32
		memory string // the resource version of the last own apply
		sent   bool
	}{
		"nothing changed":                              {func(*corev1.Service) {}, []int32{80}, "", false},
		"the server filled in defaults":                {func(s *corev1.Service) { s.Spec.ClusterIP, s.Spec.Ports[0].Protocol = "192.0.2.1", "TCP" }, []int32{80}, "", false},
		"somebody labelled and annotated it":           {func(s *corev1.Service) { s.Labels["team"], s.Annotations["note"] = "web", "x" }, []int32{80}, "", false},
		"somebody changed a field of ours":             {func(s *corev1.Service) { s.Spec.Ports[0].Port = 81 }, []int32{80}, "", true},
		"somebody removed a label of ours":             {func(s *corev1.Service) { delete(s.Labels, v1alpha1.LabelIdentity) }, []int32{80}, "", true},
		"somebody removed the digest":                  {func(s *corev1.Service) { delete(s.Annotations, v1alpha1.AnnotationApplied) }, []int32{80}, "", true},
		"somebody added to a list of ours":             {func(s *corev1.Service) { s.Spec.Ports = append(s.Spec.Ports, corev1.ServicePort{Port: 90}) }, []int32{80}, "", true},
		"we want another value":                        {func(*corev1.Service) {}, []int32{82}, "", true},
		"we want less: the digest tells":               {func(*corev1.Service) {}, nil, "", true},
		"the server adds to a list, and we know it":    {func(s *corev1.Service) { s.Spec.Ports = append(s.Spec.Ports, corev1.ServicePort{Port: 90}) }, []int32{80}, "7", false},
		"it changed since we knew it":                  {func(s *corev1.Service) { s.Spec.Ports = append(s.Spec.Ports, corev1.ServicePort{Port: 90}) }, []int32{80}, "6", true},
		"we knew it, and want another value now":       {func(*corev1.Service) {}, []int32{82}, "7", true},
		"it changed since we knew it, and is as it is": {func(s *corev1.Service) { s.Annotations["note"] = "x" }, []int32{80}, "6", false},
	} {
		t.Run(sentence, func(t *testing.T) {
			v, a := views.New(t), &Applier{}
			object := typed(v, &corev1.Service{}, service(v, 80))
			before := intended(t, v, service(v, 80))
			a.remember(identify(before), before.GetAnnotations()[v1alpha1.AnnotationApplied], test.memory)
			test.change(object)
			v.Live.Put("Service", object)
			if sent := !a.settled(v.Live, intended(t, v, service(v, test.want...))); sent != test.sent {
				t.Errorf("sent: %v, want %v", sent, test.sent)
			}
		})
	}
}

func TestWhatIsNotThereIsNotSettled(t *testing.T) {
	v := views.New(t)
	if (&Applier{}).settled(v.Live, intended(t, v, service(v, 80))) {
		t.Error("settled")
	}
}

// The template of a Job is immutable, so whatever is wanted now, what runs is left.
func TestAJobThatIsThereIsSettled(t *testing.T) {
	v := views.New(t)
	job := &batchv1.Job{}
	job.Name, job.Namespace = "migration-1", v.Settings.Namespace
	v.Live.Put("Job", job)
	intent := &unstructured.Unstructured{Object: fields{"apiVersion": "batch/v1", "kind": "Job"}}
	intent.SetName("migration-1")
	intent.SetNamespace(v.Settings.Namespace)
	if !(&Applier{}).settled(v.Live, intent) {
		t.Error("it is sent again")
	}
}

func TestTheMemoryOfANamespaceIsForgotten(t *testing.T) {
	a := &Applier{}
	a.remember("Service/org-asha/backend", "digest", "1")
	a.remember("Service/org-asha-2/backend", "digest", "1")
	a.remember("Namespace//org-asha", "digest", "1")
	a.Forget("org-asha")
	if a.remembered("Service/org-asha/backend", "digest", "1") {
		t.Error("what is gone is remembered")
	}
	if !a.remembered("Service/org-asha-2/backend", "digest", "1") || !a.remembered("Namespace//org-asha", "digest", "1") {
		t.Error("what lies elsewhere is forgotten")
	}
}
