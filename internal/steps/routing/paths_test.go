package routing

import (
	"slices"
	"strings"
	"testing"

	networkingv1 "k8s.io/api/networking/v1"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/snapshot"
	"github.com/glific/organisation-operator/internal/step"
	"github.com/glific/organisation-operator/internal/testkit/views"
)

// answer is where a request goes: a Service, and whether it may last for ever; both
// are empty if nothing answers.
type answer struct {
	service string
	endless bool
}

// longest finds the longest prefix, whole path elements only, as both APIs have it.
func longest(path string, rules map[string]answer) answer {
	for prefix := path; ; prefix = prefix[:strings.LastIndex(prefix, "/")] {
		if found, ok := rules["/"+strings.Trim(prefix, "/")]; ok {
			return found
		}
		if strings.Trim(prefix, "/") == "" {
			return answer{}
		}
	}
}

func throughGateway(v step.View, host, path string) answer {
	rules := map[string]answer{}
	for _, name := range []string{names.Backend, apiRoute} {
		route := snapshot.Find[*gatewayv1.HTTPRoute](v.Live, "HTTPRoute", "org-asha", name)
		if route == nil || !slices.Contains(route.Spec.Hostnames, gatewayv1.Hostname(host)) {
			continue
		}
		for _, rule := range route.Spec.Rules {
			endless := rule.Timeouts != nil && rule.Timeouts.Request != nil && *rule.Timeouts.Request == "0s"
			for _, match := range rule.Matches {
				if _, earlier := rules[*match.Path.Value]; !earlier {
					rules[*match.Path.Value] = answer{string(rule.BackendRefs[0].Name), endless}
				}
			}
		}
	}
	return longest(path, rules)
}

func throughIngress(v step.View, host, path string) answer {
	rules := map[string]answer{}
	in := snapshot.Find[*networkingv1.Ingress](v.Live, "Ingress", "org-asha", names.Backend)
	for _, rule := range in.Spec.Rules {
		if rule.Host == host {
			for _, p := range rule.HTTP.Paths {
				rules[p.Path] = answer{service: p.Backend.Service.Name}
			}
		}
	}
	return longest(path, rules)
}

func TestWhereRequestsGo(t *testing.T) {
	const host, alias, api = "asha.ngo.example.org", "asha.org", "api.asha.ngo.example.org"
	both := []views.Option{backend, frontend, apiServed, aliases(alias)}
	alone := []views.Option{backend, apiServed, aliases(alias)}
	unlisted := append(slices.Clone(alone), paths(nil, nil))
	socketsOnly := append(slices.Clone(both), paths([]string{"/socket"}, nil))
	for sentence, test := range map[string]struct {
		options    []views.Option
		host, path string
		want       answer
	}{
		"people get the front end":                                    {both, host, "/", answer{names.Frontend, false}},
		"every page is the front end's":                               {both, host, "/chat/12", answer{names.Frontend, false}},
		"at an alias too":                                             {both, alias, "/", answer{names.Frontend, false}},
		"the API is the back end's":                                   {both, host, "/api/v1/session", answer{names.Backend, false}},
		"a page that begins like the API is not":                      {both, host, "/apiary", answer{names.Frontend, false}},
		"webhooks reach the back end":                                 {both, alias, "/gupshup", answer{names.Backend, false}},
		"sockets stay open":                                           {both, host, "/socket/websocket", answer{names.Backend, true}},
		"the dashboard is not on the internet":                        {both, host, "/dashboard", answer{names.Frontend, false}},
		"nor at the api host":                                         {both, api, "/dashboard", answer{}},
		"the api host has no front end":                               {both, api, "/", answer{}},
		"the api host answers the API":                                {both, api, "/api", answer{names.Backend, false}},
		"and sockets":                                                 {both, api, "/socket", answer{names.Backend, true}},
		"another host goes nowhere":                                   {both, "sneha.ngo.example.org", "/api", answer{}},
		"without a front end the listed paths answer":                 {alone, host, "/gupshup", answer{names.Backend, false}},
		"and the dashboard does not":                                  {alone, host, "/dashboard", answer{}},
		"a Release that lists nothing answers everywhere":             {unlisted, host, "/anything", answer{names.Backend, false}},
		"at the api host too":                                         {unlisted, api, "/anything", answer{names.Backend, false}},
		"beside a front end a Release must list its paths":            {socketsOnly, host, "/api", answer{names.Frontend, false}},
		"but not at the api host, where there is nothing else":        {socketsOnly, api, "/api", answer{names.Backend, false}},
		"a front end that is not deployed yet is not routed to":       {append(slices.Clone(alone), views.Frontend()), host, "/", answer{}},
		"one that is still deployed is, whatever the Release says":    {both, host, "/index.html", answer{names.Frontend, false}},
		"sockets beside a front end stay open though nothing else is": {socketsOnly, host, "/socket", answer{names.Backend, true}},
	} {
		t.Run(sentence, func(t *testing.T) {
			v := applied(t, append(slices.Clone(test.options), gatewayWith(nil))...)
			if got := throughGateway(v, test.host, test.path); got != test.want {
				t.Errorf("through the gateway %s%s goes to %+v, want %+v", test.host, test.path, got, test.want)
			}
			v = applied(t, append(slices.Clone(test.options), ingressWith(nil))...)
			if got := throughIngress(v, test.host, test.path); got.service != test.want.service {
				t.Errorf("through an Ingress %s%s goes to %+v, want %+v", test.host, test.path, got, test.want)
			}
		})
	}
}
