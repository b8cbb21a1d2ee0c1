package task

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/plan"
	"github.com/glific/organisation-operator/internal/step"
	"github.com/glific/organisation-operator/internal/testkit/views"
)

type world = []views.Option

var (
	command   = []string{"eval", "Glific.Release.migrate()"}
	migration = Task{Kind: ledger.RunMigration, Command: command}
	// first is the run of the command without a retry.
	first = plan.RunDigest(views.BackendImage, command)
)

// again is the run for a value of retry-at.
func again(retryAt string) string { return first + "." + names.Digest(8, retryAt) }

// ran is what the ledger knows, oldest first: "started", "failed" or "succeeded", after
// the value of retry-at if there was one.
func ran(runs ...string) views.Option {
	return views.Tenant(func(t *ledger.Tenant) {
		t.Runs = nil
		for i, run := range runs {
			digest, state := first, run
			if at, after, retried := strings.Cut(run, " "); retried {
				digest, state = again(at), after
			}
			t.Runs = append(t.Runs, ledger.Run{
				Kind: ledger.RunMigration, Digest: digest, State: ledger.RunState(state), Message: "Job x " + state,
				At: views.Now.Add(time.Duration(i-len(runs)) * time.Hour),
			})
		}
	})
}

func retry(at string) views.Option { return views.Annotated(v1alpha1.AnnotationRetryAt, at) }

// What ran, what a person asks for, and which try that makes.
func TestAttempts(t *testing.T) {
	tests := map[string]struct {
		world   world
		attempt string
		state   string // "": it is still to start
	}{
		"nothing ran": {world{ran()}, first, ""},
		"nothing ran, and a retry was asked for before":     {world{ran(), retry("1")}, again("1"), ""},
		"the first try runs":                                {world{ran("started")}, first, "started"},
		"a retry does not cut off what runs":                {world{ran("started"), retry("1")}, first, "started"},
		"the first try failed":                              {world{ran("failed")}, first, "failed"},
		"a retry is another try":                            {world{ran("failed"), retry("1")}, again("1"), ""},
		"the retry runs":                                    {world{ran("failed", "1 started"), retry("1")}, again("1"), "started"},
		"retry-at removed while it runs":                    {world{ran("failed", "1 started")}, again("1"), "started"},
		"retry-at changed while it runs":                    {world{ran("failed", "1 started"), retry("2")}, again("1"), "started"},
		"the retry failed, the same value makes no new one": {world{ran("failed", "1 failed"), retry("1")}, again("1"), "failed"},
		"retry-at removed after it failed":                  {world{ran("failed", "1 failed")}, again("1"), "failed"},
		"another value is another try":                      {world{ran("failed", "1 failed"), retry("2")}, again("2"), ""},
		"a value that was used before makes no new one":     {world{ran("failed", "1 failed", "2 failed"), retry("1")}, again("1"), "failed"},
		"the first try succeeded":                           {world{ran("succeeded")}, first, "succeeded"},
		"success is never repeated":                         {world{ran("succeeded"), retry("1")}, first, "succeeded"},
		"success of a retry is not, either":                 {world{ran("failed", "1 succeeded"), retry("2")}, again("1"), "succeeded"},
		"success of a retry stays when retry-at goes":       {world{ran("failed", "1 succeeded")}, again("1"), "succeeded"},
		"what ran of another command is no try of this one": {world{views.Tenant(func(t *ledger.Tenant) {
			t.Runs = []ledger.Run{{Kind: ledger.RunMigration, Digest: plan.RunDigest(views.BackendImage, []string{"other"}), State: ledger.RunFailed}}
		})}, first, ""},
		"what ran of another kind is no try of this one": {world{views.Tenant(func(t *ledger.Tenant) {
			t.Runs = []ledger.Run{{Kind: ledger.RunBootstrap, Digest: first, State: ledger.RunFailed}}
		})}, first, ""},
	}
	for sentence, test := range tests {
		t.Run(sentence, func(t *testing.T) {
			v := views.New(t, test.world...)
			if got := migration.Attempt(v); got != test.attempt {
				t.Errorf("attempt %s, want %s", got, test.attempt)
			}
			if got, _ := migration.State(v); string(got) != test.state {
				t.Errorf("state %q, want %q", got, test.state)
			}
			if got := migration.Due(v); got != (test.state == "started") {
				t.Errorf("its Job must be there: %v", got)
			}
		})
	}
}

