package node

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/tools/remotecommand"
	"k8s.io/client-go/util/exec"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/hot"
	"github.com/glific/organisation-operator/internal/hot/engine"
	"github.com/glific/organisation-operator/internal/hot/stage"
)

const (
	// answerWithin is how long a node may take to answer; an upgrade that goes on is
	// asked for again.
	answerWithin = 90 * time.Second
	// maxAnswer of a node, in bytes: a report, and what the application says before it.
	maxAnswer = 1 << 20
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

// Ask evaluates an expression on a pod's node, and leaves an Event that names its digest.
func (h *Nodes) Ask(ctx context.Context, t Target, pod *corev1.Pod, action engine.Action) (engine.Report, error) {
	request := engine.Request{Action: action, Binary: t.Started, Version: t.Version, Engine: engine.Engine(t.Engine), Timeout: answerWithin / 2}
	h.Events.Eventf(t.Org, nil, corev1.EventTypeNormal, "HotUpgradeExec", "Exec",
		"%s to %s in Pod %s; the expression's sha256 is %s", action, t.Version, pod.Name, request.Digest())
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	out := &bytes.Buffer{}
	run := h.Exec
	if run == nil {
		run = h.exec
	}
	code, err := run(ctx, pod, t.Container, request.Command(), strings.NewReader(request.Expression()), &limited{out, maxAnswer})
	if err != nil {
		return engine.Report{}, fmt.Errorf("asking the node in Pod %s of namespace %s: %w", pod.Name, pod.Namespace, err)
	}
	report, err := engine.Parse(out.String(), code)
	if err != nil {
		return report, fmt.Errorf("asking the node in Pod %s of namespace %s: %w", pod.Name, pod.Namespace, err)
	}
	return report, nil
}

// Tell leaves an Event at the Organisation.
func (h *Nodes) Tell(org *v1alpha1.Organisation, kind, reason, message string) {
	h.Events.Eventf(org, nil, kind, reason, "HotUpgrade", "%s", message)
}

func (h *Nodes) exec(ctx context.Context, pod *corev1.Pod, container string, argv []string, in io.Reader, out io.Writer) (code int, err error) {
	clients, err := kubernetes.NewForConfig(h.Config)
	if err != nil {
		return 0, err
	}
	url := clients.CoreV1().RESTClient().Post().Resource("pods").Namespace(pod.Namespace).Name(pod.Name).SubResource("exec").
		VersionedParams(&corev1.PodExecOptions{Container: container, Command: argv, Stdin: true, Stdout: true, Stderr: true}, scheme.ParameterCodec).URL()
	// POST, which needs the right to create; the newer protocol asks for get as well.
	executor, err := remotecommand.NewSPDYExecutor(h.Config, "POST", url)
	if err != nil {
		return 0, err
	}
	err = executor.StreamWithContext(ctx, remotecommand.StreamOptions{Stdin: in, Stdout: out, Stderr: io.Discard})
	if ended := exec.ExitError(nil); errors.As(err, &ended) && ended.Exited() {
		return ended.ExitStatus(), nil
	}
	return 0, err
}

// limited forgets what goes beyond.
type limited struct {
	to   *bytes.Buffer
	left int
}

func (l *limited) Write(p []byte) (int, error) {
	keep := min(len(p), l.left)
	l.left -= keep
	l.to.Write(p[:keep])
	return len(p), nil
}
