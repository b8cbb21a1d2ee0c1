package fleet

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// Verdict is how a rollout stands, in the words of kstatus.
type Verdict struct {
	Reason  string
	Message string
	// Ready: everybody whom the release reaches has verified it.
	Ready bool
	// Stalled: only a person can bring it on.
	Stalled bool
}

// conclude notes the end of a rollout. Whoever failed and is borne, or set aside, does
// not keep the release from being the one on which others start; that nobody at all
// serves it does, whether they are held, suspended, or just start.
func (p *planner) conclude() {
	if !p.done() {
		return
	}
	p.status.Soak = nil
	if p.status.Verified == p.release || p.count(Current) == 0 {
		return
	}
	p.status.Counts, p.status.Verified = p.counts(), p.release
	p.remember(v1alpha1.RolloutVerified)
	p.note("Release %s is verified by %s", p.release, organisations(p.count(Current)))
}

// done: nobody is to move any more.
func (p *planner) done() bool {
	return p.fleet.Release != nil && len(p.spec.Waves) > 0 && !p.halted() && p.settled()
}

func (p *planner) counts() v1alpha1.FleetCounts {
	n := func(standing Standing) int32 { return int32(p.count(standing)) } //nolint:gosec // a fleet is far smaller
	return v1alpha1.FleetCounts{
		Members: int32(len(p.members)) - n(Stranger), //nolint:gosec // a fleet is far smaller
		Current: n(Current), InFlight: n(InFlight), Waiting: n(Waiting), Failed: n(Failed),
		SetAside: n(SetAside), Unreached: n(Unreached), Starting: n(Starting),
	}
}

// report completes the status.
func (p *planner) report() Plan {
	s := p.status
	s.ObservedGeneration, s.Counts = p.channel.Generation, p.counts()
	s.Failing = p.list(maxFailing, Failed, SetAside)
	s.Unreached = p.list(maxUnreached, Unreached)
	verdict, at := p.judge()
	s.NextStep, s.NextStepAt = bounded(verdict.Message, maxNextStep), nil
	if !at.IsZero() {
		s.NextStepAt = &metav1.Time{Time: at.UTC().Truncate(time.Second)}
	}
	p.conditions(verdict)
	return Plan{Status: *s, Verdict: verdict, Notes: p.notes, After: p.after(at)}
}

const (
	maxNextStep = 512
	maxMessage  = 256
)

func (p *planner) list(most int, standings ...Standing) []v1alpha1.FailingOrganisation {
	var list []v1alpha1.FailingOrganisation
	for _, m := range p.having(func(m *placed) bool { return slices.Contains(standings, m.standing) }) {
		list = append(list, v1alpha1.FailingOrganisation{Name: m.Name, Reason: cmp.Or(m.reason, string(m.standing)), Message: bounded(m.message, maxMessage)})
	}
	slices.SortFunc(list, func(a, b v1alpha1.FailingOrganisation) int { return cmp.Compare(a.Name, b.Name) })
	return list[:min(len(list), most)]
}

// judge is never better than the facts: the first thing that is not well is the verdict.
func (p *planner) judge() (Verdict, time.Time) {
	s := p.status.Counts
	switch {
	case p.done() && s.Failed+s.SetAside > 0:
		return Verdict{Reason: v1alpha1.ReasonRolledOutInPart, Stalled: true, Message: fmt.Sprintf(
			"Release %s is verified by %s; %d failed and %d are set aside: see status.failing", p.release, organisations(int(s.Current)), s.Failed, s.SetAside)}, time.Time{}
	case p.done() && p.stop != nil && p.stop.reason == v1alpha1.ReasonInvalidSpec:
		return Verdict{Reason: p.stop.reason, Message: p.stop.message, Stalled: true}, time.Time{}
	case p.done() && s.Members == 0:
		return Verdict{Reason: v1alpha1.ReasonNoMembers, Ready: true, Message: fmt.Sprintf("no Organisation follows this channel; the first starts on Release %s", cmp.Or(p.status.Verified, p.release))}, time.Time{}
	case p.done() && p.status.Verified == p.release:
		return Verdict{Reason: v1alpha1.ReasonRolledOut, Ready: true, Message: fmt.Sprintf("Release %s is verified by everybody whom it reaches, %s%s", p.release, organisations(int(s.Current)), p.passedBy())}, time.Time{}
	case p.stop != nil:
		return Verdict{Reason: p.stop.reason, Message: p.stop.message + p.flyingOn(), Stalled: slices.Contains(stalling, p.stop.reason)}, p.stop.at
	case s.InFlight > 0:
		return Verdict{Reason: v1alpha1.ReasonRollingOut, Message: fmt.Sprintf("%s of wave %s: %d of %d serve Release %s%s",
			p.phase(), p.status.Wave, s.Current, s.Members-s.Unreached, p.release, p.flyingOn()+p.passedBy())}, time.Time{}
	case p.barrier != nil && !p.waitsWithin():
		return Verdict{Reason: p.barrier.reason, Message: p.barrier.message}, p.barrier.at
	case p.done():
		return Verdict{Reason: v1alpha1.ReasonWaiting, Message: fmt.Sprintf("nobody has verified Release %s yet%s%s", p.release, p.starters(), p.passedBy())}, time.Time{}
	}
	return p.waiting()
}

// stalling are the reasons that only a person can take away.
var stalling = []string{v1alpha1.ReasonHalted, v1alpha1.ReasonInvalidSpec, v1alpha1.ReasonBackupMissing}

