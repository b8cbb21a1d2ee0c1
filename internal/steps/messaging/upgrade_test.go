package messaging

import (
	"strings"
	"testing"

	appsv1ac "k8s.io/client-go/applyconfigurations/apps/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/hot/node"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/step"
	"github.com/glific/organisation-operator/internal/testkit/views"
)

const nextRelease = "glific-8.10.2"

func allowed() *Step { return &Step{Hot: &node.Nodes{}} }

func hotSpec(mode v1alpha1.HotMode) views.Option {
	return views.ReleaseSpec(func(r *v1alpha1.ReleaseSpec) { r.Update.Hot = &v1alpha1.HotSpec{Mode: mode} })
}

// entered is an Organisation that serves one Release whose code may be changed, and
// wants the next.
func entered(t *testing.T, mode v1alpha1.HotMode, options ...views.Option) step.View {
	t.Helper()
	before := views.New(t, hotSpec(mode), pinned(views.Release))
	views.Apply(t, before, allowed())
	rolledTo(before, 1)
	after := []views.Option{views.After(before, New().Name()), hotSpec(mode), views.ReleaseNamed(nextRelease, another), pinned(nextRelease)}
	return views.New(t, append(after, options...)...)
}

// wished is the Deployment that is rendered.
func wished(t *testing.T, v step.View) *appsv1ac.DeploymentApplyConfiguration {
	t.Helper()
	for _, object := range views.Render(t, v, allowed()) {
		if d, ok := object.(*appsv1ac.DeploymentApplyConfiguration); ok && *d.Name == names.Backend {
			return d
		}
	}
	t.Fatal("no Deployment is rendered")
	return nil
}

func state(v step.View, state v1alpha1.HotState, message string) {
	v.Org.Status.Hot = &v1alpha1.HotStatus{Release: nextRelease, Revision: current(v.Live).name, State: state, Message: message}
}

func TestWhatTheDeploymentShowsWhileCodeEntersItsPods(t *testing.T) {
	for sentence, test := range map[string]struct {
		mode   v1alpha1.HotMode
		before func(step.View)
		shows  string
		paused bool
		mark   bool
		says   step.Outcome
	}{
		"at first": {shows: views.Release, paused: true},
		"on its way": {before: func(v step.View) { state(v, v1alpha1.HotUpgrading, "new code enters Pod a") }, shows: views.Release, paused: true,
			says: step.Waiting("Progressing", "new code of Release glific-8.10.2 enters the running pods: new code enters Pod a", lookAgain)},
		"through": {before: func(v step.View) { state(v, v1alpha1.HotComplete, "") }, shows: nextRelease},
		"refused: new pods, without a second roll": {before: func(v step.View) { state(v, v1alpha1.HotRefused, "") }, shows: nextRelease},
		"refused, and nothing else is wanted": {mode: v1alpha1.HotOnly, before: func(v step.View) { state(v, v1alpha1.HotRefused, "erts changes") }, shows: views.Release,
			says: step.Stalled("HotUpgradeRefused", "erts changes")},
		"broken off, and nothing else is wanted: new pods of the old release end the mixture": {mode: v1alpha1.HotOnly,
			before: func(v step.View) { state(v, v1alpha1.HotFailed, "RolledBack") }, shows: views.Release, mark: true,
			says: step.Stalled("HotUpgradeRefused", "RolledBack")},
	} {
		t.Run(sentence, func(t *testing.T) {
			v := entered(t, test.mode)
			views.Apply(t, v, allowed()) // the first pass pauses and records the revision
			if test.before != nil {
				test.before(v)
			}
			d := wished(t, v)
			template := d.Spec.Template
			if got := template.Labels[v1alpha1.LabelRelease]; got != test.shows {
				t.Errorf("shows %s, want %s", got, test.shows)
			}
			if paused := d.Spec.Paused != nil && *d.Spec.Paused; paused != test.paused {
				t.Errorf("paused is %v", paused)
			}
			if mark := template.Annotations[v1alpha1.AnnotationHot] != ""; mark != test.mark {
				t.Errorf("marked as broken off is %v", mark)
			}
			if test.says.Reason != "" {
				if got := allowed().Observe(v); got != test.says {
					t.Errorf("says %+v, want %+v", got, test.says)
				}
			}
		})
	}
}

