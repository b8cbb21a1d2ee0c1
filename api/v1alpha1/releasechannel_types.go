package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// ReleaseChannel says which Release its Organisations should serve, and how a change
// travels to them. Changing spec.release is the whole of a rollout. Nothing moves
// without a wave, outside a window, or without a slot.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:scope=Cluster,shortName=channel,categories=tenancy
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Reason",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
// +kubebuilder:printcolumn:name="Release",type=string,JSONPath=`.spec.release`
// +kubebuilder:printcolumn:name="Verified",type=string,JSONPath=`.status.verified`
// +kubebuilder:printcolumn:name="Wave",type=string,JSONPath=`.status.wave`
// +kubebuilder:printcolumn:name="Current",type=integer,JSONPath=`.status.counts.current`
// +kubebuilder:printcolumn:name="Members",type=integer,JSONPath=`.status.counts.members`
// +kubebuilder:printcolumn:name="Failed",type=integer,JSONPath=`.status.counts.failed`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:printcolumn:name="Next",type=string,priority=1,JSONPath=`.status.nextStep`
// +kubebuilder:validation:XValidation:rule="size(self.metadata.name) <= 63",message="metadata.name: at most 63 characters, since it becomes a label"
type ReleaseChannel struct {
	metav1.TypeMeta `json:",inline"`
	// metadata is the standard object metadata.
	// +optional
	metav1.ObjectMeta `json:"metadata,omitempty,omitzero"`

	// spec is what an engineer declares. The operator never writes it.
	// +required
	Spec ReleaseChannelSpec `json:"spec,omitzero"`

	// status is what the operator observed, and the slots that it gave.
	// +optional
	// +kubebuilder:default:={"observedGeneration":-1}
	Status ReleaseChannelStatus `json:"status,omitzero"`
}

// ReleaseChannelSpec says which Release Organisations should serve, and how it travels.
// +kubebuilder:validation:XValidation:rule="!has(self.expedite) || self.expedite.release == self.release",message="spec.expedite.release: must repeat spec.release, so that an expedition that was left behind hurries no later release"
type ReleaseChannelSpec struct {
	// release that the Organisations of this channel should serve. Changing it starts
	// a rollout. Example: glific-8.10.2
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:validation:Pattern=`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`
	Release string `json:"release,omitempty"`

	// waves in the order in which they open. An Organisation belongs to the first wave
	// that takes it; one that no wave takes never moves.
	// Example: [{name: canary, selector: {matchLabels: {ring: canary}}}, {name: rest}]
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=16
	// +kubebuilder:validation:XValidation:rule="self.all(w, has(w.selector) || has(w.percentage) || w.name == self[size(self) - 1].name)",message="spec.waves: a wave without selector and percentage takes everybody who is left, so it must be the last"
	Waves []Wave `json:"waves,omitempty"`

	// onFailure says what becomes of an Organisation at which the release failed: Halt,
	// the default, leaves it for a person to see; RollbackOrganisation brings back what was
	// verified last, where the schema allows. Under a Release with strategy Recreate the
	// latter happens in any case to pods that never became ready, since nothing else
	// serves. Either way the failure counts.
	// Example: RollbackOrganisation
	// +optional
	OnFailure FailureAction `json:"onFailure,omitempty"`

	// maxFailures is how many Organisations may fail before no further slot is given;
	// 0 without it. Example: 2
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=1000
	MaxFailures int32 `json:"maxFailures,omitempty"`

	// paused gives no further slot. The annotation tenancy.glific.org/hold does the
	// same, and Git does not revert it. Example: true
	// +optional
	Paused bool `json:"paused,omitempty"`

	// freeze lists windows in which no update begins. What has begun is finished.
	// Example: [{name: weekend, schedule: "0 18 * * 5", duration: 62h, timeZone: Asia/Kolkata}]
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=16
	Freeze []FreezeWindow `json:"freeze,omitempty"`

	// expedite hurries a hotfix: it ignores freeze, soak and approvals, and after one
	// verified canary opens every wave at once. It reaches neither Organisations that
	// are pinned nor those that skip.
	// Example: {release: glific-8.10.3, reason: messages are lost, until: "2026-12-01T00:00:00Z"}
	// +optional
	Expedite *ExpediteSpec `json:"expedite,omitempty"`

	// backup says what precedes migrations: Accepted is a person's word that a Release
	// with migrations may start without a dump. Example: Accepted
	// +optional
	Backup BackupPolicy `json:"backup,omitempty"`

	// verification says what an update must stand before it counts.
	// Example: {verifyFor: 300s}
	// +optional
	Verification VerificationSpec `json:"verification,omitzero"`
}

// FailureAction says what becomes of an Organisation at which a release failed.
// +kubebuilder:validation:Enum=Halt;RollbackOrganisation
type FailureAction string

// The failure actions.
const (
	FailureHalt     FailureAction = "Halt"
	FailureRollback FailureAction = "RollbackOrganisation"
)

