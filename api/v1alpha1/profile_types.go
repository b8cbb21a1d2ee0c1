package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// OrganisationProfile is what many NGOs share.
//
// +kubebuilder:object:root=true
// +kubebuilder:resource:scope=Cluster,shortName=profile,categories=tenancy
// +kubebuilder:printcolumn:name="Base domain",type=string,JSONPath=`.spec.baseDomain`
// +kubebuilder:printcolumn:name="Release",type=string,JSONPath=`.spec.release.name`
// +kubebuilder:printcolumn:name="Routing",type=string,JSONPath=`.spec.routing.type`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
type OrganisationProfile struct {
	metav1.TypeMeta `json:",inline"`
	// metadata is the standard object metadata.
	// +optional
	metav1.ObjectMeta `json:"metadata,omitempty,omitzero"`

	// spec is what an engineer declares for many NGOs.
	// +required
	Spec OrganisationProfileSpec `json:"spec,omitzero"`
}

// OrganisationProfileSpec is what many NGOs share. A change to it restarts nobody
// at once: each Organisation shows UpToDate=False/ChangePending until it is released.
type OrganisationProfileSpec struct {
	// baseDomain under which an Organisation without a hostname is served as
	// <name>.<baseDomain>. Example: ngo.example.org
	// +optional
	// +kubebuilder:validation:MinLength=3
	// +kubebuilder:validation:MaxLength=140
	// +kubebuilder:validation:XValidation:rule="self.matches('^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)+$') && !isIP(self)",message="spec.baseDomain: a domain in lower case, such as ngo.example.org; no scheme, port, path, wildcard or address"
	BaseDomain string `json:"baseDomain,omitempty"`

	// release that Organisations serve unless they pin another.
	// Example: {name: glific-8.10.1}
	// +optional
	Release *ReleaseReference `json:"release,omitempty"`

	// env sets plain variables for every Organisation; the operator's own keys are
	// refused. Example: [{name: GLIFIC_BASE_DOMAIN, value: example.org}]
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=256
	// +kubebuilder:validation:XValidation:rule="self.map(e, has(e.value) ? size(e.value) : 0).sum() <= 65536",message="all values together have at most 65536 characters; larger settings belong into a Secret named in envFrom"
	Env []EnvVar `json:"env,omitempty"`

	// envFrom takes the keys of Secrets in the operator's namespace; they are copied
	// into each tenant's namespace. Example: [{secretRef: {name: shared-providers}}]
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=16
	EnvFrom []EnvSource `json:"envFrom,omitempty"`

	// imagePullSecrets lie in the operator's namespace and are copied into each
	// tenant's namespace. Example: [{name: registry}]
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=8
	ImagePullSecrets []SecretReference `json:"imagePullSecrets,omitempty"`

	// size that Organisations have unless they ask for another. Example: small
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=32
	// +kubebuilder:validation:Pattern=`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`
	Size string `json:"size,omitempty"`

	// sizes add to, or replace, the built-in sizes small, medium and large.
	// Example: [{name: small, resources: {requests: {cpu: 250m, memory: 512Mi}}}]
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=16
	Sizes []Size `json:"sizes,omitempty"`

	// database says on which servers databases may be placed.
	// Example: {serverSelector: {matchLabels: {tier: shared}}}
	// +optional
	Database *ProfileDatabase `json:"database,omitempty"`

	// routing says how requests reach the tenants.
	// Example: {type: Gateway, gateway: {name: public, gatewayNamespace: gateways}}
	// +optional
	Routing *RoutingSpec `json:"routing,omitempty"`

	// access gives people rights in every tenant's namespace.
	// Example: [{kind: Group, name: platform, role: Engineer}]
	// +optional
	// +listType=map
	// +listMapKey=kind
	// +listMapKey=name
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=32
	Access []AccessGrant `json:"access,omitempty"`

	// network declares what tenants' pods may reach besides their database.
	// Example: {egress: [{cidrs: [0.0.0.0/0], ports: [443]}]}
	// +optional
	Network *NetworkSpec `json:"network,omitempty"`

	// labels are put on every object of a tenant, for cost allocation and the like.
	// Example: {cost-centre: ngo}
	// +optional
	// +kubebuilder:validation:MinProperties=1
	// +kubebuilder:validation:MaxProperties=16
	// +kubebuilder:validation:XValidation:rule="self.all(k, !k.contains('tenancy.glific.org') && !k.contains('kubernetes.io') && !k.contains('k8s.io') && k.size() <= 100)",message="spec.labels: keys of kubernetes.io, k8s.io and tenancy.glific.org belong to the platform; keys have at most 100 characters"
	// +kubebuilder:validation:XValidation:rule="self.all(k, k.size() > 100 || self[k].size() > 63 || !format.qualifiedName().validate(k).hasValue())",message="spec.labels: each key is a name of letters, digits, -, _ and ., perhaps after a domain and a slash, such as cost-centre"
	// +kubebuilder:validation:XValidation:rule="self.all(k, self[k].size() <= 63 && !format.labelValue().validate(self[k]).hasValue())",message="spec.labels: each value has at most 63 letters, digits, -, _ and ., and begins and ends with a letter or digit"
	Labels map[string]string `json:"labels,omitempty"`
}

