package postgres

import (
	"context"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/glific/organisation-operator/internal/ledger"
)

// Provision brings roles, database, privileges, limits and schema public of a living
// row to what they must be. It reads first and writes only what differs, so that a
// second run writes nothing, and every step can be the last one before a crash.
// verifier is from [login.Verifier]; the same one sends identical bytes.
//
// It refuses with NameTakenError if a role or database of the row's name is not ours
// and with ErrDatabaseLost if a database that was filled is gone.
func (s *Server) Provision(ctx context.Context, ref ledger.Ref, verifier string) (*ledger.Tenant, error) {
	release, err := s.slot(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	var tenant *ledger.Tenant
	err = s.ask(ctx, "provisioning tenant "+ref.Identity, databaseTimeout, func(ctx context.Context, conn *pgxpool.Conn) error {
		tenant, err = s.provision(ctx, conn, ref, verifier)
		return err
	})
	return tenant, err
}

// ResetPassword sends the verifier again although the ledger says that it is set: for a
// tenant that changed its own password, which only [Server.TryLogin] notices. Repeating
// it changes nothing.
func (s *Server) ResetPassword(ctx context.Context, ref ledger.Ref, verifier string) error {
	return s.ask(ctx, "resetting the password of "+ref.Identity, askTimeout, func(ctx context.Context, conn *pgxpool.Conn) error {
		if _, err := s.provisionable(ctx, conn, ref); err != nil {
			return err
		}
		return putRoles(ctx, conn, ref, verifier)
	})
}

func (s *Server) provision(ctx context.Context, conn *pgxpool.Conn, ref ledger.Ref, verifier string) (*ledger.Tenant, error) {
	t, err := s.provisionable(ctx, conn, ref)
	if err != nil {
		return nil, err
	}
	if len(t.Drift(verifier)) == 0 {
		return t, nil
	}
	if t.Bootstrap == ledger.Rebuilding {
		if err := s.finishRebuild(ctx, conn, t); err != nil {
			return nil, err
		}
		t.Facts.Database = ledger.DatabaseFacts{}
	}
	if !t.RolesSettled(verifier) {
		if err := putRoles(ctx, conn, ref, verifier); err != nil {
			return nil, err
		}
	}
	if err := s.putDatabase(ctx, conn, t); err != nil {
		return nil, err
	}
	return readTenant(ctx, conn, ref.Identity)
}

// provisionable reads the tenant and refuses whatever is not ours to touch.
func (s *Server) provisionable(ctx context.Context, on querier, ref ledger.Ref) (*ledger.Tenant, error) {
	t, err := readTenant(ctx, on, ref.Identity)
	switch {
	case err != nil:
		return nil, err
	case t == nil:
		return nil, ledger.ErrNotFound
	case t.Ref() != ref || !t.State.Living():
		return nil, ledger.ErrStale
	}
	if err := s.ours(t); err != nil {
		return nil, err
	}
	if !t.Facts.Database.Exists && t.Bootstrap == ledger.Bootstrapped {
		return nil, fmt.Errorf("database %s: %w", t.Database, ledger.ErrDatabaseLost)
	}
	return t, nil
}

// ours refuses roles without our mark or with more rights than a tenant has, and a
// database that our owner role does not own.
func (s *Server) ours(t *ledger.Tenant) error {
	roles := map[string]ledger.RoleFacts{t.OwnerRole: t.Facts.Owner, t.LoginRole: t.Facts.Login}
	for _, name := range []string{t.OwnerRole, t.LoginRole} {
		switch facts := roles[name]; {
		case facts.Exists && !facts.Ours:
			return &ledger.NameTakenError{Server: s.name, Kind: "role", Name: name}
		case facts.Elevated:
			return fmt.Errorf("role %s was given rights that no tenant has: an administrator must take them away "+
				"(superuser, createrole, createdb, replication, bypassrls, memberships)", name)
		}
	}
	if t.Facts.Database.Exists && !t.Facts.Database.Owned {
		return &ledger.NameTakenError{Server: s.name, Kind: "database", Name: t.Database}
	}
	return nil
}

// putRoles makes or mends both roles; the row is locked so that nobody retires it meanwhile.
func putRoles(ctx context.Context, conn *pgxpool.Conn, ref ledger.Ref, verifier string) error {
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := current(ctx, tx, ref); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "SELECT ledger.put_roles($1, $2)", ref.Identity, verifier)
		return err
	})
}

