package controllers

import (
	"errors"
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/postgres"
	"github.com/glific/organisation-operator/internal/settings"
)

// summariseServer writes what a pass saw into the status. A server that could not be
// asked keeps what was known of it, but is not Ready.
func summariseServer(server *v1alpha1.DatabaseServer, seen postgres.Status, err error, now time.Time) {
	server.Status.ObservedGeneration = server.Generation
	if err != nil {
		setServer(server, v1alpha1.Ready, unasked(err), serverReason(err), err.Error(), now)
		return
	}
	server.Status.Version = seen.Version
	server.Status.Tenants = int32(seen.Tenants) //nolint:gosec // a server has at most max_connections of them
	server.Status.Capacity = seen.Capacity.Words(sizes())
	server.Status.Capabilities = nil
	for _, c := range seen.Capabilities {
		server.Status.Capabilities = append(server.Status.Capabilities, string(c))
	}
	usable(server, seen, now)
	privilege(server, seen, now)
}

func usable(server *v1alpha1.DatabaseServer, seen postgres.Status, now time.Time) {
	switch {
	case len(seen.Unsuitable) > 0:
		setServer(server, v1alpha1.Ready, metav1.ConditionFalse, v1alpha1.ReasonServerUnsuitable, joined(seen.Unsuitable), now)
	case server.Spec.Scheduling == v1alpha1.SchedulingCordoned:
		setServer(server, v1alpha1.Ready, metav1.ConditionTrue, v1alpha1.ReasonCordoned, "answers; no new databases are placed here (spec.scheduling)", now)
	default:
		message := "answers; " + server.Status.Capacity
		if len(seen.Weaknesses) > 0 {
			message += "; could be better: " + joined(seen.Weaknesses)
		}
		setServer(server, v1alpha1.Ready, metav1.ConditionTrue, v1alpha1.ReasonReady, message, now)
	}
}

func privilege(server *v1alpha1.DatabaseServer, seen postgres.Status, now time.Time) {
	if seen.LeastPrivilege {
		setServer(server, v1alpha1.LeastPrivilege, metav1.ConditionTrue, v1alpha1.ReasonReady, "the operator's role can do what it must and nothing more", now)
		return
	}
	setServer(server, v1alpha1.LeastPrivilege, metav1.ConditionFalse, v1alpha1.ReasonOverPrivileged,
		fmt.Sprintf("the operator's role %s; give it a role that can do less: docs/managed-postgres.md", joined(seen.Excess)), now)
}

func unasked(err error) metav1.ConditionStatus {
	if errors.Is(err, ledger.ErrLedgerMissing) || errors.Is(err, ledger.ErrLoginRefused) {
		return metav1.ConditionFalse
	}
	return metav1.ConditionUnknown
}

func serverReason(err error) string {
	switch {
	case errors.Is(err, ledger.ErrLedgerMissing):
		return v1alpha1.ReasonLedgerMissing
	case errors.Is(err, ledger.ErrUnreachable):
		return v1alpha1.ReasonServerUnreachable
	}
	return v1alpha1.ReasonError
}

// sizes are the built-in ones: a profile's own differ from profile to profile.
func sizes() []ledger.Size {
	var sizes []ledger.Size
	for _, size := range settings.Sizes(nil) {
		sizes = append(sizes, ledger.Size{Name: size.Name, Limit: int(size.ConnectionLimit)})
	}
	return sizes
}

func setServer(server *v1alpha1.DatabaseServer, condition string, status metav1.ConditionStatus, reason, message string, now time.Time) {
	meta.SetStatusCondition(&server.Status.Conditions, metav1.Condition{
		Type: condition, Status: status, Reason: reason, Message: message,
		ObservedGeneration: server.Generation, LastTransitionTime: metav1.NewTime(now),
	})
}
