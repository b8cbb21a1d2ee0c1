package messaging

import (
	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/step"
)

// Pending lists the causes of the change that waits for a restart, sorted; empty if
// nothing waits, or while the wanted templates cannot be made: then other conditions
// say what is missing.
func Pending(v step.View) []string { return decide(v, current(v.Live)).pending }

// Available tells whether at least one back-end pod is ready, of whatever release.
func Available(v step.View) bool {
	d := deployment(v, names.Backend)
	return d != nil && d.Status.AvailableReplicas > 0
}

// Serving is the Release that is proved to run: the current one once a pod of it is
// available and no older pod is left; while an update is under way, the one that was
// proved last (status.release.serving), since its pods still answer. "" if no pod is
// available.
func Serving(v step.View) string {
	d, released := deployment(v, names.Backend), current(v.Live)
	if !Available(v) || released == nil {
		return ""
	}
	updated := observed(d) && d.Status.Replicas == d.Status.UpdatedReplicas &&
		d.Spec.Template.Labels[v1alpha1.LabelRelease] == released.Release
	if updated {
		return released.Release
	}
	return v.Org.Status.Release.Serving
}
