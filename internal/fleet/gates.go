package fleet

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/stopwatch"
	"github.com/glific/organisation-operator/internal/update"
)

// barrier says why something does not happen now.
type barrier struct {
	reason  string
	message string
	// at is when it falls by itself; zero if it does not, or nobody knows.
	at time.Time
}

func bar(reason, format string, args ...any) *barrier {
	return &barrier{reason: reason, message: fmt.Sprintf(format, args...)}
}

// closed says why no update of a channel may begin, from the channel alone; nil if one
// may. Organisations ask it of the channel as it is on the API server before their first
// change, so an emergency stop works at once.
func closed(channel *v1alpha1.ReleaseChannel, now time.Time) *barrier {
	spec := channel.Spec
	if reason := channel.Annotations[v1alpha1.AnnotationHold]; reason != "" {
		return bar(v1alpha1.ReasonHeld, "held (%s): remove the annotation %s from ReleaseChannel %s to go on", bounded(reason, maxRequest), v1alpha1.AnnotationHold, channel.Name)
	}
	if spec.Paused {
		return bar(v1alpha1.ReasonPaused, "spec.paused of ReleaseChannel %s is set", channel.Name)
	}
	name, until, err := frozen(spec, now)
	switch {
	case err != nil:
		return bar(v1alpha1.ReasonInvalidSpec, "ReleaseChannel %s: %s", channel.Name, err)
	case name != "" && !Expedited(channel, now):
		b := bar(v1alpha1.ReasonFrozen, "freeze window %s of ReleaseChannel %s is open until %s; a hotfix needs spec.expedite", name, channel.Name, until.UTC().Format(time.RFC3339))
		b.at = until
		return b
	}
	return nil
}

// Expedited tells whether the channel's release is hurried now. Once everybody has it, what
// comes later, a change of a profile or of the operator, is in no hurry.
func Expedited(channel *v1alpha1.ReleaseChannel, now time.Time) bool {
	spec := channel.Spec
	return spec.Expedite != nil && spec.Expedite.Release == spec.Release && now.Before(spec.Expedite.Until.Time) && channel.Status.Verified != spec.Release
}

// Gate is what a channel, read from the API server, says to an Organisation that is
// about to make its first change.
func Gate(channel *v1alpha1.ReleaseChannel, m Member, now time.Time) *update.Gate {
	gate := &update.Gate{Release: channel.Spec.Release, Offer: OfferOf(channel, m.UID)}
	why := closed(channel, now)
	own := placed{Member: m}
	p := &planner{channel: channel, now: now}
	switch {
	case why != nil:
	case gate.Offer != nil && gate.Offer.Release != gate.Release:
		why = bar(string(v1alpha1.OutcomeSuperseded), "Release %s is wanted now", gate.Release)
	case skipping(p, &own), windowed(p, &own):
		why = &barrier{reason: own.reason, message: own.message}
	}
	if why != nil {
		gate.Closed = &update.Obstacle{Reason: why.reason, Message: why.message}
	}
	return gate
}

// OfferOf is the slot that a channel has for an Organisation; nil if it has none.
func OfferOf(channel *v1alpha1.ReleaseChannel, uid string) *update.Offer {
	for _, slot := range channel.Status.Slots {
		if slot.UID == uid {
			return &update.Offer{Channel: channel.Name, Token: slot.Token, Release: slot.Release, Mode: slot.Mode}
		}
	}
	return nil
}

// stopped says why nothing may begin anywhere in the fleet.
func (p *planner) stopped() *barrier {
	why := closed(p.channel, p.now)
	switch {
	case why != nil && why.reason != v1alpha1.ReasonFrozen:
		return why
	case p.fleet.Release == nil:
		return bar(v1alpha1.ReasonReleaseNotFound, "Release %s does not exist: create it, or name another in spec.release", p.release)
	case p.halted():
		return bar(v1alpha1.ReasonHalted, "%s failed and spec.maxFailures is %d: correct what failed and set the annotation %s there, set it aside with %s=%s, or name another release",
			organisations(p.count(Failed)), p.spec.MaxFailures, v1alpha1.AnnotationRetryAt, v1alpha1.AnnotationSetAside, p.release)
	case p.unsaved():
		return bar(v1alpha1.ReasonBackupMissing, "Release %s has migrations and there is no dump to go back to; a person may accept that: spec.backup: Accepted", p.release)
	}
	return why
}

func (p *planner) halted() bool { return p.count(Failed) > int(p.spec.MaxFailures) }

// unsaved: somebody would be migrated without a dump, and nobody accepted that.
func (p *planner) unsaved() bool {
	return len(p.fleet.Release.Spec.Commands.Migrate) > 0 && p.spec.Backup != v1alpha1.BackupAccepted &&
		len(p.having(func(m *placed) bool { return m.standing == Waiting && m.Serving != p.release })) > 0
}

// openWaves opens every wave that may be open, in order, and none is ever closed again.
func (p *planner) openWaves() {
	for next := p.opened + 1; next < len(p.spec.Waves); next++ {
		p.soak()
		if p.barrier = p.barred(next); p.barrier != nil {
			return
		}
		p.opened, p.status.Wave, p.status.Soak = next, p.spec.Waves[next].Name, nil
		if !slices.Contains(p.status.Approved, p.status.Wave) && p.spec.Waves[next].Approval == v1alpha1.ApprovalManual {
			p.status.Approved = append(p.status.Approved, p.status.Wave) // a hotfix that opened it opened it for this release
		}
		if !p.settled() {
			p.note("wave %s opens", p.status.Wave)
		}
		for _, m := range p.having(func(m *placed) bool { return m.wave == next && m.reason == v1alpha1.ReasonWaitingForWave }) {
			m.reason = v1alpha1.ReasonWaitingForSlot
		}
	}
}

