package e2e

import (
	"testing"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/test/e2e/platform"
)

// The database server is restarted, stopped for a minute, and frozen for another,
// under load. No pod is killed for it, status tells the truth, everything recovers
// without help, and what was accepted is stored once.
func TestTheDatabaseServerFails(t *testing.T) {
	p := start(t)
	n := found(t, p, "hema", nil)
	for _, chapter := range []struct {
		name   string
		fail   func(ngo)
		cure   func(ngo)
		lasts  time.Duration
		unseen bool // it may be over before anybody looks
		frozen bool // its processes are stopped where they are
	}{
		{name: "its pod is deleted", fail: func(n ngo) { n.postgres("delete", "pod", "--selector=app=postgres") }, cure: func(ngo) {}, unseen: true},
		{name: "it is stopped for a minute", lasts: time.Minute,
			fail: func(n ngo) { n.postgres("scale", "statefulset/postgres", "--replicas=0") },
			cure: func(n ngo) { n.postgres("scale", "statefulset/postgres", "--replicas=1") }},
		{name: "it is frozen for a minute", lasts: time.Minute, frozen: true, fail: func(n ngo) { n.freeze(true) }, cure: func(n ngo) { n.freeze(false) }},
	} {
		t.Run(chapter.name, func(t *testing.T) {
			if !p.OwnNode() && chapter.frozen {
				t.Skip("only on the node of hack/cluster are the server's processes at hand")
			}
			n := ngo{t, p, n.name}
			stood, load := n.standing(), n.light()
			time.Sleep(3 * time.Second)
			book := newDiary()
			chapter.fail(n)
			n.watch(book, chapter.lasts, func() bool { return time.Since(book.began) > chapter.lasts })
			chapter.cure(n)
			began := time.Now()
			n.watch(book, patience, func() bool { return n.recovered(book) })
			t.Logf("everything is Ready again %.1f s after the server may run", time.Since(began).Seconds())
			time.Sleep(3 * time.Second)
			report := load.Stop()
			t.Log(report)
			n.untouched(stood)
			wants := map[string]string{v1alpha1.Ready: "Unknown/ServerUnreachable", v1alpha1.Available: "Unknown/ServerUnreachable", v1alpha1.UpToDate: "True/Ready"}
			if chapter.unseen {
				wants = nil
			}
			book.must(t, n.name, wants)
			n.storedOnce(report.Accepted)
			if len(report.Accepted) == 0 || report.Lost > 0 {
				t.Errorf("nothing was accepted, or %d messages of websockets were lost: %v", report.Lost, report.Failures)
			}
		})
	}
}

func (n ngo) postgres(args ...string) {
	n.t.Helper()
	n.kubectl(append([]string{"--namespace=postgres"}, args...)...)
}

func (n ngo) freeze(frozen bool) {
	n.t.Helper()
	if err := n.p.Freeze(n.ctx(), "postgres", frozen); err != nil {
		n.t.Fatal(err)
	}
}

// watch what status says, until it is as it must be.
func (n ngo) watch(book *diary, atMost time.Duration, is func() bool) {
	n.t.Helper()
	n.until("status", atMost+time.Minute, func() bool {
		server := &v1alpha1.DatabaseServer{}
		if err := n.p.Client.Get(n.ctx(), client.ObjectKey{Name: "shared-1"}, server); err != nil {
			n.t.Fatal(err)
		}
		book.note("shared-1", server.Status.Conditions, v1alpha1.Ready)
		book.note(n.name, n.read().Status.Conditions, v1alpha1.Ready, v1alpha1.Available, v1alpha1.UpToDate, v1alpha1.Reachable)
		return is()
	})
}

// recovered: status says so, and users are answered.
func (n ngo) recovered(book *diary) bool {
	return book.stands("shared-1", v1alpha1.Ready, "True/Ready") && book.stands(n.name, v1alpha1.Ready, "True/Ready") &&
		book.stands(n.name, v1alpha1.Reachable, "True/Ready") && n.answers() && n.p.Webhook(n.name)(n.ctx(), "after-"+time.Now().Format(time.RFC3339Nano)) == nil
}

func (n ngo) host() string { return platform.Host(n.name) }
