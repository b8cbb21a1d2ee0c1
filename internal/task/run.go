package task

import (
	"context"
	"fmt"
	"time"

	batchv1 "k8s.io/api/batch/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/step"
)

// Advance records how every live Job of this kind ended, before it may go, and that the
// attempt is started, before its Job exists. An earlier Job that still runs is waited
// for: two never run at once.
func (t Task) Advance(ctx context.Context, v step.View) step.Outcome {
	if out := t.RecordEnds(ctx, v); !out.IsDone() {
		return out
	}
	if other := t.OtherRunning(v); other != "" {
		return step.Waiting(v1alpha1.ReasonProgressing, fmt.Sprintf("Job %s/%s of an earlier attempt still runs; the next one starts when it has ended", v.Settings.Namespace, other), 0)
	}
	if state, _ := t.State(v); state != "" {
		return step.Done("", "")
	}
	if t.Unseen(v) {
		return step.Waiting(v1alpha1.ReasonProgressing, fmt.Sprintf("a %s of %s was started a moment ago, and its Job is not seen yet", t.Kind, v.Org.Name), unseenFor)
	}
	if err := t.record(ctx, v, ledger.Run{Kind: t.Kind, Digest: t.Attempt(v), State: ledger.RunStarted}); err != nil {
		return step.Fault("recording the start of a run of "+v.Org.Name, err)
	}
	return step.Done("", "")
}

// RecordEnds records how live Jobs of this kind ended, whatever attempt they were.
func (t Task) RecordEnds(ctx context.Context, v step.View) step.Outcome {
	if err := t.recordEnds(ctx, v); err != nil {
		return step.Fault("recording a run of "+v.Org.Name, err)
	}
	return step.Done("", "")
}

func (t Task) recordEnds(ctx context.Context, v step.View) error {
	for _, job := range t.jobs(v) {
		attempt := job.Annotations[v1alpha1.AnnotationAttempt]
		known := v.Live.Ledger.Tenant.Run(t.Kind, attempt)
		state, message := Judge(job)
		if state == ledger.RunStarted || known == nil || known.State != ledger.RunStarted || job.Name != t.jobOf(v, attempt) {
			continue // it runs, or is recorded, or ran against a database that is gone
		}
		if state == ledger.RunFailed {
			message = withEnd(v, message, job.Name)
		}
		if err := t.record(ctx, v, ledger.Run{Kind: t.Kind, Digest: attempt, State: state, Message: message}); err != nil {
			return err
		}
	}
	return nil
}

// OtherRunning is the name of a Job of this kind that still runs and is not the
// attempt's; "" if there is none.
func (t Task) OtherRunning(v step.View) string {
	for _, job := range t.jobs(v) {
		if state, _ := Judge(job); state == ledger.RunStarted && job.Name != t.JobName(v) {
			return job.Name
		}
	}
	return ""
}

// unseenFor is how long the Job of a run may be missing from what was read: caches are
// behind by moments, not by minutes.
const unseenFor = 15 * time.Second

// Unseen tells whether another attempt was started just now and no Job of it is live:
// it may run all the same, so nothing else may.
func (t Task) Unseen(v step.View) bool {
	for _, run := range v.Live.Ledger.Tenant.Runs {
		recent := v.Live.Ledger.Tenant.Facts.Now.Sub(run.At) < unseenFor
		if run.Kind == t.Kind && run.State == ledger.RunStarted && run.Digest != t.Attempt(v) && recent {
			return true
		}
	}
	return false
}

// jobs of this kind that are live, in the order of their names.
func (t Task) jobs(v step.View) []*batchv1.Job {
	var jobs []*batchv1.Job
	for _, owned := range v.Live.All("Job") {
		if job, ok := owned.(*batchv1.Job); ok && job.Labels[v1alpha1.LabelComponent] == string(t.Kind) {
			jobs = append(jobs, job)
		}
	}
	return jobs
}

func (t Task) record(ctx context.Context, v step.View, run ledger.Run) error {
	if err := v.Live.Ledger.Connection.RecordRun(ctx, v.Live.Ledger.Tenant.Ref(), run); err != nil {
		return err
	}
	return Reread(ctx, v)
}

// Reread puts the ledger's answer after a write into the View.
func Reread(ctx context.Context, v step.View) error {
	after, err := v.Live.Ledger.Connection.Read(ctx, v.Settings.Identity)
	if err == nil {
		v.Live.Ledger.Tenant = after
	}
	return err
}

// State of the attempt, as the ledger knows it. What its failed Pod said is added where
// the Job's end was recorded before the Pod's was seen.
func (t Task) State(v step.View) (ledger.RunState, string) {
	run := v.Live.Ledger.Tenant.Run(t.Kind, t.Attempt(v))
	switch {
	case run == nil:
		return "", ""
	case run.State == ledger.RunFailed:
		return run.State, withEnd(v, run.Message, t.JobName(v))
	}
	return run.State, run.Message
}

// Due tells whether the attempt's Job must be there: while it runs, and as long as it
// exists, so that its pods can be looked at.
func (t Task) Due(v step.View) bool {
	state, _ := t.State(v)
	return state == ledger.RunStarted || t.Job(v) != nil
}

// Explain says in words how the attempt stands: running, or failed with the cure.
func (t Task) Explain(v step.View, failed string) step.Outcome {
	if state, message := t.State(v); state == ledger.RunFailed {
		return step.Stalled(failed, fmt.Sprintf("%s; look with: kubectl logs -n %s job/%s; when the cause is cured: kubectl annotate organisation %s --overwrite %s=<now>",
			message, v.Settings.Namespace, t.JobName(v), v.Org.Name, v1alpha1.AnnotationRetryAt))
	}
	message, after := t.Progress(v)
	return step.Waiting(v1alpha1.ReasonProgressing, message, after)
}

// steady is how long a run is nobody's concern while nothing keeps its Pod from running:
// most end sooner, and a Pod that becomes Running is not worth a write.
const steady = 30 * time.Second

// Progress says which Job runs, since when, and how its Pod stands: at once what keeps it
// from running, and its phase when the run takes longer than most. The second result is
// when to look again; 0 leaves it to watches.
func (t Task) Progress(v step.View) (string, time.Duration) {
	job := fmt.Sprintf("Job %s/%s", v.Settings.Namespace, t.JobName(v))
	run := v.Live.Ledger.Tenant.Run(t.Kind, t.Attempt(v))
	if run == nil {
		return fmt.Sprintf("%s is about to run the %s command of Release %s", job, t.Kind, v.Live.Release.Name), 0
	}
	message := fmt.Sprintf("%s runs the %s command of Release %s since %s", job, t.Kind, v.Live.Release.Name, run.At.UTC().Format(time.RFC3339))
	newest := "; no Pod of it is there"
	if all := pods(v, t.JobName(v)); len(all) > 0 {
		if trouble := Trouble(all[0]); trouble != "" {
			return fmt.Sprintf("%s; Pod %s does not: %s", message, all[0].Name, trouble), 0
		}
		newest = fmt.Sprintf("; Pod %s is %s", all[0].Name, all[0].Status.Phase)
	}
	if left := steady - v.Live.Ledger.Tenant.Facts.Now.Sub(run.At); left > 0 {
		return message, left
	}
	return message + newest, 0
}
