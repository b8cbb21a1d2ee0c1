package postgres

import (
	"context"
	"errors"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/glific/organisation-operator/internal/ledger"
)

// OwnerRole is the name of the role that owns a tenant's database; the login role
// is called like the database itself.
func OwnerRole(database string) string { return database + "-owner" }

// Claim asks for a row, and with it for a name, a place and connections.
type Claim struct {
	Subject
	Installation string
	// Database is the name to be, <slug>-<hash8>-<incarnation>, from which both roles
	// are named; it never changes afterwards.
	Database        string
	Incarnation     int
	ConnectionLimit int // at least 1
	// Fresh claims although other data of this name or host exists (adopt.fresh).
	Fresh bool
}

// Claim inserts the row of a new tenant, or brings the hosts of an existing one up to
// date. It is one transaction under a lock of the whole server, so that two claims can
// neither share a name nor the last connections. Refusals, each without any write:
// RetainedDataError, ForeignError, IdentityInUseError, NameTakenError, BudgetError.
// A row of this identity that is retained or doomed is a RetainedDataError: adopt it.
func (s *Server) Claim(ctx context.Context, claim Claim) (*ledger.Row, error) {
	var claimed *ledger.Row
	err := s.transact(ctx, "claiming "+claim.Database, func(ctx context.Context, tx pgx.Tx) error {
		if err := lockClaims(ctx, tx); err != nil {
			return err
		}
		existing, err := row(ctx, tx, claim.Identity)
		if err != nil {
			return err
		}
		if existing != nil {
			claimed, err = s.refresh(ctx, tx, *existing, claim)
			return err
		}
		claimed, err = s.insert(ctx, tx, claim)
		return err
	})
	return claimed, err
}

// lockClaims makes claims, adoptions and changes of limits wait for each other until
// the transaction ends.
func lockClaims(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", int64(claimLock))
	return err
}

// refresh accepts a second claim of the same tenant.
func (s *Server) refresh(ctx context.Context, tx pgx.Tx, existing ledger.Row, claim Claim) (*ledger.Row, error) {
	switch {
	case !existing.State.Living():
		return nil, &ledger.RetainedDataError{Server: s.name, Rows: []ledger.Row{existing}}
	case existing.Installation != claim.Installation:
		return nil, s.foreign(ctx, tx, existing)
	case existing.Organisation != claim.Organisation:
		return nil, &ledger.IdentityInUseError{Row: existing}
	case slices.Equal(existing.Hosts, claim.hosts()):
		return &existing, nil
	}
	_, err := tx.Exec(ctx, "UPDATE ledger.tenant SET hosts = $2 WHERE identity = $1", claim.Identity, claim.hosts())
	existing.Hosts = claim.hosts()
	return &existing, err
}

// insert makes the row after everything that could forbid it was asked.
func (s *Server) insert(ctx context.Context, tx pgx.Tx, claim Claim) (*ledger.Row, error) {
	if !claim.Fresh {
		found, err := rows(ctx, tx, shadowed, claim.Identity, claim.Organisation, claim.hosts())
		if err != nil {
			return nil, err
		}
		if len(found) > 0 {
			return nil, &ledger.RetainedDataError{Server: s.name, Rows: found}
		}
	}
	if err := s.nameFree(ctx, tx, claim.Database); err != nil {
		return nil, err
	}
	if err := s.afford(ctx, tx, claim.Identity, claim.ConnectionLimit); err != nil {
		return nil, err
	}
	_, err := tx.Exec(ctx, `INSERT INTO ledger.tenant (identity, installation, organisation, hosts, database,
		owner_role, login_role, incarnation, connection_limit, state) VALUES ($1, $2, $3, $4, $5, $6, $5, $7, $8, 'active')`,
		claim.Identity, claim.Installation, claim.Organisation, claim.hosts(), claim.Database,
		OwnerRole(claim.Database), claim.Incarnation, claim.ConnectionLimit)
	if err != nil {
		return nil, err
	}
	return row(ctx, tx, claim.Identity)
}

// nameFree refuses names that exist on the server or in another row: they are not
// ours, and are never taken over.
func (s *Server) nameFree(ctx context.Context, tx pgx.Tx, database string) error {
	taken := ledger.NameTakenError{Server: s.name}
	err := tx.QueryRow(ctx, `SELECT 'database', datname FROM pg_database WHERE datname = $1
		UNION ALL SELECT 'role', rolname FROM pg_roles WHERE rolname IN ($1, $2)
		UNION ALL SELECT 'ledger row', database FROM ledger.tenant WHERE database = $1 LIMIT 1`,
		database, OwnerRole(database)).Scan(&taken.Kind, &taken.Name)
	switch {
	case err == nil:
		return &taken
	case errors.Is(err, pgx.ErrNoRows):
		return nil
	}
	return err
}

// foreign looks for signs of life before it refuses: a session of the other
// installation's operator, or of the tenant's pods.
func (s *Server) foreign(ctx context.Context, on querier, row ledger.Row) error {
	living, err := signOfLife(ctx, on, row)
	if err != nil {
		return err
	}
	return &ledger.ForeignError{Server: s.name, Row: row, Living: living}
}

func signOfLife(ctx context.Context, on querier, row ledger.Row) (string, error) {
	var living string
	err := on.QueryRow(ctx, `SELECT CASE
		WHEN EXISTS (SELECT FROM pg_stat_activity WHERE usename = $1) THEN 'its app is connected to the database'
		WHEN EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2
			AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
			AND classid = $2::bigint AND objid = ($3::bigint & 4294967295)) THEN 'its operator is connected to the server'
		ELSE '' END`, row.LoginRole, int64(installationLock), int64(installationKey(row.Installation))).Scan(&living)
	return living, err
}
