package postgres_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/postgres"
)

func TestSuspendingShutsOutAndResumingLetsIn(t *testing.T) {
	eachMajor(t, func(t *testing.T, major int) {
		shared := cluster(t, major)
		server := open(t, daily(shared), postgres.Options{})
		who, made := provisioned(t, server, "asha")
		stays := session(t, shared.DSNAs(made.LoginRole, who.password, made.Database))
		row := put(t, server, made.Ref(), ledger.Suspended)
		if _, err := stays.Exec(t.Context(), "SELECT 1"); err == nil {
			t.Error("an open session survives")
		}
		err := server.TryLogin(t.Context(), made.Database, made.LoginRole, who.password)
		if !errors.Is(err, ledger.ErrLoginRefused) || errors.Is(err, ledger.ErrWrongPassword) {
			t.Errorf("logging in while suspended: %v", err)
		}
		if drift := read(t, server, who.Identity).Drift(who.verifier); len(drift) > 0 {
			t.Errorf("suspended is a settled state: %v", drift)
		}
		if _, err := server.Provision(t.Context(), row.Ref(), who.verifier); err != nil {
			t.Errorf("provisioning while suspended: %v", err)
		}
		put(t, server, row.Ref(), ledger.Active)
		if err := server.TryLogin(t.Context(), made.Database, made.LoginRole, who.password); err != nil {
			t.Errorf("logging in after resume: %v", err)
		}
	})
}

func TestATenantThatChangedItsPasswordIsLetInAgain(t *testing.T) {
	eachMajor(t, func(t *testing.T, major int) {
		shared := cluster(t, major)
		server := open(t, daily(shared), postgres.Options{})
		who, made := provisioned(t, server, "asha")
		execAs(t, shared.DSNAs(made.LoginRole, who.password, made.Database), fmt.Sprintf(`ALTER ROLE "%s" PASSWORD 'my own'`, made.LoginRole))
		if err := server.TryLogin(t.Context(), made.Database, made.LoginRole, who.password); !errors.Is(err, ledger.ErrWrongPassword) {
			t.Errorf("the old password: %v", err)
		}
		if err := server.ResetPassword(t.Context(), made.Ref(), who.verifier); err != nil {
			t.Fatal(err)
		}
		if err := server.TryLogin(t.Context(), made.Database, made.LoginRole, who.password); err != nil {
			t.Errorf("after the reset: %v", err)
		}
	})
}

// A tenant chooses how long a login with its password takes; whatever it chooses, the
// server is not said to be down because of it, which would hold up its neighbours.
func TestAPasswordThatNobodyCanCheckSaysNothingAboutTheServer(t *testing.T) {
	eachMajor(t, func(t *testing.T, major int) {
		shared := cluster(t, major)
		server := open(t, daily(shared), postgres.Options{})
		who, made := provisioned(t, server, "asha")
		// A patient tenant says ALTER ROLE, which takes the server as long as a login would.
		endless := strings.Replace(anotherVerifier, "$4096:", "$2000000000:", 1)
		execAs(t, shared.DSN("postgres"), fmt.Sprintf("UPDATE pg_authid SET rolpassword = '%s' WHERE rolname = '%s'", endless, made.LoginRole))
		for range 5 { // more than the breaker forgives
			if err := server.TryLogin(t.Context(), made.Database, made.LoginRole, who.password); err == nil || errors.Is(err, ledger.ErrLoginRefused) {
				t.Fatalf("a login with endless iterations: %v", err)
			}
		}
		if _, err := server.Read(t.Context(), who.Identity); err != nil {
			t.Errorf("asking the server afterwards: %v", err)
		}
		if err := server.ResetPassword(t.Context(), made.Ref(), who.verifier); err != nil {
			t.Fatal(err)
		}
		if err := server.TryLogin(t.Context(), made.Database, made.LoginRole, who.password); err != nil {
			t.Errorf("after the reset: %v", err)
		}
	})
}

func TestALimitIsChangedEverywhereAtOnce(t *testing.T) {
	eachMajor(t, func(t *testing.T, major int) {
		server := open(t, daily(cluster(t, major)), postgres.Options{})
		who, made := provisioned(t, server, "asha")
		for _, limit := range []int{31, 7} {
			if err := server.SetLimit(t.Context(), made.Ref(), limit); err != nil {
				t.Fatal(err)
			}
			after := read(t, server, who.Identity)
			if after.ConnectionLimit != limit || after.Facts.Login.Limit != limit || after.Facts.Database.Limit != limit+3 {
				t.Errorf("%d: %+v", limit, after)
			}
		}
	})
}

