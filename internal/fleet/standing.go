package fleet

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// Standing is how an Organisation stands towards the release of its channel.
type Standing string

// The standings.
const (
	// Current: it serves the release, verified, and nothing waits.
	Current Standing = "Current"
	// InFlight: it has a slot.
	InFlight Standing = "InFlight"
	// Waiting: it is to move.
	Waiting Standing = "Waiting"
	// Failed: the release failed there, and nobody asked for another try since.
	Failed Standing = "Failed"
	// SetAside: it does not serve the release, and a person lets the others go on.
	SetAside Standing = "SetAside"
	// Unreached: the release does not reach it.
	Unreached Standing = "Unreached"
	// Starting: it is new, and starts on the last verified release without a slot.
	Starting Standing = "Starting"
	// Stranger: it holds or held a slot and follows another channel now.
	Stranger Standing = "Stranger"
)

// placed is a Member with its wave and standing.
type placed struct {
	Member
	wave     int
	standing Standing
	// rank and turn are its place in the order in which slots are given.
	rank rank
	turn uint64
	// reason and message say why it stands so.
	reason  string
	message string
	// blocked: it waits for something that only time or another object cures.
	blocked bool
	// until is when that ends; zero if unknown.
	until time.Time
}

// rank goes before turn.
type rank int

const (
	adriftFirst  rank = -1
	inTurn       rank = 0
	declinedLast rank = 1
)

func (p *planner) rankOf(m *Member) rank {
	switch {
	case p.adrift(m):
		return adriftFirst
	case p.hasDeclined(m):
		return declinedLast
	}
	return inTurn
}

// standingOf an Organisation: the first rule that applies. The order is that of what a
// person must know first.
func (p *planner) standingOf(m *placed) {
	for _, rule := range []func(*planner, *placed) bool{
		stranger, inFlight, failed, settling, deleting, pinned, held, suspended, skipping, unwaved,
		starting, current, setAside, windowed, disturbed, declining,
	} {
		if rule(p, m) {
			return
		}
	}
	m.standing, m.reason = Waiting, v1alpha1.ReasonWaitingForSlot
	if m.wave > p.opened && (p.opened < 0 || m.rank != adriftFirst) {
		m.reason = v1alpha1.ReasonWaitingForWave
	}
}

func (m *placed) stands(standing Standing, reason, format string, args ...any) bool {
	m.standing, m.reason, m.message = standing, reason, fmt.Sprintf(format, args...)
	return true
}

func stranger(p *planner, m *placed) bool {
	return m.Channel != p.channel.Name && p.failureAt(&m.Member) == nil && m.stands(Stranger, "", "")
}

func inFlight(p *planner, m *placed) bool {
	return p.slotOf(m.UID) != nil && m.stands(InFlight, v1alpha1.ReasonUpdating, "")
}

// settling: its slot was settled, and this view of it is older than that.
func settling(p *planner, m *placed) bool {
	m.blocked = p.accepted(m.Update)
	return m.blocked && m.stands(Waiting, v1alpha1.ReasonUpdating, "its update is about to be settled")
}

func deleting(_ *planner, m *placed) bool {
	return m.Deleting && m.stands(Unreached, v1alpha1.ReasonDeleting, "is being deleted")
}

func pinned(_ *planner, m *placed) bool {
	return m.Pinned != "" && m.stands(Unreached, v1alpha1.ReasonPinned, "spec.release.name is %s", m.Pinned)
}

func held(_ *planner, m *placed) bool {
	return m.Held != "" && m.stands(Unreached, v1alpha1.ReasonHeld, "held: %s", m.Held)
}

func suspended(_ *planner, m *placed) bool {
	return m.Suspended && m.stands(Unreached, v1alpha1.ReasonSuspended, "moves to the last verified release when it resumes")
}

func skipping(p *planner, m *placed) bool {
	m.until = m.SkipUntil
	return p.now.Before(m.SkipUntil) && m.stands(Unreached, v1alpha1.ReasonSkipping, "skips until %s", m.SkipUntil.UTC().Format(time.RFC3339))
}

func unwaved(_ *planner, m *placed) bool {
	return m.wave == noWave && m.stands(Unreached, v1alpha1.ReasonNoWave, "no wave of the channel takes it")
}

func starting(_ *planner, m *placed) bool {
	return m.Serving == "" && m.stands(Starting, v1alpha1.ReasonProgressing, "serves nothing yet")
}

// current demands more than that the release runs: an update to it that did not end
// well, or goes on, is no proof. What never needed an update needs none.
func current(p *planner, m *placed) bool {
	u := m.Update
	unproved := u != nil && u.Release == p.release && u.Outcome != v1alpha1.OutcomeVerified
	return m.Serving == p.release && m.Target == p.release && len(m.Pending) == 0 && !unproved && m.stands(Current, v1alpha1.ReasonReady, "")
}

