package e2e

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/test/e2e/platform"
)

// What a copy of a live state shows to be wrong is refused, and new pods take over: a
// rolling update in which nothing that is sent again gets lost.
func TestARefusedHotUpgradeRollsWithoutLoss(t *testing.T) {
	p := start(t)
	was, is := hotRelease(t, p, "0.2.0", v1alpha1.HotSpec{}), hotRelease(t, p, "0.3.0", v1alpha1.HotSpec{})
	n := found(t, p, "refused", func(o *v1alpha1.Organisation) {
		twice(was)(o)
		fail := "fail"
		o.Spec.Messaging.Env = []v1alpha1.EnvVar{{Name: "STANDIN_CODE_CHANGE", Value: &fail}}
	})
	load := n.light()
	time.Sleep(5 * time.Second) // the load is to be steady before anything changes
	n.serve(is)
	n.unharmed(load)
	if got := n.hot(); got.State != v1alpha1.HotRefused || got.Reason != "CodeChangeFailed" {
		t.Errorf("status.hot: %+v", got)
	} else {
		t.Log(got.Message)
	}
	if got := n.versions(); got != "0.3.0 0.3.0" {
		t.Errorf("the nodes are %s", got)
	}
}

// The operator ends at each of the steps, again and again; and a pod is deleted in the
// middle. Every node comes to the new version, and whoever is not on that pod notices
// nothing.
func TestHotUpgradeOutlivesOperatorAndPod(t *testing.T) {
	p := start(t)
	was, is := hotRelease(t, p, "0.1.0", v1alpha1.HotSpec{}), hotRelease(t, p, "0.2.0", v1alpha1.HotSpec{})
	n := found(t, p, "outlives", twice(was))
	kept := n.pods(names.Backend)[1]
	load := n.light()
	time.Sleep(5 * time.Second) // the load is to be steady before anything changes
	n.edit(pinned(is))
	for last, deadline := "", time.Now().Add(patience); n.hot().State != v1alpha1.HotComplete; {
		if time.Now().After(deadline) {
			t.Fatalf("not complete in %s: %+v", patience, n.hot())
		}
		if now := n.hot(); now.Message != last {
			last = now.Message
			t.Logf("the operator is killed at: %s", last)
			n.killOperator()
			if last == "new code enters Pod "+kept.Name {
				n.delete(n.pods(names.Backend)[0])
			}
		}
		time.Sleep(time.Second / 2)
	}
	n.await(v1alpha1.Ready, "True")
	n.unharmed(load)
	n.rolledOut()
	if got := n.versions(); got != "0.2.0 0.2.0" {
		t.Errorf("the nodes are %s", got)
	}
}

// killOperator ends its pods without grace; others come.
func (n ngo) killOperator() {
	n.t.Helper()
	err := n.p.Client.DeleteAllOf(n.ctx(), &corev1.Pod{}, client.InNamespace(platform.OperatorNamespace),
		client.MatchingLabels{"app.kubernetes.io/name": "organisation-operator"}, client.GracePeriodSeconds(0))
	if err != nil {
		n.t.Fatal(err)
	}
}

func (n ngo) delete(pod corev1.Pod) {
	n.t.Helper()
	n.t.Logf("Pod %s is deleted", pod.Name)
	if err := n.p.Client.Delete(n.ctx(), &pod); err != nil {
		n.t.Fatal(err)
	}
}
