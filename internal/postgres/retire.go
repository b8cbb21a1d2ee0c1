package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

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

// EndStraySessions ends what sessions tenants of an installation have although their
// login is off: an operator that died between switching it off and ending them left them.
func (s *Server) EndStraySessions(ctx context.Context, installation string) error {
	var strays []string
	err := s.ask(ctx, "looking for sessions of tenants that are out of service", askTimeout, func(ctx context.Context, conn *pgxpool.Conn) error {
		found, err := conn.Query(ctx, `SELECT identity FROM ledger.tenant t WHERE installation = $1 AND state <> 'active'
			AND EXISTS (SELECT FROM pg_stat_activity a WHERE a.usename = t.login_role) ORDER BY identity`, installation)
		if err != nil {
			return err
		}
		strays, err = pgx.CollectRows(found, pgx.RowTo[string])
		return err
	})
	if err != nil {
		return err
	}
	for _, identity := range strays {
		if err := s.endSessions(ctx, identity); err != nil {
			return err
		}
	}
	return nil
}
