package e2e

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/test/e2e/platform"
	"github.com/glific/organisation-operator/test/e2e/traffic"
)

// patience is how long anything may take that is expected of an NGO.
const patience = 4 * time.Minute

// ngo is one Organisation in a test.
type ngo struct {
	t    *testing.T
	p    *platform.Platform
	name string
}

// found an NGO and wait until it serves. On a cluster that was kept from an earlier run,
// AGAIN=x gives it another name.
func found(t *testing.T, p *platform.Platform, name string, edit func(*v1alpha1.Organisation)) ngo {
	t.Helper()
	n := ngo{t, p, name + os.Getenv("AGAIN")}
	t.Cleanup(n.explain)
	began := time.Now()
	if err := p.Found(t.Context(), n.name, edit); err != nil {
		t.Fatal(err)
	}
	org := n.await(v1alpha1.Ready, "True")
	t.Logf("%s serves Release %s, %.0f s after it was declared", n.name, org.Status.Release.Serving, time.Since(began).Seconds())
	return n
}

// ctx is not over when the test ends: what a test broke is cured after that.
func (n ngo) ctx() context.Context { return context.WithoutCancel(n.t.Context()) }

// explain how things stand where a test failed, while it can still be seen.
func (n ngo) explain() {
	if n.t.Failed() {
		n.t.Log(n.p.Scene(n.ctx(), n.name))
	}
}

// pinned to a Release.
func pinned(release string) func(*v1alpha1.Organisation) {
	return func(o *v1alpha1.Organisation) { o.Spec.Release = &v1alpha1.OrganisationRelease{Name: release} }
}

func (n ngo) edit(edit func(*v1alpha1.Organisation)) {
	n.t.Helper()
	if err := n.p.Edit(n.ctx(), n.name, edit); err != nil {
		n.t.Fatal(err)
	}
}

// retry asks for one more try of what failed.
func (n ngo) retry() {
	n.t.Helper()
	n.edit(func(o *v1alpha1.Organisation) {
		metav1.SetMetaDataAnnotation(&o.ObjectMeta, v1alpha1.AnnotationRetryAt, time.Now().UTC().Format(time.RFC3339Nano))
	})
}

// await a condition, as status or status/reason, at the newest generation.
func (n ngo) await(condition, want string) *v1alpha1.Organisation {
	n.t.Helper()
	org, err := n.p.Await(n.ctx(), n.name, condition, want, patience)
	if err != nil {
		n.t.Fatal(err)
	}
	return org
}

// says returns a condition that must be as wanted now.
func (n ngo) says(org *v1alpha1.Organisation, condition, want string) string {
	n.t.Helper()
	c := meta.FindStatusCondition(org.Status.Conditions, condition)
	if c == nil || string(c.Status)+"/"+c.Reason != want && string(c.Status) != want {
		n.t.Errorf("%s of %s is not %s:\n%s", condition, n.name, want, platform.Describe(org))
		return ""
	}
	n.t.Logf("%s of %s: %s/%s: %s", condition, n.name, c.Status, c.Reason, c.Message)
	return c.Message
}

// serve a Release, and wait until it does.
func (n ngo) serve(release string) *v1alpha1.Organisation {
	n.t.Helper()
	n.edit(pinned(release))
	org := n.await(v1alpha1.Ready, "True")
	if org.Status.Release.Serving != release {
		n.t.Fatalf("%s serves %s, not %s", n.name, org.Status.Release.Serving, release)
	}
	return org
}

// pods of a component, the oldest first.
func (n ngo) pods(component string) []corev1.Pod {
	n.t.Helper()
	var list corev1.PodList
	if err := n.p.Client.List(n.ctx(), &list, client.InNamespace(platform.Namespace(n.name)), client.MatchingLabels{v1alpha1.LabelComponent: component}); err != nil {
		n.t.Fatal(err)
	}
	slices.SortFunc(list.Items, func(a, b corev1.Pod) int {
		return strings.Compare(a.CreationTimestamp.UTC().Format(time.RFC3339)+a.Name, b.CreationTimestamp.UTC().Format(time.RFC3339)+b.Name)
	})
	return list.Items
}

