package postgres_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/login"
	"github.com/glific/organisation-operator/internal/postgres"
	"github.com/glific/organisation-operator/internal/postgres/postgrestest"
)

func TestAProvisionedTenantHasWhatItNeeds(t *testing.T) {
	eachMajor(t, func(t *testing.T, major int) {
		shared := cluster(t, major)
		server := open(t, daily(shared), postgres.Options{})
		who, made := provisioned(t, server, "asha")
		if err := server.TryLogin(t.Context(), made.Database, made.LoginRole, who.password); err != nil {
			t.Error(err)
		}
		execAs(t, shared.DSNAs(made.LoginRole, who.password, made.Database),
			"CREATE EXTENSION pg_trgm", `CREATE EXTENSION "uuid-ossp"`, "CREATE SCHEMA global",
			"CREATE TABLE public.contacts (id bigserial PRIMARY KEY, phone text)", "CREATE INDEX ON public.contacts USING gin (phone gin_trgm_ops)",
			"COMMENT ON SCHEMA public IS 'standard public schema'", "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
		for query, want := range map[string]string{
			"SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = '%s'": made.OwnerRole,
			"SELECT datconnlimit FROM pg_database WHERE datname = '%s'":            "23",
			"SELECT rolconnlimit FROM pg_roles WHERE rolname = '%s'":               "20",
			"SELECT rolcanlogin FROM pg_roles WHERE rolname = '%s-owner'":          "false",
			"SELECT rolpassword FROM pg_authid WHERE rolname = '%s'":               who.verifier,
		} {
			if got := queryAs(t, shared.DSN("postgres"), fmt.Sprintf(query, made.Database)); got != want {
				t.Errorf("%s: %s, not %s", query, got, want)
			}
		}
	})
}

func TestProvisioningTwiceWritesNothingTheSecondTime(t *testing.T) {
	eachMajor(t, func(t *testing.T, major int) {
		shared := cluster(t, major)
		for sentence, config := range map[string]postgres.Config{"daily role": daily(shared), "superuser": superuser(shared)} {
			record := &recorder{}
			server := open(t, config, postgres.Options{Tracer: record})
			who, made := provisioned(t, server, "asha")
			if len(record.writes()) < 8 {
				t.Fatalf("the recorder sees only %v", record.writes())
			}
			before := versions(t, shared, who)
			record.forget()
			if _, err := server.Provision(t.Context(), made.Ref(), who.verifier); err != nil {
				t.Fatal(err)
			}
			if _, err := server.Claim(t.Context(), who.Claim); err != nil {
				t.Fatal(err)
			}
			if drift := read(t, server, who.Identity).Drift(who.verifier); len(drift) > 0 {
				t.Errorf("%s: %v", sentence, drift)
			}
			for _, write := range record.writes() {
				if !strings.Contains(write, "FOR UPDATE") { // Claim locks the row that it then leaves alone
					t.Errorf("%s: the second run wrote: %s", sentence, write)
				}
			}
			if after := versions(t, shared, who); after != before {
				t.Errorf("%s: catalogue rows were rewritten: %s, then %s", sentence, before, after)
			}
		}
	})
}

// versions are the transactions that last wrote what belongs to a tenant.
func versions(t *testing.T, shared *postgrestest.Server, who tenant) string {
	t.Helper()
	return queryAs(t, shared.DSN("organisation_operator"), fmt.Sprintf(`SELECT string_agg(what || ' ' || version, ', ' ORDER BY what) FROM (
		SELECT rolname::text AS what, xmin::text AS version FROM pg_authid WHERE rolname LIKE '%[1]s%%'
		UNION ALL SELECT 'database', xmin::text FROM pg_database WHERE datname = '%[1]s'
		UNION ALL SELECT 'row', xmin::text FROM ledger.tenant WHERE database = '%[1]s') AS written`, who.Database))
}

func TestProvisioningMendsWhatDiffers(t *testing.T) {
	another, err := login.Verifier("another password", []byte("another 16 bytes"), login.Iterations)
	if err != nil {
		t.Fatal(err)
	}
	for sentence, damage := range map[string]string{
		"the role's limit was lifted":           `ALTER ROLE "%[1]s" CONNECTION LIMIT -1`,
		"the role's login was switched off":     `ALTER ROLE "%[1]s" NOLOGIN`,
		"the owner role can log in":             `ALTER ROLE "%[1]s-owner" LOGIN`,
		"the database's limit was lifted":       `ALTER DATABASE "%[1]s" WITH CONNECTION LIMIT -1`,
		"the database was closed":               `ALTER DATABASE "%[1]s" WITH ALLOW_CONNECTIONS false`,
		"everybody was granted in":              `GRANT CONNECT ON DATABASE "%[1]s" TO PUBLIC`,
		"the tenant may grant others in":        `GRANT CONNECT ON DATABASE "%[1]s" TO "%[1]s" WITH GRANT OPTION`,
		"the tenant may not connect":            `REVOKE CONNECT ON DATABASE "%[1]s" FROM "%[1]s"`,
		"the operator is no longer a member":    `REVOKE "%[1]s-owner" FROM organisation_operator GRANTED BY organisation_operator_definer`,
		"the database was dropped and is empty": `DROP DATABASE "%[1]s" WITH (FORCE)`,
		"the database was replaced":             `DROP DATABASE "%[1]s" WITH (FORCE); CREATE DATABASE "%[1]s" OWNER "%[1]s-owner" TEMPLATE template0`,
	} {
		t.Run(sentence, func(t *testing.T) {
			eachMajor(t, func(t *testing.T, major int) {
				shared := cluster(t, major)
				server := open(t, daily(shared), postgres.Options{})
				who, made := provisioned(t, server, "asha")
				for statement := range strings.SplitSeq(fmt.Sprintf(damage, made.Database), ";") {
					execAs(t, shared.DSN("postgres"), statement)
				}
				if drift := read(t, server, who.Identity).Drift(who.verifier); len(drift) == 0 {
					t.Error("nobody notices")
				}
				after, err := server.Provision(t.Context(), made.Ref(), who.verifier)
				if err != nil {
					t.Fatal(err)
				}
				if drift := after.Drift(who.verifier); len(drift) > 0 {
					t.Errorf("still: %v", drift)
				}
				execAs(t, shared.DSNAs(made.LoginRole, who.password, made.Database), "CREATE TABLE public.mended ()")
				if after, err = server.Provision(t.Context(), made.Ref(), another); err != nil || len(after.Drift(another)) > 0 {
					t.Errorf("another password: %v", err)
				}
				if err := server.TryLogin(t.Context(), made.Database, made.LoginRole, who.password); !errors.Is(err, ledger.ErrLoginRefused) {
					t.Errorf("the old password: %v", err)
				}
			})
		})
	}
}

func TestProvisioningNeverTouchesWhatIsNotOurs(t *testing.T) {
	for sentence, foreign := range map[string]string{
		"a role of the login's name":   `CREATE ROLE "%[1]s" LOGIN PASSWORD 'theirs'`,
		"a role of the owner's name":   `CREATE ROLE "%[1]s-owner"`,
		"a database of the name":       `CREATE DATABASE "%[1]s" TEMPLATE template0`,
		"a role with a forged mark":    `CREATE ROLE "%[1]s" LOGIN PASSWORD 'theirs'; COMMENT ON ROLE "%[1]s" IS 'organisation-operator tenant somebody-else'`,
		"a role with an empty comment": `CREATE ROLE "%[1]s"; COMMENT ON ROLE "%[1]s" IS ''`,
	} {
		t.Run(sentence, func(t *testing.T) {
			eachMajor(t, func(t *testing.T, major int) {
				shared := cluster(t, major)
				record := &recorder{}
				server := open(t, daily(shared), postgres.Options{Tracer: record})
				early, late := newTenant(t, "early"), newTenant(t, "late")
				row, err := server.Claim(t.Context(), late.Claim)
				if err != nil {
					t.Fatal(err)
				}
				for _, who := range []tenant{early, late} {
					for statement := range strings.SplitSeq(fmt.Sprintf(foreign, who.Database), ";") {
						execAs(t, shared.DSN("postgres"), statement)
					}
				}
				record.forget()
				before := []string{versions(t, shared, early), versions(t, shared, late)}
				var taken *ledger.NameTakenError
				if _, err := server.Claim(t.Context(), early.Claim); !errors.As(err, &taken) {
					t.Errorf("claiming the name: %v", err)
				}
				if _, err := server.Provision(t.Context(), row.Ref(), late.verifier); !errors.As(err, &taken) {
					t.Errorf("provisioning over it: %v", err)
				}
				if after := []string{versions(t, shared, early), versions(t, shared, late)}; !slices.Equal(before, after) {
					t.Errorf("changed from %s to %s", before, after)
				}
				for _, write := range record.writes() {
					if !strings.Contains(write, "FOR UPDATE") {
						t.Errorf("written although it is not ours: %s", write)
					}
				}
			})
		})
	}
}

func TestADatabaseThatWasFilledIsNeverReplacedByAnEmptyOne(t *testing.T) {
	eachMajor(t, func(t *testing.T, major int) {
		shared := cluster(t, major)
		server := open(t, daily(shared), postgres.Options{})
		who, made := provisioned(t, server, "asha")
		for _, state := range []ledger.BootstrapState{ledger.Bootstrapping, ledger.Bootstrapped} {
			if err := server.RecordBootstrap(t.Context(), made.Ref(), state); err != nil {
				t.Fatal(err)
			}
		}
		execAs(t, shared.DSN("postgres"), fmt.Sprintf(`DROP DATABASE "%s"`, made.Database))
		if _, err := server.Provision(t.Context(), made.Ref(), who.verifier); !errors.Is(err, ledger.ErrDatabaseLost) {
			t.Errorf("provisioning: %v", err)
		}
		if _, err := server.Rebuild(t.Context(), made.Ref(), who.verifier); !errors.Is(err, ledger.ErrBootstrapped) {
			t.Errorf("rebuilding: %v", err)
		}
	})
}
