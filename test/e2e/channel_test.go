package e2e

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/test/e2e/platform"
)

// fleet is a channel with a canary and one NGO more.
type fleet struct {
	t            *testing.T
	p            *platform.Platform
	channel      string
	canary, rest ngo
}

func (f fleet) spec(release string) v1alpha1.ReleaseChannelSpec {
	seconds := func(n int) *metav1.Duration { return &metav1.Duration{Duration: time.Duration(n) * time.Second} }
	return v1alpha1.ReleaseChannelSpec{
		Release: release,
		Waves: []v1alpha1.Wave{
			{Name: "canary", Selector: &metav1.LabelSelector{MatchLabels: map[string]string{"ring": "canary"}}},
			{Name: "rest"},
		},
		OnFailure: v1alpha1.FailureRollback, Backup: v1alpha1.BackupAccepted,
		Verification: v1alpha1.VerificationSpec{AppearWithin: seconds(60), ConvergeWithin: seconds(60), VerifyFor: seconds(10), PollEvery: seconds(2)},
	}
}

// gather the fleet on its first release.
func gather(t *testing.T, p *platform.Platform, release string) fleet {
	t.Helper()
	return gathered(t, p, "stable", [2]string{"kavya", "laila"}, release, time.Minute)
}

// gathered has the names that are given, and so much time until pods are ready.
func gathered(t *testing.T, p *platform.Platform, name string, ngos [2]string, release string, converge time.Duration) fleet {
	t.Helper()
	f := fleet{t: t, p: p, channel: name + os.Getenv("AGAIN")}
	channel := &v1alpha1.ReleaseChannel{ObjectMeta: metav1.ObjectMeta{Name: f.channel}, Spec: f.spec(release)}
	channel.Spec.Verification.ConvergeWithin.Duration = converge
	if err := p.Client.Create(t.Context(), channel); err != nil {
		t.Fatal(err)
	}
	member := func(ring string) func(*v1alpha1.Organisation) {
		return func(o *v1alpha1.Organisation) {
			o.Labels, o.Spec.Release = map[string]string{"ring": ring}, &v1alpha1.OrganisationRelease{Channel: f.channel}
		}
	}
	f.canary, f.rest = found(t, p, ngos[0], member("canary")), found(t, p, ngos[1], member("rest"))
	f.await("rolled out", func(c *v1alpha1.ReleaseChannel) bool { return c.Status.Verified == release })
	return f
}

func (f fleet) read() *v1alpha1.ReleaseChannel {
	f.t.Helper()
	channel := &v1alpha1.ReleaseChannel{}
	if err := f.p.Client.Get(f.t.Context(), client.ObjectKey{Name: f.channel}, channel); err != nil {
		f.t.Fatal(err)
	}
	return channel
}

// publish a release to the channel; what it does on failure is as given.
func (f fleet) publish(release string, onFailure v1alpha1.FailureAction) {
	f.t.Helper()
	channel := f.read()
	before := channel.DeepCopy()
	channel.Spec.Release, channel.Spec.OnFailure = release, onFailure
	if err := f.p.Client.Patch(f.t.Context(), channel, client.MergeFrom(before)); err != nil {
		f.t.Fatal(err)
	}
}

func (f fleet) await(what string, is func(*v1alpha1.ReleaseChannel) bool) *v1alpha1.ReleaseChannel {
	f.t.Helper()
	began := time.Now()
	for channel := f.read(); ; channel = f.read() {
		if is(channel) {
			f.t.Logf("channel %s is %s after %.0f s: %s", f.channel, what, time.Since(began).Seconds(), f.words(channel))
			return channel
		}
		if time.Since(began) > patience {
			f.t.Fatalf("channel %s is not %s: %s", f.channel, what, f.words(channel))
		}
		time.Sleep(time.Second / 2)
	}
}

func (f fleet) words(c *v1alpha1.ReleaseChannel) string {
	var b strings.Builder
	for _, condition := range c.Status.Conditions {
		fmt.Fprintf(&b, "%s %s/%s: %s; ", condition.Type, condition.Status, condition.Reason, condition.Message)
	}
	for _, failing := range c.Status.Failing {
		fmt.Fprintf(&b, "failing: %s %s: %s; ", failing.Name, failing.Reason, failing.Message)
	}
	return fmt.Sprintf("%snext: %s; counts: %+v", b.String(), c.Status.NextStep, c.Status.Counts)
}

