package fleet

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/stopwatch"
)

// settle takes back the slots that were answered to the end, and no other one. It takes
// up updates whose slots were lost with the channel's status.
func (p *planner) settle() {
	kept := p.status.Slots[:0:0]
	for _, slot := range p.status.Slots {
		m := p.member(slot.UID)
		if answered := p.answered(slot, m); answered == "" {
			kept = append(kept, slot)
		} else {
			p.note("%s: %s", slot.Name, answered)
			p.moved(m)
		}
	}
	p.status.Slots = kept
	p.recover()
}

// recover takes up updates whose slots were lost with the channel's status: those with
// later numbers than status knows of. An earlier one was settled, and what says that it
// goes on is an old view of its Organisation.
func (p *planner) recover() {
	known := p.status.Serial
	for _, m := range p.fleet.Members {
		u := m.Update
		if !p.accepted(u) || p.serial(u) <= known || p.slotOf(m.UID) != nil || len(p.status.Slots) >= maxSlots {
			continue
		}
		p.status.Slots = append(p.status.Slots, v1alpha1.Slot{Name: m.Name, UID: m.UID, Token: u.Token, Release: u.Release, Mode: u.Mode})
		p.status.Serial = max(p.status.Serial, p.serial(u))
		p.note("%s: its slot is taken up again", m.Name)
	}
}

func (p *planner) accepted(u *v1alpha1.UpdateStatus) bool {
	return u != nil && u.Channel == p.channel.Name && u.Answer == v1alpha1.SlotAccepted
}

func (p *planner) member(uid string) *Member {
	i := slices.IndexFunc(p.fleet.Members, func(m Member) bool { return m.UID == uid })
	if i < 0 {
		return nil
	}
	return &p.fleet.Members[i]
}

// answered says in words how a slot was answered to the end; "" if it was not. An
// Organisation that is not seen is not gone: that must be proved.
func (p *planner) answered(slot v1alpha1.Slot, m *Member) string {
	if m == nil {
		if p.fleet.Gone[slot.UID] {
			return "is gone, and its slot with it"
		}
		return ""
	}
	u := m.Update
	own := u != nil && u.Channel == p.channel.Name && u.Token == slot.Token
	switch {
	case own && u.Answer == v1alpha1.SlotFinished && u.Reason != string(u.Outcome):
		return fmt.Sprintf("%s (%s) on Release %s", u.Outcome, u.Reason, slot.Release)
	case own && u.Answer == v1alpha1.SlotFinished:
		return fmt.Sprintf("%s on Release %s", u.Outcome, slot.Release)
	case own && u.Answer == v1alpha1.SlotDeclined:
		return fmt.Sprintf("declined Release %s: %s", slot.Release, u.Reason)
	case !own && m.Channel != p.channel.Name && m.Followed != p.channel.Name:
		return "left the channel without using its slot"
	case !own && m.Pinned != "" && m.Followed != p.channel.Name: // its status says that it asks no channel any more
		return "is pinned to Release " + m.Pinned + " and did not use its slot"
	}
	return ""
}

// moved begins a soak after a change that is no new release: it need not soak where it
// changed nobody.
func (p *planner) moved(m *Member) {
	if m != nil && m.Update != nil && m.Update.Outcome == v1alpha1.OutcomeVerified && p.status.Soak == nil && p.status.Verified == p.release {
		p.status.Soak = stopwatch.Start(p.now)
	}
}

// grant gives slots in the first wave that is open and not through; a wave after it
// waits until it is. Nothing that was given is ever taken away.
func (p *planner) grant() {
	if p.stop != nil || p.opened < 0 {
		return
	}
	if p.rescue(); p.rescuing() {
		return
	}
	for wave := 0; wave <= p.opened; wave++ {
		p.grantWithin(wave)
		if p.unfinished(wave) && !p.collapsed() {
			return
		}
	}
}

func (p *planner) grantWithin(wave int) {
	free := p.free(wave)
	var given []string
	for _, m := range p.having(func(m *placed) bool { return m.wave == wave && m.movable() }) {
		if free <= 0 {
			break
		}
		p.give(m)
		given = append(given, m.Name)
		free--
	}
	if len(given) > 0 {
		p.note("wave %s: slots for %s", p.spec.Waves[wave].Name, strings.Join(given, ", "))
	}
}

