package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/test/e2e/platform"
	"github.com/glific/organisation-operator/test/e2e/traffic"
	"github.com/glific/organisation-operator/test/standin"
)

// hotRelease makes a Release of the stand-in whose code may enter running pods.
func hotRelease(t *testing.T, p *platform.Platform, version string, spec v1alpha1.HotSpec) string {
	t.Helper()
	release, err := standin.Release(version, p.Images["standin-"+version], p.Images["frontend"])
	if err != nil {
		t.Fatal(err)
	}
	release.Name = strings.ToLower(strings.Join([]string{"hot", string(spec.Engine) + string(spec.Mode), version}, "-"))
	spec.SoakSeconds = 5
	release.Spec.Update.Hot = &spec
	if err := p.Client.Create(t.Context(), release); client.IgnoreAlreadyExists(err) != nil {
		t.Fatal(err)
	}
	return release.Name
}

func twice(release string) func(*v1alpha1.Organisation) {
	return func(o *v1alpha1.Organisation) {
		pinned(release)(o)
		o.Spec.Messaging = &v1alpha1.MessagingSpec{Replicas: 2}
	}
}

// containers are the IDs of what runs in the back end's pods, with the pods' UIDs.
func (n ngo) containers() string {
	n.t.Helper()
	var all []string
	for _, pod := range n.pods(names.Backend) {
		for _, c := range pod.Status.ContainerStatuses {
			all = append(all, fmt.Sprintf("%s %s %s", pod.Name, pod.UID, c.ContainerID))
		}
	}
	return strings.Join(all, "\n")
}

// versions that the nodes themselves say they are; what is being deleted does not count.
func (n ngo) versions() string {
	n.t.Helper()
	var all []string
	for _, pod := range n.pods(names.Backend) {
		if pod.DeletionTimestamp != nil {
			continue
		}
		out, err := n.p.Kubectl(n.ctx(), nil, "--namespace="+pod.Namespace, "exec", pod.Name, "--container=backend", "--",
			"/release/bin/prod", "rpc", `IO.puts(Application.spec(:standin, :vsn))`)
		if err != nil {
			out = err.Error()
		}
		all = append(all, strings.TrimSpace(out))
	}
	return strings.Join(all, " ")
}

func (n ngo) hot() v1alpha1.HotStatus {
	n.t.Helper()
	org := &v1alpha1.Organisation{}
	if err := n.p.Client.Get(n.ctx(), client.ObjectKey{Name: n.name}, org); err != nil {
		n.t.Fatal(err)
	}
	if org.Status.Hot == nil {
		return v1alpha1.HotStatus{}
	}
	return *org.Status.Hot
}

// New code enters two pods under load: nothing is dropped, and the containers are the
// same; whatever is killed then, the new version boots.
func TestHotUpgrade(t *testing.T) {
	for _, engine := range []v1alpha1.HotEngine{v1alpha1.HotRelup, v1alpha1.HotModuleSwap} {
		t.Run(string(engine), func(t *testing.T) {
			p := start(t)
			was := hotRelease(t, p, "0.1.0", v1alpha1.HotSpec{Engine: engine})
			is := hotRelease(t, p, "0.2.0", v1alpha1.HotSpec{Engine: engine})
			n := found(t, p, "hot-"+strings.ToLower(string(engine)), twice(was))
			before := n.containers()
			load := traffic.Load{
				Gateway: p.Gateway, Host: platform.Host(n.name), Requests: 20, Webhooks: 5, Sockets: 100,
				WebsocketPath: "/socket", Webhook: p.Webhook(n.name),
			}.Start(t.Context())
			time.Sleep(5 * time.Second) // the load is to be steady before anything changes
			began := time.Now()
			n.serve(is)
			t.Logf("%s: %.1f s until Ready; %+v", engine, time.Since(began).Seconds(), n.hot())
			time.Sleep(5 * time.Second) // and after it
			if report := n.unharmed(load); report.Broken > 0 {
				t.Errorf("%d websockets were cut", report.Broken)
			}
			if after := n.containers(); after != before {
				t.Errorf("containers changed from\n%s\nto\n%s", before, after)
			}
			if got := n.versions(); got != "0.2.0 0.2.0" {
				t.Errorf("the nodes are %s", got)
			}
			if got := n.hot(); got.State != v1alpha1.HotComplete || got.Engine != engine {
				t.Errorf("status.hot: %+v", got)
			}
			n.rolledOut()
			n.bootsAfterEveryDeath("0.2.0 0.2.0")
			n.back(was, engine)
		})
	}
}

