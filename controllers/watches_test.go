package controllers

import (
	"maps"
	"slices"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/util/workqueue"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

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

// delays keeps what a handler asks for.
type delays struct {
	workqueue.TypedRateLimitingInterface[reconcile.Request]
	after map[string]time.Duration
}

func (d delays) AddAfter(r reconcile.Request, after time.Duration) { d.after[r.Name] = after }

func TestAServerIsCountedAgainWhenWhatIsOnItChanges(t *testing.T) {
	with := func(server string, limit int32) *v1alpha1.Organisation {
		return &v1alpha1.Organisation{Status: v1alpha1.OrganisationStatus{Database: v1alpha1.DatabaseStatus{Server: server, Name: "asha-1", ConnectionLimit: limit}}}
	}
	for sentence, test := range map[string]struct {
		was, is *v1alpha1.Organisation // is nil: it is gone
		counted []string
	}{
		"nothing of its database changes": {with("s1", 20), with("s1", 20), nil},
		"it finds a place":                {with("", 0), with("s1", 20), []string{"s1"}},
		"its limit is raised":             {with("s1", 20), with("s1", 40), []string{"s1"}},
		"it moves":                        {with("s1", 20), with("s2", 20), []string{"s1", "s2"}},
		"it is gone":                      {with("s1", 20), nil, []string{"s1"}},
	} {
		t.Run(sentence, func(t *testing.T) {
			q := delays{after: map[string]time.Duration{}}
			if gone := (event.DeleteEvent{Object: test.was}); test.is == nil && holdingChanged.Delete(gone) {
				toServer().Delete(t.Context(), gone, q)
			}
			if changed := (event.UpdateEvent{ObjectOld: test.was, ObjectNew: test.is}); test.is != nil && holdingChanged.Update(changed) {
				toServer().Update(t.Context(), changed, q)
			}
			if got := slices.Sorted(maps.Keys(q.after)); !slices.Equal(got, test.counted) {
				t.Errorf("%v are counted, want %v", got, test.counted)
			}
			for server, after := range q.after {
				if after != countsAgain {
					t.Errorf("%s after %s", server, after)
				}
			}
		})
	}
}
