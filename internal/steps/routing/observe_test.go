package routing

import (
	"strings"
	"testing"

	certmanagerv1 "github.com/cert-manager/cert-manager/pkg/apis/certmanager/v1"
	certmanagermetav1 "github.com/cert-manager/cert-manager/pkg/apis/meta/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/optional"
	"github.com/glific/organisation-operator/internal/snapshot"
	"github.com/glific/organisation-operator/internal/step"
	"github.com/glific/organisation-operator/internal/testkit/views"
)

func issue(v step.View)   { judged(v, certmanagermetav1.ConditionTrue, "Certificate is up to date") }
func unissue(v step.View) { judged(v, certmanagermetav1.ConditionFalse, "Issuing certificate") }

// judged is cert-manager's answer about the Certificate, if there is one.
func judged(v step.View, status certmanagermetav1.ConditionStatus, message string) {
	c := snapshot.Find[*certmanagerv1.Certificate](v.Live, "Certificate", "org-asha", names.Certificate)
	if c == nil {
		return
	}
	c.Status.Conditions = []certmanagerv1.CertificateCondition{{
		Type: certmanagerv1.CertificateConditionReady, Status: status, Message: message, ObservedGeneration: c.Generation,
	}}
}

// condition of Gateway API objects; "" as message stands for a good answer.
func condition(kind string, generation int64, fault string) metav1.Condition {
	c := metav1.Condition{Type: kind, Status: metav1.ConditionTrue, ObservedGeneration: generation, Reason: kind}
	if fault != "" {
		c.Status, c.Reason, c.Message = metav1.ConditionFalse, "Refused", fault
	}
	return c
}

// accept is a gateway controller's answer to routes and listeners; fault, if any, is
// about the condition of that type.
func accept(v step.View, fault map[string]string) {
	for _, name := range []string{names.Backend, apiRoute} {
		route := snapshot.Find[*gatewayv1.HTTPRoute](v.Live, "HTTPRoute", "org-asha", name)
		if route == nil {
			continue
		}
		route.Status.Parents = nil
		for _, parent := range route.Spec.ParentRefs {
			route.Status.Parents = append(route.Status.Parents, gatewayv1.RouteParentStatus{ParentRef: parent, Conditions: []metav1.Condition{
				condition("Accepted", route.Generation, fault["Accepted"]), condition("ResolvedRefs", route.Generation, fault["ResolvedRefs"]),
			}})
		}
	}
	set := snapshot.Find[*gatewayv1.ListenerSet](v.Live, "ListenerSet", "org-asha", names.Certificate)
	if set == nil {
		return
	}
	set.Status.Conditions = []metav1.Condition{
		condition("Accepted", set.Generation, fault["set/Accepted"]), condition("Programmed", set.Generation, fault["set/Programmed"]),
	}
	set.Status.Listeners = []gatewayv1.ListenerEntryStatus{{Name: "asha.org", Conditions: []metav1.Condition{
		{Type: "Conflicted", Status: metav1.ConditionFalse, Reason: "NoConflicts"},
		condition("ResolvedRefs", set.Generation, fault["listener/ResolvedRefs"]),
	}}}
}

// settled is a View in which everybody has answered well, but for the given faults.
func settled(t *testing.T, fault map[string]string, options ...views.Option) step.View {
	t.Helper()
	v := certified(t, options...)
	accept(v, fault)
	return v
}

func with(v step.View, change func(step.View)) step.View {
	change(v)
	return v
}

