package postgres

import (
	"context"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/glific/organisation-operator/internal/ledger"
)

// SetLimit changes the connection limit of a living tenant, in the ledger, on its
// role and on its database, in one transaction. Raising it may be refused with a
// BudgetError. Raise it before a rollout that needs more, lower it after.
func (s *Server) SetLimit(ctx context.Context, ref ledger.Ref, limit int) error {
	return s.transact(ctx, "setting the connection limit of "+ref.Identity, func(ctx context.Context, tx pgx.Tx) error {
		if err := lockClaims(ctx, tx); err != nil {
			return err
		}
		found, err := current(ctx, tx, ref)
		if err != nil || found.ConnectionLimit == limit {
			return err
		}
		if limit > found.ConnectionLimit {
			if err := s.afford(ctx, tx, ref.Identity, limit); err != nil {
				return err
			}
		}
		_, err = tx.Exec(ctx, "UPDATE ledger.tenant SET connection_limit = $2 WHERE identity = $1", ref.Identity, limit)
		if err != nil {
			return err
		}
		if err := settle(ctx, tx, ref.Identity); err != nil {
			return err
		}
		return limitDatabase(ctx, tx, found.Database, limit)
	})
}

// limitDatabase does nothing if the database does not exist yet: it will be made with
// the row's limit.
func limitDatabase(ctx context.Context, tx pgx.Tx, database string, limit int) error {
	var exists bool
	err := tx.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", database).Scan(&exists)
	if err != nil || !exists {
		return err
	}
	_, err = tx.Exec(ctx, "ALTER DATABASE "+identifier(database)+" WITH CONNECTION LIMIT "+strconv.Itoa(limit+ledger.OperatorShare))
	return err
}

// SetLogin lets a living tenant log in (resume) or not (suspend), and returns the row
// as it is afterwards. Shutting out ends the sessions that are open. Repeating it
// changes nothing, but ends sessions that slipped in.
func (s *Server) SetLogin(ctx context.Context, ref ledger.Ref, on bool) (*ledger.Row, error) {
	wanted := ledger.Suspended
	if on {
		wanted = ledger.Active
	}
	after, err := s.changeState(ctx, "switching the login of "+ref.Identity, ref, func(ctx context.Context, tx pgx.Tx, found ledger.Row) (bool, error) {
		if !found.State.Living() {
			return false, ledger.ErrStale
		}
		if found.State == wanted {
			return false, nil
		}
		return true, setState(ctx, tx, ref, wanted)
	})
	if err != nil || on {
		return after, err
	}
	return after, s.endSessions(ctx, ref.Identity)
}

// setState also forgets that a suspension or teardown was counted, once it is over.
func setState(ctx context.Context, tx pgx.Tx, ref ledger.Ref, state ledger.State) error {
	_, err := tx.Exec(ctx, "UPDATE ledger.tenant SET state = $2, epoch = epoch + 1 WHERE identity = $1", ref.Identity, state)
	if err != nil || state != ledger.Active {
		return err
	}
	_, err = tx.Exec(ctx, "DELETE FROM ledger.teardown WHERE identity = $1 AND installation = $2", ref.Identity, ref.Installation)
	return err
}

// changeState runs a change of the row and brings the login role after it, in one
// transaction: there is no moment in which the row says one thing and the role another.
func (s *Server) changeState(ctx context.Context, doing string, ref ledger.Ref, change func(context.Context, pgx.Tx, ledger.Row) (bool, error)) (*ledger.Row, error) {
	after, err := s.changeOnce(ctx, doing, ref, change)
	if sqlState(err) != lockNotAvailable {
		return after, err
	}
	// A tenant can lock its own role for as long as it has a session.
	if err := s.endSessions(ctx, ref.Identity); err != nil {
		return nil, err
	}
	return s.changeOnce(ctx, doing, ref, change)
}

// lockNotAvailable: lock_timeout has passed (manual, "PostgreSQL Error Codes").
const lockNotAvailable = "55P03"

func (s *Server) changeOnce(ctx context.Context, doing string, ref ledger.Ref, change func(context.Context, pgx.Tx, ledger.Row) (bool, error)) (*ledger.Row, error) {
	var after *ledger.Row
	err := s.transact(ctx, doing, func(ctx context.Context, tx pgx.Tx) error {
		found, err := current(ctx, tx, ref)
		if err != nil {
			return err
		}
		after = found
		changed, err := change(ctx, tx, *found)
		if err != nil || !changed {
			return err
		}
		if err := settle(ctx, tx, ref.Identity); err != nil {
			return err
		}
		after, err = row(ctx, tx, ref.Identity)
		return err
	})
	return after, err
}

// endSessions ends what is open; new logins are refused since the last commit.
func (s *Server) endSessions(ctx context.Context, identity string) error {
	return s.ask(ctx, "ending the sessions of "+identity, askTimeout, func(ctx context.Context, conn *pgxpool.Conn) error {
		_, err := conn.Exec(ctx, "SELECT ledger.end_sessions($1)", identity)
		return err
	})
}
