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
	w.changePassword("asha")
	w.settle()
	if w.login("asha") == nil {
		t.Fatal("the password is not changed, or is looked after more often than every five minutes")
	}
	w.step(10 * time.Minute)
	if wrote := w.writes(w.settle); !slices.Equal(wrote, []string{"sql commit"}) {
		t.Errorf("wrote %v, want the role's password alone", wrote)
	}
	if err := w.login("asha"); err != nil {
		t.Errorf("after ten minutes: %v", err)
	}
	w.expect("asha", v1alpha1.DatabaseReady, "True/Ready")
}

// While a person holds an NGO nothing is set back, so its users learn why it does not work.
func TestAHeldOrganisationSaysThatItsLoginIsRefused(t *testing.T) {
	w, _ := reached(t)
	w.annotate("asha", v1alpha1.AnnotationHold, "a look at the database")
	w.changePassword("asha")
	w.step(15 * time.Minute)
	w.settle()
	w.expect("asha", v1alpha1.Reachable, "True/Ready") // one strike is none
	later(w)
	w.expect("asha", v1alpha1.Reachable, "False/"+v1alpha1.ReasonLoginRefused)
	w.expect("asha", v1alpha1.DatabaseReady, "True/Ready")
	w.annotate("asha", v1alpha1.AnnotationHold, "")
	w.settle()
	if err := w.login("asha"); err != nil {
		t.Errorf("the hold is over: %v", err)
	}
	w.step(time.Minute)
	w.settle()
	w.expect("asha", v1alpha1.Ready, "True/Ready")
}

// changePassword does what an app may do to itself.
func (w *world) changePassword(name string) {
	w.t.Helper()
	database := w.org(name).Status.Database.Name
	if err := w.SQL(w.t.Context(), database, fmt.Sprintf("ALTER ROLE %q PASSWORD 'the-app-s-own'", database)); err != nil {
		w.t.Fatal(err)
	}
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
