package routing

import (
	"slices"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
	gatewayv1ac "sigs.k8s.io/gateway-api/applyconfiguration/apis/v1"

	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/optional"
	"github.com/glific/organisation-operator/internal/step"
)

// httpsPort of the listeners that tenants add.
const httpsPort = 443

// gateway renders one HTTPRoute for the app's hosts, one for api.<host>, and the
// listeners of hosts with a certificate of their own.
func gateway(v step.View, c certificates) []step.Applicable {
	app, api := hosts(v)
	objects := []step.Applicable{route(v, c, names.Backend, app, targets(v, false))}
	if len(api) > 0 {
		objects = append(objects, route(v, c, apiRoute, api, targets(v, true)))
	}
	if set := listeners(v, c, append(app, api...)); set != nil {
		objects = append(objects, set)
	}
	return objects
}

func route(v step.View, c certificates, name string, hosts []string, targets []target) step.Applicable {
	spec := gatewayv1ac.HTTPRouteSpec().WithParentRefs(parents(v, c, hosts)...)
	for _, host := range hosts {
		spec.WithHostnames(gatewayv1.Hostname(host))
	}
	for _, t := range targets {
		spec.WithRules(rule(t))
	}
	return gatewayv1ac.HTTPRoute(name, v.Settings.Namespace).WithSpec(spec)
}

func rule(t target) *gatewayv1ac.HTTPRouteRuleApplyConfiguration {
	rule := gatewayv1ac.HTTPRouteRule().WithBackendRefs(gatewayv1ac.HTTPBackendRef().
		WithName(gatewayv1.ObjectName(t.service)).WithPort(t.port))
	for _, path := range t.paths {
		rule.WithMatches(gatewayv1ac.HTTPRouteMatch().
			WithPath(gatewayv1ac.HTTPPathMatch().WithType(gatewayv1.PathMatchPathPrefix).WithValue(path)))
	}
	if t.sockets {
		rule.WithTimeouts(gatewayv1ac.HTTPRouteTimeouts().WithRequest("0s"))
	}
	return rule
}

// parents of a route: the platform's Gateway for hosts on the Gateway's own
// certificate, the tenant's listeners for the others.
func parents(v step.View, c certificates, hosts []string) []*gatewayv1ac.ParentReferenceApplyConfiguration {
	own := func(host string) bool { return c.secrets[host] != "" }
	shared := func(host string) bool { return c.secrets[host] == "" }
	var all []*gatewayv1ac.ParentReferenceApplyConfiguration
	if slices.ContainsFunc(hosts, shared) {
		declared := v.Settings.Routing.Gateway
		parent := gatewayv1ac.ParentReference().WithGroup(gatewayv1.GroupName).WithKind("Gateway").
			WithNamespace(gatewayv1.Namespace(declared.GatewayNamespace)).WithName(gatewayv1.ObjectName(declared.Name))
		if declared.SectionName != "" {
			parent.WithSectionName(gatewayv1.SectionName(declared.SectionName))
		}
		all = append(all, parent)
	}
	if slices.ContainsFunc(hosts, own) {
		all = append(all, gatewayv1ac.ParentReference().WithGroup(gatewayv1.GroupName).
			WithKind(gatewayv1.Kind(optional.ListenerSet.Kind)).WithName(names.Certificate))
	}
	return all
}

// listeners adds to the Gateway one HTTPS listener for each host with a certificate
// in the tenant's namespace; nil if there is none. Only this namespace may use them.
func listeners(v step.View, c certificates, hosts []string) step.Applicable {
	if len(c.secrets) == 0 {
		return nil
	}
	declared := v.Settings.Routing.Gateway
	spec := gatewayv1ac.ListenerSetSpec().WithParentRef(gatewayv1ac.ParentGatewayReference().
		WithGroup(gatewayv1.GroupName).WithKind("Gateway").
		WithNamespace(gatewayv1.Namespace(declared.GatewayNamespace)).WithName(gatewayv1.ObjectName(declared.Name)))
	for _, host := range hosts {
		if secret := c.secrets[host]; secret != "" {
			spec.WithListeners(listener(host, secret))
		}
	}
	return gatewayv1ac.ListenerSet(names.Certificate, v.Settings.Namespace).WithSpec(spec)
}

func listener(host, secret string) *gatewayv1ac.ListenerEntryApplyConfiguration {
	return gatewayv1ac.ListenerEntry().
		WithName(gatewayv1.SectionName(host)).WithHostname(gatewayv1.Hostname(host)).
		WithPort(httpsPort).WithProtocol(gatewayv1.HTTPSProtocolType).
		WithTLS(gatewayv1ac.ListenerTLSConfig().WithMode(gatewayv1.TLSModeTerminate).
			WithCertificateRefs(gatewayv1ac.SecretObjectReference().WithKind("Secret").WithName(gatewayv1.ObjectName(secret)))).
		WithAllowedRoutes(gatewayv1ac.AllowedRoutes().
			WithNamespaces(gatewayv1ac.RouteNamespaces().WithFrom(gatewayv1.NamespacesFromSame)))
}
