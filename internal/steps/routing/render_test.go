package routing

import (
	"os"
	"slices"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/optional"
	"github.com/glific/organisation-operator/internal/snapshot"
	"github.com/glific/organisation-operator/internal/step"
	"github.com/glific/organisation-operator/internal/testkit/golden"
	"github.com/glific/organisation-operator/internal/testkit/views"
)

func service(name string) views.Option {
	return views.With(&corev1.Service{
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "org-asha"},
		Spec:       corev1.ServiceSpec{Ports: []corev1.ServicePort{{Name: "http", Port: 80}}},
	})
}

var (
	backend  = service(names.Backend)
	frontend = service(names.Frontend)
	issuer   = &v1alpha1.IssuerReference{Kind: "ClusterIssuer", Name: "letsencrypt"}
)

func routing(r v1alpha1.RoutingSpec) views.Option {
	return views.ProfileSpec(func(p *v1alpha1.OrganisationProfileSpec) { p.Routing = &r })
}

func gatewayWith(tls *v1alpha1.RoutingTLS) views.Option {
	return routing(v1alpha1.RoutingSpec{
		Type: v1alpha1.RoutingGateway, TLS: tls,
		Gateway: &v1alpha1.GatewayRouting{Name: "public", GatewayNamespace: "gateways", SectionName: "https"},
	})
}

func ingressWith(tls *v1alpha1.RoutingTLS) views.Option {
	return routing(v1alpha1.RoutingSpec{
		Type: v1alpha1.RoutingIngress, TLS: tls,
		Ingress: &v1alpha1.IngressRouting{ClassName: "traefik", Annotations: map[string]string{"example.org/body-size": "20m"}},
		From:    []v1alpha1.NetworkPeer{{Namespaces: []string{"traefik"}}},
	})
}

func wildcard(i *v1alpha1.IssuerReference) *v1alpha1.RoutingTLS {
	return &v1alpha1.RoutingTLS{Type: v1alpha1.TLSWildcard, Issuer: i}
}

func certManager() *v1alpha1.RoutingTLS {
	return &v1alpha1.RoutingTLS{Type: v1alpha1.TLSCertManager, Issuer: issuer}
}

func aliases(hosts ...string) views.Option {
	return views.Spec(func(s *v1alpha1.OrganisationSpec) { s.Aliases = hosts })
}

func hostname(host string) views.Option {
	return views.Spec(func(s *v1alpha1.OrganisationSpec) { s.Hostname = host })
}

var apiServed = views.ReleaseSpec(func(r *v1alpha1.ReleaseSpec) { r.HTTP.APIHost = v1alpha1.APIHostServed })

func paths(sockets, backend []string) views.Option {
	return views.ReleaseSpec(func(r *v1alpha1.ReleaseSpec) { r.HTTP.WebsocketPaths, r.HTTP.BackendPaths = sockets, backend })
}

// own is a certificate of the NGO's own, for asha.org and chat.asha.org.
func own(t *testing.T) views.Option {
	t.Helper()
	content, err := os.ReadFile("testdata/own.crt")
	if err != nil {
		t.Fatal(err)
	}
	return views.TLSSecret("asha-tls", string(content), "key")
}

// cases are ways to route, in the words of their golden files.
func cases(t *testing.T) map[string][]views.Option {
	return map[string][]views.Option{
		"gateway-wildcard": {gatewayWith(wildcard(nil)), backend, frontend},
		"gateway-cert-manager": {gatewayWith(certManager()), backend, frontend, apiServed,
			hostname("chat.asha.org"), aliases("asha.org")},
		"gateway-wildcard-and-issuer": {gatewayWith(wildcard(issuer)), backend, frontend, apiServed, aliases("asha.org")},
		"gateway-own-certificate":     {gatewayWith(wildcard(nil)), backend, own(t), aliases("asha.org")},
		"gateway-without-front-end":   {gatewayWith(nil), backend, apiServed},
		"gateway-without-paths":       {gatewayWith(nil), backend, paths(nil, nil)},
		"ingress-wildcard":            {ingressWith(wildcard(nil)), backend, frontend, apiServed},
		"ingress-cert-manager": {ingressWith(certManager()), backend, frontend,
			hostname("chat.asha.org"), aliases("asha.org")},
		"ingress-own-certificate": {ingressWith(wildcard(issuer)), backend, frontend,
			own(t), hostname("chat.asha.org"), aliases("asha.org", "asha.in")},
		"ingress-without-tls":  {ingressWith(&v1alpha1.RoutingTLS{Type: v1alpha1.TLSNone}), backend, paths([]string{"/socket/"}, []string{"/socket", "/api/", "/api"})},
		"ingress-root-is-back": {ingressWith(nil), backend, frontend, paths([]string{"/socket"}, []string{"/"})},
	}
}

