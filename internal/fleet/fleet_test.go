package fleet_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/fleet"
)

func waved(waves ...v1alpha1.Wave) *v1alpha1.ReleaseChannel {
	return &v1alpha1.ReleaseChannel{ObjectMeta: metav1.ObjectMeta{Name: "stable"}, Spec: v1alpha1.ReleaseChannelSpec{Waves: waves}}
}

func identified(i int) fleet.Member {
	return fleet.Member{Name: fmt.Sprint(i), Identity: fmt.Sprintf("2f6c0a4e-7a52-4b0e-9a4d-%012d", i)}
}

// A wave of ten per cent takes about that many, and always the same ones.
func TestAPercentageIsDrawnByIdentity(t *testing.T) {
	channel := waved(v1alpha1.Wave{Name: "early", Percentage: 10}, v1alpha1.Wave{Name: "half", Percentage: 50}, v1alpha1.Wave{Name: "rest"})
	count := map[string]int{}
	for i := range 10000 {
		count[fleet.WaveOf(channel, identified(i))]++
	}
	if count["early"] < 900 || count["early"] > 1100 || count["half"] < 4300 || count["half"] > 4700 {
		t.Errorf("%v", count)
	}
	// These must never change: a new version of the operator may not move anybody.
	var drawn []string
	for i := range 12 {
		drawn = append(drawn, fleet.WaveOf(channel, identified(i)))
	}
	want := []string{"half", "rest", "rest", "rest", "rest", "rest", "half", "rest", "half", "half", "rest", "rest"}
	if diff := cmp.Diff(want, drawn); diff != "" {
		t.Error(diff)
	}
}

func TestTheFirstWaveThatTakesAnOrganisationHasIt(t *testing.T) {
	canary := v1alpha1.Wave{Name: "canary", Selector: ring("canary")}
	rest := v1alpha1.Wave{Name: "rest"}
	marked := fleet.Member{Labels: map[string]string{"ring": "canary"}}
	for sentence, test := range map[string]struct {
		channel *v1alpha1.ReleaseChannel
		member  fleet.Member
		want    string
	}{
		"labels":                       {waved(canary, rest), marked, "canary"},
		"everybody who is left":        {waved(canary, rest), fleet.Member{}, "rest"},
		"nobody takes it":              {waved(canary), fleet.Member{}, ""},
		"no waves":                     {waved(), marked, ""},
		"all of a hundred per cent":    {waved(v1alpha1.Wave{Name: "all", Percentage: 100}, rest), identified(4), "all"},
		"an operator nobody can parse": {waved(v1alpha1.Wave{Name: "odd", Selector: &metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{{Key: "a", Operator: "Near"}}}}), marked, ""},
	} {
		if got := fleet.WaveOf(test.channel, test.member); got != test.want {
			t.Errorf("%s: %q, want %q", sentence, got, test.want)
		}
	}
}

func TestWhatAnOrganisationAimsAtWithoutASlot(t *testing.T) {
	accepted := &v1alpha1.UpdateStatus{Answer: v1alpha1.SlotAccepted}
	for sentence, test := range map[string]struct {
		verified string
		power    v1alpha1.Power
		status   v1alpha1.ReleaseStatus
		update   *v1alpha1.UpdateStatus
		want     string
	}{
		"a new one starts on what everybody verified":       {r1, "", v1alpha1.ReleaseStatus{}, nil, r1},
		"the first of all starts on what is wanted":         {"", "", v1alpha1.ReleaseStatus{}, nil, r2},
		"what serves nothing yet follows":                   {r1, "", v1alpha1.ReleaseStatus{Target: r3}, nil, r1},
		"what serves stays":                                 {r1, "", v1alpha1.ReleaseStatus{Target: r3, Serving: r3}, nil, r3},
		"what is being updated goes on":                     {r1, "", v1alpha1.ReleaseStatus{Target: r2}, accepted, r2},
		"the suspended follow":                              {r2, v1alpha1.PowerSuspended, v1alpha1.ReleaseStatus{Target: r1, Serving: r1}, nil, r2},
		"a suspended canary does not go back":               {r1, v1alpha1.PowerSuspended, v1alpha1.ReleaseStatus{Target: r2, Serving: r2}, nil, r2},
		"the suspended leave what nobody wants any more":    {r1, v1alpha1.PowerSuspended, v1alpha1.ReleaseStatus{Target: r3, Serving: r3}, nil, r1},
		"suspended in an update: that is answered at first": {r1, v1alpha1.PowerSuspended, v1alpha1.ReleaseStatus{Target: r3, Serving: r1}, accepted, r3},
	} {
		channel := waved()
		channel.Spec.Release, channel.Status.Verified = r2, test.verified
		org := &v1alpha1.Organisation{Spec: v1alpha1.OrganisationSpec{Power: test.power}, Status: v1alpha1.OrganisationStatus{Release: test.status, Update: test.update}}
		if got := fleet.Aim(channel, org); got != test.want {
			t.Errorf("%s: %s, want %s", sentence, got, test.want)
		}
	}
}

