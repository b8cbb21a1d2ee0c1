package e2e

import (
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
)

// steps of an upgrade of running pods, by what status says in each.
var steps = []struct{ name, says string }{
	{"staged", "beside the running one of Pod"},
	{"asked", "is asked whether new code can enter"},
	{"changed", "new code enters Pod"},
	{"soaking", "new code must run for"},
	{"settled", "a restart of Pod"},
	{"adopted", "is given the new template"},
}

// met waits until an upgrade is in a step; false if it was over first.
func (n ngo) met(release, says string) bool {
	n.t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if hot := n.hot(); hot.Release == release && strings.Contains(hot.Message, says) {
			return true
		} else if hot.Release == release && hot.State != v1alpha1.HotUpgrading {
			return false
		}
	}
	n.t.Fatalf("%s: no upgrade to %s: %+v", n.name, release, n.hot())
	return false
}

// A pod is deleted, and another time one is added, in each step, on the way up and on the
// way back: all pods come to the declared version, and whoever is not on that pod
// notices nothing.
func TestPodsComeAndGoInEachStep(t *testing.T) {
	thorough(t)
	p := start(t)
	t.Parallel()
	zero, two := hotRelease(t, p, "0.1.0", v1alpha1.HotSpec{Engine: relup}), hotRelease(t, p, "0.2.0", v1alpha1.HotSpec{Engine: relup})
	n := found(t, p, "comego", func(o *v1alpha1.Organisation) {
		twice(zero)(o)
		o.Spec.Database = &v1alpha1.DatabaseSpec{ConnectionLimit: 30} // three pods, and one more while they are exchanged
	})
	at := map[string]string{zero: "0.1.0", two: "0.2.0"}
	to := two
	for _, step := range steps {
		for _, change := range []string{"deleted", "added"} {
			load, kept, began := n.light(), n.pods(names.Backend)[1], time.Now()
			n.edit(pinned(to))
			met := n.met(to, step.says)
			replicas := int32(2)
			if change == "deleted" {
				n.delete(n.pods(names.Backend)[0])
			} else {
				replicas = 3
				n.edit(func(o *v1alpha1.Organisation) { o.Spec.Messaging.Replicas = replicas })
			}
			n.comesTo(to)
			n.endsOn(at[to], int(replicas))
			report := n.unharmed(load)
			t.Logf("a pod is %-7s when %-8s (met: %v) %s after %4.1f s: %s %s; %d requests, %d failed; %d websockets cut",
				change, step.name, met, at[to], time.Since(began).Seconds(), n.hot().State, n.hot().Reason, report.Answered+report.Failed, report.Failed, report.Broken)
			if change == "deleted" && n.hot().State == v1alpha1.HotComplete && !n.has(kept) {
				t.Errorf("Pod %s, which nobody touched, is gone", kept.Name)
			}
			if replicas > 2 {
				n.edit(func(o *v1alpha1.Organisation) { o.Spec.Messaging.Replicas = 2 })
				n.endsOn(at[to], 2)
			}
			to = map[string]string{zero: two, two: zero}[to]
		}
	}
}

// endsOn waits until so many pods are there and ready, all of one version.
func (n ngo) endsOn(version string, replicas int) {
	n.t.Helper()
	want := strings.TrimSpace(strings.Repeat(version+" ", replicas))
	n.until("all pods are "+want, patience, func() bool {
		pods := n.pods(names.Backend)
		return len(pods) == replicas && n.leftOver() == 0 && allReady(pods) && n.versions() == want
	})
}

func (n ngo) has(pod corev1.Pod) bool {
	for _, is := range n.pods(names.Backend) {
		if is.UID == pod.UID {
			return true
		}
	}
	return false
}
