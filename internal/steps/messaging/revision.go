package messaging

import (
	"cmp"
	"encoding/json"
	"fmt"
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
func newRevision(c content, in inputs) (revision, error) {
	data, err := canonical(c)
	if err != nil {
		return revision{}, fmt.Errorf("writing the pod templates of Release %s: %w", c.Release, err)
	}
	return revision{content: c, name: names.Revision(names.Digest(digestLength, string(data))), inputs: in, data: data}, nil
}

// canonical JSON has its keys in the order of the alphabet, so that the order of
// fields in a library's types does not matter.
func canonical(value any) ([]byte, error) {
	data, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	var tree any
	if err := json.Unmarshal(data, &tree); err != nil {
		return nil, err
	}
	return json.Marshal(tree)
}

// revisions that are live, the current one first. One that cannot be read is none.
func revisions(live *snapshot.Snapshot) []revision {
	var found []revision
	for _, object := range live.All("ControllerRevision") {
		stored, ok := object.(*appsv1.ControllerRevision)
		if !ok || !stored.DeletionTimestamp.IsZero() {
			continue
		}
		if r, ok := parse(stored); ok {
			found = append(found, r)
		}
	}
	slices.SortFunc(found, func(a, b revision) int { return cmp.Compare(b.number, a.number) })
	return found
}

func parse(stored *appsv1.ControllerRevision) (revision, bool) {
	r := revision{name: stored.Name, number: stored.Revision, data: stored.Data.Raw}
	if err := json.Unmarshal(r.data, &r.content); err != nil || r.Backend == nil || r.Backend.Spec == nil {
		return revision{}, false
	}
	// Inputs that cannot be read are inputs that cannot be compared.
	_ = json.Unmarshal([]byte(stored.Annotations[v1alpha1.AnnotationInputs]), &r.inputs)
	return r, true
}

// current is the revision that the Deployments render; nil before the first release.
func current(live *snapshot.Snapshot) *revision {
	all := revisions(live)
	if len(all) == 0 {
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
