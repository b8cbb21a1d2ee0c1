package postgres_test

import (
	"testing"

	"github.com/glific/organisation-operator/internal/postgres"
)

func TestATenantIsProvisioned(t *testing.T) {
	eachMajor(t, func(t *testing.T, major int) {
		shared := cluster(t, major)
		server := open(t, daily(shared), postgres.Options{})
		who, made := provisioned(t, server, "asha")
		if drift := made.Drift(who.verifier); len(drift) > 0 {
			t.Errorf("after Provision: %v", drift)
		}
		if err := server.TryLogin(t.Context(), made.Database, made.LoginRole, who.password); err != nil {
			t.Error(err)
		}
		execAs(t, shared.DSNAs(made.LoginRole, who.password, made.Database),
			"CREATE EXTENSION pg_trgm", `CREATE EXTENSION "uuid-ossp"`, "CREATE SCHEMA global", "CREATE TABLE t (id int)")
		status, err := server.Inspect(t.Context())
		t.Logf("%+v %v", status, err)
	})
}