// standing are the UIDs of the pods that serve, and how often their containers started
// again: what must not change while nothing may happen to them.
func (n ngo) standing() string {
	var all []string
	for _, component := range []string{names.Backend, names.Frontend} {
		for _, pod := range n.pods(component) {
			for _, c := range pod.Status.ContainerStatuses {
				all = append(all, fmt.Sprintf("%s %s: %d restarts", pod.Name, pod.UID, c.RestartCount))
			}
		}
	}
	return strings.Join(all, "\n")
}

// jobs of a task.
func (n ngo) jobs(task, release string) []batchv1.Job {
	n.t.Helper()
	var list batchv1.JobList
	if err := n.p.Client.List(n.ctx(), &list, client.InNamespace(platform.Namespace(n.name)),
		client.MatchingLabels{v1alpha1.LabelComponent: task, v1alpha1.LabelRelease: release}); err != nil {
		n.t.Fatal(err)
	}
	return list.Items
}

// light is a load that several NGOs can have at once on a small machine.
func (n ngo) light() *traffic.Run {
	return traffic.Load{
		Gateway: n.p.Gateway, Host: platform.Host(n.name), Requests: 20, Webhooks: 2, Sockets: 10,
		WebsocketPath: "/socket", Webhook: n.p.Webhook(n.name),
	}.Start(n.t.Context())
}

// unharmed ends a load of which nothing may have been lost.
func (n ngo) unharmed(run *traffic.Run) traffic.Report {
	n.t.Helper()
	report := run.Stop()
	n.t.Log(report)
	if report.Failed > 0 || report.Unaccepted > 0 || report.Lost > 0 || report.Answered < 100 {
		n.t.Errorf("something was lost:\n%s", strings.Join(report.Failures, "\n"))
	}
	n.storedOnce(report.Accepted)
	return report
}

// storedOnce compares what was accepted with what the database holds, and runs of jobs.
func (n ngo) storedOnce(accepted []string) {
	n.t.Helper()
	ids := "'" + strings.Join(accepted, "','") + "'"
	query := fmt.Sprintf(`SELECT
		(SELECT count(*) FROM messages WHERE bsp_message_id IN (%s)),
		(SELECT count(*) FROM global.outbound_jobs j JOIN messages m ON m.id = j.message WHERE m.bsp_message_id IN (%s) AND j.state = 'completed'),
		(SELECT count(*) FROM (SELECT job FROM global.outbound_runs GROUP BY job HAVING count(*) > 1) AS twice)`, ids, ids)
	want := fmt.Sprintf("%d|%d|0", len(accepted), len(accepted))
	var got string
	n.until("the last jobs are done", time.Minute, func() bool {
		got = n.sql(query)
		return got == want
	})
	n.t.Logf("messages stored | jobs completed | jobs run twice: %s", got)
}

// sql asks the NGO's database as the superuser.
func (n ngo) sql(query string) string {
	n.t.Helper()
	org := &v1alpha1.Organisation{}
	if err := n.p.Client.Get(n.ctx(), client.ObjectKey{Name: n.name}, org); err != nil {
		n.t.Fatal(err)
	}
	got, err := n.p.SQL(n.ctx(), org.Status.Database.Name, query)
	if err != nil {
		n.t.Fatal(err)
	}
	return got
}

// until polls for what has no condition of its own.
func (n ngo) until(what string, atMost time.Duration, is func() bool) {
	n.t.Helper()
	for deadline := time.Now().Add(atMost); !is(); time.Sleep(time.Second / 2) {
		if time.Now().After(deadline) {
			n.t.Fatalf("%s: not: %s, in %s", n.name, what, atMost)
		}
	}
}