func (p *planner) phase() string {
	if Expedited(p.channel, p.now) {
		return "hurried (" + p.spec.Expedite.Reason + ") update"
	}
	return "update"
}

// passedBy tells of those whom the release does not reach, a hotfix too.
func (p *planner) passedBy() string {
	if n := p.count(Unreached); n > 0 {
		return fmt.Sprintf("; it does not reach %s: see status.unreached", organisations(n))
	}
	return ""
}

func (p *planner) starters() string {
	if n := p.count(Starting); n > 0 {
		return fmt.Sprintf("; waits for %s, which serve nothing yet", organisations(n))
	}
	return ""
}

// flyingOn tells of those in flight, and what the first of them stands still for.
func (p *planner) flyingOn() string {
	n := p.count(InFlight)
	if n == 0 {
		return ""
	}
	told := fmt.Sprintf("; %s in flight", organisations(n))
	for _, m := range p.having(func(m *placed) bool { return m.standing == InFlight && (m.Disturbed != "" || m.Held != "") }) {
		return told + fmt.Sprintf(", of which %s stands still: %s", m.Name, cmp.Or(m.Disturbed, "held: "+m.Held))
	}
	return told
}

// waitsWithin: somebody in an open wave waits for something of its own.
func (p *planner) waitsWithin() bool {
	return len(p.having(func(m *placed) bool { return m.wave <= p.opened && m.standing == Waiting })) > 0
}

// waiting tells of the first who wait although their wave is open.
func (p *planner) waiting() (Verdict, time.Time) {
	if len(p.spec.Waves) == 0 {
		return Verdict{Reason: v1alpha1.ReasonWaiting, Message: "spec.waves is empty, so nothing moves"}, time.Time{}
	}
	var soonest time.Time
	var who []string
	for _, m := range p.having(func(m *placed) bool { return m.wave <= p.opened && m.standing == Waiting }) {
		who = append(who, fmt.Sprintf("%s (%s)", m.Name, cmp.Or(m.message, m.reason)))
		if !m.until.IsZero() && (soonest.IsZero() || m.until.Before(soonest)) {
			soonest = m.until
		}
	}
	slices.Sort(who)
	const told = 3
	rest := ""
	if len(who) > told {
		rest, who = fmt.Sprintf(" and %d more", len(who)-told), who[:told]
	}
	reason := p.waitReason()
	return Verdict{Reason: reason, Stalled: reason == v1alpha1.ReasonInvalidSpec, Message: "waits for " + strings.Join(who, ", ") + rest}, soonest
}

// waitReason is Waiting, unless all who wait in an open wave wait for the same, which only a
// person can take away.
func (p *planner) waitReason() string {
	for _, reason := range []string{v1alpha1.ReasonInvalidSpec, v1alpha1.ReasonCordoned} {
		others := p.having(func(m *placed) bool { return m.wave <= p.opened && m.standing == Waiting && m.reason != reason })
		if len(others) == 0 {
			return reason
		}
	}
	return v1alpha1.ReasonWaiting
}

// conditions in the words of kstatus. Whoever stops a rollout on purpose is waited for,
// and nothing is wrong.
func (p *planner) conditions(v Verdict) {
	ready, reconciling, stalled := metav1.ConditionFalse, metav1.ConditionFalse, metav1.ConditionFalse
	switch {
	case v.Ready:
		ready = metav1.ConditionTrue
	case v.Stalled:
		stalled = metav1.ConditionTrue
	default:
		reconciling = metav1.ConditionTrue
	}
	for kind, status := range map[string]metav1.ConditionStatus{v1alpha1.Ready: ready, v1alpha1.Reconciling: reconciling, v1alpha1.Stalled: stalled} {
		if status == metav1.ConditionFalse && kind != v1alpha1.Ready {
			meta.RemoveStatusCondition(&p.status.Conditions, kind)
			continue
		}
		meta.SetStatusCondition(&p.status.Conditions, metav1.Condition{
			Type: kind, Status: status, Reason: v.Reason, Message: v.Message,
			ObservedGeneration: p.channel.Generation, LastTransitionTime: *p.time(),
		})
	}
	slices.SortFunc(p.status.Conditions, func(a, b metav1.Condition) int { return cmp.Compare(a.Type, b.Type) })
}

// after is when to plan again: at the next moment that changes something by itself.
func (p *planner) after(at time.Time) time.Duration {
	times := []time.Time{at}
	for _, m := range p.members {
		times = append(times, m.until)
	}
	if e := p.spec.Expedite; e != nil {
		times = append(times, e.Until.Time)
	}
	if p.stop != nil {
		times = append(times, p.stop.at)
	}
	var after time.Duration
	for _, t := range times {
		if left := t.Sub(p.now); !t.IsZero() && left > 0 && (after == 0 || left < after) {
			after = left
		}
	}
	watching := p.status.Soak != nil && p.opened >= 0 && p.spec.Waves[p.opened].Soak != nil && p.left(p.status.Soak) > 0
	if watching && (after == 0 || after > lookEvery) {
		after = lookEvery
	}
	return after
}

func organisations(n int) string {
	if n == 1 {
		return "1 Organisation"
	}
	return fmt.Sprintf("%d Organisations", n)
}

// bounded is text of at most so many bytes, without half a character at its end.
func bounded(text string, most int) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most-len("…")], "") + "…"
}
