package messaging

import (
	"k8s.io/apimachinery/pkg/api/resource"
	corev1ac "k8s.io/client-go/applyconfigurations/core/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/hot/stage"
)

// releaseVolume holds the releases of a pod that new code may enter.
const releaseVolume = "release"

// hotRoot is the directory that such a pod starts from. It lies on the disk: it has to
// outlive the container, so that a restart boots what was made permanent.
func hotRoot(spec *v1alpha1.HotSpec) []directory {
	if spec == nil {
		return nil
	}
	limit := resource.MustParse("1Gi")
	if spec.SizeLimit != nil {
		limit = *spec.SizeLimit
	}
	return []directory{{volume: releaseVolume, path: v1alpha1.HotRoot, limit: limit}}
}

// seed fills the directory, once for each sandbox of the pod: what the pod's own
// specification names is what boots there. It asks for no more than the app does.
func seed(release v1alpha1.ReleaseSpec, resources *corev1ac.ResourceRequirementsApplyConfiguration) *corev1ac.ContainerApplyConfiguration {
	return hardened(stage.Seed, release.Images.Backend).
		WithCommand(stage.Command(stage.Seed, release.Binary)...).
		WithResources(resources).
		WithVolumeMounts(corev1ac.VolumeMount().WithName(releaseVolume).WithMountPath(v1alpha1.HotRoot))
}
