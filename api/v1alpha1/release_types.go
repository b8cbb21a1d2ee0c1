package v1alpha1

import (
	"path"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Release is one immutable version of the app. It says, as data, everything that
// the operator must know of an image to run it: Glific's values are the example.
//
// +kubebuilder:object:root=true
// +kubebuilder:resource:scope=Cluster,shortName=rel,categories=tenancy
// +kubebuilder:printcolumn:name="Version",type=string,JSONPath=`.spec.version`
// +kubebuilder:printcolumn:name="Update",type=string,JSONPath=`.spec.update.strategy`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:validation:XValidation:rule="size(self.metadata.name) <= 63",message="metadata.name: at most 63 characters, since it becomes a label"
type Release struct {
	metav1.TypeMeta `json:",inline"`
	// metadata is the standard object metadata.
	// +optional
	metav1.ObjectMeta `json:"metadata,omitempty,omitzero"`

	// spec is immutable: a new version is a new Release.
	// +required
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="spec: a Release is immutable; create a new one with another name"
	Spec ReleaseSpec `json:"spec,omitzero"`
}

// ReleaseSpec describes one version of the app.
// +kubebuilder:validation:XValidation:rule="!has(self.update) || !has(self.update.hot) || self.binary.matches('^(/[-A-Za-z0-9_][-A-Za-z0-9._]*)+/bin/[-A-Za-z0-9._]+$')",message="spec.update.hot: spec.binary must be <root of the release>/bin/<name>, since that root is copied"
// +kubebuilder:validation:XValidation:rule="!has(self.update) || !has(self.update.hot) || !(self.binary + '/').startsWith('/release/') && (!has(self.writable) || !self.writable.exists(w, (w.path + '/').startsWith('/release/')))",message="spec.update.hot: /release is where the releases of a pod lie; neither spec.binary nor spec.writable may be there"
// +kubebuilder:validation:XValidation:rule="!has(self.frontend) || has(self.images.frontend)",message="spec.frontend: needs spec.images.frontend"
type ReleaseSpec struct {
	// version for people; quote it. Example: "8.10.1"
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:validation:Pattern=`^[0-9A-Za-z]([-._+0-9A-Za-z]*[0-9A-Za-z])?$`
	Version string `json:"version,omitempty"`

	// images by digest; resolving tags is the release pipeline's work.
	// Example: {backend: registry.example.org/glific@sha256:…}
	// +required
	Images ReleaseImages `json:"images,omitzero"`

	// binary is the release's start script inside the image. Example: /app/bin/prod
	// +required
	// +kubebuilder:validation:MinLength=2
	// +kubebuilder:validation:MaxLength=128
	// +kubebuilder:validation:Pattern=`^/[-A-Za-z0-9._/]+$`
	Binary string `json:"binary,omitempty"`

	// commands are run in Jobs, with the tenant's whole environment.
	// Example: {migrate: [eval, "Glific.Release.migrate()"]}
	// +required
	Commands ReleaseCommands `json:"commands,omitzero"`

	// http says where and how the app answers. Example: {port: 4000}
	// +optional
	HTTP HTTPSpec `json:"http,omitzero"`

	// frontend says how the front-end image answers; needs images.frontend.
	// Example: {port: 8080}
	// +optional
	Frontend *FrontendSpec `json:"frontend,omitempty"`

	// env are defaults that a profile or an Organisation may override.
	// Example: [{name: HACKNEY_POOL_SIZE, value: "50"}]
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=128
	// +kubebuilder:validation:XValidation:rule="self.map(e, has(e.value) ? size(e.value) : 0).sum() <= 65536",message="all values together have at most 65536 characters"
	Env []EnvVar `json:"env,omitempty"`

	// requiredEnv are the keys without which the app does not start; checked before
	// any pod is changed. Example: [{name: GUPSHUP_WEBHOOK_IPS, format: CIDRList}]
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=128
	RequiredEnv []RequiredEnv `json:"requiredEnv,omitempty"`

	// update says how pods of this version take over. Example: {strategy: Recreate}
	// +optional
	Update UpdateSpec `json:"update,omitzero"`

	// writable lists the directories that the app writes to; everything else is
	// read-only. Example: [{name: mnesia, path: /app/mnesia, sizeLimit: 256Mi}]
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=8
	// +kubebuilder:validation:XValidation:rule="self.all(a, self.exists_one(b, a.path == b.path))",message="writable: each path once"
	Writable []EmptyDir `json:"writable,omitempty"`

	// shutdown says how long a pod needs to end cleanly. Example: {gracePeriodSeconds: 90}
	// +optional
	Shutdown ShutdownSpec `json:"shutdown,omitzero"`

	// compatibleFrom lists the Releases that can run on the schema of this one: to them
	// an Organisation may be rolled back after migrations. Example: [glific-8.10.0]
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=16
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=63
	// +kubebuilder:validation:items:Pattern=`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`
	CompatibleFrom []string `json:"compatibleFrom,omitempty"`

	// distribution is the port range of Erlang distribution. Example: {minPort: 9100}
	// +optional
	Distribution DistributionSpec `json:"distribution,omitzero"`

	// runAsUser is the numeric user of the image, never 0. Example: 1000
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=2147483647
	RunAsUser int64 `json:"runAsUser,omitempty"`
}

// ReleaseImages are the images of a Release, by digest.
type ReleaseImages struct {
	// backend is the app. Example: registry.example.org/glific@sha256:…
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=512
	// +kubebuilder:validation:XValidation:rule="self.matches('^[a-z0-9][-a-z0-9._/:]*@sha256:[0-9a-f]{64}$')",message="spec.images.backend: an image by digest, <repository>@sha256:<64 hexadecimal digits>; a tag can move, so the release pipeline resolves it"
	Backend string `json:"backend,omitempty"`

	// frontend is the single-page app, if it has an image of its own.
	// Example: registry.example.org/glific-frontend@sha256:…
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=512
	// +kubebuilder:validation:XValidation:rule="self.matches('^[a-z0-9][-a-z0-9._/:]*@sha256:[0-9a-f]{64}$')",message="spec.images.frontend: an image by digest, <repository>@sha256:<64 hexadecimal digits>; a tag can move, so the release pipeline resolves it"
	Frontend string `json:"frontend,omitempty"`
}

// ReleaseCommands are the arguments that follow the binary, one list per task.
type ReleaseCommands struct {
	// bootstrap loads schema and first data into an empty database. It runs once
	// per tenant. Example: [eval, "Glific.Release.bootstrap()"]
	// +required
	// +listType=atomic
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=16
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=2048
	Bootstrap []string `json:"bootstrap,omitempty"`

	// migrate brings an existing schema to this version. Without it the Release has
	// no migrations. Example: [eval, "Glific.Release.migrate()"]
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=16
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=2048
	Migrate []string `json:"migrate,omitempty"`

	// adminPassword replaces the password that the seed publishes by the value of
	// ADMIN_PASSWORD. No route exists before it has succeeded.
	// Example: [eval, "Glific.Release.set_admin_password()"]
	// +required
	// +listType=atomic
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=16
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=2048
	AdminPassword []string `json:"adminPassword,omitempty"`

	// timeout after which a task counts as failed; 30m without it. Example: 30m
	// +optional
	// +kubebuilder:validation:Type=string
	// +kubebuilder:validation:MaxLength=16
	// +kubebuilder:validation:XValidation:rule="self.matches('^([0-9]+(s|m|h))+$')",message="spec.commands.timeout: a duration in hours, minutes and seconds, for example 30m"
	// +kubebuilder:validation:XValidation:rule="!self.matches('^([0-9]+(s|m|h))+$') || duration(self) >= duration('1m') && duration(self) <= duration('24h')",message="spec.commands.timeout: between 1m and 24h"
	Timeout *metav1.Duration `json:"timeout,omitempty"` //nolint:kubeapilinter // people write 30m; the rules above give it one form
}

// HTTPSpec says where and how the app answers.
type HTTPSpec struct {
	// port of the app; 4000 without it. Example: 4000
	// +optional
	// +kubebuilder:validation:Minimum=1024
	// +kubebuilder:validation:Maximum=65535
	Port int32 `json:"port,omitempty"`

	// healthPath answers 200 when the app serves; / without it. Example: /
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=128
	// +kubebuilder:validation:Pattern=`^/[-A-Za-z0-9._~/]*$`
	HealthPath string `json:"healthPath,omitempty"`

	// healthHost is the Host header of probes; localhost without it, since Glific
	// answers 403 to a pod's address. Example: localhost
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	// +kubebuilder:validation:Pattern=`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`
	HealthHost string `json:"healthHost,omitempty"`

	// websocketPaths are routed without a time-out. Example: [/socket]
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=8
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=128
	// +kubebuilder:validation:items:Pattern=`^/[-A-Za-z0-9._~/]*$`
	// +kubebuilder:validation:XValidation:rule="self.all(p, !p.contains('//') && !p.split('/').exists(s, s in ['.', '..']))",message="spec.http.websocketPaths: paths have no empty, . or .. parts"
	WebsocketPaths []string `json:"websocketPaths,omitempty"`

	// backendPaths are the prefixes that go to the back end when there is a front
	// end on the same host. Example: [/api, /gupshup]
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=32
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=128
	// +kubebuilder:validation:items:Pattern=`^/[-A-Za-z0-9._~/]*$`
	// +kubebuilder:validation:XValidation:rule="self.all(p, !p.contains('//') && !p.split('/').exists(s, s in ['.', '..']))",message="spec.http.backendPaths: paths have no empty, . or .. parts"
	BackendPaths []string `json:"backendPaths,omitempty"`

	// apiHost says whether the back end also answers at api.<host>: Served or
	// Absent. Example: Served
	// +optional
	APIHost APIHost `json:"apiHost,omitempty"`
}

// APIHost says whether the back end also answers at api.<host>.
// +kubebuilder:validation:Enum=Served;Absent
type APIHost string

// The values of apiHost.
const (
	APIHostServed APIHost = "Served"
	APIHostAbsent APIHost = "Absent"
)

// FrontendSpec says how the front-end image answers.
type FrontendSpec struct {
	// port of the front end; 8080 without it. Example: 8080
	// +optional
	// +kubebuilder:validation:Minimum=1024
	// +kubebuilder:validation:Maximum=65535
	Port int32 `json:"port,omitempty"`

	// healthPath answers 200 when the front end serves; / without it. Example: /
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=128
	// +kubebuilder:validation:Pattern=`^/[-A-Za-z0-9._~/]*$`
	HealthPath string `json:"healthPath,omitempty"`

	// writable lists the directories that the front end writes to.
	// Example: [{name: cache, path: /var/cache/nginx, sizeLimit: 64Mi}]
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=8
	// +kubebuilder:validation:XValidation:rule="self.all(a, self.exists_one(b, a.path == b.path))",message="writable: each path once"
	Writable []EmptyDir `json:"writable,omitempty"`
}

// EnvFormat is a format that the operator can check before a pod starts.
// +kubebuilder:validation:Enum=NonEmpty;CIDRList;Base64Key32;URL
type EnvFormat string

// The formats.
const (
	// FormatNonEmpty is any value but the empty string.
	FormatNonEmpty EnvFormat = "NonEmpty"
	// FormatCIDRList is a comma-separated list of addresses or CIDRs; a CIDR must be
	// the network address (192.0.2.0/24, not 192.0.2.10/24), as Glific demands.
	FormatCIDRList EnvFormat = "CIDRList"
	// FormatBase64Key32 is the base64 of exactly 32 bytes.
	FormatBase64Key32 EnvFormat = "Base64Key32"
	// FormatURL is an absolute URL.
	FormatURL EnvFormat = "URL"
)

// RequiredEnv is a key without which the app does not start.
type RequiredEnv struct {
	// name of the variable. Example: GUPSHUP_WEBHOOK_IPS
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=128
	// +kubebuilder:validation:Pattern=`^[A-Za-z_][A-Za-z0-9_]*$`
	Name string `json:"name,omitempty"`

	// format that the value must have; NonEmpty without it. Example: CIDRList
	// +optional
	Format EnvFormat `json:"format,omitempty"`
}

// UpdateStrategy says how pods of a new version take over.
// +kubebuilder:validation:Enum=Overlap;Recreate
type UpdateStrategy string

// The update strategies.
const (
	// UpdateOverlap starts the new pod before the old one stops.
	UpdateOverlap UpdateStrategy = "Overlap"
	// UpdateRecreate stops the old pod first, for an app that cannot run twice.
	UpdateRecreate UpdateStrategy = "Recreate"
)

// UpdateSpec says how pods of this version take over.
type UpdateSpec struct {
	// strategy is Overlap, the default, or Recreate. Example: Overlap
	// +optional
	Strategy UpdateStrategy `json:"strategy,omitempty"`

	// progressDeadlineSeconds is how long new pods may take to become ready before
	// the update counts as NeverHealthy; 600 without it. Example: 600
	// +optional
	// +kubebuilder:validation:Minimum=60
	// +kubebuilder:validation:Maximum=7200
	ProgressDeadlineSeconds int32 `json:"progressDeadlineSeconds,omitempty"`

	// hot lets new code enter running pods, so that no websocket is cut and no session
	// lost; see docs/hot-upgrades.md. Example: {mode: Auto}
	// +optional
	Hot *HotSpec `json:"hot,omitempty"`
}

// ShutdownSpec says how long a pod needs to end cleanly.
type ShutdownSpec struct {
	// gracePeriodSeconds from the first signal to the last; 90 without it, which
	// covers Glific's 60 s for running jobs, and never less. Example: 90
	// +optional
	// +kubebuilder:validation:Minimum=90
	// +kubebuilder:validation:Maximum=3600
	GracePeriodSeconds int64 `json:"gracePeriodSeconds,omitempty"`

	// preStopSeconds to wait before the signal, while endpoints forget the pod; 10
	// without it. Example: 10
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=60
	PreStopSeconds int64 `json:"preStopSeconds,omitempty"`
}

// DistributionSpec is the port range of Erlang distribution.
// +kubebuilder:validation:XValidation:rule="(has(self.minPort) ? self.minPort : 9100) <= (has(self.maxPort) ? self.maxPort : 9105)",message="spec.distribution: minPort (9100 without it) may not be above maxPort (9105 without it)"
type DistributionSpec struct {
	// minPort of the range; 9100 without it. Example: 9100
	// +optional
	// +kubebuilder:validation:Minimum=1024
	// +kubebuilder:validation:Maximum=65535
	MinPort int32 `json:"minPort,omitempty"`

	// maxPort of the range; 9105 without it. Example: 9105
	// +optional
	// +kubebuilder:validation:Minimum=1024
	// +kubebuilder:validation:Maximum=65535
	MaxPort int32 `json:"maxPort,omitempty"`
}

// ReleaseList is a list of Releases.
// +kubebuilder:object:root=true
type ReleaseList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []Release `json:"items"`
}

// defaultUser is the numeric user of images that do not say another, as of Glific's.
const defaultUser = 1000

// User is the numeric user that containers run as.
func (r *ReleaseSpec) User() int64 {
	if r.RunAsUser == 0 {
		return defaultUser
	}
	return r.RunAsUser
}

// Started is the binary that pods start, where an Erlang node can be reached: that of
// the image, or of the volume that hot upgrades use.
func (r *ReleaseSpec) Started() string {
	if r.Update.Hot == nil {
		return r.Binary
	}
	return path.Join(HotRoot, "bin", path.Base(r.Binary))
}
