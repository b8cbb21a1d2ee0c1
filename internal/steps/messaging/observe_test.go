package messaging

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/step"
	"github.com/glific/organisation-operator/internal/testkit/views"
)

// rolledTo writes the status of Deployments all of whose pods are available.
func rolledTo(v step.View, replicas int32) {
	for _, component := range []string{names.Backend, names.Frontend} {
		if d := deployment(v, component); d != nil {
			d.Status = appsv1.DeploymentStatus{
				ObservedGeneration: d.Generation, Replicas: replicas, UpdatedReplicas: replicas,
				ReadyReplicas: replicas, AvailableReplicas: replicas,
				Conditions: []appsv1.DeploymentCondition{progressing(corev1.ConditionTrue, reasonRolledOut)},
			}
		}
	}
}

func progressing(status corev1.ConditionStatus, reason string) appsv1.DeploymentCondition {
	return appsv1.DeploymentCondition{Type: appsv1.DeploymentProgressing, Status: status, Reason: reason}
}

// released is a world in which the step was applied and all pods are available, but
// for what change says of the back end.
func released(t testing.TB, change func(*appsv1.Deployment), options ...views.Option) step.View {
	v := views.New(t, options...)
	views.Apply(t, v, New())
	rolledTo(v, v.Settings.Replicas)
	change(deployment(v, names.Backend))
	return v
}

