package bootstrap

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	batchv1ac "k8s.io/client-go/applyconfigurations/batch/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/plan"
	"github.com/glific/organisation-operator/internal/step"
	"github.com/glific/organisation-operator/internal/task"
	"github.com/glific/organisation-operator/internal/testkit/golden"
	"github.com/glific/organisation-operator/internal/testkit/views"
)

type world = []views.Option

// digests of what the ordinary Release runs.
var (
	filled   = plan.RunDigest(views.BackendImage, []string{"eval", "Glific.Release.bootstrap()"})
	replaced = plan.RunDigest(views.BackendImage, []string{"eval", "Glific.Release.set_admin_password()"})
	other    = plan.RunDigest(views.FrontendImage, []string{"eval", "Glific.Release.bootstrap()"})
)

// at is how far the filling of a database got, and what ran in it, oldest first.
func at(state ledger.BootstrapState, runs ...ledger.Run) views.Option {
	return views.Tenant(func(t *ledger.Tenant) {
		t.Bootstrap, t.AdminDigest, t.AdminAt, t.Runs = state, "", nil, runs
	})
}

func ran(kind ledger.RunKind, digest string, state ledger.RunState) ledger.Run {
	return ledger.Run{Kind: kind, Digest: digest, State: state, Message: "Job x " + string(state), At: views.Now.Add(-time.Hour)}
}

func fillRun(state ledger.RunState) ledger.Run {
	return ran(ledger.RunBootstrap, filled, state)
}

func passwordRun(state ledger.RunState) ledger.Run {
	return ran(ledger.RunAdminPassword, replaced, state)
}

func retry(value string) views.Option { return views.Annotated(v1alpha1.AnnotationRetryAt, value) }

// live puts a Job beside the Organisation, as the step made it.
func live(kind ledger.RunKind, attempt string, ended batchv1.JobConditionType) views.Option {
	job := &batchv1.Job{ObjectMeta: metav1.ObjectMeta{
		Name: names.Job(string(kind), attempt, "16384"), Namespace: "org-asha",
		Labels:      map[string]string{v1alpha1.LabelComponent: string(kind), v1alpha1.LabelStep: "bootstrap"},
		Annotations: map[string]string{v1alpha1.AnnotationAttempt: attempt},
	}}
	if ended != "" {
		job.Status.Conditions = []batchv1.JobCondition{{Type: ended, Status: corev1.ConditionTrue}}
	}
	return views.With(job)
}

