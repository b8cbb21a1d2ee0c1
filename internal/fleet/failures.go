package fleet

import (
	"cmp"
	"slices"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/update"
)

// maxFailures that a channel remembers: as many as spec.maxFailures may bear, and those who
// were in flight when it was exceeded.
const maxFailures = 1000 + maxSlots

// Concerns tells whether an Organisation is of a channel's fleet: it follows the channel,
// holds one of its slots, or is remembered as one at which its release failed.
func Concerns(channel *v1alpha1.ReleaseChannel, m Member) bool {
	return m.Channel == channel.Name || OfferOf(channel, m.UID) != nil || remembers(channel.Status, m.UID) != nil
}

func remembers(s v1alpha1.ReleaseChannelStatus, uid string) *v1alpha1.ReleaseFailure {
	i := slices.IndexFunc(s.Failures, func(f v1alpha1.ReleaseFailure) bool { return f.UID == uid })
	if i < 0 {
		return nil
	}
	return &s.Failures[i]
}

// recall keeps every failure of this release until a person or another release lifts it.
// What becomes of the Organisation meanwhile, an edit, a pin, another wave or another
// channel, lifts nothing: a halt must not be lifted by looking into its cause.
func (p *planner) recall() {
	var known []v1alpha1.ReleaseFailure
	for _, f := range p.status.Failures {
		m := p.member(f.UID)
		if m == nil && !p.fleet.Gone[f.UID] || m != nil && !p.forgiven(f, m) {
			known = append(known, f)
		}
	}
	p.status.Failures = known
	for i := range p.fleet.Members {
		m := &p.fleet.Members[i]
		if f := p.failureAt(m); f != nil && remembers(*p.status, m.UID) == nil && len(p.status.Failures) < maxFailures {
			p.status.Failures = append(p.status.Failures, *f)
		}
	}
	slices.SortFunc(p.status.Failures, func(a, b v1alpha1.ReleaseFailure) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.UID, b.UID))
	})
}

// failureAt is how this release failed at an Organisation; nil if it did not, or that was
// lifted.
func (p *planner) failureAt(m *Member) *v1alpha1.ReleaseFailure {
	if m.Deleting {
		return nil
	}
	if p.status.Release == p.release {
		if f := remembers(*p.status, m.UID); f != nil && !p.forgiven(*f, m) {
			return f
		}
	}
	u := m.Update
	concerned := u != nil && (m.Channel == p.channel.Name || u.Channel == p.channel.Name)
	if !concerned || !update.Failed(u) || u.Release != p.release || u.RetryAt != m.RetryAt {
		return nil
	}
	return &v1alpha1.ReleaseFailure{Name: m.Name, UID: m.UID, Reason: u.Reason, Token: u.Token, RetryAt: u.RetryAt}
}

// forgiven: a person asks for another try, or deletes it. A view of the Organisation from
// before it failed says nothing of what was asked for since.
func (p *planner) forgiven(f v1alpha1.ReleaseFailure, m *Member) bool {
	u := m.Update
	old := m.Channel == p.channel.Name && (u == nil || u.Channel == p.channel.Name) && p.serial(u) < p.serial(&v1alpha1.UpdateStatus{Token: f.Token})
	return m.Deleting || !old && m.RetryAt != f.RetryAt
}
