package controllers_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	authorizationv1 "k8s.io/api/authorization/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"sigs.k8s.io/controller-runtime/pkg/client"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/testkit/lane"
)

func TestAControlPlaneThrownAwayShadowsNoDataAndTheFleetCanBeAdopted(t *testing.T) {
	old := newWorld(t, lane.Options{})
	fleet := []string{"asha", "pratham", "sneha"}
	databases := map[string]string{}
	for _, name := range fleet {
		old.create(lane.Organisation(name))
	}
	old.settle()
	var backup corev1.SecretList
	if err := old.Admin.List(t.Context(), &backup, client.InNamespace(lane.Namespace), client.MatchingLabels{v1alpha1.LabelManagedBy: v1alpha1.ManagedBy}); err != nil {
		t.Fatal(err)
	}
	for _, name := range fleet {
		databases[name] = old.org(name).Status.Database.Name
	}
	old.op.Stop() // a living installation would not give its rows away
	old.op = nil

	w := newWorld(t, lane.Options{After: old.Lane})
	for _, name := range fleet {
		w.create(lane.Organisation(name))
	}
	w.settle()
	for _, name := range fleet {
		w.expect(name, v1alpha1.Ready, "False/RetainedDataFound")
	}
	if n := query[int](w, "organisation_operator", "SELECT count(*) FROM ledger.tenant"); n != len(fleet) {
		t.Fatalf("the ledger has %d rows, want %d: an empty database appeared", n, len(fleet))
	}

	for i := range backup.Items {
		w.create(restored(&backup.Items[i]))
	}
	change(w, lane.Server, &v1alpha1.DatabaseServer{}, func(s *v1alpha1.DatabaseServer) {
		s.Spec.Adoption = &v1alpha1.AdoptionSpec{SameNameUntil: metav1.NewTime(w.Clock.Now().Add(time.Hour))}
	})
	w.settle()
	for _, name := range fleet {
		w.expect(name, v1alpha1.Ready, "True/Ready")
		if got := w.org(name).Status.Database.Name; got != databases[name] {
			t.Errorf("%s serves database %s, want its old %s", name, got, databases[name])
		}
	}
}

func TestARestoredControlPlaneGoesOnWhereItWas(t *testing.T) {
	w := newWorld(t, lane.Options{})
	w.create(lane.Organisation("asha"))
	w.settle()
	w.restart(nil)
	if again := w.writes(w.settle); len(again) > 0 {
		t.Errorf("after a restart of the operator, a converged world was written to: %v", again)
	}
}

