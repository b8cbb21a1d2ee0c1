package task

import (
	"fmt"
	"strings"
	"testing"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/testkit/views"
)

// pod of the first attempt's Job, as old as its minutes.
func pod(t testing.TB, name string, minutes int, status corev1.PodStatus) views.Option {
	return views.With(&corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{
			Name: name, Namespace: "org-asha", CreationTimestamp: metav1.NewTime(views.Now.Add(-time.Duration(minutes) * time.Minute)),
			Labels: map[string]string{batchv1.JobNameLabel: migration.JobName(views.New(t, ran()))},
		},
		Status: status,
	})
}

func container(state corev1.ContainerState) corev1.PodStatus {
	return corev1.PodStatus{Phase: corev1.PodPending, ContainerStatuses: []corev1.ContainerStatus{{Name: "task", Image: "app@sha256:1", State: state}}}
}

func ended(code int32, reason, message string) corev1.PodStatus {
	status := container(corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{ExitCode: code, Reason: reason, Message: message}})
	status.Phase = corev1.PodFailed
	return status
}

func waits(reason, message string) corev1.PodStatus {
	return container(corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: reason, Message: message}})
}

func phase(is corev1.PodPhase) corev1.PodStatus { return corev1.PodStatus{Phase: is} }

func unscheduled(message string) corev1.PodStatus {
	return corev1.PodStatus{Phase: corev1.PodPending, Conditions: []corev1.PodCondition{
		{Type: corev1.PodScheduled, Status: corev1.ConditionFalse, Reason: corev1.PodReasonUnschedulable, Message: message},
	}}
}

// What a person reads while a Job runs, and when it is looked at again.
func TestProgress(t *testing.T) {
	started := func(ago time.Duration) views.Option {
		return views.Tenant(func(t *ledger.Tenant) {
			t.Runs = []ledger.Run{{Kind: ledger.RunMigration, Digest: first, State: ledger.RunStarted, At: views.Now.Add(-ago)}}
		})
	}
	tests := map[string]struct {
		ago   time.Duration
		pods  []views.Option
		tail  string
		again time.Duration
	}{
		"it was just started":                        {0, nil, "", 30 * time.Second},
		"its Pod starts":                             {10 * time.Second, []views.Option{pod(t, "m-1", 0, phase(corev1.PodPending))}, "", 20 * time.Second},
		"it takes longer than most, and runs":        {time.Minute, []views.Option{pod(t, "m-1", 1, phase(corev1.PodRunning))}, "; Pod m-1 is Running", 0},
		"it takes longer than most, and has no Pod":  {time.Minute, nil, "; no Pod of it is there", 0},
		"its Pod is being created for long":          {time.Minute, []views.Option{pod(t, "m-1", 1, waits("ContainerCreating", ""))}, "; Pod m-1 is Pending", 0},
		"no node takes its Pod, told at once":        {0, []views.Option{pod(t, "m-1", 0, unscheduled("0/1 nodes are available:\n1 Insufficient memory."))}, "; Pod m-1 does not: no node takes it (Unschedulable): 0/1 nodes are available: 1 Insufficient memory.", 0},
		"its image cannot be pulled":                 {0, []views.Option{pod(t, "m-1", 0, waits("ErrImagePull", "rpc error 17"))}, "; Pod m-1 does not: its image app@sha256:1 cannot be pulled (ImagePullBackOff)", 0},
		"its image cannot be pulled, the next time":  {0, []views.Option{pod(t, "m-1", 0, waits("ImagePullBackOff", "Back-off"))}, "; Pod m-1 does not: its image app@sha256:1 cannot be pulled (ImagePullBackOff)", 0},
		"a Secret is missing":                        {time.Minute, []views.Option{pod(t, "m-1", 1, waits("CreateContainerConfigError", `secret "x" not found`))}, `; Pod m-1 does not: its container waits (CreateContainerConfigError): secret "x" not found`, 0},
		"a drained Pod was replaced: the newest one": {time.Minute, []views.Option{pod(t, "m-1", 2, ended(137, "Error", "")), pod(t, "m-2", 1, phase(corev1.PodRunning))}, "; Pod m-2 is Running", 0},
	}
	for sentence, test := range tests {
		t.Run(sentence, func(t *testing.T) {
			v := views.New(t, append([]views.Option{started(test.ago)}, test.pods...)...)
			want := fmt.Sprintf("Job org-asha/%s runs the migration command of Release glific-8.10.1 since %s%s",
				migration.JobName(v), views.Now.Add(-test.ago).Format(time.RFC3339), test.tail)
			out := migration.Explain(v, v1alpha1.ReasonMigrationFailed)
			if out.Message != want || out.After != test.again || out.Reason != v1alpha1.ReasonProgressing {
				t.Errorf("%s, again after %s: %s\nwant %s, %s", out.Reason, out.After, out.Message, test.again, want)
			}
		})
	}
}

