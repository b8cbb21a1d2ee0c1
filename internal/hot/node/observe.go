// Package node is the hand of a hot upgrade: it reads the pods of one Deployment, and
// does to one of them what internal/hot has decided. What it does may be repeated.
package node

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/events"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/hot"
	"github.com/glific/organisation-operator/internal/names"
)

// Nodes acts on pods. It reads from the API server: few pods, and never yesterday's.
type Nodes struct {
	Client client.Client
	Live   client.Reader
	// Config reaches the API server, for pods/exec.
	Config *rest.Config
	// Exec runs a command in a container, with its standard input and output, and returns
	// the code that it ended with; through the API server without it.
	Exec func(ctx context.Context, pod *corev1.Pod, container string, argv []string, in io.Reader, out io.Writer) (code int, err error)
	// Events tells who looks at the Organisation what was evaluated on its nodes.
	Events events.EventRecorder

	mu sync.Mutex
	// answers by pod, container and question.
	answers map[string]*answer
}

// Target is what is moved to.
type Target struct {
	Org       *v1alpha1.Organisation
	Namespace string
	// Container of the app, and how its release is called and where it lies.
	Container, Release, Version, Image, Binary, Started string
	Engine                                              v1alpha1.HotEngine
	// From is the release that the Deployment shows: what all pods should run now.
	From string
}

// note is what a pod's annotation holds. It speaks of one container: a restarted one
// has forgotten what was installed.
type note struct {
	Release   string      `json:"release"`
	Container string      `json:"container"`
	Reached   hot.Reached `json:"reached"`
	Since     metav1.Time `json:"since"`
}

// World is what was read.
type World struct {
	Pods map[string]*corev1.Pod
	Sets map[string]*appsv1.ReplicaSet
}

// Read lists pods and ReplicaSets of a Deployment, and says how far each has come.
func (h *Nodes) Read(ctx context.Context, t Target, deployment *appsv1.Deployment) (World, hot.Facts, error) {
	world := World{Pods: map[string]*corev1.Pod{}, Sets: map[string]*appsv1.ReplicaSet{}}
	facts := hot.Facts{
		Paused: deployment.Spec.Paused && deployment.Status.ObservedGeneration >= deployment.Generation,
		Wanted: *deployment.Spec.Replicas,
	}
	within := []client.ListOption{client.InNamespace(t.Namespace), client.MatchingLabels(deployment.Spec.Selector.MatchLabels)}
	var sets appsv1.ReplicaSetList
	if err := h.Live.List(ctx, &sets, within...); err != nil {
		return world, facts, fmt.Errorf("listing ReplicaSets of Deployment %s in namespace %s: %w", deployment.Name, t.Namespace, err)
	}
	for i := range sets.Items {
		set := &sets.Items[i]
		if metav1.IsControlledBy(set, deployment) && (set.Status.Replicas > 0 || *set.Spec.Replicas > 0) {
			world.Sets[set.Name] = set
			facts.ReplicaSets = append(facts.ReplicaSets, hot.ReplicaSet{Name: set.Name, New: set.Spec.Template.Labels[v1alpha1.LabelRelease] == t.Release})
		}
	}
	var list corev1.PodList
	if err := h.Live.List(ctx, &list, within...); err != nil {
		return world, facts, fmt.Errorf("listing pods of Deployment %s in namespace %s: %w", deployment.Name, t.Namespace, err)
	}
	for i := range list.Items {
		pod := &list.Items[i]
		world.Pods[pod.Name] = pod
		facts.Pods = append(facts.Pods, observe(pod, t))
	}
	return world, facts, nil
}

// observe one pod.
func observe(pod *corev1.Pod, t Target) hot.Pod {
	p := hot.Pod{
		Name: pod.Name, Created: pod.CreationTimestamp.Time, Ready: ready(pod),
		Ending: !pod.DeletionTimestamp.IsZero() || pod.Status.Phase == corev1.PodFailed || pod.Status.Phase == corev1.PodSucceeded,
	}
	for _, container := range pod.Spec.EphemeralContainers {
		if strings.HasPrefix(container.Name, besides) {
			p.Upgrades++
		}
		if container.Name == stager(t) {
			p.Staging, p.Why = staging(pod, container.Name)
		}
	}
	n := noted(pod)
	if n.Container != running(pod, t.Container) || n.Container == "" {
		return p
	}
	p.Changed = n.Release != t.From && (n.Reached == hot.Installed || n.Reached == hot.Settled)
	if n.Release == t.Release {
		p.Reached, p.Since = n.Reached, n.Since.Time
	}
	return p
}

// Boots tells whether a pod runs and boots a release that entered it while it ran,
// whatever its image holds.
func Boots(pod *corev1.Pod, release string) bool {
	n := noted(pod)
	return n.Release == release && n.Reached == hot.Settled
}

// noted is what the pod's annotation says; one that cannot be read says nothing.
func noted(pod *corev1.Pod) (n note) {
	_ = json.Unmarshal([]byte(pod.Annotations[v1alpha1.AnnotationHot]), &n)
	return n
}

// besides is how the names of ephemeral containers begin that bring a release.
const besides = "beside-"

// stager is the name of the one that brings this image.
func stager(t Target) string { return besides + names.Digest(10, t.Release+"\n"+t.Image) }

// staging: an image that cannot be pulled is waited for as long as the kubelet tries.
func staging(pod *corev1.Pod, name string) (state hot.Staging, why string) {
	for _, status := range pod.Status.EphemeralContainerStatuses {
		if status.Name != name {
			continue
		}
		switch ended, waiting := status.State.Terminated, status.State.Waiting; {
		case ended != nil && ended.ExitCode == 0:
			return hot.Staged, ""
		case ended != nil:
			return hot.StagingFailed, fmt.Sprintf("the copy ended with code %d: %s", ended.ExitCode, strings.TrimSpace(ended.Message))
		case waiting != nil && (waiting.Reason == "ErrImagePull" || waiting.Reason == "ImagePullBackOff" || waiting.Reason == "InvalidImageName" || waiting.Reason == "ErrImageNeverPull"):
			return hot.StagingFailed, waiting.Reason + ": the image cannot be pulled"
		}
	}
	return hot.StagingRuns, ""
}

func ready(pod *corev1.Pod) bool {
	for _, c := range pod.Status.Conditions {
		if c.Type == corev1.PodReady {
			return c.Status == corev1.ConditionTrue
		}
	}
	return false
}

// running is the ID of the app's container; "" while it does not run.
func running(pod *corev1.Pod, container string) string {
	for _, status := range pod.Status.ContainerStatuses {
		if status.Name == container && status.State.Running != nil {
			return status.ContainerID
		}
	}
	return ""
}

// now in the precision of the API.
func now(at time.Time) metav1.Time { return metav1.NewTime(at.Truncate(time.Second)) }
