package workloads

import (
	"time"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// now is in whole seconds, as the API stores it; else every comparison would
// find a difference.
func (s *Script) now() metav1.Time {
	if s.Clock == nil {
		return metav1.NewTime(time.Now().Truncate(time.Second))
	}
	return metav1.NewTime(s.Clock.Now().Truncate(time.Second))
}

// endJob writes the status that the Job controller leaves. The API server
// insists on its rules: an interim condition before the final one, a completion
// time only with success (KEP-3998, KEP-4368).
func endJob(job *batchv1.Job, ending Ending, now metav1.Time) {
	suspended := job.Spec.Suspend != nil && *job.Spec.Suspend
	if jobEnded(job) || suspended || ending == Waits {
		return
	}
	status := &job.Status
	if status.StartTime == nil {
		status.StartTime = &now
	}
	switch ending {
	case Runs:
		one := int32(1)
		status.Active, status.Ready = 1, &one
		return
	case Succeeds:
		status.Succeeded, status.CompletionTime = 1, &now
		jobCondition(job, batchv1.JobSuccessCriteriaMet, "CompletionsReached", now)
		jobCondition(job, batchv1.JobComplete, "CompletionsReached", now)
	case Fails:
		status.Failed = 1
		jobCondition(job, batchv1.JobFailureTarget, batchv1.JobReasonBackoffLimitExceeded, now)
		jobCondition(job, batchv1.JobFailed, batchv1.JobReasonBackoffLimitExceeded, now)
	}
	none := int32(0)
	status.Active, status.Ready, status.Terminating = 0, &none, &none
}

func jobEnded(job *batchv1.Job) bool {
	for _, c := range job.Status.Conditions {
		ended := c.Type == batchv1.JobComplete || c.Type == batchv1.JobFailed
		if ended && c.Status == corev1.ConditionTrue {
			return true
		}
	}
	return false
}

func jobCondition(job *batchv1.Job, kind batchv1.JobConditionType, reason string, now metav1.Time) {
	job.Status.Conditions = append(job.Status.Conditions, batchv1.JobCondition{
		Type: kind, Status: corev1.ConditionTrue, Reason: reason, Message: "as the script says",
		LastProbeTime: now, LastTransitionTime: now,
	})
}

// rollOut writes the status that the Deployment controller leaves.
func rollOut(deployment *appsv1.Deployment, rollout Rollout, now metav1.Time) {
	if rollout == Unseen {
		return
	}
	replicas := int32(1)
	if deployment.Spec.Replicas != nil {
		replicas = *deployment.Spec.Replicas
	}
	status := &deployment.Status
	status.ObservedGeneration = deployment.Generation
	if rollout == Available || replicas == 0 {
		status.Replicas, status.UpdatedReplicas = replicas, replicas
		status.ReadyReplicas, status.AvailableReplicas, status.UnavailableReplicas = replicas, replicas, 0
		deploymentCondition(status, appsv1.DeploymentAvailable, corev1.ConditionTrue, "MinimumReplicasAvailable", now)
		deploymentCondition(status, appsv1.DeploymentProgressing, corev1.ConditionTrue, "NewReplicaSetAvailable", now)
		return
	}
	serving := status.AvailableReplicas
	if deployment.Spec.Strategy.Type == appsv1.RecreateDeploymentStrategyType {
		serving = 0
	}
	status.Replicas, status.UpdatedReplicas = serving+replicas, replicas
	status.ReadyReplicas, status.AvailableReplicas, status.UnavailableReplicas = serving, serving, replicas
	available := corev1.ConditionFalse
	availableReason := "MinimumReplicasUnavailable"
	if serving > 0 {
		available, availableReason = corev1.ConditionTrue, "MinimumReplicasAvailable"
	}
	deploymentCondition(status, appsv1.DeploymentAvailable, available, availableReason, now)
	if rollout == DeadlineExceeded {
		deploymentCondition(status, appsv1.DeploymentProgressing, corev1.ConditionFalse, "ProgressDeadlineExceeded", now)
		return
	}
	deploymentCondition(status, appsv1.DeploymentProgressing, corev1.ConditionTrue, "ReplicaSetUpdated", now)
}

func deploymentCondition(status *appsv1.DeploymentStatus, kind appsv1.DeploymentConditionType, is corev1.ConditionStatus, reason string, now metav1.Time) {
	for i := range status.Conditions {
		c := &status.Conditions[i]
		if c.Type != kind {
			continue
		}
		if c.Status == is && c.Reason == reason {
			return
		}
		if c.Status != is {
			c.LastTransitionTime = now
		}
		c.Status, c.Reason, c.LastUpdateTime = is, reason, now
		return
	}
	status.Conditions = append(status.Conditions, appsv1.DeploymentCondition{
		Type: kind, Status: is, Reason: reason, Message: "as the script says", LastUpdateTime: now, LastTransitionTime: now,
	})
}

// countQuota reports everything that the quota limits as unused.
func countQuota(quota *corev1.ResourceQuota) {
	hard, used := corev1.ResourceList{}, corev1.ResourceList{}
	for name, limit := range quota.Spec.Hard {
		hard[name] = limit
		used[name] = resource.Quantity{Format: limit.Format}
		if counted, known := quota.Status.Used[name]; known {
			used[name] = counted
		}
	}
	if !sameList(quota.Status.Hard, hard) {
		quota.Status.Hard, quota.Status.Used = hard, used
	}
}

func sameList(a, b corev1.ResourceList) bool {
	if len(a) != len(b) {
		return false
	}
	for name, quantity := range a {
		if other, ok := b[name]; !ok || quantity.Cmp(other) != 0 {
			return false
		}
	}
	return true
}
