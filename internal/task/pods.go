package task

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/glific/organisation-operator/internal/step"
)

// pods of a Job that are live, the newest first. Who is old enough to have seen the end
// of several, as after a drained node, is told of the last.
func pods(v step.View, job string) []*corev1.Pod {
	var all []*corev1.Pod
	for _, owned := range v.Live.All("Pod") {
		if pod, ok := owned.(*corev1.Pod); ok && pod.Namespace == v.Settings.Namespace && pod.Labels[batchv1.JobNameLabel] == job {
			all = append(all, pod)
		}
	}
	slices.SortStableFunc(all, func(a, b *corev1.Pod) int {
		return cmp.Or(b.CreationTimestamp.Compare(a.CreationTimestamp.Time), strings.Compare(b.Name, a.Name))
	})
	return all
}

// End is how a Pod of a Job failed: the exit code, Kubernetes' reason where it says more
// than "Error", and the last words; "" while it has not. The kubelet puts the end of the
// log there (terminationMessagePolicy FallbackToLogsOnError, at most 2,048 bytes or 80
// lines), so no right to read logs is needed. The words are the app's own and not
// redacted.
func End(pod *corev1.Pod) (how, words string) {
	for _, container := range pod.Status.ContainerStatuses {
		ended := container.State.Terminated
		if ended == nil || ended.ExitCode == 0 {
			continue
		}
		how = fmt.Sprintf("Pod %s%s%d", pod.Name, marker, ended.ExitCode)
		if ended.Reason != "" && ended.Reason != "Error" {
			how += " (" + ended.Reason + ")"
		}
		return how, ended.Message
	}
	return "", ""
}

// marker of a message that says how a Pod ended.
const marker = " ended with exit code "

// withEnd adds to the message of a failed Job how its newest failed Pod ended, unless the
// message says so. No condition and no ledger shows a secret.
func withEnd(v step.View, message, job string) string {
	if strings.Contains(message, marker) {
		return message
	}
	for _, pod := range pods(v, job) {
		how, said := End(pod)
		if how == "" {
			continue
		}
		if words := lastWords(said, secretValues(v)); words != "" {
			how = fmt.Sprintf("%s, its last words: %q", how, words)
		}
		return message + "; " + how
	}
	return message
}

// Trouble is what keeps a Pod of a Job from running, in words that stay the same while
// the kubelet tries again and again; "" if it runs, or nothing keeps it.
func Trouble(pod *corev1.Pod) string {
	for _, c := range pod.Status.Conditions {
		if c.Type == corev1.PodScheduled && c.Status == corev1.ConditionFalse && pod.Status.Phase == corev1.PodPending {
			return fmt.Sprintf("no node takes it (%s): %s", c.Reason, oneLine(c.Message))
		}
	}
	for _, container := range pod.Status.ContainerStatuses {
		if waiting := container.State.Waiting; waiting != nil {
			return stuck(container.Image, waiting)
		}
	}
	return ""
}

// stuck leaves out what is no trouble. The kubelet alternates between two reasons and
// several messages for an image that cannot be pulled: they are told as one.
func stuck(image string, waiting *corev1.ContainerStateWaiting) string {
	switch waiting.Reason {
	case "", "ContainerCreating", "PodInitializing":
		return ""
	case "ErrImagePull", "ImagePullBackOff":
		return "its image " + image + " cannot be pulled (ImagePullBackOff)"
	}
	return oneLine(fmt.Sprintf("its container waits (%s): %s", waiting.Reason, waiting.Message))
}
