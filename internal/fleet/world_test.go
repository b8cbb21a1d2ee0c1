package fleet_test

import (
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/fleet"
	"github.com/glific/organisation-operator/internal/update"
)

const (
	r1, r2, r3 = "glific-1", "glific-2", "glific-3"
	// never is a time that does not come.
	never = 200 * 365 * 24 * time.Hour
	tick  = 5 * time.Second
)

var dawn = time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC) // a Tuesday

// fate is what a release does at one Organisation.
type fate struct {
	// lacks is a key that is not there; "" if none.
	lacks string
	// migrates: the schema changes; broken: the migration fails.
	migrates, broken bool
	// appears and ready say how long after they were asked for pods do so.
	appears, ready time.Duration
	// falls is how long after they were asked for pods stop being ready for good.
	falls time.Duration
	// probe is what a user's request meets that must not be; "" if nothing.
	probe string
	// hot is why new code cannot enter running pods; "" if it can.
	hot string
}

func well() fate { return fate{appears: 10 * time.Second, ready: 40 * time.Second, falls: never} }

// version is an object as it was stored, so that readers can be behind.
type version[T any] struct {
	now, before T
	number      int
	at          time.Time
}

// catchUp is how long a reader may be behind.
const catchUp = 20 * time.Second

func (v *version[T]) write(next T, at time.Time) {
	v.before, v.now, v.number, v.at = v.now, next, v.number+1, at
}

// tenant is one Organisation with its pods.
type tenant struct {
	version[*v1alpha1.Organisation]
	gone bool
	// runs is the release whose pods were asked for last, with the changes that were
	// pending, at a time.
	runs    string
	changes int
	since   time.Time
	// migrated are the releases whose migrations ran, migrating since when.
	migrated map[string]bool
	// schema is the release whose migration was the last that was applied.
	schema string
	// verified are the releases that were ever proved here.
	verified  map[string]bool
	migrating time.Time
	probed    update.ProbeState
	server    string
	// deaf: it cannot ask its database server, and nobody else sees that.
	deaf   bool
	asleep bool
	// failure is the last one, whatever its status says now.
	failure *v1alpha1.UpdateStatus
	// touched counts how often pods were replaced.
	touched int
	// refused is the upgrade of running pods that could not be.
	refused *v1alpha1.HotStatus
}

// world is a channel and its fleet. Every part of it is moved by the functions that the
// operator runs; only pods, Jobs and answers to probes are played.
type world struct {
	now      time.Time
	channel  version[*v1alpha1.ReleaseChannel]
	tenants  []*tenant
	releases map[string]*v1alpha1.Release
	ill      map[string]string // DatabaseServers, and what ails them
	changes  int               // of the profile, so far
	fate     func(name, release string) fate

	mode   mode
	chance *rand.Rand
	writes int
	failed int
	broken []string // invariants
	story  strings.Builder
	quiet  bool
	after  time.Duration
	told   string
}

// mode is what goes wrong around the operator.
type mode struct {
	name string
	// shuffled: who comes first is left to chance.
	shuffled bool
	// stale: reads are often one version behind.
	stale bool
	// crash is the number of the write that is lost; -1 loses half of them, 0 none.
	crash int
	seed  int64
}

func (w *world) tell(who, format string, args ...any) {
	fmt.Fprintf(&w.story, "%s %s: %s\n", w.now.UTC().Format("Mon 15:04:05"), who, fmt.Sprintf(format, args...))
}

// behind tells whether a read is one version behind.
func (w *world) behind() bool { return w.mode.stale && w.chance.Intn(3) == 0 }

// lost tells whether the operator is killed instead of this write.
func (w *world) lost() bool {
	w.writes++
	return w.writes == w.mode.crash || w.mode.crash < 0 && w.chance.Intn(2) == 0
}

func read[T any](w *world, v *version[T]) (T, int) {
	if v.number > 1 && w.now.Sub(v.at) < catchUp && w.behind() {
		return v.before, v.number - 1
	}
	return v.now, v.number
}