func setAside(p *planner, m *placed) bool {
	return m.SetAside == p.release && m.stands(SetAside, v1alpha1.ReasonSetAside, "waits")
}

// failed comes before what keeps an Organisation from moving: who holds, pins or edits the
// one that failed, to look into it, must not let the release go on to everybody else.
func failed(p *planner, m *placed) bool {
	f := p.failureAt(&m.Member)
	if f == nil {
		return false
	}
	message := "it failed with Release " + p.release + " and was not tried again"
	if u := m.Update; u != nil && u.Token == f.Token && u.Release == p.release {
		message = u.Message
	}
	if m.SetAside == p.release {
		return m.stands(SetAside, v1alpha1.ReasonSetAside, "%s", message)
	}
	return m.stands(Failed, cmp.Or(f.Reason, string(Failed)), "%s", message)
}

func windowed(p *planner, m *placed) bool {
	if m.Window == nil {
		return false
	}
	w, err := parse(*m.Window)
	if err != nil {
		m.blocked = true
		return m.stands(Waiting, v1alpha1.ReasonInvalidSpec, "spec.release.window.%s", err)
	}
	if _, open := w.open(p.now); open {
		return false
	}
	if m.blocked, m.until = true, w.following(p.now); m.until.IsZero() {
		return m.stands(Waiting, v1alpha1.ReasonInvalidSpec, "spec.release.window.schedule %q never comes: correct it", m.Window.Schedule)
	}
	return m.stands(Waiting, v1alpha1.ReasonWaitingForWindow, "its window opens at %s", m.until.UTC().Format(time.RFC3339))
}

func disturbed(p *planner, m *placed) bool {
	if m.blocked = m.Disturbed != ""; m.Cordoned {
		return m.stands(Waiting, v1alpha1.ReasonCordoned, "%s: nothing begins there until spec.scheduling is Open; %s=%s lets the others go on", m.Disturbed, v1alpha1.AnnotationSetAside, p.release)
	}
	return m.blocked && m.stands(Waiting, v1alpha1.ReasonServerDisturbed, "%s", m.Disturbed)
}

// hasDeclined: it gave its slot for this release back, and nobody asked for another try.
func (p *planner) hasDeclined(m *Member) bool {
	u := m.Update
	return u != nil && u.Answer == v1alpha1.SlotDeclined && u.Channel == p.channel.Name && u.Release == p.release && u.RetryAt == m.RetryAt
}

const (
	// firstPause after a slot was declined, doubled with each further one, up to longestPause.
	firstPause   = 30 * time.Second
	longestPause = 10 * time.Minute
)

// declining: what it sees in its way is not seen from here, so that a slot given at once
// would be declined at once, and keep others from one.
func declining(p *planner, m *placed) bool {
	u := m.Update
	if !p.hasDeclined(&m.Member) || u.AnsweredAt == nil || p.now.Before(u.AnsweredAt.Time) { // or the clock was set back
		return false
	}
	pause := firstPause
	for n := int32(1); n < u.Declines && pause < longestPause; n++ {
		pause *= 2
	}
	until := u.AnsweredAt.Add(min(pause, longestPause))
	if !p.now.Before(until) {
		return false
	}
	m.blocked, m.until = true, until
	return m.stands(Waiting, u.Reason, "gave its slot back and gets the next after %s: %s", until.UTC().Format(time.RFC3339), u.Message)
}

// movable: it waits for nothing but a slot.
func (m *placed) movable() bool { return m.standing == Waiting && !m.blocked }

// slotOf an Organisation; nil if it has none.
func (p *planner) slotOf(uid string) *v1alpha1.Slot {
	i := slices.IndexFunc(p.status.Slots, func(s v1alpha1.Slot) bool { return s.UID == uid })
	if i < 0 {
		return nil
	}
	return &p.status.Slots[i]
}

// Explain says, from the channel as it is, in which wave an Organisation is and why it
// does not move now: what its own status tells its people. The reason is Ready if nothing
// is to move it.
func Explain(channel *v1alpha1.ReleaseChannel, m Member, now time.Time) (wave, reason, message string) {
	p := newPlanner(channel, Fleet{Members: []Member{m}}, now)
	p.locate()
	own := p.members[0]
	if own.wave != noWave {
		wave = channel.Spec.Waves[own.wave].Name
	}
	message = own.message
	switch why := closed(channel, now); {
	case own.movable() && why != nil:
		return wave, why.reason, why.message
	case own.reason == v1alpha1.ReasonWaitingForWave:
		message = fmt.Sprintf("wave %s of ReleaseChannel %s is not open yet: %s", wave, channel.Name, channel.Status.NextStep)
	case own.reason == v1alpha1.ReasonWaitingForSlot:
		message = fmt.Sprintf("wave %s of ReleaseChannel %s is open, and as many as may are being updated: %s", wave, channel.Name, channel.Status.NextStep)
	}
	return wave, own.reason, message
}
