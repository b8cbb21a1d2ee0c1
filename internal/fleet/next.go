package fleet

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// Plan is what follows from a channel and its fleet.
type Plan struct {
	// Status is what the channel's status becomes, conditions included.
	Status v1alpha1.ReleaseChannelStatus
	// Verdict in one reason.
	Verdict Verdict
	// Notes say, for people, what changed in this plan.
	Notes []string
	// After is when to plan again although nothing else happens; 0 if only then.
	After time.Duration
}

const (
	// maxSlots of a channel at once, so that its status stays small.
	maxSlots = 100
	// maxFailing, maxUnreached and maxHistory are how many of each status tells.
	maxFailing   = 10
	maxUnreached = 20
	maxHistory   = 10
)

// planner makes one plan.
type planner struct {
	channel *v1alpha1.ReleaseChannel
	spec    v1alpha1.ReleaseChannelSpec
	status  *v1alpha1.ReleaseChannelStatus
	fleet   Fleet
	now     time.Time
	release string

	placer  placer
	members []placed
	// opened is the index of the last wave that is open; -1 if none is.
	opened int
	// stop says why nothing may begin; nil if something may.
	stop *barrier
	// barrier says why the next wave does not open; nil if all are open.
	barrier *barrier
	notes   []string
}

// Next plans what a channel does now.
func Next(channel *v1alpha1.ReleaseChannel, fleet Fleet, now time.Time) Plan {
	p := newPlanner(channel, fleet, now)
	p.begin()
	p.mirror()
	p.settle()
	p.recall()
	p.locate()
	p.stop = p.stopped()
	p.renew()
	p.choose()
	p.openWaves()
	p.grant()
	p.conclude()
	return p.report()
}

func newPlanner(channel *v1alpha1.ReleaseChannel, fleet Fleet, now time.Time) *planner {
	p := &planner{
		channel: channel, spec: channel.Spec, status: channel.Status.DeepCopy(), fleet: fleet,
		now: now, release: channel.Spec.Release, opened: -1,
	}
	p.placer, _ = newPlacer(p.spec.Waves) // admission lets no selector through that cannot be parsed
	return p
}

func (p *planner) note(format string, args ...any) {
	p.notes = append(p.notes, fmt.Sprintf(format, args...))
}

func (p *planner) time() *metav1.Time { return &metav1.Time{Time: p.now.Truncate(time.Second)} }

// begin starts a rollout when another release is declared, whatever became of the last.
func (p *planner) begin() {
	s := p.status
	if s.Release == p.release {
		return
	}
	if s.Release != "" && s.Verified != s.Release {
		p.remember(v1alpha1.RolloutSuperseded)
		p.note("Release %s is superseded by %s", s.Release, p.release)
	} else {
		p.note("the rollout of Release %s begins", p.release)
	}
	s.Release, s.StartedAt, s.Wave, s.Soak, s.Approved, s.Failures = p.release, p.time(), "", nil, nil, nil
	s.Mode, s.ModeMessage = "", ""
}

func (p *planner) remember(result v1alpha1.RolloutResult) {
	s := p.status
	ended := v1alpha1.Rollout{Release: s.Release, StartedAt: s.StartedAt, EndedAt: *p.time(), Result: result, Counts: s.Counts}
	if e := p.spec.Expedite; e != nil && e.Release == s.Release {
		ended.Expedited = e.Reason
	}
	s.History = append([]v1alpha1.Rollout{ended}, s.History[:min(len(s.History), maxHistory-1)]...)
}

// mirror takes up what people ask for through annotations. An approval that was seen
// stays, whatever the annotation says later.
func (p *planner) mirror() {
	requests, annotations := &p.status.Requests, p.channel.Annotations
	requests.Hold = p.observed(requests.Hold, annotations[v1alpha1.AnnotationHold])
	requests.Approve = p.observed(requests.Approve, annotations[v1alpha1.AnnotationApprove])
	wave, release, _ := strings.Cut(annotations[v1alpha1.AnnotationApprove], "@")
	known := slices.ContainsFunc(p.spec.Waves, func(w v1alpha1.Wave) bool { return w.Name == wave })
	if known && release == p.release && !slices.Contains(p.status.Approved, wave) {
		p.status.Approved = append(p.status.Approved, wave)
		p.note("wave %s is approved", wave)
	}
}

// maxRequest is the longest value that is mirrored, in bytes.
const maxRequest = 256

func (p *planner) observed(known *v1alpha1.Observation, value string) *v1alpha1.Observation {
	value = bounded(value, maxRequest)
	switch {
	case value == "":
		return nil
	case known != nil && known.Value == value:
		return known
	}
	return &v1alpha1.Observation{Value: value, ObservedAt: *p.time()}
}

// locate finds everybody's wave and standing, in the order in which slots are given:
// drawn anew for each release, so that nobody is always the first.
func (p *planner) locate() {
	p.opened = slices.IndexFunc(p.spec.Waves, func(w v1alpha1.Wave) bool { return w.Name == p.status.Wave })
	p.members = make([]placed, 0, len(p.fleet.Members))
	for _, m := range p.fleet.Members {
		p.members = append(p.members, placed{Member: m, wave: p.placer.waveOf(m), rank: p.rankOf(&m), turn: number(p.release, m.Identity)})
		p.standingOf(&p.members[len(p.members)-1])
	}
	slices.SortFunc(p.members, func(a, b placed) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.turn, b.turn), cmp.Compare(a.UID, b.UID))
	})
}

// having are the members for which is says so.
func (p *planner) having(is func(*placed) bool) (found []*placed) {
	for i := range p.members {
		if is(&p.members[i]) {
			found = append(found, &p.members[i])
		}
	}
	return found
}

func (p *planner) count(standing Standing) int {
	return len(p.having(func(m *placed) bool { return m.standing == standing }))
}

// renew sends what is declared after a rollout has ended, a new profile or a new
// operator, through the same waves from the first one on.
func (p *planner) renew() {
	was := p.status.Counts
	if p.status.Verified != p.release || p.status.Wave == "" || was.Waiting+was.InFlight > 0 || p.count(Waiting) == 0 {
		return
	}
	p.status.Wave, p.status.Soak, p.opened = "", nil, -1
	p.note("what changed since Release %s was verified travels from the first wave on", p.release)
}
