package postgres_test

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/glific/organisation-operator/internal/postgres"
	"github.com/glific/organisation-operator/internal/postgres/postgrestest"
)

// arena is a server on which an attacker meets a victim.
type arena struct {
	shared           *postgrestest.Server
	attacker, victim tenant
	attackerRole     string // who logs in, with which password, to which database
	password         string
	home             string
	app              string // role of somebody else
	made             map[string]string
}

func TestTenantsCannotReachEachOtherNorTheServer(t *testing.T) {
	eachMajor(t, func(t *testing.T, major int) {
		hardened := newArena(t, cluster(t, major))
		hardened.asTenant()
		refuted(t, major, hardened, tenantAttacks, (*arena).asTenant)
	})
}

func TestTheOperatorsCredentialIsNoKeyToTheServer(t *testing.T) {
	eachMajor(t, func(t *testing.T, major int) {
		hardened := newArena(t, cluster(t, major))
		hardened.asOperator()
		refuted(t, major, hardened, operatorAttacks, (*arena).asOperator)
	})
}

// refuted plays every attack on the hardened arena, and on a control that is made
// careless for it, and looks that the hardened tenants are as they were.
func refuted(t *testing.T, major int, hardened *arena, attacks []attack, role func(*arena)) {
	t.Helper()
	control := careless(t, major)
	var refused int
	for _, a := range attacks {
		proved := t.Run(a.sentence, func(t *testing.T) {
			clear(hardened.made)
			if state, err := hardened.play(t, hardened.home, a.neighbour); state != "" {
				t.Errorf("the neighbour must succeed: %v (SQLSTATE %s)", err, state)
			}
			if state, err := hardened.play(t, a.in, a.prepare, a.statement); state != a.state {
				t.Errorf("refused with SQLSTATE %q instead of %q: %v", state, a.state, err)
			}
			naive := newArena(t, control)
			role(naive)
			naive.weaken(t, a)
			if state, err := naive.play(t, cmp.Or(a.controlIn, a.in), a.prepare, a.statement); state != "" {
				t.Errorf("on the careless control it must succeed: %v (SQLSTATE %s)", err, state)
			}
			naive.restore(t, a)
		})
		if proved {
			refused++
		}
	}
	server := open(t, daily(hardened.shared), postgres.Options{})
	for _, who := range []tenant{hardened.attacker, hardened.victim} {
		if drift := read(t, server, who.Identity).Drift(who.verifier); len(drift) > 0 {
			t.Errorf("after all attacks %s has changed: %v", who.Database, drift)
		}
	}
	t.Logf("PostgreSQL %d: %d of %d attacks succeed on the control, are refused here, and leave their neighbours alone", major, refused, len(attacks))
}

// newArena provisions attacker and victim, and a role of somebody else.
func newArena(t *testing.T, shared *postgrestest.Server) *arena {
	t.Helper()
	server := open(t, daily(shared), postgres.Options{})
	a := &arena{shared: shared, made: map[string]string{}, app: "app-" + strings.ToLower(rand.Text()[:8]) + "-1"}
	a.attacker, _ = provisioned(t, server, "mallory")
	a.victim, _ = provisioned(t, server, "victim")
	execAs(t, shared.DSN("postgres"), fmt.Sprintf(`CREATE ROLE "%s" LOGIN PASSWORD 'app'`, a.app))
	return a
}

// session leaves a session of the victim open for the length of the test.
func (a *arena) session(t *testing.T) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), a.shared.DSNAs(a.victim.Database, a.victim.password, a.victim.Database))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	if _, err := conn.Exec(t.Context(), "SELECT 'a secret'"); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(conn.PgConn().PID())
}

// foreign makes a database of somebody else, closed to others.
func (a *arena) foreign(t *testing.T) string {
	t.Helper()
	name := "foreign-" + strings.ToLower(rand.Text()[:8])
	execAs(t, a.shared.DSN("postgres"), fmt.Sprintf(`CREATE DATABASE "%s"`, name),
		fmt.Sprintf(`REVOKE ALL ON DATABASE "%s" FROM PUBLIC`, name))
	return name
}

func (a *arena) asTenant() {
	a.attackerRole, a.password, a.home = a.attacker.Database, a.attacker.password, a.attacker.Database
}

func (a *arena) asOperator() {
	a.attackerRole, a.password, a.home = dailyRole, "daily", "organisation_operator"
}