// person changes an Organisation or the channel as people do.
func (w *world) person(name string, change func(*v1alpha1.Organisation)) {
	t := w.tenant(name)
	next := t.now.DeepCopy()
	change(next)
	next.Generation++
	t.write(next, w.now)
}

func (w *world) declare(change func(*v1alpha1.ReleaseChannel)) {
	next := w.channel.now.DeepCopy()
	change(next)
	next.Generation++
	w.channel.write(next, w.now)
}

func (w *world) tenant(name string) *tenant {
	i := slices.IndexFunc(w.tenants, func(t *tenant) bool { return t.now.Name == name && !t.gone })
	return w.tenants[i]
}

// add makes an Organisation that serves a release; "" makes one that is new.
func (w *world) add(name, serving string, changes ...func(*v1alpha1.Organisation)) {
	org := &v1alpha1.Organisation{ObjectMeta: metav1.ObjectMeta{
		Name: name, UID: types.UID(fmt.Sprintf("%s-%d", name, len(w.tenants))), Generation: 1, Labels: map[string]string{}, Annotations: map[string]string{},
	}}
	org.Status.Release = v1alpha1.ReleaseStatus{Serving: serving, Target: serving, Verified: serving, Channel: "stable"}
	for _, change := range changes {
		change(org)
	}
	t := &tenant{runs: serving, since: w.now.Add(-time.Hour), migrated: map[string]bool{serving: true}, verified: map[string]bool{serving: true}, server: "shared-1"}
	t.write(org, w.now)
	w.tenants = append(w.tenants, t)
}

func profile() v1alpha1.OrganisationProfileSpec {
	return v1alpha1.OrganisationProfileSpec{Release: &v1alpha1.ReleaseReference{Channel: "stable"}}
}

// plan is one pass of the channel's controller.
func (w *world) plan() {
	channel, number := read(w, &w.channel)
	f := fleet.Fleet{Gone: map[string]bool{}, Release: w.releases[channel.Spec.Release]}
	for _, t := range w.tenants {
		if t.gone {
			f.Gone[string(t.now.UID)] = true
			continue
		}
		org, _ := read(w, &t.version)
		m := fleet.MemberOf(org, profile())
		m.Disturbed = w.ill[t.server]
		m.Pending = w.pending(t, org)
		if fleet.Concerns(channel, m) {
			f.Members = append(f.Members, m)
		}
	}
	plan := fleet.Next(channel, f, w.now)
	w.after = plan.After
	unchanged := equality.Semantic.DeepEqual(plan.Status, channel.Status)
	if unchanged {
		return
	}
	if number != w.channel.number || w.lost() {
		w.failed++
		return // a conflict, or the end of the process
	}
	for _, note := range plan.Notes {
		w.tell("stable", "%s", note)
	}
	if verdict := plan.Verdict.Reason + " - " + plan.Verdict.Message; verdict != w.told && (!w.quiet || plan.Verdict.Reason != v1alpha1.ReasonRollingOut) {
		w.told = verdict
		w.tell("stable", "= %s", verdict)
	}
	w.checkVerdict(plan)
	w.checkGiven(channel, plan.Status)
	w.checkVerified(plan.Status)
	next := channel.DeepCopy()
	next.Status = plan.Status
	w.channel.write(next, w.now)
}

func (w *world) pending(t *tenant, org *v1alpha1.Organisation) []string {
	if org.Status.Release.Serving != "" && t.changes != w.changes {
		return []string{"Profile"}
	}
	return nil
}

// dozes tells whether nothing could come of a pass.
func (w *world) dozes(t *tenant) bool {
	s, spec := t.now.Status, t.now.Spec
	uid := string(t.now.UID)
	return t.gone || (s.Update == nil || s.Update.Answer != v1alpha1.SlotAccepted) && s.Release.Serving == t.runs && s.Release.Target == t.runs &&
		spec.Power == "" && !t.asleep && spec.Release == nil && s.Release.Channel != "" &&
		fleet.OfferOf(w.channel.now, uid) == nil && (w.channel.before == nil || fleet.OfferOf(w.channel.before, uid) == nil)
}

