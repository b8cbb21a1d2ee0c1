package messaging

import (
	"maps"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	corev1ac "k8s.io/client-go/applyconfigurations/core/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// tmp is where every pod may write. Copies of the configuration that hold secret
// values lie there too (RELEASE_TMP), so it goes with the pod.
const tmp = "/tmp"

// directory is an emptyDir and where it is mounted.
type directory struct {
	volume string
	path   string
	limit  resource.Quantity
}

// directories are /tmp and those that the Release lists. Their volumes have a prefix,
// so that a Release may call one "tmp", or "release", which hot upgrades will need.
func directories(writable []v1alpha1.EmptyDir) []directory {
	dirs := []directory{{volume: "tmp", path: tmp, limit: resource.MustParse("512Mi")}}
	for _, dir := range writable {
		if dir.Path == tmp {
			dirs[0].limit = dir.SizeLimit
			continue
		}
		dirs = append(dirs, directory{volume: "writable-" + dir.Name, path: dir.Path, limit: dir.SizeLimit})
	}
	return dirs
}

func volumes(dirs []directory) []*corev1ac.VolumeApplyConfiguration {
	var volumes []*corev1ac.VolumeApplyConfiguration
	for _, dir := range dirs {
		volumes = append(volumes, corev1ac.Volume().WithName(dir.volume).
			WithEmptyDir(corev1ac.EmptyDirVolumeSource().WithSizeLimit(dir.limit)))
	}
	return volumes
}

func mounts(dirs []directory) []*corev1ac.VolumeMountApplyConfiguration {
	var mounts []*corev1ac.VolumeMountApplyConfiguration
	for _, dir := range dirs {
		mounts = append(mounts, corev1ac.VolumeMount().WithName(dir.volume).WithMountPath(dir.path))
	}
	return mounts
}

// bounded adds a limit on the node's disk where none is declared: all directories full
// and as much again as the kubelet keeps of logs, so that one tenant's files never evict
// another's pods. Little is requested, since little is used.
func bounded(declared corev1.ResourceRequirements, dirs []directory) *corev1ac.ResourceRequirementsApplyConfiguration {
	requests, limits := corev1.ResourceList{}, corev1.ResourceList{}
	maps.Copy(requests, declared.Requests)
	maps.Copy(limits, declared.Limits)
	if _, set := limits[corev1.ResourceEphemeralStorage]; !set {
		if _, set := requests[corev1.ResourceEphemeralStorage]; !set {
			requests[corev1.ResourceEphemeralStorage] = resource.MustParse("64Mi")
		}
		limits[corev1.ResourceEphemeralStorage] = disk(dirs, requests[corev1.ResourceEphemeralStorage])
	}
	return corev1ac.ResourceRequirements().WithRequests(requests).WithLimits(limits)
}

// disk is never less than what is requested, which the API would refuse.
func disk(dirs []directory, atLeast resource.Quantity) resource.Quantity {
	total := resource.MustParse("128Mi")
	for _, dir := range dirs {
		total.Add(dir.limit)
	}
	if total.Cmp(atLeast) < 0 {
		return atLeast
	}
	return total
}
