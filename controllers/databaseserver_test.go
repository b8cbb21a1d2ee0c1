package controllers_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/types"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/postgres/postgrestest"
	"github.com/glific/organisation-operator/internal/testkit/lane"
)

func (w *world) server(name string) *v1alpha1.DatabaseServer {
	w.t.Helper()
	server := &v1alpha1.DatabaseServer{}
	if err := w.Admin.Get(w.t.Context(), client.ObjectKey{Name: name}, server); err != nil {
		w.t.Fatal(err)
	}
	return server
}

// expectServer asserts a condition of a DatabaseServer, and what its message contains.
func (w *world) expectServer(condition, want string, says ...string) {
	w.t.Helper()
	c := meta.FindStatusCondition(w.server(lane.Server).Status.Conditions, condition)
	if c == nil || fmt.Sprintf("%s/%s", c.Status, c.Reason) != want {
		w.t.Fatalf("condition %s is %+v, want %s", condition, c, want)
	}
	stories.saw(subject{w, "DatabaseServer/" + condition}, want, true)
	for _, part := range says {
		if !strings.Contains(c.Message, part) {
			w.t.Errorf("condition %s does not say %q: %s", condition, part, c.Message)
		}
	}
}

// annotateServer does what the condition says: it finds annotation=value in its message.
func (w *world) annotateServer(annotation, value string) {
	w.t.Helper()
	change(w, lane.Server, &v1alpha1.DatabaseServer{}, func(s *v1alpha1.DatabaseServer) {
		if s.Annotations == nil {
			s.Annotations = map[string]string{}
		}
		s.Annotations[annotation] = value
	})
}

// told is the value that a condition's message gives for an annotation.
func (w *world) told(condition, annotation string) string {
	w.t.Helper()
	message := meta.FindStatusCondition(w.server(lane.Server).Status.Conditions, condition).Message
	_, rest, found := strings.Cut(message, annotation+"=")
	if !found {
		w.t.Fatalf("condition %s does not tell of %s: %s", condition, annotation, message)
	}
	return strings.FieldsFunc(rest, func(r rune) bool { return r == ' ' || r == ';' })[0]
}

func TestAnotherLedgerBehindTheAddressIsLeftAloneUntilAPersonAcceptsIt(t *testing.T) {
	w := newWorld(t, lane.Options{})
	w.create(lane.Organisation("asha"))
	w.settle()
	known := w.server(lane.Server).Status.Ledger
	if len(known) != 36 {
		t.Fatalf("the ledger is %q", known)
	}
	w.op.Stop()
	const other = "11111111-2222-3333-4444-555555555555"
	if err := w.SQL(t.Context(), "organisation_operator", "UPDATE ledger.version SET uuid = '"+other+"'"); err != nil {
		t.Fatal(err)
	}
	w.restart(nil)
	w.create(lane.Organisation("sneha"))
	w.settle()
	w.expectServer(v1alpha1.Ready, "False/LedgerChanged", known, other, "accept-ledger="+other)
	w.expectServer(v1alpha1.Tended, "Unknown/LedgerChanged")
	w.expect("asha", v1alpha1.Ready, "Unknown/ServerUnreachable")
	w.expect("sneha", v1alpha1.Ready, "Unknown/ServerUnreachable")
	if n := query[int](w, "organisation_operator", "SELECT count(*) FROM ledger.tenant"); n != 1 {
		t.Errorf("the other ledger was written to: %d rows", n)
	}
	if got := *w.backend("asha").Spec.Replicas; got != 1 {
		t.Errorf("what serves goes on, and %d replicas are wanted", got)
	}

	w.annotateServer(v1alpha1.AnnotationAcceptLedger, "no-such-ledger")
	w.settle()
	w.expectServer(v1alpha1.Ready, "False/LedgerChanged")
	w.annotateServer(v1alpha1.AnnotationAcceptLedger, w.told(v1alpha1.Ready, v1alpha1.AnnotationAcceptLedger))
	w.step(2 * time.Minute)
	w.settle()
	w.expectServer(v1alpha1.Ready, "True/Ready")
	w.expect("asha", v1alpha1.Ready, "True/Ready")
	w.expect("sneha", v1alpha1.Ready, "True/Ready")
	server := w.server(lane.Server)
	if server.Status.Ledger != other || server.Status.Requests.AcceptLedger == nil || server.Status.Requests.AcceptLedger.Value != other {
		t.Errorf("status says ledger %s, %+v", server.Status.Ledger, server.Status.Requests)
	}
}

func TestARestoredDatabaseServerWithoutStatusLearnsItsLedger(t *testing.T) {
	w := newWorld(t, lane.Options{})
	w.settle()
	before := w.server(lane.Server)
	empty := before.DeepCopy()
	empty.Status = v1alpha1.DatabaseServerStatus{ObservedGeneration: -1}
	if err := w.Admin.Status().Update(t.Context(), empty); err != nil {
		t.Fatal(err)
	}
	w.restart(nil)
	w.settle()
	if got := w.server(lane.Server).Status.Ledger; got != before.Status.Ledger || got == "" {
		t.Errorf("learned %q, was %q", got, before.Status.Ledger)
	}
}