// ProfileDatabase says on which servers databases may be placed.
type ProfileDatabase struct {
	// serverSelector picks DatabaseServers by their labels; without it, any server
	// may be chosen. Example: {matchLabels: {tier: shared}}
	// +optional
	// +kubebuilder:validation:XValidation:rule="!has(self.matchExpressions) || self.matchExpressions.all(e, (e.operator in ['In', 'NotIn']) == (has(e.values) && e.values.size() > 0))",message="matchExpressions: In and NotIn need values, Exists and DoesNotExist take none"
	ServerSelector *metav1.LabelSelector `json:"serverSelector,omitempty"`
}

// RoutingType says which API carries requests to the tenants.
// +kubebuilder:validation:Enum=Gateway;Ingress;None
type RoutingType string

// The ways to route.
const (
	RoutingGateway RoutingType = "Gateway"
	RoutingIngress RoutingType = "Ingress"
	// RoutingNone makes Services only: something else routes.
	RoutingNone RoutingType = "None"
)

// RoutingSpec says how requests reach the tenants.
// +kubebuilder:validation:XValidation:rule="has(self.type) && self.type == 'Gateway' ? has(self.gateway) : !has(self.gateway)",message="spec.routing.gateway: required when type is Gateway, and forbidden otherwise"
// +kubebuilder:validation:XValidation:rule="!has(self.ingress) || self.type == 'Ingress'",message="spec.routing.ingress: only when type is Ingress"
type RoutingSpec struct {
	// type is Gateway, Ingress or None. Example: Gateway
	// +required
	Type RoutingType `json:"type,omitempty"`

	// gateway names the Gateway that the tenants' HTTPRoutes attach to.
	// Example: {name: public, gatewayNamespace: gateways}
	// +optional
	Gateway *GatewayRouting `json:"gateway,omitempty"`

	// ingress says how the tenants' Ingresses look. Example: {className: nginx}
	// +optional
	Ingress *IngressRouting `json:"ingress,omitempty"`

	// tls says where certificates come from. Example: {type: Wildcard}
	// +optional
	TLS *RoutingTLS `json:"tls,omitempty"`

	// from says from where requests may reach the tenants' pods: the namespaces of
	// the gateway's or ingress controller's pods. Example: [{namespaces: [gateways]}]
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=8
	From []NetworkPeer `json:"from,omitempty"`

	// probe says how the operator reaches the NGOs' hosts from outside, to tell whether
	// users do. Without it, it dials the address that the Gateway or Ingress reports, and
	// the hosts' names must have addresses.
	// Example: {address: "traefik.gateways.svc:443"}
	// +optional
	Probe *RoutingProbe `json:"probe,omitempty"`
}

