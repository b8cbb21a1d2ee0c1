package migration

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
	"github.com/glific/organisation-operator/internal/testkit/golden"
	"github.com/glific/organisation-operator/internal/testkit/views"
	"github.com/glific/organisation-operator/internal/update"
)

type world = []views.Option

// digest of the migration of the ordinary Release.
var digest = plan.RunDigest(views.BackendImage, []string{"eval", "Glific.Release.migrate()"})

// ran leaves a filled database in which the migration stands like this.
func ran(state ledger.RunState) views.Option {
	return views.Tenant(func(t *ledger.Tenant) {
		t.Runs = []ledger.Run{{Kind: ledger.RunMigration, Digest: digest, State: state, Message: "Job x " + string(state), At: views.Now.Add(-time.Hour)}}
	})
}

func live(ended batchv1.JobConditionType) views.Option {
	job := &batchv1.Job{ObjectMeta: metav1.ObjectMeta{
		Name: names.Job("migration", digest, "16384"), Namespace: "org-asha",
		Labels:      map[string]string{v1alpha1.LabelComponent: "migration", v1alpha1.LabelStep: "migration"},
		Annotations: map[string]string{v1alpha1.AnnotationAttempt: digest},
	}}
	if ended != "" {
		job.Status.Conditions = []batchv1.JobCondition{{Type: ended, Status: corev1.ConditionTrue}}
	}
	return views.With(job)
}

func retry(value string) views.Option { return views.Annotated(v1alpha1.AnnotationRetryAt, value) }

func nothingToMigrate() views.Option {
	return views.ReleaseSpec(func(r *v1alpha1.ReleaseSpec) { r.Commands.Migrate = nil })
}

