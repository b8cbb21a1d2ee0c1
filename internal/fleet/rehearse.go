package fleet

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// Rehearsal says what would happen before anything does.
type Rehearsal struct {
	Release string
	// Stop says why nothing would begin now; "" if something would.
	Stop  string
	Waves []RehearsedWave
	// Unreached would not be moved at all.
	Unreached []Move
}

// RehearsedWave is who would move together.
type RehearsedWave struct {
	Name string
	// AtOnce is how many would be in flight at once.
	AtOnce int
	// Opens says in words what it waits for.
	Opens string
	Moves []Move
	// Current serve the release already, and nothing waits.
	Current int
}

// Move is what would happen to one Organisation.
type Move struct {
	Name string
	// From is the release that it serves.
	From string
	// Causes of its restart: Release, and what else is pending; none if it would not move.
	Causes []string
	// Blocked says why it would not move, or would fail, as things stand; "" if it would.
	Blocked string
}

// Rehearse says what a channel would do, from the beginning of its rollout. The channel
// may be one that is only being considered.
func Rehearse(channel *v1alpha1.ReleaseChannel, fleet Fleet, now time.Time) Rehearsal {
	p := newPlanner(channel, fleet, now)
	p.locate()
	p.stop = p.stopped()
	r := Rehearsal{Release: p.release}
	if p.stop != nil {
		r.Stop = p.stop.message
	}
	for i, wave := range p.spec.Waves {
		r.Waves = append(r.Waves, p.rehearse(i, wave))
	}
	for _, m := range p.having(func(m *placed) bool { return m.standing == Unreached || m.standing == Starting }) {
		r.Unreached = append(r.Unreached, Move{Name: m.Name, From: m.Serving, Blocked: m.reason + ": " + m.message})
	}
	sortMoves(r.Unreached)
	return r
}

func (p *planner) rehearse(i int, wave v1alpha1.Wave) RehearsedWave {
	w := RehearsedWave{Name: wave.Name, AtOnce: p.budget(i), Opens: p.opens(i)}
	for _, m := range p.having(func(m *placed) bool { return m.wave == i && reached(m) }) {
		if m.standing == Current {
			w.Current++
			continue
		}
		w.Moves = append(w.Moves, p.move(m))
	}
	sortMoves(w.Moves)
	return w
}

func sortMoves(moves []Move) {
	slices.SortFunc(moves, func(a, b Move) int { return cmp.Compare(a.Name, b.Name) })
}

func (p *planner) move(m *placed) Move {
	move := Move{Name: m.Name, From: m.Serving, Causes: slices.Clone(m.Pending)}
	if m.Serving != p.release && !slices.Contains(move.Causes, "Release") {
		move.Causes = append(move.Causes, "Release")
	}
	slices.Sort(move.Causes)
	switch {
	case m.Lacks != "":
		move.Blocked = v1alpha1.ReasonConfigIncomplete + ": " + m.Lacks
	case m.standing == Failed || m.standing == SetAside || m.blocked:
		move.Blocked = m.reason + ": " + m.message
	}
	return move
}

// opens says in words what a wave waits for.
func (p *planner) opens(i int) string {
	parts := []string{"at once"}
	if i > 0 {
		parts = []string{"when wave " + p.spec.Waves[i-1].Name + " is through"}
		if soak := p.spec.Waves[i-1].Soak; soak != nil {
			parts = append(parts, "has served for "+soak.Duration.String())
		}
	}
	if p.spec.Waves[i].Approval == v1alpha1.ApprovalManual {
		parts = append(parts, "somebody approves it")
	}
	return strings.Join(parts, ", and ")
}

// String is the rehearsal for people.
func (r Rehearsal) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Release %s\n", r.Release)
	if r.Stop != "" {
		fmt.Fprintf(&b, "nothing would begin now: %s\n", r.Stop)
	}
	for _, wave := range r.Waves {
		fmt.Fprintf(&b, "\nwave %s opens %s; %d at once; %d of %d to move\n", wave.Name, wave.Opens, wave.AtOnce, len(wave.Moves), len(wave.Moves)+wave.Current)
		tellMoves(&b, wave.Moves)
	}
	if len(r.Unreached) > 0 {
		fmt.Fprintf(&b, "\nnot reached\n")
		tellMoves(&b, r.Unreached)
	}
	return b.String()
}

func tellMoves(b *strings.Builder, moves []Move) {
	for _, m := range moves {
		fmt.Fprintf(b, "  %s", m.Name)
		if len(m.Causes) > 0 {
			fmt.Fprintf(b, " restarts from %s because of %s", m.From, strings.Join(m.Causes, " and "))
		}
		if m.Blocked != "" {
			fmt.Fprintf(b, "; blocked by %s", m.Blocked)
		}
		b.WriteString("\n")
	}
}
