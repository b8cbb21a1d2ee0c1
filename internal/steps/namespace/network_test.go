package namespace

import (
	"net/netip"
	"slices"
	"testing"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/snapshot"
	"github.com/glific/organisation-operator/internal/step"
	"github.com/glific/organisation-operator/internal/testkit/views"
)

// rendered are the network policies that the step makes of a View.
func rendered(t *testing.T, v step.View) []*networkingv1.NetworkPolicy {
	t.Helper()
	views.Apply(t, v, newStep())
	var all []*networkingv1.NetworkPolicy
	for _, owned := range v.Live.OwnedBy("namespace") {
		if p, ok := owned.Object.(*networkingv1.NetworkPolicy); ok {
			all = append(all, p)
		}
	}
	return all
}

// party is one end of a connection: a pod, or an address outside the cluster.
type party struct {
	namespace string
	labels    map[string]string
	address   string
	ports     map[string]int32 // by the names of container ports
}

func pod(namespace, component string) party {
	return party{
		namespace: namespace, address: "10.1.2.3", labels: map[string]string{v1alpha1.LabelComponent: component},
		ports: map[string]int32{PortName: 4000},
	}
}

func outside(address string) party { return party{address: address} }

// evaluator decides as the API says: a pod that no policy selects for a direction is
// open in it; else one rule must match (networking.k8s.io/v1, NetworkPolicySpec).
type evaluator []*networkingv1.NetworkPolicy

func (e evaluator) allows(from, to party, protocol corev1.Protocol, number int32) bool {
	return e.egress(from, to, protocol, number) && e.ingress(from, to, protocol, number)
}

func (e evaluator) egress(from, to party, protocol corev1.Protocol, number int32) bool {
	selected, allowed := false, false
	for _, p := range e.selecting(from, networkingv1.PolicyTypeEgress) {
		selected = true
		for _, rule := range p.Spec.Egress {
			allowed = allowed || peersMatch(rule.To, p.Namespace, to) && portsMatch(rule.Ports, to, protocol, number)
		}
	}
	return !selected || allowed
}

func (e evaluator) ingress(from, to party, protocol corev1.Protocol, number int32) bool {
	selected, allowed := false, false
	for _, p := range e.selecting(to, networkingv1.PolicyTypeIngress) {
		selected = true
		for _, rule := range p.Spec.Ingress {
			allowed = allowed || peersMatch(rule.From, p.Namespace, from) && portsMatch(rule.Ports, to, protocol, number)
		}
	}
	return !selected || allowed
}

func (e evaluator) selecting(p party, direction networkingv1.PolicyType) []*networkingv1.NetworkPolicy {
	return slices.DeleteFunc(slices.Clone(e), func(policy *networkingv1.NetworkPolicy) bool {
		return policy.Namespace != p.namespace || !slices.Contains(policy.Spec.PolicyTypes, direction) || !selects(&policy.Spec.PodSelector, p.labels)
	})
}

func selects(selector *metav1.LabelSelector, set map[string]string) bool {
	parsed, err := metav1.LabelSelectorAsSelector(selector)
	return err == nil && parsed.Matches(labels.Set(set))
}

func peersMatch(peers []networkingv1.NetworkPolicyPeer, namespace string, p party) bool {
	return len(peers) == 0 || slices.ContainsFunc(peers, func(peer networkingv1.NetworkPolicyPeer) bool {
		if peer.IPBlock != nil {
			return inBlock(peer.IPBlock, netip.MustParseAddr(p.address))
		}
		if peer.NamespaceSelector == nil {
			return p.namespace == namespace && selects(peer.PodSelector, p.labels)
		}
		inNamespace := p.namespace != "" && selects(peer.NamespaceSelector, map[string]string{corev1.LabelMetadataName: p.namespace})
		return inNamespace && (peer.PodSelector == nil || selects(peer.PodSelector, p.labels))
	})
}

func inBlock(block *networkingv1.IPBlock, address netip.Addr) bool {
	inside := func(cidr string) bool { return netip.MustParsePrefix(cidr).Contains(address) }
	return inside(block.CIDR) && !slices.ContainsFunc(block.Except, inside)
}

