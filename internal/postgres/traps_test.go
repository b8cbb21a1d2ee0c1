package postgres_test

import (
	"fmt"
	"testing"

	"github.com/glific/organisation-operator/internal/postgres"
)

// Some attacks do not fail: they wait for somebody with more rights to come by.

// trap plants a "=" for names in the tenant's own schema. Whoever compares a role's name
// with it in this database, and finds it before the system's, makes the tenant a superuser.
const trap = `
	CREATE SCHEMA evil;
	CREATE TABLE evil.visitors (visitor text);
	CREATE FUNCTION evil.same(name, name) RETURNS boolean LANGUAGE plpgsql AS $$
	BEGIN
	  INSERT INTO evil.visitors VALUES (current_user);
	  EXECUTE 'ALTER ROLE "%[1]s" SUPERUSER';
	  RETURN true;
	EXCEPTION WHEN insufficient_privilege THEN
	  INSERT INTO evil.visitors VALUES (current_user);
	  RETURN true;
	END $$;
	CREATE OPERATOR evil.= (LEFTARG = name, RIGHTARG = name, FUNCTION = evil.same);
	CREATE FUNCTION evil.same(name, text) RETURNS boolean LANGUAGE sql AS $$ SELECT evil.same($1, $2::name) $$;
	CREATE OPERATOR evil.= (LEFTARG = name, RIGHTARG = text, FUNCTION = evil.same);
	GRANT ALL ON SCHEMA evil TO PUBLIC;
	GRANT ALL ON evil.visitors TO PUBLIC;`

func TestThePlantedOperatorIsNeverRunByTheOperator(t *testing.T) {
	eachMajor(t, func(t *testing.T, major int) {
		shared := cluster(t, major)
		for _, who := range []struct {
			sentence string
			config   postgres.Config
		}{{"the daily role", daily(shared)}, {"a superuser", superuser(shared)}} {
			server := open(t, who.config, postgres.Options{})
			mallory, made := provisioned(t, server, "mallory")
			own := shared.DSNAs(made.LoginRole, mallory.password, made.Database)
			execAs(t, own, fmt.Sprintf(trap, made.LoginRole),
				fmt.Sprintf(`ALTER ROLE "%s" SET search_path = evil, pg_catalog`, made.LoginRole))
			// The tenant cannot set the database's search_path; suppose that somebody did.
			execAs(t, shared.DSN("postgres"), fmt.Sprintf(`ALTER DATABASE "%s" SET search_path = evil, pg_catalog`, made.Database))
			// Make the operator come by: the database looks as if it were not handed over.
			execAs(t, shared.DSN("organisation_operator"), "UPDATE ledger.tenant SET prepared_oid = 0 WHERE identity = '"+mallory.Identity+"'")
			after, err := server.Provision(t.Context(), made.Ref(), mallory.verifier)
			if err != nil {
				t.Fatal(err)
			}
			admin := shared.DSN(made.Database)
			visitors := queryAs(t, admin+"&search_path=pg_catalog", "SELECT string_agg(visitor, ' ') FROM evil.visitors")
			if after.Facts.Login.Elevated || visitors != "" {
				t.Errorf("%s ran the tenant's operator: %s", who.sentence, visitors)
			}
			// The control: an administrator who does not pin the search_path.
			execAs(t, admin, "SELECT count(*) FROM pg_roles WHERE rolname = 'x'::name")
			if queryAs(t, shared.DSN("postgres"), fmt.Sprintf("SELECT rolsuper FROM pg_roles WHERE rolname = '%s'", made.LoginRole)) != "true" {
				t.Error("the trap does not work on the control")
			}
			// What an administrator did to the role is seen and refused.
			if _, err := server.Provision(t.Context(), made.Ref(), mallory.verifier); err == nil {
				t.Error("a tenant that was made superuser is provisioned as if nothing were wrong")
			}
			execAs(t, shared.DSN("postgres"), fmt.Sprintf(`ALTER ROLE "%s" NOSUPERUSER`, made.LoginRole))
		}
	})
}

func TestTheLimitOfTemporaryFilesSurvivesAResetOfEverything(t *testing.T) {
	eachMajor(t, func(t *testing.T, major int) {
		shared := cluster(t, major)
		mallory, made := provisioned(t, open(t, daily(shared), postgres.Options{}), "mallory")
		own := shared.DSNAs(made.LoginRole, mallory.password, made.Database)
		execAs(t, own, fmt.Sprintf(`ALTER ROLE "%s" RESET ALL`, made.LoginRole))
		if limit := queryAs(t, own, "SELECT current_setting('temp_file_limit')"); limit != "4GB" {
			t.Errorf("temp_file_limit is %s after RESET ALL", limit)
		}
	})
}
