// Package show says in words, tables and trees how NGOs are. It is pure: it is given
// what was read and the time, and it reads nothing itself.
package show

import (
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// State is how an NGO is, in one word.
type State string

// The states.
const (
	// Unseen: the operator has not looked at it yet.
	Unseen State = "Unseen"
	// Provisioning: nothing serves yet, and the work is under way.
	Provisioning State = "Provisioning"
	// Serving: what was declared is in force and serves.
	Serving State = "Serving"
	// Updating: an old release serves while a new one is brought up.
	Updating State = "Updating"
	// Reconciling: something is being put right, or waited for.
	Reconciling State = "Reconciling"
	// Stalled: only new input helps.
	Stalled State = "Stalled"
	// Held: a person holds it, and it is not as declared.
	Held State = "Held"
	// Suspending: pods of a suspended NGO still end.
	Suspending State = "Suspending"
	// Suspended: nothing runs, all data is kept.
	Suspended State = "Suspended"
	// Deleting: it is torn down.
	Deleting State = "Deleting"
	// Unknown: what must be asked does not answer.
	Unknown State = "Unknown"
)

// Health is how an NGO is, and why.
type Health struct {
	State   State
	Reason  string
	Message string
}

// Mark is one sign for a state or a condition.
type Mark string

// The marks, worst last.
const (
	Good    Mark = "✓"
	Off     Mark = "○"
	Moving  Mark = "…"
	Unclear Mark = "?"
	Bad     Mark = "✗"
)

// HealthOf reads the conditions of an Organisation as docs/conditions.md explains them.
func HealthOf(org *v1alpha1.Organisation) Health {
	ready := meta.FindStatusCondition(org.Status.Conditions, v1alpha1.Ready)
	available := meta.FindStatusCondition(org.Status.Conditions, v1alpha1.Available)
	switch {
	case !org.DeletionTimestamp.IsZero():
		return because(Deleting, ready)
	case org.Status.ObservedGeneration < 0 || len(org.Status.Conditions) == 0:
		return Health{Unseen, "", "the operator has not looked at it yet; is it running? kubectl glific version"}
	case meta.IsStatusConditionTrue(org.Status.Conditions, v1alpha1.Stalled):
		return because(Stalled, meta.FindStatusCondition(org.Status.Conditions, v1alpha1.Stalled))
	case ready == nil:
		return because(Suspended, available)
	case ready.Status == metav1.ConditionTrue:
		return because(Serving, ready)
	case ready.Reason == v1alpha1.ReasonHeld:
		return because(Held, ready)
	case ready.Status == metav1.ConditionUnknown:
		return because(Unknown, ready)
	}
	return because(moving(org, ready), ready)
}

func moving(org *v1alpha1.Organisation, ready *metav1.Condition) State {
	switch {
	case org.Spec.Power == v1alpha1.PowerSuspended:
		return Suspending
	case org.Status.Release.Serving == "":
		return Provisioning
	case ready.Reason == v1alpha1.ReasonUpdating:
		return Updating
	}
	return Reconciling
}

func because(state State, c *metav1.Condition) Health {
	if c == nil {
		return Health{State: state}
	}
	return Health{state, c.Reason, c.Message}
}

// Mark of a state.
func (h Health) Mark() Mark {
	switch h.State {
	case Serving:
		return Good
	case Suspended:
		return Off
	case Stalled, Held:
		return Bad
	case Unknown:
		return Unclear
	}
	return Moving
}

// Code is the exit code of commands that judge: 0 as declared, 2 not yet, 3 only new
// input helps. 1 is a command that failed.
func (h Health) Code() int {
	switch h.State {
	case Serving, Suspended:
		return 0
	case Stalled:
		return 3
	}
	return 2
}
