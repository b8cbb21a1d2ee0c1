package status

import (
	"github.com/prometheus/client_golang/prometheus"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/metrics"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/update"
)

// outcomes counts since the start of the process; rate() and increase() bear restarts.
// There is no series per NGO: which one failed is in status, in Events and in
// organisation_status_condition.
var outcomes = prometheus.NewCounterVec(prometheus.CounterOpts{
	Name: "organisation_update_outcomes_total",
	Help: "Updates of Organisations that ended, by channel and outcome (Verified, NeverHealthy, Unhealthy, RolledBack, RollbackBlocked, MigrationFailed, Superseded, Declined).",
}, []string{"channel", "outcome"})

func init() { metrics.Registry.MustRegister(outcomes) }

// outcomeDeclined is the label of a slot that was given back before anything changed.
const outcomeDeclined = string(v1alpha1.SlotDeclined)

// ended tells what the writing of a status makes known: that an update ended; nil if it
// makes nothing known.
func ended(before, after *v1alpha1.Organisation) *v1alpha1.UpdateStatus {
	was, is := before.Status.Update, after.Status.Update
	switch {
	case is == nil || is.Answer == v1alpha1.SlotAccepted:
		return nil
	case was != nil && was.Channel == is.Channel && was.Token == is.Token && was.Answer == is.Answer:
		return nil // it had ended before
	}
	return is
}

// conclude counts an update that ended, and tells people in an Event beside which the
// channel stands.
func (w *Writer) conclude(org *v1alpha1.Organisation, u *v1alpha1.UpdateStatus) {
	outcome, kind := string(u.Outcome), corev1.EventTypeNormal
	if u.Answer == v1alpha1.SlotDeclined {
		outcome = outcomeDeclined
	}
	outcomes.WithLabelValues(u.Channel, outcome).Inc()
	if update.Failed(u) {
		kind = corev1.EventTypeWarning
	}
	channel := &v1alpha1.ReleaseChannel{ObjectMeta: metav1.ObjectMeta{Name: u.Channel}}
	w.Events.Eventf(org, channel, kind, concluded(u), "Update", "%s", u.Message)
}

// concluded is the reason that people see: the outcome, or why a slot was declined.
func concluded(u *v1alpha1.UpdateStatus) string {
	if u.Answer == v1alpha1.SlotDeclined {
		return u.Reason
	}
	return string(u.Outcome)
}
