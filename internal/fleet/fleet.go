// Package fleet plans the rollout of a ReleaseChannel: which Organisations may change
// their pods now. It is pure: no client, no clock. Next is called again and again with
// what is, and never needs to remember what it said: the slots in the channel's status
// and the answers in the Organisations' are all there is.
//
// It is closed by default. No wave, no slot, no window: no change.
package fleet

import (
	"cmp"
	"strconv"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
)

// Fleet is what a channel moves.
type Fleet struct {
	// Members of the channel, and everybody who holds one of its slots.
	Members []Member
	// Gone are the UIDs of slots whose Organisations were proved, by a read from the API
	// server, not to exist any more.
	Gone map[string]bool
	// Release is what the channel's spec.release names; nil if it does not exist.
	Release *v1alpha1.Release
}

// Member is what the planner knows of one Organisation.
type Member struct {
	Name     string
	UID      string
	Identity string
	Labels   map[string]string

	// Channel that the Organisation follows, or would if it named no Release.
	Channel string
	// Followed is the channel that its status says it follows.
	Followed string
	// Pinned is the Release that it names itself; "" if none.
	Pinned string
	// SkipUntil is when its channel may change it again; zero if it may now.
	SkipUntil time.Time
	// Window in which its updates may begin; nil for any time.
	Window *v1alpha1.Window
	// Suspended, Held and Deleting Organisations get no slot.
	Suspended bool
	Held      string
	Deleting  bool
	// SetAside is the release for which the others go on without it.
	SetAside string
	// Generation of spec, and the value of the annotation retry-at.
	Generation int64
	RetryAt    string

	// Serving is the Release that is proved to run, Target the one that should.
	Serving string
	Target  string
	// Pending are the causes that wait for a restart.
	Pending []string
	// Update is the last answer to a slot; nil if there never was one.
	Update *v1alpha1.UpdateStatus
	// Hot is the last upgrade of running pods; nil if there never was one.
	Hot *v1alpha1.HotStatus
	// Disturbed says what ails its database server; "" if it is well.
	Disturbed string
	// Cordoned: what ails it is a person's word, and ends only by one.
	Cordoned bool
	// Lacks says what the release would miss here, for a rehearsal; "" if nothing, or
	// if nobody looked.
	Lacks string
}

// MemberOf reads an Organisation. The channel is that of its spec or of its profile,
// whose spec may be zero if it does not exist.
func MemberOf(org *v1alpha1.Organisation, profile v1alpha1.OrganisationProfileSpec) Member {
	m := Member{
		Name: org.Name, UID: string(org.UID), Identity: org.Identity(), Labels: org.Labels,
		Followed:  org.Status.Release.Channel,
		Suspended: org.Spec.Power == v1alpha1.PowerSuspended,
		Held:      org.Annotations[v1alpha1.AnnotationHold],
		Deleting:  !org.DeletionTimestamp.IsZero(),
		SetAside:  org.Annotations[v1alpha1.AnnotationSetAside],

		Generation: org.Generation, RetryAt: org.Annotations[v1alpha1.AnnotationRetryAt],
		Serving: org.Status.Release.Serving, Target: org.Status.Release.Target,
		Pending: org.Status.PendingChanges, Update: org.Status.Update, Hot: org.Status.Hot,
	}
	if profile.Release != nil {
		m.Channel = profile.Release.Channel
	}
	if own := org.Spec.Release; own != nil {
		m.Channel, m.Pinned, m.Window = cmp.Or(own.Channel, m.Channel), own.Name, own.Window
		if own.SkipUntil != nil {
			m.SkipUntil = own.SkipUntil.Time
		}
	}
	return m
}

// On is the Member with what is known of the server that its database lies on; nil if
// nothing is.
func (m Member) On(server *v1alpha1.DatabaseServer) Member {
	m.Disturbed = Disturbance(server)
	m.Cordoned = server != nil && server.Spec.Scheduling == v1alpha1.SchedulingCordoned
	return m
}

// noWave is the place of an Organisation that no wave takes.
const noWave = -1

// placer finds the wave of an Organisation, from its labels and then its identity. Where
// one comes out does not depend on any other, so adding one moves nobody else.
type placer struct {
	waves     []v1alpha1.Wave
	selectors []labels.Selector
}

func newPlacer(waves []v1alpha1.Wave) (placer, error) {
	p := placer{waves: waves}
	for _, wave := range waves {
		selector := labels.Everything()
		if wave.Selector != nil {
			var err error
			if selector, err = metav1.LabelSelectorAsSelector(wave.Selector); err != nil {
				return placer{}, err
			}
		}
		p.selectors = append(p.selectors, selector)
	}
	return p, nil
}

// waveOf is the index of the first wave that takes the Organisation, or noWave.
func (p placer) waveOf(m Member) int {
	for i, wave := range p.waves {
		drawn := wave.Percentage > 0 && draw(wave.Name, m.Identity) < int(wave.Percentage)
		if drawn || wave.Percentage == 0 && p.selectors[i].Matches(labels.Set(m.Labels)) {
			return i
		}
	}
	return noWave
}

// percent is how finely a percentage of the rest is drawn.
const percent = 100

// draw is a number from 0 to 99 that is always the same for a wave and an identity.
func draw(wave, identity string) int { return int(number(wave, identity) % percent) }

// numberDigits of a hash, in hexadecimal: far more than percent, so that remainders are
// even.
const numberDigits = 15

// number is a hash that does not change with versions of Go or of this program.
func number(parts ...string) uint64 {
	n, _ := strconv.ParseUint(names.Digest(numberDigits, parts...), 16, 64) // hexadecimal by construction
	return n
}

// WaveOf is the name of the wave of a channel that takes an Organisation; "" if none does.
func WaveOf(channel *v1alpha1.ReleaseChannel, m Member) string {
	p, err := newPlacer(channel.Spec.Waves)
	if err != nil {
		return ""
	}
	if i := p.waveOf(m); i != noWave {
		return channel.Spec.Waves[i].Name
	}
	return ""
}