// BackupPolicy says what precedes migrations.
// +kubebuilder:validation:Enum=Accepted
type BackupPolicy string

// BackupAccepted is a person's word that no dump is needed before migrations.
const BackupAccepted BackupPolicy = "Accepted"

// ApprovalMode says whether a person must let a wave open.
// +kubebuilder:validation:Enum=Automatic;Manual
type ApprovalMode string

// The modes of approval.
const (
	ApprovalAutomatic ApprovalMode = "Automatic"
	ApprovalManual    ApprovalMode = "Manual"
)

// Wave is a set of Organisations that a change reaches together.
// +kubebuilder:validation:XValidation:rule="!has(self.selector) || !has(self.percentage)",message="spec.waves: give selector or percentage, not both; with neither, the wave takes everybody who is left"
type Wave struct {
	// name of the wave. A percentage is drawn by it, so another name draws others.
	// Example: canary
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=32
	// +kubebuilder:validation:Pattern=`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`
	Name string `json:"name,omitempty"`

	// selector takes Organisations by their labels. Example: {matchLabels: {ring: canary}}
	// +optional
	// +kubebuilder:validation:XValidation:rule="!has(self.matchExpressions) || self.matchExpressions.all(e, (e.operator in ['In', 'NotIn']) == (has(e.values) && e.values.size() > 0))",message="matchExpressions: In and NotIn need values, Exists and DoesNotExist take none"
	Selector *metav1.LabelSelector `json:"selector,omitempty"`

	// percentage of those whom no wave before took, drawn by their identity: a new
	// Organisation moves nobody else. Example: 10
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=100
	Percentage int32 `json:"percentage,omitempty"`

	// maxInFlight is how many Organisations of the wave are updated at once: a number
	// up to 100, or a percentage of the wave, rounded up. 1 without it. Example: 10%
	// +optional
	// +kubebuilder:validation:XValidation:rule="type(self) != int || self >= 1 && self <= 100",message="maxInFlight: a number from 1 to 100, or a percentage such as 10%"
	MaxInFlight *intstr.IntOrString `json:"maxInFlight,omitempty"`

	// soak is how long the wave must have served, all of it verified, before the next
	// one opens; 0s without it. Example: 24h
	// +optional
	// +kubebuilder:validation:Type=string
	// +kubebuilder:validation:MaxLength=16
	// +kubebuilder:validation:XValidation:rule="self.matches('^([0-9]+(s|m|h))+$')",message="spec.waves.soak: a duration in hours, minutes and seconds, for example 24h"
	// +kubebuilder:validation:XValidation:rule="!self.matches('^([0-9]+(s|m|h))+$') || duration(self) <= duration('720h')",message="spec.waves.soak: at most 720h"
	Soak *metav1.Duration `json:"soak,omitempty"` //nolint:kubeapilinter // people write 24h; the rules above give it one form

	// approval is Automatic, the default, or Manual: the wave opens only when the
	// annotation tenancy.glific.org/approve on the channel is <wave>@<release>.
	// Example: Manual
	// +optional
	Approval ApprovalMode `json:"approval,omitempty"`
}

// Window recurs: it begins at each time of the schedule and lasts for the duration.
type Window struct {
	// schedule in cron's five fields: minute, hour, day of the month, month, day of
	// the week. Example: "0 18 * * 5"
	// +required
	// +kubebuilder:validation:MinLength=9
	// +kubebuilder:validation:MaxLength=64
	// +kubebuilder:validation:XValidation:rule="self.matches('^[-0-9A-Za-z*/,]+( [-0-9A-Za-z*/,]+){4}$')",message="schedule: five fields as in cron, such as 0 18 * * 5 for Fridays at 18:00; a time zone has a field of its own"
	Schedule string `json:"schedule,omitempty"`

	// duration of the window from each beginning. Example: 62h
	// +required
	// +kubebuilder:validation:Type=string
	// +kubebuilder:validation:MaxLength=16
	// +kubebuilder:validation:XValidation:rule="self.matches('^([0-9]+(s|m|h))+$')",message="duration: hours, minutes and seconds, for example 62h"
	// +kubebuilder:validation:XValidation:rule="!self.matches('^([0-9]+(s|m|h))+$') || duration(self) >= duration('1m') && duration(self) <= duration('1440h')",message="duration: between 1m and 1440h"
	Duration metav1.Duration `json:"duration,omitzero"` //nolint:kubeapilinter // people write 62h; the rules above give it one form

	// timeZone of the schedule, from the IANA database; UTC without it.
	// Example: Asia/Kolkata
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	// +kubebuilder:validation:XValidation:rule="self != 'Local' && self.matches('^[A-Za-z][-+_/A-Za-z0-9]*$')",message="timeZone: a name of the IANA database, such as Asia/Kolkata"
	TimeZone string `json:"timeZone,omitempty"`
}

