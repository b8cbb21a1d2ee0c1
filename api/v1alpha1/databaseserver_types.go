package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// DatabaseServer is one server on which tenants' databases are placed.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:scope=Cluster,shortName=dbserver,categories=tenancy
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Reason",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
// +kubebuilder:printcolumn:name="Version",type=string,JSONPath=`.status.version`
// +kubebuilder:printcolumn:name="Tenants",type=integer,JSONPath=`.status.tenants`
// +kubebuilder:printcolumn:name="Connections",type=string,JSONPath=`.status.capacity`
// +kubebuilder:printcolumn:name="Scheduling",type=string,JSONPath=`.spec.scheduling`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:validation:XValidation:rule="size(self.metadata.name) <= 63",message="metadata.name: at most 63 characters, since it becomes a label"
type DatabaseServer struct {
	metav1.TypeMeta `json:",inline"`
	// metadata is the standard object metadata.
	// +optional
	metav1.ObjectMeta `json:"metadata,omitempty,omitzero"`

	// spec says where the server is and how to log in.
	// +required
	Spec DatabaseServerSpec `json:"spec,omitzero"`

	// status is what the operator observed.
	// +optional
	// +kubebuilder:default:={"observedGeneration":-1}
	Status DatabaseServerStatus `json:"status,omitzero"`
}

// DatabaseServerType is a kind of database server.
// +kubebuilder:validation:Enum=PostgreSQL
type DatabaseServerType string

// DatabaseServerPostgreSQL is any PostgreSQL from version 15 that can be reached.
const DatabaseServerPostgreSQL DatabaseServerType = "PostgreSQL"

// DatabaseServerSpec says where a server is and how to log in.
// +kubebuilder:validation:XValidation:rule="self.type != 'PostgreSQL' || has(self.postgreSQL)",message="spec.postgreSQL: required when type is PostgreSQL"
type DatabaseServerSpec struct {
	// type of the server. Example: PostgreSQL
	// +required
	Type DatabaseServerType `json:"type,omitempty"`

	// postgreSQL says how to reach a PostgreSQL server.
	// Example: {host: db.example.org, credentials: {name: shared-1-admin}, tls: {ca: {name: shared-1-ca}}}
	// +optional
	PostgreSQL *PostgreSQLServer `json:"postgreSQL,omitempty"`

	// scheduling says whether new databases may be placed here: Open or Cordoned.
	// Example: Open
	// +optional
	// +kubebuilder:default:=Open
	Scheduling DatabaseScheduling `json:"scheduling,omitempty"`

	// adoption lets Organisations of the same name take over retained data without
	// naming its UID, until a date: for rebuilding a whole fleet from its manifests.
	// Example: {sameNameUntil: "2026-12-01T00:00:00Z"}
	// +optional
	Adoption *AdoptionSpec `json:"adoption,omitempty"`

	// network says at which addresses pods reach the server.
	// Example: {cidrs: [198.51.100.7/32]}
	// +optional
	Network *DatabaseNetwork `json:"network,omitempty"`
}

// DatabaseScheduling says whether new databases may be placed on a server.
// +kubebuilder:validation:Enum=Open;Cordoned
type DatabaseScheduling string

// The states of scheduling.
const (
	SchedulingOpen     DatabaseScheduling = "Open"
	SchedulingCordoned DatabaseScheduling = "Cordoned"
)

// PostgreSQLServer says how to reach a PostgreSQL server.
// +kubebuilder:validation:XValidation:rule="has(self.tls) && (has(self.tls.ca) || (has(self.tls.mode) && self.tls.mode == 'Disabled'))",message="spec.postgreSQL.tls.ca: required unless spec.postgreSQL.tls.mode is Disabled: name a Secret whose key ca.crt holds the authority that signed the server's certificate, also if it is a public one; the app must be given it"
type PostgreSQLServer struct {
	// host name or address. Example: db.example.org
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	// +kubebuilder:validation:Pattern=`^[A-Za-z0-9]([-A-Za-z0-9.:]*[A-Za-z0-9])?$`
	// +kubebuilder:validation:XValidation:rule="!self.contains(':') || isIP(self)",message="spec.postgreSQL.host: a name or an address without a port; spec.postgreSQL.port takes that"
	Host string `json:"host,omitempty"`

	// port of the server; 5432 without it. Example: 5432
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=65535
	Port int32 `json:"port,omitempty"`

	// credentials names a Secret with the keys username and password of the
	// operator's role on this server. Example: {name: shared-1-admin}
	// +required
	Credentials SecretReference `json:"credentials,omitzero"`

	// tls says how the server proves who it is: by an authority, or not at all where
	// mode is Disabled. Example: {mode: VerifyFull, ca: {name: shared-1-ca}}
	// +optional
	TLS *DatabaseTLS `json:"tls,omitempty"`
}

// DatabaseTLSMode says how connections to a server are protected.
// +kubebuilder:validation:Enum=VerifyFull;Disabled
type DatabaseTLSMode string

