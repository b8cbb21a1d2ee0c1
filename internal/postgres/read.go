package postgres

import (
	"context"
	_ "embed"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/glific/organisation-operator/internal/ledger"
)

// selectRow reads columns of ledger.tenant for a Row; a WHERE follows.
const selectRow = `SELECT identity, installation, organisation, hosts, database, owner_role, login_role, incarnation,
	connection_limit, state, purge_at, key_fingerprint, epoch, bootstrap, admin_digest, admin_at,
	verifier_digest, prepared_oid, created_at, retired_at FROM ledger.tenant `

//go:embed facts.sql
var selectFacts string

// Read returns what ledger and server say about an identity, in one statement.
// nil without an error means that the server answered: there is no such row.
func (s *Server) Read(ctx context.Context, identity string) (*ledger.Tenant, error) {
	var tenant *ledger.Tenant
	err := s.ask(ctx, "reading tenant "+identity, askTimeout, func(ctx context.Context, conn *pgxpool.Conn) error {
		var err error
		tenant, err = readTenant(ctx, conn, identity)
		return err
	})
	return tenant, err
}

// querier is what a session, a pooled session and a transaction have in common.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

func readTenant(ctx context.Context, on querier, identity string) (*ledger.Tenant, error) {
	var t ledger.Tenant
	owner, login, database := &t.Facts.Owner, &t.Facts.Login, &t.Facts.Database
	err := on.QueryRow(ctx, selectFacts, identity).Scan(
		&t.Identity, &t.Installation, &t.Organisation, &t.Hosts, &t.Database, &t.OwnerRole, &t.LoginRole, &t.Incarnation,
		&t.ConnectionLimit, &t.State, &t.PurgeAt, &t.KeyFingerprint, &t.Epoch, &t.Bootstrap, &t.AdminDigest, &t.AdminAt,
		&t.VerifierDigest, &t.PreparedOID, &t.CreatedAt, &t.RetiredAt,
		&owner.Exists, &owner.Ours, &owner.CanLogin, &owner.Limit, &owner.Elevated, &owner.Member,
		&login.Exists, &login.Ours, &login.CanLogin, &login.Limit, &login.Elevated, &login.Member,
		&database.Exists, &database.OID, &database.Owned, &database.AllowConnections, &database.Limit, &database.Closed,
		&t.Facts.Sessions, &t.Facts.SuspensionAsked, &t.Facts.Now, &t.Runs)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &t, nil
}

// rows collects the ledger rows that a condition selects.
func rows(ctx context.Context, on querier, condition string, args ...any) ([]ledger.Row, error) {
	found, err := on.Query(ctx, selectRow+condition, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(found, pgx.RowToStructByName[ledger.Row])
}

// row reads one row for a write, and locks it; nil if there is none.
func row(ctx context.Context, tx pgx.Tx, identity string) (*ledger.Row, error) {
	found, err := rows(ctx, tx, "WHERE identity = $1 FOR UPDATE", identity)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// current reads the row behind a Ref for a write: ErrNotFound if it is gone,
// ErrStale if it changed hands or state.
func current(ctx context.Context, tx pgx.Tx, ref ledger.Ref) (*ledger.Row, error) {
	found, err := row(ctx, tx, ref.Identity)
	switch {
	case err != nil:
		return nil, err
	case found == nil:
		return nil, ledger.ErrNotFound
	case found.Ref() != ref:
		return nil, ledger.ErrStale
	}
	return found, nil
}

// Subject is what an Organisation would be known by on a server.
type Subject struct {
	Identity     string
	Organisation string   // metadata.name
	Hosts        []string // lower case
}

// shadowed selects rows of another identity with the same name or a host in common.
const shadowed = `WHERE identity <> $1 AND state <> 'dropping' AND (organisation = $2 OR hosts && $3)
	ORDER BY coalesce(retired_at, created_at) DESC, identity LIMIT 20`

// Shadowing returns the rows that an empty database for this subject would shadow:
// those of another identity, in any state and of any installation, that carry the
// same Organisation name or one of the hosts; the newest first, at most 20.
func (s *Server) Shadowing(ctx context.Context, subject Subject) ([]ledger.Row, error) {
	var found []ledger.Row
	err := s.ask(ctx, "looking for retained data", askTimeout, func(ctx context.Context, conn *pgxpool.Conn) error {
		var err error
		found, err = rows(ctx, conn, shadowed, subject.Identity, subject.Organisation, subject.hosts())
		return err
	})
	return found, err
}

// hosts is never nil, which would be NULL.
func (s Subject) hosts() []string {
	if s.Hosts == nil {
		return []string{}
	}
	return s.Hosts
}

// List returns the rows of an installation by name, or all rows if it is empty.
func (s *Server) List(ctx context.Context, installation string) ([]ledger.Row, error) {
	var found []ledger.Row
	err := s.ask(ctx, "listing tenants", askTimeout, func(ctx context.Context, conn *pgxpool.Conn) error {
		var err error
		found, err = rows(ctx, conn, "WHERE $1 IN ('', installation) ORDER BY organisation, identity", installation)
		return err
	})
	return found, err
}
