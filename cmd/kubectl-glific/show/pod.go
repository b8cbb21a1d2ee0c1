package show

import (
	"fmt"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
)

func podNode(pod *corev1.Pod, now time.Time) Node {
	node := Node{Mark: Moving, Name: "Pod " + pod.Name}
	ready, restarts := ready(pod)
	text, bad := trouble(pod)
	switch {
	case text != "" && bad:
		node.Mark = Bad
	case text != "":
	case !pod.DeletionTimestamp.IsZero():
		text = "Terminating"
	case ready:
		node.Mark, text = Good, "Ready"
	default:
		text = string(pod.Status.Phase)
	}
	words := []string{text}
	if restarts > 0 {
		words = append(words, fmt.Sprintf("%d restarts", restarts))
	}
	if pod.Spec.NodeName != "" {
		words = append(words, "on "+pod.Spec.NodeName)
	}
	node.Text = strings.Join(append(words, age(pod.CreationTimestamp.Time, now)), ", ")
	return node
}

func ready(pod *corev1.Pod) (bool, int32) {
	restarts := int32(0)
	for _, c := range pod.Status.ContainerStatuses {
		restarts += c.RestartCount
	}
	for _, c := range pod.Status.Conditions {
		if c.Type == corev1.PodReady {
			return c.Status == corev1.ConditionTrue, restarts
		}
	}
	return false, restarts
}

// trouble is why a pod does not run; bad if that will not pass by itself.
func trouble(pod *corev1.Pod) (text string, bad bool) {
	for _, c := range pod.Status.ContainerStatuses {
		switch {
		case c.State.Waiting != nil && c.State.Waiting.Reason != "":
			starting := c.State.Waiting.Reason == "ContainerCreating" || c.State.Waiting.Reason == "PodInitializing"
			return saying(c.State.Waiting.Reason, c.State.Waiting.Message), !starting
		case c.State.Terminated != nil && c.State.Terminated.ExitCode != 0:
			return saying(fmt.Sprintf("%s, exit code %d", c.State.Terminated.Reason, c.State.Terminated.ExitCode), c.State.Terminated.Message), true
		}
	}
	for _, c := range pod.Status.Conditions {
		if c.Type == corev1.PodScheduled && c.Status == corev1.ConditionFalse {
			return saying(c.Reason, c.Message), true
		}
	}
	return "", false
}

// saying joins a reason and the first line of a message, since an app's last words may
// be long.
func saying(reason, message string) string {
	message, _, _ = strings.Cut(strings.TrimSpace(message), "\n")
	if message == "" {
		return reason
	}
	if len(message) > maxWords {
		message = strings.ToValidUTF8(message[:maxWords], "") + "…"
	}
	return reason + ": " + message
}

const maxWords = 160
