// Package hot decides how new code gets into the running pods of one Organisation. From
// what exists in the cluster it names exactly one next action; nothing is remembered
// between two looks but what the pods' own annotations say. An operator that was killed
// anywhere therefore goes on where it was, or gives up, after which ordinary new pods
// follow. It is pure: no client, no clock.
package hot

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// Action is the one thing to do now.
type Action string

// The actions, in the order in which they come.
const (
	// Wait: look again soon.
	Wait Action = "Wait"
	// Stage: put the new release beside the running one, by an ephemeral container.
	Stage Action = "Stage"
	// Check: ask the node whether it can be upgraded. All are asked before any changes.
	Check Action = "Check"
	// Install: change the node's code. A restart still boots the old version.
	Install Action = "Install"
	// Settle: let a restart of container and sandbox boot the new version.
	Settle Action = "Settle"
	// Adopt: give the ReplicaSet the new template, so that the Deployment finds in it
	// what it looks for.
	Adopt Action = "Adopt"
	// Finish: give the Deployment the new template and end its pause, in one write.
	Finish Action = "Finish"
	// GiveUp: new pods take over, or, where only hot upgrades are wanted, the old stay.
	GiveUp Action = "GiveUp"
)

// Reached is how far a node has come, as its pod's annotation says of its container.
type Reached string

// The stations.
const (
	Nothing   Reached = ""
	Checked   Reached = "Checked"
	Installed Reached = "Installed"
	Settled   Reached = "Settled"
)

// Staging is how the ephemeral container that brings the new release stands.
type Staging string

// The states of staging.
const (
	NotStaged     Staging = ""
	StagingRuns   Staging = "Running"
	Staged        Staging = "Done"
	StagingFailed Staging = "Failed"
)

// Pod is one node.
type Pod struct {
	Name    string
	Created time.Time
	// Ready as Kubernetes sees it; Ending is one that is being deleted.
	Ready, Ending bool
	Staging       Staging
	// Why staging failed.
	Why string
	// Upgrades that this pod has seen, this one included once it is staged.
	Upgrades int32
	Reached  Reached
	// Changed: code runs in it of another release than the one that all pods should have.
	Changed bool
	// Since when it is there.
	Since time.Time
}

// Facts is everything that decides.
type Facts struct {
	Now time.Time
	// Began is when this upgrade did.
	Began time.Time
	// Paused: the Deployment is, and its controller has seen it.
	Paused bool
	// ReplicaSets are those of the Deployment that have pods or should have.
	ReplicaSets []ReplicaSet
	// Wanted is the number of pods that the Deployment asks for.
	Wanted int32
	Pods   []Pod
	Limits Limits
}

// ReplicaSet of the Deployment.
type ReplicaSet struct {
	Name string
	// New: it has the new template.
	New bool
}

// Limits of an upgrade.
type Limits struct {
	// Soak is how long new code runs before a restart boots it.
	Soak time.Duration
	// Upgrades of one pod at most.
	Upgrades int32
	// Patience with the whole.
	Patience time.Duration
}

// Reasons to give up, beside those of the engine.
const (
	ReasonManyReplicaSets = v1alpha1.HotManyReplicaSets
	ReasonTooManyUpgrades = v1alpha1.HotTooManyUpgrades
	ReasonStagingFailed   = "StagingFailed"
	ReasonTimeout         = "Timeout"
)

// Decision is what follows.
type Decision struct {
	Action Action
	// Pod or ReplicaSet that it is about.
	Pod, ReplicaSet string
	// Reason to give up; Message in words.
	Reason, Message string
	// After is when to look again while waiting.
	After time.Duration
}

const soon = time.Second

// Decide names the next action.
func Decide(f Facts) Decision {
	pods := slices.DeleteFunc(slices.Clone(f.Pods), func(p Pod) bool { return p.Ending })
	slices.SortFunc(pods, func(a, b Pod) int { return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.Name, b.Name)) })
	f.Pods = pods
	for _, rule := range []func(Facts) *Decision{bracket, replicaSets, patience, staging, complete, checking, installing, soaking, settling, adopting} {
		if d := rule(f); d != nil {
			return *d
		}
	}
	return Decision{Action: Finish, Message: "every pod runs the new version; the Deployment is told"}
}

