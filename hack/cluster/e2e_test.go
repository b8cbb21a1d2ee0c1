package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// node is the cluster under test and what the tests know of it.
type node struct {
	*cluster
	t     *testing.T
	image string // name@sha256:… of the echo program
}

// TestNode starts a cluster, uses it as a person would, and takes it down. The
// steps build on each other.
func TestNode(t *testing.T) {
	if os.Getenv("E2E") == "" {
		t.Skip("NOT RUN: a real node needs root and minutes; set E2E=1")
	}
	c, err := newCluster("e2e", testOutput{t})
	if err != nil {
		t.Fatal(err)
	}
	unlock, err := c.lock()
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	n := &node{cluster: c, t: t}
	if err := c.down(t.Context()); err != nil { // of an earlier run that was killed
		t.Fatal(err)
	}
	before := traces(t)
	t.Cleanup(func() {
		if err := c.down(context.Background()); err != nil {
			t.Error(err)
		}
	})
	for _, step := range []struct {
		sentence string
		check    func(*node)
	}{
		{"up makes the node Ready", (*node).comesUp},
		{"a second up changes nothing", (*node).isUpAlready},
		{"an image is found by its digest", (*node).loadsAnImage},
		{"two restricted Pods run within their limits", (*node).runsPods},
		{"a Service answers by address and by name", (*node).resolvesNames},
		{"a Pod reaches nothing outside", (*node).isClosed},
		{"logs and exec work through the API server", (*node).showsLogs},
		{"the gateway routes by host name, with and without TLS", (*node).routes},
		{"a rolling update loses no request", (*node).rollsUpdates},
		{"agents that are killed come back and no Pod notices", (*node).survivesItsAgents},
		{"status says what does not run", (*node).tellsItsStatus},
	} {
		ok := t.Run(step.sentence, func(t *testing.T) {
			n.t, c.out = t, testOutput{t}
			step.check(n)
		})
		c.out = testOutput{t}
		if !ok {
			return
		}
	}
	t.Run("down leaves nothing behind", func(t *testing.T) {
		began := time.Now()
		if err := c.down(t.Context()); err != nil {
			t.Fatal(err)
		}
		t.Logf("down took %s", since(began))
		if after := traces(t); after != before {
			t.Errorf("the machine is not as before:\n%s", difference(before, after))
		}
	})
}

func (n *node) comesUp() {
	began := time.Now()
	n.must(n.up(n.t.Context(), false))
	n.t.Logf("up with every program in the cache: %s", since(began))
}

func (n *node) isUpAlready() {
	before := n.pids()
	began := time.Now()
	n.must(n.up(n.t.Context(), false))
	n.t.Logf("second up: %s", since(began))
	if after := n.pids(); after != before {
		n.t.Errorf("programs were restarted: before %s, after %s", before, after)
	}
}

func (n *node) loadsAnImage() {
	dir := n.t.TempDir()
	binary := filepath.Join(dir, "echo")
	build := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-o", binary, "./testdata/echo")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		n.t.Fatalf("%v\n%s", err, out)
	}
	image, err := binaryImage(binary)
	n.must(err)
	digest, err := image.Digest()
	n.must(err)
	n.image = "registry.invalid/echo@" + digest.String()
	archive := filepath.Join(dir, "echo.tar")
	n.must(writeLayout(archive, "registry.invalid/echo:1", image))
	began := time.Now()
	n.must(n.load(n.t.Context(), archive))
	n.t.Logf("load: %s", since(began))
	listing, err := n.ctr(n.t.Context(), "images", "list", "--quiet")
	n.must(err)
	if !strings.Contains(listing, n.image+"\n") {
		n.t.Fatalf("no %s in\n%s", n.image, listing)
	}
}

func (n *node) runsPods() {
	began := time.Now()
	n.applyEcho("1")
	n.t.Logf("2 of 2 Pods available after %s", since(began))
	file := "/sys/fs/cgroup/memory/memory.limit_in_bytes"
	if unified() {
		file = "/sys/fs/cgroup/memory.max"
	}
	if got := strings.TrimSpace(n.exec("cat", file)); got != "67108864" {
		n.t.Errorf("the container's memory limit is %s, want 64Mi", got)
	}
}