func TestWhoIsUpgradedWithNewPods(t *testing.T) {
	for sentence, v := range map[string]step.View{
		"a Release that did not prepare its pods": func() step.View {
			before := views.New(t, pinned(views.Release))
			views.Apply(t, before, allowed())
			rolledTo(before, 1)
			return views.New(t, views.After(before, New().Name()), hotSpec(""), views.ReleaseNamed(nextRelease, another), pinned(nextRelease))
		}(),
		"one that is suspended": entered(t, "", views.Suspended()),
	} {
		t.Run(sentence, func(t *testing.T) {
			if d := wished(t, v); d.Spec.Paused != nil || d.Spec.Template.Labels[v1alpha1.LabelRelease] != nextRelease {
				t.Errorf("paused %v, shows %v", d.Spec.Paused, d.Spec.Template.Labels)
			}
		})
	}
	v := entered(t, "")
	notAllowed := New()
	for _, object := range views.Render(t, v, notAllowed) {
		if d, ok := object.(*appsv1ac.DeploymentApplyConfiguration); ok && d.Spec.Paused != nil {
			t.Error("paused although hot upgrades are not allowed")
		}
	}
}

func TestADifferenceBesideCodeIsNamed(t *testing.T) {
	v := entered(t, "", views.Messaging(func(m *v1alpha1.MessagingSpec) { m.Env = []v1alpha1.EnvVar{views.Var("NEW", "hush")} }))
	live := revisions(v.Live)
	up := allowed().upgradeOf(v, decide(v, latest(v.Live, live)).chosen, live)
	if up == nil {
		t.Fatal("no upgrade")
	}
	if got := up.difference(); !strings.Contains(got, "Env of container backend changes") || strings.Contains(got, "hush") {
		t.Errorf("difference: %s", got)
	}
	same := entered(t, "")
	live = revisions(same.Live)
	if got := allowed().upgradeOf(same, decide(same, latest(same.Live, live)).chosen, live).difference(); got != "" {
		t.Errorf("only the image changes, and it says: %s", got)
	}
}

// A person's pause is not ended, and nothing begins under it.
func TestAPauseOfSomebodyElse(t *testing.T) {
	v := entered(t, "")
	deployment(v, names.Backend).Spec.Paused = true
	if d := wished(t, v); d.Spec.Paused != nil || d.Annotations[v1alpha1.AnnotationHot] != "" {
		t.Errorf("it is taken over: %+v", d.Spec.Paused)
	}
}

// Once a canary has shown that running pods cannot be given a Release, nobody tries; but
// what has begun goes on.
func TestNewPodsThatTheChannelOrders(t *testing.T) {
	rolling := func(v *step.View) {
		v.Update.Update = &v1alpha1.UpdateStatus{Release: nextRelease, Answer: v1alpha1.SlotAccepted, Mode: v1alpha1.UpdateRolling}
	}
	v := entered(t, "")
	rolling(&v)
	if d := wished(t, v); d.Spec.Paused != nil || d.Spec.Template.Labels[v1alpha1.LabelRelease] != nextRelease {
		t.Errorf("paused %v, shows %v", d.Spec.Paused, d.Spec.Template.Labels)
	}
	begun := entered(t, "")
	views.Apply(t, begun, allowed())
	rolling(&begun)
	if d := wished(t, begun); d.Spec.Paused == nil || !*d.Spec.Paused {
		t.Error("what has begun is broken off")
	}
}

func TestHowCodeGotIntoThePods(t *testing.T) {
	v := entered(t, "")
	if got := Pods(v).Mode; got != "" {
		t.Errorf("before anything is asked for: %q", got)
	}
	views.Apply(t, v, allowed())
	for s, want := range map[v1alpha1.HotState]v1alpha1.UpdateMode{
		v1alpha1.HotUpgrading: v1alpha1.UpdateHot, v1alpha1.HotComplete: v1alpha1.UpdateHot, v1alpha1.HotRefused: v1alpha1.UpdateRolling,
	} {
		state(v, s, "")
		if s != v1alpha1.HotUpgrading {
			deployment(v, names.Backend).Spec.Template.Labels[v1alpha1.LabelRelease] = nextRelease
		}
		if got := Pods(v).Mode; got != want {
			t.Errorf("%s: %q, want %q", s, got, want)
		}
	}
}
