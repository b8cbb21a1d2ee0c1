package namespace

import (
	"encoding/json"
	"net/netip"
	"slices"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	networkingv1ac "k8s.io/client-go/applyconfigurations/networking/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/snapshot"
	"github.com/glific/organisation-operator/internal/step"
)

const httpsPort = 443

var (
	// everywhere is every address there is.
	everywhere = []string{"0.0.0.0/0", "::/0"}
	// linkLocal is where clouds keep their metadata, with the node's own credentials
	// (RFC 3927, RFC 4291). A wider range never includes it: whoever needs an address
	// in it must name that.
	linkLocal = []string{"169.254.0.0/16", "fe80::/10"}
	// internal is what the internet does not route: other pods, nodes, the cloud's own
	// services (RFC 6890).
	internal = append([]string{
		"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.0.0.0/24",
		"192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/3", "fc00::/7", "ff00::/8",
	}, linkLocal...)
)

// dns allows name resolution: in kube-system, unless the profile says where else.
func dns(v step.View) *policyConfig {
	to := []v1alpha1.NetworkPeer{{Namespaces: []string{metav1.NamespaceSystem}}}
	if declared := v.Settings.Network.DNS; declared != nil {
		to = declared.To
	}
	return egress(v, allowDNS, networkingv1ac.NetworkPolicyEgressRule().WithTo(peers(to)...).
		WithPorts(port(corev1.ProtocolUDP, dnsPort), port(corev1.ProtocolTCP, dnsPort)))
}

// database allows the server on which the data lies, on its port only. Pods keep an old
// address until they are restarted: who moves a server names both addresses in its
// spec.network.cidrs until then.
func database(v step.View) *policyConfig {
	if v.Live.Server == nil || v.Live.Server.Spec.PostgreSQL == nil {
		return kept(v, allowDatabase)
	}
	return egress(v, allowDatabase, networkingv1ac.NetworkPolicyEgressRule().
		WithTo(blocks(addresses(v.Live.Server), linkLocal)...).
		WithPorts(port(corev1.ProtocolTCP, or(v.Live.Server.Spec.PostgreSQL.Port, postgresPort))))
}

// addresses of a server: those declared, else the host if it is an address, else any,
// since a policy knows no names.
func addresses(server *v1alpha1.DatabaseServer) []string {
	if n := server.Spec.Network; n != nil && len(n.CIDRs) > 0 {
		return n.CIDRs
	}
	if ip, err := netip.ParseAddr(server.Spec.PostgreSQL.Host); err == nil {
		return []string{netip.PrefixFrom(ip, ip.BitLen()).String()}
	}
	return everywhere
}

// declared allows what the profile says, or HTTPS to the internet.
func declared(v step.View) *policyConfig {
	allowances := v.Settings.Network.Egress
	if len(allowances) == 0 {
		allowances = []v1alpha1.EgressAllowance{{CIDRs: everywhere, Except: internal, Ports: []int32{httpsPort}}}
	}
	var rules []*egressConfig
	for _, a := range allowances {
		rule := networkingv1ac.NetworkPolicyEgressRule().WithTo(blocks(a.CIDRs, append(slices.Clone(a.Except), linkLocal...))...)
		for _, number := range a.Ports {
			rule.WithPorts(port(corev1.ProtocolTCP, number))
		}
		rules = append(rules, rule)
	}
	return egress(v, allowEgress, rules...)
}

// blocks turns CIDRs into peers, each without those exceptions that lie inside it.
func blocks(cidrs, except []string) []*peerConfig {
	var all []*peerConfig
	for _, cidr := range cidrs {
		outer, err := netip.ParsePrefix(cidr)
		if err != nil {
			continue // admission refuses it; what cannot be read allows nothing
		}
		block := networkingv1ac.IPBlock().WithCIDR(outer.Masked().String())
		for _, e := range except {
			inner, err := netip.ParsePrefix(e)
			if err == nil && inner.Bits() > outer.Bits() && outer.Contains(inner.Addr()) && !slices.Contains(block.Except, inner.Masked().String()) {
				block.WithExcept(inner.Masked().String())
			}
		}
		all = append(all, networkingv1ac.NetworkPolicyPeer().WithIPBlock(block))
	}
	return all
}

// kept is a policy as it is, for when what it follows from cannot be found: what
// serves must not be cut off. Nil if there is none.
func kept(v step.View, name string) *policyConfig {
	live := snapshot.Find[*networkingv1.NetworkPolicy](v.Live, "NetworkPolicy", v.Settings.Namespace, name)
	if live == nil {
		return nil
	}
	spec := networkingv1ac.NetworkPolicySpec()
	content, err := json.Marshal(live.Spec)
	if err != nil || json.Unmarshal(content, spec) != nil {
		return nil
	}
	return networkingv1ac.NetworkPolicy(name, v.Settings.Namespace).WithSpec(spec)
}
