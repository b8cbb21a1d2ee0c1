package fleet_test

import (
	"path/filepath"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/fleet"
	"github.com/glific/organisation-operator/internal/testkit/golden"
	"github.com/glific/organisation-operator/internal/update"
)

func TestARehearsalSaysWhoWouldMoveAndWhoIsBlocked(t *testing.T) {
	channel := &v1alpha1.ReleaseChannel{ObjectMeta: metav1.ObjectMeta{Name: "stable"}}
	channel.Spec.Release = r2
	inWaves(&channel.Spec)
	channel.Spec.Waves[1].Approval = v1alpha1.ApprovalManual
	m := func(name string, change func(*fleet.Member)) fleet.Member {
		member := fleet.Member{Name: name, UID: name, Identity: name, Channel: "stable", Serving: r1, Target: r1}
		change(&member)
		return member
	}
	members := []fleet.Member{
		m("asha", func(m *fleet.Member) { m.Labels = map[string]string{"ring": "canary"} }),
		m("bhumi", func(m *fleet.Member) { m.Pending = []string{"Profile", "SharedSecret"} }),
		m("goonj", func(m *fleet.Member) { m.Lacks = "key GUPSHUP_WEBHOOK_IPS is missing in Secret gupshup" }),
		m("pratham", func(m *fleet.Member) { m.Serving, m.Target, m.Pending = r2, r2, []string{"Operator"} }),
		m("sneha", func(m *fleet.Member) { m.Serving, m.Target = r2, r2 }),
		m("udaan", func(m *fleet.Member) { m.Disturbed = "DatabaseServer shared-2 does not answer" }),
		m("vidya", func(m *fleet.Member) { m.Pinned = r1 }),
		m("yuva", func(m *fleet.Member) { m.Suspended = true }),
		m("zeal", func(m *fleet.Member) { m.Serving, m.Target = "", "" }),
	}
	f := fleet.Fleet{Members: members, Release: &v1alpha1.Release{}}
	golden.Assert(t, filepath.Join("testdata", "rehearsal.golden"), fleet.Rehearse(channel, f, dawn).String())

	channel.Spec.Backup, f.Release.Spec.Commands.Migrate = "", []string{"eval"}
	golden.Assert(t, filepath.Join("testdata", "rehearsal-stopped.golden"), fleet.Rehearse(channel, f, dawn).String())
}

// A rehearsal promises nothing that the planner does not keep.
func TestARehearsalIsWhatHappens(t *testing.T) {
	for title, s := range ordinary() {
		w := s.run(mode{})
		channel := w.channel.now.DeepCopy()
		f := fleet.Fleet{Release: w.releases[r2]}
		for _, tenant := range w.tenants {
			f.Members = append(f.Members, fleet.MemberOf(tenant.now, profile()))
		}
		for _, wave := range fleet.Rehearse(channel, f, w.now).Waves {
			if len(wave.Moves) > 0 {
				t.Errorf("%s: after its end, wave %s is to move %+v", title, wave.Name, wave.Moves)
			}
		}
	}
}

func TestWhatAChannelSaysToAnOrganisationAboutToChange(t *testing.T) {
	member := fleet.Member{Name: "asha", UID: "uid"}
	window := &v1alpha1.Window{Schedule: "0 22 * * *", Duration: *hours(2)}
	for sentence, test := range map[string]struct {
		channel func(*v1alpha1.ReleaseChannel)
		member  func(*fleet.Member)
		want    string
	}{
		"go on":                     {nil, nil, ""},
		"it is paused":              {func(c *v1alpha1.ReleaseChannel) { c.Spec.Paused = true }, nil, v1alpha1.ReasonPaused},
		"it is held":                {func(c *v1alpha1.ReleaseChannel) { c.Annotations = map[string]string{v1alpha1.AnnotationHold: "x"} }, nil, v1alpha1.ReasonHeld},
		"it is frozen":              {func(c *v1alpha1.ReleaseChannel) { c.Spec.Freeze = freeze("UTC") }, nil, v1alpha1.ReasonFrozen},
		"its freeze is unreadable":  {func(c *v1alpha1.ReleaseChannel) { c.Spec.Freeze = freeze("Mars") }, nil, v1alpha1.ReasonInvalidSpec},
		"it wants another release":  {func(c *v1alpha1.ReleaseChannel) { c.Spec.Release = r3 }, nil, string(v1alpha1.OutcomeSuperseded)},
		"the window has closed":     {nil, func(m *fleet.Member) { m.Window = window }, v1alpha1.ReasonWaitingForWindow},
		"it skips by now":           {nil, func(m *fleet.Member) { m.SkipUntil = dawn.AddDate(0, 0, 1) }, v1alpha1.ReasonSkipping},
		"it is frozen, and hurried": {func(c *v1alpha1.ReleaseChannel) { c.Spec.Freeze, c.Spec.Expedite = freeze("UTC"), hurry() }, nil, ""},
	} {
		t.Run(sentence, func(t *testing.T) {
			channel := &v1alpha1.ReleaseChannel{ObjectMeta: metav1.ObjectMeta{Name: "stable"}}
			channel.Spec.Release = r2
			channel.Status.Slots = []v1alpha1.Slot{{Name: "asha", UID: "uid", Token: "7", Release: r2}}
			m := member
			if test.channel != nil {
				test.channel(channel)
			}
			if test.member != nil {
				test.member(&m)
			}
			gate, got := fleet.Gate(channel, m, dawn), ""
			if gate.Closed != nil {
				got = gate.Closed.Reason
			}
			if got != test.want || *gate.Offer != (update.Offer{Channel: "stable", Token: "7", Release: r2}) {
				t.Errorf("got %q, %+v; want %q", got, gate.Offer, test.want)
			}
		})
	}
}

func freeze(zone string) []v1alpha1.FreezeWindow {
	return []v1alpha1.FreezeWindow{{Name: "mornings", Window: v1alpha1.Window{Schedule: "0 8 * * *", Duration: *hours(4), TimeZone: zone}}}
}

func hurry() *v1alpha1.ExpediteSpec {
	return &v1alpha1.ExpediteSpec{Release: r2, Reason: "x", Until: metav1.NewTime(dawn.AddDate(0, 0, 1))}
}
