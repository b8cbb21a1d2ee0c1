package controllers_test

import (
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/postgres/postgrestest"
	"github.com/glific/organisation-operator/internal/testkit/lane"
)

// small is a DatabaseServer with room for one Organisation of the smallest size: 40
// connections less PostgreSQL's 3, the operator's 10 and the tenant's 20 + 3 leave 4. Its
// name comes before that of the lane's own, so that it is chosen in a tie.
func (w *world) small() *v1alpha1.DatabaseServer {
	w.t.Helper()
	cluster := postgrestest.New(w.t, postgrestest.Options{Major: postgrestest.Oldest, MaxConnections: 40})
	server := w.DatabaseServer("a-small")
	server.Spec.PostgreSQL.Port = int32(cluster.Port)
	server.Spec.PostgreSQL.Credentials.Name = "a-small-admin"
	secret := secretNamed("a-small-admin", "username", postgrestest.Superuser)
	secret.StringData["password"] = cluster.Password
	w.create(secret, server)
	return server
}

func (w *world) placement(name, want string) {
	w.t.Helper()
	if got := w.org(name).Annotations[v1alpha1.AnnotationServer]; got != want {
		w.t.Errorf("%s is placed on %s, want %s\n%s", name, got, want, describe(w.org(name)))
	}
}

func TestAFullServerIsPassedOverAndLeftBeforeAnythingIsClaimed(t *testing.T) {
	w := newWorld(t, lane.Options{})
	w.small()
	w.settle()
	w.create(lane.Organisation("first"))
	w.settle()
	w.placement("first", "a-small")
	w.expect("first", v1alpha1.Ready, "True/Ready")

	// In the tie of one tenant each, the name would choose the full one.
	w.create(lane.Organisation("second"))
	w.settle()
	w.create(lane.Organisation("third"))
	w.settle()
	w.placement("second", lane.Server)
	w.placement("third", lane.Server)

	// It was chosen while there was room, and somebody was faster.
	late := lane.Organisation("late")
	late.Finalizers = []string{v1alpha1.Finalizer}
	late.Annotations = map[string]string{v1alpha1.AnnotationServer: "a-small"}
	w.create(late)
	w.settle()
	w.placement("late", lane.Server)
	for _, name := range []string{"second", "third", "late"} {
		w.expect(name, v1alpha1.Ready, "True/Ready")
	}

	// Who asks for the full one by its label waits, and says why; room is taken at once.
	change(w, "a-small", &v1alpha1.DatabaseServer{}, func(s *v1alpha1.DatabaseServer) { s.Labels["room"] = "none" })
	picky := lane.Organisation("picky")
	picky.Spec.Database = &v1alpha1.DatabaseSpec{ServerSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"room": "none"}}}
	w.create(picky)
	w.settle()
	w.expect("picky", v1alpha1.Claimed, "False/ConnectionBudgetExceeded")
	w.remove(w.org("first"))
	w.settle()
	w.placement("picky", "a-small")
	w.expect("picky", v1alpha1.Ready, "True/Ready")
}
