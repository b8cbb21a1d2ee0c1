package node

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/tools/remotecommand"
	"k8s.io/client-go/util/exec"

	"github.com/glific/organisation-operator/internal/hot/engine"
)

const (
	// answerWithin is how long a node may take to answer; an upgrade that goes on is
	// asked for again.
	answerWithin = 90 * time.Second
	// keptFor is how long an answer is kept that nobody fetches.
	keptFor = time.Minute
	// maxAnswer of a node, in bytes: a report, and what the application says before it.
	maxAnswer = 1 << 20
)

// answer of a node; done is closed when it is there.
type answer struct {
	done   chan struct{}
	report engine.Report
	err    error
}

// Ask has an expression evaluated on a pod's node, and leaves an Event that names its
// digest. It never waits: it returns nil until the node has answered, and whoever asks
// the same then gets the answer, once. An operator that ends forgets what it asked; the
// node goes on, and is asked again. A container that restarted is another one.
func (h *Nodes) Ask(ctx context.Context, t Target, pod *corev1.Pod, action engine.Action) (*engine.Report, error) {
	request := engine.Request{Action: action, Binary: t.Started, Version: t.Version, Engine: engine.Engine(t.Engine), Timeout: answerWithin / 2}
	key := strings.Join([]string{string(pod.UID), running(pod, t.Container), request.Digest()}, " ")
	h.mu.Lock()
	defer h.mu.Unlock()
	a, asked := h.answers[key]
	if !asked {
		h.Events.Eventf(t.Org, nil, corev1.EventTypeNormal, "HotUpgradeExec", "Exec",
			"%s to %s in Pod %s; the expression's sha256 is %s", action, t.Version, pod.Name, request.Digest())
		h.begin(context.WithoutCancel(ctx), key, t, pod.DeepCopy(), request)
		return nil, nil
	}
	select {
	case <-a.done:
		delete(h.answers, key)
		return &a.report, a.err
	default:
		return nil, nil
	}
}

// begin asks aside: a pass over an Organisation must not last as long as a node may take.
func (h *Nodes) begin(ctx context.Context, key string, t Target, pod *corev1.Pod, request engine.Request) {
	if h.answers == nil {
		h.answers = map[string]*answer{}
	}
	a := &answer{done: make(chan struct{})}
	h.answers[key] = a
	go func() {
		defer close(a.done)
		ctx, cancel := context.WithTimeout(ctx, answerWithin)
		defer cancel()
		if a.report, a.err = h.evaluate(ctx, t, pod, request); a.err != nil {
			a.err = fmt.Errorf("asking the node in Pod %s of namespace %s: %w", pod.Name, pod.Namespace, a.err)
		}
		time.AfterFunc(keptFor, func() { h.forget(key, a) })
	}()
}

func (h *Nodes) forget(key string, a *answer) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.answers[key] == a {
		delete(h.answers, key)
	}
}

func (h *Nodes) evaluate(ctx context.Context, t Target, pod *corev1.Pod, request engine.Request) (engine.Report, error) {
	out := &bytes.Buffer{}
	run := h.Exec
	if run == nil {
		run = h.exec
	}
	code, err := run(ctx, pod, t.Container, request.Command(), strings.NewReader(request.Expression()), &limited{out, maxAnswer})
	if err != nil {
		return engine.Report{}, err
	}
	return engine.Parse(out.String(), code)
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
