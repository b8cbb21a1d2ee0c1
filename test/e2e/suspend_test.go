package e2e

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/test/e2e/platform"
)

// A suspended NGO runs nothing and keeps everything; resumed, it serves with what it had.
func TestSuspendedAndResumed(t *testing.T) {
	p := start(t)
	t.Parallel()
	n := found(t, p, "rupa", nil)
	send := p.Webhook(n.name)
	for i := range 20 {
		if err := send(t.Context(), fmt.Sprintf("%s-%d", n.name, i)); err != nil {
			t.Fatal(err)
		}
	}
	keys, data := n.keys(), n.messages()

	began := time.Now()
	n.edit(func(o *v1alpha1.Organisation) { o.Spec.Power = v1alpha1.PowerSuspended })
	org := n.await(v1alpha1.Available, "False/"+v1alpha1.ReasonSuspended)
	n.until("no pod is left and it is settled", patience, func() bool {
		org = n.await(v1alpha1.Available, "False/"+v1alpha1.ReasonSuspended)
		return len(n.pods(names.Backend))+len(n.pods(names.Frontend)) == 0 && meta.FindStatusCondition(org.Status.Conditions, v1alpha1.Reconciling) == nil
	})
	t.Logf("suspended after %.0f s; the rest of the conditions:\n%s", time.Since(began).Seconds(), platform.Describe(org))
	n.asleep(org, data)

	began = time.Now()
	n.edit(func(o *v1alpha1.Organisation) { o.Spec.Power = v1alpha1.PowerRunning })
	n.await(v1alpha1.Ready, "True")
	t.Logf("serves again %.0f s after it was resumed", time.Since(began).Seconds())
	if now := n.keys(); now != keys {
		t.Error("its keys are not those of before")
	}
	if now := n.messages(); now != data {
		t.Errorf("messages | jobs: %s, before: %s", now, data)
	}
	if err := send(t.Context(), n.name+"-0"); err != nil { // known already
		t.Error(err)
	}
	if err := send(t.Context(), n.name+"-again"); err != nil {
		t.Error(err)
	}
	if now := n.sql("SELECT count(*) FROM messages"); now != "21" {
		t.Errorf("%s messages are stored, not 21", now)
	}
}

// asleep: nothing answers, nothing can log in, and everything is there.
func (n ngo) asleep(org *v1alpha1.Organisation, data string) {
	n.t.Helper()
	if ready := meta.FindStatusCondition(org.Status.Conditions, v1alpha1.Ready); ready != nil {
		n.t.Errorf("Ready is %s/%s", ready.Status, ready.Reason)
	}
	if now := n.messages(); now != data {
		n.t.Errorf("messages | jobs: %s, before: %s", now, data)
	}
	login := n.sql(fmt.Sprintf("SELECT rolcanlogin FROM pg_roles WHERE rolname = '%s'", org.Status.Database.Name))
	status := "nothing"
	if answer, err := n.p.Gateway.Client(false).Get("https://" + platform.Host(n.name) + "/"); err == nil {
		status = answer.Status
		answer.Body.Close()
		if answer.StatusCode < http.StatusInternalServerError && answer.StatusCode != http.StatusNotFound {
			n.t.Errorf("its host answers %s", status)
		}
	}
	n.t.Logf("suspended: role may log in: %s; messages | jobs: %s; its host answers %s", login, data, status)
	if login != "f" {
		n.t.Errorf("the tenant's role may log in: %q", login)
	}
}

// messages that are stored, and jobs that are done, once they are.
func (n ngo) messages() string {
	n.t.Helper()
	var got string
	n.until("all jobs are done", time.Minute, func() bool {
		got = n.sql("SELECT (SELECT count(*) FROM messages), (SELECT count(*) FROM global.outbound_jobs WHERE state = 'completed')")
		var stored, done int
		_, err := fmt.Sscanf(got, "%d|%d", &stored, &done)
		return err == nil && stored == done
	})
	return got
}

// keys that are data, as the master copy has them, and its UID.
func (n ngo) keys() string {
	n.t.Helper()
	org := &v1alpha1.Organisation{}
	if err := n.p.Client.Get(n.ctx(), client.ObjectKey{Name: n.name}, org); err != nil {
		n.t.Fatal(err)
	}
	master := &corev1.Secret{}
	if err := n.p.Client.Get(n.ctx(), client.ObjectKey{Namespace: platform.OperatorNamespace, Name: "keys-" + org.Identity()}, master); err != nil {
		n.t.Fatal(err)
	}
	return fmt.Sprint(master.UID, master.Data)
}