func TestRetiringKeepsTheDataAndAdoptingBringsItBack(t *testing.T) {
	eachMajor(t, func(t *testing.T, major int) {
		shared := cluster(t, major)
		server := open(t, daily(shared), postgres.Options{})
		for _, retirement := range []postgres.Retirement{{}, {Purge: true, Grace: time.Hour}} {
			who, made := provisioned(t, server, "asha")
			execAs(t, shared.DSNAs(made.LoginRole, who.password, made.Database), "CREATE TABLE public.kept (); COMMENT ON TABLE public.kept IS 'data'")
			stays := session(t, shared.DSNAs(made.LoginRole, who.password, made.Database))
			retired, err := server.Retire(t.Context(), made.Ref(), retirement)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := stays.Exec(t.Context(), "SELECT 1"); err == nil {
				t.Error("an open session survives")
			}
			if (retired.State == ledger.Doomed) != retirement.Purge || (retired.PurgeAt != nil) != retirement.Purge || retired.RetiredAt == nil {
				t.Errorf("%+v", retired)
			}
			again, err := server.Retire(t.Context(), retired.Ref(), retirement)
			if err != nil || again.Epoch != retired.Epoch {
				t.Errorf("retiring twice: %v %v", again, err)
			}
			if err := server.TryLogin(t.Context(), made.Database, made.LoginRole, who.password); !errors.Is(err, ledger.ErrLoginRefused) {
				t.Errorf("logging in while retired: %v", err)
			}
			if gone, err := server.Reap(t.Context(), who.Installation, nil); err != nil || contains(gone, who.Identity) {
				t.Errorf("reaped before its time: %v %v", gone, err)
			}
			adoption := postgres.Adoption{Subject: who.Subject, Installation: who.Installation, ConnectionLimit: who.ConnectionLimit}
			adoption.Organisation = "reborn"
			back, err := server.Adopt(t.Context(), adoption)
			if err != nil {
				t.Fatal(err)
			}
			if back.State != ledger.Active || back.PurgeAt != nil || back.RetiredAt != nil || back.Organisation != "reborn" || back.Database != made.Database {
				t.Errorf("%+v", back)
			}
			if repeated, err := server.Adopt(t.Context(), adoption); err != nil || repeated.Epoch != back.Epoch {
				t.Errorf("adopting twice: %v %v", repeated, err)
			}
			if kept := queryAs(t, shared.DSNAs(made.LoginRole, who.password, made.Database), "SELECT obj_description('kept'::regclass)"); kept != "data" {
				t.Errorf("the data is %q", kept)
			}
		}
	})
}

func contains(rows []ledger.Row, identity string) bool {
	for _, row := range rows {
		if row.Identity == identity {
			return true
		}
	}
	return false
}

func TestDoomedDataGoesWhenItsTimeHasCome(t *testing.T) {
	eachMajor(t, func(t *testing.T, major int) {
		shared := cluster(t, major)
		server := open(t, daily(shared), postgres.Options{Installation: "reaped"})
		for _, provision := range []bool{true, false} {
			who, row := claimedBy(t, server, "reaped")
			if provision {
				made, err := server.Provision(t.Context(), row.Ref(), who.verifier)
				if err != nil {
					t.Fatal(err)
				}
				session(t, shared.DSNAs(made.LoginRole, who.password, made.Database))
			}
			if _, err := server.Retire(t.Context(), row.Ref(), postgres.Retirement{Purge: true}); err != nil {
				t.Fatal(err)
			}
			gone, err := server.Reap(t.Context(), "reaped", nil)
			if err != nil || len(gone) != 1 || gone[0].Identity != who.Identity {
				t.Errorf("reaped %v, %v", gone, err)
			}
			nothingLeft(t, server, shared.DSN("postgres"), who)
		}
	})
}

