package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/postgres"
	"github.com/glific/organisation-operator/internal/postgres/postgrestest"
)

// provider makes an administrator like those of managed services: CREATEROLE and
// CREATEDB, but no superuser.
func provider(t *testing.T, server *postgrestest.Server) postgres.Config {
	t.Helper()
	execAs(t, server.DSN("postgres"), "CREATE ROLE provider_admin LOGIN CREATEROLE CREATEDB PASSWORD 'admin'")
	config := superuser(server)
	config.Username, config.Password = "provider_admin", "admin"
	return config
}

// serves provisions a tenant, uses it, and removes it again.
func serves(t *testing.T, cluster *postgrestest.Server, server *postgres.Server) {
	t.Helper()
	who, made := provisioned(t, server, "asha")
	execAs(t, cluster.DSNAs(made.LoginRole, who.password, made.Database), "CREATE EXTENSION pg_trgm", "CREATE TABLE public.t ()")
	if again, err := server.Provision(t.Context(), made.Ref(), who.verifier); err != nil || len(again.Drift(who.verifier)) > 0 {
		t.Errorf("provisioning again: %v, %v", again, err)
	}
	retired, err := server.Retire(t.Context(), made.Ref(), postgres.Retirement{Purge: true})
	if err != nil {
		t.Fatal(err)
	}
	if gone, err := server.Reap(t.Context(), retired.Installation, nil); err != nil || !contains(gone, who.Identity) {
		t.Errorf("reaping: %v, %v", gone, err)
	}
	nothingLeft(t, server, cluster.DSN("postgres"), who)
}

