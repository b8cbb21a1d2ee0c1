package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/glific/organisation-operator/internal/ledger"
)

// Retirement says what becomes of the data of a deleted Organisation.
type Retirement struct {
	// Purge dooms the data; otherwise it is retained until somebody adopts it.
	Purge bool
	// Grace is how long doomed data can still be adopted, by the server's clock.
	Grace time.Duration
}

// Retire takes the tenant out of service: logins off, row retained or doomed, then its
// sessions are ended. Nothing is destroyed. Repeating it changes nothing; retiring
// again the other way turns retained into doomed and back.
func (s *Server) Retire(ctx context.Context, ref ledger.Ref, retirement Retirement) (*ledger.Row, error) {
	after, err := s.changeState(ctx, "retiring "+ref.Identity, ref, func(ctx context.Context, tx pgx.Tx, found ledger.Row) (bool, error) {
		wanted := ledger.Retained
		if retirement.Purge {
			wanted = ledger.Doomed
		}
		if found.State == wanted || found.State == ledger.Dropping {
			return false, nil
		}
		_, err := tx.Exec(ctx, `UPDATE ledger.tenant SET state = $2, epoch = epoch + 1,
			purge_at = CASE WHEN $2 = 'doomed' THEN now() + $3::interval END, retired_at = coalesce(retired_at, now())
			WHERE identity = $1`, ref.Identity, wanted, retirement.Grace)
		return true, err
	})
	if err != nil {
		return after, err
	}
	return after, s.endSessions(ctx, ref.Identity)
}