func TestObserve(t *testing.T) {
	jobName := func(kind ledger.RunKind, attempt string) string { return names.Job(string(kind), attempt, "16384") }
	failed := func(reason string, kind ledger.RunKind, attempt string) step.Outcome {
		return step.Stalled(reason, fmt.Sprintf("Job x failed; look with: kubectl logs -n org-asha job/%s; when the cause is cured: kubectl annotate organisation asha --overwrite tenancy.glific.org/retry-at=<now>", jobName(kind, attempt)))
	}
	runs := func(kind ledger.RunKind, attempt string) step.Outcome {
		return step.Waiting("Progressing", fmt.Sprintf("Job org-asha/%s runs the %s command of Release glific-8.10.1 since 2026-11-24T09:00:00Z; no Pod of it is there", jobName(kind, attempt), kind), 0)
	}
	starts := func(kind ledger.RunKind, attempt string) step.Outcome {
		return step.Waiting("Progressing", fmt.Sprintf("Job org-asha/%s is about to run the %s command of Release glific-8.10.1", jobName(kind, attempt), kind), 0)
	}
	again := filled + "." + names.Digest(8, "1")
	finished := step.Done("Ready", "database asha-780dcec0-1 is filled and its published password is replaced")
	later := step.Done("Suspended", "the database is filled when the Organisation runs for the first time")
	missing := step.Waiting("Pending", "the ledger's answer or the Release is missing", 0)
	tests := map[string]struct {
		world world
		want  step.Outcome
	}{
		"filled and replaced":                    {nil, finished},
		"filled and replaced by another release": {world{views.ReleaseNamed("glific-9", views.FrontendImage)}, finished},
		"filled, though the Release is gone":     {world{views.WithoutRelease()}, finished},
		"nothing was started":                    {world{at(ledger.NotBootstrapped)}, starts(ledger.RunBootstrap, filled)},
		"it is being filled":                     {world{at(ledger.Bootstrapping, fillRun(ledger.RunStarted))}, runs(ledger.RunBootstrap, filled)},
		"filling it failed":                      {world{at(ledger.Bootstrapping, fillRun(ledger.RunFailed))}, failed("BootstrapFailed", ledger.RunBootstrap, filled)},
		"a retry is to come":                     {world{at(ledger.Bootstrapping, fillRun(ledger.RunFailed)), retry("1")}, starts(ledger.RunBootstrap, again)},
		"it is filled, the password to replace":  {world{at(ledger.Bootstrapped, fillRun(ledger.RunSucceeded))}, starts(ledger.RunAdminPassword, replaced)},
		"the password is being replaced":         {world{at(ledger.Bootstrapped, passwordRun(ledger.RunStarted))}, runs(ledger.RunAdminPassword, replaced)},
		"replacing it failed":                    {world{at(ledger.Bootstrapped, passwordRun(ledger.RunFailed))}, failed("AdminPasswordFailed", ledger.RunAdminPassword, replaced)},
		"suspended from birth":                   {world{views.Suspended(), at(ledger.NotBootstrapped)}, later},
		"suspended before the password":          {world{views.Suspended(), at(ledger.Bootstrapped)}, later},
		"suspended later":                        {world{views.Suspended()}, finished},
		"to fill, and the Release is gone":       {world{views.WithoutRelease(), at(ledger.NotBootstrapped)}, missing},
		"the server cannot be asked":             {world{views.ServerUnreachable()}, missing},
		"there is no row":                        {world{views.Unclaimed()}, missing},
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
	for name, options := range map[string]world{
		"filling":   {at(ledger.Bootstrapping, fillRun(ledger.RunStarted))},
		"replacing": {at(ledger.Bootstrapped, fillRun(ledger.RunSucceeded), passwordRun(ledger.RunStarted))},
	} {
		t.Run(name, func(t *testing.T) {
			var values []any
			for _, object := range views.Render(t, views.New(t, options...), &Step{}) {
				values = append(values, object)
			}
			golden.AssertYAML(t, "testdata/"+name+".yaml", values...)
		})
	}
}

func TestWhichJobsAreThere(t *testing.T) {
	const fill, password = "bootstrap", "admin-password"
	suspended := views.Suspended()
	for sentence, test := range map[string]struct {
		world world
		want  []string
	}{
		"before the start is recorded, none":              {world{at(ledger.Bootstrapping)}, nil},
		"while it is being filled":                        {world{at(ledger.Bootstrapping, fillRun(ledger.RunStarted))}, []string{fill}},
		"after it failed, so that its pods can be seen":   {world{at(ledger.Bootstrapping, fillRun(ledger.RunFailed)), live(ledger.RunBootstrap, filled, batchv1.JobFailed)}, []string{fill}},
		"after it failed, and somebody deleted it, none":  {world{at(ledger.Bootstrapping, fillRun(ledger.RunFailed))}, nil},
		"while the password is replaced":                  {world{at(ledger.Bootstrapped, fillRun(ledger.RunSucceeded), passwordRun(ledger.RunStarted)), live(ledger.RunBootstrap, filled, batchv1.JobComplete)}, []string{fill, password}},
		"at rest, both stay as long as they exist":        {world{live(ledger.RunBootstrap, filled, batchv1.JobComplete), live(ledger.RunAdminPassword, replaced, batchv1.JobComplete)}, []string{fill, password}},
		"at rest, none is made anew":                      {nil, nil},
		"another release does not keep the first one's":   {world{live(ledger.RunBootstrap, other, batchv1.JobComplete)}, nil},
		"suspended from birth, none":                      {world{suspended, at(ledger.NotBootstrapped)}, nil},
		"suspended half-way, what runs goes on":           {world{suspended, at(ledger.Bootstrapping, fillRun(ledger.RunStarted))}, []string{fill}},
		"the server cannot be asked, so nothing is known": {world{views.ServerUnreachable()}, nil},
		"the Release is gone":                             {world{views.WithoutRelease()}, nil},
	} {
		t.Run(sentence, func(t *testing.T) {
			var got []string
			for _, object := range views.Render(t, views.New(t, test.world...), &Step{}) {
				got = append(got, object.(*batchv1ac.JobApplyConfiguration).Labels[v1alpha1.LabelComponent])
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A half-filled database goes before another attempt begins, and never otherwise.
func TestInterrupted(t *testing.T) {
	just := fillRun(ledger.RunStarted)
	just.Digest, just.At = other, views.Now
	for sentence, test := range map[string]struct {
		world world
		want  bool
	}{
		"nothing ran":                                {world{at(ledger.NotBootstrapped)}, false},
		"this attempt runs":                          {world{at(ledger.Bootstrapping, fillRun(ledger.RunStarted))}, false},
		"this attempt failed":                        {world{at(ledger.Bootstrapping, fillRun(ledger.RunFailed))}, false},
		"a retry after it failed":                    {world{at(ledger.Bootstrapping, fillRun(ledger.RunFailed)), retry("1")}, true},
		"another image failed":                       {world{at(ledger.Bootstrapping, ran(ledger.RunBootstrap, other, ledger.RunFailed))}, true},
		"another image was started, and is not seen": {world{at(ledger.Bootstrapping, ran(ledger.RunBootstrap, other, ledger.RunStarted))}, true},
		"another image was started a moment ago":     {world{at(ledger.Bootstrapping, just)}, false},
		"another image's Job still runs":             {world{at(ledger.Bootstrapping, ran(ledger.RunBootstrap, other, ledger.RunStarted)), live(ledger.RunBootstrap, other, "")}, false},
		"a migration of another image failed":        {world{at(ledger.Bootstrapping, ran(ledger.RunMigration, other, ledger.RunFailed))}, false},
	} {
		t.Run(sentence, func(t *testing.T) {
			v := views.New(t, test.world...)
			if got := (&Step{}).interrupted(v, fill(v)); got != test.want {
				t.Errorf("interrupted: %v", got)
			}
		})
	}
}

func TestWhatIsRecorded(t *testing.T) {
	const writes, waits, rests = "writes", "waits", "rests"
	for sentence, test := range map[string]struct {
		world world
		want  string
	}{
		"all is done": {nil, rests},
		"that it is being filled, before the Job exists": {world{at(ledger.NotBootstrapped)}, writes},
		"the start":                                       {world{at(ledger.Bootstrapping)}, writes},
		"nothing while it runs":                           {world{at(ledger.Bootstrapping, fillRun(ledger.RunStarted)), live(ledger.RunBootstrap, filled, "")}, rests},
		"its end":                                         {world{at(ledger.Bootstrapping, fillRun(ledger.RunStarted)), live(ledger.RunBootstrap, filled, batchv1.JobComplete)}, writes},
		"nothing after it failed":                         {world{at(ledger.Bootstrapping, fillRun(ledger.RunFailed))}, rests},
		"that it is full":                                 {world{at(ledger.Bootstrapping, fillRun(ledger.RunSucceeded))}, writes},
		"a rebuild before a retry":                        {world{at(ledger.Bootstrapping, fillRun(ledger.RunFailed)), retry("1")}, writes},
		"nothing while another image's Job runs":          {world{at(ledger.Bootstrapping, ran(ledger.RunBootstrap, other, ledger.RunStarted)), live(ledger.RunBootstrap, other, "")}, waits},
		"the start of replacing the password":             {world{at(ledger.Bootstrapped, fillRun(ledger.RunSucceeded))}, writes},
		"nothing while that runs":                         {world{at(ledger.Bootstrapped, passwordRun(ledger.RunStarted)), live(ledger.RunAdminPassword, replaced, "")}, rests},
		"nothing after that failed":                       {world{at(ledger.Bootstrapped, passwordRun(ledger.RunFailed))}, rests},
		"that it is replaced":                             {world{at(ledger.Bootstrapped, passwordRun(ledger.RunSucceeded))}, writes},
		"nothing of a suspended Organisation":             {world{views.Suspended(), at(ledger.NotBootstrapped)}, rests},
		"nothing without the Release":                     {world{views.WithoutRelease(), at(ledger.NotBootstrapped)}, rests},
		"nothing of a database that another release made": {world{views.ReleaseNamed("glific-9", views.FrontendImage)}, rests},
	} {
		t.Run(sentence, func(t *testing.T) {
			out := (&Step{}).Act(t.Context(), views.New(t, append(test.world, views.Mute(t))...))
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

// The password is only in the Job that replaces the published one, and only by name.
func TestOnlyTheSecondJobKnowsThePassword(t *testing.T) {
	v := views.New(t, at(ledger.Bootstrapped))
	admin, _ := v.AdminSecret()
	for _, test := range []struct {
		task task.Task
		want []string
	}{{fill(v), nil}, {replacePassword(v), []string{admin.Name}}} {
		if diff := cmp.Diff(test.want, test.task.Secrets); diff != "" {
			t.Errorf("%s:\n%s", test.task.Kind, diff)
		}
	}
}
