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
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/plan"
	"github.com/glific/organisation-operator/internal/postgres"
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
func at(state postgres.BootstrapState, runs ...postgres.Run) views.Option {
	return views.Tenant(func(t *postgres.Tenant) {
		t.Bootstrap, t.AdminDigest, t.AdminAt, t.Runs = state, "", nil, runs
	})
}

func ran(kind postgres.RunKind, digest string, state postgres.RunState) postgres.Run {
	return postgres.Run{Kind: kind, Digest: digest, State: state, Message: "Job x " + string(state), At: views.Now.Add(-time.Hour)}
}

func fillRun(state postgres.RunState) postgres.Run {
	return ran(postgres.RunBootstrap, filled, state)
}

func passwordRun(state postgres.RunState) postgres.Run {
	return ran(postgres.RunAdminPassword, replaced, state)
}

func retry(value string) views.Option { return views.Annotated(v1alpha1.AnnotationRetryAt, value) }

// live puts a Job beside the Organisation, as the step made it.
func live(kind postgres.RunKind, attempt string, ended batchv1.JobConditionType) views.Option {
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
	jobName := func(kind postgres.RunKind, attempt string) string { return names.Job(string(kind), attempt, "16384") }
	failed := func(reason string, kind postgres.RunKind, attempt string) step.Outcome {
		return step.Stalled(reason, fmt.Sprintf("Job x failed; look with: kubectl logs -n org-asha job/%s; when the cause is cured: kubectl annotate organisation asha --overwrite tenancy.glific.org/retry-at=<now>", jobName(kind, attempt)))
	}
	runs := func(kind postgres.RunKind, attempt string) step.Outcome {
		return step.Waiting("Progressing", fmt.Sprintf("Job org-asha/%s runs the %s command of Release glific-8.10.1", jobName(kind, attempt), kind), 0)
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
		"nothing was started":                    {world{at(postgres.NotBootstrapped)}, runs(postgres.RunBootstrap, filled)},
		"it is being filled":                     {world{at(postgres.Bootstrapping, fillRun(postgres.RunStarted))}, runs(postgres.RunBootstrap, filled)},
		"filling it failed":                      {world{at(postgres.Bootstrapping, fillRun(postgres.RunFailed))}, failed("BootstrapFailed", postgres.RunBootstrap, filled)},
		"a retry is to come":                     {world{at(postgres.Bootstrapping, fillRun(postgres.RunFailed)), retry("1")}, runs(postgres.RunBootstrap, again)},
		"it is filled, the password to replace":  {world{at(postgres.Bootstrapped, fillRun(postgres.RunSucceeded))}, runs(postgres.RunAdminPassword, replaced)},
		"the password is being replaced":         {world{at(postgres.Bootstrapped, passwordRun(postgres.RunStarted))}, runs(postgres.RunAdminPassword, replaced)},
		"replacing it failed":                    {world{at(postgres.Bootstrapped, passwordRun(postgres.RunFailed))}, failed("AdminPasswordFailed", postgres.RunAdminPassword, replaced)},
		"suspended from birth":                   {world{views.Suspended(), at(postgres.NotBootstrapped)}, later},
		"suspended before the password":          {world{views.Suspended(), at(postgres.Bootstrapped)}, later},
		"suspended later":                        {world{views.Suspended()}, finished},
		"to fill, and the Release is gone":       {world{views.WithoutRelease(), at(postgres.NotBootstrapped)}, missing},
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
		"filling":   {at(postgres.Bootstrapping, fillRun(postgres.RunStarted))},
		"replacing": {at(postgres.Bootstrapped, fillRun(postgres.RunSucceeded), passwordRun(postgres.RunStarted))},
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
		"before the start is recorded, none":              {world{at(postgres.Bootstrapping)}, nil},
		"while it is being filled":                        {world{at(postgres.Bootstrapping, fillRun(postgres.RunStarted))}, []string{fill}},
		"after it failed, so that its pods can be seen":   {world{at(postgres.Bootstrapping, fillRun(postgres.RunFailed)), live(postgres.RunBootstrap, filled, batchv1.JobFailed)}, []string{fill}},
		"after it failed, and somebody deleted it, none":  {world{at(postgres.Bootstrapping, fillRun(postgres.RunFailed))}, nil},
		"while the password is replaced":                  {world{at(postgres.Bootstrapped, fillRun(postgres.RunSucceeded), passwordRun(postgres.RunStarted)), live(postgres.RunBootstrap, filled, batchv1.JobComplete)}, []string{fill, password}},
		"at rest, both stay as long as they exist":        {world{live(postgres.RunBootstrap, filled, batchv1.JobComplete), live(postgres.RunAdminPassword, replaced, batchv1.JobComplete)}, []string{fill, password}},
		"at rest, none is made anew":                      {nil, nil},
		"another release does not keep the first one's":   {world{live(postgres.RunBootstrap, other, batchv1.JobComplete)}, nil},
		"suspended from birth, none":                      {world{suspended, at(postgres.NotBootstrapped)}, nil},
		"suspended half-way, what runs goes on":           {world{suspended, at(postgres.Bootstrapping, fillRun(postgres.RunStarted))}, []string{fill}},
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
	just := fillRun(postgres.RunStarted)
	just.Digest, just.At = other, views.Now
	for sentence, test := range map[string]struct {
		world world
		want  bool
	}{
		"nothing ran":                                {world{at(postgres.NotBootstrapped)}, false},
		"this attempt runs":                          {world{at(postgres.Bootstrapping, fillRun(postgres.RunStarted))}, false},
		"this attempt failed":                        {world{at(postgres.Bootstrapping, fillRun(postgres.RunFailed))}, false},
		"a retry after it failed":                    {world{at(postgres.Bootstrapping, fillRun(postgres.RunFailed)), retry("1")}, true},
		"another image failed":                       {world{at(postgres.Bootstrapping, ran(postgres.RunBootstrap, other, postgres.RunFailed))}, true},
		"another image was started, and is not seen": {world{at(postgres.Bootstrapping, ran(postgres.RunBootstrap, other, postgres.RunStarted))}, true},
		"another image was started a moment ago":     {world{at(postgres.Bootstrapping, just)}, false},
		"another image's Job still runs":             {world{at(postgres.Bootstrapping, ran(postgres.RunBootstrap, other, postgres.RunStarted)), live(postgres.RunBootstrap, other, "")}, false},
		"a migration of another image failed":        {world{at(postgres.Bootstrapping, ran(postgres.RunMigration, other, postgres.RunFailed))}, false},
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
		"that it is being filled, before the Job exists": {world{at(postgres.NotBootstrapped)}, writes},
		"the start":                                       {world{at(postgres.Bootstrapping)}, writes},
		"nothing while it runs":                           {world{at(postgres.Bootstrapping, fillRun(postgres.RunStarted)), live(postgres.RunBootstrap, filled, "")}, rests},
		"its end":                                         {world{at(postgres.Bootstrapping, fillRun(postgres.RunStarted)), live(postgres.RunBootstrap, filled, batchv1.JobComplete)}, writes},
		"nothing after it failed":                         {world{at(postgres.Bootstrapping, fillRun(postgres.RunFailed))}, rests},
		"that it is full":                                 {world{at(postgres.Bootstrapping, fillRun(postgres.RunSucceeded))}, writes},
		"a rebuild before a retry":                        {world{at(postgres.Bootstrapping, fillRun(postgres.RunFailed)), retry("1")}, writes},
		"nothing while another image's Job runs":          {world{at(postgres.Bootstrapping, ran(postgres.RunBootstrap, other, postgres.RunStarted)), live(postgres.RunBootstrap, other, "")}, waits},
		"the start of replacing the password":             {world{at(postgres.Bootstrapped, fillRun(postgres.RunSucceeded))}, writes},
		"nothing while that runs":                         {world{at(postgres.Bootstrapped, passwordRun(postgres.RunStarted)), live(postgres.RunAdminPassword, replaced, "")}, rests},
		"nothing after that failed":                       {world{at(postgres.Bootstrapped, passwordRun(postgres.RunFailed))}, rests},
		"that it is replaced":                             {world{at(postgres.Bootstrapped, passwordRun(postgres.RunSucceeded))}, writes},
		"nothing of a suspended Organisation":             {world{views.Suspended(), at(postgres.NotBootstrapped)}, rests},
		"nothing without the Release":                     {world{views.WithoutRelease(), at(postgres.NotBootstrapped)}, rests},
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
	v := views.New(t, at(postgres.Bootstrapped))
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
