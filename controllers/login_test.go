package controllers_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/keyring"
	"github.com/glific/organisation-operator/internal/testkit/lane"
)

func TestAnAppThatChangedItsOwnDatabasePasswordIsLetInAgain(t *testing.T) {
	w := newWorld(t, lane.Options{})
	w.create(lane.Organisation("asha"))
	w.settle()
	if err := w.login("asha"); err != nil {
		t.Fatalf("before anything happened: %v", err)
	}
	database := w.org("asha").Status.Database.Name
	if err := w.SQL(t.Context(), database, fmt.Sprintf("ALTER ROLE %q PASSWORD 'the-app-s-own'", database)); err != nil {
		t.Fatal(err)
	}
	w.settle()
	if w.login("asha") == nil {
		t.Fatal("the password is not changed, or is looked after more often than every five minutes")
	}
	w.step(5 * time.Minute)
	if wrote := w.writes(w.settle); !slices.Equal(wrote, []string{"sql commit"}) {
		t.Errorf("wrote %v, want the role's password alone", wrote)
	}
	if err := w.login("asha"); err != nil {
		t.Errorf("after five minutes: %v", err)
	}
	w.expect("asha", v1alpha1.DatabaseReady, "True/Ready")
}

// login is what a new pod of the NGO does.
func (w *world) login(name string) error {
	w.t.Helper()
	org := w.org(name)
	keys, err := keyring.Parse(w.keys(org.Identity()).Data)
	if err != nil {
		w.t.Fatal(err)
	}
	database := org.Status.Database.Name
	conn, err := pgx.Connect(w.t.Context(), w.Postgres.DSNAs(database, keys.DatabasePassword(), database))
	if err != nil {
		return err
	}
	return conn.Close(w.t.Context())
}