// halted publishes a bad release, and waits until the channel stops at the canary. The
// other NGO is left alone.
func (f fleet) halted(release string, onFailure v1alpha1.FailureAction) *v1alpha1.Organisation {
	f.t.Helper()
	stood := f.rest.standing()
	f.publish(release, onFailure)
	channel := f.await("halted by "+release, func(c *v1alpha1.ReleaseChannel) bool {
		return c.Status.Release == release && len(c.Status.Failing) > 0 && len(c.Status.Slots) == 0
	})
	if failing := channel.Status.Failing[0]; failing.Name != f.canary.name || channel.Status.Wave != "canary" {
		f.t.Errorf("wave %s, and %s fails", channel.Status.Wave, failing.Name)
	}
	if now := f.rest.standing(); now != stood {
		f.t.Errorf("the other NGO's pods changed:\n%s\nbefore:\n%s", now, stood)
	}
	org := &v1alpha1.Organisation{}
	if err := f.p.Client.Get(f.t.Context(), client.ObjectKey{Name: f.canary.name}, org); err != nil {
		f.t.Fatal(err)
	}
	u := org.Status.Update
	f.t.Logf("%s: answer %s, outcome %s, %s: %s\n%s", org.Name, u.Answer, u.Outcome, u.Reason, u.Message, platform.Describe(org))
	return org
}

// Bad releases stop at the canary, each as it deserves, and nobody loses a request; a good
// one then reaches all with nobody's help.
func TestAChannelStopsBadReleases(t *testing.T) {
	p := start(t)
	t.Parallel()
	f := gather(t, p, "standin-0.2.0")
	load := f.canary.light()
	f.missingKey()
	f.badOrigin()
	f.neverReady()
	f.publish("standin-0.3.0", v1alpha1.FailureRollback)
	f.await("rolled out", func(c *v1alpha1.ReleaseChannel) bool { return c.Status.Verified == "standin-0.3.0" })
	for _, n := range []ngo{f.canary, f.rest} {
		if org := n.await(v1alpha1.Ready, "True"); org.Status.Release.Verified != "standin-0.3.0" {
			t.Errorf("%s: %+v", n.name, org.Status.Release)
		}
	}
	f.canary.unharmed(load)
}

// missingKey is named before any pod changes.
func (f fleet) missingKey() {
	stood := f.canary.standing()
	org := f.halted("standin-0.2.0-needskey", v1alpha1.FailureRollback)
	u := org.Status.Update
	if u.Answer != v1alpha1.SlotDeclined || u.Reason != v1alpha1.ReasonConfigIncomplete || !strings.Contains(u.Message, "STANDIN_NEW_KEY") {
		f.t.Errorf("the missing key is not named: %+v", u)
	}
	if now := f.canary.standing(); now != stood {
		f.t.Errorf("pods changed:\n%s\nbefore:\n%s", now, stood)
	}
	if jobs := f.canary.jobs(migration, "standin-0.2.0-needskey"); len(jobs) > 0 {
		f.t.Errorf("%d migrations were started", len(jobs))
	}
	f.canary.await(v1alpha1.Available, "True")
}

// badOrigin boots, and refuses the tenant's Origin: never verified, and rolled back.
func (f fleet) badOrigin() {
	org := f.halted("standin-0.2.0-badorigin", v1alpha1.FailureRollback)
	u := org.Status.Update
	if u.Outcome != v1alpha1.OutcomeRolledBack || !strings.Contains(u.Message, "Origin") {
		f.t.Errorf("not rolled back for its Origin: %+v", u)
	}
	if r := org.Status.Release; r.Serving != "standin-0.2.0" || r.Verified == "standin-0.2.0-badorigin" {
		f.t.Errorf("after the rollback: %+v", r)
	}
}

// neverReady ends so, and the old pods serve.
func (f fleet) neverReady() {
	var serves types.UID
	for _, pod := range f.canary.pods("backend") {
		if pod.DeletionTimestamp == nil { // one of the release before may still shut down
			serves = pod.UID
		}
	}
	org := f.halted("standin-0.2.0-neverready", v1alpha1.FailureHalt)
	if u := org.Status.Update; u.Outcome != v1alpha1.OutcomeNeverHealthy {
		f.t.Errorf("not NeverHealthy: %+v", u)
	}
	f.canary.says(org, v1alpha1.Available, "True")
	if r := org.Status.Release; r.Serving != "standin-0.2.0" {
		f.t.Errorf("status says that something else serves: %+v", r)
	}
	kept := false
	for _, pod := range f.canary.pods("backend") {
		kept = kept || pod.UID == serves && pod.DeletionTimestamp == nil
	}
	if !kept {
		f.t.Error("the old pod is gone")
	}
}
