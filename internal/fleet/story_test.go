package fleet_test

import (
	"fmt"
	"math/rand"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/testkit/golden"
)

// story is a rollout from its beginning to its end, told in testdata.
type story struct {
	// spec changes a channel of one wave that takes everybody, one at a time.
	spec func(*v1alpha1.ReleaseChannelSpec)
	// fleet makes the Organisations; three that serve r1 without it.
	fleet func(*world)
	fate  func(name, release string) fate
	// events by the time after the beginning.
	events []event
	// quiet leaves out what goes well, in large fleets.
	quiet bool
	// loose: who is reached before a halt depends on who came first, so that only the
	// invariants and the verdict must be the same whatever goes wrong.
	loose bool
}

type event struct {
	at   time.Duration
	what string
	do   func(*world)
}

func (s story) run(m mode) *world {
	w := &world{
		now: dawn, mode: m, quiet: s.quiet, fate: s.fate, ill: map[string]string{},
		chance:   rand.New(rand.NewSource(m.seed)), //nolint:gosec // chance that can be repeated
		releases: map[string]*v1alpha1.Release{},
	}
	for _, name := range []string{r1, r2, r3} {
		w.releases[name] = &v1alpha1.Release{ObjectMeta: metav1.ObjectMeta{Name: name}}
	}
	if w.fate == nil {
		w.fate = func(string, string) fate { return well() }
	}
	channel := &v1alpha1.ReleaseChannel{ObjectMeta: metav1.ObjectMeta{Name: "stable", UID: "c4a11e10-channel", Generation: 1}}
	channel.Spec = v1alpha1.ReleaseChannelSpec{Release: r1, Waves: []v1alpha1.Wave{{Name: "all"}}, Backup: v1alpha1.BackupAccepted}
	if s.spec != nil {
		s.spec(&channel.Spec)
	}
	w.channel.write(channel, w.now)
	if s.fleet == nil {
		s.fleet = func(w *world) { w.fleetOf("asha", "pratham", "sneha") }
	}
	s.fleet(w)
	w.live(s.events)
	if len(w.broken) == 0 {
		w.checkNames()
	}
	return w
}

func (w *world) fleetOf(names ...string) {
	for _, name := range names {
		w.add(name, r1)
	}
}

// longest that nothing happens before a story ends, in ticks; and the longest story.
const (
	restful  = 6
	lifetime = 100_000
)

// live moves the world until nothing happens any more.
func (w *world) live(events []event) {
	rest := 0
	for ticks := 0; rest < restful; ticks++ {
		if ticks == lifetime {
			w.violated("the story has no end")
			return
		}
		for len(events) > 0 && !w.now.Before(dawn.Add(events[0].at)) {
			w.tell("*", "%s", events[0].what)
			events[0].do(w)
			events, rest = events[1:], 0
		}
		before := w.state()
		w.turn()
		w.check()
		rest++
		if w.state() != before || w.busy() {
			rest = 0
		}
		w.now = w.now.Add(w.pause(events, rest))
		if rest >= restful && (len(events) > 0 || w.after > 0) {
			rest = 0
		}
	}
}

// state changes when anybody writes.
func (w *world) state() (n int) {
	n = w.channel.number + w.failed
	for _, t := range w.tenants {
		n += t.number + t.touched
	}
	return n
}

func (w *world) busy() bool { return len(w.channel.now.Status.Slots) > 0 }

// pause until something can happen: short while anything moves.
func (w *world) pause(events []event, rest int) time.Duration {
	if w.busy() || rest < restful {
		return tick
	}
	pause := w.after
	if len(events) > 0 {
		if left := dawn.Add(events[0].at).Sub(w.now); pause == 0 || left < pause {
			pause = left
		}
	}
	return max(pause, tick)
}

// turn lets everybody have a pass.
func (w *world) turn() {
	order := make([]int, 0, len(w.tenants)+1)
	for i := range len(w.tenants) + 1 {
		order = append(order, i-1)
	}
	if w.mode.shuffled {
		w.chance.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	}
	for _, i := range order {
		if i < 0 {
			w.plan()
		} else {
			w.pass(w.tenants[i])
		}
	}
}

// end is how a story ended, without the times.
func (w *world) end(names bool) string {
	var b strings.Builder
	c := w.channel.now
	reason := ""
	for _, condition := range c.Status.Conditions {
		if condition.Type == v1alpha1.Ready {
			reason = condition.Reason
		}
	}
	fmt.Fprintf(&b, "stable: %s, verified %s, wave %s\n", reason, c.Status.Verified, c.Status.Wave)
	if !names {
		return b.String()
	}
	for _, t := range w.tenants {
		s := t.now.Status
		outcome := "untouched"
		if s.Update != nil {
			outcome = string(s.Update.Outcome) + " " + s.Update.Release
			if s.Update.Outcome == "" {
				outcome = string(s.Update.Answer) + " " + s.Update.Reason
			}
		}
		if t.gone {
			outcome = "gone"
		}
		line := fmt.Sprintf("%s: serves %s, %s; pods replaced %d times\n", t.now.Name, s.Release.Serving, outcome, t.touched)
		if !w.quiet || outcome != "Verified "+c.Spec.Release && outcome != "untouched" {
			b.WriteString(line)
		}
	}
	return b.String()
}

func (w *world) broke(t *testing.T) {
	t.Helper()
	for i, what := range w.broken {
		if i == 5 {
			t.Errorf("and %d more", len(w.broken)-i)
			return
		}
		t.Errorf("%s (seed %d): %s", w.mode.name, w.mode.seed, what)
	}
}

var replaced = regexp.MustCompile(`; pods replaced \d+ times`)

// comparable leaves out of an end what may differ when writes are lost or reads are old:
// how often pods were replaced.
func comparable(end string, m mode) string {
	if m.crash != 0 || m.stale {
		return replaced.ReplaceAllString(end, "")
	}
	return end
}

func TestStories(t *testing.T) {
	for title, s := range stories() {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			told := s.run(mode{name: "as told"})
			told.broke(t)
			transcript := told.story.String() + "\n" + told.end(true)
			golden.Assert(t, filepath.Join("testdata", strings.ReplaceAll(title, " ", "-")+".story"), transcript)
			for _, m := range s.modes(told) {
				w := s.run(m)
				if w.broke(t); t.Failed() {
					t.Fatal(tail(w.story.String()))
				}
				if want, got := comparable(told.end(!s.loose), m), comparable(w.end(!s.loose), m); want != got {
					t.Fatalf("%s (seed %d, crash %d) ends otherwise:\n%s\nthan as told:\n%s\n%s", m.name, m.seed, m.crash, got, want, tail(w.story.String()))
				}
			}
		})
	}
}

// tail is the end of a long story.
func tail(story string) string {
	const enough = 6000
	return story[max(0, len(story)-enough):]
}

// modes in which a story is told again.
func (s story) modes(told *world) []mode {
	var modes []mode
	seeds := int64(4)
	if s.quiet {
		seeds = 1
	}
	for seed := int64(1); seed <= seeds; seed++ {
		modes = append(modes,
			mode{name: "shuffled", shuffled: true, seed: seed},
			mode{name: "one version stale", stale: true, shuffled: true, seed: seed},
			mode{name: "killed at every other write", crash: -1, shuffled: true, seed: seed},
			mode{name: "all at once", stale: true, crash: -1, shuffled: true, seed: seed})
	}
	if s.quiet {
		return modes
	}
	const most = 20
	for n := 1; n <= told.writes; n += max(1, told.writes/most) {
		modes = append(modes, mode{name: "killed at one write", crash: n, seed: 1})
	}
	return modes
}
