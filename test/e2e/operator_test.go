package e2e

import (
	"fmt"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/test/e2e/platform"
)

// The operator is killed three times in one update: while the migration runs, when the
// new pods were asked for, and while they must hold. The next one goes on where it was:
// nothing is lost, and nothing is done twice.
func TestTheOperatorIsKilledMidUpdate(t *testing.T) {
	p := start(t)
	const from, to = "standin-0.1.0", "standin-0.2.0"
	channel := &v1alpha1.ReleaseChannel{ObjectMeta: metav1.ObjectMeta{GenerateName: "killed-"}, Spec: v1alpha1.ReleaseChannelSpec{
		Release: from, Waves: []v1alpha1.Wave{{Name: "all"}}, OnFailure: v1alpha1.FailureRollback, Backup: v1alpha1.BackupAccepted,
		Verification: v1alpha1.VerificationSpec{
			AppearWithin: &metav1.Duration{Duration: time.Minute}, ConvergeWithin: &metav1.Duration{Duration: 2 * time.Minute},
			VerifyFor: &metav1.Duration{Duration: 30 * time.Second}, PollEvery: &metav1.Duration{Duration: 2 * time.Second},
		},
	}}
	if err := p.Client.Create(t.Context(), channel); err != nil {
		t.Fatal(err)
	}
	n := found(t, p, "farah", func(o *v1alpha1.Organisation) { o.Spec.Release = &v1alpha1.OrganisationRelease{Channel: channel.Name} })
	n.until("the channel knows it", patience, func() bool {
		if err := p.Client.Get(t.Context(), client.ObjectKeyFromObject(channel), channel); err != nil {
			t.Fatal(err)
		}
		return channel.Status.Verified == from && len(channel.Status.Slots) == 0
	})
	templates := n.replicaSets()

	load := n.light()
	time.Sleep(3 * time.Second)
	before := channel.DeepCopy()
	channel.Spec.Release = to
	if err := p.Client.Patch(t.Context(), channel, client.MergeFrom(before)); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	for _, moment := range []struct {
		name string
		is   func() bool
	}{
		{"the migration's Job exists", func() bool { return len(n.jobs("migration", to)) > 0 }},
		{"new pods are asked for", func() bool { return n.replicaSets() > templates }},
		{"the new pods must hold", func() bool {
			u := n.read().Status.Update
			return u != nil && u.Stage == v1alpha1.StageHolding
		}},
	} {
		n.quickly(moment.name, moment.is)
		u := n.read().Status.Update
		stage := v1alpha1.UpdateStage("before the first status")
		if u != nil {
			stage = u.Stage
		}
		n.killOperators(fmt.Sprintf("%.1f s, %s (status says %s)", time.Since(began).Seconds(), moment.name, stage))
	}
	n.until("the update is verified", patience, func() bool { return n.read().Status.Release.Verified == to })
	org := n.becomes(v1alpha1.Ready, "True", patience)
	t.Logf("verified %.1f s after the channel was told; outcome %s", time.Since(began).Seconds(), org.Status.Update.Outcome)
	n.unharmed(load)
	n.once(to, templates)
}

// once: the migration ran once, and the pods were exchanged once.
func (n ngo) once(release string, templates int) {
	n.t.Helper()
	jobs := n.jobs("migration", release)
	if len(jobs) != 1 || jobs[0].Status.Succeeded != 1 || jobs[0].Status.Failed != 0 {
		n.t.Errorf("%d Jobs migrated: %+v", len(jobs), jobs)
	}
	now := n.replicaSets()
	if now != templates+1 {
		n.t.Errorf("%d pod templates, want %d", now, templates+1)
	}
	n.t.Logf("%d Job migrated, %d pod template came", len(jobs), now-templates)
}

// replicaSets of the back end: one for each pod template there was.
func (n ngo) replicaSets() int {
	n.t.Helper()
	var list appsv1.ReplicaSetList
	err := n.p.Client.List(n.ctx(), &list, client.InNamespace(platform.Namespace(n.name)), client.MatchingLabels{v1alpha1.LabelComponent: names.Backend})
	if err != nil {
		n.t.Fatal(err)
	}
	return len(list.Items)
}

// quickly polls for a moment that passes.
func (n ngo) quickly(what string, is func() bool) {
	n.t.Helper()
	for deadline := time.Now().Add(patience); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			n.t.Fatalf("%s: not: %s, in %s\n%s", n.name, what, patience, platform.Describe(n.read()))
		}
	}
}
