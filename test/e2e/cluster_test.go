package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/test/e2e/platform"
)

// Two pods of an NGO are one Erlang cluster, and another NGO's node is kept out.
func TestErlangClustersEndAtTheNGO(t *testing.T) {
	p := start(t)
	t.Parallel()
	n := found(t, p, "nisha", func(o *v1alpha1.Organisation) { o.Spec.Messaging = &v1alpha1.MessagingSpec{Replicas: 2} })
	stranger := found(t, p, "omar", nil)

	nodes := n.nodes()
	for pod, node := range nodes {
		n.until("its nodes know each other", time.Minute, func() bool {
			seen := n.rpc(pod, "IO.puts(inspect(Node.list()))")
			return strings.Count(seen, "prod@") == 1 && !strings.Contains(seen, node)
		})
		t.Logf("%s: %s sees %s", n.name, node, n.rpc(pod, "IO.puts(inspect(Node.list()))"))
	}
	stranger.keptOut(n, nodes)
	for _, n := range []ngo{n, stranger} {
		n.guarded()
	}
}

// nodes of an NGO by pod, by the names that they have themselves.
func (n ngo) nodes() map[string]string {
	n.t.Helper()
	nodes := map[string]string{}
	for _, pod := range n.pods(names.Backend) {
		nodes[pod.Name] = n.rpc(pod.Name, "IO.puts(node())")
	}
	return nodes
}

// rpc in one pod.
func (n ngo) rpc(pod, expression string) string {
	n.t.Helper()
	said, err := n.p.Kubectl(n.ctx(), nil, "--namespace="+platform.Namespace(n.name), "exec", pod, "--container=backend", "--", "/app/bin/prod", "rpc", expression)
	if err != nil {
		n.t.Fatal(err)
	}
	return strings.TrimSpace(said)
}

// keptOut tells the stranger's node to connect to each of the other NGO's. The control is
// the same with the other's cookie: where that works, it was the cookie that refused;
// where it does not, the network did.
func (n ngo) keptOut(other ngo, nodes map[string]string) {
	n.t.Helper()
	own := n.pods(names.Backend)[0].Name
	cookie := other.secretValue("RELEASE_COOKIE")
	for _, node := range nodes {
		refused := n.rpc(own, fmt.Sprintf("IO.puts(inspect({Node.connect(:%q), Node.list()}))", node))
		wrong := n.rpc(own, fmt.Sprintf("Node.set_cookie(:%q, :wrong); IO.puts(inspect({Node.connect(:%q), Node.list()}))", node, node))
		n.t.Logf("%s told to connect to %s: %s, with a wrong cookie: %s", n.name, node, refused, wrong)
		if refused != "{false, []}" || wrong != "{false, []}" {
			n.t.Errorf("%s connects to %s", n.name, node)
		}
		control := n.rpc(own, fmt.Sprintf("Node.set_cookie(:%q, :%q); IO.puts(:net_kernel.hidden_connect_node(:%q)); Node.disconnect(:%q); Node.set_cookie(:%q, Node.get_cookie())", node, cookie, node, node, node))
		if control == "true" {
			n.t.Logf("control: with the cookie of %s it connects. This network plug-in does not enforce NetworkPolicies, so refusal at packet level is not tested here", other.name)
			continue
		}
		n.t.Logf("control: not even with the cookie of %s (%s): the network plug-in enforces the NetworkPolicies", other.name, control)
	}
}

// secretValue of the environment that the NGO's pods take.
func (n ngo) secretValue(key string) string {
	n.t.Helper()
	from := n.pods(names.Backend)[0].Spec.Containers[0].EnvFrom[0].SecretRef.Name
	secret := &corev1.Secret{}
	if err := n.p.Client.Get(n.ctx(), client.ObjectKey{Namespace: platform.Namespace(n.name), Name: from}, secret); err != nil {
		n.t.Fatal(err)
	}
	return string(secret.Data[key])
}

// guarded: a policy selects every pod and lets nothing in or out, beside those that
// allow something.
func (n ngo) guarded() {
	n.t.Helper()
	var policies networkingv1.NetworkPolicyList
	if err := n.p.Client.List(n.ctx(), &policies, client.InNamespace(platform.Namespace(n.name))); err != nil {
		n.t.Fatal(err)
	}
	var all []string
	denied := false
	for _, policy := range policies.Items {
		s := policy.Spec
		everything := len(s.PodSelector.MatchLabels)+len(s.PodSelector.MatchExpressions) == 0 && len(s.Ingress)+len(s.Egress) == 0
		denied = denied || everything && len(s.PolicyTypes) == 2
		all = append(all, policy.Name)
	}
	slices.Sort(all)
	n.t.Logf("NetworkPolicies of %s: %s", n.name, strings.Join(all, ", "))
	if !denied {
		n.t.Errorf("no NetworkPolicy of %s denies everything", n.name)
	}
}
