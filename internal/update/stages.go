package update

import (
	"fmt"
	"slices"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// preflight waits for what comes by itself, and gives the slot back for the rest.
func (d *decider) preflight() {
	what := *d.Preflight
	elapsed := d.watch(v1alpha1.StagePreflight, what.Message)
	d.Update.Reason = what.Reason
	if !what.Passing || elapsed >= d.Limits.Converge {
		d.decline(what.Reason, what.Message)
	}
}

// backUp makes the dump without which nothing is migrated.
func (d *decider) backUp() {
	if d.Backup == BackupMissing {
		d.decline(v1alpha1.ReasonBackupMissing, fmt.Sprintf(
			"Release %s has migrations and there is no dump to go back to; a person may accept that in ReleaseChannel %s: spec.backup: Accepted", d.Last.Release, d.Last.Channel))
		return
	}
	d.watch(v1alpha1.StageBackingUp, "the dump before migrations is being made")
	if d.Backup == BackupDue {
		d.Action = BackUp
	}
}

// migrate has no deadline of its own: the Job has.
func (d *decider) migrate() {
	if d.Migration.State == MigrationFailed {
		d.Target = d.Last.Aimed
		d.finish(v1alpha1.OutcomeMigrationFailed, d.Migration.Message)
		return
	}
	d.watch(v1alpha1.StageMigrating, d.Migration.Message)
	if d.Migration.State == MigrationDue {
		d.Action = Migrate
	}
}

func (d *decider) deploy() {
	elapsed := d.watch(v1alpha1.StageDeploying, d.Pods.Message)
	switch {
	case !d.Pods.Asked:
		d.Action = Deploy
	case d.Pods.Exceeded || elapsed >= d.Limits.Appear:
		d.fail(v1alpha1.OutcomeNeverHealthy, fmt.Sprintf("no pod of Release %s appeared within %s: %s", d.Last.Release, d.Limits.Appear, d.Pods.Message))
	}
}

func (d *decider) converge() {
	elapsed := d.watch(v1alpha1.StageConverging, d.Pods.Message)
	if d.Pods.Exceeded || elapsed >= d.Limits.Converge {
		d.fail(v1alpha1.OutcomeNeverHealthy, fmt.Sprintf("pods of Release %s did not all become ready within %s: %s", d.Last.Release, d.Limits.Converge, d.Pods.Message))
	}
}

// hold forgives looks that find it unhealthy, as long as they are not too many in a row.
func (d *decider) hold() {
	elapsed := d.watch(v1alpha1.StageHolding, fmt.Sprintf("Release %s must stay healthy for %s", d.Last.Release, d.Limits.Verify))
	if !d.Pods.Converged {
		d.strike(d.Pods.Message)
		return
	}
	d.Update.Strikes = 0
	if elapsed >= d.Limits.Verify {
		d.watch(v1alpha1.StageProbing, "it held; now it is asked as its users ask")
		d.Action = Probe
	}
}

func (d *decider) probe() {
	d.watch(v1alpha1.StageProbing, d.Probes.Message)
	switch {
	case !d.Pods.Converged:
		d.strike(d.Pods.Message)
	case d.Probes.State == ProbesFailed:
		d.Action = Probe
		d.strike(d.Probes.Message)
	case d.Probes.State == ProbesUnknown:
		d.Action = Probe
	default:
		d.finish(v1alpha1.OutcomeVerified, d.verified())
	}
}

// verified says also what could not be asked: an outcome is never better than the facts.
func (d *decider) verified() string {
	message := fmt.Sprintf("Release %s is verified", d.Last.Release)
	if d.Probes.Message != "" {
		message += "; " + d.Probes.Message
	}
	return message
}

// strike counts a look that found it unhealthy.
func (d *decider) strike(what string) {
	d.Update.Strikes++
	d.explain(string(v1alpha1.OutcomeUnhealthy), fmt.Sprintf("%d of %d looks in a row: %s", d.Update.Strikes, d.Limits.Strikes, what))
	if d.Update.Strikes >= d.Limits.Strikes {
		d.fail(v1alpha1.OutcomeUnhealthy, fmt.Sprintf("Release %s became ready and did not stay healthy: %s", d.Last.Release, what))
	}
}

// fail ends an update, or brings the old release back where that is wanted and can be.
func (d *decider) fail(outcome v1alpha1.UpdateOutcome, message string) {
	switch {
	case d.OnFailure != v1alpha1.FailureRollback || d.Last.From == "" || d.Last.From == d.Last.Release:
		d.finish(outcome, message)
	case !d.Reversible:
		d.finish(v1alpha1.OutcomeRollbackBlocked, fmt.Sprintf(
			"%s; the schema changed and Release %s does not list %s in spec.compatibleFrom, so it was not rolled back", message, d.Last.Release, d.Last.From))
	default:
		d.stage(v1alpha1.StageRollingBack)
		d.Action, d.After, d.Target = Answer, soon, d.Last.From
		d.Update.Outcome = outcome
		d.explain(string(outcome), message+"; Release "+d.Last.From+" is brought back")
	}
}

// rollBack happens once. Pods are now those of the release that served before; if they
// do not come back either, a person must look.
func (d *decider) rollBack() {
	cause := d.Last.Outcome
	elapsed := d.watch(v1alpha1.StageRollingBack, d.Last.Message)
	d.Update.Reason = string(cause)
	switch {
	case !d.Pods.Asked:
		d.Action = Deploy
	case d.Pods.Converged:
		message := fmt.Sprintf("Release %s serves again; Release %s was %s", d.Last.From, d.Last.Release, cause)
		if d.Last.Message != "" { // what was seen of it
			message += ": " + d.Last.Message
		}
		d.finish(v1alpha1.OutcomeRolledBack, message)
	case d.Pods.Exceeded || elapsed >= d.Limits.Appear+d.Limits.Converge:
		d.finish(cause, fmt.Sprintf("Release %s was %s, and Release %s, brought back, did not become ready either: %s", d.Last.Release, cause, d.Last.From, d.Pods.Message))
	}
}

// Failed tells whether an update ended in a way that a person must look at: it counts
// against the channel's maxFailures.
func Failed(last *v1alpha1.UpdateStatus) bool {
	if last == nil {
		return false
	}
	switch last.Answer {
	case v1alpha1.SlotFinished:
		return last.Outcome != v1alpha1.OutcomeVerified && last.Outcome != v1alpha1.OutcomeSuperseded
	case v1alpha1.SlotDeclined:
		return !slices.Contains(harmless, last.Reason)
	}
	return false
}

// harmless are the reasons for which an Organisation declines without anything being
// wrong with the release or with it.
var harmless = []string{
	v1alpha1.ReasonPaused, v1alpha1.ReasonHeld, v1alpha1.ReasonFrozen, v1alpha1.ReasonSuspended,
	v1alpha1.ReasonPinned, v1alpha1.ReasonSkipping, v1alpha1.ReasonWaitingForWindow, v1alpha1.ReasonServerDisturbed, v1alpha1.ReasonDeleting, string(v1alpha1.OutcomeSuperseded),
}
