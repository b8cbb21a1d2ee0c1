package show

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// next says what a person can do about a reason; NAME is the Organisation. A reason
// that is not here cures itself, or its message says all.
var next = map[v1alpha1.Reason]string{
	v1alpha1.ReasonProfileNotFound:          "create the OrganisationProfile, or name another in spec.profile",
	v1alpha1.ReasonReleaseNotFound:          "create the Release, or name another in spec.release",
	v1alpha1.ReasonInvalidSpec:              "correct the field that the message names, and apply again",
	v1alpha1.ReasonNameConflict:             "remove or rename what has the name, or choose another name for the Organisation",
	v1alpha1.ReasonHostnameTaken:            "choose another host, or remove it from the Organisation that holds it; it is taken as soon as it is free",
	v1alpha1.ReasonNoServer:                 "add or uncordon a DatabaseServer that spec.database.serverSelector matches: kubectl get databaseservers --show-labels",
	v1alpha1.ReasonServerUnreachable:        "look at the DatabaseServer and the network to it: kubectl describe databaseservers; it is tried again by itself",
	v1alpha1.ReasonServerUnsuitable:         "do what the DatabaseServer's conditions say: kubectl describe databaseservers",
	v1alpha1.ReasonRetainedDataFound:        "create NAME again with spec.adopt.uid to have that data back, or with spec.adopt.fresh: true to begin empty",
	v1alpha1.ReasonDatabaseLost:             "restore the database, or correct spec.adopt; nothing is created in its place",
	v1alpha1.ReasonNothingToAdopt:           "correct spec.adopt.uid: kubectl glific retained shows what is kept",
	v1alpha1.ReasonConnectionBudgetExceeded: "lower spec.database.connectionLimit or the size, or move to a server with room: kubectl get databaseservers",
	v1alpha1.ReasonKeyLost:                  "restore the Secret that the message names from its backup; without it stored credentials cannot be read",
	v1alpha1.ReasonKeyMismatch:              "restore the right Secret from its backup: these keys cannot read what the database holds",
	v1alpha1.ReasonSecretNotFound:           "create the Secret that the message names; it is taken as soon as it is there",
	v1alpha1.ReasonReservedKey:              "remove the key that the message names from its Secret",
	v1alpha1.ReasonConfigIncomplete:         "set the key that the message names: kubectl glific config NAME shows where each comes from",
	v1alpha1.ReasonBootstrapFailed:          "read why: kubectl glific logs NAME --task bootstrap; then kubectl glific retry NAME",
	v1alpha1.ReasonAdminPasswordFailed:      "read why: kubectl glific logs NAME --task admin-password; then kubectl glific retry NAME",
	v1alpha1.ReasonMigrationFailed:          "read why: kubectl glific logs NAME --task migration; then kubectl glific retry NAME, or name the release that serves",
	v1alpha1.ReasonNeverHealthy:             "read why: kubectl glific logs NAME --previous; then kubectl glific retry NAME, or name the release that served",
	string(v1alpha1.OutcomeUnhealthy):       "read why: kubectl glific logs NAME --previous; then kubectl glific retry NAME, or name the release that served",
	string(v1alpha1.OutcomeRolledBack):      "what served before serves; find out why, correct it in another Release, or try this one again: kubectl glific retry NAME",
	string(v1alpha1.OutcomeRollbackBlocked): "the schema has moved on, so only forward helps: correct it in another Release, or try again: kubectl glific retry NAME",
	v1alpha1.ReasonUnavailable:              "read why: kubectl glific logs NAME; pods that ended are replaced by themselves",
	v1alpha1.ReasonAPIMissing:               "install the API that the message names, or choose another spec.routing in the profile",
	v1alpha1.ReasonNotAccepted:              "correct the Gateway that the message names, or spec.routing of the profile",
	v1alpha1.ReasonCertificatePending:       "look at the Certificate and at the DNS of its hosts: kubectl describe certificates -n org-NAME",
	v1alpha1.ReasonNotRouted:                "lead the hosts that the message names to the Service backend yourself",
	v1alpha1.ReasonGatewayUnreachable:       "see whether the gateway's pods run and whether the operator may reach them; from here: kubectl glific doctor NAME",
	v1alpha1.ReasonCertificateInvalid:       "renew the certificate of the Gateway or Ingress: kubectl glific doctor NAME shows it",
	v1alpha1.ReasonHTTPFailed:               "read why: kubectl glific logs NAME; kubectl glific doctor NAME asks link by link",
	v1alpha1.ReasonWebsocketRefused:         "see REQUEST_ORIGIN with kubectl glific config NAME, and whether the gateway lets websockets through",
	v1alpha1.ReasonForeignOriginAccepted:    "do not roll this release out further: it must check the Origin (check_origin)",
	v1alpha1.ReasonNameUnresolved:           "create the DNS record of the host that the message names, or set spec.routing.probe.address of the profile if its users need none",
	v1alpha1.ReasonLoginRefused:             "if NAME is held, let it go on: kubectl glific release NAME; otherwise see pg_hba.conf and the role on its DatabaseServer",
	v1alpha1.ReasonNotProbed:                "give the profile's spec.routing an address of the gateway, so that hosts are asked as their users would",
	v1alpha1.ReasonBackupMissing:            "make a dump, or set spec.backup: Accepted on the ReleaseChannel",
	v1alpha1.ReasonNoWave:                   "give it a label that a wave of its ReleaseChannel selects",
	v1alpha1.ReasonChangePending:            "see what would change: kubectl glific diff NAME; put it in force: kubectl glific restart NAME",
	v1alpha1.ReasonTeardownHeld:             "make sure that these deletions are meant; then set the annotation that the message above names",
	v1alpha1.ReasonNamespaceTerminating:     "find what keeps the namespace: kubectl describe namespace org-NAME",
	v1alpha1.ReasonHeld:                     "let it go on when you are done: kubectl glific release NAME",
	v1alpha1.ReasonSuspended:                "start it again: kubectl glific resume NAME",
	v1alpha1.ReasonError:                    "it is tried again by itself; if it stays: kubectl glific report NAME",
}

// Advice is what a person can do about a reason; "" if it cures itself, or if its
// message says all.
func Advice(organisation string, reason v1alpha1.Reason) string {
	return strings.ReplaceAll(next[reason], "NAME", organisation)
}

// NextStep is what a person can do now, in words; "" if nothing needs to be done.
func NextStep(org *v1alpha1.Organisation) string {
	for _, reason := range reasons(org) {
		if step := Advice(org.Name, reason); step != "" {
			return step
		}
	}
	switch HealthOf(org).State {
	case Provisioning, Updating, Reconciling, Suspending, Deleting:
		return fmt.Sprintf("nothing to do but wait: kubectl glific status %s --watch", org.Name)
	case Unseen:
		return "see whether the operator runs: kubectl glific version"
	}
	return ""
}

// reasons that ask for something, the one that weighs most first.
func reasons(org *v1alpha1.Organisation) []v1alpha1.Reason {
	found := []v1alpha1.Reason{HealthOf(org).Reason}
	for _, condition := range []string{v1alpha1.UpToDate, v1alpha1.RouteReady} {
		c := meta.FindStatusCondition(org.Status.Conditions, condition)
		if c != nil && (c.Reason == v1alpha1.ReasonChangePending || c.Reason == v1alpha1.ReasonNotRouted) {
			found = append(found, c.Reason)
		}
	}
	if org.Annotations[v1alpha1.AnnotationHold] != "" {
		found = append(found, v1alpha1.ReasonHeld)
	}
	return found
}
