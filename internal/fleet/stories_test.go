package fleet_test

import (
	"fmt"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

type (
	channelSpec  = v1alpha1.ReleaseChannelSpec
	organisation = v1alpha1.Organisation
)

func hours(n int) *metav1.Duration { return &metav1.Duration{Duration: time.Duration(n) * time.Hour} }

func ring(name string) *metav1.LabelSelector {
	return &metav1.LabelSelector{MatchLabels: map[string]string{"ring": name}}
}

func atOnce(n int32) *intstr.IntOrString { v := intstr.FromInt32(n); return &v }

// inWaves: a canary that soaks for two hours, then everybody, two at a time.
func inWaves(s *channelSpec) {
	s.Waves = []v1alpha1.Wave{
		{Name: "canary", Selector: ring("canary"), Soak: hours(2)},
		{Name: "rest", MaxInFlight: atOnce(2)},
	}
}

func rollback(s *channelSpec) { inWaves(s); s.OnFailure = v1alpha1.FailureRollback }

func labelled(name string) func(*organisation) {
	return func(o *organisation) { o.Labels["ring"] = name }
}

func pinnedTo(release string) func(*organisation) {
	return func(o *organisation) { o.Spec.Release = &v1alpha1.OrganisationRelease{Name: release} }
}

// six: asha is the canary.
func six(w *world) {
	w.add("asha", r1, labelled("canary"))
	w.fleetOf("bhumi", "goonj", "pratham", "sneha", "udaan")
}

func publish(release string) event {
	return event{10 * time.Minute, "Git says release: " + release, func(w *world) {
		w.declare(func(c *v1alpha1.ReleaseChannel) { c.Spec.Release = release })
	}}
}

func publishAt(at time.Duration, release string) event {
	e := publish(release)
	e.at = at
	return e
}

func annotated(at time.Duration, name, key, value string) event {
	return event{at, fmt.Sprintf("a person annotates %s: %s=%s", name, key, value), func(w *world) {
		set := func(o metav1.Object) {
			annotations := o.GetAnnotations()
			if annotations == nil {
				annotations = map[string]string{}
			}
			annotations[key] = value
			if value == "" {
				delete(annotations, key)
			}
			o.SetAnnotations(annotations)
		}
		if name == "stable" {
			next := w.channel.now.DeepCopy()
			set(next)
			w.channel.write(next, w.now)
			return
		}
		next := w.tenant(name).now.DeepCopy()
		set(next)
		w.tenant(name).write(next, w.now)
	}}
}

func edited(at time.Duration, what, name string, change func(*organisation)) event {
	return event{at, what, func(w *world) { w.person(name, change) }}
}

func declared(at time.Duration, what string, change func(*channelSpec)) event {
	return event{at, what, func(w *world) { w.declare(func(c *v1alpha1.ReleaseChannel) { change(&c.Spec) }) }}
}

// only gives one release at one Organisation ("" for all) a fate of its own.
func only(name, release string, change func(*fate)) func(string, string) fate {
	return func(n, r string) fate {
		f := well()
		if r == release && (name == "" || n == name) {
			change(&f)
		}
		return f
	}
}

func neverReady(f *fate)  { f.ready = never }
func refuses(f *fate)     { f.probe = "the websocket refused Origin https://asha.org" }
func crashes(f *fate)     { f.falls = 2 * time.Minute }
func migratesToo(f *fate) { f.migrates = true }

func failover(at, lasts time.Duration) []event {
	return []event{
		{at, "DatabaseServer shared-1 fails over", func(w *world) { w.ill["shared-1"] = "DatabaseServer shared-1 has just failed over" }},
		{at + lasts, "DatabaseServer shared-1 is well again", func(w *world) { delete(w.ill, "shared-1") }},
	}
}

func jump(at, by time.Duration) event {
	return event{at, fmt.Sprintf("the clock jumps by %s", by), func(w *world) { w.now = w.now.Add(by) }}
}

// touched says how many Organisations had their pods replaced.
func touched(w *world) {
	n := 0
	for _, t := range w.tenants {
		if t.touched > 0 {
			n++
		}
	}
	w.tell("*", "%d of %d", n, len(w.tenants))
}

func newProfile(at time.Duration) event {
	return event{at, "the profile changes", func(w *world) { w.changes++ }}
}

func stories() map[string]story {
	all := map[string]story{}
	for _, part := range []map[string]story{ordinary(), failures(), people(), troubles(), modes()} {
		for title, s := range part {
			all[title] = s
		}
	}
	return all
}

func ordinary() map[string]story {
	return map[string]story{
		"the happy path": {spec: inWaves, fleet: six, events: []event{publish(r2)}},
		"approved by hand": {spec: func(s *channelSpec) { inWaves(s); s.Waves[1].Approval = v1alpha1.ApprovalManual }, fleet: six, events: []event{publish(r2),
			annotated(3*time.Hour, "stable", v1alpha1.AnnotationApprove, "rest@"+r1),
			annotated(4*time.Hour, "stable", v1alpha1.AnnotationApprove, "rest@"+r2),
			annotated(4*time.Hour+time.Minute, "stable", v1alpha1.AnnotationApprove, "")}},
		"a freeze opens in the middle of a soak": {spec: func(s *channelSpec) {
			inWaves(s)
			s.Waves[0].Soak = hours(24)
			s.Freeze = []v1alpha1.FreezeWindow{{Name: "wednesday", Window: v1alpha1.Window{Schedule: "0 9 * * 3", Duration: *hours(8), TimeZone: "Asia/Kolkata"}}}
		}, fleet: six, events: []event{publish(r2)}},
		"nothing moves without a wave":        {spec: func(s *channelSpec) { s.Waves = nil }, events: []event{publish(r2)}},
		"who is in no wave stays and is told": {spec: func(s *channelSpec) { s.Waves = []v1alpha1.Wave{{Name: "canary", Selector: ring("canary")}} }, fleet: six, events: []event{publish(r2)}},
		"a profile that changes during a rollout travels along": {spec: inWaves, fleet: six, events: []event{
			{9 * time.Minute, "the operator is upgraded, and would render other pods", func(w *world) { w.changes++ }}, publish(r2)}},
		"a profile that changes while pods become ready is not blamed on the release": {spec: rollback, fleet: six, events: []event{
			publish(r2), newProfile(10*time.Minute + 25*time.Second)}},
		"a profile that changes later goes through the waves": {spec: inWaves, fleet: six, events: []event{publish(r2), newProfile(72 * time.Hour)}},
		"two hundred in three waves": {quiet: true, spec: func(s *channelSpec) {
			ten := intstr.FromString("10%")
			s.Waves = []v1alpha1.Wave{{Name: "canary", Selector: ring("canary"), Soak: hours(1)}, {Name: "early", Percentage: 10, MaxInFlight: atOnce(5), Soak: hours(1)}, {Name: "rest", MaxInFlight: &ten}}
		}, fleet: hundreds(200), events: []event{publish(r2)}},
		"a release that does not exist yet": {spec: inWaves, fleet: six, events: []event{
			{9 * time.Minute, "Release " + r2 + " is not created yet", func(w *world) { delete(w.releases, r2) }}, publish(r2),
			{30 * time.Minute, "Release " + r2 + " is created", func(w *world) { w.releases[r2] = &v1alpha1.Release{} }}}},
		"an own maintenance window": {fleet: func(w *world) {
			w.fleetOf("asha", "pratham")
			w.add("sneha", r1, func(o *organisation) {
				o.Spec.Release = &v1alpha1.OrganisationRelease{Window: &v1alpha1.Window{Schedule: "0 22 * * *", Duration: *hours(2)}}
			})
		}, events: []event{publish(r2)}},
	}
}

func hundreds(n int) func(*world) {
	return func(w *world) {
		for i := range n {
			w.add(fmt.Sprintf("ngo-%03d", i+1), r1, func(o *organisation) {
				if i < 2 {
					o.Labels["ring"] = "canary"
				}
			})
		}
	}
}

func failures() map[string]story {
	// The seventh to get a slot, whoever that is; known from the story as told.
	seventh := func(name, release string) fate { return only("ngo-175", r2, neverReady)(name, release) }
	return map[string]story{
		"a canary that never becomes healthy": {spec: inWaves, fleet: six, fate: only("asha", r2, neverReady), events: []event{publish(r2),
			publishAt(2*time.Hour, r3)}},
		"one of two hundred fails and a fix is published": {quiet: true, loose: true, spec: func(s *channelSpec) { s.Waves[0].MaxInFlight = atOnce(5) },
			fleet: hundreds(200), fate: seventh, events: []event{publish(r2), {23 * time.Hour, "how many were touched?", touched}, publishAt(24*time.Hour, r3)}},
		"a halt is not lifted by touching who failed": {spec: inWaves, fleet: six, fate: only("asha", r2, neverReady), events: []event{publish(r2),
			edited(2*time.Hour, "asha gets another size", "asha", func(o *organisation) { o.Spec.Size = "small" }),
			edited(3*time.Hour, "asha is pinned to "+r1, "asha", pinnedTo(r1)),
			edited(4*time.Hour, "asha is not pinned any more", "asha", func(o *organisation) { o.Spec.Release = nil }),
			edited(5*time.Hour, "asha goes to another wave", "asha", labelled("")),
			edited(6*time.Hour, "asha goes to another channel", "asha", func(o *organisation) { o.Spec.Release = &v1alpha1.OrganisationRelease{Channel: "early"} }),
			edited(7*time.Hour, "asha comes back", "asha", func(o *organisation) { o.Spec.Release = nil }),
			{8 * time.Hour, "what failed is cured", func(w *world) { w.fate = func(string, string) fate { return well() } }},
			annotated(9*time.Hour, "asha", v1alpha1.AnnotationRetryAt, "19:00")}},
		"a halt ends with who failed": {spec: inWaves, fleet: six, fate: only("asha", r2, neverReady), events: []event{publish(r2),
			edited(2*time.Hour, "asha goes to another channel", "asha", func(o *organisation) { o.Spec.Release = &v1alpha1.OrganisationRelease{Channel: "early"} }),
			{3 * time.Hour, "asha is deleted", func(w *world) { w.wipe("asha") }}}},
		"one is pinned while it is rolled back": {spec: rollback, fleet: six, fate: only("asha", r2, refuses), events: []event{publish(r2),
			edited(16*time.Minute+15*time.Second, "asha is pinned to "+r1, "asha", pinnedTo(r1)),
			publishAt(6*time.Hour, r3)}, loose: true},
		"one is set aside": {spec: func(s *channelSpec) { s.Waves[0].MaxInFlight = atOnce(2) }, fate: only("pratham", r2, neverReady), events: []event{publish(r2),
			annotated(3*time.Hour, "pratham", v1alpha1.AnnotationSetAside, r2), publishAt(24*time.Hour, r3)}},
		"a refused websocket is rolled back":       {spec: rollback, fleet: six, fate: only("", r2, refuses), events: []event{publish(r2), publishAt(3*time.Hour, r3)}},
		"a crash during the hold is rolled back":   {spec: rollback, fleet: six, fate: only("", r2, crashes), events: []event{publish(r2)}},
		"a crash during the hold without rollback": {spec: inWaves, fleet: six, fate: only("", r2, crashes), events: []event{publish(r2)}},
		"a rollback that the schema forbids":       {spec: rollback, fleet: six, fate: only("", r2, func(f *fate) { migratesToo(f); refuses(f) }), events: []event{publish(r2)}},
		"a rollback that the new release allows": {spec: rollback, fleet: six, fate: only("", r2, func(f *fate) { migratesToo(f); refuses(f) }), events: []event{
			{0, "Release " + r2 + " says compatibleFrom: [" + r1 + "]", func(w *world) { w.releases[r2].Spec.CompatibleFrom = []string{r1} }}, publish(r2)}},
		"a rollback that fails too": {spec: rollback, fleet: six, fate: func(_, release string) fate {
			f := well()
			f.ready = never
			if release == r3 {
				f.ready = time.Minute
			}
			return f
		}, events: []event{publish(r2), publishAt(3*time.Hour, r3)}},
		"a key is missing": {spec: inWaves, fleet: six, fate: only("asha", r2, func(f *fate) { f.lacks = "GUPSHUP_WEBHOOK_IPS" }), events: []event{publish(r2),
			{time.Hour, "the key is added", func(w *world) { w.fate = func(string, string) fate { return well() } }},
			annotated(time.Hour, "asha", v1alpha1.AnnotationRetryAt, "11:00")}},
		"a migration fails":       {spec: inWaves, fleet: six, fate: only("asha", r2, func(f *fate) { f.broken = true }), events: []event{publish(r2), publishAt(2*time.Hour, r3)}},
		"failures that are borne": {spec: func(s *channelSpec) { s.MaxFailures = 1 }, fate: only("pratham", r2, neverReady), events: []event{publish(r2)}},
		"migrations without a backup": {spec: func(s *channelSpec) { s.Backup = "" }, fate: only("", r2, migratesToo), events: []event{
			{0, "Release " + r2 + " has migrations", func(w *world) { w.releases[r2].Spec.Commands.Migrate = []string{"eval"} }}, publish(r2),
			declared(time.Hour, "a person accepts that there is no backup", func(s *channelSpec) { s.Backup = v1alpha1.BackupAccepted })}},
	}
}

func people() map[string]story {
	expedite := func(s *channelSpec) {
		s.Release = r3
		s.Expedite = &v1alpha1.ExpediteSpec{Release: r3, Reason: "messages are lost", Until: metav1.NewTime(dawn.Add(48 * time.Hour))}
	}
	return map[string]story{
		"paused in the middle of a wave": {events: []event{publish(r2),
			declared(12*time.Minute, "Git says paused: true", func(s *channelSpec) { s.Paused = true }),
			declared(2*time.Hour, "Git says paused: false", func(s *channelSpec) { s.Paused = false })}},
		"held by annotation in the middle of a wave": {events: []event{publish(r2),
			annotated(12*time.Minute, "stable", v1alpha1.AnnotationHold, "delivery delays"),
			annotated(2*time.Hour, "stable", v1alpha1.AnnotationHold, "")}},
		"a newer release does not wait for a hung one": {spec: inWaves, fleet: six, fate: only("", r2, neverReady), events: []event{publish(r2), publishAt(12*time.Minute, r3)}},
		"back to the last release":                     {spec: inWaves, fleet: six, events: []event{publish(r2), publishAt(145*time.Minute, r1)}},
		"a hotfix at six during a freeze": {spec: func(s *channelSpec) {
			inWaves(s)
			s.Waves[1].Approval = v1alpha1.ApprovalManual
			s.Freeze = []v1alpha1.FreezeWindow{{Name: "nights", Window: v1alpha1.Window{Schedule: "0 18 * * *", Duration: *hours(14)}}}
		}, fleet: func(w *world) {
			six(w)
			w.add("pinned", r1, func(o *organisation) { o.Spec.Release = &v1alpha1.OrganisationRelease{Name: r1} })
			w.add("skipping", r1, func(o *organisation) {
				o.Spec.Release = &v1alpha1.OrganisationRelease{SkipUntil: &metav1.Time{Time: dawn.Add(96 * time.Hour)}}
			})
		}, events: []event{publishAt(8*time.Hour, r2), declared(8*time.Hour+time.Minute, "Git says release: "+r3+" and expedite", expedite)}},
		"what comes after a hotfix is not hurried": {spec: inWaves, fleet: six, events: []event{publish(r2), declared(4*time.Hour, "Git says release: "+r3+" and expedite", expedite),
			newProfile(8 * time.Hour)}},
		"one joins in the middle": {spec: inWaves, fleet: six, events: []event{publish(r2),
			{12 * time.Minute, "zeal is created", func(w *world) { w.add("zeal", "") }},
			{140 * time.Minute, "yuva is created", func(w *world) { w.add("yuva", "") }}}},
		"one is adopted in the middle": {spec: inWaves, fleet: six, events: []event{publish(r2),
			{13 * time.Minute, "zeal is created with the data of another", func(w *world) {
				w.add("zeal", "", labelled("canary"), func(o *organisation) { o.Spec.Adopt = &v1alpha1.AdoptSpec{UID: "2f6c0a4e-7a52-4b0e-9a4d-0d3a6a1d2f11"} })
			}}}},
		"one is pinned in the middle": {events: []event{publish(r2), {12 * time.Minute, "whoever is being updated is pinned to " + r1, func(w *world) {
			w.person(w.channel.now.Status.Slots[0].Name, func(o *organisation) { o.Spec.Release = &v1alpha1.OrganisationRelease{Name: r1} })
		}}}, loose: true},
		"a fix finds who was left on the way first": {spec: func(s *channelSpec) { inWaves(s); s.Waves[0].Soak = hours(24) }, fleet: six,
			fate: func(name, release string) fate {
				f := well()
				if release == r2 && name != "asha" {
					refuses(&f)
				}
				return f
			}, events: []event{publish(r2), publishAt(24*time.Hour+19*time.Minute, r3)}, loose: true},
		"a rollback goes to what was verified last": {spec: rollback, fleet: six, fate: only("", r3, refuses), events: []event{publish(r2), publishAt(13*time.Minute, r3)}},
		"a rollback minds the migrations of a release in between": {spec: rollback, fleet: six, fate: func(_, release string) fate {
			f := well()
			f.migrates = release == r2
			if release == r3 {
				refuses(&f)
			}
			return f
		}, events: []event{publish(r2), publishAt(13*time.Minute, r3)}},
		"a rollback that refuses its users as well": {spec: rollback, fleet: six, fate: func(_, _ string) fate {
			f := well()
			refuses(&f)
			return f
		}, events: []event{publish(r2)}},
		"a fix waits for a rollback that has begun": {spec: func(s *channelSpec) { rollback(s); s.Waves[1].Approval = v1alpha1.ApprovalManual }, fleet: six,
			fate: func(name, release string) fate {
				f := only("asha", r2, refuses)(name, release)
				if release == r1 {
					f.ready = 2 * time.Minute
				}
				return f
			}, events: []event{publish(r2), publishAt(17*time.Minute, r3)}},
		"nobody proves anything while everybody is held": {spec: inWaves, fleet: func(w *world) {
			six(w)
			for _, t := range w.tenants {
				t.now.Annotations[v1alpha1.AnnotationHold] = "a campaign runs"
			}
		}, events: []event{publish(r2),
			{time.Hour, "zeal is created", func(w *world) { w.add("zeal", "") }}}},
		"canaries that are set aside are no proof for a hotfix": {spec: func(s *channelSpec) {
			inWaves(s)
			s.Waves[1].MaxInFlight = atOnce(5)
		}, fleet: six, fate: only("asha", r3, neverReady), events: []event{
			declared(10*time.Minute, "Git says release: "+r3+" and expedite", expedite),
			annotated(time.Hour, "asha", v1alpha1.AnnotationSetAside, r3)}},
		"one is pinned before it has used its slot": {events: []event{publish(r2), {10 * time.Minute, "whoever has the slot is pinned to " + r1, func(w *world) {
			w.plan()
			for _, slot := range w.channel.now.Status.Slots {
				w.person(slot.Name, pinnedTo(r1))
			}
		}}}, loose: true},
		"one is suspended in the middle and resumes": {events: []event{publish(r2),
			{12 * time.Minute, "whoever is being updated is suspended", func(w *world) {
				w.person(w.channel.now.Status.Slots[0].Name, func(o *organisation) { o.Spec.Power = v1alpha1.PowerSuspended })
			}},
			{24 * time.Hour, "it resumes", func(w *world) {
				for _, t := range w.tenants {
					if t.now.Spec.Power == v1alpha1.PowerSuspended {
						w.person(t.now.Name, func(o *organisation) { o.Spec.Power = "" })
					}
				}
			}}}, loose: true},
		"one is deleted in the middle": {events: []event{publish(r2), {12 * time.Minute, "whoever is being updated is deleted", func(w *world) {
			w.wipe(w.channel.now.Status.Slots[0].Name)
		}}}, loose: true},
		"one is held in the middle": {events: []event{publish(r2),
			annotated(9*time.Minute, "sneha", v1alpha1.AnnotationHold, "a campaign runs"),
			annotated(24*time.Hour, "sneha", v1alpha1.AnnotationHold, "")}},
		"one leaves for another channel": {events: []event{publish(r2),
			edited(12*time.Minute, "sneha follows channel early", "sneha", func(o *organisation) { o.Spec.Release = &v1alpha1.OrganisationRelease{Channel: "early"} })}, loose: true},
	}
}

func troubles() map[string]story {
	flaps := func(name, release string) fate { return only("", r2, migratesToo)(name, release) }
	var repeated []event
	for i := range 12 {
		repeated = append(repeated, failover(10*time.Minute+time.Duration(i)*50*time.Second, 20*time.Second)...)
	}
	return map[string]story{
		"a failover in every state": {fate: flaps, events: append([]event{publish(r2)}, repeated...)},
		"one that cannot ask its server does not keep the others": {events: []event{
			{0, "whoever is the first cannot ask its server, which nobody else sees", func(w *world) { w.tenant("asha").deaf = true }}, publish(r2),
			{40 * time.Minute, "asha can ask its server again", func(w *world) { w.tenant("asha").deaf = false }}}},
		"a long failover during a hold": {spec: inWaves, fleet: six, events: append([]event{publish(r2)}, failover(13*time.Minute, time.Hour)...)},
		"a server that is ill from the beginning": {fleet: func(w *world) {
			six(w)
			w.tenant("goonj").server = "shared-2"
			w.ill["shared-2"] = "DatabaseServer shared-2 does not answer"
		}, spec: func(s *channelSpec) { s.Waves[0].MaxInFlight = atOnce(3) }, events: []event{publish(r2), {5 * time.Hour, "DatabaseServer shared-2 answers again", func(w *world) { delete(w.ill, "shared-2") }}}},
		"the clock jumps": {spec: inWaves, fleet: six, events: []event{publish(r2), jump(13*time.Minute, 365*24*time.Hour),
			{365*24*time.Hour + 14*time.Minute, "the clock is set right", func(w *world) { w.now = w.now.Add(-365 * 24 * time.Hour) }}}},
		"the status of the channel is lost": {spec: func(s *channelSpec) { s.Waves[0].MaxInFlight = atOnce(2) }, fleet: six, events: []event{publish(r2),
			{12 * time.Minute, "the status of the channel is lost", func(w *world) {
				next := w.channel.now.DeepCopy()
				next.Status = v1alpha1.ReleaseChannelStatus{}
				w.channel.write(next, w.now)
			}}}},
		"a time zone that nobody knows": {spec: func(s *channelSpec) {
			s.Freeze = []v1alpha1.FreezeWindow{{Name: "nights", Window: v1alpha1.Window{Schedule: "0 18 * * *", Duration: *hours(14), TimeZone: "Asia/Calcuta"}}}
		}, events: []event{publish(r2), declared(time.Hour, "the time zone is corrected", func(s *channelSpec) { s.Freeze[0].TimeZone = "Asia/Kolkata" })}},
	}
}
