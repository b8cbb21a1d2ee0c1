package standin_test

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// patience bounds every wait for something that a node will do.
const patience = 30 * time.Second

// node is a running release.
type node struct {
	release string
	env     map[string]string
	url     string
	log     *log
	process *exec.Cmd
	ended   chan struct{}
}

// log may be read while a process writes it.
type log struct {
	sync.Mutex
	bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.Lock()
	defer l.Unlock()
	return l.Buffer.Write(p)
}

func (l *log) String() string {
	l.Lock()
	defer l.Unlock()
	return l.Buffer.String()
}

// started counts nodes: pods have addresses of their own, and here names must differ.
var started atomic.Int64

// start boots a node with an environment; the test ends it.
func start(t *testing.T, release string, env map[string]string) *node {
	t.Helper()
	env = maps.Clone(env)
	env["RELEASE_NODE"] = fmt.Sprintf("prod%d@127.0.0.1", started.Add(1))
	n := &node{release: release, env: env, url: "http://127.0.0.1:" + env["HTTP_PORT"], log: &log{}, ended: make(chan struct{})}
	n.process = command(t.Context(), t, release, env, "start")
	n.process.Stdout, n.process.Stderr = n.log, n.log
	// SIGTERM is what a kubelet sends, to the group, which a VM that was killed does not leave behind.
	n.process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	n.process.Cancel = func() error { return syscall.Kill(-n.process.Process.Pid, syscall.SIGKILL) }
	if err := n.process.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = n.process.Wait() // how it ended is in the log
		close(n.ended)
	}()
	t.Cleanup(func() {
		_ = syscall.Kill(-n.process.Process.Pid, syscall.SIGKILL) // it may have ended
		<-n.ended
		if t.Failed() {
			t.Logf("log of the node:\n%s", n.log)
		}
	})
	return n
}

// ready waits until the node answers its probe.
func (n *node) ready(t *testing.T) *node {
	t.Helper()
	eventually(t, "the node answers GET / with 200", func() bool {
		select {
		case <-n.ended:
			t.Fatal("the node ended")
		default:
		}
		return n.status(t, n.request(t, "GET", "/", "")) == http.StatusOK
	})
	return n
}

// request is one to the tenant's host.
func (n *node) request(t *testing.T, method, path, body string) *http.Request {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, n.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Host = n.env["BASE_URL"]
	return request
}

// do sends a request and returns status and body; 0 when nobody answers.
func (n *node) do(t *testing.T, request *http.Request) (int, string) {
	t.Helper()
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err.Error()
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

func (n *node) status(t *testing.T, request *http.Request) int {
	t.Helper()
	status, _ := n.do(t, request)
	return status
}

// rpc evaluates an expression on the node, as people do through the API server.
func (n *node) rpc(t *testing.T, expression string) string {
	t.Helper()
	return strings.TrimSpace(mustRun(t, n.release, n.env, "rpc", expression))
}

// terminate sends SIGTERM to the node itself, as the kubelet does.
func (n *node) terminate(t *testing.T) {
	t.Helper()
	if err := n.process.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
}

// eventually asks until the answer is yes.
func eventually(t *testing.T, what string, yes func() bool) {
	t.Helper()
	deadline := time.After(patience)
	for !yes() {
		select {
		case <-time.After(50 * time.Millisecond):
		case <-deadline:
			t.Fatalf("not within %s: %s", patience, what)
		}
	}
}