// pass is one pass of an Organisation's controller.
func (w *world) pass(t *tenant) {
	if w.dozes(t) {
		return
	}
	org, number := read(w, &t.version)
	channel, _ := read(w, &w.channel)
	org = org.DeepCopy()
	pinned := ""
	if org.Spec.Release != nil {
		pinned = org.Spec.Release.Name
	}
	member := fleet.MemberOf(org, profile())
	member.Disturbed = w.ill[t.server]
	suspended := org.Spec.Power == v1alpha1.PowerSuspended
	org.Status.Release.Target = fleet.Aim(channel, org)
	facts := w.facts(t, org, channel, member)
	decision := update.Decide(facts)
	if u := org.Status.Update; pinned != "" && (u == nil || u.Answer != v1alpha1.SlotAccepted) {
		decision = update.Decision{Update: u, Target: pinned} // no channel is asked
	}
	if decision.Action == update.ReadChannel {
		facts.Gate = fleet.Gate(w.channel.now, member, w.now)
		decision = update.Decide(facts)
	}
	w.act(t, org.Status.Release.Target, decision)
	next := org.DeepCopy()
	s := &next.Status
	s.Update, s.Release.Target, s.Release.Channel = decision.Update, decision.Target, channel.Name
	if pinned != "" {
		s.Release.Target, s.Release.Channel = pinned, ""
	}
	if !suspended && w.now.Sub(t.since) >= w.fate(t.now.Name, t.runs).ready && w.pods(t, t.runs).Converged {
		s.Release.Serving = t.runs
	}
	if t.refused != nil {
		s.Hot = t.refused
	}
	if u := s.Update; u != nil && u.Outcome == v1alpha1.OutcomeVerified && s.Release.Serving == u.Release && s.Release.Target == u.Release {
		s.Release.Verified, s.Release.Schema = u.Release, t.schema
	}
	// What needs no slot: a first start, a pin, a resume.
	if !suspended && (s.Release.Serving == "" || pinned != "" || t.asleep) && t.runs != s.Release.Target {
		w.checkStart(t, s.Release.Target)
		w.deploy(t, s.Release.Target)
	}
	t.asleep = suspended
	w.store(t, number, org, next)
}

func (w *world) store(t *tenant, number int, was, next *v1alpha1.Organisation) {
	if equality.Semantic.DeepEqual(was.Status.Update, next.Status.Update) && was.Status.Release == next.Status.Release && t.now.Status.Release == next.Status.Release {
		return
	}
	if number != t.number || w.lost() {
		w.failed++
		return
	}
	w.checkAccept(t, t.now.Status.Update, next.Status.Update)
	if u := next.Status.Update; u == nil || u.Outcome == v1alpha1.OutcomeVerified {
		t.verified[next.Status.Release.Serving] = true
	}
	if u := next.Status.Update; update.Failed(u) && (t.now.Status.Update == nil || t.now.Status.Update.Token != u.Token || !update.Failed(t.now.Status.Update)) {
		t.failure = u
	}
	w.tellUpdate(next.Name, t.now.Status.Update, next.Status.Update)
	t.write(next, w.now)
}

func (w *world) tellUpdate(name string, was, is *v1alpha1.UpdateStatus) {
	if is == nil || was != nil && was.Stage == is.Stage && was.Answer == is.Answer && was.Reason == is.Reason && was.Token == is.Token {
		return
	}
	ended := is.Stage == v1alpha1.StageEnded
	if w.quiet && (!ended || is.Outcome == v1alpha1.OutcomeVerified) {
		return
	}
	if ended && is.Mode != "" {
		w.tell(name, "%s %s (%s)", is.Answer, is.Message, is.Mode)
		return
	}
	if ended {
		w.tell(name, "%s %s", is.Answer, is.Message)
		return
	}
	w.tell(name, "%s %s", is.Stage, is.Message)
}