// Whatever was given while the status of a channel was lost is never given again.
func TestATokenIsNeverGivenTwice(t *testing.T) {
	channel := waved(v1alpha1.Wave{Name: "all"})
	channel.UID, channel.Spec.Release = "c4a11e10-channel", r2
	answered := fleet.Member{Name: "asha", UID: "a", Channel: "stable", Serving: r1, Target: r1,
		Update: &v1alpha1.UpdateStatus{Channel: "stable", Token: "c4a11e10-41", Answer: v1alpha1.SlotDeclined, Reason: v1alpha1.ReasonPaused, Release: r2}}
	plan := fleet.Next(channel, fleet.Fleet{Members: []fleet.Member{answered}, Release: &v1alpha1.Release{}}, dawn)
	if len(plan.Status.Slots) != 1 || plan.Status.Slots[0].Token != "c4a11e10-42" {
		t.Errorf("%+v", plan.Status.Slots)
	}
}

// An Organisation that is not seen is not gone.
func TestASlotIsKeptUntilItsHolderIsProvedToBeGone(t *testing.T) {
	channel := waved(v1alpha1.Wave{Name: "all"})
	channel.Spec.Release, channel.Status.Release = r2, r2
	channel.Status.Slots = []v1alpha1.Slot{{Name: "asha", UID: "a", Token: "1", Release: r2}}
	f := fleet.Fleet{Release: &v1alpha1.Release{}, Members: []fleet.Member{{Name: "sneha", UID: "s", Channel: "stable", Serving: r1, Target: r1}}}
	if plan := fleet.Next(channel, f, dawn); len(plan.Status.Slots) != 1 || plan.Status.Slots[0].UID != "a" {
		t.Errorf("not seen: %+v", plan.Status.Slots)
	}
	f.Gone = map[string]bool{"a": true}
	if plan := fleet.Next(channel, f, dawn); len(plan.Status.Slots) != 1 || plan.Status.Slots[0].UID != "s" {
		t.Errorf("gone: %+v", plan.Status.Slots)
	}
}

// However large the fleet, status stays small.
func TestTheStatusOfALargeFleetIsBounded(t *testing.T) {
	channel := waved(v1alpha1.Wave{Name: "all", MaxInFlight: atOnce(100)}, v1alpha1.Wave{Name: "never", Selector: ring("x")})
	channel.Spec.Waves[0].Percentage, channel.Spec.Release = 99, r2
	var f fleet.Fleet
	f.Release = &v1alpha1.Release{}
	for i := range 5000 {
		m := identified(i)
		m.UID, m.Channel, m.Serving, m.Target = m.Identity, "stable", r1, r1
		if i%3 == 0 {
			m.Pinned = r1
		}
		f.Members = append(f.Members, m)
	}
	plan := fleet.Next(channel, f, dawn)
	if s := plan.Status; len(s.Slots) != 100 || len(s.Unreached) != 20 || s.Counts.Members != 5000 {
		t.Errorf("%d slots, %d unreached, %+v", len(s.Slots), len(s.Unreached), s.Counts)
	}
}

