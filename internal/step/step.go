// Package step holds the one small contract that every concern of an Organisation
// keeps. A step is shown the world in a View; it says which objects should exist
// and judges those that do. It never fetches, and it knows no other step.
package step

import (
	"context"

	"k8s.io/apimachinery/pkg/runtime"
)

// Step is one room: one concern, one condition, no knowledge of its neighbours.
type Step interface {
	// Name labels logs, metrics and the objects that the step renders.
	Name() string
	// Condition is the type of condition that only this step writes.
	Condition() string
	// Needs lists the conditions that must be done in this pass before the step may
	// change anything. It still observes while it waits.
	Needs() []string
	// Render lists every object that should exist. It has no context and no client,
	// so it can do no I/O: the same View always yields the same objects. An error
	// means that only new input helps.
	Render(View) ([]Applicable, error)
	// Observe judges the live objects in the View. Pure, like Render.
	Observe(View) Outcome
}

// Actor is for the few steps with an effect beyond applying what they render: in
// PostgreSQL, or on Namespaces and Secrets, which are created and never applied. It
// runs before Render, and puts what it wrote back into the View's Snapshot.
type Actor interface {
	// Act does what is to be done and says Done, or says what it waits for; then
	// nothing is rendered in this pass.
	Act(context.Context, View) Outcome
}

// Finalizer is for steps that must undo something before the Organisation goes.
type Finalizer interface {
	// Finalize undoes what the step did, or says what it waits for. It must work
	// from every half-provisioned state.
	Finalize(context.Context, View) Outcome
}

// Applicable is any apply configuration: a declaration of exactly those fields that
// the operator owns.
type Applicable interface {
	runtime.ApplyConfiguration
	GetName() *string
	GetNamespace() *string
	GetKind() *string
	GetAPIVersion() *string
}
