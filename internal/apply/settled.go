package apply

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	batchv1 "k8s.io/api/batch/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/snapshot"
)

// settled tells whether sending the intent would change nothing: the live object was
// applied from the same intent, and still holds every field of it. A no-op apply
// costs the API server as much as a create, so it is never sent.
func (a *Applier) settled(live *snapshot.Snapshot, intent *unstructured.Unstructured) bool {
	object := live.Object(intent.GetKind(), intent.GetNamespace(), intent.GetName())
	if object == nil {
		return false
	}
	if _, isJob := object.(*batchv1.Job); isJob {
		return true // a Job's template is immutable: what runs goes on as it was started
	}
	digest := intent.GetAnnotations()[v1alpha1.AnnotationApplied]
	if a.remembered(identify(intent), digest, object.GetResourceVersion()) {
		return true
	}
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(object)
	if err != nil {
		return false
	}
	wanted := map[string]any{}
	for field, value := range intent.Object {
		if field != "apiVersion" && field != "kind" { // typed objects from a cache do not carry them
			wanted[field] = value
		}
	}
	return contains(content, wanted)
}

// contains tells whether live holds every field of want. Lists must agree element by
// element: where the server or somebody else adds elements, the memory of our own
// last apply decides instead.
func contains(live, want any) bool {
	switch want := want.(type) {
	case map[string]any:
		got, ok := live.(map[string]any)
		if !ok && live != nil {
			return false
		}
		for field, value := range want {
			if !contains(got[field], value) {
				return false
			}
		}
		return true
	case []any:
		got, ok := live.([]any)
		if !ok || len(got) != len(want) {
			return len(want) == 0 && live == nil
		}
		for i := range want {
			if !contains(got[i], want[i]) {
				return false
			}
		}
		return true
	default:
		return equalScalar(live, want)
	}
}

// equalScalar forgives what conversion does: an explicit false, 0 or "" may be left out
// by the typed object, and a number may have another type.
func equalScalar(live, want any) bool {
	if live == nil {
		return want == nil || reflect.ValueOf(want).IsZero()
	}
	if got, isNumber := number(live); isNumber {
		wanted, ok := number(want)
		return ok && got == wanted
	}
	return reflect.DeepEqual(live, want)
}

func number(value any) (float64, bool) {
	switch v := reflect.ValueOf(value); {
	case v.CanInt():
		return float64(v.Int()), true
	case v.CanFloat():
		return v.Float(), true
	}
	return 0, false
}

func digest(intent *unstructured.Unstructured) (string, error) {
	content, err := json.Marshal(intent.Object)
	if err != nil {
		return "", fmt.Errorf("digesting %s %s: %w", intent.GetKind(), intent.GetName(), err)
	}
	return names.Digest(16, string(content)), nil
}

func identify(o *unstructured.Unstructured) string {
	return o.GetKind() + "/" + o.GetNamespace() + "/" + o.GetName()
}

// remember notes what our own last apply led to: an object at this resource version
// needs no further look. It is memory only: losing it costs one comparison.
func (a *Applier) remember(id, digest, resourceVersion string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.seen == nil {
		a.seen = map[string]string{}
	}
	a.seen[id] = digest + "@" + resourceVersion
}

func (a *Applier) remembered(id, digest, resourceVersion string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.seen[id] == digest+"@"+resourceVersion
}

// Forget drops the memory of everything in a namespace that is gone.
func (a *Applier) Forget(namespace string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for id := range a.seen {
		if inNamespace(id, namespace) {
			delete(a.seen, id)
		}
	}
}

func inNamespace(id, namespace string) bool {
	parts := strings.SplitN(id, "/", 3)
	return len(parts) == 3 && parts[1] == namespace
}
