package v1alpha1

// ConditionType is a type of condition. Each step of an Organisation owns one.
type ConditionType = string

// The conditions of an Organisation, in the order in which they come true.
const (
	// Claimed: name, hosts and a place on a DatabaseServer are this Organisation's own.
	Claimed ConditionType = "Claimed"
	// KeysReady: the master copy of the keys exists and fits the database.
	KeysReady ConditionType = "KeysReady"
	// DatabaseReady: role and database exist, isolated, with their limits.
	DatabaseReady ConditionType = "DatabaseReady"
	// NamespaceReady: the tenant's namespace stands with its quota, policies and access.
	NamespaceReady ConditionType = "NamespaceReady"
	// SecretsReady: every Secret that the pods need is in the tenant's namespace.
	SecretsReady ConditionType = "SecretsReady"
	// AdminBootstrapped: schema and first data are loaded, and the password that the
	// seed publishes is replaced.
	AdminBootstrapped ConditionType = "AdminBootstrapped"
	// Migrated: the schema is that of the target release.
	Migrated ConditionType = "Migrated"
	// MessagingReady: the deployment serves the target release.
	MessagingReady ConditionType = "MessagingReady"
	// RouteReady: requests for the NGO's hosts are routed to it.
	RouteReady ConditionType = "RouteReady"
	// Reachable: the NGO's hosts answer as its users need: certificate, page, and a
	// websocket with its own Origin; a foreign Origin is refused. Their names have
	// addresses, and the database lets the app in.
	Reachable ConditionType = "Reachable"
	// UpToDate: nothing that was declared waits to be put in force.
	UpToDate ConditionType = "UpToDate"

	// Ready: what was declared is in force and serves. Absent while suspended, so that
	// kstatus and those who wait by it see a settled object.
	Ready ConditionType = "Ready"
	// Reconciling: the operator works on it, or waits for something that it watches.
	Reconciling ConditionType = "Reconciling"
	// Stalled: only new input helps; the message says which.
	Stalled ConditionType = "Stalled"
	// Available: messages flow on some release. Alerts page on it.
	Available ConditionType = "Available"

	// LeastPrivilege of a DatabaseServer: the operator's role can do no more than it must.
	LeastPrivilege ConditionType = "LeastPrivilege"
	// Tended: on a DatabaseServer, no login is on whose Organisation is gone, and what was
	// to be purged is purged.
	Tended ConditionType = "Tended"
)

// Reason says why a condition is what it is.
type Reason = string

// Reasons that several conditions share.
const (
	// ReasonReady: the step has nothing left to do.
	ReasonReady Reason = "Ready"
	// ReasonPending: a step before this one is not finished.
	ReasonPending Reason = "Pending"
	// ReasonProgressing: the work is under way.
	ReasonProgressing Reason = "Progressing"
	// ReasonHeld: a person holds this Organisation through the hold annotation.
	ReasonHeld Reason = "Held"
	// ReasonSuspended: power is Suspended and nothing runs.
	ReasonSuspended Reason = "Suspended"
	// ReasonDeleting: the Organisation is being torn down.
	ReasonDeleting Reason = "Deleting"
	// ReasonError: a call failed; it is tried again.
	ReasonError Reason = "Error"
	// ReasonUpdating: the old release serves while a new one is brought up.
	ReasonUpdating Reason = "Updating"
)

