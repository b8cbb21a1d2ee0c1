package campaign

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"k8s.io/apimachinery/pkg/util/wait"
)

// facts are what the ledger says and what is on the server, one line for each, without
// times, numbers of objects and epochs.
var facts = []string{
	`SELECT 'ledger row ' || (to_jsonb(t) - '{epoch,prepared_oid,created_at,retired_at,purge_at,admin_at}'::text[] || jsonb_build_object(
		'retired', retired_at IS NOT NULL, 'purged', purge_at IS NOT NULL, 'admin replaced', admin_at IS NOT NULL,
		'prepared', EXISTS (SELECT FROM pg_database d WHERE d.oid = prepared_oid AND d.datname = t.database)))::text
		FROM ledger.tenant t ORDER BY 1`,
	`SELECT 'ledger run ' || (to_jsonb(r) - 'at')::text FROM ledger.run r ORDER BY 1`,
	`SELECT 'ledger teardown ' || (to_jsonb(d) - 'at')::text FROM ledger.teardown d ORDER BY 1`,
	`SELECT 'role ' || jsonb_build_object('name', rolname, 'login', rolcanlogin, 'limit', rolconnlimit, 'inherit', rolinherit,
		'elevated', rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls,
		'settings', (SELECT setconfig FROM pg_db_role_setting WHERE setrole = a.oid AND setdatabase = 0),
		'mark', shobj_description(a.oid, 'pg_authid'),
		'verifier', encode(sha256(convert_to(rolpassword, 'UTF8')), 'hex'),
		'lent to', (SELECT array_agg(pg_get_userbyid(member) ORDER BY 1) FROM pg_auth_members WHERE roleid = a.oid),
		'sessions', (SELECT count(*) FROM pg_stat_activity WHERE usesysid = a.oid))::text
		FROM pg_authid a WHERE rolname IN (` + tenantRoles + `) ORDER BY 1`,
	`SELECT 'database ' || jsonb_build_object('name', datname, 'owner', pg_get_userbyid(datdba), 'open', datallowconn, 'limit', datconnlimit,
		'access', (SELECT array_agg(entry::text ORDER BY entry::text) FROM unnest(datacl) entry))::text
		FROM pg_database WHERE datname IN (` + tenantDatabases + `) ORDER BY 1`,
	`SELECT 'lock held ' || locktype || ' by a transaction of ' || usename FROM pg_locks l JOIN pg_stat_activity s USING (pid)
		WHERE s.state LIKE 'idle in transaction%' ORDER BY 1`,
}

// ended waits until PostgreSQL has ended the operator's own sessions as a tenant: it logs
// in as the app does, and out again, and the server's process ends a moment later. One
// that was leaked stays, and is seen; sessions of the tenant's are not waited for.
func (s *subject) ended(ctx context.Context) error {
	const question = `SELECT 'session' FROM pg_stat_activity WHERE application_name = 'organisation-operator' AND usename IN (` + tenantRoles + `)`
	err := wait.PollUntilContextTimeout(ctx, 20*time.Millisecond, 10*time.Second, true, func(context.Context) (bool, error) {
		open, err := column(ctx, s.stage.ledger, question)
		return len(open) == 0, err
	})
	if wait.Interrupted(err) && ctx.Err() == nil {
		return nil
	}
	return err
}

// rows are all facts.
func (s *subject) rows(ctx context.Context) ([]string, error) {
	if err := s.ended(ctx); err != nil {
		return nil, err
	}
	var texts []string
	for _, question := range facts {
		found, err := column(ctx, s.stage.ledger, question)
		if err != nil {
			return nil, err
		}
		texts = append(texts, found...)
	}
	schemas, err := s.schemas(ctx)
	return append(texts, schemas...), err
}

// schemas of the tenants' databases, with their owners.
func (s *subject) schemas(ctx context.Context) ([]string, error) {
	databases, err := column(ctx, s.stage.ledger, tenantDatabases)
	if err != nil {
		return nil, err
	}
	var texts []string
	for _, database := range databases {
		conn, err := pgx.Connect(ctx, s.stage.lane.Postgres.DSN(database))
		if err != nil {
			return nil, fmt.Errorf("looking into database %s: %w", database, err)
		}
		found, err := column(ctx, conn, `SELECT 'schema ' || current_database() || '.' || nspname || ' of ' || pg_get_userbyid(nspowner)
			FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' ORDER BY 1`)
		_ = conn.Close(ctx)
		if err != nil {
			return nil, err
		}
		texts = append(texts, found...)
	}
	return texts, nil
}

// balance: on the server there is nothing without a row, and no row without what it
// names.
func (s *subject) balance(ctx context.Context) error {
	for _, account := range []struct{ what, actual, booked string }{
		{"databases", tenantDatabases, "SELECT database FROM ledger.tenant ORDER BY 1"},
		{"roles", tenantRoles, "SELECT unnest(ARRAY[owner_role, login_role]) FROM ledger.tenant ORDER BY 1"},
	} {
		actual, err := column(ctx, s.stage.ledger, account.actual)
		if err != nil {
			return err
		}
		booked, err := column(ctx, s.stage.ledger, account.booked)
		if err != nil {
			return err
		}
		slices.Sort(actual)
		slices.Sort(booked)
		if !slices.Equal(actual, booked) {
			return fmt.Errorf("%s on the server are %v, and those in the ledger %v", account.what, actual, booked)
		}
	}
	return nil
}
