package command

import (
	"context"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/world"
	"github.com/glific/organisation-operator/internal/names"
)

// inside is a back-end pod that commands can be run in.
type inside struct {
	world *world.World
	pod   *corev1.Pod
	// release whose image the pod runs.
	release *v1alpha1.Release
}

// enter finds the newest back-end pod of an Organisation that is ready.
func (s *Session) enter(ctx context.Context, name string) (*inside, error) {
	c, err := s.Client()
	if err != nil {
		return nil, err
	}
	w, err := world.Read(ctx, c, name)
	if err != nil {
		return nil, err
	}
	pod := newestReady(w.Pods)
	if pod == nil {
		for _, missing := range w.Missing {
			s.tell("Not shown: %s.", missing)
		}
		return nil, fmt.Errorf("organisation %s has no back-end pod that is ready; see why: kubectl glific status %s", name, name)
	}
	release := &v1alpha1.Release{}
	label := pod.Labels[v1alpha1.LabelRelease]
	if err := c.Get(ctx, client.ObjectKey{Name: label}, release); err != nil {
		return nil, fmt.Errorf("reading Release %s, which says how the app is started in pod %s/%s: %w", label, pod.Namespace, pod.Name, err)
	}
	return &inside{w, pod, release}, nil
}

func newestReady(pods []corev1.Pod) *corev1.Pod {
	var newest *corev1.Pod
	for i := range pods {
		pod := &pods[i]
		ready := slices.ContainsFunc(pod.Status.Conditions, func(c corev1.PodCondition) bool {
			return c.Type == corev1.PodReady && c.Status == corev1.ConditionTrue
		})
		serves := ready && pod.DeletionTimestamp.IsZero() && pod.Labels[v1alpha1.LabelComponent] == names.Backend
		if serves && (newest == nil || pod.CreationTimestamp.After(newest.CreationTimestamp.Time)) {
			newest = pod
		}
	}
	return newest
}

// exec are the arguments of kubectl that run a command in the pod.
func (in *inside) exec(interactive bool, command ...string) []string {
	args := []string{"exec", "--namespace=" + in.pod.Namespace, "--container=" + names.Backend, in.pod.Name}
	if interactive {
		args = append(args, "--stdin", "--tty")
	}
	return append(append(args, "--"), command...)
}
