package postgrestest

import (
	"os"
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestAServerStartsHaltsResumesAndStops(t *testing.T) {
	for _, major := range Majors() {
		for _, tls := range []bool{false, true} {
			server := New(t, Options{Major: major, TLS: tls})
			ask(t, server, "CREATE TABLE kept ()")
			if err := server.Halt(); err != nil {
				t.Fatal(err)
			}
			if _, err := pgx.Connect(t.Context(), server.DSN("postgres")); err == nil {
				t.Fatal("a halted server answers")
			}
			if err := server.Resume(t.Context()); err != nil {
				t.Fatal(err)
			}
			ask(t, server, "DROP TABLE kept")
		}
	}
}

func TestWhatAKilledProcessLeftIsSweptAndWhatLivesIsNot(t *testing.T) {
	parent := t.TempDir()
	living, dead, strange := parent+"/"+prefix+"living", parent+"/"+prefix+"dead", parent+"/"+prefix+"strange"
	for _, dir := range []string{living, dead, strange} {
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	held, err := occupy(living)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close() //nolint:errcheck // only the lock counts
	gone, err := occupy(dead)
	if err != nil {
		t.Fatal(err)
	}
	if err := gone.Close(); err != nil { // as a process that is killed does
		t.Fatal(err)
	}
	sweep(parent)
	for dir, want := range map[string]bool{living: true, dead: false, strange: true} {
		if _, err := os.Stat(dir); (err == nil) != want {
			t.Errorf("%s: %v", dir, err)
		}
	}
}

func TestAClusterInADirectoryIsKept(t *testing.T) {
	options := Options{Directory: kept(t)}
	for _, statement := range []string{"CREATE TABLE kept ()", "DROP TABLE kept"} {
		server, err := Start(t.Context(), options)
		if err != nil {
			t.Fatal(err)
		}
		ask(t, server, statement)
		if err := server.Stop(); err != nil {
			t.Fatal(err)
		}
	}
}

// kept is a directory that the server's user can reach, which t.TempDir is not.
func kept(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "kept-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func ask(t *testing.T, server *Server, statement string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), server.DSN("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context()) //nolint:errcheck // the server is private
	if _, err := conn.Exec(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}
