package postgres_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/postgres"
	"github.com/glific/organisation-operator/internal/postgres/postgrestest"
)

// Two clusters share a server; or one of them is what is left of the other.

func adoption(who tenant, installation string, fromForeign bool) postgres.Adoption {
	return postgres.Adoption{Subject: who.Subject, Installation: installation, ConnectionLimit: who.ConnectionLimit, FromForeign: fromForeign}
}

func TestATenantOfAnotherInstallationIsLeftAlone(t *testing.T) {
	eachMajor(t, func(t *testing.T, major int) {
		shared := cluster(t, major)
		theirs := open(t, daily(shared), postgres.Options{Installation: "theirs"})
		ours := open(t, daily(shared), postgres.Options{Installation: "ours"})
		who, row := claimedBy(t, theirs, "theirs")
		made, err := theirs.Provision(t.Context(), row.Ref(), who.verifier)
		if err != nil {
			t.Fatal(err)
		}
		before := portrait(made)
		claim := who.Claim
		claim.Installation = "ours"
		var foreign *ledger.ForeignError
		if _, err := ours.Claim(t.Context(), claim); !errors.As(err, &foreign) || foreign.Living == "" {
			t.Errorf("claiming: %v", err)
		}
		for _, allowed := range []bool{false, true} {
			if _, err := ours.Adopt(t.Context(), adoption(who, "ours", allowed)); !errors.As(err, &foreign) ||
				!strings.Contains(err.Error(), "its operator is connected") {
				t.Errorf("adopting while its operator lives, allowed %v: %v", allowed, err)
			}
		}
		if after := portrait(read(t, ours, who.Identity)); after != before {
			t.Errorf("was %s, is %s", before, after)
		}
		// Deleted there and retained, it may move.
		if _, err := theirs.Retire(t.Context(), made.Ref(), postgres.Retirement{}); err != nil {
			t.Fatal(err)
		}
		moved, err := ours.Adopt(t.Context(), adoption(who, "ours", false))
		if err != nil || moved.Installation != "ours" || moved.State != ledger.Active {
			t.Errorf("after the deletion: %v, %v", moved, err)
		}
		if _, err := theirs.Retire(t.Context(), made.Ref(), postgres.Retirement{}); !errors.Is(err, ledger.ErrStale) {
			t.Errorf("the old owner retires it: %v", err)
		}
	})
}

func TestAFleetIsAdoptedFromAControlPlaneThatIsGone(t *testing.T) {
	for _, major := range postgrestest.Majors() {
		server := postgrestest.New(t, postgrestest.Options{Major: major})
		bootstrap(t, server)
		lost, err := postgres.Open("shared-1", daily(server), postgres.Options{Installation: "lost"})
		if err != nil {
			t.Fatal(err)
		}
		who, row := claimedBy(t, lost, "lost")
		made, err := lost.Provision(t.Context(), row.Ref(), who.verifier)
		if err != nil {
			t.Fatal(err)
		}
		app := session(t, server.DSNAs(made.LoginRole, who.password, made.Database))
		if _, err := app.Exec(t.Context(), "CREATE TABLE public.kept ()"); err != nil {
			t.Fatal(err)
		}
		lost.Close()
		reborn := open(t, daily(server), postgres.Options{Installation: "reborn"})
		// The same manifest on a new control plane: a new UID, the same name and host.
		again := newTenant(t, "asha")
		again.Organisation, again.Hosts, again.Installation = who.Organisation, who.Hosts, "reborn"
		var found *ledger.RetainedDataError
		if _, err := reborn.Claim(t.Context(), again.Claim); !errors.As(err, &found) {
			t.Fatalf("claiming anew: %v", err)
		}
		subject := again.Subject
		subject.Identity = found.Rows[0].Identity
		wanted := postgres.Adoption{Subject: subject, Installation: "reborn", ConnectionLimit: 20}
		var foreign *ledger.ForeignError
		if _, err := reborn.Adopt(t.Context(), wanted); !errors.As(err, &foreign) {
			t.Errorf("without permission: %v", err)
		}
		wanted.FromForeign = true
		if _, err := reborn.Adopt(t.Context(), wanted); !errors.As(err, &foreign) || !strings.Contains(err.Error(), "its app is connected") {
			t.Errorf("while the old pods serve: %v", err)
		}
		if err := app.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		waitUntilGone(t, server, made.LoginRole)
		adopted, err := reborn.Adopt(t.Context(), wanted)
		if err != nil || adopted.Database != made.Database || adopted.Installation != "reborn" {
			t.Fatalf("adopting: %v, %v", adopted, err)
		}
		execAs(t, server.DSNAs(made.LoginRole, who.password, made.Database), "SELECT FROM public.kept")
	}
}

// waitUntilGone returns when the server noticed that the sessions of a role ended.
func waitUntilGone(t *testing.T, server *postgrestest.Server, role string) {
	t.Helper()
	execAs(t, server.DSN("postgres"), "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = '"+role+"'")
}

func TestOneIdentityServesOneOrganisation(t *testing.T) {
	eachMajor(t, func(t *testing.T, major int) {
		server := open(t, daily(cluster(t, major)), postgres.Options{})
		who, _ := claimed(t, server, "asha")
		other := who
		other.Organisation = "copycat"
		var used *ledger.IdentityInUseError
		if _, err := server.Claim(t.Context(), other.Claim); !errors.As(err, &used) {
			t.Errorf("claiming: %v", err)
		}
		if _, err := server.Adopt(t.Context(), adoption(other, "installation-a", true)); !errors.As(err, &used) {
			t.Errorf("adopting: %v", err)
		}
		if _, err := server.Adopt(t.Context(), adoption(newTenant(t, "nobody"), "installation-a", true)); !errors.Is(err, ledger.ErrNotFound) {
			t.Errorf("adopting nothing: %v", err)
		}
	})
}