func TestObserve(t *testing.T) {
	gw, in := gatewayWith(wildcard(nil)), ingressWith(wildcard(nil))
	custom := []views.Option{gatewayWith(certManager()), backend, hostname("asha.org")}
	refuse := func(kind, fault string) map[string]string { return map[string]string{kind: fault} }
	const done, waiting = step.KindDone, step.KindWaiting
	for sentence, test := range map[string]struct {
		view   step.View
		kind   step.Kind
		reason string
		says   []string
	}{
		"a route that the gateway accepted": {settled(t, nil, gw, backend, frontend), done, v1alpha1.ReasonReady,
			[]string{"https://asha.ngo.example.org"}},
		"a route with a certificate and listeners of its own": {settled(t, nil, custom...), done, v1alpha1.ReasonReady,
			[]string{"https://asha.org"}},
		"an Ingress that exists": {settled(t, nil, in, backend), done, v1alpha1.ReasonReady,
			[]string{"https://asha.ngo.example.org"}},
		"an Ingress that network policies leave in the dark": {settled(t, nil, routing(v1alpha1.RoutingSpec{Type: v1alpha1.RoutingIngress}), backend), done, v1alpha1.ReasonReady,
			[]string{"routing.from of the profile names no namespace"}},
		"an api host that the wildcard does not cover is a note": {settled(t, nil, gw, backend, apiServed), done, v1alpha1.ReasonReady,
			[]string{"https://asha.ngo.example.org", "no certificate covers api.asha.ngo.example.org", "routing.tls"}},
		"suspended, and still routed": {settled(t, nil, gw, backend, views.Suspended()), done, v1alpha1.ReasonReady,
			[]string{"suspended: nothing answers there"}},
		"something else routes": {views.New(t), done, v1alpha1.ReasonNotRouted,
			[]string{"OrganisationProfile standard", "asha.ngo.example.org", "Service backend in namespace org-asha"}},
		"something else routes hosts that nobody has yet": {views.New(t, hostless), done, v1alpha1.ReasonNotRouted,
			[]string{"OrganisationProfile standard"}},

		"the published password stands": {views.New(t, gw, backend, views.NotBootstrapped()), waiting, v1alpha1.ReasonPending,
			[]string{"published password", "AdminBootstrapped"}},
		"the ledger is silent and nothing is routed": {views.New(t, gw, backend, views.ServerUnreachable()), waiting, v1alpha1.ReasonServerUnreachable,
			[]string{"published password", "shared-1"}},
		"no host is claimed": {views.New(t, gw, backend, hostless), waiting, v1alpha1.ReasonPending,
			[]string{"no host is claimed", "Claimed"}},
		"the Release is missing": {views.New(t, gw, backend, views.WithoutRelease()), waiting, v1alpha1.ReasonPending,
			[]string{`Release "glific-8.10.1" does not exist`}},
		"the profile is missing": {views.New(t, views.WithoutProfile(), backend), waiting, v1alpha1.ReasonPending,
			[]string{`OrganisationProfile "standard" does not exist`}},
		"no Release is named": {views.New(t, gw, backend, views.ProfileSpec(func(p *v1alpha1.OrganisationProfileSpec) { p.Release = nil })), waiting, v1alpha1.ReasonPending,
			[]string{"no Release is named"}},
		"there is no Service": {views.New(t, gw), waiting, v1alpha1.ReasonPending,
			[]string{"Service backend in namespace org-asha", "MessagingReady"}},

		"the cluster has no Gateway API": {views.New(t, gw, backend, views.Offering()), waiting, v1alpha1.ReasonAPIMissing,
			[]string{"HTTPRoute of gateway.networking.k8s.io/v1", "install", "noticed by itself"}},
		"the cluster has no ListenerSet": {views.New(t, gatewayWith(certManager()), backend, views.Offering(optional.HTTPRoute, optional.Certificate)), waiting, v1alpha1.ReasonAPIMissing,
			[]string{"ListenerSet of gateway.networking.k8s.io/v1", "1.5", "Wildcard"}},
		"the cluster has no cert-manager": {views.New(t, ingressWith(certManager()), backend, views.Offering()), waiting, v1alpha1.ReasonAPIMissing,
			[]string{"Certificate of cert-manager.io/v1", "install cert-manager"}},

		"an own certificate that does not exist": {views.New(t, gw, backend, views.TLSSecret("asha-tls", "", "")), waiting, v1alpha1.ReasonCertificatePending,
			[]string{`Secret "asha-tls" of spec.tls`, "namespace org-asha", "asha.asha-tls"}},
		"an own certificate that is none": {views.New(t, gw, backend, views.TLSSecret("asha-tls", "no PEM", "key")), waiting, v1alpha1.ReasonCertificatePending,
			[]string{"tls.crt is no certificate"}},
		"an own certificate for another host": {views.New(t, gw, backend, own(t)), waiting, v1alpha1.ReasonCertificatePending,
			[]string{"no certificate for any of asha.ngo.example.org"}},
		"a host that no certificate covers": {views.New(t, in, backend, hostname("chat.asha.org"), aliases("asha.ngo.example.org")), waiting, v1alpha1.ReasonCertificatePending,
			[]string{"no certificate covers chat.asha.org, ", "OrganisationProfile standard", "issuer", "spec.tls"}},
		"a host two labels below the wildcard": {views.New(t, in, backend, aliases("chat.asha.ngo.example.org")), waiting, v1alpha1.ReasonCertificatePending,
			[]string{"no certificate covers chat.asha.ngo.example.org"}},

		"a Certificate that is not there yet": {views.New(t, custom...), waiting, v1alpha1.ReasonProgressing,
			[]string{"Certificate tls is not there yet"}},
		"cert-manager has not answered": {applied(t, custom...), waiting, v1alpha1.ReasonCertificatePending,
			[]string{"Certificate org-asha/tls for asha.org", "cert-manager has not answered yet", "ClusterIssuer letsencrypt"}},
		"cert-manager is at work": {with(applied(t, custom...), unissue), waiting, v1alpha1.ReasonCertificatePending,
			[]string{"Issuing certificate", "ClusterIssuer letsencrypt"}},
		"cert-manager has failed": {with(applied(t, custom...), failedIssue), waiting, v1alpha1.ReasonCertificatePending,
			[]string{"Issuing certificate", "last attempt: too many certificates"}},
		"cert-manager has answered an earlier question": {with(settled(t, nil, custom...), outdatedCertificate), waiting, v1alpha1.ReasonCertificatePending,
			[]string{"has not answered yet"}},

		"a route that is not there yet": {views.New(t, gw, backend), waiting, v1alpha1.ReasonProgressing,
			[]string{"HTTPRoute backend is not there yet"}},
		"the gateway has not answered": {applied(t, gw, backend), waiting, v1alpha1.ReasonProgressing,
			[]string{"Gateway gateways/public has not answered HTTPRoute org-asha/backend yet", "must exist"}},
		"the gateway has answered an earlier route": {with(settled(t, nil, gw, backend), outdatedRoute), waiting, v1alpha1.ReasonProgressing,
			[]string{"Gateway gateways/public has not answered HTTPRoute org-asha/backend yet"}},
		"the gateway has answered about another parent": {with(settled(t, nil, gw, backend), otherParent), waiting, v1alpha1.ReasonProgressing,
			[]string{"Gateway gateways/public has not answered HTTPRoute org-asha/backend yet"}},
		"the gateway refuses the route": {settled(t, refuse("Accepted", "not allowed by listeners"), gw, backend), waiting, v1alpha1.ReasonNotAccepted,
			[]string{"Gateway gateways/public did not accept HTTPRoute org-asha/backend", "not allowed by listeners", v1alpha1.LabelTenant}},
		"the gateway finds no Service": {settled(t, refuse("ResolvedRefs", "service not found"), gw, backend), waiting, v1alpha1.ReasonNotAccepted,
			[]string{"ResolvedRefs=False", "service not found"}},
		"the gateway has not answered the listeners": {with(certified(t, custom...), func(step.View) {}), waiting, v1alpha1.ReasonProgressing,
			[]string{"Gateway gateways/public has not answered ListenerSet org-asha/tls yet", "allowedListeners", v1alpha1.LabelTenant}},
		"the gateway allows no listeners": {settled(t, refuse("set/Accepted", "not allowed"), custom...), waiting, v1alpha1.ReasonNotAccepted,
			[]string{"did not accept ListenerSet org-asha/tls", "not allowed", "allowedListeners"}},
		"the gateway cannot program the listeners": {settled(t, refuse("set/Programmed", "too many listeners"), custom...), waiting, v1alpha1.ReasonNotAccepted,
			[]string{"Programmed=False", "too many listeners"}},
		"one listener lacks its certificate": {settled(t, refuse("listener/ResolvedRefs", "secret not found"), custom...), waiting, v1alpha1.ReasonNotAccepted,
			[]string{"listener asha.org of ListenerSet org-asha/tls", "secret not found"}},
		"two listeners have the same host": {with(settled(t, nil, custom...), conflicted), waiting, v1alpha1.ReasonNotAccepted,
			[]string{"listener asha.org of ListenerSet org-asha/tls", "Conflicted=True"}},
	} {
		t.Run(sentence, func(t *testing.T) {
			out := New().Observe(test.view)
			if out.Kind != test.kind || out.Reason != test.reason {
				t.Fatalf("got %+v, want reason %s", out, test.reason)
			}
			for _, words := range test.says {
				if !strings.Contains(out.Message, words) {
					t.Errorf("the message does not say %q: %s", words, out.Message)
				}
			}
			if unknown := test.reason == v1alpha1.ReasonServerUnreachable; out.Unknown != unknown {
				t.Errorf("unknown is %v", out.Unknown)
			}
		})
	}
}

