package database

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/postgres"
	"github.com/glific/organisation-operator/internal/snapshot"
	"github.com/glific/organisation-operator/internal/step"
)

// Finalize takes the tenant out of service and destroys nothing: logins off, sessions
// ended, row retained or doomed. A server that cannot be asked does not hold the
// deletion up: the row stays, and the DatabaseServer's controller retires it when the
// server is back (it belongs to an Organisation that no longer exists).
func (s *Step) Finalize(ctx context.Context, v step.View) step.Outcome {
	if s.Logins != nil {
		s.Logins.forget(v.Settings.Identity)
	}
	tenant := v.Live.Ledger.Tenant
	switch {
	case v.Live.Ledger.Err != nil:
		return s.unasked(ctx, v)
	case tenant == nil:
		return step.Done(v1alpha1.ReasonReady, "no database of this Organisation is in use")
	case tenant.State.Living():
		if out := s.admitted(ctx, v); !out.IsDone() {
			return out
		}
	case settled(v, tenant):
		return step.Done(v1alpha1.ReasonReady, fate(v, tenant.Row))
	}
	purge := v.Settings.Deletion == v1alpha1.DeletionPurge && tenant.State != ledger.Retained
	row, err := v.Live.Ledger.Connection.Retire(ctx, tenant.Ref(), postgres.Retirement{Purge: purge, Grace: v.Settings.GracePeriod})
	if err != nil && !errors.Is(err, ledger.ErrNotFound) {
		return step.Fault("taking database "+v.Live.Ledger.Tenant.Database+" out of service", err)
	}
	if row == nil {
		row = &tenant.Row
	}
	return step.Done(v1alpha1.ReasonReady, fate(v, *row))
}

// settled: retired as spec says now, and no session outlived the switch of the login. A
// purge may be taken back while the object still exists; retained data is not doomed
// after the fact.
func settled(v step.View, t *ledger.Tenant) bool {
	takenBack := t.State == ledger.Doomed && v.Settings.Deletion == v1alpha1.DeletionRetain
	return t.Facts.Sessions == 0 && !takenBack
}

// fate says what becomes of the data.
func fate(v step.View, row ledger.Row) string {
	if row.PurgeAt != nil {
		return fmt.Sprintf("database %s is dropped after %s; until then adopt.uid: %s brings it back", row.Database, row.PurgeAt.UTC().Format(time.RFC3339), row.Identity)
	}
	return fmt.Sprintf("database %s is kept on DatabaseServer %s; adopt.uid: %s brings it back", row.Database, v.Live.Server.Name, row.Identity)
}

// unasked lets a deletion finish although the server cannot be asked: the row stays, and
// the DatabaseServer's controller retires it when the server is back. The breaker, which
// lives in the ledger, cannot count, so a mass deletion waits for a person's word.
func (s *Step) unasked(ctx context.Context, v step.View) step.Outcome {
	fleet, err := s.FleetSize(ctx, snapshot.Placed(v.Org))
	if err != nil {
		return step.Failed(err)
	}
	deleting, err := s.Deleting(ctx)
	if err != nil {
		return step.Failed(err)
	}
	all, err := s.KindDeleting(ctx)
	if err != nil {
		return step.Failed(err)
	}
	if !v.Org.TeardownConfirmed() && (all || deleting > postgres.TeardownLimit(fleet)) {
		return step.Waiting(v1alpha1.ReasonTeardownHeld, held(v.Org, fmt.Sprintf("%d Organisations are being deleted while the DatabaseServer cannot be asked", deleting)), step.Retry)
	}
	return step.Done(v1alpha1.ReasonServerUnreachable, fmt.Sprintf("%v; the login is switched off when the server is back", v.Live.Ledger.Err))
}

// held says how a person lets a deletion go on.
func held(org *v1alpha1.Organisation, why string) string {
	return fmt.Sprintf("%s; it still serves: kubectl annotate organisation %s --overwrite %s=%s lets it go on",
		why, org.Name, v1alpha1.AnnotationConfirmTeardown, org.TeardownConfirmation())
}

// admitted asks the breaker, which counts every teardown.
func (s *Step) admitted(ctx context.Context, v step.View) step.Outcome {
	if v.Org.TeardownConfirmed() {
		err := v.Live.Ledger.Connection.ConfirmTeardown(ctx, s.Installation, v.Settings.Identity, postgres.TeardownDelete)
		if err != nil {
			return step.Fault("taking database "+v.Live.Ledger.Tenant.Database+" out of service", err)
		}
	}
	fleet, err := s.FleetSize(ctx, snapshot.Placed(v.Org))
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
		return step.Fault("taking database "+v.Live.Ledger.Tenant.Database+" out of service", err)
	}
	if verdict.Held {
		return step.Waiting(v1alpha1.ReasonTeardownHeld, held(v.Org, verdict.Message), step.Retry)
	}
	return step.Done("", "")
}