// RoutingProbe says how the operator reaches the NGOs' hosts.
// +kubebuilder:validation:MinProperties=1
type RoutingProbe struct {
	// address of the gateway, host:port, where it does not report one that Pods can reach.
	// Example: "traefik.gateways.svc:443"
	// +optional
	// +kubebuilder:validation:MinLength=3
	// +kubebuilder:validation:MaxLength=260
	// +kubebuilder:validation:Pattern=`^(\[[0-9a-fA-F:.]+\]|[a-zA-Z0-9.-]+):[1-9][0-9]{0,4}$`
	Address string `json:"address,omitempty"`

	// ca names a Secret in the operator's namespace whose key ca.crt holds the authority
	// of the gateway's certificates, where no public one has signed them.
	// Example: {name: platform-ca}
	// +optional
	CA *SecretReference `json:"ca,omitempty"`
}

// GatewayRouting names a Gateway of the Gateway API.
type GatewayRouting struct {
	// name of the Gateway. Example: public
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:validation:Pattern=`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`
	Name string `json:"name,omitempty"`

	// gatewayNamespace is where the Gateway lies; its listeners must allow routes
	// from the tenants' namespaces. Example: gateways
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:validation:Pattern=`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`
	GatewayNamespace string `json:"gatewayNamespace,omitempty"`

	// sectionName picks one listener. Example: https
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	// +kubebuilder:validation:Pattern=`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`
	SectionName string `json:"sectionName,omitempty"`
}

// IngressRouting says how a tenant's Ingress looks.
type IngressRouting struct {
	// className of the Ingress; without it, the cluster's default class.
	// Example: traefik
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:validation:Pattern=`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`
	ClassName string `json:"className,omitempty"`

	// annotations for the Ingress controller: body size, time-outs, websockets.
	// Example: {nginx.ingress.kubernetes.io/proxy-body-size: 20m}
	// +optional
	// +kubebuilder:validation:MinProperties=1
	// +kubebuilder:validation:MaxProperties=32
	// +kubebuilder:validation:XValidation:rule="self.all(k, !k.contains('tenancy.glific.org') && k.size() <= 128 && self[k].size() <= 1024)",message="spec.routing.ingress.annotations: tenancy.glific.org belongs to the operator; keys have at most 128 characters, values 1024"
	// +kubebuilder:validation:XValidation:rule="self.all(k, k.size() > 128 || !format.qualifiedName().validate(k).hasValue())",message="spec.routing.ingress.annotations: each key is a name, perhaps after a domain and a slash, such as nginx.ingress.kubernetes.io/proxy-body-size"
	Annotations map[string]string `json:"annotations,omitempty"`
}

// RoutingTLSType says where certificates come from.
// +kubebuilder:validation:Enum=CertManager;Wildcard;None
type RoutingTLSType string

// The sources of certificates.
const (
	// TLSCertManager asks cert-manager for one certificate with all of the NGO's names.
	TLSCertManager RoutingTLSType = "CertManager"
	// TLSWildcard relies on the gateway's own certificate for *.<baseDomain>; hosts
	// that it does not cover get a certificate when an issuer is named.
	TLSWildcard RoutingTLSType = "Wildcard"
	// TLSNone leaves TLS to whatever stands in front.
	TLSNone RoutingTLSType = "None"
)

// RoutingTLS says where certificates come from.
// +kubebuilder:validation:XValidation:rule="self.type != 'CertManager' || has(self.issuer)",message="spec.routing.tls.issuer: required when type is CertManager"
type RoutingTLS struct {
	// type is CertManager, Wildcard or None. Example: CertManager
	// +required
	Type RoutingTLSType `json:"type,omitempty"`

	// issuer of cert-manager. Example: {kind: ClusterIssuer, name: letsencrypt}
	// +optional
	Issuer *IssuerReference `json:"issuer,omitempty"`
}

// IssuerKind is a kind of cert-manager issuer.
// +kubebuilder:validation:Enum=ClusterIssuer;Issuer
type IssuerKind string

// IssuerReference names an issuer of cert-manager.
type IssuerReference struct {
	// kind of the issuer. Example: ClusterIssuer
	// +required
	Kind IssuerKind `json:"kind,omitempty"`

	// name of the issuer. Example: letsencrypt
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:validation:Pattern=`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`
	Name string `json:"name,omitempty"`
}

