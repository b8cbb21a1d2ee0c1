package update

import (
	"fmt"
	"slices"
	"time"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/stopwatch"
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
	switch { // what cannot even be asked for has no more time than what was
	case d.Pods.Asked && d.Pods.Exceeded || elapsed >= d.Limits.Appear:
		d.fail(v1alpha1.OutcomeNeverHealthy, fmt.Sprintf("no pod of Release %s appeared within %s: %s", d.Last.Release, d.Limits.Appear, d.Pods.Message))
	case !d.Pods.Asked:
		d.Action = Deploy
	}
}

func (d *decider) converge() {
	elapsed := d.watch(v1alpha1.StageConverging, d.Pods.Message)
	if d.Pods.Entering { // what is left of the time is for new pods, should they be needed
		d.Update.Watch.ElapsedSeconds = 0
		return
	}
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
	d.Update.Strikes, d.Update.StruckAt = 0, nil
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
	if d.struck(what) {
		d.fail(v1alpha1.OutcomeUnhealthy, fmt.Sprintf("Release %s became ready and did not stay healthy: %s", d.Last.Release, what))
	}
}

// struck counts a strike, and tells whether there were enough. Passes come whenever
// anything changes: those within one poll see the same trouble, and are one look.
func (d *decider) struck(what string) bool {
	if since := d.sinceStrike(); since < 0 || since >= d.Limits.Poll {
		d.Update.Strikes, d.Update.StruckAt = d.Update.Strikes+1, &stopwatch.Start(d.Now).SeenAt
	}
	d.explain(string(v1alpha1.OutcomeUnhealthy), fmt.Sprintf("%d of %d looks in a row: %s", d.Update.Strikes, d.Limits.Strikes, what))
	return d.Update.Strikes >= d.Limits.Strikes
}

// sinceStrike is the time since the last one; negative if there was none, or the clock
// went back.
func (d *decider) sinceStrike() time.Duration {
	if d.Update.StruckAt == nil {
		return -1
	}
	return d.Now.Truncate(time.Second).Sub(d.Update.StruckAt.Time)
}

// fail ends an update, or brings the old release back where that is wanted and can be.
func (d *decider) fail(outcome v1alpha1.UpdateOutcome, message string) {
	back := d.Back()
	switch {
	case !d.wantsBack(outcome) || back == "":
		d.finish(outcome, message)
	case !d.Reversible:
		d.finish(v1alpha1.OutcomeRollbackBlocked, fmt.Sprintf(
			"%s; the schema changed since Release %s was verified and nothing lists it in spec.compatibleFrom, so it was not brought back", message, back))
	default:
		d.stage(v1alpha1.StageRollingBack)
		d.Action, d.After, d.Target = Answer, soon, back
		d.Update.Outcome = outcome
		d.explain(string(outcome), message+"; Release "+back+" is brought back")
	}
}

// wantsBack: the channel says so, or nothing at all would serve until a person comes.
func (d *decider) wantsBack(outcome v1alpha1.UpdateOutcome) bool {
	return d.OnFailure == v1alpha1.FailureRollback || d.Alone && outcome == v1alpha1.OutcomeNeverHealthy
}

// rollBack happens once. What is aimed at now is the release that was proved last; it is
// asked as its users ask before it is said to serve. If it fails either, a person must
// look.
func (d *decider) rollBack() {
	cause, told := d.Last.Outcome, d.Last.Message
	elapsed := d.watch(v1alpha1.StageRollingBack, told)
	d.Update.Reason = string(cause)
	switch {
	case d.Pods.Asked && d.Pods.Converged && d.Probes.State == ProbesPassed:
		d.finish(v1alpha1.OutcomeRolledBack, d.broughtBack(told))
	case d.Pods.Asked && d.Pods.Exceeded || elapsed >= d.Limits.Appear+d.Limits.Converge:
		d.giveUp("did not become ready either: " + d.Pods.Message)
	case !d.Pods.Asked:
		d.Action = Deploy
	case d.Pods.Converged:
		d.Action = Probe
		if d.Probes.State == ProbesFailed && d.struck(d.Probes.Message) {
			d.giveUp("does not answer its users either: " + d.Probes.Message)
			return
		}
		d.explain(string(cause), told)
	}
}

func (d *decider) broughtBack(told string) string {
	message := fmt.Sprintf("Release %s serves again; Release %s was %s", d.Aimed, d.Last.Release, d.Last.Outcome)
	if told != "" { // what was seen of it
		message += ": " + told
	}
	return message
}

// giveUp ends a rollback that failed as well.
func (d *decider) giveUp(what string) {
	d.finish(d.Last.Outcome, fmt.Sprintf("Release %s was %s, and Release %s, brought back, %s", d.Last.Release, d.Last.Outcome, d.Aimed, what))
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
