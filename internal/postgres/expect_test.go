package postgres_test

import (
	"errors"
	"testing"

	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/postgres"
	"github.com/glific/organisation-operator/internal/postgres/postgrestest"
)

// uuidOf reads which ledger a server has.
func uuidOf(t *testing.T, server *postgres.Server) string {
	t.Helper()
	status, err := server.Inspect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return status.Ledger
}

func TestALedgerIsTheSameForEverAndNoOther(t *testing.T) {
	seen := map[string]bool{}
	for _, major := range postgrestest.Majors() {
		shared := cluster(t, major)
		server := open(t, daily(shared), postgres.Options{})
		first := uuidOf(t, server)
		execAs(t, shared.DSN("organisation_operator"), postgres.BootstrapSQL)
		if again := uuidOf(t, server); again != first || len(first) != 36 || seen[first] {
			t.Errorf("PostgreSQL %d has ledger %q, and %q after bootstrap.sql was run again", major, first, again)
		}
		seen[first] = true
	}
}

const otherLedger = "11111111-2222-3333-4444-555555555555"

func TestAnotherLedgerIsNeverAskedNorWritten(t *testing.T) {
	for _, major := range postgrestest.Majors() {
		cluster := postgrestest.New(t, postgrestest.Options{Major: major})
		bootstrap(t, cluster)
		server := open(t, daily(cluster), postgres.Options{})
		who, made := provisioned(t, server, "asha")
		found := uuidOf(t, server)
		before := portrait(made)

		server.Expect(otherLedger)
		for name, ask := range questions(server) {
			if name == "TryLogin" { // it concludes nothing about the ledger
				continue
			}
			var other *ledger.OtherLedgerError
			err := ask(t.Context())
			if !errors.As(err, &other) || !errors.Is(err, ledger.ErrUnreachable) || other.Expected != otherLedger || other.Found != found {
				t.Errorf("%s: %v", name, err)
			}
		}
		server.Expect() // nobody knows what to expect: what was expected stands
		if _, err := server.Read(t.Context(), who.Identity); !errors.Is(err, ledger.ErrUnreachable) {
			t.Errorf("forgotten: %v", err)
		}
		server.Expect(otherLedger, found)
		if after := portrait(read(t, server, who.Identity)); after != before {
			t.Errorf("was %s, is %s", before, after)
		}
	}
}

// Even a superuser, which may, makes no ledger on a server that should have one.
func TestNoLedgerIsMadeWhereOneIsExpected(t *testing.T) {
	for _, major := range postgrestest.Majors() {
		cluster := postgrestest.New(t, postgrestest.Options{Major: major})
		server := open(t, superuser(cluster), postgres.Options{})
		server.Expect(otherLedger)
		expect := func(sentence string) {
			t.Helper()
			var other *ledger.OtherLedgerError
			if err := server.EnsureLedger(t.Context()); !errors.As(err, &other) || other.Found != "" {
				t.Errorf("%s: %v", sentence, err)
			}
		}
		expect("there is no database")
		if n := queryAs(t, cluster.DSN("postgres"), "SELECT count(*) FROM pg_database WHERE datname = 'organisation_operator'"); n != "0" {
			t.Error("a database was made")
		}
		execAs(t, cluster.DSN("postgres"), "CREATE DATABASE organisation_operator")
		expect("there is no schema")
		execAs(t, cluster.DSN("organisation_operator"), "CREATE SCHEMA ledger")
		expect("there is no table")
		execAs(t, cluster.DSN("organisation_operator"), "CREATE TABLE ledger.version (version int)")
		expect("the table has no UUID")
	}
}
