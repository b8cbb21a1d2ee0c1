// Package routing leads requests for an NGO's hosts to its pods, through the Gateway
// API or an Ingress, with the certificates that the hosts need. How it decides is
// written down in docs/decisions/0004-routing.md.
package routing

import (
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/optional"
	"github.com/glific/organisation-operator/internal/snapshot"
	"github.com/glific/organisation-operator/internal/step"
)

// apiRoute is the HTTPRoute of api.<host>; names.Backend is that of the other hosts.
const apiRoute = "api"

// Step routes.
type Step struct{}

// New returns the step.
func New() *Step { return &Step{} }

// Name of the step.
func (*Step) Name() string { return "routing" }

// Condition of the step.
func (*Step) Condition() string { return v1alpha1.RouteReady }

// Needs the namespace only: routes are repaired while the database is away or the
// app does not start. That none is made too early is seen to by permitted.
func (*Step) Needs() []string { return []string{v1alpha1.NamespaceReady} }

// BaseURL is where people find the NGO; "" while no host is its own.
func BaseURL(v step.View) string {
	if len(v.Plan.Hosts) == 0 {
		return ""
	}
	return "https://" + v.Plan.Hosts[0]
}

// Render lists routes and certificate. A suspended Organisation keeps them, so that
// resuming needs neither a new certificate nor a gateway's attention.
func (*Step) Render(v step.View) ([]step.Applicable, error) {
	switch {
	case v.Live.Profile == nil:
		return kept(v)
	case v.Settings.Routing.Type == v1alpha1.RoutingNone || !permitted(v):
		return nil, nil
	case !known(v) || !offered(v):
		return kept(v)
	}
	c := certify(v)
	var objects []step.Applicable
	if certificate := certificate(v, c); certificate != nil {
		objects = append(objects, certificate)
	}
	if v.Settings.Routing.Type == v1alpha1.RoutingIngress {
		return append(objects, ingress(v, c)), nil
	}
	return append(objects, gateway(v, c)...), nil
}

// offered tells whether the cluster has the API for the kind of route that is asked for.
func offered(v step.View) bool {
	return v.Settings.Routing.Type != v1alpha1.RoutingGateway || v.Live.Offered(optional.HTTPRoute)
}

// permitted: nothing leads to an app whose administrator still has the password that
// the seed publishes. While the ledger cannot be asked, what is routed stays routed,
// and nothing else becomes so.
func permitted(v step.View) bool {
	tenant := v.Live.Ledger.Tenant
	if v.Live.Ledger.Err != nil || tenant == nil { // no row: a server that is not the right one answers so, too
		return routed(v)
	}
	return tenant.AdminDigest != ""
}

// routed tells whether a route exists already, of whatever kind.
func routed(v step.View) bool {
	return slices.ContainsFunc(v.Live.OwnedBy("routing"), func(o snapshot.Owned) bool {
		return o.Kind == "HTTPRoute" || o.Kind == "Ingress"
	})
}

// known tells whether everything that a route follows from is there: hosts, the
// Release's paths, and the Service with its port.
func known(v step.View) bool {
	return len(v.Plan.Hosts) > 0 && v.Live.Release != nil && servicePort(v, names.Backend) != 0
}

// servicePort is the port named http of a live Service; 0 if there is none. Routes
// follow what is deployed: a front end is routed to once its Service exists, and
// until it is gone, whatever the target release says.
func servicePort(v step.View, name string) int32 {
	service := snapshot.Find[*corev1.Service](v.Live, "Service", v.Settings.Namespace, name)
	if service == nil || !service.DeletionTimestamp.IsZero() {
		return 0
	}
	for _, port := range service.Spec.Ports {
		if port.Name == "http" {
			return port.Port
		}
	}
	return 0
}

// hosts of the app itself, and api hosts, at which only the back end answers.
func hosts(v step.View) (app, api []string) {
	served := v.Live.Release.Spec.HTTP.APIHost == v1alpha1.APIHostServed
	for _, host := range v.Plan.Hosts {
		switch {
		case slices.Contains(app, host) || slices.Contains(api, host): // named twice
		case served && host == "api."+v.Plan.Hosts[0]:
			api = append(api, host)
		default:
			app = append(app, host)
		}
	}
	return app, api
}
