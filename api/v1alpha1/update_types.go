package v1alpha1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// SlotAnswer is what an Organisation says to the slot that its channel gave it.
// +kubebuilder:validation:Enum=Accepted;Finished;Declined
type SlotAnswer string

// The answers to a slot.
const (
	// SlotAccepted: the update has begun.
	SlotAccepted SlotAnswer = "Accepted"
	// SlotFinished: the update has ended; the outcome says how.
	SlotFinished SlotAnswer = "Finished"
	// SlotDeclined: nothing was changed; the reason says why.
	SlotDeclined SlotAnswer = "Declined"
)

// UpdateOutcome says how an update ended.
// +kubebuilder:validation:Enum=Verified;NeverHealthy;Unhealthy;RolledBack;RollbackBlocked;Superseded;MigrationFailed
type UpdateOutcome string

// The outcomes of an update.
const (
	// OutcomeVerified: the release serves, held, and answered every probe.
	OutcomeVerified UpdateOutcome = "Verified"
	// OutcomeNeverHealthy: new pods never all became ready; the old release still serves.
	OutcomeNeverHealthy UpdateOutcome = "NeverHealthy"
	// OutcomeUnhealthy: the new pods became ready and then did not hold, or failed a probe.
	OutcomeUnhealthy UpdateOutcome = "Unhealthy"
	// OutcomeRolledBack: the new release failed, and the one that was verified last serves
	// again and answers its users.
	OutcomeRolledBack UpdateOutcome = "RolledBack"
	// OutcomeRollbackBlocked: it failed, and the schema forbids the old release.
	OutcomeRollbackBlocked UpdateOutcome = "RollbackBlocked"
	// OutcomeSuperseded: a newer release was declared before this one was verified.
	OutcomeSuperseded UpdateOutcome = "Superseded"
	// OutcomeMigrationFailed: the migration failed; the old release still serves.
	OutcomeMigrationFailed UpdateOutcome = "MigrationFailed"
)

// UpdateStage names where an update stands.
// +kubebuilder:validation:Enum=Preflight;BackingUp;Migrating;Deploying;Converging;Holding;Probing;RollingBack;Ended
type UpdateStage string

// The stages of an update, in order.
const (
	// StagePreflight: what the release needs is looked for, before anything changes.
	StagePreflight UpdateStage = "Preflight"
	// StageBackingUp: a dump is made before migrations.
	StageBackingUp UpdateStage = "BackingUp"
	// StageMigrating: the migration Job runs with the new image.
	StageMigrating UpdateStage = "Migrating"
	// StageDeploying: new pods are asked for and none exists yet.
	StageDeploying UpdateStage = "Deploying"
	// StageConverging: new pods exist, and not all are new and ready.
	StageConverging UpdateStage = "Converging"
	// StageHolding: all pods are new and ready, and must stay so.
	StageHolding UpdateStage = "Holding"
	// StageProbing: it held, and is asked from outside as the NGO's users would.
	StageProbing UpdateStage = "Probing"
	// StageRollingBack: the old release is brought back.
	StageRollingBack UpdateStage = "RollingBack"
	// StageEnded: the slot is answered to the end.
	StageEnded UpdateStage = "Ended"
)

