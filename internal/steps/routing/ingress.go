package routing

import (
	"slices"

	networkingv1 "k8s.io/api/networking/v1"
	networkingv1ac "k8s.io/client-go/applyconfigurations/networking/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/step"
)

// ingress is one Ingress with all hosts.
func ingress(v step.View, c certificates) step.Applicable {
	app, api := hosts(v)
	spec := networkingv1ac.IngressSpec().WithTLS(secured(v, c, append(slices.Clone(app), api...))...)
	for _, host := range app {
		spec.WithRules(hostRule(host, targets(v, false)))
	}
	for _, host := range api {
		spec.WithRules(hostRule(host, targets(v, true)))
	}
	return dressed(v, spec)
}

// dressed adds what the profile says about an Ingress.
func dressed(v step.View, spec *networkingv1ac.IngressSpecApplyConfiguration) step.Applicable {
	object := networkingv1ac.Ingress(names.Backend, v.Settings.Namespace).WithSpec(spec)
	if declared := v.Settings.Routing.Ingress; declared != nil {
		object.WithAnnotations(declared.Annotations)
		if declared.ClassName != "" {
			spec.WithIngressClassName(declared.ClassName)
		}
	}
	return object
}

func hostRule(host string, targets []target) *networkingv1ac.IngressRuleApplyConfiguration {
	http := networkingv1ac.HTTPIngressRuleValue()
	for _, t := range targets {
		for _, path := range t.paths {
			http.WithPaths(networkingv1ac.HTTPIngressPath().
				WithPath(path).WithPathType(networkingv1.PathTypePrefix).
				WithBackend(networkingv1ac.IngressBackend().WithService(networkingv1ac.IngressServiceBackend().
					WithName(t.service).WithPort(networkingv1ac.ServiceBackendPort().WithNumber(t.port)))))
		}
	}
	return networkingv1ac.IngressRule().WithHost(host).WithHTTP(http)
}

// secured lists the hosts by the Secret with their certificate. Hosts without one are
// served with the controller's own certificate, unless something in front of it
// takes care of TLS.
func secured(v step.View, c certificates, hosts []string) []*networkingv1ac.IngressTLSApplyConfiguration {
	if tls := v.Settings.Routing.TLS; len(c.secrets) == 0 && (tls == nil || tls.Type == v1alpha1.TLSNone) {
		return nil
	}
	var all []*networkingv1ac.IngressTLSApplyConfiguration
	at := map[string]*networkingv1ac.IngressTLSApplyConfiguration{}
	for _, host := range hosts {
		secret := c.secrets[host]
		if at[secret] == nil {
			at[secret] = networkingv1ac.IngressTLS()
			if secret != "" {
				at[secret].WithSecretName(secret)
			}
			all = append(all, at[secret])
		}
		at[secret].WithHosts(host)
	}
	return all
}