// The modes of TLS.
const (
	// DatabaseTLSVerifyFull checks the certificate's chain and name.
	DatabaseTLSVerifyFull DatabaseTLSMode = "VerifyFull"
	// DatabaseTLSDisabled sends everything in the clear: for a server on a trusted
	// network or behind a mesh that encrypts.
	DatabaseTLSDisabled DatabaseTLSMode = "Disabled"
)

// DatabaseTLS says how connections to a server are protected.
// +kubebuilder:validation:XValidation:rule="!has(self.ca) || !has(self.mode) || self.mode != 'Disabled'",message="spec.postgreSQL.tls.ca: has no use when mode is Disabled; remove one of them"
type DatabaseTLS struct {
	// mode is VerifyFull, the default, or Disabled. Example: VerifyFull
	// +optional
	Mode DatabaseTLSMode `json:"mode,omitempty"`

	// ca names a Secret whose key ca.crt holds the authority in PEM, also if it is a
	// public one: it is handed on to the app, which does not start without it.
	// Required unless mode is Disabled. Example: {name: shared-1-ca}
	// +optional
	CA *SecretReference `json:"ca,omitempty"`
}

// AdoptionSpec lets Organisations of the same name take over retained data.
type AdoptionSpec struct {
	// sameNameUntil is when the permission ends. Example: "2026-12-01T00:00:00Z"
	// +required
	// +kubebuilder:validation:Type=string
	// +kubebuilder:validation:Format=date-time
	// +kubebuilder:validation:MaxLength=40
	// +kubebuilder:validation:Pattern=`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[-+][0-9]{2}:[0-9]{2})$`
	// +kubebuilder:validation:XValidation:rule="self > timestamp('2020-01-01T00:00:00Z')",message="spec.adoption.sameNameUntil: a point in time such as 2026-12-01T00:00:00Z"
	SameNameUntil metav1.Time `json:"sameNameUntil,omitzero"`
}

// DatabaseNetwork says at which addresses pods reach a server.
type DatabaseNetwork struct {
	// cidrs that tenants' pods may reach on the server's port; without them, the
	// host itself if it is an address, else any. Example: [198.51.100.7/32]
	// +required
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=16
	// +kubebuilder:validation:items:MinLength=3
	// +kubebuilder:validation:items:MaxLength=43
	// +kubebuilder:validation:XValidation:rule="self.all(c, isCIDR(c))",message="each entry is a CIDR, for example 198.51.100.7/32"
	CIDRs []string `json:"cidrs,omitempty"`
}

// DatabaseServerStatus is what the operator observed about one server.
// +kubebuilder:validation:MinProperties=1
type DatabaseServerStatus struct {
	// conditions say whether the server can be used, and by whom.
	// +optional
	// +listType=map
	// +listMapKey=type
	// +kubebuilder:validation:MaxItems=16
	Conditions []metav1.Condition `json:"conditions,omitempty"`

	// observedGeneration is the generation of spec that the conditions speak of;
	// -1 until the operator has seen the object. Example: 1
	// +optional
	// +kubebuilder:validation:Minimum=-1
	ObservedGeneration int64 `json:"observedGeneration,omitempty"`

	// version of the server. Example: "15.18"
	// +optional
	// +kubebuilder:validation:MaxLength=64
	Version string `json:"version,omitempty"`

	// capabilities that this server allows the operator. Example: [ConnectionLimits]
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=16
	// +kubebuilder:validation:items:MaxLength=64
	Capabilities []string `json:"capabilities,omitempty"`

	// tenants that have a database here, retained ones included. Example: 41
	// +optional
	Tenants int32 `json:"tenants,omitempty"`

	// capacity in words: what is granted, and how many more of each size fit.
	// Example: 920 of 1987 connections granted; fits 46 more small
	// +optional
	// +kubebuilder:validation:MaxLength=512
	Capacity string `json:"capacity,omitempty"`

	// ledger is the UUID of the operator's ledger on this server, by which another server
	// behind the same address is noticed. Example: 0f5c6d1e-3b51-4a0c-9a0e-6d8f2f1f7c55
	// +optional
	// +kubebuilder:validation:MaxLength=36
	Ledger string `json:"ledger,omitempty"`

	// requests mirrors what people asked for through annotations.
	// Example: {leaveData: {value: shared-1}}
	// +optional
	Requests DatabaseServerRequests `json:"requests,omitzero"`
}

// DatabaseServerRequests mirrors what people asked for through annotations.
// +kubebuilder:validation:MinProperties=1
type DatabaseServerRequests struct {
	// acceptLedger is the ledger that may be found instead of the known one.
	// Example: {value: 0f5c6d1e-3b51-4a0c-9a0e-6d8f2f1f7c55}
	// +optional
	AcceptLedger *Observation `json:"acceptLedger,omitempty"`

	// confirmTeardown is the confirmation of a held teardown. Example: {value: 3c9f11ab}
	// +optional
	ConfirmTeardown *Observation `json:"confirmTeardown,omitempty"`

	// leaveData lets the object be deleted while data is kept on the server.
	// Example: {value: shared-1}
	// +optional
	LeaveData *Observation `json:"leaveData,omitempty"`
}

// DatabaseServerList is a list of DatabaseServers.
// +kubebuilder:object:root=true
type DatabaseServerList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []DatabaseServer `json:"items"`
}