// NetworkSpec declares what tenants' pods may reach.
type NetworkSpec struct {
	// dns says where name resolution is; kube-system on port 53 without it.
	// Example: {to: [{namespaces: [kube-system]}]}
	// +optional
	DNS *DNSAllowance `json:"dns,omitempty"`

	// egress lists what else pods may reach; without it, port 443 anywhere but in
	// private and link-local ranges. Example: [{cidrs: [0.0.0.0/0], ports: [443]}]
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=16
	Egress []EgressAllowance `json:"egress,omitempty"`
}

// DNSAllowance says where name resolution is.
type DNSAllowance struct {
	// to lists the peers that answer DNS. Example: [{cidrs: [169.254.20.10/32]}]
	// +required
	// +listType=atomic
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=8
	To []NetworkPeer `json:"to,omitempty"`
}

// EgressAllowance is one thing that pods may reach.
// +kubebuilder:validation:XValidation:rule="!has(self.except) || self.except.all(e, !isCIDR(e) || self.cidrs.exists(c, isCIDR(c) && cidr(c).containsCIDR(e) && cidr(c).prefixLength() < cidr(e).prefixLength()))",message="except: each range lies inside one of cidrs and is smaller"
type EgressAllowance struct {
	// cidrs that may be reached. Example: [0.0.0.0/0]
	// +required
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=32
	// +kubebuilder:validation:items:MinLength=3
	// +kubebuilder:validation:items:MaxLength=43
	// +kubebuilder:validation:XValidation:rule="self.all(c, isCIDR(c))",message="each entry is a CIDR, for example 192.0.2.0/24"
	CIDRs []string `json:"cidrs,omitempty"`

	// except takes ranges out of cidrs. Example: [10.0.0.0/8]
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=32
	// +kubebuilder:validation:items:MinLength=3
	// +kubebuilder:validation:items:MaxLength=43
	// +kubebuilder:validation:XValidation:rule="self.all(c, isCIDR(c))",message="each entry is a CIDR, for example 10.0.0.0/8"
	Except []string `json:"except,omitempty"`

	// ports that may be reached over TCP. Example: [443]
	// +required
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=16
	// +kubebuilder:validation:items:Minimum=1
	// +kubebuilder:validation:items:Maximum=65535
	Ports []int32 `json:"ports,omitempty"`
}

// NetworkPeer is a set of pods or addresses.
// +kubebuilder:validation:XValidation:rule="has(self.namespaces) || has(self.cidrs)",message="a peer names namespaces or cidrs"
// +kubebuilder:validation:XValidation:rule="!has(self.podLabels) || has(self.namespaces)",message="podLabels: narrow namespaces, so namespaces must be given too"
type NetworkPeer struct {
	// namespaces whose pods are meant, by name. Example: [gateways]
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=8
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=63
	// +kubebuilder:validation:items:Pattern=`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`
	Namespaces []string `json:"namespaces,omitempty"`

	// podLabels narrow the pods within those namespaces.
	// Example: {k8s-app: kube-dns}
	// +optional
	// +kubebuilder:validation:MinProperties=1
	// +kubebuilder:validation:MaxProperties=8
	// +kubebuilder:validation:XValidation:rule="self.all(k, k.size() <= 317 && self[k].size() <= 63 && !format.qualifiedName().validate(k).hasValue() && !format.labelValue().validate(self[k]).hasValue())",message="podLabels: keys and values follow the rules of Kubernetes labels"
	PodLabels map[string]string `json:"podLabels,omitempty"`

	// cidrs are addresses outside the pod network. Example: [203.0.113.0/24]
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=16
	// +kubebuilder:validation:items:MinLength=3
	// +kubebuilder:validation:items:MaxLength=43
	// +kubebuilder:validation:XValidation:rule="self.all(c, isCIDR(c))",message="each entry is a CIDR, for example 203.0.113.0/24"
	CIDRs []string `json:"cidrs,omitempty"`
}

// OrganisationProfileList is a list of OrganisationProfiles.
// +kubebuilder:object:root=true
type OrganisationProfileList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []OrganisationProfile `json:"items"`
}
