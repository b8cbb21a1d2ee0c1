package status

import (
	"cmp"
	"fmt"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/fleet"
	"github.com/glific/organisation-operator/internal/plan"
	"github.com/glific/organisation-operator/internal/step"
	"github.com/glific/organisation-operator/internal/update"
)

// channel notes the answer to a slot, and what follows from it.
func (s summary) channel() {
	status, view := &s.org.Status, s.pass.View
	status.Release.Channel, status.Release.Wave = view.Settings.Channel, ""
	status.Update = view.Update.Update
	s.proof()
	if view.Settings.Channel == "" || view.Live == nil || view.Live.Channel == nil {
		return
	}
	status.Release.Target = view.Update.Target
	status.Release.Wave, _, _ = s.explain()
}

// proof notes what was verified last, with the schema on which it was. A release that a new
// Organisation started on, or a suspended one resumed on, was verified by the channel.
func (s summary) proof() {
	u, r := s.org.Status.Update, &s.org.Status.Release
	switch {
	case u != nil && u.Outcome == v1alpha1.OutcomeVerified && s.follows() && s.pass.Serving == u.Release && s.pass.View.Update.Target == u.Release:
	case s.follows() && (u == nil || u.Outcome == v1alpha1.OutcomeVerified) && s.pass.Serving == s.pass.View.Live.Channel.Status.Verified && s.pass.Serving == s.pass.View.Update.Target && r.Verified != s.pass.Serving:
	default:
		return
	}
	r.Verified = s.pass.Serving
	if tenant := s.pass.View.Live.Ledger.Tenant; tenant != nil {
		r.Schema = plan.Schema(tenant)
	}
}

// explain says why the channel does not move the Organisation now.
func (s summary) explain() (wave, reason, message string) {
	view := s.pass.View
	profile := v1alpha1.OrganisationProfileSpec{}
	if view.Live.Profile != nil {
		profile = view.Live.Profile.Spec
	}
	member := fleet.MemberOf(s.org, profile)
	member.Pending = s.pass.Pending
	return fleet.Explain(view.Live.Channel, member, s.pass.Now)
}

// follows tells whether a channel decides on the release.
func (s summary) follows() bool {
	return s.pass.View.Settings.Channel != "" && s.pass.View.Live != nil && s.pass.View.Live.Channel != nil
}

// failed tells whether the update to what the channel still wants failed, and nobody
// asked for another try.
func (s summary) failed() bool {
	u := s.org.Status.Update
	return s.follows() && update.Failed(u) && u.Release == s.pass.View.Live.Channel.Spec.Release && u.RetryAt == s.pass.View.Plan.RetryAt
}

// failedAt tells whether an update failed at what a step still waits for. Its verdict is
// the louder one: Kubernetes goes on waiting for pods long after the update has not.
func (s summary) failedAt(worst *step.Named) bool {
	moved := []string{v1alpha1.Migrated, v1alpha1.MessagingReady, v1alpha1.Reachable}
	return s.failed() && worst != nil && worst.Kind == step.KindWaiting && slices.Contains(moved, worst.Condition)
}

// updating tells whether an update goes on.
func (s summary) updating() bool {
	u := s.org.Status.Update
	return s.follows() && u != nil && u.Answer == v1alpha1.SlotAccepted
}

// keptBack says, of an Organisation whose steps are all done, what its channel keeps from it.
func (s summary) keptBack() (reason, message string, is bool) {
	if !s.follows() {
		return "", "", false
	}
	wanted := s.pass.View.Live.Channel.Spec.Release
	if s.pass.Serving == wanted && len(s.pass.Pending) == 0 && !s.failed() && !s.updating() {
		return "", "", false
	}
	_, reason, message = s.explain()
	if u := s.org.Status.Update; u != nil && u.Release == wanted {
		message = cmp.Or(message, u.Message)
	}
	message = cmp.Or(message, "it has a slot and is about to begin")
	return reason, fmt.Sprintf("Release %s serves; ReleaseChannel %s wants %s: %s", s.pass.Serving, s.pass.View.Settings.Channel, wanted, message), true
}

// judged is the verdict of an update on an Organisation whose steps are all done, or of
// one that failed.
func (s summary) judged() bool {
	u := s.org.Status.Update
	switch {
	case s.failed():
		s.set(v1alpha1.Ready, metav1.ConditionFalse, u.Reason, u.Message)
		s.set(v1alpha1.Stalled, metav1.ConditionTrue, u.Reason, u.Message)
		s.drop(v1alpha1.Reconciling)
	case s.updating():
		message := fmt.Sprintf("%s of Release %s: %s", u.Stage, u.Release, u.Message)
		s.set(v1alpha1.Ready, metav1.ConditionFalse, v1alpha1.ReasonUpdating, message)
		s.set(v1alpha1.Reconciling, metav1.ConditionTrue, v1alpha1.ReasonUpdating, message)
		s.drop(v1alpha1.Stalled)
	default:
		return false
	}
	return true
}
