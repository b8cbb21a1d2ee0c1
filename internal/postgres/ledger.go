package postgres

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/glific/organisation-operator/internal/ledger"
)

// BootstrapSQL makes the ledger, its functions and the daily role, and may be run
// any number of times. It is for the database organisation_operator, which must
// exist, and for an administrator: see docs/managed-postgres.md.
//
//go:embed bootstrap.sql
var BootstrapSQL string

// ledgerVersion is the version that bootstrap.sql leaves behind.
const ledgerVersion = 2

const bootstrapCure = "an administrator must run bootstrap.sql once (docs/managed-postgres.md)"

// EnsureLedger makes or updates the ledger if this credential may, that is a
// superuser or a role with CREATEROLE and CREATEDB. With the daily role it only
// looks, and returns ErrLedgerMissing with the cure if there is nothing to find.
func (s *Server) EnsureLedger(ctx context.Context) error {
	err := s.checkLedger(ctx)
	if !errors.Is(err, ledger.ErrLedgerMissing) {
		return err
	}
	missing := err
	able, err := s.createLedgerDatabase(ctx)
	if err != nil || !able {
		return errors.Join(err, missing)
	}
	if err := s.runBootstrap(ctx); err != nil {
		return err
	}
	return s.checkLedger(ctx)
}

// checkLedger returns nil if the ledger is there in the version that we know.
func (s *Server) checkLedger(ctx context.Context) error {
	var version int
	err := s.ask(ctx, "looking for the ledger", askTimeout, func(ctx context.Context, conn *pgxpool.Conn) error {
		return conn.QueryRow(ctx, "SELECT version FROM ledger.version").Scan(&version)
	})
	switch {
	case sqlState(err) == "42501":
		return &ledger.LedgerMissingError{Server: s.name, Cause: "role " + s.config.Username + " may not use it", Cure: bootstrapCure}
	case errors.Is(err, pgx.ErrNoRows):
		return &ledger.LedgerMissingError{Server: s.name, Cause: "it was never finished", Cure: bootstrapCure}
	case err != nil:
		return err
	case version > ledgerVersion:
		return fmt.Errorf("ledger of database server %s has version %d and this operator knows %d: upgrade the operator",
			s.name, version, ledgerVersion)
	case version < ledgerVersion:
		return &ledger.LedgerMissingError{Server: s.name, Cause: fmt.Sprintf("it has the old version %d", version), Cure: bootstrapCure}
	}
	return nil
}

// ledgerMissing recognises the answers that mean that bootstrap.sql was not run
// here: everything else that the operator asks for always exists.
func (s *Server) ledgerMissing(answer *pgconn.PgError) error {
	cause := map[string]string{
		"3F000": "schema ledger does not exist",
		"42P01": "its tables do not exist",
		"42883": "its functions do not exist",
	}[answer.Code]
	if answer.Code == "3D000" && strings.Contains(answer.Message, ledgerDatabase) {
		cause = "database " + ledgerDatabase + " does not exist"
	}
	if cause == "" {
		return nil
	}
	if accepted := s.accepted(); answer.Code == "3D000" && len(accepted) > 0 {
		return &ledger.OtherLedgerError{Server: s.name, Expected: accepted[0]}
	}
	return &ledger.LedgerMissingError{Server: s.name, Cause: cause, Cure: bootstrapCure}
}

// createLedgerDatabase creates the operator's database if it can, and reports
// whether this credential may run bootstrap.sql.
func (s *Server) createLedgerDatabase(ctx context.Context) (able bool, err error) {
	err = s.inMaintenance(ctx, func(ctx context.Context, conn *pgx.Conn) error {
		var exists bool
		err := conn.QueryRow(ctx, `SELECT rolsuper OR (rolcreaterole AND rolcreatedb),
			EXISTS (SELECT FROM pg_database WHERE datname = $1) FROM pg_roles WHERE rolname = current_user`,
			ledgerDatabase).Scan(&able, &exists)
		if err != nil || exists || !able {
			return err
		}
		_, err = conn.Exec(ctx, "CREATE DATABASE organisation_operator TEMPLATE template0 ENCODING 'UTF8'")
		if sqlState(err) == "42P04" || sqlState(err) == "23505" { // another operator was faster
			return nil
		}
		return err
	})
	return able, err
}

// inMaintenance runs work in a database that every server has. A role that may not
// connect to either is no administrator.
func (s *Server) inMaintenance(ctx context.Context, work func(context.Context, *pgx.Conn) error) error {
	for _, database := range []string{"postgres", "template1"} {
		err := s.inDatabase(ctx, database, work)
		if code := sqlState(err); code == "42501" || code == "3D000" {
			continue
		}
		return s.judge(ctx, "creating the ledger", err)
	}
	return nil
}

// runBootstrap runs bootstrap.sql so that this credential becomes the daily role.
func (s *Server) runBootstrap(ctx context.Context) error {
	settings, err := s.session(ledgerDatabase)
	if err != nil {
		return err
	}
	settings.RuntimeParams["organisation_operator.role"] = s.config.Username
	ctx, cancel := context.WithTimeout(ctx, databaseTimeout)
	defer cancel()
	conn, err := pgx.ConnectConfig(ctx, settings)
	if err == nil {
		defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
		_, err = conn.PgConn().Exec(ctx, BootstrapSQL).ReadAll()
	}
	return s.judge(ctx, "running bootstrap.sql", err)
}