func TestObserve(t *testing.T) {
	first, second := names.Job("migration", digest, "16384"), names.Job("migration", digest+"."+names.Digest(8, "1"), "16384")
	running := func(job string) step.Outcome {
		return step.Waiting("Progressing", fmt.Sprintf("Job org-asha/%s runs the migration command of Release glific-8.10.1 since 2026-11-24T09:00:00Z; no Pod of it is there", job), 0)
	}
	starts := func(job string) step.Outcome {
		return step.Waiting("Progressing", fmt.Sprintf("Job org-asha/%s is about to run the migration command of Release glific-8.10.1", job), 0)
	}
	migrated := step.Done("Ready", "the schema is that of Release glific-8.10.1")
	missing := step.Waiting("Pending", "the ledger's answer or the Release is missing", 0)
	tests := map[string]struct {
		world world
		want  step.Outcome
	}{
		"migrated":                             {nil, migrated},
		"nothing to migrate":                   {world{views.NotMigrated(), nothingToMigrate()}, migrated},
		"nothing was started":                  {world{views.NotMigrated()}, starts(first)},
		"it runs":                              {world{ran(ledger.RunStarted)}, running(first)},
		"it failed":                            {world{ran(ledger.RunFailed)}, step.Stalled("MigrationFailed", "Job x failed; look with: kubectl logs -n org-asha job/"+first+"; when the cause is cured: kubectl annotate organisation asha --overwrite tenancy.glific.org/retry-at=<now>")},
		"a retry is to come":                   {world{ran(ledger.RunFailed), retry("1")}, starts(second)},
		"success is not taken back by a retry": {world{ran(ledger.RunSucceeded), retry("1")}, migrated},
		"suspended, and behind":                {world{views.Suspended(), views.NotMigrated()}, step.Done("Suspended", "the schema is migrated when the Organisation resumes")},
		"suspended after it failed":            {world{views.Suspended(), ran(ledger.RunFailed)}, step.Done("Suspended", "the schema is migrated when the Organisation resumes")},
		"suspended, and migrated":              {world{views.Suspended()}, migrated},
		"the Release is gone":                  {world{views.WithoutRelease()}, missing},
		"the server cannot be asked":           {world{views.ServerUnreachable()}, missing},
		"there is no row":                      {world{views.Unclaimed()}, missing},
	}
	for sentence, test := range tests {
		t.Run(sentence, func(t *testing.T) {
			if diff := cmp.Diff(test.want, (&Step{}).Observe(views.New(t, test.world...))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRender(t *testing.T) {
	objects := views.Render(t, views.New(t, ran(ledger.RunStarted)), &Step{})
	if len(objects) != 1 {
		t.Fatalf("%d objects", len(objects))
	}
	golden.AssertYAML(t, "testdata/migrating.yaml", objects[0])
}

func TestWhenTheJobIsThere(t *testing.T) {
	for sentence, test := range map[string]struct {
		world world
		want  bool
	}{
		"before the start is recorded":                  {world{views.NotMigrated()}, false},
		"while it runs":                                 {world{ran(ledger.RunStarted)}, true},
		"after it failed, so that its pods can be seen": {world{ran(ledger.RunFailed), live(batchv1.JobFailed)}, true},
		"after it failed, and somebody deleted it":      {world{ran(ledger.RunFailed)}, false},
		"after it succeeded, as long as it exists":      {world{ran(ledger.RunSucceeded), live(batchv1.JobComplete)}, true},
		"after it succeeded, and it is gone":            {world{ran(ledger.RunSucceeded)}, false},
		"not the first one's, during a retry":           {world{ran(ledger.RunFailed), retry("1"), live(batchv1.JobFailed)}, false},
		"not another release's":                         {world{views.ReleaseNamed("glific-9", views.FrontendImage), live(batchv1.JobComplete)}, false},
		"what runs goes on though suspended":            {world{views.Suspended(), ran(ledger.RunStarted)}, true},
		"nothing to migrate":                            {world{nothingToMigrate()}, false},
		"the Release is gone":                           {world{views.WithoutRelease()}, false},
		"the server cannot be asked":                    {world{views.ServerUnreachable()}, false},
	} {
		t.Run(sentence, func(t *testing.T) {
			if got := len(views.Render(t, views.New(t, test.world...), &Step{})) == 1; got != test.want {
				t.Errorf("it is there: %v", got)
			}
		})
	}
}

func TestWhatIsRecorded(t *testing.T) {
	for sentence, test := range map[string]struct {
		world  world
		writes bool
	}{
		"nothing once it is migrated":                   {nil, false},
		"nothing where there is nothing to migrate":     {world{views.NotMigrated(), nothingToMigrate()}, false},
		"the start, before the Job exists":              {world{views.NotMigrated()}, true},
		"nothing while it runs":                         {world{ran(ledger.RunStarted), live("")}, false},
		"its success":                                   {world{ran(ledger.RunStarted), live(batchv1.JobComplete)}, true},
		"its failure":                                   {world{ran(ledger.RunStarted), live(batchv1.JobFailed)}, true},
		"its failure, though suspended meanwhile":       {world{views.Suspended(), ran(ledger.RunStarted), live(batchv1.JobFailed)}, true},
		"nothing after it failed":                       {world{ran(ledger.RunFailed), live(batchv1.JobFailed)}, false},
		"the start of a retry":                          {world{ran(ledger.RunFailed), retry("1")}, true},
		"nothing of a suspended Organisation":           {world{views.Suspended(), views.NotMigrated()}, false},
		"nothing without the Release":                   {world{views.WithoutRelease()}, false},
		"its end, though the target is another release": {world{ran(ledger.RunStarted), live(batchv1.JobComplete), views.ReleaseSpec(func(r *v1alpha1.ReleaseSpec) { r.Commands.Migrate = []string{"another"} })}, true},
	} {
		t.Run(sentence, func(t *testing.T) {
			out := (&Step{}).Act(t.Context(), views.New(t, append(test.world, views.Mute(t))...))
			if writes := out.Reason == v1alpha1.ReasonServerUnreachable; writes != test.writes || out.IsDone() == test.writes {
				t.Errorf("got %+v", out)
			}
		})
	}
}

func TestStand(t *testing.T) {
	for sentence, test := range map[string]struct {
		world world
		want  update.MigrationState
		says  string
	}{
		"the schema is that of the release":    {nil, update.MigrationDone, ""},
		"there is nothing to migrate":          {world{views.NotMigrated(), nothingToMigrate()}, update.MigrationDone, ""},
		"nothing was started":                  {world{views.NotMigrated()}, update.MigrationDue, "about to start"},
		"it runs":                              {world{ran(ledger.RunStarted)}, update.MigrationRunning, "Release glific-8.10.1"},
		"it failed":                            {world{ran(ledger.RunFailed)}, update.MigrationFailed, "kubectl logs"},
		"it failed, and a retry is asked for":  {world{ran(ledger.RunFailed), retry("1")}, update.MigrationDue, "about to start"},
		"success is not taken back by a retry": {world{ran(ledger.RunSucceeded), retry("1")}, update.MigrationDone, ""},
		"the server cannot be asked":           {world{views.ServerUnreachable()}, update.MigrationDue, "the ledger's answer"},
		"the Release is gone":                  {world{views.WithoutRelease()}, update.MigrationDue, "the ledger's answer or the Release"},
		"another command of the same image is to run": {
			world{ran(ledger.RunSucceeded), views.NotMigrated(), views.ReleaseSpec(func(r *v1alpha1.ReleaseSpec) { r.Commands.Migrate = []string{"another"} })}, update.MigrationDue, "about to start",
		},
	} {
		t.Run(sentence, func(t *testing.T) {
			got := Stand(views.New(t, test.world...))
			if got.State != test.want || !strings.Contains(got.Message, test.says) {
				t.Errorf("%+v, want %d, saying %q", got, test.want, test.says)
			}
		})
	}
}
