package controllers_test

import (
	"strings"
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/testkit/lane"
	"github.com/glific/organisation-operator/internal/testkit/workloads"
)

// migration is the Job of an Organisation's newest Release, and a Pod of it, as the Job
// controller makes it and with the status that the kubelet gives it.
func (w *world) migration(name string, status corev1.PodStatus) *corev1.Pod {
	w.t.Helper()
	var jobs batchv1.JobList
	if err := w.Admin.List(w.t.Context(), &jobs, client.InNamespace("org-"+name), client.MatchingLabels{v1alpha1.LabelComponent: "migration"}); err != nil || len(jobs.Items) != 1 {
		w.t.Fatalf("%d migration Jobs: %v", len(jobs.Items), err)
	}
	job := &jobs.Items[0]
	pod := &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: job.Namespace, Name: job.Name + "-x7k2p", Labels: job.Spec.Template.Labels,
			OwnerReferences: []metav1.OwnerReference{*metav1.NewControllerRef(job, batchv1.SchemeGroupVersion.WithKind("Job"))},
		},
		Spec: job.Spec.Template.Spec,
	}
	w.create(pod)
	pod.Status = status
	if err := w.Admin.Status().Update(w.t.Context(), pod); err != nil {
		w.t.Fatal(err)
	}
	return pod
}

func (w *world) message(name, condition string) string {
	w.t.Helper()
	c := meta.FindStatusCondition(w.org(name).Status.Conditions, condition)
	if c == nil {
		return ""
	}
	return c.Message
}

func taskState(phase corev1.PodPhase, state corev1.ContainerState) corev1.PodStatus {
	return corev1.PodStatus{Phase: phase, ContainerStatuses: []corev1.ContainerStatus{{Name: "task", Image: "registry.example.org/app", State: state}}}
}

func TestAMigrationSaysWhatKeepsItFromRunningAndWhatItSaidLast(t *testing.T) {
	w := newWorld(t, lane.Options{})
	w.create(lane.Release("r2", "2"), lane.Organisation("asha"))
	w.settle()
	w.Script.Job = func(*batchv1.Job) workloads.Ending { return workloads.Runs }
	change(w, "asha", &v1alpha1.Organisation{}, func(o *v1alpha1.Organisation) { o.Spec.Release = &v1alpha1.OrganisationRelease{Name: "r2"} })
	w.settle()
	pod := w.migration("asha", taskState(corev1.PodPending, corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "ErrImagePull"}}))
	w.settle()
	w.expect("asha", v1alpha1.Migrated, "False/Progressing")
	said := w.message("asha", v1alpha1.Migrated)
	for _, part := range []string{"Job org-asha/migration-", " since 20", "Pod " + pod.Name, "ImagePullBackOff"} {
		if !strings.Contains(said, part) {
			t.Errorf("%q is missing in: %s", part, said)
		}
	}

	password := string(w.keys(w.org("asha").Status.Identity).Data["database-password"])
	pod.Status = taskState(corev1.PodFailed, corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{
		ExitCode: 1, Reason: "Error", Message: "** (Postgrex.Error) column \"flow\" of\nrelation \"contacts\" already exists, as " + password + "\n",
	}})
	if err := w.Admin.Status().Update(t.Context(), pod); err != nil {
		t.Fatal(err)
	}
	w.failJobs(w.org("asha"), "migration")
	w.settle()
	w.expect("asha", v1alpha1.Ready, "False/MigrationFailed")
	w.remove(pod) // a node that goes takes the Pod with it; what it said stays
	w.settle()
	for _, condition := range []string{v1alpha1.Migrated, v1alpha1.Ready} {
		said = w.message("asha", condition)
		want := pod.Name + ` ended with exit code 1, its last words: "** (Postgrex.Error) column \"flow\" of relation \"contacts\" already exists, as [redacted]"`
		if !strings.Contains(said, want) || strings.Contains(said, password) {
			t.Errorf("condition %s does not say %s: %s", condition, want, said)
		}
	}
	if again := w.writes(func() { w.op.Pass(t.Context()) }); len(again) > 0 {
		t.Errorf("a pass over what failed wrote %v", again)
	}
	w.retry(w.org("asha"))
	w.settle()
	w.expect("asha", v1alpha1.Ready, "True/Ready")
}
