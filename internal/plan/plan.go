// Package plan makes the decisions of a pass: whether the Organisation may have
// what it asks for, where its data goes, whether its pods run, and whether the
// target release may take over. Each decision is a named rule with a reason. It is
// pure: no client, no clock.
package plan

import (
	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/snapshot"
)

// Plan is what was decided for one pass.
type Plan struct {
	// Held is the reason in the hold annotation; nothing is changed while it is set.
	Held string
	// Frozen: what was declared cannot be understood, so nothing at all is changed; what
	// serves goes on as it is.
	Frozen bool
	// Refusal says why nothing may be claimed; nil if all is well.
	Refusal *Refusal
	// Place is the server to choose; nil if one is chosen or none can be.
	Place *Placement
	// Suspended: the pods must not run.
	Suspended bool
	// Hosts to serve: those wanted, or the last that were claimed in full.
	Hosts []string
	// RetryAt is the value of the annotation; another value is another attempt.
	RetryAt string
	// RestartAt is the value of the annotation; pods carry the last one answered.
	RestartAt string
}

// Refusal says why nothing may be claimed.
type Refusal struct {
	// Reason is a reason of the condition Claimed.
	Reason string
	// Message names the object, the cause and the next step.
	Message string
	// Curable by another object, which is watched; else only by new input.
	Curable bool
	// Unknown: the truth could not be asked for.
	Unknown bool
}

// Decide makes the decisions of a pass.
func Decide(org *v1alpha1.Organisation, live *snapshot.Snapshot) Plan {
	p := Plan{
		Held:      org.Annotations[v1alpha1.AnnotationHold],
		RetryAt:   org.Annotations[v1alpha1.AnnotationRetryAt],
		RestartAt: org.Annotations[v1alpha1.AnnotationRestartAt],
		Suspended: suspended(live),
	}
	p.Refusal = refuse(org, live)
	p.Frozen = live.Profile == nil || live.Invalid != nil || namespaceForeign(org, live) != nil
	if p.Refusal == nil && !placed(org, live) {
		p.Place = place(org, live)
	}
	p.Hosts = hosts(live)
	return p
}

// suspended waits for the breaker's word where something is served, so that a mass
// suspension can be held; while the server cannot be asked, spec decides. What another
// installation or Organisation has taken over must not be served twice.
func suspended(live *snapshot.Snapshot) bool {
	if f := live.Ledger.Foreign; f != nil && f.State.Living() {
		return true
	}
	t := live.Ledger.Tenant
	if live.Settings.Power != v1alpha1.PowerSuspended {
		return t != nil && t.State == ledger.Suspended // the login comes first
	}
	if t == nil {
		return live.Ledger.Err != nil || live.Namespace == nil
	}
	return t.State == ledger.Suspended || t.Bootstrap == ledger.NotBootstrapped || live.Ledger.SuspensionAdmitted
}
