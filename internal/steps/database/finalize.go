package database

import (
	"context"
	"errors"
	"fmt"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/postgres"
	"github.com/glific/organisation-operator/internal/step"
)

// Finalize takes the tenant out of service and destroys nothing: logins off, sessions
// ended, row retained or doomed. A server that cannot be asked does not hold the
// deletion up: the row stays, and the DatabaseServer's controller retires it when the
// server is back (it belongs to an Organisation that no longer exists).
func (s *Step) Finalize(ctx context.Context, v step.View) step.Outcome {
	tenant := v.Live.Ledger.Tenant
	switch {
	case v.Live.Ledger.Err != nil:
		return step.Done(v1alpha1.ReasonServerUnreachable, fmt.Sprintf("%v; the login is switched off when the server is back", v.Live.Ledger.Err))
	case tenant == nil || tenant.Installation != s.Installation || tenant.Organisation != v.Org.Name || retired(tenant):
		return step.Done(v1alpha1.ReasonReady, "no database of this Organisation is in use")
	}
	retirement := postgres.Retirement{Purge: tenant.State == postgres.Doomed}
	if tenant.State.Living() {
		if out := s.admitted(ctx, v); !out.IsDone() {
			return out
		}
		retirement = postgres.Retirement{Purge: v.Settings.Deletion == v1alpha1.DeletionPurge, Grace: v.Settings.GracePeriod}
	}
	_, err := v.Live.Ledger.Connection.Retire(ctx, tenant.Ref(), retirement)
	if err != nil && !errors.Is(err, postgres.ErrNotFound) {
		return judge(v, err)
	}
	return step.Done(v1alpha1.ReasonReady, fmt.Sprintf("database %s is kept; adopt.uid: %s brings it back", tenant.Database, tenant.Identity))
}

// retired for good: no session outlived the switch of the login.
func retired(t *postgres.Tenant) bool { return !t.State.Living() && t.Facts.Sessions == 0 }

// admitted asks the breaker, which counts every teardown.
func (s *Step) admitted(ctx context.Context, v step.View) step.Outcome {
	if v.Org.Annotations[v1alpha1.AnnotationConfirmTeardown] == v.Org.Name {
		err := v.Live.Ledger.Connection.ConfirmTeardown(ctx, s.Installation, v.Settings.Identity, postgres.TeardownDelete)
		if err != nil {
			return judge(v, err)
		}
	}
	fleet, err := s.FleetSize(ctx)
	if err != nil {
		return step.Failed(err)
	}
	all, err := s.KindDeleting(ctx)
	if err != nil {
		return step.Failed(err)
	}
	verdict, err := v.Live.Ledger.Connection.AdmitTeardown(ctx, postgres.Teardown{
		Installation: s.Installation, Identity: v.Settings.Identity, Kind: postgres.TeardownDelete, FleetSize: fleet, HoldAll: all,
	})
	if err != nil {
		return judge(v, err)
	}
	if verdict.Held {
		return step.Waiting(v1alpha1.ReasonTeardownHeld, fmt.Sprintf("%s; it still serves: annotate the Organisation with %s=%s to let it go on",
			verdict.Message, v1alpha1.AnnotationConfirmTeardown, v.Org.Name), retry)
	}
	return step.Done("", "")
}