// Reasons of Claimed.
const (
	// ReasonProfileNotFound: spec.profile names no OrganisationProfile.
	ReasonProfileNotFound Reason = "ProfileNotFound"
	// ReasonReleaseNotFound: the wanted Release does not exist; what serves goes on.
	ReasonReleaseNotFound Reason = "ReleaseNotFound"
	// ReasonInvalidSpec: what is declared cannot be combined; the message names the field.
	ReasonInvalidSpec Reason = "InvalidSpec"
	// ReasonNameConflict: something of that name exists and is not this Organisation's.
	ReasonNameConflict Reason = "NameConflict"
	// ReasonHostnameTaken: another Organisation holds a host.
	ReasonHostnameTaken Reason = "HostnameTaken"
	// ReasonNoServer: no DatabaseServer matches, or all that match are cordoned.
	ReasonNoServer Reason = "NoServer"
	// ReasonServerUnreachable: the DatabaseServer does not answer.
	ReasonServerUnreachable Reason = "ServerUnreachable"
	// ReasonServerUnsuitable: the DatabaseServer lacks a defence that tenants need.
	ReasonServerUnsuitable Reason = "ServerUnsuitable"
	// ReasonRetainedDataFound: data of the same name or host is kept under another identity.
	ReasonRetainedDataFound Reason = "RetainedDataFound"
	// ReasonDatabaseLost: keys of a database exist, and the database or its row does not.
	ReasonDatabaseLost Reason = "DatabaseLost"
	// ReasonNothingToAdopt: no ledger holds data of the identity in spec.adopt.uid.
	ReasonNothingToAdopt Reason = "NothingToAdopt"
	// ReasonConnectionBudgetExceeded: the server has too few connections left.
	ReasonConnectionBudgetExceeded Reason = "ConnectionBudgetExceeded"
)

// Reasons of KeysReady and SecretsReady.
const (
	// ReasonKeyLost: the master copy of the keys is gone while the database exists.
	ReasonKeyLost Reason = "KeyLost"
	// ReasonKeyMismatch: the keys are not those that the database was made with.
	ReasonKeyMismatch Reason = "KeyMismatch"
	// ReasonSecretNotFound: a Secret that is named does not exist yet.
	ReasonSecretNotFound Reason = "SecretNotFound"
	// ReasonReservedKey: a Secret brings a key that only the operator may set.
	ReasonReservedKey Reason = "ReservedKey"
	// ReasonConfigIncomplete: a key that the Release requires is missing or malformed.
	ReasonConfigIncomplete Reason = "ConfigIncomplete"
)

// Reasons of AdminBootstrapped and Migrated.
const (
	// ReasonBootstrapFailed: the bootstrap Job failed; the message has the cause.
	ReasonBootstrapFailed Reason = "BootstrapFailed"
	// ReasonAdminPasswordFailed: the Job that replaces the published password failed.
	ReasonAdminPasswordFailed Reason = "AdminPasswordFailed"
	// ReasonMigrationFailed: the migration Job failed; what serves goes on.
	ReasonMigrationFailed Reason = "MigrationFailed"
)

// Reasons of MessagingReady, RouteReady and UpToDate.
const (
	// ReasonNeverHealthy: new pods never became ready; the old ones still serve.
	ReasonNeverHealthy Reason = "NeverHealthy"
	// ReasonUnavailable: pods of the right version are not ready.
	ReasonUnavailable Reason = "Unavailable"
	// ReasonHotUpgradeRefused: new code may not enter the running pods, and the Release
	// allows nothing else (mode HotOnly).
	ReasonHotUpgradeRefused Reason = "HotUpgradeRefused"
	// ReasonAPIMissing: the cluster does not offer the API that the profile asks for.
	ReasonAPIMissing Reason = "APIMissing"
	// ReasonNotAccepted: the gateway did not accept the route.
	ReasonNotAccepted Reason = "NotAccepted"
	// ReasonCertificatePending: the certificate is not issued yet.
	ReasonCertificatePending Reason = "CertificatePending"
	// ReasonNotRouted: the profile leaves routing to something else.
	ReasonNotRouted Reason = "NotRouted"
	// ReasonChangePending: a change of profile, shared Secret, operator or default
	// release waits for a restart.
	ReasonChangePending Reason = "ChangePending"
	// ReasonNamespaceTerminating: the tenant's namespace is being deleted.
	ReasonNamespaceTerminating Reason = "NamespaceTerminating"
	// ReasonTeardownHeld: too many Organisations are being torn down at once.
	ReasonTeardownHeld Reason = "TeardownHeld"
)

