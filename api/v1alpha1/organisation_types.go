package v1alpha1

import (
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Organisation is one NGO: a namespace, a database, secrets and a messaging deployment.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:scope=Cluster,shortName=org;ngo,categories=tenancy
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Reason",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
// +kubebuilder:printcolumn:name="Release",type=string,JSONPath=`.status.release.serving`
// +kubebuilder:printcolumn:name="Target",type=string,JSONPath=`.status.release.target`
// +kubebuilder:printcolumn:name="Wave",type=string,JSONPath=`.status.release.wave`
// +kubebuilder:printcolumn:name="Power",type=string,JSONPath=`.spec.power`
// +kubebuilder:printcolumn:name="Host",type=string,JSONPath=`.status.host`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:printcolumn:name="Message",type=string,priority=1,JSONPath=`.status.conditions[?(@.type=="Ready")].message`
// +kubebuilder:validation:XValidation:rule="size(self.metadata.name) <= 58",message="metadata.name: at most 58 characters, since the tenant's namespace is org-<name>"
// +kubebuilder:validation:XValidation:rule="self.metadata.name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",message="metadata.name: lower-case letters, digits and hyphens only, since the tenant's namespace is org-<name>"
// +kubebuilder:validation:XValidation:rule="!has(self.spec.deletion) || self.spec.deletion.policy != 'Purge' || (has(self.spec.deletion.confirm) && self.spec.deletion.confirm == self.metadata.name)",message="spec.deletion.confirm: must repeat metadata.name when spec.deletion.policy is Purge"
// +kubebuilder:validation:XValidation:rule="!has(oldSelf.status) || !has(oldSelf.status.identity) || (has(self.spec.adopt) == has(oldSelf.spec.adopt) && (!has(self.spec.adopt) || self.spec.adopt == oldSelf.spec.adopt))",message="spec.adopt: says whose data this Organisation starts with, so it cannot change once the Organisation owns a database"
type Organisation struct {
	metav1.TypeMeta `json:",inline"`
	// metadata is the standard object metadata.
	// +optional
	metav1.ObjectMeta `json:"metadata,omitempty,omitzero"`

	// spec is what an engineer declares. The operator never writes it.
	// +required
	Spec OrganisationSpec `json:"spec,omitzero"`

	// status is what the operator observed.
	// +optional
	// +kubebuilder:default:={"observedGeneration":-1}
	Status OrganisationStatus `json:"status,omitzero"`
}

// Identity is what everything that belongs to this Organisation carries: the adopted
// identity that spec gives, else the one whose database it owns already, else the one
// that the server's spec.adoption let it take over, else the object's own UID. It
// outlives the object, so that data can be found again.
func (o *Organisation) Identity() string {
	if a := o.Spec.Adopt; a != nil && a.UID != "" {
		return a.UID
	}
	if o.Status.Identity != "" {
		return o.Status.Identity
	}
	if adopted := o.Annotations[AnnotationAdopted]; adopted != "" {
		return adopted
	}
	return string(o.UID)
}

// TeardownConfirmation is the value of the annotation confirm-teardown that lets the
// deletion or suspension that is asked for now go on. The generation grows when either is
// asked for, so that a confirmation that stays on the object confirms nothing later.
func (o *Organisation) TeardownConfirmation() string {
	return fmt.Sprintf("%s@%d", o.Name, o.Generation)
}

// TeardownConfirmed tells whether a person confirmed what is asked for now.
func (o *Organisation) TeardownConfirmed() bool {
	return o.Annotations[AnnotationConfirmTeardown] == o.TeardownConfirmation()
}

// OrganisationSpec is what an engineer declares about one NGO.
// +kubebuilder:validation:XValidation:rule="!has(self.hostname) || !has(self.aliases) || !(self.hostname in self.aliases)",message="spec.aliases: the hostname itself needs no alias; remove it"
type OrganisationSpec struct {
	// profile names the OrganisationProfile whose settings this Organisation
	// shares. Example: standard
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:validation:Pattern=`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`
	Profile string `json:"profile,omitempty"`

	// displayName is the name people know the NGO by. Example: Asha for Education
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=128
	DisplayName string `json:"displayName,omitempty"`

	// hostname at which the NGO is served; without it, <name>.<baseDomain of the
	// profile>. Example: asha.example.org
	// +optional
	// +kubebuilder:validation:MinLength=3
	// +kubebuilder:validation:MaxLength=200
	// +kubebuilder:validation:XValidation:rule="self.matches('^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)+$') && !isIP(self)",message="spec.hostname: a host name in lower case, such as asha.example.org; no scheme, port, path, wildcard or address"
	Hostname string `json:"hostname,omitempty"`

	// aliases are further hosts, at most 8: claimed, routed, certified and allowed
	// as origins, never the base URL. Example: [asha.org]
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=8
	// +kubebuilder:validation:items:MinLength=3
	// +kubebuilder:validation:items:MaxLength=200
	// +kubebuilder:validation:XValidation:rule="self.all(h, h.matches('^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)+$') && !isIP(h))",message="spec.aliases: each entry is a host name in lower case, such as asha.org; no scheme, port, path, wildcard or address"
	Aliases []string `json:"aliases,omitempty"`

	// release says what this Organisation serves: a Release by name, or what a channel
	// says. Without either, the profile decides. Example: {channel: stable}
	// +optional
	Release *OrganisationRelease `json:"release,omitempty"`

	// size names a size of the profile, or one of the built-in sizes small, medium
	// and large. Example: small
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=32
	// +kubebuilder:validation:Pattern=`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`
	Size string `json:"size,omitempty"`

	// messaging overrides single settings of the messaging deployment.
	// Example: {replicas: 1}
	// +optional
	Messaging *MessagingSpec `json:"messaging,omitempty"`

	// database overrides single settings of the tenant's database.
	// Example: {connectionLimit: 20}
	// +optional
	Database *DatabaseSpec `json:"database,omitempty"`

	// tls gives a certificate of the NGO's own for its hosts.
	// Example: {secretRef: {name: asha-tls}}
	// +optional
	TLS *OrganisationTLS `json:"tls,omitempty"`

	// adopt says whose retained data to start with. Set it at creation; once the
	// Organisation owns a database it cannot change.
	// Example: {uid: 2f6c0a4e-7a52-4b0e-9a4d-0d3a6a1d2f11}
	// +optional
	Adopt *AdoptSpec `json:"adopt,omitempty"`

	// access gives people rights in the tenant's namespace, besides those that the
	// profile gives. Example: [{kind: Group, name: asha-support, role: Support}]
	// +optional
	// +listType=map
	// +listMapKey=kind
	// +listMapKey=name
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=32
	Access []AccessGrant `json:"access,omitempty"`

	// power says whether the workloads run. Suspended keeps every bit of data and
	// starts nothing. Example: Running
	// +optional
	// +kubebuilder:default:=Running
	Power Power `json:"power,omitempty"`

	// deletion says what becomes of the data when this object is deleted.
	// Example: {policy: Retain}
	// +optional
	Deletion *DeletionSpec `json:"deletion,omitempty"`
}

// MessagingSpec overrides settings of the messaging deployment.
type MessagingSpec struct {
	// replicas of the back end. More than one needs an app that clusters.
	// Example: 1
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=20
	Replicas int32 `json:"replicas,omitempty"`

	// resources replace those of the size.
	// Example: {requests: {cpu: 500m, memory: 1Gi}, limits: {memory: 2Gi}}
	// +optional
	Resources *Resources `json:"resources,omitempty"`

	// env sets plain variables; the operator's own keys are refused.
	// Example: [{name: GCS_FILE_COUNT, value: "10"}]
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=128
	// +kubebuilder:validation:XValidation:rule="self.map(e, has(e.value) ? size(e.value) : 0).sum() <= 65536",message="all values together have at most 65536 characters; larger settings belong into a Secret named in envFrom"
	Env []EnvVar `json:"env,omitempty"`

	// envFrom takes the keys of Secrets, later ones win.
	// Example: [{secretRef: {name: gupshup}}]
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=16
	EnvFrom []EnvSource `json:"envFrom,omitempty"`

	// disruption says how an update may interrupt this NGO. Example: None
	// +optional
	Disruption Disruption `json:"disruption,omitempty"`
}

// DatabaseSpec overrides settings of the tenant's database.
type DatabaseSpec struct {
	// serverSelector picks the DatabaseServers on which the database may be placed,
	// once, at creation. Example: {matchLabels: {tier: shared}}
	// +optional
	// +kubebuilder:validation:XValidation:rule="!has(self.matchExpressions) || self.matchExpressions.all(e, (e.operator in ['In', 'NotIn']) == (has(e.values) && e.values.size() > 0))",message="matchExpressions: In and NotIn need values, Exists and DoesNotExist take none"
	ServerSelector *metav1.LabelSelector `json:"serverSelector,omitempty"`

	// connectionLimit is how many connections the tenant may hold at once.
	// Example: 20
	// +optional
	// +kubebuilder:validation:Minimum=9
	// +kubebuilder:validation:Maximum=1000
	ConnectionLimit int32 `json:"connectionLimit,omitempty"`
}

// OrganisationTLS names a certificate that the NGO brings itself.
type OrganisationTLS struct {
	// secretRef names a Secret of type kubernetes.io/tls. Example: {name: asha-tls}
	// +required
	SecretRef SecretReference `json:"secretRef,omitzero"`
}

// AdoptSpec says whose retained data an Organisation starts with.
// +kubebuilder:validation:XValidation:rule="has(self.uid) != has(self.fresh)",message="spec.adopt: give either uid or fresh, not both"
type AdoptSpec struct {
	// uid of the Organisation whose data is taken over, as RetainedDataFound names it.
	// Example: 2f6c0a4e-7a52-4b0e-9a4d-0d3a6a1d2f11
	// +optional
	// +kubebuilder:validation:MinLength=36
	// +kubebuilder:validation:MaxLength=36
	// +kubebuilder:validation:Pattern=`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`
	UID string `json:"uid,omitempty"`

	// fresh starts with an empty database although data of the same name or host
	// is retained; that data stays where it is. Example: true
	// +optional
	// +kubebuilder:validation:Enum=true
	Fresh *bool `json:"fresh,omitempty"`
}

// DeletionPolicy says what becomes of an Organisation's data.
// +kubebuilder:validation:Enum=Retain;Purge
type DeletionPolicy string

// The deletion policies.
const (
	// DeletionRetain keeps database, keys and ledger row until somebody adopts them.
	DeletionRetain DeletionPolicy = "Retain"
	// DeletionPurge drops them after the grace period.
	DeletionPurge DeletionPolicy = "Purge"
)

// DeletionSpec says what becomes of the data when the Organisation is deleted.
type DeletionSpec struct {
	// policy is Retain or Purge. Example: Retain
	// +required
	Policy DeletionPolicy `json:"policy,omitempty"`

	// confirm repeats the name of the Organisation; needed for Purge. Example: asha
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=58
	Confirm string `json:"confirm,omitempty"`

	// gracePeriod is how long purged data can still be had back through adopt.uid;
	// 168h without it, at least 1h. Example: 168h
	// +optional
	// +kubebuilder:validation:Type=string
	// +kubebuilder:validation:MaxLength=16
	// +kubebuilder:validation:XValidation:rule="self.matches('^([0-9]+(s|m|h))+$')",message="spec.deletion.gracePeriod: a duration in hours, minutes and seconds, for example 168h"
	// +kubebuilder:validation:XValidation:rule="!self.matches('^([0-9]+(s|m|h))+$') || duration(self) >= duration('1h') && duration(self) <= duration('8760h')",message="spec.deletion.gracePeriod: between 1h and 8760h"
	GracePeriod *metav1.Duration `json:"gracePeriod,omitempty"` //nolint:kubeapilinter // people write 168h; the rules above give it one form
}

// OrganisationList is a list of Organisations.
// +kubebuilder:object:root=true
type OrganisationList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []Organisation `json:"items"`
}
