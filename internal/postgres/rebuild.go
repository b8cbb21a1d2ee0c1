package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/glific/organisation-operator/internal/ledger"
)

// Rebuild drops the tenant's own database and makes it anew, empty: for a bootstrap
// that was interrupted half-way. After the first Bootstrapped it is refused with
// ErrBootstrapped, for ever. If it is interrupted, Provision finishes it. The runs of
// kind bootstrap are forgotten.
func (s *Server) Rebuild(ctx context.Context, ref ledger.Ref, verifier string) (*ledger.Tenant, error) {
	after, err := s.changeState(ctx, "rebuilding "+ref.Identity, ref, func(ctx context.Context, tx pgx.Tx, found ledger.Row) (bool, error) {
		switch {
		case !found.State.Living():
			return false, ledger.ErrStale
		case found.Bootstrap == ledger.Bootstrapped:
			return false, ledger.ErrBootstrapped
		case found.Bootstrap == ledger.Rebuilding:
			return false, nil
		}
		_, err := tx.Exec(ctx, `UPDATE ledger.tenant SET bootstrap = 'rebuilding', epoch = epoch + 1
			WHERE identity = $1 AND bootstrap <> 'bootstrapped'`, ref.Identity)
		return true, err
	})
	if err != nil {
		return nil, err
	}
	return s.Provision(ctx, after.Ref(), verifier)
}

// finishRebuild drops the database of a row that is marked for it, and takes the mark
// away only then: a crash in between begins here again.
func (s *Server) finishRebuild(ctx context.Context, conn *pgxpool.Conn, t *ledger.Tenant) error {
	if err := s.dropDatabase(ctx, conn, t.Row, t.State); err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		found, err := current(ctx, tx, t.Ref())
		switch {
		case err != nil:
			return err
		case found.Bootstrap != ledger.Rebuilding:
			return ledger.ErrStale
		}
		if _, err := tx.Exec(ctx, "DELETE FROM ledger.run WHERE identity = $1 AND kind = 'bootstrap'", t.Identity); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "UPDATE ledger.tenant SET bootstrap = '', prepared_oid = 0 WHERE identity = $1", t.Identity)
		return err
	})
}
