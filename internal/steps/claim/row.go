package claim

import (
	"context"
	"fmt"
	"slices"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/postgres"
	"github.com/glific/organisation-operator/internal/step"
)

// claimRow claims, refreshes or adopts the row, and reads it again if it changed.
func (s *Step) claimRow(ctx context.Context, v step.View) step.Outcome {
	tenant := v.Live.Ledger.Tenant
	switch {
	case tenant == nil && v.Live.Ledger.Foreign == nil && hadData(v):
		return lost(v)
	case tenant != nil && s.settled(v, tenant):
		return step.Done("", "")
	}
	if err := s.writeRow(ctx, v, tenant); err != nil {
		return step.Fault("claiming a place on the DatabaseServer", err)
	}
	after, err := v.Live.Ledger.Connection.Read(ctx, v.Settings.Identity)
	if err != nil {
		return step.Fault("claiming a place on the DatabaseServer", err)
	}
	v.Live.Ledger.Tenant, v.Live.Ledger.Foreign = after, nil
	return step.Done("", "")
}

func lost(v step.View) step.Outcome {
	return step.Stalled(v1alpha1.ReasonDatabaseLost,
		fmt.Sprintf("DatabaseServer %s knows nothing of the database of this Organisation (identity %s), which existed: point spec.postgreSQL back at the server that has it, or restore its databases, organisation_operator among them; keep Secret %s", v.Live.Server.Name, v.Settings.Identity, names.Keys(v.Settings.Identity)))
}

// hadData tells whether this identity owned a database once: its keys exist, or status
// names it, which is written only after a row was read that is ours.
func hadData(v step.View) bool {
	return v.Live.Secrets.Keys != nil || v.Org.Status.Identity == v.Settings.Identity
}

func (s *Step) settled(v step.View, t *ledger.Tenant) bool {
	return t.State.Living() && slices.Equal(t.Hosts, v.Plan.Hosts)
}

func (s *Step) writeRow(ctx context.Context, v step.View, tenant *ledger.Tenant) error {
	subject := postgres.Subject{Identity: v.Settings.Identity, Organisation: v.Org.Name, Hosts: v.Plan.Hosts}
	limit := int(v.Settings.ConnectionLimit)
	if v.Live.Ledger.Foreign != nil || (tenant != nil && !tenant.State.Living()) {
		_, err := v.Live.Ledger.Connection.Adopt(ctx, postgres.Adoption{
			Subject: subject, Installation: s.Installation, ConnectionLimit: limit,
			FromForeign: v.Live.Ledger.Adoption,
		})
		return err
	}
	if tenant != nil {
		limit = tenant.ConnectionLimit // changes of the limit are the database step's business
	}
	_, err := v.Live.Ledger.Connection.Claim(ctx, postgres.Claim{
		Subject: subject, Installation: s.Installation,
		Database: names.Database(v.Org.Name, v.Settings.Identity, 1), Incarnation: 1, ConnectionLimit: limit,
		Fresh: v.Org.Spec.Adopt != nil && v.Org.Spec.Adopt.Fresh != nil,
	})
	return err
}

// power lets the breaker count a suspension before anything stops. Resuming is free, and
// takes back a suspension that was counted and did not happen: another one is a new one.
func (s *Step) power(ctx context.Context, v step.View) step.Outcome {
	tenant, wanted := v.Live.Ledger.Tenant, v.Settings.Power
	if wanted != v1alpha1.PowerSuspended {
		return s.withdraw(ctx, v)
	}
	if tenant.State != ledger.Active || tenant.Bootstrap == ledger.NotBootstrapped {
		return step.Done("", "")
	}
	if v.Org.TeardownConfirmed() {
		err := v.Live.Ledger.Connection.ConfirmTeardown(ctx, s.Installation, v.Settings.Identity, postgres.TeardownSuspend)
		if err != nil {
			return step.Fault("claiming a place on the DatabaseServer", err)
		}
	}
	fleet, err := s.FleetSize(ctx, v.Live.Server.Name)
	if err != nil {
		return step.Failed(err)
	}
	verdict, err := v.Live.Ledger.Connection.AdmitTeardown(ctx, postgres.Teardown{
		Installation: s.Installation, Identity: v.Settings.Identity, Kind: postgres.TeardownSuspend, FleetSize: fleet,
	})
	switch {
	case err != nil:
		return step.Fault("claiming a place on the DatabaseServer", err)
	case verdict.Held:
		return step.Waiting(v1alpha1.ReasonTeardownHeld, fmt.Sprintf("%s: kubectl annotate organisation %s --overwrite %s=%s lets it go on; or set spec.power back to Running",
			verdict.Message, v.Org.Name, v1alpha1.AnnotationConfirmTeardown, v.Org.TeardownConfirmation()), step.Retry)
	}
	v.Live.Ledger.SuspensionAdmitted = true
	return step.Done("", "")
}

func (s *Step) withdraw(ctx context.Context, v step.View) step.Outcome {
	tenant := v.Live.Ledger.Tenant
	if tenant.State != ledger.Active || !tenant.Facts.SuspensionAsked { // with the login, SetLogin takes it back
		return step.Done("", "")
	}
	err := v.Live.Ledger.Connection.WithdrawTeardown(ctx, s.Installation, v.Settings.Identity, postgres.TeardownSuspend)
	if err != nil {
		return step.Fault("withdrawing a suspension of "+v.Org.Name, err)
	}
	tenant.Facts.SuspensionAsked = false
	return step.Done("", "")
}