func applied(t *testing.T, options ...views.Option) step.View {
	t.Helper()
	v := views.New(t, options...)
	views.Apply(t, v, New())
	return v
}

func certificateOf(v step.View) *certmanagerv1.Certificate {
	return snapshot.Find[*certmanagerv1.Certificate](v.Live, "Certificate", "org-asha", names.Certificate)
}

func routeOf(v step.View) *gatewayv1.HTTPRoute {
	return snapshot.Find[*gatewayv1.HTTPRoute](v.Live, "HTTPRoute", "org-asha", names.Backend)
}

func failedIssue(v step.View) {
	unissue(v)
	c := certificateOf(v)
	c.Status.Conditions = append(c.Status.Conditions, certmanagerv1.CertificateCondition{
		Type: certmanagerv1.CertificateConditionIssuing, Status: certmanagermetav1.ConditionFalse, Reason: "Failed", Message: "too many certificates",
	})
}

func outdatedCertificate(v step.View) { certificateOf(v).Generation++ }

func outdatedRoute(v step.View) { routeOf(v).Generation++ }

func otherParent(v step.View) { routeOf(v).Status.Parents[0].ParentRef.Name = "internal" }

func conflicted(v step.View) {
	set := snapshot.Find[*gatewayv1.ListenerSet](v.Live, "ListenerSet", "org-asha", names.Certificate)
	set.Status.Listeners[0].Conditions[0].Status = metav1.ConditionTrue
}
