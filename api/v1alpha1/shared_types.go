package v1alpha1

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// SecretReference names a Secret. There is no namespace to give: a profile's or
// a server's Secret lies in the operator's namespace; an Organisation's lies in
// its own namespace, or in the operator's as "<organisation>.<name>".
type SecretReference struct {
	// name of the Secret. Example: gupshup
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=190
	// +kubebuilder:validation:Pattern=`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('keys-')",message="Secrets named keys-… are the master copies of NGOs' keys and cannot be handed on"
	Name string `json:"name,omitempty"`
}

// EnvVar is one environment variable with a plain value. Values that are secret
// belong into a Secret named in envFrom.
type EnvVar struct {
	// name of the variable; the keys that the operator derives are refused. Example: GLIFIC_BASE_DOMAIN
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=128
	// +kubebuilder:validation:Pattern=`^[A-Za-z_][A-Za-z0-9_]*$`
	// +kubebuilder:validation:XValidation:rule="!(self in ['DATABASE_URL','READ_REPLICA_DATABASE_URL','POOL_SIZE','BASE_URL','REQUEST_ORIGIN','REQUEST_ORIGIN_WILDCARD','CIPHER_KEY','OLD_CIPHER_KEY','SECRET_KEY_BASE','SIGNING_SALT','AUTH_USERNAME','AUTH_PASSWORD','ENABLE_DB_SSL','PRIMARY_CACERT_ENCODED','PRIMARY_DB_SERVER_NAME_INDICATION','HTTP_PORT','POD_IP']) && !self.startsWith('RELEASE_') && !self.startsWith('REQUEST_ORIGIN')",message="this key is derived by the operator and cannot be set (ReservedKey)"
	Name string `json:"name,omitempty"`

	// value of the variable, at most 4096 characters; quote numbers and booleans.
	// Example: "example.org"
	// +optional
	// +kubebuilder:validation:MinLength=0
	// +kubebuilder:validation:MaxLength=4096
	Value *string `json:"value,omitempty"`
}

// EnvSource takes every key of a Secret as an environment variable.
type EnvSource struct {
	// secretRef names the Secret. Example: {name: gupshup}
	// +required
	SecretRef SecretReference `json:"secretRef,omitzero"`
}

// ReleaseReference says which Release to serve: one that is named, or what a channel says.
// +kubebuilder:validation:XValidation:rule="has(self.name) != has(self.channel)",message="spec.release: give either name or channel"
type ReleaseReference struct {
	// name of a Release. Example: glific-8.10.1
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:validation:Pattern=`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`
	Name string `json:"name,omitempty"`

	// channel is a ReleaseChannel. Example: stable
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:validation:Pattern=`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`
	Channel string `json:"channel,omitempty"`
}

// SubjectKind is the kind of a person or machine that is given access.
// +kubebuilder:validation:Enum=User;Group
type SubjectKind string

// The kinds of subject, as Kubernetes' RBAC names them.
const (
	SubjectUser  SubjectKind = "User"
	SubjectGroup SubjectKind = "Group"
)

// AccessRole says what a subject may do inside one tenant's namespace.
// +kubebuilder:validation:Enum=Viewer;Support;Engineer
type AccessRole string

// The access roles, each including the one before it.
const (
	// RoleViewer reads workloads, events and logs; no Secrets, no exec.
	RoleViewer AccessRole = "Viewer"
	// RoleSupport may also restart pods.
	RoleSupport AccessRole = "Support"
	// RoleEngineer may also open a console: equal to all of the NGO's data and keys.
	RoleEngineer AccessRole = "Engineer"
)

// AccessGrant gives one subject one role in the tenant's namespace.
type AccessGrant struct {
	// kind of the subject. Example: Group
	// +required
	Kind SubjectKind `json:"kind,omitempty"`

	// name of the user or group, as the cluster's authentication gives it.
	// Example: asha-support
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('system:')",message="names that begin with system: belong to Kubernetes itself and cannot be given access to a tenant"
	Name string `json:"name,omitempty"`

	// role of the subject. Example: Support
	// +required
	Role AccessRole `json:"role,omitempty"`
}

// Disruption says how much interruption an update of one Organisation may cause.
// +kubebuilder:validation:Enum=None;Brief
type Disruption string

// The amounts of disruption.
const (
	// DisruptionNone starts the new pod before the old one stops.
	DisruptionNone Disruption = "None"
	// DisruptionBrief stops the old pod first: no second node, no surge of connections.
	DisruptionBrief Disruption = "Brief"
)

// Power says whether an Organisation's workloads run.
// +kubebuilder:validation:Enum=Running;Suspended
type Power string

