// Package migration brings the schema to the target release, in a Job with the new
// image, before any pod of that release starts. What serves goes on meanwhile.
package migration

import (
	"context"
	"fmt"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/plan"
	"github.com/glific/organisation-operator/internal/step"
	"github.com/glific/organisation-operator/internal/task"
	"github.com/glific/organisation-operator/internal/update"
)

// Step migrates.
type Step struct{}

// Name of the step.
func (*Step) Name() string { return "migration" }

// Condition of the step.
func (*Step) Condition() string { return v1alpha1.Migrated }

// Needs a filled database and a complete environment.
func (*Step) Needs() []string { return []string{v1alpha1.AdminBootstrapped, v1alpha1.SecretsReady} }

func migrate(v step.View) task.Task {
	return task.Task{Kind: ledger.RunMigration, Command: v.Live.Release.Spec.Commands.Migrate}
}

// idle tells whether there is nothing to migrate now: nothing to migrate to, the
// schema is there already, or nothing may run.
func idle(v step.View) bool {
	return v.Live.Release == nil || v.Live.Ledger.Tenant == nil || plan.Migrated(v.Live.Ledger.Tenant, v.Live.Release) || v.Plan.Suspended || !v.MayMigrate()
}

// Act records the start before the Job exists, and the outcome before it may go.
func (*Step) Act(ctx context.Context, v step.View) step.Outcome {
	if v.Live.Release == nil || v.Live.Ledger.Tenant == nil {
		return step.Done("", "")
	}
	if out := migrate(v).RecordEnds(ctx, v); !out.IsDone() || idle(v) {
		return out
	}
	return migrate(v).Advance(ctx, v)
}

// Render the Job while it runs, and keep it as long as it exists.
func (*Step) Render(v step.View) ([]step.Applicable, error) {
	if v.Live.Release == nil || v.Live.Ledger.Tenant == nil || len(v.Live.Release.Spec.Commands.Migrate) == 0 {
		return nil, nil
	}
	if m := migrate(v); m.Due(v) {
		return []step.Applicable{m.Render(v)}, nil
	}
	return nil, nil
}

// Observe tells whether the schema is that of the target release.
func (*Step) Observe(v step.View) step.Outcome {
	tenant, release := v.Live.Ledger.Tenant, v.Live.Release
	switch {
	case tenant == nil || release == nil:
		return step.Waiting(v1alpha1.ReasonPending, "the ledger's answer or the Release is missing", 0)
	case plan.Migrated(tenant, release):
		return step.Done(v1alpha1.ReasonReady, fmt.Sprintf("the schema is that of Release %s", release.Name))
	case v.Plan.Suspended:
		return step.Done(v1alpha1.ReasonSuspended, "the schema is migrated when the Organisation resumes")
	}
	return migrate(v).Explain(v, v1alpha1.ReasonMigrationFailed)
}

// Stand is how the schema stands for the target release, for the update that waits for it.
func Stand(v step.View) update.Migration {
	tenant, release := v.Live.Ledger.Tenant, v.Live.Release
	if tenant == nil || release == nil {
		return update.Migration{State: update.MigrationDue, Message: "the ledger's answer or the Release is missing"}
	}
	if plan.Migrated(tenant, release) {
		return update.Migration{}
	}
	switch state, _ := migrate(v).State(v); state {
	case ledger.RunFailed: // with where to look and what to do, since nothing else will tell
		return update.Migration{State: update.MigrationFailed, Message: migrate(v).Explain(v, v1alpha1.ReasonMigrationFailed).Message}
	case ledger.RunStarted:
		progress, _ := migrate(v).Progress(v)
		return update.Migration{State: update.MigrationRunning, Message: progress}
	}
	return update.Migration{State: update.MigrationDue, Message: "the migration of Release " + release.Name + " is about to start"}
}
