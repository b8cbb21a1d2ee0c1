package fleet

import (
	"time"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// Place says in which wave of a channel an Organisation is, "" if in none, and how it
// stands towards the channel's release: what Counts in the channel's status add up.
func Place(channel *v1alpha1.ReleaseChannel, m Member, now time.Time) (wave string, standing Standing) {
	p := newPlanner(channel, Fleet{Members: []Member{m}}, now)
	p.locate()
	own := p.members[0]
	if own.wave != noWave {
		wave = channel.Spec.Waves[own.wave].Name
	}
	return wave, own.standing
}