func TestRender(t *testing.T) {
	for name, options := range cases(t) {
		t.Run(name, func(t *testing.T) {
			var objects []any
			for _, object := range views.Render(t, views.New(t, options...), New()) {
				objects = append(objects, object)
			}
			golden.AssertYAML(t, "testdata/"+name+".yaml", objects...)
		})
	}
}

// rendered are kinds and names of what the step renders, sorted.
func rendered(t *testing.T, v step.View) []string {
	t.Helper()
	all := []string{}
	for _, object := range views.Render(t, v, New()) {
		all = append(all, *object.GetKind()+" "+*object.GetName())
	}
	slices.Sort(all)
	return all
}

func TestNoRouteIsMadeTooEarlyAndNoneIsLost(t *testing.T) {
	gw := gatewayWith(wildcard(nil))
	before := views.New(t, gw, backend, frontend, apiServed)
	views.Apply(t, before, New())
	routed := views.After(before, "routing")
	route := []string{"HTTPRoute api", "HTTPRoute backend"}
	silent := views.ServerUnreachable()
	only := func(kinds ...schema.GroupVersionKind) views.Option { return views.Offering(kinds...) }
	for sentence, test := range map[string]struct {
		options []views.Option
		want    []string
	}{
		"once the password is replaced there is a route":           {[]views.Option{gw, backend, apiServed}, route},
		"before that there is none":                                {[]views.Option{gw, backend, apiServed, views.NotBootstrapped()}, nil},
		"a ledger without a row permits none":                      {[]views.Option{gw, backend, apiServed, views.Unclaimed()}, nil},
		"a silent ledger permits no first route":                   {[]views.Option{gw, backend, apiServed, silent}, nil},
		"a silent ledger leaves what is routed":                    {[]views.Option{gw, backend, apiServed, silent, routed}, route},
		"a ledger that knows no password takes routes away":        {[]views.Option{gw, backend, apiServed, views.NotBootstrapped(), routed}, nil},
		"no Service, no first route":                               {[]views.Option{gw, apiServed}, nil},
		"a Service that is gone leaves what is routed":             {[]views.Option{gw, apiServed, routed}, route},
		"a Release that is gone leaves what is routed":             {[]views.Option{gw, backend, views.WithoutRelease(), routed}, route},
		"a profile that is gone leaves what is routed":             {[]views.Option{views.WithoutProfile(), backend, routed}, route},
		"suspended Organisations keep their routes":                {[]views.Option{gw, backend, apiServed, views.Suspended(), routed}, route},
		"another Gateway API version makes none":                   {[]views.Option{gw, backend, only(optional.Certificate)}, nil},
		"an Ingress stays while the cluster has no Gateway API":    {[]views.Option{gw, backend, only(optional.Certificate), views.After(withIngress(t), "routing")}, []string{"Ingress backend"}},
		"without cert-manager hosts stay with the gateway":         {[]views.Option{gatewayWith(certManager()), backend, only(optional.HTTPRoute, optional.ListenerSet)}, []string{"HTTPRoute backend"}},
		"without ListenerSets hosts stay with the gateway":         {[]views.Option{gatewayWith(certManager()), backend, only(optional.HTTPRoute, optional.Certificate)}, []string{"HTTPRoute backend"}},
		"Ingresses need no ListenerSets":                           {[]views.Option{ingressWith(certManager()), backend, only(optional.Certificate)}, []string{"Certificate tls", "Ingress backend"}},
		"where something else routes nothing is made":              {[]views.Option{routing(v1alpha1.RoutingSpec{Type: v1alpha1.RoutingNone}), backend, routed}, nil},
		"the database is away, and routing moves to an Ingress":    {[]views.Option{ingressWith(nil), backend, silent, routed}, []string{"Ingress backend"}},
		"hosts that nobody knows any more leave what is routed":    {[]views.Option{gw, backend, apiServed, routed, hostless}, route},
		"an own certificate whose Secret is gone stays in service": {[]views.Option{gw, backend, aliases("asha.org"), views.TLSSecret("asha-tls", "", ""), afterOwn(t)}, []string{"HTTPRoute backend", "ListenerSet tls"}},
	} {
		t.Run(sentence, func(t *testing.T) {
			if got := rendered(t, views.New(t, test.options...)); !slices.Equal(got, test.want) {
				t.Errorf("rendered %v, want %v", got, test.want)
			}
		})
	}
}

