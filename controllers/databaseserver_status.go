package controllers

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/postgres"
	"github.com/glific/organisation-operator/internal/settings"
	"github.com/glific/organisation-operator/internal/status"
)

// summariseServer writes what a pass saw into the status. A server that could not be
// asked keeps what was known of it, but is not Ready. kept says why a server that is being
// deleted stays.
func summariseServer(server *v1alpha1.DatabaseServer, seen postgres.Status, err error, kept string, now time.Time) {
	server.Status.ObservedGeneration = server.Generation
	mirrorRequests(server, now)
	if err == nil {
		facts(server, seen)
		privilege(server, seen, now)
	} else {
		setServer(server, v1alpha1.Tended, metav1.ConditionUnknown, serverReason(err), "the server could not be asked", now)
	}
	truth, reason, message := usable(server, seen, err)
	if kept != "" {
		truth, reason, message = metav1.ConditionFalse, v1alpha1.ReasonDeleting, kept
	}
	setServer(server, v1alpha1.Ready, truth, reason, message, now)
	prospects(server, truth, reason, message, now)
}

// stallingServer are the reasons that only a person can take away.
var stallingServer = []string{v1alpha1.ReasonServerUnsuitable, v1alpha1.ReasonLedgerMissing, v1alpha1.ReasonLedgerChanged}

// prospects say in kstatus' words whether waiting helps. Where a condition does not hold,
// it is absent.
func prospects(server *v1alpha1.DatabaseServer, ready metav1.ConditionStatus, reason, message string, now time.Time) {
	holds := v1alpha1.Reconciling
	if slices.Contains(stallingServer, reason) {
		holds = v1alpha1.Stalled
	}
	for _, condition := range []string{v1alpha1.Reconciling, v1alpha1.Stalled} {
		if ready == metav1.ConditionTrue || condition != holds {
			meta.RemoveStatusCondition(&server.Status.Conditions, condition)
			continue
		}
		setServer(server, condition, metav1.ConditionTrue, reason, message, now)
	}
}

func facts(server *v1alpha1.DatabaseServer, seen postgres.Status) {
	server.Status.Version = seen.Version
	server.Status.Tenants = int32(seen.Tenants) //nolint:gosec // a server has at most max_connections of them
	server.Status.Capacity = seen.Capacity.Words(sizes())
	server.Status.Capabilities = nil
	for _, c := range seen.Capabilities {
		server.Status.Capabilities = append(server.Status.Capabilities, string(c))
	}
}

func usable(server *v1alpha1.DatabaseServer, seen postgres.Status, err error) (truth metav1.ConditionStatus, reason, message string) {
	switch {
	case err != nil:
		return unasked(err), serverReason(err), explained(server, err)
	case len(seen.Unsuitable) > 0:
		return metav1.ConditionFalse, v1alpha1.ReasonServerUnsuitable, joined(seen.Unsuitable)
	case server.Spec.Scheduling == v1alpha1.SchedulingCordoned:
		return metav1.ConditionTrue, v1alpha1.ReasonCordoned, "answers; no new databases are placed here (spec.scheduling)"
	}
	message = "answers; " + server.Status.Capacity
	if len(seen.Weaknesses) > 0 {
		message += "; could be better: " + joined(seen.Weaknesses)
	}
	return metav1.ConditionTrue, v1alpha1.ReasonReady, message
}

func privilege(server *v1alpha1.DatabaseServer, seen postgres.Status, now time.Time) {
	if seen.LeastPrivilege {
		setServer(server, v1alpha1.LeastPrivilege, metav1.ConditionTrue, v1alpha1.ReasonReady, "the operator's role can do what it must and nothing more", now)
		return
	}
	setServer(server, v1alpha1.LeastPrivilege, metav1.ConditionFalse, v1alpha1.ReasonOverPrivileged,
		fmt.Sprintf("the operator's role %s; give it a role that can do less: docs/managed-postgres.md", joined(seen.Excess)), now)
}

// mirrorRequests shows which annotations were seen, and when first.
func mirrorRequests(server *v1alpha1.DatabaseServer, now time.Time) {
	requests := &server.Status.Requests
	for annotation, mirror := range map[string]**v1alpha1.Observation{
		v1alpha1.AnnotationAcceptLedger:    &requests.AcceptLedger,
		v1alpha1.AnnotationConfirmTeardown: &requests.ConfirmTeardown,
		v1alpha1.AnnotationLeaveData:       &requests.LeaveData,
	} {
		*mirror = status.Observed(*mirror, server.Annotations[annotation], now)
	}
}

// unasked: a server that gave a wrong answer is not ready; of one that gave none,
// nothing is known.
func unasked(err error) metav1.ConditionStatus {
	var other *ledger.OtherLedgerError
	if errors.Is(err, ledger.ErrLedgerMissing) || errors.As(err, &other) {
		return metav1.ConditionFalse
	}
	return metav1.ConditionUnknown
}

func serverReason(err error) string {
	var other *ledger.OtherLedgerError
	switch {
	case errors.As(err, &other):
		return v1alpha1.ReasonLedgerChanged
	case errors.Is(err, ledger.ErrLedgerMissing):
		return v1alpha1.ReasonLedgerMissing
	case errors.Is(err, ledger.ErrUnreachable):
		return v1alpha1.ReasonServerUnreachable
	}
	return v1alpha1.ReasonError
}

// explained adds the next step where the error does not know it.
func explained(server *v1alpha1.DatabaseServer, err error) string {
	var other *ledger.OtherLedgerError
	switch {
	case !errors.As(err, &other):
		return err.Error()
	case other.Found == "":
		return fmt.Sprintf("%v; point spec.postgreSQL back at the server that has that ledger, or restore its databases, organisation_operator among them", err)
	}
	return fmt.Sprintf("%v; point spec.postgreSQL back at the server that has that ledger, or, if this one is to take its place: kubectl annotate databaseserver %s --overwrite %s=%s",
		err, server.Name, v1alpha1.AnnotationAcceptLedger, other.Found)
}

func joined(words []string) string { return strings.Join(words, "; ") }

// sizes are the built-in ones: a profile's own differ from profile to profile.
func sizes() []ledger.Size {
	var sizes []ledger.Size
	for _, size := range settings.Sizes(nil) {
		sizes = append(sizes, ledger.Size{Name: size.Name, Limit: int(size.ConnectionLimit)})
	}
	return sizes
}

// maxServerMessage keeps a status small, and has room for the names of a few databases;
// the API allows 32768 bytes.
const maxServerMessage = 2048

func setServer(server *v1alpha1.DatabaseServer, condition string, truth metav1.ConditionStatus, reason, message string, now time.Time) {
	meta.SetStatusCondition(&server.Status.Conditions, metav1.Condition{
		Type: condition, Status: truth, Reason: reason, Message: status.Bounded(message, maxServerMessage),
		ObservedGeneration: server.Generation, LastTransitionTime: metav1.NewTime(now),
	})
}