func (n *node) resolvesNames() {
	address := n.kube("get", "service", "--namespace=e2e", "echo", "--output=jsonpath={.spec.clusterIP}")
	n.eventually(func() error { // kube-proxy may be a moment behind the Pods' readiness
		_, err := n.kubectl(n.t.Context(), nil, "exec", "--namespace=e2e", "deployment/echo", "--", "/program", "get", "http://"+address)
		return err
	})
	for _, host := range []string{address, "echo", "echo.e2e.svc.cluster.local"} {
		pods := map[string]bool{}
		for i := 0; i < 40 && len(pods) < 2; i++ { // both Pods: one of them reaches itself
			pods[strings.Fields(n.exec("get", "http://"+host+"/"))[0]] = true
		}
		if len(pods) != 2 {
			n.t.Errorf("http://%s: %d of 2 Pods answered", host, len(pods))
		}
	}
	n.must(n.inside(n.t.Context(), n.bin("kubectl"), "--kubeconfig="+n.kubeconfig(),
		"--server=https://"+apiService.String(), "get", "--raw", "/readyz"))
	if got := n.get("http://"+n.nodeAddr.String()+":30080/", ""); !strings.Contains(got, "version=1") {
		n.t.Errorf("the node port answered %q", got)
	}
}

func (n *node) isClosed() {
	for _, url := range []string{"http://192.0.2.1/", "http://example.org/"} {
		began := time.Now()
		out, err := n.kubectl(n.t.Context(), nil, "exec", "--namespace=e2e", "deployment/echo", "--", "/program", "get", url)
		if err == nil {
			n.t.Errorf("%s answered %q", url, out)
		}
		n.t.Logf("%s: refused after %s", url, since(began))
	}
	n.hostIsClosed()
}

// hostIsClosed: no Pod reaches what listens on the host, whose answers would take
// the host's default route.
func (n *node) hostIsClosed() {
	listener, err := net.Listen("tcp", net.JoinHostPort(n.hostAddr.String(), "0"))
	n.must(err)
	defer listener.Close()
	go func() { _ = http.Serve(listener, http.NotFoundHandler()) }()
	url := "http://" + listener.Addr().String() + "/"
	if _, err := n.kubectl(n.t.Context(), nil, "exec", "--namespace=e2e", "deployment/echo", "--", "/program", "get", url); err == nil {
		n.t.Errorf("a Pod reached the host at %s", url)
	}
}

func (n *node) showsLogs() {
	if logs := n.kube("logs", "--namespace=e2e", "deployment/echo"); !strings.Contains(logs, "serving") {
		n.t.Errorf("logs are %q", logs)
	}
	if out := n.exec("cat", "/proc/self/status"); !strings.Contains(out, "NoNewPrivs:\t1") || !strings.Contains(out, "Seccomp:\t2") {
		n.t.Errorf("the container is not confined: %s", out)
	}
}

func (n *node) rollsUpdates() {
	ends := n.startLoads()
	began := time.Now()
	n.applyEcho("2")
	n.t.Logf("rolling update of 2 Pods: %s", since(began))
	ends()
}

func (n *node) routes() {
	began := time.Now()
	n.must(n.up(n.t.Context(), true))
	n.t.Logf("the gateway besides: %s", since(began))
	n.must(n.apply(n.t.Context(), read(n.t, "testdata/route.yaml")))
	began = time.Now()
	n.eventually(func() error {
		if got := n.get("http://"+n.nodeAddr.String()+"/", "asha.ngo.test"); !strings.Contains(got, "host=asha.ngo.test") {
			return fmt.Errorf("answer %q", got)
		}
		return nil
	})
	n.t.Logf("route served after %s", since(began))
	if got := n.get("https://asha.ngo.test/", "asha.ngo.test"); !strings.Contains(got, "proto=https") {
		n.t.Errorf("with TLS: %q", got)
	}
	if got := n.get("http://"+n.nodeAddr.String()+"/", "other.ngo.test"); !strings.HasPrefix(got, "404") {
		n.t.Errorf("an unknown host answered %q", got)
	}
}

func (n *node) survivesItsAgents() {
	n.eventually(n.oldPodsAreGone)
	before := n.containers()
	ends := n.startLoads()
	for _, agent := range []string{"containerd", "kubelet", "kube-proxy", "kube-apiserver", "etcd"} {
		began := time.Now()
		n.must(n.control(n.t.Context(), "kill", agent))
		n.must(n.control(n.t.Context(), "start", agent))
		if agent == "etcd" {
			n.eventually(func() error { return n.apiServerReady(n.t.Context()) })
		}
		n.t.Logf("%s killed and back after %s", agent, since(began))
	}
	n.must(n.awaitNode(n.t.Context()))
	n.applyEcho("2")
	ends()
	if after := n.containers(); after != before {
		n.t.Errorf("containers before:\n%s\nafter:\n%s", before, after)
	}
	n.exec("cat", "/proc/self/status")
}

func (n *node) tellsItsStatus() {
	n.must(n.control(n.t.Context(), "stop", "kube-scheduler"))
	var out bytes.Buffer
	n.out = &out
	n.must(n.status(n.t.Context()))
	for _, want := range []string{"`go run . start kube-scheduler`", "NOT enforced", n.apiURL()} {
		if !strings.Contains(out.String(), want) {
			n.t.Errorf("status does not say %q:\n%s", want, out.String())
		}
	}
}
