package views

import (
	"maps"
	"testing"

	certmanagerv1 "github.com/cert-manager/cert-manager/pkg/apis/certmanager/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/controller-runtime/pkg/client"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/step"
)

// Scheme knows every kind that steps render.
var Scheme = scheme()

func scheme() *runtime.Scheme {
	s := runtime.NewScheme()
	utilruntime.Must(clientgoscheme.AddToScheme(s))
	utilruntime.Must(gatewayv1.Install(s))
	utilruntime.Must(certmanagerv1.AddToScheme(s))
	return s
}

// Render fails the test unless the step can say what should exist.
func Render(t testing.TB, v step.View, s step.Step) []step.Applicable {
	t.Helper()
	rendered, err := s.Render(v)
	if err != nil {
		t.Fatalf("rendering step %s: %v", s.Name(), err)
	}
	return rendered
}

// Apply renders a step and notes the result in the View, as the server would hold it
// but for its defaults: what was there keeps its status, what is new has none, what
// is no longer rendered is gone.
func Apply(t testing.TB, v step.View, s step.Step) {
	t.Helper()
	wanted := map[string]bool{}
	for _, intent := range Render(t, v, s) {
		object := typed(t, v, s, intent)
		kind := *intent.GetKind()
		wanted[kind+"/"+object.GetName()] = true
		succeed(t, v.Live.Object(kind, object.GetNamespace(), object.GetName()), object)
		v.Live.Put(kind, object)
	}
	for _, owned := range v.Live.OwnedBy(s.Name()) {
		if !wanted[owned.Kind+"/"+owned.GetName()] {
			v.Live.Drop(owned.Kind, owned.GetNamespace(), owned.GetName())
		}
	}
}

func typed(t testing.TB, v step.View, s step.Step, intent step.Applicable) client.Object {
	t.Helper()
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(intent)
	if err != nil {
		t.Fatal(err)
	}
	sent := &unstructured.Unstructured{Object: content}
	object, err := Scheme.New(sent.GroupVersionKind())
	if err != nil {
		t.Fatal(err)
	}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(content, object); err != nil {
		t.Fatalf("%s %s is not what the API knows: %v", sent.GetKind(), sent.GetName(), err)
	}
	typed := object.(client.Object)
	labels := map[string]string{}
	maps.Copy(labels, v.Settings.Labels)
	maps.Copy(labels, typed.GetLabels())
	maps.Copy(labels, names.Labels(v.Org))
	labels[v1alpha1.LabelStep] = s.Name()
	typed.SetLabels(labels)
	typed.SetUID(types.UID("uid-of-" + sent.GetKind() + "-" + sent.GetName()))
	typed.SetCreationTimestamp(metav1.NewTime(Now))
	return typed
}

// succeed lets an object keep what a newer version of it would keep on the server:
// its status, and a generation that grows when its spec changes.
func succeed(t testing.TB, old, updated client.Object) {
	t.Helper()
	updated.SetGeneration(1)
	if old == nil {
		return
	}
	before, after := fields(t, old), fields(t, updated)
	if status, ok := before["status"]; ok {
		after["status"] = status
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(after, updated); err != nil {
			t.Fatal(err)
		}
	}
	updated.SetGeneration(old.GetGeneration())
	if !equalJSON(t, before["spec"], after["spec"]) {
		updated.SetGeneration(old.GetGeneration() + 1)
	}
}
