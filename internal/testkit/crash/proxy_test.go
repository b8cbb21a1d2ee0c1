package crash

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/glific/organisation-operator/internal/postgres/postgrestest"
)

// database is a private server behind a proxy.
type database struct {
	*testing.T
	server *postgrestest.Server
	proxy  *Proxy
}

func newDatabase(t *testing.T) *database {
	t.Helper()
	server := postgrestest.New(t, postgrestest.Options{Major: postgrestest.Oldest})
	proxy, err := NewProxy("tcp", fmt.Sprintf("127.0.0.1:%d", server.Port))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := proxy.Close(); err != nil {
			t.Error(err)
		}
	})
	return &database{t, server, proxy}
}

// connect goes through the proxy, and asks for encryption first, as clients do.
func (d *database) connect(ctx context.Context) (*pgx.Conn, error) {
	return pgx.Connect(ctx, fmt.Sprintf("host=127.0.0.1 port=%d user=%s password=%s dbname=postgres sslmode=prefer",
		d.proxy.Addr().Port, postgrestest.Superuser, d.server.Password))
}

func (d *database) mustConnect() *pgx.Conn {
	d.Helper()
	conn, err := d.connect(d.Context())
	if err != nil {
		d.Fatal(err)
	}
	return conn
}

// claim is a program under test: a transaction, a statement without one, a read.
func (d *database) claim(ctx context.Context, name string) error {
	conn, err := d.connect(ctx)
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
	d := newDatabase(t)
	observer := d.mustConnect()
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
			d.proxy.Attach(life)
			err := d.claim(life.Context(t.Context()), name)
			if (err == nil) != (c.fault.Write == 0) {
				t.Errorf("the program got %v", err)
			}
			if diff := cmp.Diff(writes[:len(life.Writes())], life.Writes()); diff != "" {
				t.Error(diff)
			}
			if c.fault.Write != 0 && len(life.Writes()) != c.fault.Write {
				t.Errorf("writes went on after the fault: %q", life.Writes())
			}
			if _, err := d.connect(t.Context()); (err == nil) != (c.fault.Write == 0) {
				t.Errorf("a connection after the end of the life: %v", err)
			}
			d.proxy.Attach(nil)
			if state := d.state(name); state != c.state {
				t.Errorf("the row's state is %q, want %q", state, c.state)
			}
		})
	}
	t.Run("a server that refuses cuts open connections and can come back", func(t *testing.T) {
		conn := d.mustConnect()
		d.proxy.Refuse(true)
		if err := conn.Ping(t.Context()); err == nil {
			t.Error("an open connection still works")
		}
		if _, err := d.connect(t.Context()); err == nil {
			t.Error("a new connection was accepted")
		}
		d.proxy.Refuse(false)
		d.mustConnect().Close(t.Context())
	})
}

// state reads the row; "" if there is none.
func (d *database) state(name string) (state string) {
	d.Helper()
	conn := d.mustConnect()
	defer conn.Close(d.Context())
	err := conn.QueryRow(d.Context(), "SELECT state FROM ledger WHERE name = $1", name).Scan(&state)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		d.Fatal(err)
	}
	return state
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
