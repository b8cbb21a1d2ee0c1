package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// ReleaseChannelStatus is what the operator observed, and the slots that it gave.
// +kubebuilder:validation:MinProperties=1
type ReleaseChannelStatus struct {
	// conditions say how the rollout stands.
	// +optional
	// +listType=map
	// +listMapKey=type
	// +kubebuilder:validation:MaxItems=16
	Conditions []metav1.Condition `json:"conditions,omitempty"`

	// observedGeneration is the generation of spec that the conditions speak of;
	// -1 until the operator has seen the object. Example: 3
	// +optional
	// +kubebuilder:validation:Minimum=-1
	ObservedGeneration int64 `json:"observedGeneration,omitempty"`

	// release that this rollout is about. Example: glific-8.10.2
	// +optional
	// +kubebuilder:validation:MaxLength=63
	Release string `json:"release,omitempty"`

	// startedAt is when this rollout began. Example: "2026-11-24T10:00:00Z"
	// +optional
	StartedAt *metav1.Time `json:"startedAt,omitempty"`

	// verified is the last Release that every reachable Organisation has verified; new
	// Organisations start on it. Example: glific-8.10.1
	// +optional
	// +kubebuilder:validation:MaxLength=63
	Verified string `json:"verified,omitempty"`

	// wave is the last wave that is open. Example: canary
	// +optional
	// +kubebuilder:validation:MaxLength=32
	Wave string `json:"wave,omitempty"`

	// mode is Hot while new code may enter running pods, as spec.update.hot of the Release
	// says; Rolling once one Organisation showed that it cannot, after which all others
	// get new pods. Absent for a Release without spec.update.hot. Example: Hot
	// +optional
	Mode UpdateMode `json:"mode,omitempty"`

	// modeMessage says who showed it, and how.
	// Example: asha: ErtsChanged, Erlang's machine changes from 13.1.5 to 14.0
	// +optional
	// +kubebuilder:validation:MaxLength=512
	ModeMessage string `json:"modeMessage,omitempty"`

	// soak is how long the open wave has served, all of it verified.
	// Example: {elapsedSeconds: 3600}
	// +optional
	Soak *Stopwatch `json:"soak,omitempty"`

	// approved are the waves that a person has let open in this rollout.
	// Example: [early]
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=16
	// +kubebuilder:validation:items:MaxLength=32
	Approved []string `json:"approved,omitempty"`

	// serial is the number of the last slot. Example: 41
	// +optional
	// +kubebuilder:validation:Minimum=0
	Serial int64 `json:"serial,omitempty"`

	// slots that were given and are not answered to the end. One is never withdrawn.
	// Example: [{name: asha, uid: 2f6c0a4e-7a52-4b0e-9a4d-0d3a6a1d2f11, token: "41", release: glific-8.10.2}]
	// +optional
	// +listType=map
	// +listMapKey=uid
	// +kubebuilder:validation:MaxItems=100
	Slots []Slot `json:"slots,omitempty"`

	// counts say how many Organisations are in which state. Example: {members: 200, current: 7}
	// +optional
	Counts FleetCounts `json:"counts,omitzero"`

	// failures of this release that stand, whatever became of the Organisation since: each
	// until another release is declared, a person asks for a retry there or sets it
	// aside, or the Organisation is deleted. They are counted against spec.maxFailures.
	// Example: [{name: asha, uid: 2f6c0a4e-7a52-4b0e-9a4d-0d3a6a1d2f11, reason: NeverHealthy}]
	// +optional
	// +listType=map
	// +listMapKey=uid
	// +kubebuilder:validation:MaxItems=1100
	Failures []ReleaseFailure `json:"failures,omitempty"`

	// failing are the first Organisations that hold the rollout up, with the reason.
	// Example: [{name: asha, reason: NeverHealthy, message: see its status}]
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MaxItems=10
	Failing []FailingOrganisation `json:"failing,omitempty"`

	// unreached are the first Organisations that this release does not reach, with the
	// reason: pinned, skipping, suspended, held, or taken by no wave.
	// Example: [{name: sneha, reason: Pinned, message: serves glific-8.10.1}]
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MaxItems=20
	Unreached []FailingOrganisation `json:"unreached,omitempty"`

	// nextStep says what happens next, and on what it waits.
	// Example: wave early opens after a soak of 24h
	// +optional
	// +kubebuilder:validation:MaxLength=512
	NextStep string `json:"nextStep,omitempty"`

	// nextStepAt is when that is, as far as it is known.
	// Example: "2026-11-25T10:00:00Z"
	// +optional
	NextStepAt *metav1.Time `json:"nextStepAt,omitempty"`

	// history lists earlier rollouts, the latest first.
	// Example: [{release: glific-8.10.1, result: Verified}]
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=10
	History []Rollout `json:"history,omitempty"`

	// requests mirrors what people asked for through annotations.
	// Example: {hold: {value: investigating}}
	// +optional
	Requests ChannelRequests `json:"requests,omitzero"`
}

