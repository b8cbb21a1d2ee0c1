// Package bootstrap fills an empty database, once, and replaces the password that the
// seed publishes before anybody can reach the app.
package bootstrap

import (
	"context"
	"fmt"
	"slices"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/plan"
	"github.com/glific/organisation-operator/internal/step"
	"github.com/glific/organisation-operator/internal/task"
)

// Step bootstraps.
type Step struct{}

// Name of the step.
func (*Step) Name() string { return "bootstrap" }

// Condition of the step.
func (*Step) Condition() string { return v1alpha1.AdminBootstrapped }

// Needs a complete environment.
func (*Step) Needs() []string { return []string{v1alpha1.DatabaseReady, v1alpha1.SecretsReady} }

func fill(v step.View) task.Task {
	return task.Task{Kind: ledger.RunBootstrap, Command: v.Live.Release.Spec.Commands.Bootstrap}
}

func replacePassword(v step.View) task.Task {
	admin, _ := v.AdminSecret()
	return task.Task{Kind: ledger.RunAdminPassword, Command: v.Live.Release.Spec.Commands.AdminPassword, Secrets: []string{admin.Name}}
}

// phase is how far an Organisation got.
type phase int

const (
	unknown phase = iota
	waiting
	filling
	replacing
	finished
)

func phaseOf(v step.View) phase {
	tenant := v.Live.Ledger.Tenant
	switch {
	case tenant == nil:
		return unknown
	case tenant.Bootstrap == ledger.Bootstrapped && tenant.AdminDigest != "":
		return finished
	case v.Live.Release == nil || v.Plan.Suspended:
		return waiting
	case tenant.Bootstrap == ledger.Bootstrapped:
		return replacing
	}
	return filling
}

// Act takes the phase one recorded step further.
func (s *Step) Act(ctx context.Context, v step.View) step.Outcome {
	if phaseOf(v) == filling {
		if out := s.fill(ctx, v); !out.IsDone() {
			return out
		}
	}
	if phaseOf(v) == replacing {
		return s.replace(ctx, v)
	}
	return step.Done("", "")
}

// fill records in the ledger that the database is being filled before the Job exists:
// until it is full, it is the operator's own to drop and make anew.
func (s *Step) fill(ctx context.Context, v step.View) step.Outcome {
	at, t := &v.Live.Ledger, fill(v)
	if err := s.begin(ctx, v, t); err != nil {
		return step.Fault("preparing the database of "+v.Org.Name+" for its bootstrap", err)
	}
	if out := t.Advance(ctx, v); !out.IsDone() {
		return out
	}
	if state, _ := t.State(v); state != ledger.RunSucceeded || at.Tenant.Bootstrap == ledger.Bootstrapped {
		return step.Done("", "")
	}
	if err := s.filled(ctx, v); err != nil {
		return step.Fault("recording the bootstrap of "+v.Org.Name, err)
	}
	return step.Done("", "")
}

// begin makes the database anew where an earlier attempt left it half-filled, and
// marks it as being filled.
func (s *Step) begin(ctx context.Context, v step.View, t task.Task) error {
	at := &v.Live.Ledger
	if s.interrupted(v, t) {
		keys, _ := v.Keyring()
		after, err := at.Connection.Rebuild(ctx, at.Tenant.Ref(), keys.DatabaseVerifier())
		if err != nil {
			return err
		}
		at.Tenant = after
	}
	if at.Tenant.Bootstrap != ledger.NotBootstrapped {
		return nil
	}
	if err := at.Connection.RecordBootstrap(ctx, at.Tenant.Ref(), ledger.Bootstrapping); err != nil {
		return err
	}
	return task.Reread(ctx, v)
}

// filled records the schema as migrated before it records the database as full: a
// crash in between repeats both.
func (s *Step) filled(ctx context.Context, v step.View) error {
	at, release := &v.Live.Ledger, v.Live.Release
	if len(release.Spec.Commands.Migrate) > 0 {
		run := ledger.Run{
			Kind:    ledger.RunMigration,
			Digest:  plan.RunDigest(release.Spec.Images.Backend, release.Spec.Commands.Migrate),
			State:   ledger.RunSucceeded,
			Message: "the bootstrap of this release loads its schema",
		}
		if err := at.Connection.RecordRun(ctx, at.Tenant.Ref(), run); err != nil {
			return err
		}
	}
	if err := at.Connection.RecordBootstrap(ctx, at.Tenant.Ref(), ledger.Bootstrapped); err != nil {
		return err
	}
	return task.Reread(ctx, v)
}

// interrupted tells whether an earlier attempt ended badly, or was of another image,
// and a new one is due: the half-filled database must go first. An attempt whose Job
// still runs is waited for.
func (s *Step) interrupted(v step.View, t task.Task) bool {
	if t.OtherRunning(v) != "" || t.Unseen(v) {
		return false
	}
	attempt := t.Attempt(v)
	return slices.ContainsFunc(v.Live.Ledger.Tenant.Runs, func(run ledger.Run) bool {
		return run.Kind == ledger.RunBootstrap && run.Digest != attempt
	})
}

func (s *Step) replace(ctx context.Context, v step.View) step.Outcome {
	at, t := &v.Live.Ledger, replacePassword(v)
	if out := t.Advance(ctx, v); !out.IsDone() {
		return out
	}
	if state, _ := t.State(v); state != ledger.RunSucceeded {
		return step.Done("", "")
	}
	err := at.Connection.RecordAdmin(ctx, at.Tenant.Ref(), t.Digest(v))
	if err == nil {
		err = task.Reread(ctx, v)
	}
	if err != nil {
		return step.Fault("recording the admin password of "+v.Org.Name, err)
	}
	return step.Done("", "")
}

// Render the Jobs that run, and keep those that exist, so that their pods can be
// looked at.
func (s *Step) Render(v step.View) ([]step.Applicable, error) {
	if v.Live.Ledger.Tenant == nil || v.Live.Release == nil {
		return nil, nil
	}
	var jobs []step.Applicable
	for _, t := range []task.Task{fill(v), replacePassword(v)} {
		if t.Due(v) {
			jobs = append(jobs, t.Render(v))
		}
	}
	return jobs, nil
}

// Observe tells whether the app can be shown to people.
func (s *Step) Observe(v step.View) step.Outcome {
	switch phaseOf(v) {
	case finished:
		return step.Done(v1alpha1.ReasonReady, fmt.Sprintf("database %s is filled and its published password is replaced", v.Live.Ledger.Tenant.Database))
	case filling:
		return fill(v).Explain(v, v1alpha1.ReasonBootstrapFailed)
	case replacing:
		return replacePassword(v).Explain(v, v1alpha1.ReasonAdminPasswordFailed)
	case waiting:
		if v.Plan.Suspended {
			return step.Done(v1alpha1.ReasonSuspended, "the database is filled when the Organisation runs for the first time")
		}
	}
	return step.Waiting(v1alpha1.ReasonPending, "the ledger's answer or the Release is missing", 0)
}