func TestOptionalAPIsAreMissedByNameAndPickedUpLater(t *testing.T) {
	w := newWorld(t, lane.Options{})
	change(w, "standard", &v1alpha1.OrganisationProfile{}, func(p *v1alpha1.OrganisationProfile) {
		p.Spec.Routing = &v1alpha1.RoutingSpec{
			Type: v1alpha1.RoutingGateway, Gateway: &v1alpha1.GatewayRouting{Name: "public", GatewayNamespace: "gateways"},
		}
	})
	w.create(lane.Organisation("asha"))
	w.settle()
	w.expect("asha", v1alpha1.RouteReady, "False/APIMissing")
	w.expect("asha", v1alpha1.MessagingReady, "True/Ready")

	if err := w.InstallOptionalAPIs(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := w.op.Look(); err != nil {
		t.Fatal(err)
	}
	w.settle()
	route := &gatewayv1.HTTPRoute{}
	if err := w.Admin.Get(t.Context(), client.ObjectKey{Namespace: "org-asha", Name: "backend"}, route); err != nil {
		t.Fatalf("the route is not made after the API appeared: %v\n%s", err, describe(w.org("asha")))
	}
	w.expect("asha", v1alpha1.RouteReady, "False/Progressing")
	answer(w, route, metav1.ConditionFalse)
	w.settle()
	w.expect("asha", v1alpha1.RouteReady, "False/NotAccepted")
	if err := w.Admin.Get(t.Context(), client.ObjectKeyFromObject(route), route); err != nil {
		t.Fatal(err)
	}
	answer(w, route, metav1.ConditionTrue)
	var others gatewayv1.HTTPRouteList
	if err := w.Admin.List(t.Context(), &others, client.InNamespace("org-asha")); err != nil {
		t.Fatal(err)
	}
	for i := range others.Items {
		answer(w, &others.Items[i], metav1.ConditionTrue)
	}
	w.settle()
	w.expect("asha", v1alpha1.RouteReady, "True/Ready")
	w.expect("asha", v1alpha1.Ready, "True/Ready")
}

// answer writes what a gateway's controller says.
func answer(w *world, route *gatewayv1.HTTPRoute, accepted metav1.ConditionStatus) {
	w.t.Helper()
	route.Status.Parents = nil
	for _, parent := range route.Spec.ParentRefs {
		said := gatewayv1.RouteParentStatus{ParentRef: parent, ControllerName: "example.org/gateway"}
		for _, condition := range []string{"Accepted", "ResolvedRefs"} {
			said.Conditions = append(said.Conditions, metav1.Condition{
				Type: condition, Status: accepted, Reason: condition,
				ObservedGeneration: route.Generation, LastTransitionTime: metav1.NewTime(w.Clock.Now()),
			})
		}
		route.Status.Parents = append(route.Status.Parents, said)
	}
	if err := w.Admin.Status().Update(w.t.Context(), route); err != nil {
		w.t.Fatal(fmt.Errorf("answering for the gateway: %w", err))
	}
}

// Without its RoleBinding the operator sees no Secret of the tenant. That must not be
// taken for their absence: pods would be released anew, with a change that still waits.
func TestARoleBindingThatIsTakenAwayRestartsNobody(t *testing.T) {
	w := newWorld(t, lane.Options{})
	w.create(lane.Organisation("asha"))
	w.settle()
	change(w, "standard", &v1alpha1.OrganisationProfile{}, func(p *v1alpha1.OrganisationProfile) {
		p.Spec.Env = append(p.Spec.Env, v1alpha1.EnvVar{Name: "WAITS", Value: new("for a restart")})
	})
	w.settle()
	w.expect("asha", v1alpha1.UpToDate, "False/ChangePending")
	before := w.backend("asha")
	w.step(time.Minute)
	w.remove(&rbacv1.RoleBinding{ObjectMeta: metav1.ObjectMeta{Namespace: "org-asha", Name: names.OperatorAccess}})
	waitForAccess(w, "org-asha", false)
	_ = w.op.Settle(t.Context()) // may fail: the right that is given back takes a moment
	waitForAccess(w, "org-asha", true)
	w.settle()
	w.expect("asha", v1alpha1.SecretsReady, "True/Ready")
	w.expect("asha", v1alpha1.UpToDate, "False/ChangePending")
	if after := w.backend("asha"); after.Generation != before.Generation {
		t.Errorf("the Deployment was changed (generation %d, then %d)", before.Generation, after.Generation)
	}
}

// waitForAccess waits until the API server has heard whether the operator may list
// Secrets in a namespace.
func waitForAccess(w *world, namespace string, allowed bool) {
	w.t.Helper()
	err := wait.PollUntilContextTimeout(w.t.Context(), 20*time.Millisecond, time.Minute, true, func(ctx context.Context) (bool, error) {
		review := &authorizationv1.SubjectAccessReview{Spec: authorizationv1.SubjectAccessReviewSpec{
			User:               "system:serviceaccount:" + lane.Namespace + ":" + lane.ServiceAccount,
			ResourceAttributes: &authorizationv1.ResourceAttributes{Namespace: namespace, Verb: "list", Resource: "secrets"},
		}}
		err := w.Admin.Create(ctx, review)
		return review.Status.Allowed == allowed, err
	})
	if err != nil {
		w.t.Fatalf("waiting for the operator's access to namespace %s to become %v: %v", namespace, allowed, err)
	}
}