func portsMatch(ports []networkingv1.NetworkPolicyPort, to party, protocol corev1.Protocol, number int32) bool {
	return len(ports) == 0 || slices.ContainsFunc(ports, func(p networkingv1.NetworkPolicyPort) bool {
		first := p.Port.IntVal
		if p.Port.Type == intstr.String {
			first = to.ports[p.Port.StrVal]
		}
		last := first
		if p.EndPort != nil {
			last = *p.EndPort
		}
		return *p.Protocol == protocol && first <= number && number <= last
	})
}

// world is two tenants beside each other, as the profile says.
func world(t *testing.T, options ...views.Option) evaluator {
	t.Helper()
	all := rendered(t, views.New(t, options...))
	return append(all, rendered(t, views.New(t, append(options, views.Named("sneha", "11111111-2222-3333-4444-555555555555"))...))...)
}

func TestNetworkPolicies(t *testing.T) {
	backend, frontend, task := pod("org-asha", names.Backend), pod("org-asha", names.Frontend), pod("org-asha", "migration")
	other, gateway, dns := pod("org-sneha", names.Backend), pod("gateways", ""), pod("kube-system", "")
	metadata := outside("169.254.169.254")
	routed := views.ProfileSpec(func(p *v1alpha1.OrganisationProfileSpec) {
		p.Routing = &v1alpha1.RoutingSpec{Type: v1alpha1.RoutingIngress, From: []v1alpha1.NetworkPeer{{Namespaces: []string{"gateways"}}}}
	})
	at := func(cidr string) views.Option {
		return func(w *views.World) { w.Server.Spec.Network = &v1alpha1.DatabaseNetwork{CIDRs: []string{cidr}} }
	}
	e := world(t, routed, at("10.20.0.7/32"))
	byName := world(t, routed)
	wide := world(t, routed, views.ProfileSpec(func(p *v1alpha1.OrganisationProfileSpec) {
		p.Network = &v1alpha1.NetworkSpec{Egress: []v1alpha1.EgressAllowance{{CIDRs: everywhere, Ports: []int32{80, 443}}}}
	}))
	named := world(t, routed, views.ProfileSpec(func(p *v1alpha1.OrganisationProfileSpec) {
		p.Network = &v1alpha1.NetworkSpec{Egress: []v1alpha1.EgressAllowance{{CIDRs: []string{"169.254.169.254/32"}, Ports: []int32{80}}}}
	}))
	const tcp, udp = corev1.ProtocolTCP, corev1.ProtocolUDP
	for sentence, test := range map[string]struct {
		policies evaluator
		from, to party
		protocol corev1.Protocol
		port     int32
		allowed  bool
	}{
		"a tenant does not reach another's app":               {e, backend, other, tcp, 4000, false},
		"a tenant does not reach another's epmd":              {e, backend, other, tcp, 4369, false},
		"a tenant does not reach another's distribution":      {e, backend, other, tcp, 9100, false},
		"the gateway reaches the app":                         {e, gateway, backend, tcp, 4000, true},
		"the gateway reaches the front end":                   {e, gateway, frontend, tcp, 4000, true},
		"the gateway does not reach epmd":                     {e, gateway, backend, tcp, 4369, false},
		"the gateway does not reach distribution":             {e, gateway, backend, tcp, 9100, false},
		"the gateway does not reach a task":                   {e, gateway, task, tcp, 4000, false},
		"other namespaces do not reach the app":               {e, pod("default", names.Backend), backend, tcp, 4000, false},
		"the internet does not reach the app":                 {e, outside("203.0.113.9"), backend, tcp, 4000, false},
		"back ends of one tenant find each other":             {e, backend, backend, tcp, 4369, true},
		"back ends of one tenant form a cluster, first port":  {e, backend, backend, tcp, 9100, true},
		"back ends of one tenant form a cluster, last port":   {e, backend, backend, tcp, 9105, true},
		"a port beyond the range stays shut":                  {e, backend, backend, tcp, 9106, false},
		"the front end does not reach distribution":           {e, frontend, backend, tcp, 9100, false},
		"a task does not reach distribution":                  {e, task, backend, tcp, 9100, false},
		"the app reaches its database":                        {e, backend, outside("10.20.0.7"), tcp, 5432, true},
		"a task reaches the database":                         {e, task, outside("10.20.0.7"), tcp, 5432, true},
		"the front end does not reach the database":           {e, frontend, outside("10.20.0.7"), tcp, 5432, false},
		"the app does not reach SSH on the database's server": {e, backend, outside("10.20.0.7"), tcp, 22, false},
		"the app does not reach another database":             {e, backend, outside("10.20.0.8"), tcp, 5432, false},
		"a server known by name may be anywhere":              {byName, backend, outside("10.20.0.8"), tcp, 5432, true},
		"but not among link-local addresses":                  {byName, backend, outside("169.254.1.1"), tcp, 5432, false},
		"the app reaches the internet over HTTPS":             {e, backend, outside("203.0.113.9"), tcp, 443, true},
		"over IPv6 as well":                                   {e, backend, outside("2001:db8::1"), tcp, 443, true},
		"the front end calls nobody":                          {e, frontend, outside("203.0.113.9"), tcp, 443, false},
		"plain HTTP to the internet is shut":                  {e, backend, outside("203.0.113.9"), tcp, 80, false},
		"metadata over HTTP is shut":                          {e, backend, metadata, tcp, 80, false},
		"metadata over HTTPS is shut":                         {e, backend, metadata, tcp, 443, false},
		"metadata over IPv6 is shut":                          {e, backend, outside("fd00:ec2::254"), tcp, 443, false},
		"link-local IPv6 is shut":                             {e, backend, outside("fe80::1"), tcp, 443, false},
		"private range 10 is shut":                            {e, backend, outside("10.96.0.1"), tcp, 443, false},
		"private range 172.16 is shut":                        {e, backend, outside("172.31.0.1"), tcp, 443, false},
		"private range 192.168 is shut":                       {e, backend, outside("192.168.1.1"), tcp, 443, false},
		"carrier range 100.64 is shut":                        {e, backend, outside("100.100.100.200"), tcp, 443, false},
		"private IPv6 is shut":                                {e, backend, outside("fd12::1"), tcp, 443, false},
		"names are resolved over UDP":                         {e, backend, dns, udp, 53, true},
		"names are resolved over TCP":                         {e, task, dns, tcp, 53, true},
		"kube-system offers nothing else":                     {e, backend, dns, tcp, 443, false},
		"no other resolver may be asked":                      {e, backend, outside("8.8.8.8"), udp, 53, false},
		"a wide allowance reaches private ranges":             {wide, backend, outside("10.96.0.1"), tcp, 443, true},
		"a wide allowance does not reach metadata":            {wide, backend, metadata, tcp, 80, false},
		"a wide allowance does not reach another tenant":      {wide, backend, other, tcp, 443, false},
		"metadata is reached by who names it":                 {named, backend, metadata, tcp, 80, true},
		"what is declared replaces the internet":              {named, backend, outside("203.0.113.9"), tcp, 443, false},
		"nothing is declared for the back end of the other":   {named, other, backend, tcp, 4000, false},
		"without policies everything is open":                 {nil, backend, other, tcp, 4369, true},
	} {
		t.Run(sentence, func(t *testing.T) {
			if got := test.policies.allows(test.from, test.to, test.protocol, test.port); got != test.allowed {
				t.Errorf("%s %d is allowed: %v, want %v", test.protocol, test.port, got, test.allowed)
			}
		})
	}
}

func TestEveryPodIsDeniedBothWays(t *testing.T) {
	v := views.New(t)
	rendered(t, v)
	p := snapshot.Find[*networkingv1.NetworkPolicy](v.Live, "NetworkPolicy", "org-asha", denyAll)
	if p == nil || !selects(&p.Spec.PodSelector, nil) || len(p.Spec.Ingress)+len(p.Spec.Egress) != 0 || len(p.Spec.PolicyTypes) != 2 {
		t.Errorf("the default policy is %+v", p)
	}
}
