package standin_test

import (
	"strings"
	"testing"
)

// On Kubernetes the headless Service's name leads to the pods; here localhost leads to
// all nodes of this machine.
func TestNodesOfOneTenantFormACluster(t *testing.T) {
	who, stranger := filled(t, "0.1.0"), filled(t, "0.1.0")
	together := map[string]string{"CLUSTER_SERVICE": "localhost"}
	first := start(t, built(t, "0.1.0"), who.with(together)).ready(t)
	env := who.with(together)
	env["HTTP_PORT"] = stranger.env["HTTP_PORT"]
	second := start(t, built(t, "0.1.0"), env).ready(t)
	nodes := func(n *node) string { return n.rpc(t, `IO.inspect(Enum.sort(Node.list()))`) }
	eventually(t, "the two are one cluster", func() bool {
		return nodes(first) == "[:\""+second.env["RELEASE_NODE"]+"\"]" && nodes(second) == "[:\""+first.env["RELEASE_NODE"]+"\"]"
	})

	ws, _ := openWebsocket(t, second, "/socket", "https://"+who.host)
	if got := ws.say(t, "subscribe"); got != "subscribed" {
		t.Fatal(got)
	}
	if status, body := first.send(t, provider, "id", "1"); status != 200 {
		t.Fatal(status, body)
	}
	if _, got := ws.receive(t); got != "message 1" {
		t.Errorf("a websocket of the other node is told %q", got)
	}
	second.terminate(t)
	second.ends(t)

	other := start(t, built(t, "0.1.0"), stranger.with(together)).ready(t)
	attempt := `IO.inspect(Node.connect(:"` + first.env["RELEASE_NODE"] + `"))`
	if got := other.rpc(t, attempt); got != "false" {
		t.Errorf("another tenant's node, told to connect: %s", got)
	}
	if got := nodes(other) + nodes(first); strings.Contains(got, "prod") {
		t.Errorf("another tenant's node is in the cluster: %s", got)
	}
}