// The states of power.
const (
	PowerRunning   Power = "Running"
	PowerSuspended Power = "Suspended"
)

// Size is a named set of requests, limits and connections.
type Size struct {
	// name by which an Organisation asks for this size. Example: small
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=32
	// +kubebuilder:validation:Pattern=`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`
	Name string `json:"name,omitempty"`

	// resources of one back-end pod.
	// Example: {requests: {cpu: 250m, memory: 512Mi}, limits: {memory: 1Gi}}
	// +required
	Resources Resources `json:"resources,omitzero"`

	// connectionLimit is how many connections the tenant's role may hold at once.
	// Example: 20
	// +optional
	// +kubebuilder:validation:Minimum=9
	// +kubebuilder:validation:Maximum=1000
	ConnectionLimit int32 `json:"connectionLimit,omitempty"`

	// schedulers is how many BEAM scheduler threads a node starts with; 0 leaves it
	// to the runtime, which counts the machine's cores. Example: 2
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=64
	Schedulers *int32 `json:"schedulers,omitempty"`
}

// Resources are requests and limits, as in a Kubernetes container.
// +kubebuilder:validation:XValidation:rule="!has(self.requests) || !has(self.limits) || self.requests.all(k, !(k in self.limits) || !isQuantity(string(self.requests[k])) || !isQuantity(string(self.limits[k])) || !quantity(string(self.requests[k])).isGreaterThan(quantity(string(self.limits[k]))))",message="requests: none may be above its limit"
type Resources struct {
	// requests of one pod. Example: {cpu: 250m, memory: 512Mi}
	// +optional
	// +kubebuilder:validation:MinProperties=1
	// +kubebuilder:validation:MaxProperties=3
	// +kubebuilder:validation:XValidation:rule="self.all(k, k in ['cpu', 'memory', 'ephemeral-storage'])",message="requests: cpu, memory and ephemeral-storage only"
	// +kubebuilder:validation:XValidation:rule="self.all(k, isQuantity(string(self[k])) && quantity(string(self[k])).isGreaterThan(quantity('0')) && quantity(string(self[k])).isLessThan(quantity('1Pi')))",message="requests: each value is a quantity above 0 such as 250m or 512Mi; quote decimal numbers"
	Requests corev1.ResourceList `json:"requests,omitempty"`

	// limits of one pod. Example: {memory: 1Gi}
	// +optional
	// +kubebuilder:validation:MinProperties=1
	// +kubebuilder:validation:MaxProperties=3
	// +kubebuilder:validation:XValidation:rule="self.all(k, k in ['cpu', 'memory', 'ephemeral-storage'])",message="limits: cpu, memory and ephemeral-storage only"
	// +kubebuilder:validation:XValidation:rule="self.all(k, isQuantity(string(self[k])) && quantity(string(self[k])).isGreaterThan(quantity('0')) && quantity(string(self[k])).isLessThan(quantity('1Pi')))",message="limits: each value is a quantity above 0 such as 250m or 512Mi; quote decimal numbers"
	Limits corev1.ResourceList `json:"limits,omitempty"`
}

// Observation is one person's request, taken from an annotation, with the time
// at which the operator first saw it.
type Observation struct {
	// value of the annotation. Example: investigating delivery delays
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=256
	Value string `json:"value,omitempty"`

	// observedAt is when the operator first saw this value.
	// Example: "2026-11-24T10:00:00Z"
	// +required
	ObservedAt metav1.Time `json:"observedAt,omitzero"`
}

// EmptyDir is a directory that a pod may write to although its root is read-only.
type EmptyDir struct {
	// name of the volume. Example: mnesia
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=40
	// +kubebuilder:validation:Pattern=`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`
	Name string `json:"name,omitempty"`

	// path at which it is mounted. Example: /app/Mnesia
	// +required
	// +kubebuilder:validation:MinLength=2
	// +kubebuilder:validation:MaxLength=256
	// +kubebuilder:validation:Pattern=`^/[-A-Za-z0-9._/]*$`
	// +kubebuilder:validation:XValidation:rule="!self.contains('//') && !self.endsWith('/') && !self.split('/').exists(s, s in ['.', '..'])",message="path: an absolute path without empty, . or .. parts and without a / at its end, such as /app/data"
	Path string `json:"path,omitempty"`

	// sizeLimit bounds what may be written. Example: 256Mi
	// +required
	// +kubebuilder:validation:XValidation:rule="isQuantity(string(self)) && quantity(string(self)).isGreaterThan(quantity('0')) && quantity(string(self)).isLessThan(quantity('1Ti'))",message="sizeLimit: a quantity above 0 and below 1Ti, such as 256Mi"
	SizeLimit resource.Quantity `json:"sizeLimit,omitzero"`
}
