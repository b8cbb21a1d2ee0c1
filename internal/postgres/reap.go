package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/glific/organisation-operator/internal/ledger"
)

// Reap drops what an installation doomed and whose time has come, by the server's
// clock, and returns the rows that are gone. One that is blocked does not hold up the
// others: its BlockedError is joined to the result and it is tried again next time.
//
// last, if not nil, removes what the data alone needed. It runs after the database is
// dropped and before the row goes, so that a crash at any point repeats it.
func (s *Server) Reap(ctx context.Context, installation string, last func(context.Context, ledger.Row) error) ([]ledger.Row, error) {
	var due []ledger.Row
	err := s.ask(ctx, "looking for doomed data", askTimeout, func(ctx context.Context, conn *pgxpool.Conn) error {
		var err error
		due, err = rows(ctx, conn, `WHERE installation = $1 AND (state = 'dropping' OR (state = 'doomed' AND purge_at <= now()))
			ORDER BY purge_at, identity`, installation)
		return err
	})
	if err != nil {
		return nil, err
	}
	var (
		gone   []ledger.Row
		failed error
	)
	for _, row := range due {
		err := s.drop(ctx, row, last)
		if err == nil {
			gone = append(gone, row)
			continue
		}
		failed = errors.Join(failed, err)
		if errors.Is(err, ledger.ErrUnreachable) || ctx.Err() != nil {
			break
		}
	}
	return gone, failed
}

// drop passes the point of no return for one row and goes on to the end.
func (s *Server) drop(ctx context.Context, doomed ledger.Row, last func(context.Context, ledger.Row) error) error {
	release, err := s.slot(ctx)
	if err != nil {
		return err
	}
	defer release()
	return s.ask(ctx, "dropping "+doomed.Database, databaseTimeout, func(ctx context.Context, conn *pgxpool.Conn) error {
		dropping, err := markDropping(ctx, conn, doomed)
		if err != nil {
			return err
		}
		if err := s.dropDatabase(ctx, conn, *dropping, ledger.Dropping); err != nil {
			return err
		}
		if last != nil {
			if err := last(ctx, *dropping); err != nil {
				return fmt.Errorf("removing what database %s alone needed: %w", dropping.Database, err)
			}
		}
		_, err = conn.Exec(ctx, "SELECT ledger.finish_drop($1, $2)", dropping.Identity, dropping.Epoch)
		return blockedRole(err, *dropping)
	})
}

// markDropping moves a doomed row whose time has come past the point of no return. An
// adoption that was faster makes it stale.
func markDropping(ctx context.Context, conn *pgxpool.Conn, doomed ledger.Row) (*ledger.Row, error) {
	var marked *ledger.Row
	err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		found, err := current(ctx, tx, doomed.Ref())
		marked = found
		if err != nil || found.State == ledger.Dropping {
			return err
		}
		tag, err := tx.Exec(ctx, `UPDATE ledger.tenant SET state = 'dropping', epoch = epoch + 1
			WHERE identity = $1 AND state = 'doomed' AND purge_at <= now()`, doomed.Identity)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return ledger.ErrStale
		}
		marked, err = row(ctx, tx, doomed.Identity)
		return err
	})
	return marked, err
}

// dropDatabase drops a row's database right after it read that the row is still what
// the caller knows and that the database is ours. FORCE is not used: for a role that
// is no superuser it fails as soon as autovacuum is in the database, and what it would
// end was ended before.
func (s *Server) dropDatabase(ctx context.Context, conn *pgxpool.Conn, row ledger.Row, state ledger.State) error {
	t, err := readTenant(ctx, conn, row.Identity)
	switch {
	case err != nil:
		return err
	case t == nil || t.Ref() != row.Ref() || t.State != state:
		return ledger.ErrStale
	case !t.Facts.Database.Exists:
		return nil
	}
	if err := s.ours(t); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "ALTER DATABASE "+identifier(row.Database)+" WITH ALLOW_CONNECTIONS false"); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "SELECT ledger.end_sessions($1)", row.Identity); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "DROP DATABASE "+identifier(row.Database))
	if code := sqlState(err); code == "55006" || code == "2BP01" {
		return blockers(ctx, conn, row.Database, err)
	}
	return err
}

// blockers names what keeps a database from being dropped: PostgreSQL only counts it.
func blockers(ctx context.Context, conn *pgxpool.Conn, database string, cause error) error {
	found, err := conn.Query(ctx, `
		SELECT 'session ' || pid || ' of role ' || coalesce(usename, backend_type) FROM pg_stat_activity WHERE datname = $1
		UNION ALL SELECT 'prepared transaction ' || gid || ' of role ' || owner FROM pg_prepared_xacts WHERE database = $1
		UNION ALL SELECT 'subscription ' || subname FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid WHERE d.datname = $1
		UNION ALL SELECT 'replication slot ' || slot_name FROM pg_replication_slots WHERE database = $1`, database)
	if err != nil {
		return errors.Join(cause, err)
	}
	names, err := pgx.CollectRows(found, pgx.RowTo[string])
	if err != nil {
		return errors.Join(cause, err)
	}
	if len(names) == 0 {
		names = []string{"something that is gone by now"}
	}
	return &ledger.BlockedError{Name: "database " + database, Blockers: names}
}

// blockedRole names where a tenant's role still holds something.
func blockedRole(err error, row ledger.Row) error {
	var answer *pgconn.PgError
	if !errors.As(err, &answer) || answer.Code != "2BP01" {
		return err
	}
	return &ledger.BlockedError{Name: "a role of " + row.Database, Blockers: []string{fmt.Sprintf("privileges elsewhere: %s", answer.Detail)}}
}