// How a failed Job's Pod ended is told wherever it was seen first: when the Job's end is
// recorded, or later.
func TestTheEndOfAFailedJob(t *testing.T) {
	tests := map[string]struct {
		pods []views.Option
		want string
	}{
		"its Pod is gone":         {nil, "Job x failed"},
		"its Pod is not seen yet": {[]views.Option{pod(t, "m-1", 0, phase(corev1.PodRunning))}, "Job x failed"},
		"it said what was wrong": {[]views.Option{pod(t, "m-1", 0, ended(1, "Error", "** (Postgrex.Error) duplicate column\n"))},
			`Job x failed; Pod m-1 ended with exit code 1, its last words: "** (Postgrex.Error) duplicate column"`},
		"it was killed, and said nothing": {[]views.Option{pod(t, "m-1", 0, ended(137, "OOMKilled", ""))}, "Job x failed; Pod m-1 ended with exit code 137 (OOMKilled)"},
		"its program is missing": {[]views.Option{pod(t, "m-1", 0, ended(128, "StartError", "exec: \"/app/bin/prod\": no such file"))},
			`Job x failed; Pod m-1 ended with exit code 128 (StartError), its last words: "exec: \"/app/bin/prod\": no such file"`},
		"the newest of several": {[]views.Option{pod(t, "m-1", 2, ended(1, "Error", "old")), pod(t, "m-2", 1, ended(1, "Error", "new"))},
			`Job x failed; Pod m-2 ended with exit code 1, its last words: "new"`},
		"one ended well": {[]views.Option{pod(t, "m-1", 2, ended(1, "Error", "old")), pod(t, "m-2", 1, ended(0, "Completed", "fine"))},
			`Job x failed; Pod m-1 ended with exit code 1, its last words: "old"`},
	}
	for sentence, test := range tests {
		t.Run(sentence, func(t *testing.T) {
			v := views.New(t, append([]views.Option{ran("failed")}, test.pods...)...)
			_, message := migration.State(v)
			if message != test.want {
				t.Errorf("%s\nwant %s", message, test.want)
			}
			if again := withEnd(v, message, migration.JobName(v)); again != message {
				t.Errorf("told twice: %s", again)
			}
		})
	}
}

func TestNoSecretIsAmongTheLastWords(t *testing.T) {
	const own = "discord-canary-of-the-ngo"
	var values []string
	for _, value := range views.Keys(t).Data() {
		values = append(values, string(value))
	}
	said := "could not connect with " + strings.Join(values, ", nor ") + " and " + own
	v := views.New(t, ran("failed"), views.SharedSecret("providers", map[string]string{"DISCORD": own}), pod(t, "m-1", 0, ended(1, "Error", said)))
	_, message := migration.State(v)
	for _, value := range append(values, own) {
		if strings.Contains(message, value) {
			t.Errorf("%q is told in %s", value, message)
		}
	}
	if !strings.Contains(message, redacted) {
		t.Errorf("nothing is told at all, so this test could not fail: %s", message)
	}
}
