package controllers

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/event"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
)

func taskPod(phase corev1.PodPhase, state corev1.ContainerState) *corev1.Pod {
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: "m-1"},
		Status:     corev1.PodStatus{Phase: phase, ContainerStatuses: []corev1.ContainerStatus{{Name: "task", State: state}}},
	}
}

func serving(pod *corev1.Pod) *corev1.Pod {
	pod = pod.DeepCopy()
	pod.Labels = map[string]string{v1alpha1.LabelComponent: names.Backend}
	return pod
}

func TestOnlyWhatAPodHasToSayWakesItsOrganisation(t *testing.T) {
	stuck := func(reason string) *corev1.Pod {
		return taskPod(corev1.PodPending, corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: reason, Message: reason}})
	}
	ended := func(code int32) *corev1.Pod {
		return taskPod(corev1.PodFailed, corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{ExitCode: code, Message: "no"}})
	}
	running := taskPod(corev1.PodRunning, corev1.ContainerState{Running: &corev1.ContainerStateRunning{}})
	for sentence, test := range map[string]struct {
		was, is *corev1.Pod // was nil: it is new; is nil: it is gone
		wakes   bool
	}{
		"it comes":                               {nil, stuck("ContainerCreating"), false},
		"it runs":                                {stuck("ContainerCreating"), running, false},
		"it ends well":                           {running, ended(0), false},
		"it goes":                                {ended(1), nil, false},
		"it fails":                               {running, ended(1), true},
		"its image cannot be pulled":             {stuck("ContainerCreating"), stuck("ErrImagePull"), true},
		"its image is tried again":               {stuck("ErrImagePull"), stuck("ImagePullBackOff"), false},
		"its image is there after all":           {stuck("ImagePullBackOff"), running, true},
		"it had failed when the operator came":   {nil, ended(1), true},
		"it serves, and crashes again and again": {serving(running), serving(stuck("CrashLoopBackOff")), false},
	} {
		t.Run(sentence, func(t *testing.T) {
			var wakes bool
			switch {
			case test.was == nil:
				wakes = podTells.Create(event.CreateEvent{Object: test.is})
			case test.is == nil:
				wakes = podTells.Delete(event.DeleteEvent{Object: test.was})
			default:
				wakes = podTells.Update(event.UpdateEvent{ObjectOld: test.was, ObjectNew: test.is})
			}
			if wakes != test.wakes {
				t.Errorf("wakes: %v", wakes)
			}
		})
	}
}

func TestOfPodsNothingIsCachedButHowTheyStand(t *testing.T) {
	pod := taskPod(corev1.PodRunning, corev1.ContainerState{})
	pod.Spec.Containers = []corev1.Container{{Name: "task", Env: []corev1.EnvVar{{Name: "PLAIN", Value: "x"}}}}
	kept, err := statusOnly(pod)
	if err != nil || len(kept.(*corev1.Pod).Spec.Containers) != 0 || kept.(*corev1.Pod).Status.Phase != corev1.PodRunning {
		t.Errorf("kept %+v, %v", kept, err)
	}
}