func TestASuperuserBringsItsOwnLedger(t *testing.T) {
	for _, major := range postgrestest.Majors() {
		cluster := postgrestest.New(t, postgrestest.Options{Major: major})
		server := open(t, superuser(cluster), postgres.Options{})
		if _, err := server.Read(t.Context(), "nobody"); !errors.Is(err, ledger.ErrLedgerMissing) {
			t.Errorf("before there is a ledger: %v", err)
		}
		for range 2 {
			if err := server.EnsureLedger(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		serves(t, cluster, server)
		status, err := server.Inspect(t.Context())
		if err != nil || status.LeastPrivilege || !slices.Contains(status.Excess, "is a superuser") {
			t.Errorf("%+v, %v", status, err)
		}
	}
}

func TestAProvidersAdministratorBringsItsOwnLedger(t *testing.T) {
	for _, major := range postgrestest.Majors() {
		cluster := postgrestest.New(t, postgrestest.Options{Major: major})
		server := open(t, provider(t, cluster), postgres.Options{})
		for range 2 {
			if err := server.EnsureLedger(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		serves(t, cluster, server)
		status, err := server.Inspect(t.Context())
		if err != nil || status.LeastPrivilege || !slices.Contains(status.Excess, "has CREATEROLE") {
			t.Errorf("%+v, %v", status, err)
		}
		if slices.Contains(status.Capabilities, postgres.CapabilityTempFileLimit) {
			t.Error("an administrator that is no superuser cannot bound temporary files")
		}
		// It cannot close what it does not own; the status says how.
		if !slices.Contains(status.Weaknesses, `tenants may connect to database postgres: REVOKE CONNECT ON DATABASE "postgres" FROM PUBLIC`) {
			t.Errorf("weaknesses: %v", status.Weaknesses)
		}
	}
}

func TestAProvidersAdministratorBootstrapsForADailyRole(t *testing.T) {
	for _, major := range postgrestest.Majors() {
		cluster := postgrestest.New(t, postgrestest.Options{Major: major})
		admin := provider(t, cluster)
		execAs(t, cluster.DSNAs(admin.Username, admin.Password, "postgres"), "CREATE DATABASE organisation_operator TEMPLATE template0")
		for range 2 {
			execAs(t, cluster.DSNAs(admin.Username, admin.Password, "organisation_operator"), postgres.BootstrapSQL,
				"ALTER ROLE organisation_operator PASSWORD 'daily'")
		}
		server := open(t, daily(cluster), postgres.Options{})
		if err := server.EnsureLedger(t.Context()); err != nil {
			t.Fatal(err)
		}
		serves(t, cluster, server)
		if status, err := server.Inspect(t.Context()); err != nil || !status.LeastPrivilege {
			t.Errorf("%+v, %v", status, err)
		}
	}
}

func TestTheDailyRoleSaysWhatIsMissing(t *testing.T) {
	for _, major := range postgrestest.Majors() {
		cluster := postgrestest.New(t, postgrestest.Options{Major: major})
		execAs(t, cluster.DSN("postgres"), "CREATE ROLE organisation_operator LOGIN CREATEDB PASSWORD 'daily'")
		for _, step := range []struct{ make, database, want string }{
			{"SELECT 1", "postgres", "database organisation_operator does not exist"},
			{"CREATE DATABASE organisation_operator", "postgres", "its tables do not exist"},
			{"CREATE SCHEMA ledger; CREATE TABLE ledger.version (version int)", "organisation_operator", "role organisation_operator may not use it"},
			{"GRANT USAGE ON SCHEMA ledger TO PUBLIC; GRANT SELECT ON ledger.version TO PUBLIC", "organisation_operator", "it was never finished"},
			{"INSERT INTO ledger.version VALUES (0)", "organisation_operator", "it has the old version 0"},
		} {
			execAs(t, cluster.DSN(step.database), step.make)
			err := open(t, daily(cluster), postgres.Options{}).EnsureLedger(t.Context())
			if !errors.Is(err, ledger.ErrLedgerMissing) || !strings.Contains(err.Error(), step.want) || !strings.Contains(err.Error(), "bootstrap.sql") {
				t.Errorf("PostgreSQL %d, after %q: %v", major, step.make, err)
			}
		}
		execAs(t, cluster.DSN("organisation_operator"), "UPDATE ledger.version SET version = 99")
		if err := open(t, daily(cluster), postgres.Options{}).EnsureLedger(t.Context()); err == nil || !strings.Contains(err.Error(), "upgrade the operator") {
			t.Errorf("a ledger of the future: %v", err)
		}
	}
}

func TestBootstrapRunsInPsqlForARoleOfAnotherName(t *testing.T) {
	psql, err := exec.LookPath("psql")
	if err != nil {
		t.Skip("psql is not installed")
	}
	for _, major := range postgrestest.Majors() {
		cluster := postgrestest.New(t, postgrestest.Options{Major: major})
		execAs(t, cluster.DSN("postgres"), "CREATE DATABASE organisation_operator")
		file := filepath.Join(t.TempDir(), "bootstrap.sql")
		if err := os.WriteFile(file, []byte(postgres.BootstrapSQL), 0o600); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			command := exec.CommandContext(t.Context(), psql, cluster.DSN("organisation_operator"), "-v", "ON_ERROR_STOP=1", "-f", file)
			command.Env = []string{"PGOPTIONS=-c organisation_operator.role=platform"}
			if out, err := command.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
		}
		execAs(t, cluster.DSN("postgres"), "ALTER ROLE platform PASSWORD 'daily'")
		config := daily(cluster)
		config.Username = "platform"
		serves(t, cluster, open(t, config, postgres.Options{}))
	}
}

func TestBootstrapRefusesTheWrongPlace(t *testing.T) {
	for _, major := range postgrestest.Majors() {
		cluster := postgrestest.New(t, postgrestest.Options{Major: major})
		if err := tryAs(t, cluster.DSN("postgres"), postgres.BootstrapSQL); err == nil || !strings.Contains(err.Error(), "in the database organisation_operator, not in postgres") {
			t.Errorf("in another database: %v", err)
		}
		execAs(t, cluster.DSN("postgres"), "CREATE DATABASE organisation_operator", "CREATE ROLE organisation_operator_definer LOGIN")
		if err := tryAs(t, cluster.DSN("organisation_operator"), postgres.BootstrapSQL); err == nil || !strings.Contains(err.Error(), "is not the one that bootstrap.sql makes") {
			t.Errorf("over a role of somebody else: %v", err)
		}
		if left := queryAs(t, cluster.DSN("organisation_operator"), "SELECT count(*) FROM pg_namespace WHERE nspname = 'ledger'"); left != "0" {
			t.Error("half of it was done")
		}
	}
}

func TestTwoOperatorsMakeOneLedger(t *testing.T) {
	for _, major := range postgrestest.Majors() {
		cluster := postgrestest.New(t, postgrestest.Options{Major: major})
		results := make(chan error)
		for i := range 3 {
			server := open(t, superuser(cluster), postgres.Options{Installation: fmt.Sprint(i)})
			go func() { results <- server.EnsureLedger(context.WithoutCancel(t.Context())) }()
		}
		for range 3 {
			if err := <-results; err != nil {
				t.Error(err)
			}
		}
	}
}

func TestAServerThatChecksNoPasswordIsUnsuitable(t *testing.T) {
	cluster := postgrestest.New(t, postgrestest.Options{})
	bootstrap(t, cluster)
	if status, err := open(t, daily(cluster), postgres.Options{}).Inspect(t.Context()); err != nil || len(status.Unsuitable) > 0 {
		t.Errorf("as it should be: %+v, %v", status, err)
	}
	if err := os.WriteFile(filepath.Join(cluster.Directory, "data", "pg_hba.conf"), []byte("host all all 127.0.0.1/32 trust\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	execAs(t, cluster.DSN("postgres"), "SELECT pg_reload_conf()", "ALTER ROLE organisation_operator NOCREATEDB")
	if err := cluster.Halt(); err != nil {
		t.Fatal(err)
	}
	if err := cluster.Resume(t.Context()); err != nil {
		t.Fatal(err)
	}
	status, err := open(t, daily(cluster), postgres.Options{}).Inspect(t.Context())
	if err != nil || len(status.Unsuitable) != 2 {
		t.Fatalf("%+v, %v", status, err)
	}
	for i, words := range []string{`ALTER ROLE "organisation_operator" CREATEDB`, "scram-sha-256"} {
		if !strings.Contains(status.Unsuitable[i], words) {
			t.Errorf("%q lacks %q", status.Unsuitable[i], words)
		}
	}
}

func TestTheDailyRoleHasExactlyTheseRights(t *testing.T) {
	eachMajor(t, func(t *testing.T, major int) {
		dsn := cluster(t, major).DSN("organisation_operator")
		for what, want := range map[string]string{
			// Functions, and who may call them besides their owner.
			`SELECT string_agg(p.proname || ' ' || a.grantee::regrole, ', ' ORDER BY p.proname)
				FROM pg_proc p, aclexplode(p.proacl) a WHERE p.pronamespace = 'ledger'::regnamespace AND a.grantee <> p.proowner`: "end_sessions organisation_operator, finish_drop organisation_operator, mark organisation_operator, " +
				"put_roles organisation_operator, role_facts organisation_operator, settle organisation_operator",
			`SELECT count(*) FROM pg_proc WHERE pronamespace = 'ledger'::regnamespace AND proacl IS NULL`:                                                    "0",
			`SELECT count(*) FROM pg_proc WHERE pronamespace = 'ledger'::regnamespace AND NOT proconfig @> '{"search_path=pg_catalog, pg_temp"}'`:            "0",
			`SELECT string_agg(proname, ', ' ORDER BY proname) FROM pg_proc WHERE pronamespace = 'ledger'::regnamespace AND prosecdef`:                       "end_sessions, finish_drop, put_roles, settle",
			`SELECT string_agg(DISTINCT r.rolname, ', ') FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner WHERE p.pronamespace = 'ledger'::regnamespace`: "organisation_operator_definer",
			`SELECT string_agg(c.relname || ' ' || a.privilege_type, ', ' ORDER BY c.relname, a.privilege_type)
				FROM pg_class c, aclexplode(c.relacl) a WHERE c.relnamespace = 'ledger'::regnamespace AND a.grantee = 'organisation_operator'::regrole`: "run DELETE, run INSERT, run SELECT, run UPDATE, teardown DELETE, teardown INSERT, teardown SELECT, teardown UPDATE, " +
				"tenant INSERT, tenant SELECT, version SELECT",
			`SELECT count(*) FROM pg_class c, aclexplode(c.relacl) a WHERE c.relnamespace = 'ledger'::regnamespace AND a.grantee = 0`: "0",
			`SELECT concat_ws(' ', rolsuper, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls)
				FROM pg_roles WHERE rolname = 'organisation_operator'`: "f f t t f f",
			`SELECT concat_ws(' ', rolsuper, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls)
				FROM pg_roles WHERE rolname = 'organisation_operator_definer'`: "f t f f f f",
			`SELECT count(*) FROM pg_auth_members a JOIN pg_roles r ON r.oid = a.roleid WHERE a.member = 'organisation_operator'::regrole
				AND shobj_description(r.oid, 'pg_authid') NOT LIKE 'organisation-operator tenant %'`: "0",
		} {
			if got := queryAs(t, dsn, what); got != want {
				t.Errorf("%s\n%s\nnot %s", what, got, want)
			}
		}
	})
}