// UpdateStatus is the update of one Organisation, and its answer to the channel's slot.
type UpdateStatus struct {
	// channel that gave the slot. Example: stable
	// +optional
	// +kubebuilder:validation:MaxLength=63
	Channel string `json:"channel,omitempty"`

	// token of the slot. Example: "41"
	// +optional
	// +kubebuilder:validation:MaxLength=32
	Token string `json:"token,omitempty"`

	// answer to the slot. Example: Accepted
	// +required
	Answer SlotAnswer `json:"answer,omitempty"`

	// release that the update moves to. Example: glific-8.10.2
	// +optional
	// +kubebuilder:validation:MaxLength=63
	Release string `json:"release,omitempty"`

	// from is the release that served when the update began. A rollback brings back what
	// was verified last, and this one where nothing ever was.
	// Example: glific-8.10.1
	// +optional
	// +kubebuilder:validation:MaxLength=63
	From string `json:"from,omitempty"`

	// aimed is the release that was aimed at when the update began; where nothing was
	// changed, it is aimed at again. Example: glific-8.10.1
	// +optional
	// +kubebuilder:validation:MaxLength=63
	Aimed string `json:"aimed,omitempty"`

	// mode in which the release gets into the pods; absent as long as that is open.
	// Example: Hot
	// +optional
	Mode UpdateMode `json:"mode,omitempty"`

	// stage where the update stands. Example: Holding
	// +optional
	Stage UpdateStage `json:"stage,omitempty"`

	// outcome of an update that has ended. Example: Verified
	// +optional
	Outcome UpdateOutcome `json:"outcome,omitempty"`

	// reason for what is waited for, declined or failed. Example: ConfigIncomplete
	// +optional
	// +kubebuilder:validation:MaxLength=63
	Reason string `json:"reason,omitempty"`

	// message names the object, the cause and the next step.
	// Example: key GUPSHUP_WEBHOOK_IPS is missing
	// +optional
	// +kubebuilder:validation:MaxLength=1024
	Message string `json:"message,omitempty"`

	// watch is how long this stage was watched; it stands still while the database
	// server is disturbed. It is written every half minute. Example: {elapsedSeconds: 120}
	// +optional
	Watch *Stopwatch `json:"watch,omitempty"`

	// strikes are the looks in a row that found the new pods unhealthy. Example: 1
	// +optional
	// +kubebuilder:validation:Minimum=0
	Strikes int32 `json:"strikes,omitempty"`

	// struckAt is when the last strike was counted: looks that follow within
	// spec.verification.pollEvery count with it. Example: "2026-11-24T10:00:00Z"
	// +optional
	StruckAt *metav1.Time `json:"struckAt,omitempty"`

	// declines are the slots in a row that were given back for this release; the next one is
	// given the later, the more they are. Example: 2
	// +optional
	// +kubebuilder:validation:Minimum=0
	Declines int32 `json:"declines,omitempty"`

	// generation of spec for which this update was tried. Example: 3
	// +optional
	// +kubebuilder:validation:Minimum=0
	Generation int64 `json:"generation,omitempty"`

	// retryAt is the value of the annotation for which this update was tried.
	// Example: "2026-11-24T10:00:00Z"
	// +optional
	// +kubebuilder:validation:MaxLength=256
	RetryAt string `json:"retryAt,omitempty"`

	// answeredAt is when the answer last changed. Example: "2026-11-24T10:00:00Z"
	// +optional
	AnsweredAt *metav1.Time `json:"answeredAt,omitempty"`
}

// OrganisationRelease says what an Organisation serves: one Release, or what a channel
// says, when it may.
// +kubebuilder:validation:XValidation:rule="!has(self.name) || !has(self.channel)",message="spec.release: give name or channel, not both"
// +kubebuilder:validation:XValidation:rule="!has(self.name) || (!has(self.skipUntil) && !has(self.window))",message="spec.release: skipUntil and window are about a channel; a release that is named is served at once"
type OrganisationRelease struct {
	// name of a Release: this Organisation is pinned to it. Example: glific-8.10.1
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:validation:Pattern=`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`
	Name string `json:"name,omitempty"`

	// channel that decides; without it and name, the profile's. Example: stable
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:validation:Pattern=`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`
	Channel string `json:"channel,omitempty"`

	// skipUntil is the date before which the channel changes nothing here.
	// Example: "2026-12-24T00:00:00Z"
	// +optional
	// +kubebuilder:validation:Type=string
	// +kubebuilder:validation:Format=date-time
	// +kubebuilder:validation:MaxLength=40
	// +kubebuilder:validation:Pattern=`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[-+][0-9]{2}:[0-9]{2})$`
	// +kubebuilder:validation:XValidation:rule="self > timestamp('2020-01-01T00:00:00Z')",message="spec.release.skipUntil: a point in time such as 2026-12-24T00:00:00Z"
	SkipUntil *metav1.Time `json:"skipUntil,omitempty"`

	// window in which updates of this Organisation may begin; at any time without it.
	// Example: {schedule: "0 22 * * *", duration: 6h, timeZone: Asia/Kolkata}
	// +optional
	Window *Window `json:"window,omitempty"`
}