func TestOrphansThatTheBreakerHoldsAreShownAndRetiredWhenAPersonConfirms(t *testing.T) {
	w := newWorld(t, lane.Options{})
	all := []string{"a1", "a2", "a3", "a4", "a5"}
	for _, name := range all {
		w.create(lane.Organisation(name))
	}
	w.settle()
	w.expectServer(v1alpha1.Tended, "True/Ready")
	for _, name := range all {
		change(w, name, &v1alpha1.Organisation{}, func(o *v1alpha1.Organisation) { o.Finalizers = nil })
		w.remove(w.org(name))
	}
	w.settle()
	w.expectServer(v1alpha1.Tended, "False/TeardownHeld", "2 databases", "a4", "a5", "adopt.uid", "10 minutes")
	told := w.told(v1alpha1.Tended, v1alpha1.AnnotationConfirmTeardown)

	w.annotateServer(v1alpha1.AnnotationConfirmTeardown, lane.Server) // names the server, not the teardown
	w.settle()
	w.expectServer(v1alpha1.Tended, "False/TeardownHeld")
	w.annotateServer(v1alpha1.AnnotationConfirmTeardown, told)
	w.settle()
	w.expectServer(v1alpha1.Tended, "True/Ready")
	if n := query[int](w, "organisation_operator", "SELECT count(*) FROM ledger.tenant WHERE state = 'retained'"); n != len(all) {
		t.Errorf("%d rows are retained, want %d", n, len(all))
	}
}

func TestADatabaseThatCannotBeDroppedIsNamedAndTriedAgain(t *testing.T) {
	w := newWorld(t, lane.Options{})
	w.create(purging("asha"))
	w.settle()
	database := w.org("asha").Status.Database.Name
	w.remove(w.org("asha"))
	w.settle()
	somebody, err := pgx.Connect(t.Context(), w.Postgres.DSN(database))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = somebody.Close(t.Context()) }()
	if err := w.SQL(t.Context(), "organisation_operator", "UPDATE ledger.tenant SET purge_at = now() - interval '1 second'"); err != nil {
		t.Fatal(err)
	}
	result, err := w.op.Servers.Reconcile(t.Context(), ctrl.Request{NamespacedName: types.NamespacedName{Name: lane.Server}})
	if err != nil || result.RequeueAfter != 5*time.Minute {
		t.Errorf("it must be tried again in its own time: %+v, %v", result, err)
	}
	w.expectServer(v1alpha1.Ready, "True/Ready")
	w.expectServer(v1alpha1.Tended, "False/DropBlocked", database, "session", "of role "+postgrestest.Superuser)
	if err := somebody.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.settle()
	w.expectServer(v1alpha1.Tended, "True/Ready")
	if n := query[int](w, "postgres", "SELECT count(*) FROM pg_database WHERE datname = $1", database); n != 0 {
		t.Error("the doomed database is still there")
	}
}

func TestADatabaseServerStaysWhileDataIsThereUnlessAPersonLeavesIt(t *testing.T) {
	w := newWorld(t, lane.Options{})
	w.create(lane.Organisation("asha"))
	w.settle()
	identity := w.org("asha").Status.Identity
	w.remove(w.server(lane.Server))
	w.settle()
	w.expectServer(v1alpha1.Ready, "False/Deleting", "asha", "delete them first")
	w.remove(w.org("asha"))
	w.settle()
	w.expectServer(v1alpha1.Ready, "False/Deleting", "data of 1 Organisations", identity, "retained")

	w.Proxy.Refuse(true)
	w.settle()
	w.expectServer(v1alpha1.Ready, "False/Deleting", "cannot be asked")
	w.Proxy.Refuse(false)
	w.annotateServer(v1alpha1.AnnotationLeaveData, w.told(v1alpha1.Ready, v1alpha1.AnnotationLeaveData))
	w.settle()
	w.gone(&v1alpha1.DatabaseServer{}, "", lane.Server)

	// Nothing is lost: a DatabaseServer that leads there again finds it.
	w.create(w.DatabaseServer(lane.Server))
	back := lane.Organisation("asha")
	back.Spec.Adopt = &v1alpha1.AdoptSpec{UID: identity}
	w.create(back)
	w.settle()
	w.expect("asha", v1alpha1.Ready, "True/Ready")
}

func TestADatabaseServerThatWasNeverReachedGoesAtOnce(t *testing.T) {
	w := newWorld(t, lane.Options{})
	w.Proxy.Refuse(true)
	w.settle()
	w.expectServer(v1alpha1.Ready, "Unknown/ServerUnreachable")
	w.remove(w.server(lane.Server))
	w.settle()
	w.gone(&v1alpha1.DatabaseServer{}, "", lane.Server)
}

// A server that goes away between two passes is noticed before anybody asks.
func TestAServerThatGoesAwayIsMissed(t *testing.T) {
	w := newWorld(t, lane.Options{})
	w.create(lane.Organisation("asha"))
	w.settle()
	missed := func(want ...string) {
		t.Helper()
		if got, err := w.op.Pulse.Feel(t.Context()); err != nil || !slices.Equal(got, want) {
			t.Errorf("missed %v, want %v: %v", got, want, err)
		}
	}
	missed()
	w.Proxy.Refuse(true)
	missed(lane.Server)
	w.settle()
	w.expectServer(v1alpha1.Ready, "Unknown/ServerUnreachable")
	w.expect("asha", v1alpha1.Available, "Unknown/ServerUnreachable")
	missed() // what is known to be away is asked by its own passes
	w.Proxy.Refuse(false)
	w.step(2 * time.Minute)
	w.settle()
	w.expect("asha", v1alpha1.Ready, "True/Ready")
	missed()
}