// FreezeWindow is a window in which no update begins.
type FreezeWindow struct {
	// name of the window. Example: weekend
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=32
	// +kubebuilder:validation:Pattern=`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`
	Name string `json:"name,omitempty"`

	Window `json:",inline"`
}

// ExpediteSpec hurries one release.
type ExpediteSpec struct {
	// release that is hurried; repeats spec.release. Example: glific-8.10.3
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Release string `json:"release,omitempty"`

	// reason for those who read the history. Example: messages are lost
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=256
	Reason string `json:"reason,omitempty"`

	// until is when the hurry ends; what is left then travels as usual.
	// Example: "2026-12-01T00:00:00Z"
	// +required
	// +kubebuilder:validation:Type=string
	// +kubebuilder:validation:Format=date-time
	// +kubebuilder:validation:MaxLength=40
	// +kubebuilder:validation:Pattern=`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[-+][0-9]{2}:[0-9]{2})$`
	// +kubebuilder:validation:XValidation:rule="self > timestamp('2020-01-01T00:00:00Z')",message="spec.expedite.until: a point in time such as 2026-12-01T00:00:00Z"
	Until metav1.Time `json:"until,omitzero"`
}

// VerificationSpec says what an update must stand before it counts.
type VerificationSpec struct {
	// appearWithin is how long the first new pod may take to exist; 300s without it.
	// Example: 300s
	// +optional
	// +kubebuilder:validation:Type=string
	// +kubebuilder:validation:MaxLength=16
	// +kubebuilder:validation:XValidation:rule="self.matches('^([0-9]+(s|m|h))+$')",message="spec.verification.appearWithin: a duration in hours, minutes and seconds, for example 300s"
	// +kubebuilder:validation:XValidation:rule="!self.matches('^([0-9]+(s|m|h))+$') || duration(self) >= duration('10s') && duration(self) <= duration('24h')",message="spec.verification.appearWithin: between 10s and 24h"
	AppearWithin *metav1.Duration `json:"appearWithin,omitempty"` //nolint:kubeapilinter // people write 300s; the rules above give it one form

	// convergeWithin is how long it may then take until every pod is new and ready;
	// 300s without it. Example: 300s
	// +optional
	// +kubebuilder:validation:Type=string
	// +kubebuilder:validation:MaxLength=16
	// +kubebuilder:validation:XValidation:rule="self.matches('^([0-9]+(s|m|h))+$')",message="spec.verification.convergeWithin: a duration in hours, minutes and seconds, for example 300s"
	// +kubebuilder:validation:XValidation:rule="!self.matches('^([0-9]+(s|m|h))+$') || duration(self) >= duration('10s') && duration(self) <= duration('24h')",message="spec.verification.convergeWithin: between 10s and 24h"
	ConvergeWithin *metav1.Duration `json:"convergeWithin,omitempty"` //nolint:kubeapilinter // people write 300s; the rules above give it one form

	// verifyFor is how long the new pods must then stay healthy; 300s without it.
	// Example: 300s
	// +optional
	// +kubebuilder:validation:Type=string
	// +kubebuilder:validation:MaxLength=16
	// +kubebuilder:validation:XValidation:rule="self.matches('^([0-9]+(s|m|h))+$')",message="spec.verification.verifyFor: a duration in hours, minutes and seconds, for example 300s"
	// +kubebuilder:validation:XValidation:rule="!self.matches('^([0-9]+(s|m|h))+$') || duration(self) >= duration('10s') && duration(self) <= duration('24h')",message="spec.verification.verifyFor: between 10s and 24h"
	VerifyFor *metav1.Duration `json:"verifyFor,omitempty"` //nolint:kubeapilinter // people write 300s; the rules above give it one form

	// pollEvery is how often health is looked at meanwhile; 5s without it. Example: 5s
	// +optional
	// +kubebuilder:validation:Type=string
	// +kubebuilder:validation:MaxLength=16
	// +kubebuilder:validation:XValidation:rule="self.matches('^([0-9]+(s|m|h))+$')",message="spec.verification.pollEvery: a duration in hours, minutes and seconds, for example 5s"
	// +kubebuilder:validation:XValidation:rule="!self.matches('^([0-9]+(s|m|h))+$') || duration(self) >= duration('1s') && duration(self) <= duration('30s')",message="spec.verification.pollEvery: between 1s and 30s"
	PollEvery *metav1.Duration `json:"pollEvery,omitempty"` //nolint:kubeapilinter // people write 5s; the rules above give it one form

	// strikes is how many looks in a row may find it unhealthy before it counts as
	// Unhealthy; 3 without it. Example: 3
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=100
	Strikes int32 `json:"strikes,omitempty"`
}

// ReleaseChannelList is a list of ReleaseChannels.
// +kubebuilder:object:root=true
type ReleaseChannelList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []ReleaseChannel `json:"items"`
}
