package v1alpha1

// Finalizer keeps an Organisation until its logins are off and its namespace is gone.
const Finalizer = "tenancy.glific.org/organisation"

// FinalizerInUse keeps a Release or a DatabaseServer while an Organisation needs it.
const FinalizerInUse = "tenancy.glific.org/in-use"

// What a person asks for now. Git does not hold these annotations, so that
// self-healing GitOps does not revert them; each is mirrored in status.
const (
	// AnnotationHold stops every change, with a reason; it wins over spec.
	AnnotationHold = "tenancy.glific.org/hold"
	// AnnotationRetryAt asks for one more try of what failed.
	AnnotationRetryAt = "tenancy.glific.org/retry-at"
	// AnnotationReconcileAt asks for one pass now.
	AnnotationReconcileAt = "tenancy.glific.org/reconcile-at"
	// AnnotationRestartAt restarts the pods and puts pending changes in force.
	AnnotationRestartAt = "tenancy.glific.org/restart-at"
	// AnnotationApprove on a ReleaseChannel lets a wave open: <wave>@<release>.
	AnnotationApprove = "tenancy.glific.org/approve"
	// AnnotationSetAside on an Organisation lets its channel go on without it; its value
	// is the release at which it failed.
	AnnotationSetAside = "tenancy.glific.org/set-aside"
	// AnnotationConfirmTeardown lets a teardown go on that the breaker holds. Its value
	// names what it confirms, as the condition says it: <name>@<generation> on an
	// Organisation, a digest of the held databases on a DatabaseServer.
	AnnotationConfirmTeardown = "tenancy.glific.org/confirm-teardown"
	// AnnotationAcceptLedger on a DatabaseServer is the UUID of a ledger that may be found
	// there instead of the one in status.
	AnnotationAcceptLedger = "tenancy.glific.org/accept-ledger"
	// AnnotationLeaveData on a DatabaseServer lets it be deleted although data is kept
	// there, which stays where it is; its value is the name.
	AnnotationLeaveData = "tenancy.glific.org/leave-data"
)

// What the operator notes on objects.
const (
	// AnnotationServer on an Organisation is the DatabaseServer that was chosen once.
	AnnotationServer = "tenancy.glific.org/database-server"
	// AnnotationAdopted on an Organisation is the identity that it took over because
	// the server's spec.adoption allowed it; written once, with AnnotationServer.
	AnnotationAdopted = "tenancy.glific.org/adopted-identity"
	// AnnotationApplied is the digest of what was last applied to an object.
	AnnotationApplied = "tenancy.glific.org/applied"
	// AnnotationHot on a Pod says how far a hot upgrade of its node has come; on a
	// Deployment, that one is under way; on a pod template, that one was broken off, so
	// that new pods end the mixture.
	AnnotationHot = "tenancy.glific.org/hot"
	// AnnotationAttempt on a Job is the run in the ledger that it carries out.
	AnnotationAttempt = "tenancy.glific.org/attempt"
	// AnnotationInputs on a ControllerRevision says what its templates were made from,
	// by cause.
	AnnotationInputs = "tenancy.glific.org/inputs"
	// AnnotationRevision on a Deployment is the number of the ControllerRevision that it
	// renders: what is read of ControllerRevisions may be older than the Deployment.
	AnnotationRevision = "tenancy.glific.org/revision"
)

// Labels on everything that the operator owns.
const (
	// LabelManagedBy has the value ManagedBy on every owned object; caches select by it.
	LabelManagedBy = "app.kubernetes.io/managed-by"
	// LabelPartOf has the value PartOf.
	LabelPartOf = "app.kubernetes.io/part-of"
	// LabelComponent is backend, frontend, bootstrap …
	LabelComponent = "app.kubernetes.io/component"
	// LabelOrganisation is the name of the Organisation.
	LabelOrganisation = "tenancy.glific.org/organisation"
	// LabelIdentity is the identity; together with the name it proves ownership.
	LabelIdentity = "tenancy.glific.org/identity"
	// LabelStep is the step that renders the object.
	LabelStep = "tenancy.glific.org/step"
	// LabelRelease is the Release that a pod template or Job serves.
	LabelRelease = "tenancy.glific.org/release"
	// LabelTenant on a namespace is "true": admission policies key on it.
	LabelTenant = "tenancy.glific.org/tenant"

	// ManagedBy is the value of LabelManagedBy.
	ManagedBy = "organisation-operator"
	// PartOf is the value of LabelPartOf.
	PartOf = "organisation"
)
