package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/glific/organisation-operator/internal/ledger"
)

// Adoption takes over a row that exists: undo of a deletion, or a control plane that
// was built anew from the same manifests.
type Adoption struct {
	Subject         // Identity is the row's own, from adopt.uid or from Shadowing
	Installation    string
	ConnectionLimit int
	// FromForeign allows to take over a living row of another installation that shows
	// no sign of life (DatabaseServer.spec.adoption).
	FromForeign bool
}

// Adopt makes the row the Organisation's: active again, with logins on and its old
// data, as long as it is not being dropped. Adopting what is already the Organisation's
// changes nothing. Refusals: ErrNotFound, ForeignError, IdentityInUseError, BudgetError,
// and ErrStale for a row that is being dropped.
func (s *Server) Adopt(ctx context.Context, adoption Adoption) (*ledger.Row, error) {
	var adopted *ledger.Row
	err := s.transact(ctx, "adopting "+adoption.Identity, func(ctx context.Context, tx pgx.Tx) error {
		if err := lockClaims(ctx, tx); err != nil {
			return err
		}
		existing, err := row(ctx, tx, adoption.Identity)
		switch {
		case err != nil:
			return err
		case existing == nil:
			return ledger.ErrNotFound
		case existing.State == ledger.Dropping:
			return ledger.ErrStale
		case existing.State.Living() && adoption.isOf(*existing):
			adopted = existing
			return nil
		}
		if err := s.mayAdopt(ctx, tx, *existing, adoption); err != nil {
			return err
		}
		adopted, err = s.takeOver(ctx, tx, adoption)
		return err
	})
	return adopted, err
}

func (a Adoption) isOf(r ledger.Row) bool {
	return r.Installation == a.Installation && r.Organisation == a.Organisation
}

// mayAdopt refuses what somebody else lives on.
func (s *Server) mayAdopt(ctx context.Context, tx pgx.Tx, existing ledger.Row, adoption Adoption) error {
	if existing.State.Living() && existing.Installation == adoption.Installation {
		return &ledger.IdentityInUseError{Row: existing}
	}
	if existing.State.Living() {
		living, err := signOfLife(ctx, tx, existing)
		if err != nil {
			return err
		}
		if !adoption.FromForeign || living != "" {
			return &ledger.ForeignError{Server: s.name, Row: existing, Living: living}
		}
	}
	return s.afford(ctx, tx, adoption.Identity, adoption.ConnectionLimit)
}

func (s *Server) takeOver(ctx context.Context, tx pgx.Tx, a Adoption) (*ledger.Row, error) {
	_, err := tx.Exec(ctx, `UPDATE ledger.tenant SET installation = $2, organisation = $3, hosts = $4, connection_limit = $5,
		state = 'active', purge_at = NULL, retired_at = NULL, epoch = epoch + 1 WHERE identity = $1`,
		a.Identity, a.Installation, a.Organisation, a.hosts(), a.ConnectionLimit)
	if err != nil {
		return nil, err
	}
	if _, err := tx.Exec(ctx, "DELETE FROM ledger.teardown WHERE identity = $1", a.Identity); err != nil {
		return nil, err
	}
	if err := settle(ctx, tx, a.Identity); err != nil {
		return nil, err
	}
	return row(ctx, tx, a.Identity)
}

// settle brings login and limit of the login role to what the row says.
func settle(ctx context.Context, tx pgx.Tx, identity string) error {
	_, err := tx.Exec(ctx, "SELECT ledger.settle($1)", identity)
	return err
}