// back down: a relup leads there too, and modules are not exchanged for older ones.
func (n ngo) back(was string, engine v1alpha1.HotEngine) {
	n.t.Helper()
	before, began := n.containers(), time.Now()
	n.comesOn(was)
	got := n.hot()
	n.t.Logf("back to 0.1.0 after %.1f s: %+v", time.Since(began).Seconds(), got)
	if versions := n.versions(); versions != "0.1.0 0.1.0" {
		n.t.Errorf("the nodes are %s", versions)
	}
	switch same := n.containers() == before; {
	case engine == v1alpha1.HotRelup && (got.State != v1alpha1.HotComplete || !same):
		n.t.Errorf("back by the relup: %+v; the same containers: %v", got, same)
	case engine == v1alpha1.HotModuleSwap && (got.Reason != "Downgrade" || same):
		n.t.Errorf("back without a relup: %+v; the same containers: %v", got, same)
	}
}

// comesOn declares a Release and waits until it serves.
func (n ngo) comesOn(release string) {
	n.t.Helper()
	n.edit(pinned(release))
	n.comesTo(release)
}

// rolledOut: Kubernetes itself finds nothing left to do, and one ReplicaSet with pods.
func (n ngo) rolledOut() {
	n.t.Helper()
	if out, err := n.p.Kubectl(n.ctx(), nil, "--namespace="+platform.Namespace(n.name), "rollout", "status", "deployment/backend", "--timeout=10s"); err != nil {
		n.t.Errorf("rollout status: %v %s", err, out)
	}
	var sets appsv1.ReplicaSetList
	if err := n.p.Client.List(n.ctx(), &sets, client.InNamespace(platform.Namespace(n.name)), client.MatchingLabels{v1alpha1.LabelComponent: names.Backend}); err != nil {
		n.t.Fatal(err)
	}
	if len(sets.Items) != 1 {
		n.t.Errorf("%d ReplicaSets of the back end exist, where the one was to be adopted", len(sets.Items))
	}
}

// bootsAfterEveryDeath kills what a pod depends on, one after the other, and waits until
// all pods are ready again, in containers that did not run before, with what is wanted.
func (n ngo) bootsAfterEveryDeath(want string) {
	n.t.Helper()
	halt := func(pod corev1.Pod) {
		_, _ = n.p.Kubectl(n.t.Context(), nil, "--namespace="+pod.Namespace, "exec", pod.Name, "--container=backend", "--",
			"/release/bin/prod", "rpc", `:erlang.halt(137)`) // the connection ends with it
	}
	for _, death := range []struct {
		of   string
		kill func(corev1.Pod)
	}{
		{"the Erlang machine", halt},
		{"the sandbox", n.killSandbox},
		{"the kubelet, and the Erlang machine without it", func(pod corev1.Pod) {
			n.agent("kill", "kubelet")
			n.haltWithoutKubelet(pod)
			n.agent("start", "kubelet")
		}},
		{"the pod", n.delete},
	} {
		victim, began := n.pods(names.Backend)[0], time.Now()
		ran := victim.Status.ContainerStatuses[0].ContainerID
		death.kill(victim)
		n.until(fmt.Sprintf("after the death of %s, all run %s", death.of, want), patience, func() bool {
			pods := n.pods(names.Backend)
			return len(pods) == 2 && n.leftOver() == 0 && allReady(pods) && !strings.Contains(n.containers(), ran) && n.versions() == want
		})
		n.t.Logf("death of %s: %s again after %.1f s", death.of, want, time.Since(began).Seconds())
	}
}

func (n ngo) killSandbox(pod corev1.Pod) {
	n.t.Helper()
	if err := n.p.KillSandbox(pod); err != nil {
		n.t.Fatal(err)
	}
}

func (n ngo) haltWithoutKubelet(pod corev1.Pod) {
	n.t.Helper()
	if err := n.p.Kill(pod, "beam.smp"); err != nil {
		n.t.Fatal(err)
	}
}

func allReady(pods []corev1.Pod) bool {
	for _, pod := range pods {
		if len(pod.Status.ContainerStatuses) == 0 || !pod.Status.ContainerStatuses[0].Ready {
			return false
		}
	}
	return true
}