// Stopwatch measures time that somebody watched: neither a jump of the clock nor the
// operator's absence counts.
type Stopwatch struct {
	// elapsedSeconds that were watched. Example: 3600
	// +optional
	// +kubebuilder:validation:Minimum=0
	ElapsedSeconds int64 `json:"elapsedSeconds,omitempty"`

	// seenAt is the time of the last look that counted. Example: "2026-11-24T10:00:00Z"
	// +required
	SeenAt metav1.Time `json:"seenAt,omitzero"`
}

// Slot lets one Organisation change its pods once.
type Slot struct {
	// name of the Organisation. Example: asha
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Name string `json:"name,omitempty"`

	// uid of the Organisation. Example: 2f6c0a4e-7a52-4b0e-9a4d-0d3a6a1d2f11
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	UID string `json:"uid,omitempty"`

	// token tells this slot from every other one of the channel. Example: "41"
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=32
	Token string `json:"token,omitempty"`

	// release to move to; all other pending changes travel with it.
	// Example: glific-8.10.2
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Release string `json:"release,omitempty"`

	// mode is Rolling if new pods are wanted whatever the Release says. Example: Rolling
	// +optional
	Mode UpdateMode `json:"mode,omitempty"`
}

// ReleaseFailure is what a channel remembers of an Organisation at which its release failed.
type ReleaseFailure struct {
	// name of the Organisation. Example: asha
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Name string `json:"name,omitempty"`

	// uid of the Organisation. Example: 2f6c0a4e-7a52-4b0e-9a4d-0d3a6a1d2f11
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	UID string `json:"uid,omitempty"`

	// reason as in its own status. Example: NeverHealthy
	// +optional
	// +kubebuilder:validation:MaxLength=63
	Reason string `json:"reason,omitempty"`

	// token of the slot with which it failed. Example: "41"
	// +optional
	// +kubebuilder:validation:MaxLength=32
	Token string `json:"token,omitempty"`

	// retryAt is the value of the annotation for which it failed: another one lifts it.
	// Example: "2026-11-24T10:00:00Z"
	// +optional
	// +kubebuilder:validation:MaxLength=256
	RetryAt string `json:"retryAt,omitempty"`
}

// FleetCounts say how many Organisations of a channel are in which state.
type FleetCounts struct {
	// members of the channel, those included that it does not reach, and those that left
	// it after its release had failed there. Example: 200
	// +optional
	Members int32 `json:"members,omitempty"`
	// current serve the release, verified, and nothing waits. Example: 57
	// +optional
	Current int32 `json:"current,omitempty"`
	// inFlight have a slot. Example: 5
	// +optional
	InFlight int32 `json:"inFlight,omitempty"`
	// waiting for their wave, their window or a slot. Example: 131
	// +optional
	Waiting int32 `json:"waiting,omitempty"`
	// failed count against maxFailures. Example: 1
	// +optional
	Failed int32 `json:"failed,omitempty"`
	// setAside failed, or wait, and a person lets the others go on. Example: 1
	// +optional
	SetAside int32 `json:"setAside,omitempty"`
	// unreached are pinned, skipping, suspended, held, or taken by no wave. Example: 4
	// +optional
	Unreached int32 `json:"unreached,omitempty"`
	// starting are new and serve nothing yet. Example: 1
	// +optional
	Starting int32 `json:"starting,omitempty"`
}

// FailingOrganisation is an Organisation that a person should look at.
type FailingOrganisation struct {
	// name of the Organisation. Example: asha
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Name string `json:"name,omitempty"`

	// reason as in its own status. Example: NeverHealthy
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Reason string `json:"reason,omitempty"`

	// message says what happened. Example: new pods never became ready
	// +optional
	// +kubebuilder:validation:MaxLength=256
	Message string `json:"message,omitempty"`
}

// RolloutResult says how a rollout ended.
// +kubebuilder:validation:Enum=Verified;Superseded
type RolloutResult string

// The results of a rollout.
const (
	// RolloutVerified: every reachable Organisation verified the release.
	RolloutVerified RolloutResult = "Verified"
	// RolloutSuperseded: another release was declared first.
	RolloutSuperseded RolloutResult = "Superseded"
)

// Rollout is one that has ended.
type Rollout struct {
	// release that it was about. Example: glific-8.10.1
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Release string `json:"release,omitempty"`

	// startedAt is when it began. Example: "2026-11-24T10:00:00Z"
	// +optional
	StartedAt *metav1.Time `json:"startedAt,omitempty"`

	// endedAt is when it ended. Example: "2026-11-26T10:00:00Z"
	// +required
	EndedAt metav1.Time `json:"endedAt,omitzero"`

	// result is Verified or Superseded. Example: Verified
	// +required
	Result RolloutResult `json:"result,omitempty"`

	// counts at its end. Example: {members: 200, current: 198}
	// +optional
	Counts FleetCounts `json:"counts,omitzero"`

	// expedited is the reason for which it was hurried. Example: messages are lost
	// +optional
	// +kubebuilder:validation:MaxLength=256
	Expedited string `json:"expedited,omitempty"`
}

// ChannelRequests mirrors what people asked for through annotations.
type ChannelRequests struct {
	// hold is the reason for which no slot is given. Example: {value: investigating}
	// +optional
	Hold *Observation `json:"hold,omitempty"`

	// approve is the last approval. Example: {value: early@glific-8.10.2}
	// +optional
	Approve *Observation `json:"approve,omitempty"`
}