func TestWindows(t *testing.T) {
	at := func(text string) time.Time {
		parsed, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return parsed
	}
	for sentence, test := range map[string]struct {
		schedule, zone string
		lasts          int
		now            string
		frozen         bool
	}{
		"before":                  {"0 18 * * 5", "UTC", 62, "2026-11-27T17:59:59Z", false},
		"at its beginning":        {"0 18 * * 5", "UTC", 62, "2026-11-27T18:00:00Z", true},
		"on Sunday":               {"0 18 * * 5", "UTC", 62, "2026-11-29T12:00:00Z", true},
		"a second before its end": {"0 18 * * 5", "UTC", 62, "2026-11-30T07:59:59Z", true},
		"at its end":              {"0 18 * * 5", "UTC", 62, "2026-11-30T08:00:00Z", false},
		"six in India is half past twelve in UTC": {"0 18 * * *", "Asia/Kolkata", 1, "2026-11-24T12:30:00Z", true},
		"and not a minute before":                 {"0 18 * * *", "Asia/Kolkata", 1, "2026-11-24T12:29:00Z", false},
		"the night on which clocks go forward":    {"30 2 * * *", "Europe/Berlin", 2, "2026-03-29T03:29:59Z", true}, // 02:30 does not exist: 03:30 to 05:30
		"not before it begins in that night":      {"30 2 * * *", "Europe/Berlin", 2, "2026-03-29T01:29:59Z", false},
		"nor after its end":                       {"30 2 * * *", "Europe/Berlin", 2, "2026-03-29T03:30:00Z", false},
		"the same west of Greenwich":              {"30 2 * * *", "America/New_York", 2, "2026-03-08T09:29:59Z", true}, // 03:30 to 05:30
		"and not before it there":                 {"30 2 * * *", "America/New_York", 2, "2026-03-08T07:29:59Z", false},
		"an hour that comes twice begins once":    {"30 2 * * *", "Europe/Berlin", 1, "2026-10-25T01:30:00Z", false}, // the second 02:30
		"at the first of the two":                 {"30 2 * * *", "Europe/Berlin", 1, "2026-10-25T00:30:00Z", true},
		"windows that overlap for ever":           {"* * * * *", "UTC", 1440, "2026-11-24T10:00:00Z", true},
	} {
		channel := waved()
		channel.Spec.Freeze = []v1alpha1.FreezeWindow{{Name: "f", Window: v1alpha1.Window{Schedule: test.schedule, TimeZone: test.zone, Duration: *hours(test.lasts)}}}
		if got := fleet.Gate(channel, fleet.Member{}, at(test.now)).Closed != nil; got != test.frozen {
			t.Errorf("%s: frozen %t", sentence, got)
		}
	}
}

// What Place says of each member is what the counts add up.
func TestPlaceAndCountsAgree(t *testing.T) {
	channel := waved(v1alpha1.Wave{Name: "canary", Selector: ring("canary")}, v1alpha1.Wave{Name: "rest"})
	channel.Spec.Release = "r2"
	members := []fleet.Member{
		{Name: "new", UID: "1", Channel: "stable"}, {Name: "waits", UID: "2", Channel: "stable", Serving: "r1", Target: "r1"},
		{Name: "serves", UID: "3", Channel: "stable", Serving: "r2", Target: "r2", Labels: map[string]string{"ring": "canary"}},
		{Name: "held", UID: "4", Channel: "stable", Serving: "r1", Held: "looking"}, {Name: "strange", UID: "5", Channel: "other"},
	}
	got := map[string]string{}
	for _, m := range members {
		wave, standing := fleet.Place(channel, m, time.Unix(0, 0))
		got[m.Name] = wave + " " + string(standing)
	}
	want := map[string]string{"new": "rest Starting", "waits": "rest Waiting", "serves": "canary Current", "held": "rest Unreached", "strange": "rest Stranger"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	counts := fleet.Next(channel, fleet.Fleet{Members: members, Release: &v1alpha1.Release{}}, time.Unix(0, 0)).Status.Counts
	if counts.Members != 4 || counts.Current != 1 || counts.Starting != 1 || counts.Unreached != 1 || counts.Waiting+counts.InFlight != 1 {
		t.Errorf("%+v", counts)
	}
}
