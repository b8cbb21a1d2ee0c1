package main

import (
	"encoding/base64"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/glific/organisation-operator/internal/postgres/postgrestest"
)

// development is the chart's own server, with the certificate and the password that the
// chart makes, but without a container.
type development struct {
	t        *testing.T
	bin, dir string
	password string
	port     int
	account  *syscall.SysProcAttr
}

func newDevelopment(t *testing.T) *development {
	t.Helper()
	bin, err := postgrestest.Find(t.Context(), postgrestest.Oldest)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(bin, "psql")); err != nil {
		t.Skip("these binaries of PostgreSQL come without psql, which the image has")
	}
	objects, err := render(t, "tenants", values{"postgresql": values{"enabled": true}})
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "development-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	d := &development{t: t, bin: bin, dir: dir, port: freePort(t)}
	d.password = decode(t, objects["Secret/tenants/organisation-postgresql-admin"].text("data", "password"))
	for _, file := range []string{"tls.crt", "tls.key", "ca.crt"} {
		d.write(file, decode(t, objects["Secret/tenants/organisation-postgresql-tls"].text("data", file)))
	}
	for _, file := range []string{"postgresql.sh", "bootstrap.sql"} {
		d.write(file, objects["ConfigMap/tenants/organisation-postgresql"].text("data", file))
	}
	d.own()
	return d
}

func decode(t *testing.T, text string) string {
	t.Helper()
	content, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(content) == 0 {
		t.Fatalf("%q: %v", text, err)
	}
	return string(content)
}

func freePort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close() //nolint:errcheck // it has no more to say
	return listener.Addr().(*net.TCPAddr).Port
}

func (d *development) write(name, content string) {
	d.t.Helper()
	if err := os.WriteFile(filepath.Join(d.dir, name), []byte(content), 0o644); err != nil {
		d.t.Fatal(err)
	}
}

// own gives the folder to the user postgres, since PostgreSQL refuses to run as root.
func (d *development) own() {
	d.account = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if os.Geteuid() != 0 {
		return
	}
	postgres, err := user.Lookup("postgres")
	if err != nil {
		d.t.Skip(err)
	}
	uid, _ := strconv.Atoi(postgres.Uid)
	gid, _ := strconv.Atoi(postgres.Gid)
	d.account.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	if err := os.Chown(d.dir, uid, gid); err != nil {
		d.t.Fatal(err)
	}
}

// serve starts it and returns what stops it.
func (d *development) serve() (stop func()) {
	d.t.Helper()
	command := exec.Command("sh", filepath.Join(d.dir, "postgresql.sh"), "-p", strconv.Itoa(d.port))
	command.Dir, command.SysProcAttr = d.dir, d.account
	command.Env = []string{
		"PATH=" + d.bin + ":" + os.Getenv("PATH"), "LC_ALL=C", "OPERATOR_PASSWORD=" + d.password,
		"VOLUME=" + d.dir, "SCRIPTS=" + d.dir, "TLS=" + d.dir, "SOCKETS=" + d.dir,
	}
	var log strings.Builder
	command.Stdout, command.Stderr = &log, &log
	if err := command.Start(); err != nil {
		d.t.Fatal(err)
	}
	if strings.Contains(log.String(), d.password) {
		d.t.Error("the password is in the log")
	}
	return func() {
		_ = command.Process.Signal(syscall.SIGINT)
		_ = command.Wait()
		if d.t.Failed() {
			d.t.Log(log.String())
		}
	}
}

// ask runs one statement over the network.
func (d *development) ask(role, database, statement string) (string, error) {
	command := exec.CommandContext(d.t.Context(), filepath.Join(d.bin, "psql"), "-X", "-A", "-t", "-c", statement,
		fmt.Sprintf("host=localhost port=%d user=%s dbname=%s sslmode=verify-full sslrootcert=%s", d.port, role, database, filepath.Join(d.dir, "ca.crt")))
	command.Env = []string{"PGPASSWORD=" + d.password}
	output, err := command.CombinedOutput()
	return strings.TrimSpace(string(output)), err
}

// answers waits until the ledger answers.
func (d *development) answers() string {
	d.t.Helper()
	var output string
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		var err error
		if output, err = d.ask("organisation_operator", "organisation_operator", "SELECT system_identifier FROM pg_control_system()"); err == nil {
			return output
		}
	}
	d.t.Fatalf("it does not answer: %s", output)
	return ""
}

func TestTheDevelopmentServerStartsWithALedger(t *testing.T) {
	d := newDevelopment(t)
	stop := d.serve()
	first := d.answers()
	if out, err := d.ask("organisation_operator", "organisation_operator", "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"); err != nil || out != "f" {
		t.Errorf("the daily role can do too much: %s, %v", out, err)
	}
	if out, err := d.ask("postgres", "postgres", "SELECT 1"); err == nil || !strings.Contains(out, "password authentication failed") {
		t.Errorf("the superuser gets in over the network: %s", out)
	}
	stop()
	stop = d.serve()
	defer stop()
	if second := d.answers(); second != first {
		t.Error("the second start made another cluster")
	}
}
