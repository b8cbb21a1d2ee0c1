package postgres_test

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/login"
	"github.com/glific/organisation-operator/internal/postgres"
	"github.com/glific/organisation-operator/internal/postgres/postgrestest"
)

// clusters are started once: a test takes fresh identities, or a server of its own
// when it needs a whole one.
var clusters = struct {
	sync.Mutex
	byMajor map[int]*postgrestest.Server
}{byMajor: map[int]*postgrestest.Server{}}

func TestMain(m *testing.M) {
	code := m.Run()
	for _, cluster := range clusters.byMajor {
		if err := cluster.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = max(code, 1)
		}
	}
	os.Exit(code)
}

// cluster is the shared server of a major, with the ledger that a superuser made and
// a daily role that is nothing but that.
func cluster(t *testing.T, major int) *postgrestest.Server {
	t.Helper()
	clusters.Lock()
	defer clusters.Unlock()
	if clusters.byMajor[major] == nil {
		started, err := postgrestest.Start(t.Context(), postgrestest.Options{Major: major, MaxConnections: 2000,
			Settings: map[string]string{"max_prepared_transactions": "4", "wal_level": "logical"}})
		if err != nil {
			t.Fatal(err)
		}
		clusters.byMajor[major] = started
		bootstrap(t, started)
	}
	return clusters.byMajor[major]
}

const dailyRole = "organisation_operator"

// bootstrap does what docs/managed-postgres.md tells an administrator to do.
func bootstrap(t *testing.T, server *postgrestest.Server) {
	t.Helper()
	execAs(t, server.DSN("postgres"), "CREATE DATABASE organisation_operator TEMPLATE template0")
	execAs(t, server.DSN("organisation_operator"), postgres.BootstrapSQL,
		"ALTER ROLE organisation_operator PASSWORD 'daily'")
}

func daily(server *postgrestest.Server) postgres.Config {
	config := superuser(server)
	config.Username, config.Password = dailyRole, "daily"
	return config
}

func superuser(server *postgrestest.Server) postgres.Config {
	config := postgres.Config{Host: server.Host, Port: server.Port, Username: postgrestest.Superuser,
		Password: server.Password, SSLMode: postgres.Disable}
	if len(server.CA) > 0 {
		config.SSLMode, config.CA = postgres.VerifyFull, server.CA
	}
	return config
}

func open(t *testing.T, config postgres.Config, options postgres.Options) *postgres.Server {
	t.Helper()
	if options.Installation == "" {
		options.Installation = "installation-a"
	}
	server, err := postgres.Open("shared-1", config, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return server
}

// execAs runs statements as whoever the DSN says and fails the test on an error.
func execAs(t *testing.T, dsn string, statements ...string) {
	t.Helper()
	if err := tryAs(t, dsn, statements...); err != nil {
		t.Fatal(err)
	}
}

// tryAs runs statements in one session and returns the first error.
func tryAs(t *testing.T, dsn string, statements ...string) error {
	t.Helper()
	ctx := context.WithoutCancel(t.Context()) // cleanups run statements, too
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer conn.Close(ctx) //nolint:errcheck // nothing is lost
	for _, statement := range statements {
		if _, err := conn.PgConn().Exec(ctx, statement).ReadAll(); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}

// queryAs returns the text of one value.
func queryAs(t *testing.T, dsn, query string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context())) //nolint:errcheck // nothing is lost
	var value *string
	if err := conn.QueryRow(t.Context(), "SELECT ("+query+")::text").Scan(&value); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	if value == nil {
		return ""
	}
	return *value
}

// tenant is somebody with an identity, a name and a password.
type tenant struct {
	postgres.Claim
	password, verifier string
}

// newTenant makes names that no other test has.
func newTenant(t *testing.T, name string) tenant {
	t.Helper()
	unique := strings.ToLower(rand.Text()[:8])
	verifier, err := login.Verifier("pass-"+unique, []byte("salt of 16 bytes"), login.Iterations)
	if err != nil {
		t.Fatal(err)
	}
	return tenant{
		Claim: postgres.Claim{
			Subject: postgres.Subject{Identity: "uid-" + unique, Organisation: name + "-" + unique,
				Hosts: []string{name + "-" + unique + ".example.org"}},
			Installation: "installation-a", Database: name + "-" + unique + "-1", Incarnation: 1, ConnectionLimit: 20,
		},
		password: "pass-" + unique, verifier: verifier,
	}
}

// provisioned claims and provisions a new tenant.
func provisioned(t *testing.T, server *postgres.Server, name string) (tenant, *ledger.Tenant) {
	t.Helper()
	who := newTenant(t, name)
	row, err := server.Claim(t.Context(), who.Claim)
	if err != nil {
		t.Fatal(err)
	}
	made, err := server.Provision(t.Context(), row.Ref(), who.verifier)
	if err != nil {
		t.Fatal(err)
	}
	return who, made
}

func read(t *testing.T, server *postgres.Server, identity string) *ledger.Tenant {
	t.Helper()
	found, err := server.Read(t.Context(), identity)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// eachMajor runs a test on every supported major.
func eachMajor(t *testing.T, test func(t *testing.T, major int)) {
	for _, major := range postgrestest.Majors() {
		t.Run(fmt.Sprintf("PostgreSQL %d", major), func(t *testing.T) {
			t.Parallel()
			test(t, major)
		})
	}
}

// session is open until the test ends.
func session(t *testing.T, dsn string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

// portrait is everything about a tenant that does not depend on when it was made.
func portrait(t *ledger.Tenant) string {
	if t == nil {
		return "no row"
	}
	still := *t
	still.Facts.Now, still.CreatedAt, still.Epoch = time.Time{}, time.Time{}, 0
	still.PreparedOID, still.Facts.Database.OID = min(1, still.PreparedOID), min(1, still.Facts.Database.OID)
	for _, moment := range []**time.Time{&still.PurgeAt, &still.RetiredAt, &still.AdminAt} {
		if *moment != nil {
			*moment = &time.Time{}
		}
	}
	still.Runs = slices.Clone(still.Runs)
	for i := range still.Runs {
		still.Runs[i].At = time.Time{}
	}
	text, err := json.Marshal(still)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// anonymous takes the names that only this tenant has out of a text.
func (who tenant) anonymous(text string) string {
	unique := strings.TrimPrefix(who.Identity, "uid-")
	digest := sha256.Sum256([]byte(who.verifier))
	return strings.NewReplacer(unique, "unique", hex.EncodeToString(digest[:]), "verifier").Replace(text)
}