func TestAnotherCommandIsAnotherJob(t *testing.T) {
	base := migration.JobName(views.New(t, ran()))
	oid := func(n uint32) views.Option {
		return views.Tenant(func(t *ledger.Tenant) { t.Facts.Database.OID = n })
	}
	for sentence, other := range map[string]string{
		"another try":                  migration.JobName(views.New(t, ran("failed"), retry("1"))),
		"a database that was rebuilt":  migration.JobName(views.New(t, ran(), oid(16385))),
		"another image":                migration.JobName(views.New(t, ran(), views.ReleaseNamed("glific-9", views.FrontendImage))),
		"another command":              Task{Kind: ledger.RunMigration, Command: []string{"other"}}.JobName(views.New(t, ran())),
		"another kind of this command": Task{Kind: ledger.RunBootstrap, Command: command}.JobName(views.New(t, ran())),
	} {
		if other == base {
			t.Errorf("%s has the same Job", sentence)
		}
	}
	if other := migration.JobName(views.New(t, ran(), views.ReleaseNamed("glific-8.10.1-again", views.BackendImage))); other != base {
		t.Error("the same command of the same image is repeated, since another Release names it")
	}
	if other := migration.JobName(views.New(t, ran("failed"))); other != base {
		t.Error("the Job has another name once it failed")
	}
}

func TestJudge(t *testing.T) {
	is := func(kind batchv1.JobConditionType, status corev1.ConditionStatus) batchv1.JobCondition {
		return batchv1.JobCondition{Type: kind, Status: status, Reason: "BackoffLimitExceeded", Message: "Job has reached the specified backoff limit"}
	}
	for sentence, test := range map[string]struct {
		status  batchv1.JobStatus
		state   ledger.RunState
		message string
	}{
		"nothing is known": {batchv1.JobStatus{}, ledger.RunStarted, "Job m is running"},
		"a pod runs":       {batchv1.JobStatus{Active: 1}, ledger.RunStarted, "Job m is running"},
		"a pod failed, and the Job is not judged yet": {batchv1.JobStatus{Failed: 1}, ledger.RunStarted, "Job m is running"},
		"it will fail once its pod has ended": {batchv1.JobStatus{Conditions: []batchv1.JobCondition{is(batchv1.JobFailureTarget, corev1.ConditionTrue)}},
			ledger.RunStarted, "Job m is running"},
		"it will be complete once its pod has ended": {batchv1.JobStatus{Conditions: []batchv1.JobCondition{is(batchv1.JobSuccessCriteriaMet, corev1.ConditionTrue)}},
			ledger.RunStarted, "Job m is running"},
		"complete":         {batchv1.JobStatus{Conditions: []batchv1.JobCondition{is(batchv1.JobComplete, corev1.ConditionTrue)}}, ledger.RunSucceeded, "Job m succeeded"},
		"not complete":     {batchv1.JobStatus{Conditions: []batchv1.JobCondition{is(batchv1.JobComplete, corev1.ConditionFalse)}}, ledger.RunStarted, "Job m is running"},
		"completion alone": {batchv1.JobStatus{CompletionTime: new(metav1.NewTime(views.Now))}, ledger.RunStarted, "Job m is running"},
		"failed, with no completion time": {batchv1.JobStatus{Conditions: []batchv1.JobCondition{
			is(batchv1.JobFailureTarget, corev1.ConditionTrue), is(batchv1.JobFailed, corev1.ConditionTrue)}},
			ledger.RunFailed, "Job m failed: Job has reached the specified backoff limit (BackoffLimitExceeded)"},
	} {
		t.Run(sentence, func(t *testing.T) {
			state, message := Judge(&batchv1.Job{ObjectMeta: metav1.ObjectMeta{Name: "m"}, Status: test.status})
			if state != test.state || message != test.message {
				t.Errorf("%s, %s; want %s, %s", state, message, test.state, test.message)
			}
		})
	}
}

