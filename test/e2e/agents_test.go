package e2e

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
)

// The node's agents die without a word. What runs goes on without them, is taken over by
// the new ones as it is, and they can start pods again.
func TestTheNodesAgentsAreKilled(t *testing.T) {
	p := start(t)
	if !p.OwnNode() {
		t.Skip("only the node of hack/cluster lets its agents be killed")
	}
	n := found(t, p, "dina", nil)
	stood := n.standing()
	load := n.light()
	for _, agents := range [][]string{{"kubelet"}, {"containerd"}, {"containerd", "kubelet"}} {
		for _, agent := range agents {
			n.agent("kill", agent)
		}
		time.Sleep(10 * time.Second) // it serves meanwhile
		began := time.Now()
		for _, agent := range agents {
			n.agent("start", agent)
		}
		n.until("the node is ready again", patience, func() bool { return n.node(began) })
		t.Logf("%v killed, and started 10 s later; the node's next word that it is ready came after %.1f s", agents, time.Since(began).Seconds())
	}
	n.untouched(stood)

	began := time.Now()
	n.annotate(v1alpha1.AnnotationRestartAt, began.UTC().Format(time.RFC3339))
	n.until("new pods serve", patience, func() bool {
		pods := n.pods(names.Backend)
		return len(pods) == 1 && pods[0].CreationTimestamp.After(began.Add(-time.Second)) && n.read().Status.Release.Serving != ""
	})
	n.becomes(v1alpha1.Ready, "True", patience)
	t.Logf("new pods served %.1f s after they were asked for", time.Since(began).Seconds())
	n.unharmed(load)
}

func (n ngo) agent(verb, program string) {
	n.t.Helper()
	if err := n.p.Agent(n.ctx(), verb, program); err != nil {
		n.t.Fatal(err)
	}
}

// node tells whether the kubelet has said since then that its node is ready.
func (n ngo) node(since time.Time) bool {
	n.t.Helper()
	var nodes corev1.NodeList
	if err := n.p.Client.List(n.ctx(), &nodes, &client.ListOptions{}); err != nil {
		n.t.Fatal(err)
	}
	for _, node := range nodes.Items {
		for _, c := range node.Status.Conditions {
			if c.Type == corev1.NodeReady {
				return c.Status == corev1.ConditionTrue && c.LastHeartbeatTime.After(since.Add(-time.Second))
			}
		}
	}
	return false
}
