package messaging

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/hot"
	"github.com/glific/organisation-operator/internal/hot/engine"
	"github.com/glific/organisation-operator/internal/hot/node"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/step"
)

const (
	// patience with a hot upgrade, its soak not counted.
	patience = 10 * time.Minute
	// defaultSoak of new code before a restart boots it.
	defaultSoak = 30 * time.Second
	// defaultUpgrades of one pod until new ones are made.
	defaultUpgrades = 10
	// maxHotMessage is what the API allows, in bytes here.
	maxHotMessage = 1024
)

// Act moves an upgrade of running pods on by one action. Whatever comes of it, the rest
// of the step goes on: scaling and repair never wait for it.
func (s *Step) Act(ctx context.Context, v step.View) step.Outcome {
	live := revisions(v.Live)
	up := s.upgradeOf(v, decide(v, latest(v.Live, live)).chosen, live)
	d := deployment(v, names.Backend)
	switch {
	case s.Hot == nil:
		return step.Done(v1alpha1.ReasonReady, "")
	case !up.running():
		return s.confirm(ctx, v, d)
	case up.difference() != "":
		s.giveUp(v, up, v1alpha1.HotRefused, v1alpha1.HotTemplateChanged, up.difference()+", which is fixed for the life of a pod")
		return step.Done(v1alpha1.ReasonReady, "")
	}
	if last := v.Org.Status.Hot; last == nil || last.Revision != up.to.name {
		v.Org.Status.Hot = &v1alpha1.HotStatus{Release: up.to.Release, Revision: up.to.name, State: v1alpha1.HotUpgrading, StartedAt: s.now()}
	}
	if d.Spec.Paused && d.Annotations[v1alpha1.AnnotationHot] == "" {
		s.say(v, "Deployment "+d.Name+" was paused by somebody else; end that with `kubectl -n "+v.Settings.Namespace+" rollout resume deployment "+d.Name+"`")
		return step.Done(v1alpha1.ReasonReady, "")
	}
	if err := s.advance(ctx, v, up, d); err != nil {
		s.say(v, err.Error())
	}
	return step.Done(v1alpha1.ReasonReady, "")
}

func (s *Step) advance(ctx context.Context, v step.View, up *upgrade, d *appsv1.Deployment) error {
	t := target(v, up)
	world, facts, err := s.Hot.Read(ctx, t, d)
	if err != nil {
		return err
	}
	spec := up.to.Update.Hot
	facts.Now, facts.Began = s.Clock.Now(), v.Org.Status.Hot.StartedAt.Time
	facts.Limits = hot.Limits{Soak: defaultSoak, Upgrades: defaultUpgrades, Patience: patience}
	if spec.SoakSeconds > 0 {
		facts.Limits.Soak = time.Duration(spec.SoakSeconds) * time.Second
	}
	if spec.MaxUpgrades > 0 {
		facts.Limits.Upgrades = spec.MaxUpgrades
	}
	up.changed = slices.ContainsFunc(facts.Pods, func(p hot.Pod) bool { return p.Changed && !p.Ending })
	decision := hot.Decide(facts)
	s.say(v, decision.Message)
	return s.do(ctx, v, up, t, world, decision)
}

// do the one action.
func (s *Step) do(ctx context.Context, v step.View, up *upgrade, t node.Target, world node.World, decision hot.Decision) error {
	pod := world.Pods[decision.Pod]
	switch decision.Action {
	case hot.Stage:
		return s.Hot.Stage(ctx, t, pod)
	case hot.Check:
		return s.ask(ctx, v, up, t, pod, engine.Check, hot.Checked)
	case hot.Install:
		return s.ask(ctx, v, up, t, pod, engine.Install, hot.Installed)
	case hot.Settle:
		return s.settle(ctx, v, up, t, pod)
	case hot.Adopt:
		v.Org.Status.Hot.ReplicaSet = decision.ReplicaSet
		return s.Hot.Adopt(ctx, t, world.Sets[decision.ReplicaSet])
	case hot.Finish:
		v.Org.Status.Hot.State, v.Org.Status.Hot.EndedAt = v1alpha1.HotComplete, s.now()
		s.say(v, fmt.Sprintf("new code of Release %s entered %d running pods", up.to.Release, len(world.Pods)))
	case hot.GiveUp:
		s.giveUp(v, up, up.state(), decision.Reason, decision.Message)
	}
	return nil
}

// state of giving up now: a refusal only while no node was changed.
func (u *upgrade) state() v1alpha1.HotState {
	if u.changed {
		return v1alpha1.HotFailed
	}
	return v1alpha1.HotRefused
}

// ask a node, and note how far it has come.
func (s *Step) ask(ctx context.Context, v step.View, up *upgrade, t node.Target, pod *corev1.Pod, action engine.Action, reached hot.Reached) error {
	report, err := s.Hot.Ask(ctx, t, pod, action)
	if err != nil || report == nil { // nil: it is being asked
		return err
	}
	status := v.Org.Status.Hot
	switch report.Outcome {
	case engine.Ready, engine.Installed:
		if report.Outcome == engine.Installed {
			reached = hot.Installed
			status.Engine, status.Processes = v1alpha1.HotEngine(report.Engine), status.Processes+int32(report.Processes) //nolint:gosec // few
		}
		return s.Hot.Note(ctx, t, pod, reached, s.Clock.Now())
	case engine.Running, engine.Unreachable:
		s.say(v, fmt.Sprintf("Pod %s: %s", pod.Name, report.Message))
	case engine.Refused:
		s.giveUp(v, up, up.state(), report.Refusals[0].Reason, fmt.Sprintf("Pod %s refuses: %s", pod.Name, sentences(report.Refusals)))
	default:
		s.giveUp(v, up, v1alpha1.HotFailed, string(report.Outcome), fmt.Sprintf("Pod %s: %s", pod.Name, report.Message))
	}
	return nil
}

