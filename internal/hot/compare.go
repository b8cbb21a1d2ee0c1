package hot

import (
	"fmt"
	"reflect"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// Masked is a template without what an upgrade of running pods changes: the images of
// the containers that bring the release, and the label that names it.
func masked(t corev1.PodTemplateSpec) corev1.PodTemplateSpec {
	t = *t.DeepCopy()
	delete(t.Labels, v1alpha1.LabelRelease)
	delete(t.Labels, "pod-template-hash") // appsv1.DefaultDeploymentUniqueLabelKey
	for i := range t.Spec.InitContainers {
		t.Spec.InitContainers[i].Image = ""
	}
	for i := range t.Spec.Containers {
		t.Spec.Containers[i].Image = ""
	}
	return t
}

// Difference says what else differs between two templates than what an upgrade of
// running pods can change: the environment, resources, volumes and probes of a pod are
// fixed for its life. "" if nothing does.
func Difference(was, is corev1.PodTemplateSpec) string {
	was, is = masked(was), masked(is)
	switch {
	case reflect.DeepEqual(was, is):
		return ""
	case !reflect.DeepEqual(was.ObjectMeta, is.ObjectMeta):
		return "labels or annotations of the pods change"
	case len(was.Spec.Containers) != len(is.Spec.Containers) || len(was.Spec.InitContainers) != len(is.Spec.InitContainers):
		return "the containers of the pods are others"
	}
	for i, container := range append(slices.Clone(is.Spec.InitContainers), is.Spec.Containers...) {
		before := append(slices.Clone(was.Spec.InitContainers), was.Spec.Containers...)[i]
		if what := field(before, container); what != "" {
			return fmt.Sprintf("%s of container %s changes", what, container.Name)
		}
	}
	return field(was.Spec, is.Spec) + " of the pods changes"
}

// field names the first field of a struct that differs, and never its value.
func field(was, is any) string {
	a, b := reflect.ValueOf(was), reflect.ValueOf(is)
	for i := range a.NumField() {
		if !reflect.DeepEqual(a.Field(i).Interface(), b.Field(i).Interface()) {
			return a.Type().Field(i).Name
		}
	}
	return ""
}

// Adopted is the template of a ReplicaSet, changed to that of the new release. Whatever
// the API server has filled in stays as it is, so that the Deployment controller finds
// the two equal.
func Adopted(t corev1.PodTemplateSpec, release, image string) corev1.PodTemplateSpec {
	t = *t.DeepCopy()
	t.Labels[v1alpha1.LabelRelease] = release
	for i := range t.Spec.InitContainers {
		t.Spec.InitContainers[i].Image = image
	}
	for i := range t.Spec.Containers {
		t.Spec.Containers[i].Image = image
	}
	return t
}
