package messaging

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	corev1ac "k8s.io/client-go/applyconfigurations/core/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/hot/node"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/step"
	"github.com/glific/organisation-operator/internal/task"
)

// running are the pods of a release that are to stay.
func running(v step.View, release, component string) (pods []*corev1.Pod) {
	for _, owned := range v.Live.All("Pod") {
		pod, ok := owned.(*corev1.Pod)
		if ok && pod.DeletionTimestamp.IsZero() && pod.Labels[v1alpha1.LabelComponent] == component && pod.Labels[v1alpha1.LabelRelease] == release {
			pods = append(pods, pod)
		}
	}
	slices.SortFunc(pods, func(a, b *corev1.Pod) int { return strings.Compare(a.Name, b.Name) })
	return pods
}

// outdated names the first pod of the revision in which, by what its node says, the image
// of an earlier revision runs; "" if there is none. Some runtimes report the digest of the
// platform's own manifest, or of the configuration, where an index was asked for: a digest
// that nobody knows accuses nobody, and the template, which names its image by digest,
// counts.
func outdated(v step.View, released revision, component string) string {
	wanted := digests(podTemplate(released, component))
	earlier := earlierDigests(v, component)
	for _, pod := range running(v, released.Release, component) {
		if node.Boots(pod, released.Release) {
			continue // new code is in it, in whatever image
		}
		for _, c := range pod.Status.ContainerStatuses {
			runs := digest(c.ImageID)
			if from := earlier[c.Name+runs]; from != "" && runs != wanted[c.Name] {
				return fmt.Sprintf("pod %s of Release %s still runs the image of Release %s (%s)", pod.Name, released.Release, from, runs)
			}
		}
	}
	return ""
}

// trouble is what keeps the first pod of the revision from running; "" if nothing does.
func trouble(v step.View, released revision) string {
	for _, component := range []string{names.Backend, names.Frontend} {
		for _, pod := range running(v, released.Release, component) {
			if what := task.Trouble(pod); what != "" {
				return "pod " + pod.Name + ": " + what
			}
		}
	}
	return ""
}

func podTemplate(r revision, component string) *corev1ac.PodTemplateSpecApplyConfiguration {
	if component == names.Frontend {
		return r.Frontend
	}
	return r.Backend
}

// digests of the images by container.
func digests(template *corev1ac.PodTemplateSpecApplyConfiguration) map[string]string {
	found := map[string]string{}
	if template == nil || template.Spec == nil {
		return found
	}
	for _, c := range template.Spec.Containers {
		if c.Name != nil && c.Image != nil {
			found[*c.Name] = digest(*c.Image)
		}
	}
	return found
}

// earlierDigests name the Release by container and digest, of all that is remembered.
func earlierDigests(v step.View, component string) map[string]string {
	found := map[string]string{}
	for _, r := range revisions(v.Live) {
		if !r.read() {
			continue
		}
		for container, digest := range digests(podTemplate(r, component)) {
			if digest != "" {
				found[container+digest] = r.Release
			}
		}
	}
	return found
}

// digest of an image: what follows the @; "" without one.
func digest(image string) string {
	_, digest, _ := strings.Cut(image, "@")
	return digest
}
