package hot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/glific/organisation-operator/internal/hot"
	"github.com/glific/organisation-operator/internal/testkit/golden"
)

var began = time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)

// world does at once what is decided, as node and cluster would.
type world struct {
	facts hot.Facts
	said  strings.Builder
	// refuses is what a pod says when it is asked or changed.
	refuses map[hot.Action]string
}

func two() *world {
	return &world{facts: hot.Facts{
		Now: began, Began: began, Paused: true, Wanted: 2,
		Limits:      hot.Limits{Soak: 30 * time.Second, Upgrades: 10, Patience: 10 * time.Minute},
		ReplicaSets: []hot.ReplicaSet{{Name: "backend-1"}},
		Pods:        []hot.Pod{fresh("a", 0), fresh("b", 1)},
	}}
}

func fresh(name string, second int) hot.Pod {
	return hot.Pod{Name: name, Created: began.Add(time.Duration(second-600) * time.Second), Ready: true}
}

func (w *world) pod(name string) *hot.Pod {
	for i := range w.facts.Pods {
		if w.facts.Pods[i].Name == name {
			return &w.facts.Pods[i]
		}
	}
	return nil
}

// do what was decided; false at the end.
func (w *world) do(d hot.Decision) bool {
	if what := w.refuses[d.Action]; what != "" {
		fmt.Fprintf(&w.said, "          Pod %s refuses: %s\n", d.Pod, what)
		return false
	}
	p := w.pod(d.Pod)
	switch d.Action {
	case hot.Stage:
		p.Staging, p.Upgrades = hot.Staged, p.Upgrades+1
	case hot.Check:
		p.Reached, p.Since = hot.Checked, w.facts.Now
	case hot.Install:
		p.Reached, p.Since = hot.Installed, w.facts.Now
	case hot.Settle:
		p.Reached, p.Since = hot.Settled, w.facts.Now
	case hot.Adopt:
		w.facts.ReplicaSets[0].New = true
	case hot.Wait:
		w.facts.Now = w.facts.Now.Add(max(d.After, time.Second))
	default:
		return false
	}
	return true
}

// tell the story, with what happens before the step of each number.
func (w *world) tell(happens map[int]func(*world)) string {
	last := ""
	for step := 1; step < 2000; step++ {
		if happen := happens[step]; happen != nil {
			happen(w)
		}
		d := hot.Decide(w.facts)
		line := fmt.Sprintf("%6s  %-8s %s %s", w.facts.Now.Sub(began), d.Action, d.Reason, d.Message)
		if d.Message != last {
			w.said.WriteString(strings.Join(strings.Fields(line), " ") + "\n")
		}
		last = d.Message
		if !w.do(d) {
			return w.said.String()
		}
	}
	return w.said.String() + "and so on\n"
}

func note(what string, change func(*world)) func(*world) {
	return func(w *world) {
		fmt.Fprintf(&w.said, "-- %s\n", what)
		change(w)
	}
}

func ended(name string) func(*world) { return func(w *world) { w.pod(name).Ending = true } }
func joined(name string) func(*world) {
	return func(w *world) { w.facts.Pods = append(w.facts.Pods, fresh(name, 700)) }
}

// forgotten is a container that restarted: what was installed in it is gone, what lies
// in its volume is not.
func forgotten(name string) func(*world) {
	return func(w *world) { w.pod(name).Reached = hot.Nothing }
}

func replaced(old, name string) func(*world) {
	return func(w *world) { ended(old)(w); joined(name)(w) }
}

func TestStories(t *testing.T) {
	for name, story := range map[string]struct {
		world   *world
		happens map[int]func(*world)
	}{
		"two-pods-and-nothing-happens": {two(), nil},
		"a-pod-is-replaced-between-the-two-installs": {two(), map[int]func(*world){
			6: note("Pod a is deleted, and c comes in its place", replaced("a", "c")),
		}},
		"a-third-pod-is-asked-for-during-the-soak": {two(), map[int]func(*world){
			7: note("spec.messaging.replicas: 3", func(w *world) { w.facts.Wanted = 3 }),
			9: note("Pod c is there", joined("c")),
		}},
		"a-container-restarts-during-the-soak": {two(), map[int]func(*world){7: note("the container of Pod b restarts", forgotten("b"))}},
		"somebody-ends-the-pause": {two(), map[int]func(*world){
			4: note("kubectl rollout resume", func(w *world) { w.facts.Paused = false }),
			6: note("it is paused again", func(w *world) { w.facts.Paused = true }),
		}},
		"the-image-cannot-be-pulled": {two(), map[int]func(*world){
			2: note("ErrImagePull", func(w *world) { w.pod("a").Staging, w.pod("a").Why = hot.StagingFailed, "ErrImagePull" }),
		}},
		"a-roll-is-under-way": {two(), map[int]func(*world){
			1: note("pods of two ReplicaSets are there", func(w *world) { w.facts.ReplicaSets = append(w.facts.ReplicaSets, hot.ReplicaSet{Name: "backend-2"}) }),
		}},
		"a-pod-that-never-becomes-ready": {two(), map[int]func(*world){3: note("Pod b is not ready any more", func(w *world) { w.pod("b").Ready = false })}},
		"a-pod-that-has-seen-many":       {two(), map[int]func(*world){1: func(w *world) { w.pod("a").Upgrades = 10 }}},
		"the-operator-ends-after-the-replicaset-was-changed": {two(), map[int]func(*world){
			10: note("nothing is remembered but what the cluster holds", func(*world) {}),
		}},
		"a-node-refuses": {func() *world { w := two(); w.refuses = map[hot.Action]string{hot.Check: "ErtsChanged"}; return w }(), nil},
	} {
		t.Run(name, func(t *testing.T) {
			golden.Assert(t, "testdata/"+name+".txt", story.world.tell(story.happens))
		})
	}
}

// Whatever happens before whichever step, it ends; and it ends with one version, for
// nothing is adopted before every pod boots the new one.
func TestItAlwaysEnds(t *testing.T) {
	for what, happen := range map[string]func(*world){
		"a pod is deleted":            func(w *world) { replaced(w.facts.Pods[0].Name, "c")(w) },
		"a container restarts":        func(w *world) { forgotten(w.facts.Pods[0].Name)(w) },
		"a pod is added":              func(w *world) { w.facts.Wanted++; joined("c")(w) },
		"one pod less is wanted":      func(w *world) { w.facts.Wanted--; ended("b")(w) },
		"the operator was away":       func(w *world) { w.facts.Now = w.facts.Now.Add(5 * time.Minute) },
		"the operator was away long":  func(w *world) { w.facts.Now = w.facts.Now.Add(time.Hour) },
		"a pod is not ready any more": func(w *world) { w.pod("b").Ready = false },
	} {
		for step := 1; step <= 11; step++ {
			w := two()
			story := w.tell(map[int]func(*world){step: happen})
			last := hot.Decide(w.facts)
			if last.Action != hot.Finish && last.Action != hot.GiveUp {
				t.Errorf("%s before step %d: it ends with %s\n%s", what, step, last.Action, story)
			}
			for _, p := range w.facts.Pods {
				if last.Action == hot.Finish && !p.Ending && p.Reached != hot.Settled {
					t.Errorf("%s before step %d: finished while Pod %s is only %q\n%s", what, step, p.Name, p.Reached, story)
				}
			}
		}
	}
}
