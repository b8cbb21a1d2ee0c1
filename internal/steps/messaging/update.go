package messaging

import (
	"cmp"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/step"
	"github.com/glific/organisation-operator/internal/update"
)

// Pods says how the pods of the target release stand, for the update that waits for them.
// They are judged by the Deployments' counts of updated pods, never by readiness alone,
// since pods of the old release are ready too; and by the images that nodes say they run.
func Pods(v step.View) update.Pods {
	released := current(v.Live)
	p := update.Pods{Message: "pods of Release " + v.Settings.Release + " are not asked for yet"}
	if released == nil || released.Release != v.Settings.Release {
		return p
	}
	if wanted := fresh(v, released); wanted != nil && wanted.name != released.name {
		p.Converged = stands(v, *released)
		return p
	}
	if last := entering(v, released); last != nil {
		return update.Pods{Asked: true, Appeared: true, Mode: v1alpha1.UpdateHot, Entering: last.State == v1alpha1.HotUpgrading, Exceeded: last.State != v1alpha1.HotUpgrading, Message: last.Message}
	}
	d := deployment(v, names.Backend)
	seen := d != nil && observed(d) && d.Spec.Template.Labels[v1alpha1.LabelRelease] == released.Release
	outcome := judge(v, *released, names.Backend)
	p.Asked, p.Mode, p.Message = true, modeOf(v, released), outcome.Message
	p.Appeared = seen && d.Status.UpdatedReplicas > 0
	p.Exceeded = seen && deadlineExceeded(d)
	p.Converged = stands(v, *released)
	if stale := cmp.Or(outdated(v, *released, names.Backend), outdated(v, *released, names.Frontend)); stale != "" {
		p.Converged, p.Message = false, stale
	} else if what := trouble(v, *released); what != "" && !p.Converged {
		p.Message += "; " + what
	}
	return p
}

// stands tells whether every pod is of the revision, and ready.
func stands(v step.View, released revision) bool {
	return judge(v, released, names.Backend).IsDone() && (released.Frontend == nil || judge(v, released, names.Frontend).IsDone())
}

// Lacking is what the target release still lacks before any pod may change; nil if
// nothing. Migrations come later and are not looked at.
func Lacking(v step.View) *update.Obstacle {
	if what := undeclared(v); what != "" {
		return &update.Obstacle{Reason: v1alpha1.ReasonPending, Message: what, Passing: true}
	}
	env, ok := v.Environment()
	if ok && len(env.Problems) > 0 {
		return &update.Obstacle{Reason: v1alpha1.ReasonConfigIncomplete, Message: problems(env)}
	}
	if _, err := v.Settings.PoolSize(v.Live.Release); err != nil {
		return &update.Obstacle{Reason: v1alpha1.ReasonConnectionBudgetExceeded, Message: err.Error()}
	}
	for _, missing := range []func(step.View) string{unfilled, unprojected} {
		if what := missing(v); what != "" {
			return &update.Obstacle{Reason: v1alpha1.ReasonPending, Message: what, Passing: true}
		}
	}
	return nil
}
