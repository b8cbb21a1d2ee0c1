package v1alpha1

import (
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// HotMode says what follows when a running node cannot be upgraded.
// +kubebuilder:validation:Enum=Auto;HotOnly
type HotMode string

// The modes.
const (
	// HotAuto updates with new pods instead, as spec.update.strategy says.
	HotAuto HotMode = "Auto"
	// HotOnly leaves the old version running until a person decides.
	HotOnly HotMode = "HotOnly"
)

// HotEngine is a way to change code in a running node.
// +kubebuilder:validation:Enum=Relup;ModuleSwap
type HotEngine string

// The engines.
const (
	// HotRelup is OTP's release_handler, following the relup in the release.
	HotRelup HotEngine = "Relup"
	// HotModuleSwap exchanges modules under suspended processes.
	HotModuleSwap HotEngine = "ModuleSwap"
)

// HotSpec lets new code enter running pods. Their release lies in a volume that this
// version's image fills, beside which that of the next version is put.
type HotSpec struct {
	// mode is Auto, the default, or HotOnly. Example: Auto
	// +optional
	Mode HotMode `json:"mode,omitempty"`

	// engine Relup or ModuleSwap; without it the relup, where one leads from the
	// running version to this one, and else the exchange of modules. Example: Relup
	// +optional
	Engine HotEngine `json:"engine,omitempty"`

	// soakSeconds that new code must run before a restart of the container boots it,
	// too; 30 without it. Example: 60
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=3600
	SoakSeconds int32 `json:"soakSeconds,omitempty"`

	// maxUpgrades of one pod until the next update starts new ones, since what runs
	// drifts from what a start would make; 10 without it. Example: 5
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=20
	MaxUpgrades int32 `json:"maxUpgrades,omitempty"`

	// renewAfterDays is when, after the last upgrade, new pods are made although nothing
	// else asks for them, for the same reason: in the Organisation's window, outside of
	// freezes, spread over a week; 30 without it. Example: 14
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=365
	RenewAfterDays int32 `json:"renewAfterDays,omitempty"`

	// sizeLimit of the volume with the releases of one pod; 1Gi without it. Example: 2Gi
	// +optional
	// +kubebuilder:validation:XValidation:rule="isQuantity(string(self)) && quantity(string(self)).compareTo(quantity('64Mi')) >= 0 && quantity(string(self)).compareTo(quantity('16Gi')) <= 0",message="spec.update.hot.sizeLimit: between 64Mi and 16Gi"
	SizeLimit *resource.Quantity `json:"sizeLimit,omitempty"`
}

// HotRoot is where the release lies in pods that new code may enter.
const HotRoot = "/release"

// HotState says where an upgrade of running pods stands.
// +kubebuilder:validation:Enum=Upgrading;Complete;Refused;Failed
type HotState string

// The states.
const (
	// HotUpgrading: new code is entering the pods, one after the other.
	HotUpgrading HotState = "Upgrading"
	// HotComplete: every pod runs the new version, and none was replaced.
	HotComplete HotState = "Complete"
	// HotRefused: it would not have been safe. Nothing was changed.
	HotRefused HotState = "Refused"
	// HotFailed: it was begun and broken off; new pods ended it.
	HotFailed HotState = "Failed"
)

// UpdateMode says how the code of a Release gets into an Organisation's pods.
// +kubebuilder:validation:Enum=Hot;Rolling
type UpdateMode string

// The modes of an update.
const (
	// UpdateHot: new code enters the running pods.
	UpdateHot UpdateMode = "Hot"
	// UpdateRolling: new pods take over.
	UpdateRolling UpdateMode = "Rolling"
)

// Reasons of status.hot that lie with one Organisation, and say nothing of the others.
const (
	// HotTemplateChanged: more changes than code, which is fixed for the life of a pod.
	HotTemplateChanged = "TemplateChanged"
	// HotTooManyUpgrades: a pod has seen as many as spec.update.hot.maxUpgrades allows.
	HotTooManyUpgrades = "TooManyUpgrades"
	// HotManyReplicaSets: a rolling update is under way.
	HotManyReplicaSets = "ReplicaSets"
	// HotRenewed: complete, and new pods of the same code were made since.
	HotRenewed = "Renewed"
)

// HotStatus is the last upgrade of running pods.
type HotStatus struct {
	// release that was to enter the pods. Example: glific-8.10.2
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Release string `json:"release,omitempty"`

	// revision of the pod templates. Example: messaging-4b4601d4a21d3246
	// +optional
	// +kubebuilder:validation:MaxLength=63
	Revision string `json:"revision,omitempty"`

	// state says where it stands. Example: Complete
	// +required
	State HotState `json:"state,omitempty"`

	// engine that changed the code. Example: Relup
	// +optional
	Engine HotEngine `json:"engine,omitempty"`

	// reason for a refusal or failure. Example: ErtsChanged
	// +optional
	// +kubebuilder:validation:MaxLength=63
	Reason string `json:"reason,omitempty"`

	// message names the object, the cause and the next step.
	// Example: Pod backend-5d9 refuses: erts changes from 13.1.5 to 14.0
	// +optional
	// +kubebuilder:validation:MaxLength=1024
	Message string `json:"message,omitempty"`

	// startedAt is when it began. Example: "2026-11-24T10:00:00Z"
	// +optional
	StartedAt *metav1.Time `json:"startedAt,omitempty"`

	// endedAt is when it was complete, or given up. Example: "2026-11-24T10:00:42Z"
	// +optional
	EndedAt *metav1.Time `json:"endedAt,omitempty"`

	// processes that were converted in all pods. Example: 104
	// +optional
	// +kubebuilder:validation:Minimum=0
	Processes int32 `json:"processes,omitempty"`

	// replicaSet that took the new template over, as long as the Deployment has not said
	// that it is its own. Example: backend-5d9c7f
	// +optional
	// +kubebuilder:validation:MaxLength=253
	ReplicaSet string `json:"replicaSet,omitempty"`
}
