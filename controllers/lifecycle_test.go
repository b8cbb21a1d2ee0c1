package controllers_test

import (
	"fmt"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/jackc/pgx/v5"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/testkit/lane"
)

func (w *world) remove(objects ...client.Object) {
	w.t.Helper()
	for _, object := range objects {
		if err := w.Admin.Delete(w.t.Context(), object); err != nil {
			w.t.Fatalf("deleting %T %s: %v", object, object.GetName(), err)
		}
	}
}

func (w *world) gone(object client.Object, namespace, name string) {
	w.t.Helper()
	err := w.Admin.Get(w.t.Context(), client.ObjectKey{Namespace: namespace, Name: name}, object)
	if !apierrors.IsNotFound(err) {
		w.t.Fatalf("%T %s/%s should be gone: %v", object, namespace, name, err)
	}
}

func (w *world) backend(org string) *appsv1.Deployment {
	w.t.Helper()
	d := &appsv1.Deployment{}
	if err := w.Admin.Get(w.t.Context(), client.ObjectKey{Namespace: names.Namespace(org), Name: names.Backend}, d); err != nil {
		w.t.Fatal(err)
	}
	return d
}

// query reads one value as the superuser.
func query[T any](w *world, database, sql string, args ...any) T {
	w.t.Helper()
	conn, err := pgx.Connect(w.t.Context(), w.Postgres.DSN(database))
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = conn.Close(w.t.Context()) }()
	var value T
	if err := conn.QueryRow(w.t.Context(), sql, args...).Scan(&value); err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
	return value
}

func (w *world) keys(identity string) *corev1.Secret {
	w.t.Helper()
	secret := &corev1.Secret{}
	if err := w.Admin.Get(w.t.Context(), client.ObjectKey{Namespace: lane.Namespace, Name: names.Keys(identity)}, secret); err != nil {
		w.t.Fatal(err)
	}
	return secret
}

func canLogin(w *world, role string) bool {
	return query[bool](w, "postgres", "SELECT rolcanlogin FROM pg_roles WHERE rolname = $1", role)
}

func TestSuspendAndResume(t *testing.T) {
	w := newWorld(t, lane.Options{})
	w.create(lane.Organisation("asha"))
	w.settle()
	database := w.org("asha").Status.Database.Name

	power := func(p v1alpha1.Power) {
		change(w, "asha", &v1alpha1.Organisation{}, func(o *v1alpha1.Organisation) { o.Spec.Power = p })
		w.settle()
	}
	power(v1alpha1.PowerSuspended)
	w.expect("asha", v1alpha1.Ready, "absent")
	w.expect("asha", v1alpha1.Available, "False/Suspended")
	if replicas := *w.backend("asha").Spec.Replicas; replicas != 0 || canLogin(w, database) {
		t.Errorf("suspended, and %d replicas are wanted, login %v", replicas, canLogin(w, database))
	}
	power(v1alpha1.PowerRunning)
	w.expect("asha", v1alpha1.Ready, "True/Ready")
	if replicas := *w.backend("asha").Spec.Replicas; replicas != 1 || !canLogin(w, database) {
		t.Errorf("resumed, and %d replicas are wanted, login %v", replicas, canLogin(w, database))
	}
}

func TestSuspendedFromBirthPreparesEverythingAndStartsNothing(t *testing.T) {
	w := newWorld(t, lane.Options{})
	org := lane.Organisation("asha")
	org.Spec.Power = v1alpha1.PowerSuspended
	w.create(org)
	w.settle()
	w.expect("asha", v1alpha1.DatabaseReady, "True/Ready")
	w.expect("asha", v1alpha1.SecretsReady, "True/Ready")
	w.expect("asha", v1alpha1.Available, "False/Suspended")
	w.gone(&appsv1.Deployment{}, "org-asha", names.Backend)
	change(w, "asha", &v1alpha1.Organisation{}, func(o *v1alpha1.Organisation) { o.Spec.Power = v1alpha1.PowerRunning })
	w.settle()
	w.expect("asha", v1alpha1.Ready, "True/Ready")
}

func TestRetainedDataIsFoundAgainAndNeverShadowed(t *testing.T) {
	w := newWorld(t, lane.Options{})
	w.create(lane.Organisation("asha"))
	w.settle()
	first := w.org("asha")
	keys := w.keys(first.Status.Identity)

	w.remove(first)
	w.settle()
	w.gone(&v1alpha1.Organisation{}, "", "asha")
	w.gone(&corev1.Namespace{}, "", "org-asha")
	if canLogin(w, first.Status.Database.Name) {
		t.Error("the tenant can still log in after the deletion")
	}

	w.create(lane.Organisation("asha"))
	w.settle()
	w.expect("asha", v1alpha1.Ready, "False/RetainedDataFound")
	if n := query[int](w, "organisation_operator", "SELECT count(*) FROM ledger.tenant"); n != 1 {
		t.Errorf("the ledger has %d rows, want the retained one only", n)
	}

	w.remove(w.org("asha"))
	w.settle()
	adopting := lane.Organisation("asha")
	adopting.Spec.Adopt = &v1alpha1.AdoptSpec{UID: first.Status.Identity}
	w.create(adopting)
	w.settle()
	w.expect("asha", v1alpha1.Ready, "True/Ready")
	if got := w.org("asha").Status.Database.Name; got != first.Status.Database.Name {
		t.Errorf("adopted database %s, want %s", got, first.Status.Database.Name)
	}
	if now := w.keys(first.Status.Identity); fmt.Sprint(now.Data) != fmt.Sprint(keys.Data) || now.UID != keys.UID {
		t.Error("the keys changed")
	}
}