// free is how many of a wave may get a slot now. Beyond the first wave a release that nobody
// has verified moves one Organisation at a time: where the canaries were set aside, failed or
// are not reached, somebody else is the canary.
func (p *planner) free(wave int) int {
	free := min(p.budget(wave)-p.flying(wave), maxSlots-len(p.status.Slots))
	if wave > 0 && !p.proved() {
		free = min(free, 1-len(p.status.Slots))
	}
	return free
}

// adrift: pods of a release were asked for that was not verified there, and is not wanted any
// more. Its users have the trouble that the new release is to end.
func (p *planner) adrift(m *Member) bool {
	u := m.Update
	return u != nil && u.Answer == v1alpha1.SlotFinished && u.Outcome != v1alpha1.OutcomeVerified && u.Release != p.release && m.Target == u.Release
}

// rescue gives slots to those adrift before anybody else, whatever their wave: what they
// have was never proved, so that they have the least to lose and the most to win. Until
// one of them is verified, only as many as the first wave may have.
func (p *planner) rescue() {
	for _, m := range p.having(func(m *placed) bool { return m.rank == adriftFirst && m.movable() }) {
		free := min(p.budget(m.wave)-p.flying(m.wave), maxSlots-len(p.status.Slots))
		if !p.proved() {
			free = min(free, p.budget(0)-len(p.status.Slots))
		}
		if free > 0 {
			p.give(m)
			p.note("wave %s: a slot for %s first, which was left on Release %s", p.spec.Waves[m.wave].Name, m.Name, m.Target)
		}
	}
}

// rescuing: somebody of a wave that is not open proves the release for everybody.
func (p *planner) rescuing() bool {
	return !p.proved() && len(p.having(func(m *placed) bool { return m.standing == InFlight && m.wave > p.opened })) > 0
}

func (p *planner) give(m *placed) {
	p.status.Serial = max(p.status.Serial, p.lastSerial()) + 1
	p.status.Slots = append(p.status.Slots, v1alpha1.Slot{
		Name: m.Name, UID: m.UID, Release: p.release, Token: p.tokens() + strconv.FormatInt(p.status.Serial, 10), Mode: p.ordered(),
	})
	m.standing, m.reason = InFlight, v1alpha1.ReasonUpdating
}

// tokens of this channel begin so, whatever channel of the same name there was before.
func (p *planner) tokens() string {
	const enough = 8
	uid := string(p.channel.UID)
	return uid[:min(len(uid), enough)] + "-"
}

// lastSerial is the highest that an Organisation has answered: status may have been lost.
func (p *planner) lastSerial() (last int64) {
	for _, m := range p.fleet.Members {
		last = max(last, p.serial(m.Update))
	}
	return last
}

// serial of the slot that an update answers; 0 if it is none of this channel's.
func (p *planner) serial(u *v1alpha1.UpdateStatus) int64 {
	if u == nil {
		return 0
	}
	digits, ours := strings.CutPrefix(u.Token, p.tokens())
	if !ours {
		return 0
	}
	n, _ := strconv.ParseInt(digits, 10, 64) // what is no number is none of ours
	return n
}

// budget is how many of a wave may be in flight at once.
func (p *planner) budget(wave int) int {
	limit := p.spec.Waves[wave].MaxInFlight
	if limit == nil {
		return 1
	}
	if limit.StrVal == "" {
		return int(limit.IntVal)
	}
	share, err := strconv.Atoi(strings.TrimSuffix(limit.StrVal, "%"))
	if err != nil {
		return 0 // admission lets nothing else through
	}
	size := len(p.having(func(m *placed) bool { return m.wave == wave && reached(m) }))
	return (size*share + percent - 1) / percent
}

// flying counts the slots of a wave. One whose holder is not seen counts in each.
func (p *planner) flying(wave int) (n int) {
	for _, slot := range p.status.Slots {
		holder := slices.IndexFunc(p.members, func(m placed) bool { return m.UID == slot.UID })
		if holder < 0 || p.members[holder].wave == wave {
			n++
		}
	}
	return n
}

// unfinished: somebody of the wave moves, or could.
func (p *planner) unfinished(wave int) bool {
	return len(p.having(func(m *placed) bool { return m.wave == wave && (m.standing == InFlight || m.movable()) })) > 0
}
