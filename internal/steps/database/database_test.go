package database

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/postgres"
	"github.com/glific/organisation-operator/internal/snapshot"
	"github.com/glific/organisation-operator/internal/step"
	"github.com/glific/organisation-operator/internal/testkit/views"
)

type world = []views.Option

const name = "asha-780dcec0-1"

func tenant(change func(*ledger.Tenant)) views.Option { return views.Tenant(change) }

func state(s ledger.State) views.Option {
	return tenant(func(t *ledger.Tenant) { t.State = s })
}

func TestObserve(t *testing.T) {
	pending := step.Waiting("Pending", "role and database are made after claim and keys", 0)
	drift := func(words string) step.Outcome { return step.Waiting("Progressing", words, 5*time.Second) }
	tests := map[string]struct {
		world world
		want  step.Outcome
	}{
		"all is as it must be":       {nil, step.Done("Ready", "database "+name+" on DatabaseServer shared-1 allows 20 connections")},
		"the server cannot be asked": {world{views.ServerUnreachable()}, step.WaitingUnknown("ServerUnreachable", "database server shared-1 could not be asked: connection refused", step.Retry)},
		"there is no row":            {world{views.Unclaimed()}, pending},
		"there are no keys":          {world{views.WithoutKeys()}, pending},
		"suspended":                  {world{views.Suspended()}, step.Done("Suspended", "database "+name+" is kept and its login is off")},
		"nothing is made yet":        {world{tenant(func(t *ledger.Tenant) { t.Facts = ledger.Facts{} })}, drift("role " + name + "-owner is missing")},
		"the login is off":           {world{tenant(func(t *ledger.Tenant) { t.Facts.Login.CanLogin = false })}, drift("login of role " + name + " differs")},
		"somebody lifted its limit":  {world{tenant(func(t *ledger.Tenant) { t.Facts.Login.Limit = -1 })}, drift("limit of role " + name + " differs")},
		"the database is gone":       {world{tenant(func(t *ledger.Tenant) { t.Facts.Database = ledger.DatabaseFacts{} })}, drift("database " + name + " is missing")},
		"another password is set":    {world{tenant(func(t *ledger.Tenant) { t.VerifierDigest = "another" })}, drift("password differs")},
		"it is open to others":       {world{tenant(func(t *ledger.Tenant) { t.Facts.Database.Closed = false })}, drift("access to database " + name + " differs")},
		"a rebuild was interrupted":  {world{tenant(func(t *ledger.Tenant) { t.Bootstrap = ledger.Rebuilding })}, drift("database " + name + " is being rebuilt")},
	}
	for sentence, test := range tests {
		t.Run(sentence, func(t *testing.T) {
			if diff := cmp.Diff(test.want, (&Step{}).Observe(views.New(t, test.world...))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// pods are those of the back end, changed.
func pods(change func(*appsv1.Deployment)) views.Option {
	d := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Name: names.Backend, Namespace: "org-asha", Generation: 2}}
	d.Spec.Template.Spec.Containers = []corev1.Container{{Env: []corev1.EnvVar{{Name: "BASE_URL", Value: "x"}, {Name: "POOL_SIZE", Value: "3"}}}}
	d.Status = appsv1.DeploymentStatus{ObservedGeneration: 2, Replicas: 1, UpdatedReplicas: 1}
	change(d)
	return views.With(d)
}

func stopped(d *appsv1.Deployment) { d.Status = appsv1.DeploymentStatus{ObservedGeneration: 2} }

func job(conditions ...batchv1.JobCondition) views.Option {
	return views.With(&batchv1.Job{ObjectMeta: metav1.ObjectMeta{Name: "migration-1", Namespace: "org-asha"}, Status: batchv1.JobStatus{Conditions: conditions}})
}

func limited(n int32) views.Option {
	return views.Spec(func(s *v1alpha1.OrganisationSpec) { s.Database = &v1alpha1.DatabaseSpec{ConnectionLimit: n} })
}

// allowed is what the ledger and the server grant now.
func allowed(n int) views.Option {
	return tenant(func(t *ledger.Tenant) {
		t.ConnectionLimit, t.Facts.Login.Limit, t.Facts.Database.Limit = n, n, n+ledger.OperatorShare
	})
}

// Each part reads first: a tenant that is as it must be costs no statement.
func TestWhatIsWritten(t *testing.T) {
	suspending := world{views.Suspended(), state(ledger.Active), tenant(func(t *ledger.Tenant) { t.Facts.Login.CanLogin = true }),
		views.Snapshot(func(s *snapshot.Snapshot) { s.Ledger.SuspensionAdmitted = true })}
	on := func(more ...views.Option) world { return append(append(world{}, suspending...), more...) }
	done := batchv1.JobCondition{Type: batchv1.JobComplete, Status: corev1.ConditionTrue}
	failed := batchv1.JobCondition{Type: batchv1.JobFailed, Status: corev1.ConditionTrue}
	pool := func(size string) func(*appsv1.Deployment) {
		return func(d *appsv1.Deployment) { d.Spec.Template.Spec.Containers[0].Env[1].Value = size }
	}
	tests := map[string]struct {
		world  world
		writes bool
	}{
		"all is as it must be": {nil, false},
		"something differs":    {world{tenant(func(t *ledger.Tenant) { t.Facts.Login.Limit = -1 })}, true},

		"suspended, and all is still":                          {world{views.Suspended()}, false},
		"suspended, and a session outlived the switch":         {world{views.Suspended(), tenant(func(t *ledger.Tenant) { t.Facts.Sessions = 2 })}, true},
		"the login is switched off when no pod is left":        {on(pods(stopped)), true},
		"and where there never was a Deployment":               {on(), true},
		"not while a pod runs":                                 {on(pods(func(*appsv1.Deployment) {})), false},
		"not while a pod is ending":                            {on(pods(func(d *appsv1.Deployment) { stopped(d); d.Status.TerminatingReplicas = new(int32(1)) })), false},
		"not before the Deployment's controller has looked":    {on(pods(func(d *appsv1.Deployment) { stopped(d); d.Generation++ })), false},
		"not while a Job runs":                                 {on(pods(stopped), job()), false},
		"a Job that is complete does not matter":               {on(pods(stopped), job(done)), true},
		"a Job that failed does not matter":                    {on(pods(stopped), job(failed)), true},
		"not before the breaker has let it":                    {world{views.Suspended(), state(ledger.Active), tenant(func(t *ledger.Tenant) { t.Facts.Login.CanLogin = true })}, false},
		"not before anything was ever served":                  {on(views.NotBootstrapped()), false},
		"the login is switched on before pods start":           {world{state(ledger.Suspended), tenant(func(t *ledger.Tenant) { t.Facts.Login.CanLogin = false })}, true},
		"another's suspension does not switch the login":       {world{views.Snapshot(func(s *snapshot.Snapshot) { s.Ledger.SuspensionAdmitted = true })}, false},
		"the limit is raised before a rollout that needs more": {world{limited(40), allowed(20), pods(pool("3"))}, true},
		"it is not lowered while pods have the larger pools":   {world{limited(20), allowed(40), pods(pool("8"))}, false},
		"nor while they are being replaced":                    {world{limited(20), allowed(40), pods(func(d *appsv1.Deployment) { d.Status.Replicas = 2 })}, false},
		"nor before the controller has looked":                 {world{limited(20), allowed(40), pods(func(d *appsv1.Deployment) { d.Generation++ })}, false},
		"nor while pods say no pool at all":                    {world{limited(20), allowed(40), pods(func(d *appsv1.Deployment) { d.Spec.Template.Spec.Containers[0].Env = nil })}, false},
		"nor while the Release is unknown":                     {world{limited(20), allowed(40), pods(pool("3")), views.WithoutRelease()}, false},
		"nor to what is too small for the pods":                {world{limited(9), allowed(40), pods(pool("3"))}, false},
		"it is lowered when all pods have the smaller pool":    {world{limited(20), allowed(40), pods(pool("3"))}, true},
		"and where there are no pods":                          {world{limited(20), allowed(40)}, true},
	}
	for sentence, test := range tests {
		t.Run(sentence, func(t *testing.T) {
			out := (&Step{}).Act(t.Context(), views.New(t, append(test.world, views.Mute(t))...))
			if writes := out.Reason == v1alpha1.ReasonServerUnreachable; writes != test.writes || out.IsDone() == test.writes {
				t.Errorf("got %+v", out)
			}
		})
	}
	t.Run("nothing without keys", func(t *testing.T) {
		if out := (&Step{}).Act(t.Context(), views.New(t, views.WithoutKeys(), views.Mute(t))); out.Reason != v1alpha1.ReasonPending {
			t.Errorf("got %+v", out)
		}
	})
}

// counting says how many Organisations there are, and how many are being deleted.
func counting(fleet, deleting int, kind bool) *Step {
	return &Step{
		Installation: "installation",
		FleetSize:    func(context.Context, string) (int, error) { return fleet, nil },
		Deleting:     func(context.Context) (int, error) { return deleting, nil },
		KindDeleting: func(context.Context) (bool, error) { return kind, nil },
	}
}

func TestFinalize(t *testing.T) {
	const kept = "database " + name + " is kept on DatabaseServer shared-1; adopt.uid: " + views.UID + " brings it back"
	const dropped = "database " + name + " is dropped after 2026-12-01T10:00:00Z; until then adopt.uid: " + views.UID + " brings it back"
	doomed := tenant(func(t *ledger.Tenant) { t.State, t.PurgeAt = ledger.Doomed, new(views.Now.AddDate(0, 0, 7)) })
	sessions := tenant(func(t *ledger.Tenant) { t.Facts.Sessions = 1 })
	purge := views.Spec(func(s *v1alpha1.OrganisationSpec) {
		s.Deletion = &v1alpha1.DeletionSpec{Policy: v1alpha1.DeletionPurge, Confirm: "asha"}
	})
	writes := step.Outcome{Kind: step.KindWaiting, Reason: v1alpha1.ReasonServerUnreachable}
	tests := map[string]struct {
		world world
		want  step.Outcome // the message of writes does not matter
	}{
		"there is no row":                                     {world{views.Unclaimed()}, step.Done("Ready", "no database of this Organisation is in use")},
		"what lives is taken out of service":                  {nil, writes},
		"what is suspended is, too":                           {world{views.Suspended()}, writes},
		"what is retained is done with":                       {world{state(ledger.Retained)}, step.Done("Ready", kept)},
		"what is doomed is done with":                         {world{doomed, purge}, step.Done("Ready", dropped)},
		"a session outlived the retirement":                   {world{state(ledger.Retained), sessions}, writes},
		"a session outlived the doom":                         {world{doomed, purge, sessions}, writes},
		"a purge is taken back while the object still exists": {world{doomed}, writes},
		"what is retained is not doomed after the fact":       {world{state(ledger.Retained), purge}, step.Done("Ready", kept)},
	}
	for sentence, test := range tests {
		t.Run(sentence, func(t *testing.T) {
			got := counting(1, 1, false).Finalize(t.Context(), views.New(t, append(test.world, views.Mute(t))...))
			if test.want.Reason == v1alpha1.ReasonServerUnreachable {
				got = step.Outcome{Kind: got.Kind, Reason: got.Reason}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// While the server is silent a deletion finishes, and the server's controller does the
// rest later; but the breaker cannot count then, so a mass deletion waits for a person.
func TestFinalizeWhileTheServerIsSilent(t *testing.T) {
	confirmed := views.Annotated(v1alpha1.AnnotationConfirmTeardown, "asha@1")
	let := step.Done("ServerUnreachable", "database server shared-1 could not be asked: connection refused; the login is switched off when the server is back")
	held := func(n int) step.Outcome {
		return step.Waiting("TeardownHeld", fmt.Sprintf("%d Organisations are being deleted while the DatabaseServer cannot be asked; it still serves: kubectl annotate organisation asha --overwrite tenancy.glific.org/confirm-teardown=asha@1 lets it go on", n), step.Retry)
	}
	for sentence, test := range map[string]struct {
		step  *Step
		world world
		want  step.Outcome
	}{
		"one goes":                             {counting(50, 1, false), nil, let},
		"as many as may":                       {counting(50, postgres.TeardownLimit(50), false), nil, let},
		"more than may":                        {counting(50, postgres.TeardownLimit(50)+1, false), nil, held(postgres.TeardownLimit(50) + 1)},
		"the kind itself goes":                 {counting(50, 1, true), nil, held(1)},
		"a person confirmed it":                {counting(50, 40, true), world{confirmed}, let},
		"a person confirmed another":           {counting(50, 40, false), world{views.Annotated(v1alpha1.AnnotationConfirmTeardown, "sneha@1")}, held(40)},
		"a person confirmed an earlier one":    {counting(50, 40, false), world{views.Annotated(v1alpha1.AnnotationConfirmTeardown, "asha@0")}, held(40)},
		"an empty fleet lets the last ones go": {counting(0, 3, false), nil, let},
	} {
		t.Run(sentence, func(t *testing.T) {
			if diff := cmp.Diff(test.want, test.step.Finalize(t.Context(), views.New(t, append(test.world, views.ServerUnreachable())...))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What cannot be counted is not assumed to be little.
func TestFinalizeThatCannotCountFails(t *testing.T) {
	broken := errors.New("no informer")
	for sentence, damage := range map[string]func(*Step){
		"the fleet": func(s *Step) { s.FleetSize = func(context.Context, string) (int, error) { return 0, broken } },
		"the kind":  func(s *Step) { s.KindDeleting = func(context.Context) (bool, error) { return false, broken } },
		"deletions": func(s *Step) { s.Deleting = func(context.Context) (int, error) { return 0, broken } },
	} {
		t.Run(sentence, func(t *testing.T) {
			s := counting(1, 1, false)
			damage(s)
			if out := s.Finalize(t.Context(), views.New(t, views.ServerUnreachable())); !errors.Is(out.Err, broken) {
				t.Errorf("got %+v", out)
			}
			if out := s.Finalize(t.Context(), views.New(t, views.Mute(t))); sentence != "deletions" && !errors.Is(out.Err, broken) {
				t.Errorf("got %+v", out)
			}
		})
	}
}