func TestAFreshStartLeavesRetainedDataWhereItIs(t *testing.T) {
	w := newWorld(t, lane.Options{})
	w.create(lane.Organisation("asha"))
	w.settle()
	w.remove(w.org("asha"))
	w.settle()
	fresh := lane.Organisation("asha")
	fresh.Spec.Adopt = &v1alpha1.AdoptSpec{Fresh: new(true)}
	w.create(fresh)
	w.settle()
	w.expect("asha", v1alpha1.Ready, "True/Ready")
	if n := query[int](w, "organisation_operator", "SELECT count(*) FROM ledger.tenant"); n != 2 {
		t.Errorf("the ledger has %d rows, want the retained and the fresh one", n)
	}
}

func purging(name string) *v1alpha1.Organisation {
	org := lane.Organisation(name)
	org.Spec.Deletion = &v1alpha1.DeletionSpec{Policy: v1alpha1.DeletionPurge, Confirm: name}
	return org
}

func TestPurgedDataCanBeHadBackUntilItsTimeAndIsDroppedThen(t *testing.T) {
	w := newWorld(t, lane.Options{})
	w.create(purging("asha"))
	w.settle()
	first := w.org("asha")
	w.remove(first)
	w.settle()

	back := purging("asha")
	back.Spec.Adopt = &v1alpha1.AdoptSpec{UID: first.Status.Identity}
	w.create(back)
	w.settle()
	w.expect("asha", v1alpha1.Ready, "True/Ready")

	w.remove(w.org("asha"))
	w.settle()
	if err := w.SQL(t.Context(), "organisation_operator", "UPDATE ledger.tenant SET purge_at = now() - interval '1 second'"); err != nil {
		t.Fatal(err)
	}
	w.settle()
	if n := query[int](w, "postgres", "SELECT count(*) FROM pg_database WHERE datname = $1", first.Status.Database.Name); n != 0 {
		t.Error("the doomed database is still there")
	}
	w.gone(&corev1.Secret{}, lane.Namespace, names.Keys(first.Status.Identity))

	back = purging("asha")
	back.Spec.Adopt = &v1alpha1.AdoptSpec{UID: first.Status.Identity}
	w.create(back)
	w.settle()
	w.expect("asha", v1alpha1.Ready, "False/NothingToAdopt")
	w.remove(w.org("asha"))
	w.settle()
	w.create(lane.Organisation("asha"))
	w.settle()
	w.expect("asha", v1alpha1.Ready, "True/Ready")
}

func TestTheBreakerHoldsAMassDeletionUntilAPersonConfirms(t *testing.T) {
	w := newWorld(t, lane.Options{})
	all := []string{"a1", "a2", "a3", "a4", "a5"}
	for _, name := range all {
		w.create(lane.Organisation(name))
	}
	w.settle()
	for _, name := range all {
		w.remove(w.org(name))
	}
	w.settle()
	var left v1alpha1.OrganisationList
	if err := w.Admin.List(t.Context(), &left); err != nil {
		t.Fatal(err)
	}
	if len(left.Items) != 2 {
		t.Fatalf("%d Organisations are left, want 2 that are held", len(left.Items))
	}
	held := left.Items[0].Name
	w.expect(held, v1alpha1.DatabaseReady, "False/TeardownHeld")
	if *w.backend(held).Spec.Replicas != 1 {
		t.Error("a held Organisation must still serve")
	}
	w.annotate(held, v1alpha1.AnnotationConfirmTeardown, w.org(held).TeardownConfirmation())
	w.settle()
	w.gone(&v1alpha1.Organisation{}, "", held)
	w.expect(left.Items[1].Name, v1alpha1.DatabaseReady, "False/TeardownHeld")
}

