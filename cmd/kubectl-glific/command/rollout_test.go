package command

import (
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/testkit/lane"
	"github.com/glific/organisation-operator/internal/testkit/workloads"
)

// shipping is a cluster with a channel of two waves, the second of which opens by hand.
func shipping(t *testing.T) *clusterWorld {
	t.Helper()
	w := newCluster(t)
	seconds := func(n int) *metav1.Duration { return &metav1.Duration{Duration: time.Duration(n) * time.Second} }
	stable := &v1alpha1.ReleaseChannel{ObjectMeta: metav1.ObjectMeta{Name: "stable"}, Spec: v1alpha1.ReleaseChannelSpec{
		Release: "r1", Backup: v1alpha1.BackupAccepted,
		Waves: []v1alpha1.Wave{
			{Name: "canary", Selector: &metav1.LabelSelector{MatchLabels: map[string]string{"ring": "canary"}}},
			{Name: "rest", Approval: v1alpha1.ApprovalManual},
		},
		Verification: v1alpha1.VerificationSpec{ConvergeWithin: seconds(60), VerifyFor: seconds(20)},
	}}
	r2 := lane.Release("r2", "2")
	r2.Spec.RequiredEnv = append(r2.Spec.RequiredEnv, v1alpha1.RequiredEnv{Name: "NEW_KEY"})
	for _, object := range []client.Object{r2, lane.Release("r3", "3"), stable} {
		if err := w.Admin.Create(t.Context(), object); err != nil {
			t.Fatal(err)
		}
	}
	changed(t, w, &v1alpha1.OrganisationProfile{ObjectMeta: metav1.ObjectMeta{Name: "standard"}}, func(p *v1alpha1.OrganisationProfile) {
		p.Spec.Release = &v1alpha1.ReleaseReference{Channel: "stable"}
	})
	for name, ring := range map[string]string{"asha": "canary", "pratham": ""} {
		org := lane.Organisation(name)
		org.Labels = map[string]string{"ring": ring}
		if err := w.Admin.Create(t.Context(), org); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// changed edits an object as a person would.
func changed[T client.Object](t *testing.T, w *clusterWorld, object T, edit func(T)) {
	t.Helper()
	if err := w.Admin.Get(t.Context(), client.ObjectKeyFromObject(object), object); err != nil {
		t.Fatal(err)
	}
	edit(object)
	if err := w.Admin.Update(t.Context(), object); err != nil {
		t.Fatal(err)
	}
}

func (w *clusterWorld) ships(t *testing.T, release string) {
	t.Helper()
	changed(t, w, &v1alpha1.ReleaseChannel{ObjectMeta: metav1.ObjectMeta{Name: "stable"}}, func(c *v1alpha1.ReleaseChannel) { c.Spec.Release = release })
}

// until lets the world go on, five seconds at a time, until the channel says so, and so
// many are current.
func (w *clusterWorld) until(t *testing.T, verdict string, current int32) {
	t.Helper()
	var said string
	for range 200 {
		w.op.Pass(t.Context())
		if _, err := w.Script.Step(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.Clock.SetTime(w.Clock.Now().Add(5 * time.Second))
		channel := &v1alpha1.ReleaseChannel{}
		if err := w.Admin.Get(t.Context(), client.ObjectKey{Name: "stable"}, channel); err != nil {
			t.Fatal(err)
		}
		for _, c := range channel.Status.Conditions {
			if c.Type == v1alpha1.Ready {
				said = c.Reason
			}
		}
		if said == verdict && channel.Status.Release == channel.Spec.Release && len(channel.Status.Slots) == 0 && channel.Status.Counts.Current == current {
			return
		}
	}
	t.Fatalf("the channel says %s, want %s\n%s", said, verdict, w.admin.run("rollout", "status", "stable").out)
}

// TestARolloutFromTheCommandLine plays two releases with the plugin alone: the one line in
// Git is all that is done besides.
func TestARolloutFromTheCommandLine(t *testing.T) {
	w := shipping(t)
	run := w.admin.run
	run("rollout", "status", "stable").expect(t, 2, "not looked at Release r1 yet")
	w.until(t, v1alpha1.ReasonRolledOut, 2)
	run("rollout", "status", "stable").expect(t, 0, "✓ ReleaseChannel stable: RolledOut", "2 of 2", "canary")
	run("rollout", "status", "no-channel").expect(t, 1, "kubectl get releasechannels")

	plan := run("rollout", "plan", "stable", "--release", "r2")
	plan.expect(t, 0, "wave canary opens at once", "asha restarts from r1 because of Release; blocked by ConfigIncomplete: key NEW_KEY", "somebody approves it")
	run("rollout", "plan", "stable", "--release", "r9").expect(t, 0, "Release r9 does not exist")
	run("rollout", "retry", "stable").expect(t, 0, "has failed nowhere")
	run("rollout", "approve", "stable", "--wave", "canary").expect(t, 1, "opens by itself")
	run("rollout", "approve", "stable", "--wave", "none").expect(t, 1, "has no wave")
	run("rollout", "pause", "stable").expect(t, 1, "--reason is missing")
	run("rollout", "resume", "stable").expect(t, 0, "nothing to do")

	run("rollout", "pause", "stable", "--reason", "delivery delays").expect(t, 0, "releasechannel.tenancy.glific.org/stable paused")
	w.ships(t, "r2")
	w.until(t, v1alpha1.ReasonHeld, 0)
	run("rollout", "status", "stable").expect(t, 2, "Held", "delivery delays", "0 of 2")
	run("rollout", "resume", "stable").expect(t, 0, "stable resumed")
	w.until(t, v1alpha1.ReasonHalted, 0)
	run("rollout", "status", "stable", "--watch").expect(t, 3, "✗ asha: ConfigIncomplete", "NEW_KEY")

	secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: lane.Namespace, Name: "shared-providers"}}
	changed(t, w, secret, func(s *corev1.Secret) { s.Data["NEW_KEY"] = []byte("new") })
	run("rollout", "retry", "stable", "pratham").expect(t, 1, "has not failed at Organisation pratham")
	run("rollout", "retry", "stable").expect(t, 0, "organisation.tenancy.glific.org/asha will be tried again")
	w.until(t, v1alpha1.ReasonWaitingForApproval, 1)
	run("rollout", "status", "stable").expect(t, 2, "[███████████████░░░░░░░░░░░░░░░] 1 of 2", "kubectl annotate releasechannel stable")
	run("rollout", "approve", "stable").expect(t, 0, "stable approved for rest@r2")
	w.until(t, v1alpha1.ReasonRolledOut, 2)
	run("rollout", "approve", "stable").expect(t, 1, "waits for an approval")
	run("rollout", "status", "stable", "-w", "--release", "r2").expect(t, 0, "2 of 2")
	run("rollout", "status", "stable", "-w", "--release", "r1").expect(t, 25)

	w.Script.Deployment = func(d *appsv1.Deployment) workloads.Rollout {
		if d.Spec.Template.Labels[v1alpha1.LabelRelease] == "r3" {
			return workloads.Progressing
		}
		return workloads.Available
	}
	w.ships(t, "r3")
	w.until(t, v1alpha1.ReasonHalted, 0)
	run("rollout", "status", "stable", "-w").expect(t, 20, "✗ asha: NeverHealthy")
	run("rollout", "status", "stable", "-w", "--interval", "10ms").expect(t, 1, "at least 1s")
	for _, want := range []string{"stable HoldRequested: paused by ", "stable HoldReleased: resumed by ", "asha RetryRequested", "stable ApprovalGiven: approved for rest@r2 by "} {
		if got := w.events(t); !strings.Contains(got, want) {
			t.Errorf("no Event says %q:\n%s", want, got)
		}
	}
	viewer := newPerson(t, w.Lane, "viewer", w.ControlPlane.ConfigFor("viewer"))
	viewer.run("rollout", "status", "stable").expect(t, 1, "organisation-viewer")
	w.bind(t, "viewer", "organisation-viewer")
	viewer.run("rollout", "status", "stable").expect(t, 20, "NeverHealthy")
	viewer.run("rollout", "plan", "stable").expect(t, 0, "Not shown: what is set by Secret shared-providers: you may not read it")
	viewer.run("rollout", "pause", "stable", "--reason", "mine").expect(t, 1, "organisation-editor")
}
