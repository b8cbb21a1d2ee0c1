package crash

import (
	"context"
	"errors"
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

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

// postgres starts a private server and returns the path of its socket.
func postgres(t *testing.T) string {
	t.Helper()
	bins, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	if bin := os.Getenv("POSTGRES_BIN"); bin != "" {
		bins = []string{bin}
	}
	if len(bins) == 0 {
		t.Fatal("no PostgreSQL found; run `make postgres`")
	}
	dir, err := os.MkdirTemp("", "pg-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	as := unprivileged(t, dir)
	run := func(program string, args ...string) *exec.Cmd {
		cmd := exec.Command(filepath.Join(bins[0], program), args...)
		cmd.Dir, cmd.SysProcAttr = dir, as
		return cmd
	}
	if out, err := run("initdb", "-D", dir+"/data", "-U", "root", "-A", "trust", "--no-sync").CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	server := run("postgres", "-D", dir+"/data", "-k", dir, "-c", "listen_addresses=", "-c", "fsync=off")
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Signal(syscall.SIGINT)
		_ = server.Wait()
	})
	return dir + "/.s.PGSQL.5432"
}

// unprivileged gives the folder to a user that is not root, whom PostgreSQL refuses.
func unprivileged(t *testing.T, dir string) *syscall.SysProcAttr {
	t.Helper()
	if os.Getuid() != 0 {
		return nil
	}
	account, err := user.Lookup("postgres")
	if err != nil {
		t.Fatal(err)
	}
	uid, _ := strconv.Atoi(account.Uid)
	gid, _ := strconv.Atoi(account.Gid)
	if err := os.Chown(dir, uid, gid); err != nil {
		t.Fatal(err)
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
}

func connect(ctx context.Context, addr net.Addr) (*pgx.Conn, error) {
	host, port, _ := net.SplitHostPort(addr.String())
	return pgx.Connect(ctx, fmt.Sprintf("host=%s port=%s user=root dbname=postgres sslmode=prefer", host, port))
}

// claim is a program under test: a transaction, a statement without one, a read.
func claim(ctx context.Context, addr net.Addr, name string) error {
	conn, err := connect(ctx, addr)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	tx, err := conn.Begin(ctx)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "INSERT INTO ledger VALUES ($1)", name); err != nil {
		return err
	}
	if err := tx.Commit(ctx); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "UPDATE ledger SET state = 'done' WHERE name = $1", name); err != nil {
		return err
	}
	var state string
	return conn.QueryRow(ctx, "SELECT state FROM ledger WHERE name = $1", name).Scan(&state)
}

func TestProxy(t *testing.T) {
	socket := postgres(t)
	proxy, err := NewProxy("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer proxy.Close()
	observer := waitForServer(t, proxy.Addr())
	if _, err := observer.Exec(t.Context(), "CREATE TABLE ledger (name text PRIMARY KEY, state text DEFAULT 'new')"); err != nil {
		t.Fatal(err)
	}
	observer.Close(t.Context())

	writes := []string{"sql INSERT INTO ledger VALUES ($1)", "sql commit", "sql UPDATE ledger SET state = '…' WHERE name = $1"}
	for i, c := range []struct {
		does  string
		fault Fault
		state string // of the row afterwards; "": no row
	}{
		{"no fault", Fault{}, "done"},
		{"the insert never leaves", Fault{Write: 1, Point: BeforeSend}, ""},
		{"the insert is carried out in an unfinished transaction", Fault{Write: 1, Point: AnswerLost}, ""},
		{"the commit never leaves", Fault{Write: 2, Point: BeforeSend}, ""},
		{"the commit is carried out and not heard of", Fault{Write: 2, Point: AnswerLost}, "new"},
		{"the update never leaves", Fault{Write: 3, Point: BeforeSend}, "new"},
		{"the update is carried out and not heard of", Fault{Write: 3, Point: AnswerLost}, "done"},
	} {
		t.Run(c.does, func(t *testing.T) {
			life, name := NewLife(c.fault), fmt.Sprintf("row-%d", i)
			proxy.Attach(life)
			err := claim(life.Context(t.Context()), proxy.Addr(), name)
			if (err == nil) != (c.fault.Write == 0) {
				t.Errorf("the program got %v", err)
			}
			if diff := cmp.Diff(writes[:len(life.Writes())], life.Writes()); diff != "" {
				t.Error(diff)
			}
			if c.fault.Write != 0 && len(life.Writes()) != c.fault.Write {
				t.Errorf("writes went on after the fault: %q", life.Writes())
			}
			if _, err := connect(t.Context(), proxy.Addr()); (err == nil) != (c.fault.Write == 0) {
				t.Errorf("a connection after the end of the life: %v", err)
			}
			proxy.Attach(nil)
			if state := rowState(t, proxy.Addr(), name); state != c.state {
				t.Errorf("the row's state is %q, want %q", state, c.state)
			}
		})
	}
	t.Run("a server that refuses cuts open connections and can come back", func(t *testing.T) {
		conn := waitForServer(t, proxy.Addr())
		proxy.Refuse(true)
		if err := conn.Ping(t.Context()); err == nil {
			t.Error("an open connection still works")
		}
		if _, err := connect(t.Context(), proxy.Addr()); err == nil {
			t.Error("a new connection was accepted")
		}
		proxy.Refuse(false)
		waitForServer(t, proxy.Addr()).Close(t.Context())
	})
}

func rowState(t *testing.T, addr net.Addr, name string) string {
	t.Helper()
	conn := waitForServer(t, addr)
	defer conn.Close(t.Context())
	// A cut connection's transaction is rolled back when its server process
	// notices; FOR UPDATE and the unique key would wait for it, a plain read not.
	var state string
	err := conn.QueryRow(t.Context(), "SELECT state FROM ledger WHERE name = $1", name).Scan(&state)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		t.Fatal(err)
	}
	return state
}

func waitForServer(t *testing.T, addr net.Addr) *pgx.Conn {
	t.Helper()
	for {
		conn, err := connect(t.Context(), addr)
		if err == nil {
			return conn
		}
		if t.Context().Err() != nil {
			t.Fatal(err)
		}
	}
}

func TestWritesSQL(t *testing.T) {
	for sql, want := range map[string]bool{
		"SELECT 1": false, "  select now() -- update": false, "SHOW server_version": false, "begin": false,
		"rollback": false, "SET ROLE x": false, "": false, "-- only a comment": false,
		"COMMIT": true, "insert into t values (1)": true, "CREATE DATABASE d": true, "GRANT a TO b": true,
		"/* why */ DELETE FROM t": true, "begin; insert into t values (1)": true, "ALTER ROLE r LOGIN": true,
		"WITH x AS (SELECT 1) SELECT * FROM x":                         false,
		"WITH x AS (INSERT INTO t VALUES (1) RETURNING *) SELECT 1":    true,
		"with gone as (delete from t returning id) select * from gone": true,
	} {
		if WritesSQL(sql) != want {
			t.Errorf("WritesSQL(%q) = %v", sql, !want)
		}
	}
	if got := oneLine("ALTER ROLE r\n  PASSWORD 'it''s secret' VALID"); got != "ALTER ROLE r PASSWORD '…' VALID" {
		t.Errorf("got %q", got)
	}
	if long := oneLine(strings.Repeat("x", 100)); len(long) > 90 {
		t.Errorf("%d bytes", len(long))
	}
}
