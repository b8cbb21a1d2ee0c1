package e2e

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"

	"github.com/glific/organisation-operator/test/e2e/platform"
)

// A node is drained while it carries an NGO with one replica, its database, the gateway
// and the cluster's DNS: nothing blocks the drain, and when the node is back, all of it
// comes back. The operator's own two pods stay: their budget lets one be evicted at a
// time, and a lone node has no place for its successor.
func TestADrainIsNotHeldUpByOneReplica(t *testing.T) {
	p := start(t)
	n := found(t, p, "gita", nil)
	var nodes corev1.NodeList
	if err := p.Client.List(t.Context(), &nodes); err != nil {
		t.Fatal(err)
	}
	if len(nodes.Items) != 1 {
		t.Skipf("%d nodes: pods would move", len(nodes.Items))
	}
	node := nodes.Items[0].Name
	load := n.light()
	time.Sleep(3 * time.Second)

	book, began := newDiary(), time.Now()
	t.Cleanup(func() { // whatever fails: the tests that follow need the node
		if _, err := p.Kubectl(context.WithoutCancel(t.Context()), nil, "uncordon", node); err != nil {
			t.Error(err)
		}
	})
	n.kubectl("drain", node, "--ignore-daemonsets", "--delete-emptydir-data", "--force", "--timeout=240s",
		"--pod-selector=app.kubernetes.io/name!=organisation-operator")
	t.Logf("drained in %.1f s", time.Since(began).Seconds())
	n.until("status says that it is not available", time.Minute, func() bool {
		book.note(n.name, n.read().Status.Conditions, v1alpha1.Ready, v1alpha1.Available)
		return !book.stands(n.name, v1alpha1.Available, "True/Ready") && !book.stands(n.name, v1alpha1.Ready, "True/Ready")
	})

	began = time.Now()
	n.kubectl("uncordon", node)
	n.until("its pods run again", patience, func() bool {
		book.note(n.name, n.read().Status.Conditions, v1alpha1.Ready, v1alpha1.Available)
		return book.stands(n.name, v1alpha1.Ready, "True/Ready") && len(n.pods(names.Backend)) == 1
	})
	t.Logf("%s is Ready %.1f s after the node may be used again", n.name, time.Since(began).Seconds())
	t.Logf("what status said:\n%s", book)
	n.until("its users are answered", time.Minute, func() bool { return n.answers() })
	report := load.Stop()
	t.Log(report)
	n.storedOnce(report.Accepted)
	if report.Lost > 0 {
		t.Errorf("%d messages of websockets were lost: %v", report.Lost, report.Failures)
	}
}

// answers tells whether a user is answered now.
func (n ngo) answers() bool {
	answer, err := n.p.Gateway.Client(false).Get(fmt.Sprintf("https://%s/", platform.Host(n.name)))
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}
