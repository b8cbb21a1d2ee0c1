package workloads

import (
	"context"
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/internal/testkit/controlplane"
)

// world is a control plane without controllers, and a script for it.
type world struct {
	*testing.T
	ctx    context.Context
	client client.Client
	script *Script
}

func newWorld(t *testing.T) *world {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	cp, err := controlplane.Start(ctx, controlplane.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cp.Stop() })
	script, err := New(cp.Config())
	if err != nil {
		t.Fatal(err)
	}
	return &world{T: t, ctx: ctx, client: script.client, script: script}
}

// settle steps until the world rests, which it must do soon.
func (w *world) settle() {
	w.Helper()
	for range 5 {
		changed, err := w.script.Step(w.ctx)
		if err != nil {
			w.Fatal(err)
		}
		if changed == 0 {
			return
		}
	}
	w.Fatal("the world does not come to rest")
}

func (w *world) create(objects ...client.Object) {
	w.Helper()
	for _, o := range objects {
		if err := w.client.Create(w.ctx, o); err != nil {
			w.Fatal(err)
		}
	}
}

func (w *world) reload(o client.Object) {
	w.Helper()
	if err := w.client.Get(w.ctx, client.ObjectKeyFromObject(o), o); err != nil {
		w.Fatal(err)
	}
}

func in(namespace, name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Namespace: namespace, Name: name}
}

func pods(labels map[string]string, restart corev1.RestartPolicy) corev1.PodTemplateSpec {
	return corev1.PodTemplateSpec{
		ObjectMeta: metav1.ObjectMeta{Labels: labels},
		Spec:       corev1.PodSpec{RestartPolicy: restart, Containers: []corev1.Container{{Name: "c", Image: "registry.example/app"}}},
	}
}

func newJob(namespace, name string) *batchv1.Job {
	return &batchv1.Job{ObjectMeta: in(namespace, name), Spec: batchv1.JobSpec{Template: pods(nil, corev1.RestartPolicyNever)}}
}

func newDeployment(namespace, name string) *appsv1.Deployment {
	labels := map[string]string{"app": name}
	return &appsv1.Deployment{ObjectMeta: in(namespace, name), Spec: appsv1.DeploymentSpec{
		Selector: &metav1.LabelSelector{MatchLabels: labels}, Template: pods(labels, corev1.RestartPolicyAlways),
	}}
}

func jobConditions(job *batchv1.Job) string {
	var names []string
	for _, c := range job.Status.Conditions {
		names = append(names, string(c.Type))
	}
	return strings.Join(names, " ")
}

func deploymentReasons(d *appsv1.Deployment) string {
	var reasons []string
	for _, c := range d.Status.Conditions {
		reasons = append(reasons, string(c.Status)+" "+c.Reason)
	}
	return strings.Join(reasons, ", ")
}

func TestScript(t *testing.T) {
	w := newWorld(t)
	w.create(
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "org-a"}},
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "other"}},
	)
	w.script.Plays = func(namespace string) bool { return namespace == "org-a" }

	t.Run("jobs end as the script says", func(t *testing.T) {
		w.script.Job = func(j *batchv1.Job) Ending {
			return map[string]Ending{"bad": Fails, "long": Runs, "unseen": Waits}[j.Name]
		}
		jobs := map[string]string{"good": "SuccessCriteriaMet Complete", "bad": "FailureTarget Failed", "long": "", "unseen": ""}
		for name := range jobs {
			w.create(newJob("org-a", name))
		}
		w.settle()
		for name, want := range jobs {
			job := newJob("org-a", name)
			w.reload(job)
			if got := jobConditions(job); got != want {
				t.Errorf("job %s has conditions %q, want %q", name, got, want)
			}
			if started := job.Status.StartTime != nil; started == (name == "unseen") {
				t.Errorf("job %s: started is %v", name, started)
			}
		}
		w.script.Job = nil
		w.settle()
		long := newJob("org-a", "long")
		if w.reload(long); jobConditions(long) != "SuccessCriteriaMet Complete" {
			t.Errorf("the long job did not end: %v", long.Status)
		}
	})

	t.Run("a deployment is available, then its new version is stuck while the old one serves", func(t *testing.T) {
		d := newDeployment("org-a", "backend")
		w.create(d)
		w.settle()
		w.reload(d)
		if d.Status.AvailableReplicas != 1 || d.Status.ObservedGeneration != d.Generation {
			t.Errorf("not available: %+v", d.Status)
		}
		w.script.Deployment = func(*appsv1.Deployment) Rollout { return DeadlineExceeded }
		d.Spec.Template.Spec.Containers[0].Image = "registry.example/next"
		if err := w.client.Update(w.ctx, d); err != nil {
			t.Fatal(err)
		}
		w.settle()
		w.reload(d)
		want := "True MinimumReplicasAvailable, False ProgressDeadlineExceeded"
		if got := deploymentReasons(d); got != want || d.Status.AvailableReplicas != 1 || d.Status.UnavailableReplicas != 1 {
			t.Errorf("got %q %+v, want %q", got, d.Status, want)
		}
		w.script.Deployment = nil
	})

	t.Run("a quota that counts jobs lets them through once it is counted", func(*testing.T) {
		w.create(&corev1.ResourceQuota{ObjectMeta: in("org-a", "q"), Spec: corev1.ResourceQuotaSpec{
			Hard: corev1.ResourceList{"count/jobs.batch": resource.MustParse("10")},
		}})
		w.settle()
		w.create(newJob("org-a", "counted"))
	})

	t.Run("other namespaces are left alone", func(t *testing.T) {
		job := newJob("other", "foreign")
		w.create(job)
		w.settle()
		if w.reload(job); job.Status.StartTime != nil {
			t.Errorf("the script touched it: %v", job.Status)
		}
	})

	t.Run("a deleted namespace goes with its content, once no finalizer holds it", func(t *testing.T) {
		held := &corev1.ConfigMap{ObjectMeta: in("org-a", "held")}
		held.Finalizers = []string{"example.org/hold"}
		w.create(held)
		namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "org-a"}}
		if err := w.client.Delete(w.ctx, namespace); err != nil {
			t.Fatal(err)
		}
		w.settle()
		w.reload(namespace)
		w.reload(held)
		if err := w.client.Get(w.ctx, client.ObjectKey{Namespace: "org-a", Name: "backend"}, &appsv1.Deployment{}); !apierrors.IsNotFound(err) {
			t.Errorf("the Deployment: %v", err)
		}
		held.Finalizers = nil
		if err := w.client.Update(w.ctx, held); err != nil {
			t.Fatal(err)
		}
		w.settle()
		if err := w.client.Get(w.ctx, client.ObjectKeyFromObject(namespace), namespace); !apierrors.IsNotFound(err) {
			t.Errorf("the namespace: %v", err)
		}
	})
}
