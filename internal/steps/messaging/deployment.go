package messaging

import (
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
)

// Reasons of the condition Progressing, as the Deployment controller writes them
// (Kubernetes: Deployments, "Failed Deployment").
const (
	reasonDeadlineExceeded = "ProgressDeadlineExceeded"
	reasonRolledOut        = "NewReplicaSetAvailable"
)

// observed tells whether status speaks of the spec that is there now. Conditions have
// no generation of their own, so before that they may be those of another template.
func observed(d *appsv1.Deployment) bool { return d.Status.ObservedGeneration >= d.Generation }

func wanted(d *appsv1.Deployment) int32 {
	if d.Spec.Replicas == nil {
		return 1
	}
	return *d.Spec.Replicas
}

func deadline(d *appsv1.Deployment) int32 {
	if d.Spec.ProgressDeadlineSeconds == nil {
		return defaultDeadline
	}
	return *d.Spec.ProgressDeadlineSeconds
}

// terminating pods are counted by newer API servers only (KEP-3973).
func terminating(d *appsv1.Deployment) int32 {
	if d.Status.TerminatingReplicas == nil {
		return 0
	}
	return *d.Status.TerminatingReplicas
}

// complete: every pod has the new template and is available, and no other is left.
func complete(d *appsv1.Deployment) bool {
	n, s := wanted(d), d.Status
	return observed(d) && s.UpdatedReplicas == n && s.Replicas == n && s.AvailableReplicas == n
}

// rolledOut: the template was proved to run; what is missing now failed later.
func rolledOut(d *appsv1.Deployment) bool {
	c := condition(d, appsv1.DeploymentProgressing)
	return c != nil && c.Reason == reasonRolledOut && d.Status.Replicas == d.Status.UpdatedReplicas && d.Status.UpdatedReplicas == wanted(d)
}

func deadlineExceeded(d *appsv1.Deployment) bool {
	c := condition(d, appsv1.DeploymentProgressing)
	return c != nil && c.Status == corev1.ConditionFalse && c.Reason == reasonDeadlineExceeded
}

// replicaFailure is why pods cannot be created: a quota, Pod Security; "" if they can.
func replicaFailure(d *appsv1.Deployment) string {
	if c := condition(d, appsv1.DeploymentReplicaFailure); c != nil && c.Status == corev1.ConditionTrue {
		return c.Message
	}
	return ""
}

func condition(d *appsv1.Deployment, kind appsv1.DeploymentConditionType) *appsv1.DeploymentCondition {
	for i := range d.Status.Conditions {
		if d.Status.Conditions[i].Type == kind {
			return &d.Status.Conditions[i]
		}
	}
	return nil
}
