package standin_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/glific/organisation-operator/internal/postgres/postgrestest"
)

// fixture is what all tests share: one PostgreSQL, one epmd, and each release, built
// once.
var fixture = struct {
	sync.Mutex
	dir      string
	releases map[string]string
	database *postgrestest.Server
	epmd     *exec.Cmd
	epmdPort string
}{releases: map[string]string{}}

func TestMain(m *testing.M) { os.Exit(runAll(m)) }

func runAll(m *testing.M) int {
	if _, err := exec.LookPath("mix"); err != nil {
		fmt.Println("NOT TESTED: the stand-in needs Erlang and Elixir.\n" +
			"On Debian: apt-get install --no-install-recommends $(cat test/standin/packages.txt)")
		if os.Getenv("CI") != "" {
			return 1
		}
		return 0
	}
	code, err := withFixture(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

func withFixture(m *testing.M) (code int, err error) {
	if fixture.dir, err = os.MkdirTemp("", "standin-"); err != nil {
		return 1, err
	}
	defer func() {
		if fixture.epmd != nil {
			err = errors.Join(err, fixture.epmd.Process.Kill())
			_ = fixture.epmd.Wait() // it was killed
		}
		if fixture.database != nil {
			err = errors.Join(err, fixture.database.Stop())
		}
		err = errors.Join(err, os.RemoveAll(fixture.dir))
	}()
	return m.Run(), nil
}

// built is the folder of a release, which tests leave as it is.
func built(t *testing.T, version string) string {
	t.Helper()
	fixture.Lock()
	defer fixture.Unlock()
	if dir, ok := fixture.releases[version]; ok {
		return dir
	}
	dir := filepath.Join(fixture.dir, version)
	out, err := exec.CommandContext(t.Context(), "sh", "build.sh", version, dir).CombinedOutput()
	if err != nil {
		t.Fatalf("building %s: %v\n%s", version, err, out)
	}
	fixture.releases[version] = dir
	return dir
}

// database is the shared server; it speaks TLS only.
func database(t *testing.T) *postgrestest.Server {
	t.Helper()
	fixture.Lock()
	defer fixture.Unlock()
	if fixture.database == nil {
		server, err := postgrestest.Start(context.WithoutCancel(t.Context()), postgrestest.Options{TLS: true, MaxConnections: 1000})
		if err != nil {
			t.Fatal(err)
		}
		fixture.database = server
		prepare(t, server)
	}
	return fixture.database
}

// epmd is the port of a name server for Erlang nodes that is this test's own: the one
// that a node would start outlives it.
func epmd(t *testing.T, release string) string {
	t.Helper()
	fixture.Lock()
	defer fixture.Unlock()
	if fixture.epmd == nil {
		programs, err := filepath.Glob(filepath.Join(release, "erts-*", "bin", "epmd"))
		if err != nil || len(programs) != 1 {
			t.Fatalf("epmd in %s: %v, %v", release, programs, err)
		}
		fixture.epmdPort = strconv.Itoa(freePort(t))
		fixture.epmd = exec.Command(programs[0], "-port", fixture.epmdPort, "-address", "127.0.0.1") //nolint:noctx // it outlives this test
		if err := fixture.epmd.Start(); err != nil {
			t.Fatal(err)
		}
	}
	return fixture.epmdPort
}

func freePort(t *testing.T) int {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, _ := strings.Cut(listener.Addr().String(), ":")
	number, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	return number
}