// Reasons of Reachable: the first link of the chain that does not hold.
const (
	// ReasonNotProbed: nobody says where the gateway is.
	ReasonNotProbed Reason = "NotProbed"
	// ReasonGatewayUnreachable: the gateway does not answer.
	ReasonGatewayUnreachable Reason = "GatewayUnreachable"
	// ReasonCertificateInvalid: the gateway's certificate has ended, is for other hosts, or
	// is signed by an unknown authority.
	ReasonCertificateInvalid Reason = "CertificateInvalid"
	// ReasonHTTPFailed: no page is answered at a host.
	ReasonHTTPFailed Reason = "HTTPFailed"
	// ReasonWebsocketRefused: no websocket is opened with the NGO's own Origin.
	ReasonWebsocketRefused Reason = "WebsocketRefused"
	// ReasonForeignOriginAccepted: a websocket is opened with a foreign Origin.
	ReasonForeignOriginAccepted Reason = "ForeignOriginAccepted"
	// ReasonNameUnresolved: DNS has no address for a host.
	ReasonNameUnresolved Reason = "NameUnresolved"
	// ReasonLoginRefused: the database does not let the app in with its credentials.
	ReasonLoginRefused Reason = "LoginRefused"
)

// Reasons of a DatabaseServer.
const (
	// ReasonLedgerMissing: the operator's own database is not there and the role may
	// not make it.
	ReasonLedgerMissing Reason = "LedgerMissing"
	// ReasonOverPrivileged: the operator's role can do more than it must.
	ReasonOverPrivileged Reason = "OverPrivileged"
	// ReasonLedgerChanged: the address leads to another ledger than it did.
	ReasonLedgerChanged Reason = "LedgerChanged"
	// ReasonDropBlocked: something keeps a database from being dropped; the message names it.
	ReasonDropBlocked Reason = "DropBlocked"
	// ReasonCordoned: no new databases are placed here, and no update begins here.
	ReasonCordoned Reason = "Cordoned"
)

// Reasons of an update, and of the slot that allows it.
const (
	// ReasonServerDisturbed: the database server is unreachable, has just failed over or
	// is cordoned; clocks of updates stand still and no slot opens.
	ReasonServerDisturbed Reason = "ServerDisturbed"
	// ReasonBackupMissing: the Release has migrations, there is no dump before them, and
	// nobody accepts that.
	ReasonBackupMissing Reason = "BackupMissing"
	// ReasonPinned: the Organisation names a Release itself, so no channel moves it.
	ReasonPinned Reason = "Pinned"
	// ReasonSkipping: spec.release.skipUntil lies ahead.
	ReasonSkipping Reason = "Skipping"
	// ReasonNoWave: no wave of the channel takes the Organisation.
	ReasonNoWave Reason = "NoWave"
	// ReasonWaitingForWave: its wave is not open yet.
	ReasonWaitingForWave Reason = "WaitingForWave"
	// ReasonWaitingForSlot: its wave is open and as many as may are being updated.
	ReasonWaitingForSlot Reason = "WaitingForSlot"
	// ReasonWaitingForWindow: its own maintenance window is closed.
	ReasonWaitingForWindow Reason = "WaitingForWindow"
	// ReasonSetAside: a person lets the channel go on without it.
	ReasonSetAside Reason = "SetAside"
)

// Reasons of a ReleaseChannel.
const (
	// ReasonRolledOut: every Organisation that the release reaches has verified it.
	ReasonRolledOut Reason = "RolledOut"
	// ReasonNoMembers: no Organisation follows the channel, so there is nothing to do.
	ReasonNoMembers Reason = "NoMembers"
	// ReasonRollingOut: Organisations are being updated.
	ReasonRollingOut Reason = "RollingOut"
	// ReasonHalted: more Organisations failed than spec.maxFailures allows.
	ReasonHalted Reason = "Halted"
	// ReasonPaused: spec.paused is set.
	ReasonPaused Reason = "Paused"
	// ReasonFrozen: a freeze window is open.
	ReasonFrozen Reason = "Frozen"
	// ReasonSoaking: the open wave must serve for a while before the next one opens.
	ReasonSoaking Reason = "Soaking"
	// ReasonWaitingForApproval: the next wave opens when a person approves it.
	ReasonWaitingForApproval Reason = "WaitingForApproval"
	// ReasonWaiting: nothing can move now; the message says on what it waits.
	ReasonWaiting Reason = "Waiting"
	// ReasonRolledOutInPart: all waves are through, and some Organisations failed or are
	// set aside.
	ReasonRolledOutInPart Reason = "RolledOutInPart"
)