func TestExplain(t *testing.T) {
	v := views.New(t, ran("failed"))
	want := step.Stalled(v1alpha1.ReasonMigrationFailed, fmt.Sprintf(
		"Job x failed; look with: kubectl logs -n org-asha job/%s; when the cause is cured: kubectl annotate organisation asha --overwrite tenancy.glific.org/retry-at=<now>", migration.JobName(v)))
	if diff := cmp.Diff(want, migration.Explain(v, v1alpha1.ReasonMigrationFailed)); diff != "" {
		t.Error(diff)
	}
}

// live puts a Job of this kind beside the Organisation, as it was made for an attempt.
func live(name, attempt string, ended batchv1.JobConditionType) views.Option {
	job := &batchv1.Job{ObjectMeta: metav1.ObjectMeta{
		Name: name, Namespace: "org-asha",
		Labels:      map[string]string{v1alpha1.LabelComponent: string(ledger.RunMigration)},
		Annotations: map[string]string{v1alpha1.AnnotationAttempt: attempt},
	}}
	if ended != "" {
		job.Status.Conditions = []batchv1.JobCondition{{Type: ended, Status: corev1.ConditionTrue}}
	}
	return views.With(job)
}

// another command of this kind was started then.
func another(at time.Time) views.Option {
	return views.Tenant(func(t *ledger.Tenant) {
		t.Runs = []ledger.Run{{Kind: ledger.RunMigration, Digest: plan.RunDigest(views.FrontendImage, command), State: ledger.RunStarted, At: at}}
	})
}

func TestAdvance(t *testing.T) {
	const writes, waits, rests = "writes", "waits", "rests"
	name := func(options ...views.Option) string { return migration.JobName(views.New(t, options...)) }
	retried := name(ran("failed"), retry("1"))
	rebuilt := name(ran(), views.Tenant(func(t *ledger.Tenant) { t.Facts.Database.OID = 1 }))
	tests := map[string]struct {
		world world
		want  string
	}{
		"the start is written before the Job exists":      {world{ran()}, writes},
		"what is started is not written again":            {world{ran("started")}, rests},
		"its Job runs":                                    {world{ran("started"), live(name(ran()), first, "")}, rests},
		"its Job succeeded, which is written":             {world{ran("started"), live(name(ran()), first, batchv1.JobComplete)}, writes},
		"its Job failed, which is written":                {world{ran("started"), live(name(ran()), first, batchv1.JobFailed)}, writes},
		"what is written of its Job is not written again": {world{ran("failed"), live(name(ran()), first, batchv1.JobFailed)}, rests},
		"it failed":          {world{ran("failed")}, rests},
		"a retry is started": {world{ran("failed"), retry("1")}, writes},
		"the Job that failed does not hold the retry up":    {world{ran("failed"), retry("1"), live(name(ran()), first, batchv1.JobFailed)}, writes},
		"a Job of an earlier try runs: two never do":        {world{ran("failed"), retry("1"), live(name(ran()), first, "")}, waits},
		"a Job of a later try runs: two never do":           {world{ran("failed"), live(retried, again("1"), "")}, waits},
		"a Job that ran against a database that is gone":    {world{ran("started"), live(rebuilt, first, batchv1.JobFailed)}, rests},
		"another command was started a moment ago":          {world{another(views.Now)}, waits},
		"another command was started, and ran or never did": {world{another(views.Now.Add(-time.Minute))}, writes},
		"a Job of nobody's":                                 {world{ran("started"), live("stranger", "?", batchv1.JobFailed)}, rests},
		"what an earlier Job did is written though it runs": {world{ran("failed", "1 started"), retry("2"), live(retried, again("1"), batchv1.JobFailed)}, writes},
	}
	for sentence, test := range tests {
		t.Run(sentence, func(t *testing.T) {
			out := migration.Advance(t.Context(), views.New(t, append(test.world, views.Mute(t))...))
			got := rests
			switch {
			case out.Reason == v1alpha1.ReasonServerUnreachable:
				got = writes
			case !out.IsDone():
				got = waits
			}
			if got != test.want {
				t.Errorf("it %s, want %s: %+v", got, test.want, out)
			}
		})
	}
}