func (w *world) facts(t *tenant, org *v1alpha1.Organisation, channel *v1alpha1.ReleaseChannel, m fleet.Member) update.Facts {
	target := org.Status.Release.Target
	f := update.Facts{
		Now: w.now, Last: org.Status.Update, Aimed: target, Serving: org.Status.Release.Serving,
		Offer: fleet.OfferOf(channel, m.UID), Wanted: channel.Spec.Release, Generation: m.Generation, RetryAt: m.RetryAt,
		Pods: w.pods(t, target), Probes: update.Probes{State: t.probed, Message: w.fate(m.Name, target).probe},
		OnFailure: channel.Spec.OnFailure, Limits: update.LimitsOf(channel.Spec.Verification),
	}
	switch {
	case m.Deleting:
		f.Leaving = &update.Obstacle{Reason: v1alpha1.ReasonDeleting, Message: "it is being deleted"}
	case m.Pinned != "":
		f.Leaving = &update.Obstacle{Reason: v1alpha1.ReasonPinned, Message: "spec.release.name is " + m.Pinned}
	case m.Suspended:
		f.Leaving = &update.Obstacle{Reason: v1alpha1.ReasonSuspended, Message: "spec.power is Suspended"}
	case m.Held != "":
		f.Still = &update.Obstacle{Reason: v1alpha1.ReasonHeld, Message: "held: " + m.Held}
	case t.deaf:
		f.Still = &update.Obstacle{Reason: v1alpha1.ReasonServerDisturbed, Message: "the ledger does not answer it"}
	case m.Disturbed != "":
		f.Still = &update.Obstacle{Reason: v1alpha1.ReasonServerDisturbed, Message: m.Disturbed}
	}
	if lacks := w.fate(m.Name, target).lacks; lacks != "" {
		f.Preflight = &update.Obstacle{Reason: v1alpha1.ReasonConfigIncomplete, Message: "key " + lacks + " is missing in Secret gupshup"}
	}
	f.Migration = w.migration(t, target)
	u := org.Status.Update
	if f.Verified = org.Status.Release.Verified; u != nil {
		known := org.Status.Release.Schema == t.schema
		f.Reversible = known || t.schema == f.Back() || slices.Contains(w.releases[t.schema].Spec.CompatibleFrom, f.Back())
	}
	return f
}

const migrationTakes = 20 * time.Second

func (w *world) migration(t *tenant, target string) update.Migration {
	destiny := w.fate(t.now.Name, target)
	switch {
	case !destiny.migrates && !destiny.broken, t.migrated[target]:
		return update.Migration{}
	case t.migrating.IsZero():
		return update.Migration{State: update.MigrationDue, Message: "Job migrate is started"}
	case w.now.Sub(t.migrating) < migrationTakes:
		return update.Migration{State: update.MigrationRunning, Message: "Job migrate runs"}
	case destiny.broken:
		return update.Migration{State: update.MigrationFailed, Message: "Job migrate failed: relation exists"}
	}
	t.migrated[target], t.schema, t.migrating = true, target, time.Time{}
	return update.Migration{}
}

func (w *world) pods(t *tenant, target string) update.Pods {
	destiny, age := w.fate(t.now.Name, t.runs), w.now.Sub(t.since)
	p := update.Pods{Asked: t.runs == target && t.changes == w.changes, Message: "pods of Release " + target + " are asked for"}
	if p.Asked {
		p.Message = "pods of Release " + target + " are not ready"
	}
	p.Mode = w.gotIn(t, p.Asked)
	p.Appeared = p.Asked && age >= destiny.appears
	p.Converged = t.runs == target && age >= destiny.ready && age < destiny.falls && w.ill[t.server] == ""
	return p
}

func (w *world) act(t *tenant, target string, d update.Decision) {
	switch d.Action {
	case update.Migrate:
		t.migrating = w.now
	case update.Deploy:
		w.deploy(t, target)
		w.enter(t, d.Update)
	case update.Probe:
		t.probed = update.ProbesPassed
		if w.fate(t.now.Name, target).probe != "" {
			t.probed = update.ProbesFailed
		}
	}
}

func (w *world) deploy(t *tenant, release string) {
	t.runs, t.changes, t.since, t.probed = release, w.changes, w.now, update.ProbesUnknown
	t.touched++
}

// wipe is what a person does who gives up on an Organisation.
func (w *world) wipe(name string) { w.tenant(name).gone = true }
