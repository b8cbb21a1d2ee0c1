package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// OrganisationStatus is what the operator observed about one NGO.
// +kubebuilder:validation:MinProperties=1
type OrganisationStatus struct {
	// conditions say, one per step, what holds and what is missing.
	// +optional
	// +listType=map
	// +listMapKey=type
	// +kubebuilder:validation:MaxItems=32
	Conditions []metav1.Condition `json:"conditions,omitempty"`

	// observedGeneration is the generation of spec that the conditions speak of;
	// -1 until the operator has seen the object. Example: 3
	// +optional
	// +kubebuilder:validation:Minimum=-1
	ObservedGeneration int64 `json:"observedGeneration,omitempty"`

	// identity is what this Organisation's data carries; adopt.uid brings it back.
	// Example: 2f6c0a4e-7a52-4b0e-9a4d-0d3a6a1d2f11
	// +optional
	// +kubebuilder:validation:MaxLength=36
	Identity string `json:"identity,omitempty"`

	// tenantNamespace is the tenant's namespace. Example: org-asha
	// +optional
	// +kubebuilder:validation:MaxLength=63
	TenantNamespace string `json:"tenantNamespace,omitempty"`

	// host at which the NGO is served. Example: asha.example.org
	// +optional
	// +kubebuilder:validation:MaxLength=253
	Host string `json:"host,omitempty"`

	// release says what is served and what is aimed at.
	// Example: {serving: glific-8.10.1, target: glific-8.10.2}
	// +optional
	Release ReleaseStatus `json:"release,omitzero"`

	// update is the last update that a channel's slot allowed, and the answer to it.
	// Example: {token: "41", answer: Finished, outcome: Verified}
	// +optional
	Update *UpdateStatus `json:"update,omitempty"`

	// interruption is the last time that no pod of the back end was ready although one
	// should have been: an update that stops old pods first, or an outage.
	// Example: {since: "2026-11-24T10:00:00Z", seconds: 14, from: glific-8.10.1, to: glific-8.10.2}
	// +optional
	Interruption *Interruption `json:"interruption,omitempty"`

	// hot is the last upgrade of running pods, or why there was none.
	// Example: {release: glific-8.10.2, state: Complete, engine: Relup}
	// +optional
	Hot *HotStatus `json:"hot,omitempty"`

	// database says where the data lies.
	// Example: {server: shared-1, name: asha-1f2e3d4c-1}
	// +optional
	Database DatabaseStatus `json:"database,omitzero"`

	// requests mirrors what people asked for through annotations.
	// Example: {hold: {value: investigating delivery delays}}
	// +optional
	Requests RequestsStatus `json:"requests,omitzero"`

	// pendingChanges are the causes that wait for a restart of the pods.
	// Example: [Profile]
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=8
	// +kubebuilder:validation:items:MaxLength=32
	PendingChanges []string `json:"pendingChanges,omitempty"`
}

// ReleaseStatus tells the release that runs from the one that is aimed at.
type ReleaseStatus struct {
	// serving is the Release that is proved to run. Example: glific-8.10.1
	// +optional
	// +kubebuilder:validation:MaxLength=63
	Serving string `json:"serving,omitempty"`

	// target is the Release that should run. Example: glific-8.10.2
	// +optional
	// +kubebuilder:validation:MaxLength=63
	Target string `json:"target,omitempty"`

	// verified is the Release that was last verified here, or that serves here and was
	// verified by the channel: what a rollback brings back. Example: glific-8.10.1
	// +optional
	// +kubebuilder:validation:MaxLength=63
	Verified string `json:"verified,omitempty"`

	// schema names the migration that was applied last when that was so; none if none
	// was. Example: 0b1f6e0e9a1d4c7a8e0a5d4f3c2b1a09
	// +optional
	// +kubebuilder:validation:MaxLength=64
	Schema string `json:"schema,omitempty"`

	// channel that decides on the target; none if a Release is pinned. Example: stable
	// +optional
	// +kubebuilder:validation:MaxLength=63
	Channel string `json:"channel,omitempty"`

	// wave of the channel to which this Organisation belongs. Example: canary
	// +optional
	// +kubebuilder:validation:MaxLength=32
	Wave string `json:"wave,omitempty"`
}

// Interruption is a time in which no pod of the back end was ready, as the operator saw
// it, to the second.
type Interruption struct {
	// since when no pod was ready. Example: "2026-11-24T10:00:00Z"
	// +required
	Since metav1.Time `json:"since,omitzero"`

	// seconds until one was ready again; absent as long as none is. Example: 14
	// +optional
	// +kubebuilder:validation:Minimum=1
	Seconds int32 `json:"seconds,omitempty"`

	// from is the Release that served before. Example: glific-8.10.1
	// +optional
	// +kubebuilder:validation:MaxLength=63
	From string `json:"from,omitempty"`

	// to is the Release that was to serve then; that of from, if nothing was changed.
	// Example: glific-8.10.2
	// +optional
	// +kubebuilder:validation:MaxLength=63
	To string `json:"to,omitempty"`
}

// DatabaseStatus says where an Organisation's data lies.
type DatabaseStatus struct {
	// server is the DatabaseServer. Example: shared-1
	// +optional
	// +kubebuilder:validation:MaxLength=63
	Server string `json:"server,omitempty"`

	// name of the database on that server. Example: asha-1f2e3d4c-1
	// +optional
	// +kubebuilder:validation:MaxLength=63
	Name string `json:"name,omitempty"`

	// connectionLimit is what the tenant's role may hold at once. Example: 20
	// +optional
	ConnectionLimit int32 `json:"connectionLimit,omitempty"`

	// poolSize is POOL_SIZE of one pod. Example: 3
	// +optional
	PoolSize int32 `json:"poolSize,omitempty"`
}

// RequestsStatus mirrors what people asked for through annotations.
type RequestsStatus struct {
	// hold is the reason for which nothing is changed. Example: {value: investigating}
	// +optional
	Hold *Observation `json:"hold,omitempty"`

	// retryAt is the last answered retry-at. Example: {value: "2026-11-24T10:00:00Z"}
	// +optional
	RetryAt *Observation `json:"retryAt,omitempty"`

	// reconcileAt is the last answered reconcile-at.
	// Example: {value: "2026-11-24T10:00:00Z"}
	// +optional
	ReconcileAt *Observation `json:"reconcileAt,omitempty"`

	// restartAt is the last answered restart-at.
	// Example: {value: "2026-11-24T10:00:00Z"}
	// +optional
	RestartAt *Observation `json:"restartAt,omitempty"`

	// setAside is the release for which the channel goes on without this Organisation.
	// Example: {value: glific-8.10.2}
	// +optional
	SetAside *Observation `json:"setAside,omitempty"`

	// confirmTeardown is the confirmation of a held teardown. Example: {value: "asha@7"}
	// +optional
	ConfirmTeardown *Observation `json:"confirmTeardown,omitempty"`
}
