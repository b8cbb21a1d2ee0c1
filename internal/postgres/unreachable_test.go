package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/postgres"
	"github.com/glific/organisation-operator/internal/postgres/postgrestest"
)

// clock is stepped by hand.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

// questions are all that can be asked of a server: none may read silence as absence.
func questions(server *postgres.Server) map[string]func(context.Context) error {
	ref := ledger.Ref{Identity: "i", Installation: "installation-a", Epoch: 1}
	claim := postgres.Claim{Subject: postgres.Subject{Identity: "i", Organisation: "o"}, Installation: "i", Database: "o-00000000-1", Incarnation: 1, ConnectionLimit: 1}
	return map[string]func(context.Context) error{
		"EnsureLedger": server.EnsureLedger,
		"Inspect":      func(ctx context.Context) error { _, err := server.Inspect(ctx); return err },
		"Read":         func(ctx context.Context) error { _, err := server.Read(ctx, "i"); return err },
		"List":         func(ctx context.Context) error { _, err := server.List(ctx, ""); return err },
		"Capacity":     func(ctx context.Context) error { _, err := server.Capacity(ctx); return err },
		"Shadowing":    func(ctx context.Context) error { _, err := server.Shadowing(ctx, claim.Subject); return err },
		"Claim":        func(ctx context.Context) error { _, err := server.Claim(ctx, claim); return err },
		"Adopt": func(ctx context.Context) error {
			_, err := server.Adopt(ctx, postgres.Adoption{Subject: claim.Subject, ConnectionLimit: 1})
			return err
		},
		"Provision": func(ctx context.Context) error { _, err := server.Provision(ctx, ref, anotherVerifier); return err },
		"Rebuild":   func(ctx context.Context) error { _, err := server.Rebuild(ctx, ref, anotherVerifier); return err },
		"Retire": func(ctx context.Context) error {
			_, err := server.Retire(ctx, ref, postgres.Retirement{Purge: true})
			return err
		},
		"Reap":     func(ctx context.Context) error { _, err := server.Reap(ctx, "installation-a", nil); return err },
		"SetLimit": func(ctx context.Context) error { return server.SetLimit(ctx, ref, 5) },
		"SetLogin": func(ctx context.Context) error { _, err := server.SetLogin(ctx, ref, false); return err },
		"AdmitTeardown": func(ctx context.Context) error {
			_, err := server.AdmitTeardown(ctx, postgres.Teardown{Installation: "i", Identity: "i", Kind: postgres.TeardownDelete})
			return err
		},
		"Ping":     server.Ping,
		"TryLogin": func(ctx context.Context) error { return server.TryLogin(ctx, "d", "r", "p") },
	}
}

