package namespace

import (
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	metav1ac "k8s.io/client-go/applyconfigurations/meta/v1"
	networkingv1ac "k8s.io/client-go/applyconfigurations/networking/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/step"
)

// Network policies of a tenant. The first denies everything in both directions; each
// of the others is one declared allowance.
const (
	denyAll           = "default-deny"
	allowHTTP         = "allow-http"
	allowDistribution = "allow-distribution"
	allowDNS          = "allow-dns"
	allowDatabase     = "allow-database"
	allowEgress       = "allow-egress"
)

// PortName of the container port at which a tenant's pods answer HTTP. The policy
// goes by the name, so that it holds for the old and the new pods of an update.
const PortName = "http"

const (
	dnsPort  = 53
	epmdPort = 4369
	// The default range of Erlang distribution, and PostgreSQL's port.
	minDistribution, maxDistribution = 9100, 9105
	postgresPort                     = 5432
)

// The parts of a policy, shortened.
type (
	policyConfig = networkingv1ac.NetworkPolicyApplyConfiguration
	peerConfig   = networkingv1ac.NetworkPolicyPeerApplyConfiguration
	portConfig   = networkingv1ac.NetworkPolicyPortApplyConfiguration
	egressConfig = networkingv1ac.NetworkPolicyEgressRuleApplyConfiguration
	podSelector  = metav1ac.LabelSelectorApplyConfiguration
)

func policies(v step.View) []step.Applicable {
	var all []step.Applicable
	for _, one := range []func(step.View) *policyConfig{deny, dns, database, declared, http, distribution} {
		if p := one(v); p != nil {
			all = append(all, p)
		}
	}
	return all
}

func deny(v step.View) *policyConfig {
	return networkingv1ac.NetworkPolicy(denyAll, v.Settings.Namespace).
		WithSpec(networkingv1ac.NetworkPolicySpec().WithPodSelector(metav1ac.LabelSelector()).
			WithPolicyTypes(networkingv1.PolicyTypeIngress, networkingv1.PolicyTypeEgress))
}

// http lets requests in from where the profile says that they come. Nothing declared
// means the Gateway's own namespace, where most gateways run.
func http(v step.View) *policyConfig {
	from := v.Settings.Routing.From
	if gateway := v.Settings.Routing.Gateway; len(from) == 0 && gateway != nil {
		from = []v1alpha1.NetworkPeer{{Namespaces: []string{gateway.GatewayNamespace}}}
	}
	if len(from) == 0 {
		return nil
	}
	port := networkingv1ac.NetworkPolicyPort().WithProtocol(corev1.ProtocolTCP).WithPort(intstr.FromString(PortName))
	return networkingv1ac.NetworkPolicy(allowHTTP, v.Settings.Namespace).
		WithSpec(networkingv1ac.NetworkPolicySpec().
			WithPodSelector(component(metav1.LabelSelectorOpIn, names.Backend, names.Frontend)).
			WithPolicyTypes(networkingv1.PolicyTypeIngress).
			WithIngress(networkingv1ac.NetworkPolicyIngressRule().WithFrom(peers(from)...).WithPorts(port)))
}

// distribution lets the back end's BEAM nodes, and nobody else, form a cluster: who
// reaches these ports with the cookie may run any code.
func distribution(v step.View) *policyConfig {
	if v.Live.Release == nil {
		return kept(v, allowDistribution)
	}
	declared := v.Live.Release.Spec.Distribution
	first, last := or(declared.MinPort, minDistribution), or(declared.MaxPort, maxDistribution)
	ports := []*portConfig{port(corev1.ProtocolTCP, epmdPort), port(corev1.ProtocolTCP, first).WithEndPort(last)}
	nodes := component(metav1.LabelSelectorOpIn, names.Backend)
	peer := networkingv1ac.NetworkPolicyPeer().WithPodSelector(nodes)
	return networkingv1ac.NetworkPolicy(allowDistribution, v.Settings.Namespace).
		WithSpec(networkingv1ac.NetworkPolicySpec().WithPodSelector(nodes).
			WithPolicyTypes(networkingv1.PolicyTypeIngress, networkingv1.PolicyTypeEgress).
			WithIngress(networkingv1ac.NetworkPolicyIngressRule().WithFrom(peer).WithPorts(ports...)).
			WithEgress(networkingv1ac.NetworkPolicyEgressRule().WithTo(peer).WithPorts(ports...)))
}

// egress is an allowance for every pod but the front end's, which serves files and
// calls nobody.
func egress(v step.View, name string, rules ...*egressConfig) *policyConfig {
	return networkingv1ac.NetworkPolicy(name, v.Settings.Namespace).
		WithSpec(networkingv1ac.NetworkPolicySpec().
			WithPodSelector(component(metav1.LabelSelectorOpNotIn, names.Frontend)).
			WithPolicyTypes(networkingv1.PolicyTypeEgress).
			WithEgress(rules...))
}

func component(operator metav1.LabelSelectorOperator, values ...string) *podSelector {
	return metav1ac.LabelSelector().WithMatchExpressions(metav1ac.LabelSelectorRequirement().
		WithKey(v1alpha1.LabelComponent).WithOperator(operator).WithValues(values...))
}

func port(protocol corev1.Protocol, number int32) *portConfig {
	return networkingv1ac.NetworkPolicyPort().WithProtocol(protocol).WithPort(intstr.FromInt32(number))
}

// peers as the API knows them: namespaces by the label that Kubernetes itself puts on
// each, which nobody can forge.
func peers(declared []v1alpha1.NetworkPeer) []*peerConfig {
	var all []*peerConfig
	for _, d := range declared {
		if len(d.Namespaces) > 0 {
			peer := networkingv1ac.NetworkPolicyPeer().WithNamespaceSelector(metav1ac.LabelSelector().
				WithMatchExpressions(metav1ac.LabelSelectorRequirement().WithKey(corev1.LabelMetadataName).
					WithOperator(metav1.LabelSelectorOpIn).WithValues(d.Namespaces...)))
			if len(d.PodLabels) > 0 {
				peer.WithPodSelector(metav1ac.LabelSelector().WithMatchLabels(d.PodLabels))
			}
			all = append(all, peer)
		}
		all = append(all, blocks(d.CIDRs, nil)...)
	}
	return all
}

func or(value, otherwise int32) int32 {
	if value != 0 {
		return value
	}
	return otherwise
}