// fill names whom a statement is about. What is costly is only made if it is asked for.
func (a *arena) fill(t *testing.T, text string) string {
	t.Helper()
	costly := map[string]func(*testing.T) string{"{victimpid}": a.session, "{foreigndb}": a.foreign}
	for name, makes := range costly {
		if strings.Contains(text, name) && a.made[name] == "" {
			a.made[name] = makes(t)
		}
	}
	return strings.NewReplacer(
		"{self}", a.attackerRole, "{selfdb}", a.attacker.Database, "{owner}", postgres.OwnerRole(a.attacker.Database),
		"{victim}", a.victim.Database, "{victimdb}", a.victim.Database, "{victimid}", a.victim.Identity,
		"{victimpid}", a.made["{victimpid}"], "{foreigndb}", a.made["{foreigndb}"], "{verifier}", a.victim.verifier,
		"{app}", a.app, "{unique}", strings.ReplaceAll(strings.TrimSuffix(a.app, "-1"), "-", "_"),
	).Replace(text)
}

// play runs statements as the attacker and returns the SQLSTATE of the refusal, or of
// the warning that nothing was done, or "" if all went well.
func (a *arena) play(t *testing.T, database string, statements ...string) (string, error) {
	t.Helper()
	if database == "" {
		database = a.home
	}
	settings, err := pgx.ParseConfig(a.shared.DSNAs(a.attackerRole, a.password, a.fill(t, database)))
	if err != nil {
		t.Fatal(err)
	}
	var warning string
	settings.OnNotice = func(_ *pgconn.PgConn, notice *pgconn.Notice) {
		if notice.Code == "01006" || notice.Code == "01007" { // privilege not revoked, not granted
			warning = notice.Code
		}
	}
	conn, err := pgx.ConnectConfig(t.Context(), settings)
	if err != nil {
		return stateOf(err), err
	}
	defer conn.Close(context.WithoutCancel(t.Context())) //nolint:errcheck // nothing is lost
	for _, statement := range statements {
		warning = ""
		if _, err := conn.PgConn().Exec(t.Context(), a.fill(t, statement)).ReadAll(); err != nil {
			return stateOf(err), err
		}
	}
	return warning, nil
}

func stateOf(err error) string {
	var answer *pgconn.PgError
	if errors.As(err, &answer) {
		return answer.Code
	}
	return err.Error()
}

// careless is a server whose doors stand open as PostgreSQL leaves them.
func careless(t *testing.T, major int) *postgrestest.Server {
	t.Helper()
	server := postgrestest.New(t, postgrestest.Options{Major: major, MaxConnections: 500,
		Settings: map[string]string{"wal_level": "logical"}})
	bootstrap(t, server)
	return server
}

// weaken does what a careless administrator did; what follows {ledger} is done there.
func (a *arena) weaken(t *testing.T, attack attack) {
	t.Helper()
	here, inLedger, _ := strings.Cut(a.fill(t, attack.weaken), "{ledger}")
	for statement := range strings.SplitSeq(here, ";") {
		execAs(t, a.shared.DSN("postgres"), statement)
	}
	if inLedger != "" {
		execAs(t, a.shared.DSN("organisation_operator"), inLedger)
	}
}

// restore brings back what all attacks on a control share, and gives its room back.
func (a *arena) restore(t *testing.T, attack attack) {
	t.Helper()
	for _, database := range []string{a.attacker.Database, a.victim.Database} {
		// Attacks that succeeded may have renamed, dropped or pinned it; then it stays.
		_ = tryAs(t, a.shared.DSN("postgres"), fmt.Sprintf(`ALTER DATABASE "%s" WITH IS_TEMPLATE false`, database),
			fmt.Sprintf(`DROP DATABASE IF EXISTS "%s" WITH (FORCE)`, database))
	}
	execAs(t, a.shared.DSN("postgres"), "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots")
	execAs(t, a.shared.DSN("organisation_operator"), "UPDATE ledger.tenant SET state = 'retained', purge_at = NULL")
	changed := attack.weaken + attack.statement
	if strings.Contains(changed, "postgres") || strings.Contains(changed, "template1") || strings.Contains(changed, "SYSTEM") {
		execAs(t, a.shared.DSN("postgres"), "REVOKE CONNECT ON DATABASE postgres, template1, organisation_operator FROM PUBLIC", "ALTER SYSTEM RESET ALL")
	}
	if a.attackerRole == dailyRole || strings.Contains(changed, "organisation_operator") {
		execAs(t, a.shared.DSN("postgres"),
			"ALTER ROLE organisation_operator NOSUPERUSER NOCREATEROLE CREATEDB",
			"ALTER ROLE organisation_operator_definer NOSUPERUSER NOLOGIN CREATEROLE",
			"REVOKE pg_execute_server_program, organisation_operator_definer FROM organisation_operator",
			"REVOKE TEMPORARY ON DATABASE organisation_operator FROM organisation_operator")
	}
	if strings.Contains(changed, "ledger.") || strings.Contains(changed, "{ledger}") {
		execAs(t, a.shared.DSN("organisation_operator"), "DROP SCHEMA ledger CASCADE", postgres.BootstrapSQL)
	}
}