func wait(format string, args ...any) *Decision {
	return &Decision{Action: Wait, Message: fmt.Sprintf(format, args...), After: soon}
}

func giveUp(reason, format string, args ...any) *Decision {
	return &Decision{Action: GiveUp, Reason: reason, Message: fmt.Sprintf(format, args...)}
}

func about(action Action, p Pod, format string) *Decision {
	return &Decision{Action: action, Pod: p.Name, Message: fmt.Sprintf(format, p.Name)}
}

// bracket: while the Deployment is not paused, a changed ReplicaSet would roll its pods.
func bracket(f Facts) *Decision {
	if !f.Paused {
		return wait("the Deployment is being paused, so that nothing else replaces its pods")
	}
	return nil
}

// replicaSets: with more than one, a roll is under way.
func replicaSets(f Facts) *Decision {
	if len(f.ReplicaSets) != 1 {
		return giveUp(ReasonManyReplicaSets, "%d ReplicaSets have pods, where an upgrade of running pods needs exactly one", len(f.ReplicaSets))
	}
	return nil
}

func patience(f Facts) *Decision {
	if took := f.Now.Sub(f.Began); took > f.Limits.Patience+f.Limits.Soak {
		return giveUp(ReasonTimeout, "it is not done after %s", took.Truncate(time.Second))
	}
	return nil
}

// staging happens on all pods at once: it changes nothing that runs.
func staging(f Facts) *Decision {
	for _, p := range f.Pods {
		switch {
		case p.Staging == StagingFailed:
			return giveUp(ReasonStagingFailed, "the new release could not be put beside the running one of Pod %s: %s", p.Name, p.Why)
		case p.Staging == NotStaged && p.Upgrades >= f.Limits.Upgrades:
			return giveUp(ReasonTooManyUpgrades, "Pod %s has seen %d upgrades; new pods end what has drifted", p.Name, p.Upgrades)
		case p.Staging == NotStaged && p.Ready:
			return about(Stage, p, "the new release is put beside the running one of Pod %s")
		}
	}
	for _, p := range f.Pods {
		if p.Staging == StagingRuns {
			return wait("the new release is being put beside the running one of Pod %s", p.Name)
		}
	}
	return nil
}

// complete: nothing changes while a pod is missing or not well.
func complete(f Facts) *Decision {
	for _, p := range f.Pods {
		if !p.Ready {
			return wait("Pod %s is not ready", p.Name)
		}
	}
	if len(f.Pods) != int(f.Wanted) {
		return wait("%d of %d pods are there", len(f.Pods), f.Wanted)
	}
	return nil
}

func checking(f Facts) *Decision {
	for _, p := range f.Pods {
		if p.Reached == Nothing {
			return about(Check, p, "Pod %s is asked whether new code can enter it")
		}
	}
	return nil
}

func installing(f Facts) *Decision {
	for _, p := range f.Pods {
		if p.Reached == Checked {
			return about(Install, p, "new code enters Pod %s")
		}
	}
	return nil
}

func soaking(f Facts) *Decision {
	for _, p := range f.Pods {
		if left := p.Since.Add(f.Limits.Soak).Sub(f.Now); p.Reached == Installed && left > 0 {
			d := wait("new code must run for %s before a restart boots it", f.Limits.Soak)
			d.After = left
			return d
		}
	}
	return nil
}

func settling(f Facts) *Decision {
	for _, p := range f.Pods {
		if p.Reached != Settled {
			return about(Settle, p, "a restart of Pod %s will boot the new version")
		}
	}
	return nil
}

func adopting(f Facts) *Decision {
	if set := f.ReplicaSets[0]; !set.New {
		return &Decision{Action: Adopt, ReplicaSet: set.Name, Message: fmt.Sprintf("ReplicaSet %s is given the new template", set.Name)}
	}
	return nil
}