func TestObserve(t *testing.T) {
	ready := func(*appsv1.Deployment) {}
	counts := func(replicas, updated, available int32) func(*appsv1.Deployment) {
		return func(d *appsv1.Deployment) {
			d.Status.Replicas, d.Status.UpdatedReplicas, d.Status.AvailableReplicas = replicas, updated, available
			d.Status.Conditions = []appsv1.DeploymentCondition{progressing(corev1.ConditionTrue, "ReplicaSetUpdated")}
		}
	}
	exceeded := func(replicas, updated, available int32, more ...appsv1.DeploymentCondition) func(*appsv1.Deployment) {
		return func(d *appsv1.Deployment) {
			counts(replicas, updated, available)(d)
			d.Status.Conditions = append(more, progressing(corev1.ConditionFalse, reasonDeadlineExceeded))
		}
	}
	failure := appsv1.DeploymentCondition{Type: appsv1.DeploymentReplicaFailure, Status: corev1.ConditionTrue, Reason: "FailedCreate", Message: "exceeded quota: tenant"}
	two := views.Replicas(2)

	tests := map[string]struct {
		v    step.View
		want step.Outcome
	}{
		"all pods of the release are available": {
			released(t, ready, two), step.Done("Ready", "Release glific-8.10.1 serves with 2 pods"),
		},
		"the first pods start": {
			released(t, counts(2, 2, 1), two),
			step.Waiting("Progressing", "1 of 2 pods of Release glific-8.10.1 are ready; Deployment backend has 600 s", 0),
		},
		"old pods serve while new ones start": {
			released(t, counts(3, 1, 2), two),
			step.Waiting("Progressing", "1 of 2 pods of Release glific-8.10.1 are started, 2 available with the old ones; Deployment backend has 600 s", 0),
		},
		"the Deployment controller has not seen the change": {
			released(t, func(d *appsv1.Deployment) { d.Generation++ }),
			step.Waiting("Progressing", "Deployment backend of Release glific-8.10.1 was just changed; its pods are not counted yet", 0),
		},
		"a deadline that an earlier generation exceeded says nothing": {
			released(t, func(d *appsv1.Deployment) { exceeded(1, 1, 0)(d); d.Generation++ }),
			step.Waiting("Progressing", "Deployment backend of Release glific-8.10.1 was just changed; its pods are not counted yet", 0),
		},
		"new pods never became ready and old ones serve": {
			released(t, exceeded(2, 1, 1)),
			step.Stalled("NeverHealthy", "Release glific-8.10.1 never became ready within 600 s; 1 pod still available; see `kubectl -n org-asha describe pods -l app.kubernetes.io/component=backend`, then correct the configuration, name another Release, or set the annotation tenancy.glific.org/restart-at to try again"),
		},
		"new pods never became ready and nothing serves": {
			released(t, exceeded(0, 0, 0, failure)),
			step.Stalled("NeverHealthy", "Release glific-8.10.1 never became ready within 600 s; no pod is available; pods cannot be created: exceeded quota: tenant; see `kubectl -n org-asha describe pods -l app.kubernetes.io/component=backend`, then correct the configuration, name another Release, or set the annotation tenancy.glific.org/restart-at to try again"),
		},
		"pods that came after the deadline count": {
			released(t, exceeded(1, 1, 1)), step.Done("Ready", "Release glific-8.10.1 serves with 1 pod"),
		},
		"a quota forbids the pods": {
			released(t, func(d *appsv1.Deployment) {
				counts(0, 0, 0)(d)
				d.Status.Conditions = append(d.Status.Conditions, failure)
			}),
			step.Waiting("Progressing", "pods of Release glific-8.10.1 cannot be created: exceeded quota: tenant; raise spec.size or what forbids them in namespace org-asha", 0),
		},
		"a pod that was ready is not any more": {
			released(t, func(d *appsv1.Deployment) { d.Status.AvailableReplicas = 1 }, two),
			step.Waiting("Unavailable", "1 of 2 pods of Release glific-8.10.1 are ready; see `kubectl -n org-asha describe pods -l app.kubernetes.io/component=backend`", 0),
		},
		"the front end is not there yet": {
			func() step.View {
				v := released(t, ready, views.Frontend())
				counts(1, 1, 0)(deployment(v, names.Frontend))
				return v
			}(),
			step.Waiting("Progressing", "0 of 1 pods of Release glific-8.10.1 are ready; Deployment frontend has 600 s", 0),
		},
		"the Deployment was deleted": {
			func() step.View {
				v := released(t, ready)
				v.Live.Drop("Deployment", v.Settings.Namespace, names.Backend)
				return v
			}(),
			step.Waiting("Progressing", "Deployment backend of Release glific-8.10.1 is about to be created", 0),
		},
		"the Deployment is still that of another release": {
			released(t, func(d *appsv1.Deployment) { d.Spec.Template.Labels[v1alpha1.LabelRelease] = "glific-8.10.0" }),
			step.Waiting("Progressing", "Deployment backend still has the pods of Release glific-8.10.0; Release glific-8.10.1 comes next", 0),
		},
		"a change that waits does not show": {
			views.New(t, serving(t), profileChanged()), step.Done("Ready", "Release glific-8.10.1 serves with 1 pod"),
		},
		"a server that is down does not show": {
			views.New(t, serving(t), views.ServerUnreachable()), step.Done("Ready", "Release glific-8.10.1 serves with 1 pod"),
		},
		"suspended, and a pod still ends": {
			func() step.View {
				v := views.New(t, serving(t), views.Suspended())
				views.Apply(t, v, New())
				rolledTo(v, 0)
				deployment(v, names.Backend).Status.TerminatingReplicas = new(int32(1))
				return v
			}(),
			step.Waiting("Progressing", "1 pod of the suspended Organisation still to end", 0),
		},
		"suspended, and the Deployment is not scaled yet": {
			func() step.View {
				v := views.New(t, serving(t), views.Suspended())
				rolledTo(v, 0)
				return v
			}(),
			step.Waiting("Progressing", "the suspended Organisation's Deployments are about to be scaled to nothing", 0),
		},
		"suspended and at rest": {
			func() step.View {
				v := views.New(t, serving(t), views.Suspended())
				views.Apply(t, v, New())
				rolledTo(v, 0)
				return v
			}(),
			step.Done("Suspended", "spec.power is Suspended and no pod runs"),
		},
		"suspended from birth": {
			views.New(t, views.Suspended(), views.NotBootstrapped()), step.Done("Suspended", "spec.power is Suspended and no pod runs"),
		},
		"the record of what was released is gone": {
			func() step.View {
				v := views.New(t, serving(t), views.ServerUnreachable())
				v.Live.Drop("ControllerRevision", v.Settings.Namespace, current(v.Live).name)
				return v
			}(),
			step.Waiting("Pending", "the record of what was released is gone; Deployment backend is left as it is (1 pod available): database server shared-1 could not be asked: connection refused", 0),
		},
	}
	for sentence, test := range tests {
		t.Run(sentence, func(t *testing.T) {
			if diff := cmp.Diff(test.want, New().Observe(test.v)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestObserveSaysWhatTheFirstPodWaitsFor(t *testing.T) {
	for want, options := range map[string][]views.Option{
		`OrganisationProfile "standard" does not exist: create it, or name another in spec.profile`:             {views.WithoutProfile()},
		"Release glific-8.10.1 does not exist: create it, or name another":                                      {views.WithoutRelease()},
		"no Release is named: set spec.release.name, or spec.release in OrganisationProfile standard":           {views.ProfileSpec(func(p *v1alpha1.OrganisationProfileSpec) { p.Release = nil })},
		"the keys are not there; see condition KeysReady":                                                       {views.WithoutKeys()},
		"database server shared-1 could not be asked: connection refused":                                       {views.ServerUnreachable()},
		"the database is not there; see condition DatabaseReady":                                                {views.Unclaimed()},
		"Secret registry, which OrganisationProfile standard names, does not exist; see condition SecretsReady": {views.PullSecret("registry", "")},
		"Secret gupshup, which Organisation asha names, does not exist; see condition SecretsReady":             {views.OwnSecret("gupshup", nil)},
		"key STRIPE_API_KEY is missing or empty; set it in the profile's or the Organisation's env or envFrom": {
			views.ReleaseSpec(func(r *v1alpha1.ReleaseSpec) { r.RequiredEnv = []v1alpha1.RequiredEnv{{Name: "STRIPE_API_KEY"}} }),
		},
		"spec.database.connectionLimit: 20 connections are too few for 10 pods at once (replicas and surge); at least 54 are needed, or fewer replicas": {views.Replicas(9)},
		"the database is not filled yet; see condition AdminBootstrapped":                                                                               {views.NotBootstrapped()},
		"the published admin password is not replaced yet; see condition AdminBootstrapped": {
			views.Tenant(func(t *ledger.Tenant) { t.AdminDigest = "" }),
		},
		"the schema is not that of Release glific-8.10.1 yet; see condition Migrated": {views.NotMigrated()},
		"Deployment backend of Release glific-8.10.1 is about to be created":          {},
	} {
		t.Run(want, func(t *testing.T) {
			got := New().Observe(views.New(t, options...))
			if diff := cmp.Diff(step.Waiting("Pending", "no pod is started yet: "+want, 0), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestObserveNamesTheSecretThatIsNotProjected(t *testing.T) {
	v := views.New(t, views.Unprojected())
	env, _ := v.EnvironmentSecret()
	want := step.Waiting("Pending", "no pod is started yet: Secret "+env.Name+" is not in namespace org-asha yet; see condition SecretsReady", 0)
	if diff := cmp.Diff(want, New().Observe(v)); diff != "" {
		t.Error(diff)
	}
}

func TestAvailableAndServing(t *testing.T) {
	rolling := func(d *appsv1.Deployment) {
		d.Status.Replicas, d.Status.UpdatedReplicas, d.Status.AvailableReplicas = 2, 1, 1
	}
	before := func(v step.View) step.View { v.Org.Status.Release.Serving = "glific-8.10.0"; return v }
	tests := map[string]struct {
		v         step.View
		available bool
		serving   string
	}{
		"nothing is deployed":                        {views.New(t), false, ""},
		"all is well":                                {released(t, func(*appsv1.Deployment) {}), true, "glific-8.10.1"},
		"one of two pods is ready":                   {released(t, func(d *appsv1.Deployment) { d.Status.AvailableReplicas = 1 }, views.Replicas(2)), true, "glific-8.10.1"},
		"no pod is ready":                            {released(t, func(d *appsv1.Deployment) { d.Status.AvailableReplicas = 0 }), false, ""},
		"an update is under way, the old one serves": {before(released(t, rolling)), true, "glific-8.10.0"},
		"an update is under way, none was proved":    {released(t, rolling), true, ""},
		"no pod is left of the old one":              {before(released(t, func(d *appsv1.Deployment) { d.Status.AvailableReplicas = 0 })), false, ""},
	}
	for sentence, test := range tests {
		t.Run(sentence, func(t *testing.T) {
			if got := Available(test.v); got != test.available {
				t.Errorf("Available: %v", got)
			}
			if got := Serving(test.v); got != test.serving {
				t.Errorf("Serving: %q, want %q", got, test.serving)
			}
		})
	}
}
