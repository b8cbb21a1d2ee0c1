package postgrestest

import (
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
