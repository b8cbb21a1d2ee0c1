package messaging

import (
	"cmp"
	"fmt"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/fleet"
	"github.com/glific/organisation-operator/internal/jitter"
	"github.com/glific/organisation-operator/internal/step"
)

const (
	day = 24 * time.Hour
	// defaultRenewal in days after the last upgrade of running pods.
	defaultRenewal = 30
	// renewalsWithin spreads a fleet that was upgraded in one night.
	renewalsWithin = 7 * day
)

// renew asks for new pods some time after the last upgrade of running ones: what runs
// drifts from what a start would make, and a pod that cannot start is better found on a
// quiet night. The mark in the template is the revision's, so that it happens once.
func (s *Step) renew(v step.View, d *appsv1.Deployment) {
	last, released := v.Org.Status.Hot, current(v.Live)
	if last.State != v1alpha1.HotComplete || last.Reason != "" || last.EndedAt == nil || released == nil || released.Update.Hot == nil || released.name != last.Revision {
		return
	}
	days := cmp.Or(released.Update.Hot.RenewAfterDays, defaultRenewal)
	due := last.EndedAt.Add(time.Duration(days)*day + jitter.Of(v.Org.Identity(), renewalsWithin))
	if now := s.Clock.Now(); now.Before(due) || !fleet.Quiet(v.Live.Channel, windowOf(v.Org), now) || !complete(d) {
		return
	}
	last.Reason = v1alpha1.HotRenewed
	s.say(v, fmt.Sprintf("new pods of Release %s are made, %d days and more after new code entered the running ones (spec.update.hot.renewAfterDays)", last.Release, days))
	s.Hot.Tell(v.Org, corev1.EventTypeNormal, "HotUpgradeRenewed", last.Message)
}

func windowOf(org *v1alpha1.Organisation) *v1alpha1.Window {
	if org.Spec.Release == nil {
		return nil
	}
	return org.Spec.Release.Window
}
