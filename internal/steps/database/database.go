// Package database keeps a tenant's roles and database on their DatabaseServer as they
// must be: isolated, limited, and closed while the Organisation is suspended.
package database

import (
	"context"
	"fmt"
	"slices"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/keyring"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/snapshot"
	"github.com/glific/organisation-operator/internal/step"
)

// Step provisions.
type Step struct {
	// Logins remembers refused logins as the tenants; nil answers none.
	Logins *Logins
	// Installation is the UID of the namespace kube-system.
	Installation string
	// FleetSize counts the Organisations on a DatabaseServer, for the breaker.
	FleetSize func(ctx context.Context, server string) (int, error)
	// Deleting counts the Organisations that are being deleted.
	Deleting func(context.Context) (int, error)
	// KindDeleting tells whether the kind Organisation itself is being deleted.
	KindDeleting func(context.Context) (bool, error)
}

// Name of the step.
func (*Step) Name() string { return "database" }

// Condition of the step.
func (*Step) Condition() string { return v1alpha1.DatabaseReady }

// Needs the claim and the keys, whose verifier is the role's password.
func (*Step) Needs() []string { return []string{v1alpha1.Claimed, v1alpha1.KeysReady} }

// Render nothing: the objects of this step are in PostgreSQL.
func (*Step) Render(step.View) ([]step.Applicable, error) { return nil, nil }

// Act brings login, limit, roles and database to what they must be. Each part reads
// before it writes; a tenant that is as it must be costs no statement.
func (s *Step) Act(ctx context.Context, v step.View) step.Outcome {
	keys, ok := v.Keyring()
	if !ok {
		return step.Waiting(v1alpha1.ReasonPending, "the keys are not there yet", 0)
	}
	for _, part := range []func(context.Context, step.View, keyring.Keyring) error{power, limit, provision, s.login} {
		if err := part(ctx, v, keys); err != nil {
			return step.Fault("provisioning on DatabaseServer "+v.Live.Server.Name, err)
		}
	}
	return step.Done("", "")
}

// power switches the login: off after the pods are gone, on before they start. While it
// is off, sessions that outlived the switch are ended.
func power(ctx context.Context, v step.View, _ keyring.Keyring) error {
	tenant := v.Live.Ledger.Tenant
	wanted := ledger.Active
	if v.Settings.Power == v1alpha1.PowerSuspended && v.Plan.Suspended {
		wanted = ledger.Suspended
	}
	switch {
	case tenant.State == wanted && tenant.Facts.Sessions == 0:
		return nil
	case tenant.State != wanted && wanted == ledger.Suspended && (podsRun(v) || tenant.Bootstrap == ledger.NotBootstrapped):
		return nil
	}
	if _, err := v.Live.Ledger.Connection.SetLogin(ctx, tenant.Ref(), wanted == ledger.Active); err != nil {
		return err
	}
	return reread(ctx, v)
}

// limit raises L before a rollout that needs more, and lowers it after the pods with
// the larger pools are gone.
func limit(ctx context.Context, v step.View, _ keyring.Keyring) error {
	tenant, wanted := v.Live.Ledger.Tenant, int(v.Settings.ConnectionLimit)
	if tenant.ConnectionLimit == wanted || (wanted < tenant.ConnectionLimit && !rolledOut(v)) {
		return nil
	}
	if err := v.Live.Ledger.Connection.SetLimit(ctx, tenant.Ref(), wanted); err != nil {
		return err
	}
	return reread(ctx, v)
}

func provision(ctx context.Context, v step.View, keys keyring.Keyring) error {
	tenant := v.Live.Ledger.Tenant
	if len(tenant.Drift(keys.DatabaseVerifier())) == 0 {
		return nil
	}
	after, err := v.Live.Ledger.Connection.Provision(ctx, tenant.Ref(), keys.DatabaseVerifier())
	if err != nil {
		return err
	}
	v.Live.Ledger.Tenant = after
	return nil
}

func reread(ctx context.Context, v step.View) error {
	after, err := v.Live.Ledger.Connection.Read(ctx, v.Settings.Identity)
	if err == nil {
		v.Live.Ledger.Tenant = after
	}
	return err
}

// podsRun tells whether anything still works in the database: pods of the back end,
// those that are ending among them, or a Job.
func podsRun(v step.View) bool {
	for _, object := range v.Live.All("Job") {
		if job, ok := object.(*batchv1.Job); ok && !ended(job) {
			return true
		}
	}
	backend := backend(v)
	if backend == nil {
		return false
	}
	ending := backend.Status.TerminatingReplicas != nil && *backend.Status.TerminatingReplicas > 0
	return backend.Status.Replicas > 0 || ending || backend.Status.ObservedGeneration < backend.Generation
}

func ended(job *batchv1.Job) bool {
	return slices.ContainsFunc(job.Status.Conditions, func(c batchv1.JobCondition) bool {
		return c.Status == corev1.ConditionTrue && (c.Type == batchv1.JobComplete || c.Type == batchv1.JobFailed)
	})
}

// rolledOut tells whether every pod has the pool size of the settings.
func rolledOut(v step.View) bool {
	backend := backend(v)
	if backend == nil || v.Live.Release == nil {
		return backend == nil
	}
	pool, err := v.Settings.PoolSize(v.Live.Release)
	if err != nil || backend.Status.ObservedGeneration < backend.Generation || backend.Status.UpdatedReplicas != backend.Status.Replicas {
		return false
	}
	for _, env := range backend.Spec.Template.Spec.Containers[0].Env {
		if env.Name == "POOL_SIZE" {
			return env.Value == fmt.Sprint(pool)
		}
	}
	return false
}

func backend(v step.View) *appsv1.Deployment {
	return snapshot.Find[*appsv1.Deployment](v.Live, "Deployment", v.Settings.Namespace, names.Backend)
}

// Observe tells whether the tenant could log in.
func (s *Step) Observe(v step.View) step.Outcome {
	if v.Live.Ledger.Err != nil {
		return step.WaitingUnknown(v1alpha1.ReasonServerUnreachable, v.Live.Ledger.Err.Error(), step.Retry)
	}
	tenant := v.Live.Ledger.Tenant
	keys, ok := v.Keyring()
	switch {
	case tenant == nil || !ok:
		return step.Waiting(v1alpha1.ReasonPending, "role and database are made after claim and keys", 0)
	case tenant.State == ledger.Suspended:
		return step.Done(v1alpha1.ReasonSuspended, fmt.Sprintf("database %s is kept and its login is off", tenant.Database))
	}
	if drift := tenant.Drift(keys.DatabaseVerifier()); len(drift) > 0 {
		return step.Waiting(v1alpha1.ReasonProgressing, drift[0], 5*time.Second)
	}
	return step.Done(v1alpha1.ReasonReady, fmt.Sprintf("database %s on DatabaseServer %s allows %d connections", tenant.Database, v.Live.Server.Name, tenant.ConnectionLimit))
}