func TestAServerThatIsDownIsNeverReadAsEmpty(t *testing.T) {
	for _, major := range postgrestest.Majors() {
		cluster := postgrestest.New(t, postgrestest.Options{Major: major})
		bootstrap(t, cluster)
		hand := &clock{now: time.Unix(0, 0)}
		server := open(t, daily(cluster), postgres.Options{Now: hand.Now})
		who, made := provisioned(t, server, "asha")
		if err := cluster.Halt(); err != nil {
			t.Fatal(err)
		}
		for name, ask := range questions(server) {
			hand.now = hand.now.Add(time.Hour) // the breaker lets one question through
			err := ask(t.Context())
			var why *ledger.UnreachableError
			if !errors.As(err, &why) || !errors.Is(err, ledger.ErrUnreachable) {
				t.Errorf("%s: %v", name, err)
			} else if strings.Contains(err.Error(), "daily") || why.Reason == "" {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := cluster.Resume(t.Context()); err != nil {
			t.Fatal(err)
		}
		hand.now = hand.now.Add(time.Hour)
		if found := read(t, server, who.Identity); portrait(found) != portrait(made) {
			t.Errorf("after the server is back: %v", found)
		}
	}
}

func TestTheCircuitBreakerSparesADeadServer(t *testing.T) {
	cluster := postgrestest.New(t, postgrestest.Options{})
	bootstrap(t, cluster)
	hand, record := &clock{now: time.Unix(0, 0)}, &dials{}
	server := open(t, daily(cluster), postgres.Options{Now: hand.Now, Tracer: record})
	read(t, server, "nobody")
	if err := cluster.Halt(); err != nil {
		t.Fatal(err)
	}
	asked := func() (dialled int, err error) {
		before := record.count
		_, err = server.Read(t.Context(), "nobody")
		return record.count - before, err
	}
	for range 3 {
		if _, err := asked(); !errors.Is(err, ledger.ErrUnreachable) {
			t.Fatal(err)
		}
	}
	refusedUntil := func(pause time.Duration) {
		t.Helper()
		hand.now = hand.now.Add(pause - time.Millisecond)
		for range 100 {
			if dialled, err := asked(); dialled > 0 || !errors.Is(err, ledger.ErrUnreachable) {
				t.Fatalf("before %s are over the breaker lets %d dials through: %v", pause, dialled, err)
			}
		}
		hand.now = hand.now.Add(time.Millisecond)
	}
	refusedUntil(2 * time.Second)
	if dialled, err := asked(); dialled == 0 || err == nil {
		t.Errorf("after its pause nothing is tried: %v", err)
	}
	refusedUntil(4 * time.Second)
	if err := cluster.Resume(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := asked(); err != nil {
			t.Errorf("after the server is back: %v", err)
		}
	}
}

// dials counts connection attempts.
type dials struct {
	recorder
	count int
}

func (d *dials) TraceConnectStart(ctx context.Context, _ pgx.TraceConnectStartData) context.Context {
	d.count++
	return ctx
}

func (d *dials) TraceConnectEnd(context.Context, pgx.TraceConnectEndData) {}

func TestWhyAServerCannotBeAskedIsSaidInWords(t *testing.T) {
	cluster := postgrestest.New(t, postgrestest.Options{MaxConnections: 8, Settings: map[string]string{"superuser_reserved_connections": "3"}})
	bootstrap(t, cluster)
	silent, err := net.Listen("tcp", "127.0.0.1:0") // accepts, and never answers
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close() //nolint:errcheck // it is only silent
	for sentence, test := range map[string]struct {
		change func(*postgres.Config)
		around func(t *testing.T)
		want   string
	}{
		"wrong password": {func(c *postgres.Config) { c.Password = "wrong" }, nil, "it refuses the operator's password"},
		"unknown host":   {func(c *postgres.Config) { c.Host = "nowhere.invalid" }, nil, "its host name was not found"},
		"nobody listens": {func(c *postgres.Config) { c.Port = 1 }, nil, "connection refused"},
		"no TLS":         {func(c *postgres.Config) { c.SSLMode = postgres.VerifyFull }, nil, "it does not offer TLS"},
		"login off": {nil, func(t *testing.T) {
			execAs(t, cluster.DSN("postgres"), "ALTER ROLE organisation_operator NOLOGIN")
			t.Cleanup(func() { execAs(t, cluster.DSN("postgres"), "ALTER ROLE organisation_operator LOGIN") })
		}, "it refuses the operator's role"},
		"read-only": {nil, func(t *testing.T) {
			execAs(t, cluster.DSN("postgres"), "ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()")
			t.Cleanup(func() {
				execAs(t, cluster.DSN("postgres"), "SET default_transaction_read_only = off", "ALTER SYSTEM RESET default_transaction_read_only", "SELECT pg_reload_conf()")
			})
		}, "it is read-only"},
		"no connection left": {nil, func(t *testing.T) {
			for range 5 {
				session(t, cluster.DSNAs("organisation_operator", "daily", "organisation_operator"))
			}
		}, "it has no connection left"},
	} {
		t.Run(sentence, func(t *testing.T) {
			config := daily(cluster)
			if test.change != nil {
				test.change(&config)
			}
			if test.around != nil {
				test.around(t)
			}
			_, err := open(t, config, postgres.Options{}).Read(t.Context(), "nobody")
			var why *ledger.UnreachableError
			if !errors.As(err, &why) || !strings.Contains(why.Reason, test.want) {
				t.Errorf("%v", err)
			}
		})
	}
	t.Run("silence", func(t *testing.T) {
		config := daily(cluster)
		config.Port = uint16(silent.Addr().(*net.TCPAddr).Port)
		_, err := open(t, config, postgres.Options{}).Read(t.Context(), "nobody")
		if !errors.Is(err, ledger.ErrUnreachable) || !strings.Contains(err.Error(), "no answer in time") {
			t.Errorf("%v", err)
		}
	})
}

func TestAnAskerThatGoesAwayDoesNotOpenTheBreaker(t *testing.T) {
	server := open(t, daily(cluster(t, postgrestest.Newest)), postgres.Options{})
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for range 10 {
		if _, err := server.Read(gone, "nobody"); !errors.Is(err, context.Canceled) || errors.Is(err, ledger.ErrUnreachable) {
			t.Fatal(err)
		}
	}
	read(t, server, "nobody")
}

func TestTLSVerifiesAuthorityAndName(t *testing.T) {
	for _, major := range postgrestest.Majors() {
		cluster := postgrestest.New(t, postgrestest.Options{Major: major, TLS: true,
			Settings: map[string]string{"listen_addresses": "127.0.0.1,127.0.0.2"}})
		bootstrap(t, cluster)
		other, _, err := postgrestest.NewAuthority()
		if err != nil {
			t.Fatal(err)
		}
		for sentence, test := range map[string]struct {
			change func(*postgres.Config)
			want   string
		}{
			"the right authority and name":     {func(*postgres.Config) {}, ""},
			"the right authority, by address":  {func(c *postgres.Config) { c.Host = "127.0.0.1" }, ""},
			"verify-full is the default":       {func(c *postgres.Config) { c.SSLMode = "" }, ""},
			"another authority":                {func(c *postgres.Config) { c.CA = postgrestest.PEM(other) }, "unknown authority"},
			"the machine's authorities":        {func(c *postgres.Config) { c.CA = nil }, "unknown authority"},
			"another name of the same machine": {func(c *postgres.Config) { c.Host = "127.0.0.2" }, "another host name"},
			"no TLS where TLS is asked for":    {func(c *postgres.Config) { c.SSLMode = postgres.Disable }, "it refuses the operator's role"},
		} {
			config := daily(cluster)
			test.change(&config)
			_, err := open(t, config, postgres.Options{}).Read(t.Context(), "nobody")
			if test.want == "" && err != nil || test.want != "" && (!errors.Is(err, ledger.ErrUnreachable) || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("PostgreSQL %d, %s: %v", major, sentence, err)
			}
		}
		status, err := open(t, daily(cluster), postgres.Options{}).Inspect(t.Context())
		if err != nil || len(status.Weaknesses) > 0 || !strings.Contains(fmt.Sprint(status.Capabilities), "TLS") {
			t.Errorf("%+v, %v", status, err)
		}
	}
}

func TestACAThatCannotBeReadIsRefusedBeforeConnecting(t *testing.T) {
	for _, config := range []postgres.Config{{Host: "h", CA: []byte("no certificate")}, {Host: "h", SSLMode: "prefer"}} {
		if _, err := postgres.Open("shared-1", config, postgres.Options{}); err == nil {
			t.Errorf("%+v is accepted", config)
		}
	}
}