// hostless: somebody else holds the host, and the ledger has none either.
func hostless(w *views.World) {
	views.Claimed(corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{
		Name: names.HostClaim("asha.ngo.example.org"), Labels: map[string]string{v1alpha1.LabelOrganisation: "other"},
	}})(w)
	views.Tenant(func(t *ledger.Tenant) { t.Hosts = nil })(w)
}

func withIngress(t *testing.T) step.View {
	v := views.New(t, ingressWith(nil), backend)
	views.Apply(t, v, New())
	return v
}

func afterOwn(t *testing.T) views.Option {
	v := views.New(t, gatewayWith(wildcard(nil)), backend, own(t), aliases("asha.org"))
	views.Apply(t, v, New())
	return views.After(v, "routing")
}

func TestKeptIsExactlyWhatWas(t *testing.T) {
	for name, options := range cases(t) {
		t.Run(name, func(t *testing.T) {
			before := views.New(t, options...)
			views.Apply(t, before, New())
			after := views.New(t, append(options, views.WithoutRelease(), views.After(before, "routing"))...)
			views.Apply(t, after, New())
			for _, owned := range before.Live.OwnedBy("routing") {
				now := after.Live.Object(owned.Kind, owned.GetNamespace(), owned.GetName())
				was, err := golden.YAML(owned.Object)
				if err != nil {
					t.Fatal(err)
				}
				if is, err := golden.YAML(now); err != nil || is != was {
					t.Errorf("%v\nwas:\n%s\nis:\n%s", err, was, is)
				}
			}
		})
	}
}

// certified is a View after cert-manager has issued what was asked for.
func certified(t *testing.T, options ...views.Option) step.View {
	t.Helper()
	v := views.New(t, options...)
	views.Apply(t, v, New())
	issue(v)
	views.Apply(t, v, New())
	return v
}

func TestHostsMoveToTheirOwnCertificateOnceItIsThere(t *testing.T) {
	options := []views.Option{gatewayWith(certManager()), backend}
	v := views.New(t, options...)
	if got := certify(v); len(got.issued) != 1 || len(got.secrets) != 0 {
		t.Fatalf("before: %+v", got)
	}
	v = certified(t, options...)
	if got := certify(v); got.secrets["asha.ngo.example.org"] != names.Certificate {
		t.Fatalf("after: %+v", got)
	}
	later := append(options, aliases("two.ngo.example.org"), views.After(v, "routing"), views.Snapshot(func(s *snapshot.Snapshot) { unissue(step.View{Live: s}) }))
	if got := certify(views.New(t, later...)); got.secrets["asha.ngo.example.org"] != names.Certificate || got.secrets["two.ngo.example.org"] != "" {
		t.Errorf("an alias that waits must not take the first host off its certificate: %+v", got)
	}
	v = certified(t, ingressWith(certManager()), backend)
	if got := rendered(t, v); !slices.Equal(got, []string{"Certificate tls", "Ingress backend"}) {
		t.Errorf("rendered %v", got)
	}
	unissue(v)
	if got := certify(v); got.secrets["asha.ngo.example.org"] != names.Certificate {
		t.Errorf("an Ingress keeps its certificate while a new one is issued: %+v", got)
	}
}

func TestBaseURL(t *testing.T) {
	if got := BaseURL(views.New(t, aliases("asha.org"))); got != "https://asha.ngo.example.org" {
		t.Errorf("got %s", got)
	}
	if got := BaseURL(step.View{}); got != "" {
		t.Errorf("without hosts: %s", got)
	}
}