// nothingLeft looks for row, roles and database of a tenant.
func nothingLeft(t *testing.T, server *postgres.Server, dsn string, who tenant) {
	t.Helper()
	if read(t, server, who.Identity) != nil {
		t.Error("the row is left")
	}
	left := queryAs(t, dsn, fmt.Sprintf(`SELECT string_agg(name, ' ') FROM (SELECT rolname AS name FROM pg_roles WHERE rolname LIKE '%[1]s%%'
		UNION ALL SELECT datname FROM pg_database WHERE datname = '%[1]s') AS names`, who.Database))
	if left != "" {
		t.Errorf("left behind: %s", left)
	}
}

func claimedBy(t *testing.T, server *postgres.Server, installation string) (tenant, *ledger.Row) {
	t.Helper()
	who := newTenant(t, "asha")
	who.Installation = installation
	row, err := server.Claim(t.Context(), who.Claim)
	if err != nil {
		t.Fatal(err)
	}
	return who, row
}

func TestOnlyDueRowsOfTheSameInstallationAreReaped(t *testing.T) {
	eachMajor(t, func(t *testing.T, major int) {
		server := open(t, daily(cluster(t, major)), postgres.Options{})
		var kept []tenant
		for _, retirement := range []postgres.Retirement{{}, {Purge: true, Grace: time.Hour}} {
			who, row := claimedBy(t, server, "careful")
			if _, err := server.Retire(t.Context(), row.Ref(), retirement); err != nil {
				t.Fatal(err)
			}
			kept = append(kept, who)
		}
		active, _ := claimedBy(t, server, "careful")
		foreign, row := claimedBy(t, server, "somebody-else")
		if _, err := server.Retire(t.Context(), row.Ref(), postgres.Retirement{Purge: true}); err != nil {
			t.Fatal(err)
		}
		if gone, err := server.Reap(t.Context(), "careful", nil); len(gone) > 0 || err != nil {
			t.Errorf("reaped %v, %v", gone, err)
		}
		for _, who := range append(kept, active, foreign) {
			if read(t, server, who.Identity) == nil {
				t.Errorf("%s is gone", who.Identity)
			}
		}
	})
}

// blockers are what an administrator or a tenant may leave behind in a database.
var blockers = map[string]struct {
	put   func(t *testing.T, admin func(database string) string, database string) (lift func())
	names string
}{
	"a prepared transaction": {func(t *testing.T, admin func(string) string, database string) func() {
		execAs(t, admin(database), "BEGIN; CREATE TABLE public.half (); PREPARE TRANSACTION 'of-"+database+"'")
		return func() {
			execAs(t, admin("postgres"), fmt.Sprintf(`ALTER DATABASE "%s" WITH ALLOW_CONNECTIONS true`, database))
			execAs(t, admin(database), "ROLLBACK PREPARED 'of-"+database+"'")
		}
	}, "prepared transaction of-"},
	"a session of an administrator": {func(t *testing.T, admin func(string) string, database string) func() {
		open := session(t, admin(database))
		return func() { _ = open.Close(t.Context()) }
	}, "of role postgres"},
	"a subscription": {func(t *testing.T, admin func(string) string, database string) func() {
		execAs(t, admin(database), "CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1' PUBLICATION p WITH (connect = false, slot_name = NONE)")
		return func() {
			execAs(t, admin("postgres"), fmt.Sprintf(`ALTER DATABASE "%s" WITH ALLOW_CONNECTIONS true`, database))
			execAs(t, admin(database), "DROP SUBSCRIPTION s")
		}
	}, "subscription s"},
	"a privilege in another database": {func(t *testing.T, admin func(string) string, database string) func() {
		execAs(t, admin("postgres"), fmt.Sprintf(`GRANT SELECT ON pg_proc TO "%s"`, database))
		return func() { execAs(t, admin("postgres"), fmt.Sprintf(`REVOKE SELECT ON pg_proc FROM "%s"`, database)) }
	}, "in database postgres"},
}