func sentences(refusals []engine.Refusal) string {
	var texts []string
	for _, refusal := range refusals {
		texts = append(texts, refusal.Message)
	}
	return strings.Join(texts, "; ")
}

func (s *Step) settle(ctx context.Context, v step.View, up *upgrade, t node.Target, pod *corev1.Pod) error {
	report, err := s.Hot.Ask(ctx, t, pod, engine.Permanent)
	switch {
	case err != nil || report == nil:
		return err
	case report.Outcome == engine.Unreachable:
		return nil
	case report.Outcome != engine.IsPermanent:
		s.giveUp(v, up, v1alpha1.HotFailed, string(report.Outcome), fmt.Sprintf("Pod %s did not make %s permanent: %s", pod.Name, t.Version, report.Message))
		return nil
	}
	return s.Hot.Settle(ctx, t, pod, s.Clock.Now())
}

// confirm looks once whether the Deployment took the ReplicaSet as its own. Kubernetes
// promises it nowhere; where it does not, the Deployment has rolled, and nothing is stuck.
func (s *Step) confirm(ctx context.Context, v step.View, d *appsv1.Deployment) step.Outcome {
	done := step.Done(v1alpha1.ReasonReady, "")
	last := v.Org.Status.Hot
	if last == nil || d == nil || !observed(d) || d.Spec.Paused || d.Spec.Template.Labels[v1alpha1.LabelRelease] != last.Release {
		return done
	}
	switch {
	case last.State == v1alpha1.HotUpgrading: // the last status was not written
	case last.State != v1alpha1.HotComplete || last.ReplicaSet == "":
		s.renew(v, d)
		return done
	}
	_, facts, err := s.Hot.Read(ctx, node.Target{Namespace: v.Settings.Namespace, Release: last.Release, Container: names.Backend}, d)
	if err != nil {
		return done // the next pass looks again
	}
	if len(facts.ReplicaSets) == 1 && slices.Contains([]string{"", facts.ReplicaSets[0].Name}, last.ReplicaSet) {
		last.State = v1alpha1.HotComplete
		if last.EndedAt == nil {
			last.EndedAt = s.now()
		}
		s.Hot.Tell(v.Org, corev1.EventTypeNormal, "HotUpgraded", last.Message)
	} else {
		last.State, last.Reason = v1alpha1.HotFailed, "NotAdopted"
		last.Message = "the Deployment did not take ReplicaSet " + last.ReplicaSet + " as its own and made new pods instead"
		s.Hot.Tell(v.Org, corev1.EventTypeWarning, "HotUpgradeFailed", last.Message)
	}
	last.ReplicaSet = ""
	return done
}

// now in the precision of the API.
func (s *Step) now() *metav1.Time {
	at := metav1.NewTime(s.Clock.Now().Truncate(time.Second))
	return &at
}

func (s *Step) say(v step.View, message string) {
	if v.Org.Status.Hot != nil {
		v.Org.Status.Hot.Message = message[:min(len(message), maxHotMessage)]
	}
}

// giveUp ends the upgrade. What follows is said, too.
func (s *Step) giveUp(v step.View, up *upgrade, state v1alpha1.HotState, reason, message string) {
	follows := "new pods take over"
	if up.to.Update.Hot.Mode == v1alpha1.HotOnly {
		follows = "Release " + up.from.Release + " goes on, since spec.update.hot.mode of Release " + up.to.Release + " is HotOnly"
	}
	started := v.Org.Status.Hot
	v.Org.Status.Hot = &v1alpha1.HotStatus{Release: up.to.Release, Revision: up.to.name, State: state, Reason: reason, EndedAt: s.now()}
	if started != nil && started.Revision == up.to.name {
		v.Org.Status.Hot.StartedAt, v.Org.Status.Hot.Engine, v.Org.Status.Hot.Processes = started.StartedAt, started.Engine, started.Processes
	}
	s.say(v, message[:min(len(message), maxHotMessage-200)]+"; "+follows)
	s.Hot.Tell(v.Org, corev1.EventTypeWarning, "HotUpgrade"+string(state), reason+": "+v.Org.Status.Hot.Message)
}

func target(v step.View, up *upgrade) node.Target {
	t := node.Target{
		Org: v.Org, Namespace: v.Settings.Namespace, Container: names.Backend, From: up.from.Release, Release: up.to.Release, Engine: up.to.Update.Hot.Engine,
		Image: *up.to.Backend.Spec.Containers[0].Image,
	}
	if release := v.Live.Release; release != nil && release.Name == up.to.Release {
		t.Version, t.Binary, t.Started = release.Spec.Version, release.Spec.Binary, release.Spec.Started()
	}
	return t
}