// barred says why a wave may not open.
func (p *planner) barred(next int) *barrier {
	wave := p.spec.Waves[next]
	switch {
	case p.stop != nil:
		return p.stop
	case p.settled():
		return nil // nobody is to move, so nobody is to be kept from it
	case !p.reachable(next) && Expedited(p.channel, p.now):
		return nil // the canary is in the first wave that has anybody
	case Expedited(p.channel, p.now) && p.proved():
		return nil
	case next > 0 && !p.through(next-1):
		return bar(v1alpha1.ReasonRollingOut, "wave %s opens when wave %s is through", wave.Name, p.spec.Waves[next-1].Name)
	case Expedited(p.channel, p.now):
		return nil // canaries that failed or are set aside prove nothing: the first of this wave is one
	}
	if b := p.soaking(next); b != nil {
		return b
	}
	if wave.Approval == v1alpha1.ApprovalManual && !slices.Contains(p.status.Approved, wave.Name) {
		return bar(v1alpha1.ReasonWaitingForApproval, "wave %s opens when somebody approves it: kubectl annotate releasechannel %s --overwrite %s=%s@%s",
			wave.Name, p.channel.Name, v1alpha1.AnnotationApprove, wave.Name, p.release)
	}
	return nil
}

// settled: nobody is to move any more.
func (p *planner) settled() bool {
	return p.count(Waiting) == 0 && p.count(InFlight) == 0 && len(p.status.Slots) == 0
}

// reachable tells whether a wave before this one has anybody whom the release reaches.
func (p *planner) reachable(before int) bool {
	return len(p.having(func(m *placed) bool { return m.wave >= 0 && m.wave < before && reached(m) })) > 0
}

func reached(m *placed) bool {
	return m.standing != Stranger && m.standing != Unreached && m.standing != Starting
}

// proved: one Organisation at least was verified on this release, and serves it.
func (p *planner) proved() bool {
	return len(p.having(func(m *placed) bool {
		u := m.Update
		return m.Serving == p.release && u != nil && u.Release == p.release && u.Outcome == v1alpha1.OutcomeVerified
	})) > 0
}

// collapsed: a hotfix with a verified canary goes to all open waves at once.
func (p *planner) collapsed() bool { return Expedited(p.channel, p.now) && p.proved() }

// through: nobody of this wave or of one before it is to move any more.
func (p *planner) through(wave int) bool {
	return len(p.having(func(m *placed) bool {
		return m.wave >= 0 && m.wave <= wave && (m.standing == InFlight || m.standing == Waiting)
	})) == 0
}

const (
	// longestGap between two looks at a soak that counts as watched.
	longestGap = 30 * time.Minute
	// lookEvery is how often a soak is looked at and written.
	lookEvery = 10 * time.Minute
)

// soak watches how long the last open wave has served, in a freeze as well. A wave in
// which nobody serves the release has nothing to soak, nor has the last one.
func (p *planner) soak() {
	if p.opened < 0 || p.opened == len(p.spec.Waves)-1 || p.spec.Waves[p.opened].Soak == nil || p.settled() || !p.through(p.opened) {
		return
	}
	wave := p.spec.Waves[p.opened]
	serving := len(p.having(func(m *placed) bool { return m.wave == p.opened && m.standing == Current })) > 0
	if p.status.Soak == nil && serving && p.status.Verified != p.release {
		p.status.Soak = stopwatch.Start(p.now)
		p.note("wave %s is through and soaks for %s", wave.Name, wave.Soak.Duration)
	}
	if p.status.Soak != nil && p.left(p.status.Soak) > 0 && stopwatch.Due(p.status.Soak, p.now, lookEvery) {
		p.status.Soak = stopwatch.Look(p.status.Soak, p.now, longestGap)
	}
}

// left of the soak of the last open wave.
func (p *planner) left(w *v1alpha1.Stopwatch) time.Duration {
	return p.spec.Waves[p.opened].Soak.Duration - stopwatch.Elapsed(w, p.now, longestGap)
}

// soaking says that the last open wave has not served for long enough.
func (p *planner) soaking(next int) *barrier {
	if next != p.opened+1 || p.opened < 0 || p.status.Soak == nil || p.spec.Waves[p.opened].Soak == nil {
		return nil
	}
	left := p.left(p.status.Soak)
	if left <= 0 {
		return nil
	}
	b := bar(v1alpha1.ReasonSoaking, "wave %s opens after wave %s has served for %s", p.spec.Waves[next].Name, p.spec.Waves[p.opened].Name, p.spec.Waves[p.opened].Soak.Duration)
	b.at = p.now.Add(left)
	return b
}

// Aim is the Release that an Organisation of a channel aims at while it has no slot: what
// it aimed at before. A new one, of which nothing serves yet, starts on the last release
// that everybody verified; so does one that is suspended, since that interrupts nobody.
func Aim(channel *v1alpha1.ReleaseChannel, org *v1alpha1.Organisation) string {
	known, safe := org.Status.Release, cmp.Or(channel.Status.Verified, channel.Spec.Release)
	u := org.Status.Update
	accepted := u != nil && u.Answer == v1alpha1.SlotAccepted
	resting := org.Spec.Power == v1alpha1.PowerSuspended && known.Target != channel.Spec.Release
	if known.Target == "" || !accepted && (known.Serving == "" || resting) {
		return safe
	}
	return known.Target
}