func TestWhatBlocksADropIsNamedAndDoesNotHoldUpOthers(t *testing.T) {
	for sentence, blocker := range blockers {
		t.Run(sentence, func(t *testing.T) {
			eachMajor(t, func(t *testing.T, major int) {
				shared := cluster(t, major)
				installation := "blocked by " + sentence
				server := open(t, daily(shared), postgres.Options{Installation: installation})
				blocked, row := claimedBy(t, server, installation)
				made, err := server.Provision(t.Context(), row.Ref(), blocked.verifier)
				if err != nil {
					t.Fatal(err)
				}
				lift := blocker.put(t, shared.DSN, made.Database)
				other, otherRow := claimedBy(t, server, installation)
				for _, ref := range []ledger.Ref{made.Ref(), otherRow.Ref()} {
					if _, err := server.Retire(t.Context(), ref, postgres.Retirement{Purge: true}); err != nil {
						t.Fatal(err)
					}
				}
				gone, err := server.Reap(t.Context(), installation, nil)
				var why *ledger.BlockedError
				if !errors.As(err, &why) || !strings.Contains(why.Error(), blocker.names) {
					t.Errorf("%v", err)
				}
				if !contains(gone, other.Identity) || contains(gone, blocked.Identity) {
					t.Errorf("gone: %v", gone)
				}
				lift()
				if _, err := server.Reap(t.Context(), installation, nil); err != nil {
					t.Errorf("after the blocker is gone: %v", err)
				}
				nothingLeft(t, server, shared.DSN("postgres"), blocked)
			})
		})
	}
}

func TestAStaleReaderChangesNothing(t *testing.T) {
	eachMajor(t, func(t *testing.T, major int) {
		server := open(t, daily(cluster(t, major)), postgres.Options{})
		who, made := provisioned(t, server, "asha")
		stale := made.Ref()
		put(t, server, stale, ledger.Suspended)
		before := portrait(read(t, server, who.Identity))
		calls := map[string]func() error{
			"Provision": func() error { _, err := server.Provision(t.Context(), stale, who.verifier); return err },
			"Retire": func() error {
				_, err := server.Retire(t.Context(), stale, postgres.Retirement{Purge: true})
				return err
			},
			"SetLogin":        func() error { _, err := server.SetLogin(t.Context(), stale, true); return err },
			"SetLimit":        func() error { return server.SetLimit(t.Context(), stale, 5) },
			"Rebuild":         func() error { _, err := server.Rebuild(t.Context(), stale, who.verifier); return err },
			"RecordKey":       func() error { return server.RecordKey(t.Context(), stale, "f") },
			"RecordBootstrap": func() error { return server.RecordBootstrap(t.Context(), stale, ledger.Bootstrapping) },
			"RecordAdmin":     func() error { return server.RecordAdmin(t.Context(), stale, "d") },
			"RecordRun": func() error {
				return server.RecordRun(t.Context(), stale, ledger.Run{Kind: ledger.RunMigration, Digest: "d", State: ledger.RunFailed})
			},
		}
		for name, call := range calls {
			if err := call(); !errors.Is(err, ledger.ErrStale) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if after := portrait(read(t, server, who.Identity)); after != before {
			t.Errorf("was %s, is %s", before, after)
		}
		nobody := ledger.Ref{Identity: "nobody", Installation: "installation-a", Epoch: 1}
		if _, err := server.Retire(t.Context(), nobody, postgres.Retirement{}); !errors.Is(err, ledger.ErrNotFound) {
			t.Errorf("retiring nobody: %v", err)
		}
	})
}

// An operator that died after the login was off and before sessions were ended.
func TestSessionsThatOutlivedTheirLoginAreEnded(t *testing.T) {
	eachMajor(t, func(t *testing.T, major int) {
		shared := cluster(t, major)
		installation := "strays " + newTenant(t, "x").Identity
		server := open(t, daily(shared), postgres.Options{Installation: installation})
		connected := func() (*ledger.Row, *pgx.Conn) {
			who, row := claimedBy(t, server, installation)
			if _, err := server.Provision(t.Context(), row.Ref(), who.verifier); err != nil {
				t.Fatal(err)
			}
			return row, session(t, shared.DSNAs(row.LoginRole, who.password, row.Database))
		}
		_, working := connected()
		retired, stray := connected()
		execAs(t, shared.DSN("organisation_operator"), "UPDATE ledger.tenant SET state = 'retained' WHERE identity = '"+retired.Identity+"'",
			"SELECT ledger.settle('"+retired.Identity+"')")
		for range 2 {
			if err := server.EndStraySessions(t.Context(), installation); err != nil {
				t.Fatal(err)
			}
		}
		if err := stray.Ping(t.Context()); err == nil {
			t.Error("the session of a tenant that is out of service is alive")
		}
		if err := working.Ping(t.Context()); err != nil {
			t.Errorf("the session of a tenant in service was ended: %v", err)
		}
	})
}
