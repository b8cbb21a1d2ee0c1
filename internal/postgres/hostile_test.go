package postgres_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/postgres"
	"github.com/glific/organisation-operator/internal/postgres/postgrestest"
)

// hostile are texts that break out of careless quoting.
var hostile = []string{
	`'`, `"`, `\`, `;`, `--`, `/*`, `$$`, `$1`, `%s`, `%I`, `%L`, `%`, "\n", "\t", `\'`, `''`, `""`,
	`evil" SUPERUSER --`, `evil'; DROP SCHEMA ledger CASCADE; --`, `'||pg_sleep(10)||'`, `{}`, `{"a"}`, `NULL`, `null`,
	`E'\047'`, `U&"\0022"`, "ü", "\u202e", "日本語", strings.Repeat("x", 100),
}

func TestHostileTextsAreKeptAsTheyAre(t *testing.T) {
	eachMajor(t, func(t *testing.T, major int) {
		server := open(t, daily(cluster(t, major)), postgres.Options{})
		for _, text := range hostile {
			who := newTenant(t, "asha")
			who.Identity += text
			who.Organisation += text
			who.Hosts = []string{text + who.Hosts[0], "other." + who.Hosts[0]}
			row, err := server.Claim(t.Context(), who.Claim)
			if err != nil {
				t.Errorf("%q: %v", text, err)
				continue
			}
			run := ledger.Run{Kind: ledger.RunMigration, Digest: "d" + text, State: ledger.RunFailed, Message: text}
			if err := server.RecordRun(t.Context(), row.Ref(), run); err != nil {
				t.Errorf("%q: %v", text, err)
			}
			if _, err := server.Provision(t.Context(), row.Ref(), who.verifier); err != nil {
				t.Errorf("%q: %v", text, err)
				continue
			}
			found := read(t, server, who.Identity)
			if found.Organisation != who.Organisation || !slices.Equal(found.Hosts, who.Hosts) || found.Runs[0].Message != text ||
				len(found.Drift(who.verifier)) > 0 || !found.Facts.Login.Ours || found.Facts.Login.Elevated {
				t.Errorf("%q became %+v", text, found)
			}
			retired, err := server.Retire(t.Context(), found.Ref(), postgres.Retirement{Purge: true})
			if err != nil || retired.State != ledger.Doomed {
				t.Errorf("%q: %v", text, err)
			}
		}
	})
}

func TestOnlyGeneratedNamesReachTheServer(t *testing.T) {
	eachMajor(t, func(t *testing.T, major int) {
		server := open(t, daily(cluster(t, major)), postgres.Options{})
		names := append([]string{"", "postgres", "template1", "organisation_operator", "asha", "asha-1", "asha-1234abcd", "asha-1234abcd-0",
			"Asha-1234abcd-1", "-1234abcd-1", "asha-1234abcd-1-owner", strings.Repeat("a", 31) + "-1234abcd-1", "asha-1234abcd-1 "}, hostile...)
		for _, name := range names {
			who := newTenant(t, "asha")
			who.Database = name
			if row, err := server.Claim(t.Context(), who.Claim); err == nil {
				t.Errorf("database %q is claimed: %+v", name, row)
			}
			if read(t, server, who.Identity) != nil {
				t.Errorf("database %q left a row", name)
			}
		}
	})
}

func TestNoPasswordReachesTheServersLog(t *testing.T) {
	for _, major := range postgrestest.Majors() {
		private := postgrestest.New(t, postgrestest.Options{Major: major})
		bootstrap(t, private)
		server := open(t, daily(private), postgres.Options{})
		who, made := provisioned(t, server, "asha")
		for _, password := range []string{who.password, "wrong-" + who.password} {
			_ = server.TryLogin(t.Context(), made.Database, made.LoginRole, password)
		}
		execAs(t, private.DSN("postgres"), "CREATE ROLE control PASSWORD 'canary-of-the-control'")
		// What the server says reaches the log in order, and a moment later: once the control's
		// password is there, everything before it is, too.
		log := logged(t, private, "canary-of-the-control")
		if strings.Contains(log, who.password) {
			t.Error("the tenant's password is in the log")
		}
	}
}

// logged waits until the server has logged the words, and returns its log. Without them
// nothing would be proved.
func logged(t *testing.T, server *postgrestest.Server, words string) string {
	t.Helper()
	every := time.NewTicker(10 * time.Millisecond)
	defer every.Stop()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for {
		log, err := server.Log()
		switch {
		case err != nil:
			t.Fatal(err)
		case strings.Contains(log, words):
			return log
		}
		select {
		case <-ctx.Done():
			t.Fatalf("%q is not in the server's log: %v", words, ctx.Err())
		case <-every.C:
		}
	}
}

// inflight counts how many databases are being made at the same time.
type inflight struct {
	now, most atomic.Int32
}

type making struct{}

func (f *inflight) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	if !strings.HasPrefix(data.SQL, "CREATE DATABASE") {
		return ctx
	}
	now := f.now.Add(1)
	for most := f.most.Load(); now > most && !f.most.CompareAndSwap(most, now); most = f.most.Load() {
	}
	return context.WithValue(ctx, making{}, true)
}

func (f *inflight) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryEndData) {
	if ctx.Value(making{}) != nil {
		f.now.Add(-1)
	}
}

func TestManyTenantsAtOnceDoNotCrowdTheServer(t *testing.T) {
	for _, major := range postgrestest.Majors() {
		private := postgrestest.New(t, postgrestest.Options{Major: major, MaxConnections: 700})
		bootstrap(t, private)
		// The operator's role may have as many sessions as the budget keeps for it.
		execAs(t, private.DSN("postgres"), fmt.Sprintf("ALTER ROLE organisation_operator CONNECTION LIMIT %d", postgres.Reserve))
		load := &inflight{}
		server := open(t, daily(private), postgres.Options{Tracer: load})
		var wait sync.WaitGroup
		for range 25 {
			wait.Go(func() {
				who := newTenant(t, "asha")
				row, err := server.Claim(t.Context(), who.Claim)
				if err == nil {
					_, err = server.Provision(t.Context(), row.Ref(), who.verifier)
				}
				if err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if most := load.most.Load(); most < 2 || most > 4 {
			t.Errorf("%d databases were made at the same time", most)
		}
	}
}
