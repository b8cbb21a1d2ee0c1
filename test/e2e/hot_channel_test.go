package e2e

import (
	"testing"
	"time"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// A release that can enter running pods does so in each wave, and is verified there. One
// that cannot is found out at the canary, and asked of nobody else.
func TestAChannelOfHotUpgrades(t *testing.T) {
	thorough(t)
	p := start(t)
	t.Parallel()
	zero, two := hotRelease(t, p, "0.1.0", v1alpha1.HotSpec{Engine: swap}), hotRelease(t, p, "0.2.0", v1alpha1.HotSpec{Engine: swap})
	f := gathered(t, p, "hot", [2]string{"meena", "nandini"}, zero, 3*time.Minute)
	load := f.rest.light()
	before := f.canary.containers() + f.rest.containers()
	f.publish(two, v1alpha1.FailureRollback)
	channel := f.await("rolled out", func(c *v1alpha1.ReleaseChannel) bool { return c.Status.Verified == two })
	if channel.Status.Mode != v1alpha1.UpdateHot {
		t.Errorf("mode %s: %s", channel.Status.Mode, channel.Status.ModeMessage)
	}
	for _, n := range []ngo{f.canary, f.rest} {
		n.updated(two, v1alpha1.OutcomeVerified, v1alpha1.UpdateHot)
	}
	if after := f.canary.containers() + f.rest.containers(); after != before {
		t.Errorf("containers changed from\n%s\nto\n%s", before, after)
	}

	f.publish(zero, v1alpha1.FailureRollback)
	channel = f.await("rolled back by hand", func(c *v1alpha1.ReleaseChannel) bool { return c.Status.Verified == zero })
	t.Logf("mode %s: %s", channel.Status.Mode, channel.Status.ModeMessage)
	if channel.Status.Mode != v1alpha1.UpdateRolling {
		t.Errorf("mode %s", channel.Status.Mode)
	}
	for _, n := range []ngo{f.canary, f.rest} {
		n.updated(zero, v1alpha1.OutcomeVerified, v1alpha1.UpdateRolling)
	}
	if hot := f.canary.hot(); hot.Release != zero || hot.Reason != "Downgrade" {
		t.Errorf("the canary: %+v", hot)
	}
	if hot := f.rest.hot(); hot.Release != two {
		t.Errorf("the other NGO was asked, too: %+v", hot)
	}
	f.rest.unharmed(load)
}

// updated says how the last update of an NGO ended.
func (n ngo) updated(release string, outcome v1alpha1.UpdateOutcome, mode v1alpha1.UpdateMode) {
	n.t.Helper()
	u := n.read().Status.Update
	if u == nil || u.Release != release || u.Outcome != outcome || u.Mode != mode {
		n.t.Errorf("%s: %+v, want %s %s on %s", n.name, u, mode, outcome, release)
	}
}