func TestAConfirmationConfirmsNoLaterTeardown(t *testing.T) {
	w := newWorld(t, lane.Options{})
	all := []string{"a1", "a2", "a3", "a4"}
	for _, name := range all {
		w.create(lane.Organisation(name))
	}
	w.settle()
	power := func(p v1alpha1.Power) {
		for _, name := range all {
			change(w, name, &v1alpha1.Organisation{}, func(o *v1alpha1.Organisation) { o.Spec.Power = p })
		}
		w.settle()
	}
	power(v1alpha1.PowerSuspended)
	w.expect("a4", v1alpha1.Claimed, "False/TeardownHeld")
	w.annotate("a4", v1alpha1.AnnotationConfirmTeardown, w.org("a4").TeardownConfirmation())
	w.settle()
	w.expect("a4", v1alpha1.Available, "False/Suspended")
	power(v1alpha1.PowerRunning)
	w.expect("a4", v1alpha1.Ready, "True/Ready")

	for _, name := range all {
		w.remove(w.org(name))
	}
	w.settle()
	w.expect("a4", v1alpha1.DatabaseReady, "False/TeardownHeld")
	if *w.backend("a4").Spec.Replicas != 1 {
		t.Error("a confirmation of a suspension let a deletion go on")
	}
}

func TestASuspensionThatIsTakenBackIsForgottenByTheBreaker(t *testing.T) {
	w := newWorld(t, lane.Options{})
	all := []string{"a1", "a2", "a3", "a4"}
	for _, name := range all {
		w.create(lane.Organisation(name))
	}
	w.settle()
	power := func(p v1alpha1.Power, names ...string) {
		for _, name := range names {
			change(w, name, &v1alpha1.Organisation{}, func(o *v1alpha1.Organisation) { o.Spec.Power = p })
		}
		w.settle()
	}
	power(v1alpha1.PowerSuspended, all...)
	w.expect("a4", v1alpha1.Claimed, "False/TeardownHeld")
	power(v1alpha1.PowerRunning, "a4")
	w.expect("a4", v1alpha1.Ready, "True/Ready")
	if n := query[int](w, "organisation_operator", "SELECT count(*) FROM ledger.teardown WHERE held"); n != 0 {
		t.Errorf("the breaker still holds %d", n)
	}
	if err := w.SQL(t.Context(), "organisation_operator", "UPDATE ledger.teardown SET at = at - interval '11 minutes'"); err != nil {
		t.Fatal(err)
	}
	power(v1alpha1.PowerSuspended, "a4")
	w.expect("a4", v1alpha1.Available, "False/Suspended")
}

func TestANamespaceDeletedByHandIsRebuiltWithItsData(t *testing.T) {
	w := newWorld(t, lane.Options{})
	w.create(lane.Organisation("asha"))
	w.settle()
	before := w.org("asha")
	keys := w.keys(before.Status.Identity)
	w.remove(&corev1.Namespace{ObjectMeta: metaNamed("org-asha")})
	w.settle()
	w.expect("asha", v1alpha1.Ready, "True/Ready")
	if w.org("asha").Status.Database != before.Status.Database || fmt.Sprint(w.keys(before.Status.Identity).Data) != fmt.Sprint(keys.Data) {
		t.Error("database or keys changed")
	}
}

func TestHoldStopsEveryChangeAndWinsOverSpec(t *testing.T) {
	w := newWorld(t, lane.Options{})
	w.create(lane.Organisation("asha"))
	w.settle()
	w.annotate("asha", v1alpha1.AnnotationHold, "looking into delivery delays")
	change(w, "asha", &v1alpha1.Organisation{}, func(o *v1alpha1.Organisation) { o.Spec.Power = v1alpha1.PowerSuspended })
	w.settle()
	if *w.backend("asha").Spec.Replicas != 1 {
		t.Error("a held Organisation was suspended")
	}
	if hold := w.org("asha").Status.Requests.Hold; hold == nil || hold.Value != "looking into delivery delays" || hold.ObservedAt.IsZero() {
		t.Errorf("the hold is not mirrored: %+v", hold)
	}
	w.remove(w.org("asha"))
	w.settle()
	w.expect("asha", v1alpha1.Ready, "False/Held")
	w.annotate("asha", v1alpha1.AnnotationHold, "")
	w.settle()
	w.gone(&v1alpha1.Organisation{}, "", "asha")
}

func TestFinalizersRemovedByHandSilenceNoFleet(t *testing.T) {
	w := newWorld(t, lane.Options{})
	for _, name := range []string{"a1", "a2", "a3", "a4", "a5"} {
		w.create(lane.Organisation(name))
	}
	w.settle()
	for _, name := range []string{"a1", "a2", "a3", "a4", "a5"} {
		change(w, name, &v1alpha1.Organisation{}, func(o *v1alpha1.Organisation) { o.Finalizers = nil })
		w.remove(w.org(name))
	}
	w.settle()
	if n := query[int](w, "organisation_operator", "SELECT count(*) FROM ledger.tenant WHERE state = 'active'"); n != 2 {
		t.Errorf("%d logins are still on, want the 2 that the breaker holds", n)
	}
	if n := query[int](w, "postgres", "SELECT count(*) FROM pg_database WHERE datname LIKE 'a_-%'"); n != 5 {
		t.Errorf("%d databases are left, want all 5", n)
	}
}
