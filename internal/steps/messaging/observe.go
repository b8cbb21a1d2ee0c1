package messaging

import (
	"fmt"
	"strings"

	appsv1 "k8s.io/api/apps/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/snapshot"
	"github.com/glific/organisation-operator/internal/step"
)

// Observe judges the live Deployments against the current revision. A change that
// waits for a restart does not show here: what was released serves.
func (*Step) Observe(v step.View) step.Outcome {
	if v.Plan.Suspended {
		return stopped(v)
	}
	released := current(v.Live)
	if released == nil {
		return unreleased(v)
	}
	if last := entering(v, released); last != nil {
		return upgrading(last)
	}
	outcome := judge(v, *released, names.Backend)
	if outcome.IsDone() && released.Frontend != nil {
		if front := judge(v, *released, names.Frontend); !front.IsDone() {
			return front
		}
	}
	return outcome
}

// unreleased: no template was ever released, or its record is gone.
func unreleased(v step.View) step.Outcome {
	missing := obstacle(v)
	if missing == "" {
		missing = fmt.Sprintf("Deployment %s of Release %s is about to be created", names.Backend, v.Settings.Release)
	}
	if d := deployment(v, names.Backend); d != nil {
		return step.Waiting(v1alpha1.ReasonPending, fmt.Sprintf(
			"the record of what was released is gone; Deployment %s is left as it is (%s available): %s",
			names.Backend, pods(d.Status.AvailableReplicas), missing), 0)
	}
	return step.Waiting(v1alpha1.ReasonPending, "no pod is started yet: "+missing, 0)
}

// stopped tells whether the last pod has ended: only then is nothing of this NGO at work.
func stopped(v step.View) step.Outcome {
	ending, seen := int32(0), true
	for _, component := range []string{names.Backend, names.Frontend} {
		if d := deployment(v, component); d != nil {
			ending += d.Status.Replicas + terminating(d)
			seen = seen && observed(d) && wanted(d) == 0
		}
	}
	switch {
	case ending > 0:
		return step.Waiting(v1alpha1.ReasonProgressing, pods(ending)+" of the suspended Organisation still to end", 0)
	case !seen:
		return step.Waiting(v1alpha1.ReasonProgressing, "the suspended Organisation's Deployments are about to be scaled to nothing", 0)
	}
	return step.Done(v1alpha1.ReasonSuspended, "spec.power is Suspended and no pod runs")
}

// judge one Deployment against what was released. The order matters: figures and
// conditions of an earlier generation say nothing about this one.
func judge(v step.View, released revision, component string) step.Outcome {
	d := deployment(v, component)
	switch {
	case d == nil:
		return waiting("Deployment %s of Release %s is about to be created", component, released.Release)
	case d.Spec.Template.Labels[v1alpha1.LabelRelease] != released.Release:
		return waiting("Deployment %s still has the pods of Release %s; Release %s comes next", component, d.Spec.Template.Labels[v1alpha1.LabelRelease], released.Release)
	case !observed(d):
		return waiting("Deployment %s of Release %s was just changed; its pods are not counted yet", component, released.Release)
	case complete(d):
		return step.Done(v1alpha1.ReasonReady, fmt.Sprintf("Release %s serves with %s", released.Release, pods(wanted(d))))
	case deadlineExceeded(d):
		return step.Stalled(v1alpha1.ReasonNeverHealthy, neverHealthy(v, d, released.Release, component))
	case replicaFailure(d) != "":
		return waiting("pods of Release %s cannot be created: %s; raise spec.size or what forbids them in namespace %s", released.Release, replicaFailure(d), v.Settings.Namespace)
	case rolledOut(d):
		return step.Waiting(v1alpha1.ReasonUnavailable, unavailable(v, d, released.Release, component), 0)
	}
	return waiting("%s", progress(d, released.Release, component))
}

func waiting(format string, args ...any) step.Outcome {
	return step.Waiting(v1alpha1.ReasonProgressing, fmt.Sprintf(format, args...), 0)
}

// progress counts. While old pods run as well, the Deployment does not say of which
// release the available ones are.
func progress(d *appsv1.Deployment, release, component string) string {
	s := d.Status
	if s.Replicas > s.UpdatedReplicas {
		return fmt.Sprintf("%d of %d pods of Release %s are started, %d available with the old ones; Deployment %s has %d s",
			s.UpdatedReplicas, wanted(d), release, s.AvailableReplicas, component, deadline(d))
	}
	return fmt.Sprintf("%d of %d pods of Release %s are ready; Deployment %s has %d s", s.AvailableReplicas, wanted(d), release, component, deadline(d))
}

func unavailable(v step.View, d *appsv1.Deployment, release, component string) string {
	return fmt.Sprintf("%d of %d pods of Release %s are ready; see `%s`", d.Status.AvailableReplicas, wanted(d), release, look(v, component))
}

func neverHealthy(v step.View, d *appsv1.Deployment, release, component string) string {
	parts := []string{fmt.Sprintf("Release %s never became ready within %d s", release, deadline(d))}
	if serving := d.Status.AvailableReplicas; serving > 0 {
		parts = append(parts, fmt.Sprintf("%s still available", pods(serving)))
	} else {
		parts = append(parts, "no pod is available")
	}
	if failure := replicaFailure(d); failure != "" {
		parts = append(parts, "pods cannot be created: "+failure)
	}
	parts = append(parts, fmt.Sprintf("see `%s`, then correct the configuration, name another Release, or set the annotation %s to try again", look(v, component), v1alpha1.AnnotationRestartAt))
	return strings.Join(parts, "; ")
}

func look(v step.View, component string) string {
	return fmt.Sprintf("kubectl -n %s describe pods -l %s=%s", v.Settings.Namespace, v1alpha1.LabelComponent, component)
}

func pods(n int32) string {
	if n == 1 {
		return "1 pod"
	}
	return fmt.Sprintf("%d pods", n)
}

func deployment(v step.View, component string) *appsv1.Deployment {
	return snapshot.Find[*appsv1.Deployment](v.Live, "Deployment", v.Settings.Namespace, component)
}
