package node

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/hot"
	"github.com/glific/organisation-operator/internal/hot/stage"
)

// Stage adds the ephemeral container that puts the new release beside the running one.
// It has the limits of the image only: Kubernetes gives ephemeral containers none.
func (h *Nodes) Stage(ctx context.Context, t Target, pod *corev1.Pod) error {
	app := containerOf(pod.Spec.Containers, t.Container)
	if app == nil {
		return fmt.Errorf("pod %s has no container %s", pod.Name, t.Container)
	}
	changed := pod.DeepCopy()
	changed.Spec.EphemeralContainers = append(changed.Spec.EphemeralContainers, corev1.EphemeralContainer{
		EphemeralContainerCommon: corev1.EphemeralContainerCommon{
			Name: stager(t), Image: t.Image, ImagePullPolicy: corev1.PullIfNotPresent,
			Command:                  stage.Command(stage.Beside, t.Binary),
			SecurityContext:          app.SecurityContext,
			TerminationMessagePolicy: corev1.TerminationMessageFallbackToLogsOnError,
			VolumeMounts:             mountsAt(app, v1alpha1.HotRoot),
		},
	})
	if err := h.Client.SubResource("ephemeralcontainers").Patch(ctx, changed, client.StrategicMergeFrom(pod)); err != nil {
		return fmt.Errorf("adding an ephemeral container to Pod %s in namespace %s: %w", pod.Name, pod.Namespace, err)
	}
	return nil
}

func containerOf(containers []corev1.Container, name string) *corev1.Container {
	for i := range containers {
		if containers[i].Name == name {
			return &containers[i]
		}
	}
	return nil
}

func mountsAt(container *corev1.Container, path string) []corev1.VolumeMount {
	for _, mount := range container.VolumeMounts {
		if mount.MountPath == path {
			return []corev1.VolumeMount{mount}
		}
	}
	return nil
}

// Note writes into the pod's annotation how far its node has come. The container is the
// one that was seen before the node was asked: one that restarted since counts as new.
func (h *Nodes) Note(ctx context.Context, t Target, pod *corev1.Pod, reached hot.Reached, at time.Time) error {
	return h.patch(ctx, pod, func(p *corev1.Pod) { write(p, t, running(pod, t.Container), reached, at) })
}

func write(p *corev1.Pod, t Target, container string, reached hot.Reached, at time.Time) {
	if p.Annotations == nil {
		p.Annotations = map[string]string{}
	}
	// Such a value can always be written.
	text, _ := json.Marshal(note{Release: t.Release, Container: container, Reached: reached, Since: now(at)})
	p.Annotations[v1alpha1.AnnotationHot] = string(text)
}

// Settle follows after the node has made its version permanent: the pod's own
// specification names what a new sandbox boots.
func (h *Nodes) Settle(ctx context.Context, t Target, pod *corev1.Pod, at time.Time) error {
	return h.patch(ctx, pod, func(p *corev1.Pod) {
		write(p, t, running(pod, t.Container), hot.Settled, at)
		p.Labels[v1alpha1.LabelRelease] = t.Release
		if seed := containerOf(p.Spec.InitContainers, stage.Seed); seed != nil {
			seed.Image = t.Image
		}
	})
}

func (h *Nodes) patch(ctx context.Context, pod *corev1.Pod, change func(*corev1.Pod)) error {
	changed := pod.DeepCopy()
	change(changed)
	// The kubelet writes status all the time, so no lock on the version; another writer of
	// these fields there is not.
	if err := h.Client.Patch(ctx, changed, client.StrategicMergeFrom(pod)); err != nil {
		return fmt.Errorf("patching Pod %s in namespace %s: %w", pod.Name, pod.Namespace, err)
	}
	return nil
}

// Adopt gives a ReplicaSet the new template. Its pods stay; those that it makes later
// have it.
func (h *Nodes) Adopt(ctx context.Context, t Target, set *appsv1.ReplicaSet) error {
	changed := set.DeepCopy()
	changed.Spec.Template = hot.Adopted(set.Spec.Template, t.Release, t.Image)
	if err := h.Client.Patch(ctx, changed, client.MergeFromWithOptions(set, client.MergeFromWithOptimisticLock{})); err != nil {
		return fmt.Errorf("giving ReplicaSet %s in namespace %s the template of Release %s: %w", set.Name, set.Namespace, t.Release, err)
	}
	return nil
}

// Tell leaves an Event at the Organisation.
func (h *Nodes) Tell(org *v1alpha1.Organisation, kind, reason, message string) {
	h.Events.Eventf(org, nil, kind, reason, "HotUpgrade", "%s", message)
}