// putDatabase makes the database, closed to everybody until its privileges are right,
// and then hands schema public to the login role.
func (s *Server) putDatabase(ctx context.Context, conn *pgxpool.Conn, t *ledger.Tenant) error {
	if !t.Facts.Database.Exists {
		if err := s.createDatabase(ctx, conn, t.Row); err != nil {
			return err
		}
	}
	if !t.DatabaseSettled() {
		if err := settleDatabase(ctx, conn, t.Row); err != nil {
			return err
		}
	}
	if t.Facts.Database.Exists && t.PreparedOID == t.Facts.Database.OID {
		return nil
	}
	if err := s.handOverSchema(ctx, t.Row); err != nil {
		return err
	}
	return prepared(ctx, conn, t.Ref())
}

// createDatabase admits no session yet: a new database is open to every role of the
// server until PUBLIC is shut out.
func (s *Server) createDatabase(ctx context.Context, conn *pgxpool.Conn, row ledger.Row) error {
	_, err := conn.Exec(ctx, "CREATE DATABASE "+identifier(row.Database)+" OWNER "+identifier(row.OwnerRole)+
		" TEMPLATE template0 STRATEGY wal_log ENCODING 'UTF8' ALLOW_CONNECTIONS false"+
		" CONNECTION LIMIT "+strconv.Itoa(row.ConnectionLimit+ledger.OperatorShare))
	if sqlState(err) == "42P04" {
		return &ledger.NameTakenError{Server: s.name, Kind: "database", Name: row.Database}
	}
	return err
}

// settleDatabase sets privileges and limits and opens the database, in one transaction.
func settleDatabase(ctx context.Context, conn *pgxpool.Conn, row ledger.Row) error {
	database, loginRole := identifier(row.Database), identifier(row.LoginRole)
	return execAll(ctx, conn, row.Ref(),
		"REVOKE ALL ON DATABASE "+database+" FROM PUBLIC",
		"REVOKE ALL ON DATABASE "+database+" FROM "+loginRole,
		"GRANT CONNECT, CREATE, TEMPORARY ON DATABASE "+database+" TO "+loginRole,
		"ALTER DATABASE "+database+" WITH ALLOW_CONNECTIONS true CONNECTION LIMIT "+
			strconv.Itoa(row.ConnectionLimit+ledger.OperatorShare))
}

// execAll runs statements in one transaction in which the row is as ref says.
func execAll(ctx context.Context, conn *pgxpool.Conn, ref ledger.Ref, statements ...string) error {
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := current(ctx, tx, ref); err != nil {
			return err
		}
		for _, statement := range statements {
			if _, err := tx.Exec(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	})
}

// handOverSchema gives schema public to the login role: the app's structure and its
// trusted extensions need that, and it gives no right over the database.
func (s *Server) handOverSchema(ctx context.Context, row ledger.Row) error {
	return s.inDatabase(ctx, row.Database, func(ctx context.Context, conn *pgx.Conn) error {
		var pending bool
		err := conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_namespace n JOIN pg_roles r ON r.oid = n.nspowner
			WHERE n.nspname = 'public' AND r.rolname <> $1)`, row.LoginRole).Scan(&pending)
		if err != nil || !pending {
			return err
		}
		_, err = conn.Exec(ctx, "ALTER SCHEMA public OWNER TO "+identifier(row.LoginRole))
		return err
	})
}

// prepared notes that schema public of the present database is handed over.
func prepared(ctx context.Context, conn *pgxpool.Conn, ref ledger.Ref) error {
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		found, err := current(ctx, tx, ref)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE ledger.tenant SET prepared_oid = (SELECT oid FROM pg_database WHERE datname = $2)
			WHERE identity = $1`, ref.Identity, found.Database)
		return err
	})
}

// identifier quotes a name for DDL, which takes no parameters.
func identifier(name string) string { return pgx.Identifier{name}.Sanitize() }
