package v1alpha1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

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
