package messaging

import (
	"cmp"
	"encoding/json"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/runtime"
	appsv1ac "k8s.io/client-go/applyconfigurations/apps/v1"
	corev1ac "k8s.io/client-go/applyconfigurations/core/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/snapshot"
	"github.com/glific/organisation-operator/internal/step"
)

const (
	// revisionsKept is how many revisions stay, the current one included. The Secrets
	// that they name stay with them.
	revisionsKept = 5
	// digestLength of a revision's name, in hexadecimal digits.
	digestLength = 16
	// restartedAt on a pod template is the value of restart-at that it answered.
	restartedAt = "tenancy.glific.org/restarted-at"
)

// content is what is released: all that rolls pods, and how they roll.
type content struct {
	// Release that the templates were made from.
	Release  string                                      `json:"release"`
	Update   v1alpha1.UpdateSpec                         `json:"update"`
	Backend  *corev1ac.PodTemplateSpecApplyConfiguration `json:"backend"`
	Frontend *corev1ac.PodTemplateSpecApplyConfiguration `json:"frontend,omitempty"`
}

// revision is a content with its place in history. The name is a digest of the
// content, so equal templates are one revision; going back to one raises its number.
type revision struct {
	content
	name   string
	number int64
	inputs inputs
	data   []byte
}

// newRevision names what would be released. Its number is given when it is chosen.
func newRevision(c content, in inputs) revision {
	data := text(c)
	return revision{content: c, name: names.Revision(names.Digest(digestLength, data)), inputs: in, data: []byte(data)}
}

// text is a value of the API as canonical JSON, with keys in the order of the alphabet:
// the order of fields in a library's types must not matter. Such values can always be
// written.
func text(value any) string {
	data, _ := json.Marshal(value)
	var tree any
	_ = json.Unmarshal(data, &tree)
	data, _ = json.Marshal(tree)
	return string(data)
}

// revisions that are live, the current one first and in full; of the others only what
// it takes to keep them. A latest one that cannot be read is none.
func revisions(live *snapshot.Snapshot) []revision {
	var found []revision
	for _, object := range live.All("ControllerRevision") {
		if stored, ok := object.(*appsv1.ControllerRevision); ok && stored.DeletionTimestamp.IsZero() {
			found = append(found, outline(stored))
		}
	}
	slices.SortFunc(found, func(a, b revision) int { return cmp.Compare(b.number, a.number) })
	for len(found) > 0 && !found[0].read() {
		found = found[1:]
	}
	return found
}

func outline(stored *appsv1.ControllerRevision) revision {
	r := revision{name: stored.Name, number: stored.Revision, data: stored.Data.Raw}
	r.Release = stored.Labels[v1alpha1.LabelRelease]
	// Inputs that cannot be read are inputs that cannot be compared.
	_ = json.Unmarshal([]byte(stored.Annotations[v1alpha1.AnnotationInputs]), &r.inputs)
	return r
}

func (r *revision) read() bool {
	err := json.Unmarshal(r.data, &r.content)
	return err == nil && r.Backend != nil && r.Backend.Spec != nil
}

// current is the revision that the Deployments render; nil before the first release, and
// if its record is gone: an older one is no substitute, since pods would be rolled back.
func current(live *snapshot.Snapshot) *revision { return latest(live, revisions(live)) }

func latest(live *snapshot.Snapshot, all []revision) *revision {
	if len(all) == 0 || all[0].number < snapshot.Released(live) {
		return nil
	}
	return &all[0]
}

// retained are the chosen revision and the latest of the others.
func retained(chosen revision, live []revision) []revision {
	others := slices.DeleteFunc(slices.Clone(live), func(r revision) bool { return r.name == chosen.name })
	return append([]revision{chosen}, others[:min(len(others), revisionsKept-1)]...)
}

func (r revision) render(namespace string) step.Applicable {
	return appsv1ac.ControllerRevision(r.name, namespace).
		WithAnnotations(map[string]string{v1alpha1.AnnotationInputs: r.inputs.String()}).
		WithLabels(map[string]string{v1alpha1.LabelRelease: r.Release}).
		WithData(runtime.RawExtension{Raw: r.data}).
		WithRevision(r.number)
}

// restarted is the value of restart-at that the templates answered.
func (r revision) restarted() string { return r.Backend.Annotations[restartedAt] }

// secrets that the templates name; without them no pod starts.
func (r revision) secrets() []string {
	var found []string
	for _, template := range []*corev1ac.PodTemplateSpecApplyConfiguration{r.Backend, r.Frontend} {
		if template == nil || template.Spec == nil {
			continue
		}
		for _, container := range template.Spec.Containers {
			for _, from := range container.EnvFrom {
				if from.SecretRef != nil && from.SecretRef.Name != nil {
					found = append(found, *from.SecretRef.Name)
				}
			}
		}
		for _, pull := range template.Spec.ImagePullSecrets {
			if pull.Name != nil {
				found = append(found, *pull.Name)
			}
		}
	}
	return found
}
