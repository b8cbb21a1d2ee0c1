package standin_test

import (
	"context"
	"crypto/rand"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/environment"
	"github.com/glific/organisation-operator/internal/keyring"
	"github.com/glific/organisation-operator/internal/login"
	"github.com/glific/organisation-operator/internal/postgres"
	"github.com/glific/organisation-operator/internal/postgres/postgrestest"
	"github.com/glific/organisation-operator/internal/settings"
	"github.com/glific/organisation-operator/test/standin"
)

const (
	operatorRole = "organisation_operator"
	poolSize     = 3
)

// prepare does what an administrator does on a server, once.
func prepare(t *testing.T, server *postgrestest.Server) {
	t.Helper()
	query(t, server.DSN("postgres"), "CREATE DATABASE organisation_operator TEMPLATE template0")
	query(t, server.DSN("organisation_operator"), postgres.BootstrapSQL)
	query(t, server.DSN("postgres"), "ALTER ROLE "+operatorRole+" PASSWORD 'daily'")
}

// tenant is an NGO with a database of its own, made by the operator's own code.
type tenant struct {
	host, database string
	keys           keyring.Keyring
	env            map[string]string
}

// newTenant provisions a database, and derives the environment as for a pod.
func newTenant(t *testing.T) *tenant {
	t.Helper()
	server := database(t)
	keys, err := keyring.Generate(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	unique := strings.ToLower(rand.Text()[:8])
	who := &tenant{host: "asha-" + unique + ".example.org", database: "asha-" + unique + "-1", keys: keys}
	who.provision(t, server, unique)
	who.derive(t, server)
	return who
}

func (who *tenant) provision(t *testing.T, server *postgrestest.Server, unique string) {
	t.Helper()
	config := postgres.Config{Host: server.Host, Port: server.Port, Username: operatorRole, Password: "daily", CA: server.CA}
	operator, err := postgres.Open("shared-1", config, postgres.Options{Installation: "installation"})
	if err != nil {
		t.Fatal(err)
	}
	defer operator.Close()
	row, err := operator.Claim(t.Context(), postgres.Claim{
		Subject:      postgres.Subject{Identity: "uid-" + unique, Organisation: "asha-" + unique, Hosts: []string{who.host}},
		Installation: "installation", Database: who.database, Incarnation: 1, ConnectionLimit: 16,
	})
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := login.Verifier(who.keys.DatabasePassword(), []byte("salt of 16 bytes"), login.Iterations)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := operator.Provision(t.Context(), row.Ref(), verifier); err != nil {
		t.Fatal(err)
	}
}

// derive makes the environment as the operator does. The port is one that is free here,
// where pods would each have their own 4000.
func (who *tenant) derive(t *testing.T, server *postgrestest.Server) {
	t.Helper()
	release, err := standin.Release("0.1.0", "standin@sha256:1", "")
	if err != nil {
		t.Fatal(err)
	}
	release.Spec.HTTP.Port = int32(freePort(t)) //nolint:gosec // a port
	set := settings.Settings{Host: who.host, Aliases: []string{"www." + who.host, "old." + who.host}, OwnEnv: people()}
	database := environment.Database{
		Host: server.Host, Port: int32(server.Port), Name: who.database, Username: who.database, TLS: true, CA: server.CA,
	}
	made := environment.Build(set, release, nil, environment.Derive(set, release, database, who.keys, poolSize))
	if len(made.Problems) > 0 {
		t.Fatal(made.Problems)
	}
	who.env = map[string]string{}
	for _, value := range made.Values {
		who.env[value.Name] = value.Value
	}
}

// people are the variables that people give, through a profile.
func people() []v1alpha1.EnvVar {
	var env []v1alpha1.EnvVar
	for name, value := range map[string]string{
		"APPSIGNAL_HOSTNAME": "ngo.example.org", "APPSIGNAL_PUSH_API_KEY": "dummy", "STRIPE_API_KEY": "dummy",
		"STRIPE_SIGNING_SECRET": "dummy", "GUPSHUP_WEBHOOK_IPS": "192.0.2.0/24,198.51.100.7",
	} {
		env = append(env, v1alpha1.EnvVar{Name: name, Value: &value})
	}
	return env
}

// with is the environment with some variables changed, or removed where empty.
func (who *tenant) with(changes map[string]string) map[string]string {
	env := maps.Clone(who.env)
	for name, value := range changes {
		env[name] = value
		if value == "" {
			delete(env, name)
		}
	}
	return env
}

// run starts bin/prod, as a Job of the operator does, and returns what it printed.
func run(t *testing.T, release string, env map[string]string, arguments ...string) (string, error) {
	t.Helper()
	out, err := command(t.Context(), t, release, env, arguments...).CombinedOutput()
	return string(out), err
}

// command gives bin/prod exactly the environment of a pod, and nothing of this process.
func command(ctx context.Context, t *testing.T, release string, env map[string]string, arguments ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(ctx, filepath.Join(release, "bin", "prod"), arguments...)
	cmd.Dir = fixture.dir
	given := map[string]string{
		"PATH": os.Getenv("PATH"), "LANG": "C.UTF-8", "HOME": "/tmp", "RELEASE_TMP": t.TempDir(), "RELEASE_DISTRIBUTION": "name",
		"RELEASE_NODE": "prod@127.0.0.1", "ERL_CRASH_DUMP_SECONDS": "0", "ERL_EPMD_PORT": epmd(t, release), "ERL_EPMD_ADDRESS": "127.0.0.1",
	}
	maps.Copy(given, env)
	for _, name := range slices.Sorted(maps.Keys(given)) {
		cmd.Env = append(cmd.Env, name+"="+given[name])
	}
	return cmd
}

// mustRun is run for what has to succeed.
func mustRun(t *testing.T, release string, env map[string]string, arguments ...string) string {
	t.Helper()
	out, err := run(t, release, env, arguments...)
	if err != nil {
		t.Fatalf("%v: %v\n%s", arguments, err, out)
	}
	return out
}

// filled is a tenant whose database went through what the operator runs.
func filled(t *testing.T, version string) *tenant {
	t.Helper()
	who := newTenant(t)
	mustRun(t, built(t, version), who.env, "eval", "Standin.Release.bootstrap()")
	mustRun(t, built(t, version), who.with(map[string]string{"ADMIN_PASSWORD": who.keys.AdminPassword()}), "eval", "Standin.Release.set_admin_password()")
	return who
}

// ask returns the text of one value in the tenant's database, as its own role.
func (who *tenant) ask(t *testing.T, sql string) string {
	t.Helper()
	return query(t, database(t).DSNAs(who.database, who.keys.DatabasePassword(), who.database), sql)
}

// number is ask for a count.
func (who *tenant) number(t *testing.T, sql string) int {
	t.Helper()
	number, err := strconv.Atoi(who.ask(t, sql))
	if err != nil {
		t.Fatal(err)
	}
	return number
}

// query runs statements and returns the last value in text.
func query(t *testing.T, dsn, sql string) string {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx) //nolint:errcheck // nothing is lost
	results, err := conn.PgConn().Exec(ctx, sql).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	if rows := results[len(results)-1].Rows; len(rows) > 0 {
		return string(rows[0][0])
	}
	return ""
}
