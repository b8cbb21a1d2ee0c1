package controlplane

import (
	"context"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

func start(t *testing.T, options Options) *ControlPlane {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cp, err := Start(ctx, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cp.Stop(); err != nil {
			t.Error(err)
		}
	})
	return cp
}

func clientset(t *testing.T, config *rest.Config) kubernetes.Interface {
	t.Helper()
	c, err := kubernetes.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// eventually repeats check until it returns "" or two minutes have passed.
func eventually(t *testing.T, check func(ctx context.Context) (waitingFor string)) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	every := time.NewTicker(50 * time.Millisecond)
	defer every.Stop()
	for {
		waitingFor := check(ctx)
		if waitingFor == "" {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("still waiting: %s", waitingFor)
		case <-every.C:
		}
	}
}

func TestAWholeControlPlaneDoesItsWork(t *testing.T) {
	began := time.Now()
	cp := start(t, Options{ControllerManager: true, Nodes: 1, Audit: true})
	t.Logf("started in %s", time.Since(began))
	ctx, admin := t.Context(), clientset(t, cp.Config())
	createNamespace(t, admin, "work")

	t.Run("a Deployment becomes available", func(t *testing.T) {
		create(t, deployment("ready", "registry.example/app"), admin.AppsV1().Deployments("work").Create)
		eventually(t, func(ctx context.Context) string {
			d, err := admin.AppsV1().Deployments("work").Get(ctx, "ready", metav1.GetOptions{})
			if err != nil || d.Status.AvailableReplicas != 2 {
				return fmt.Sprintf("two available replicas: %v %v", err, d.Status)
			}
			return ""
		})
	})
	t.Run("an image called never-ready runs and does not become ready", func(t *testing.T) {
		create(t, deployment("stuck", "registry.example/never-ready"), admin.AppsV1().Deployments("work").Create)
		eventually(t, func(ctx context.Context) string {
			pods, err := admin.CoreV1().Pods("work").List(ctx, metav1.ListOptions{LabelSelector: "app=stuck"})
			if err != nil || len(pods.Items) != 2 || pods.Items[0].Status.Phase != corev1.PodRunning {
				return fmt.Sprintf("running pods: %v %v", err, pods.Items)
			}
			if containerReady(pods.Items[0]) {
				t.Fatal("the pod became ready")
			}
			return ""
		})
	})
	for image, want := range map[string]batchv1.JobConditionType{"app": batchv1.JobComplete, "failing": batchv1.JobFailed} {
		t.Run(fmt.Sprintf("a Job of image %s becomes %s", image, want), func(t *testing.T) {
			create(t, job(image), admin.BatchV1().Jobs("work").Create)
			eventually(t, func(ctx context.Context) string {
				j, err := admin.BatchV1().Jobs("work").Get(ctx, image, metav1.GetOptions{})
				for _, c := range j.Status.Conditions {
					if c.Type == want && c.Status == corev1.ConditionTrue {
						return ""
					}
				}
				return fmt.Sprintf("condition %s: %v %v", want, err, j.Status)
			})
		})
	}
	t.Run("a deleted namespace goes, with all its pods", func(t *testing.T) {
		if err := admin.CoreV1().Namespaces().Delete(ctx, "work", metav1.DeleteOptions{}); err != nil {
			t.Fatal(err)
		}
		eventually(t, func(ctx context.Context) string {
			_, err := admin.CoreV1().Namespaces().Get(ctx, "work", metav1.GetOptions{})
			if apierrors.IsNotFound(err) {
				return ""
			}
			return fmt.Sprintf("the namespace to be gone (%v)", err)
		})
	})
	t.Run("the audit log knows who deleted it", func(t *testing.T) {
		events, err := cp.AuditEvents(func(e AuditEvent) bool {
			return e.Verb == "delete" && e.ObjectRef.Resource == "namespaces" && e.User.Username == "admin"
		})
		if err != nil || len(events) != 1 || events[0].ResponseStatus.Code != 200 || events[0].ObjectRef.Name != "work" {
			t.Fatalf("got %+v, %v", events, err)
		}
	})
}

func TestIdentitiesAreSubjectToRBAC(t *testing.T) {
	cp := start(t, Options{})
	admin := clientset(t, cp.Config())
	createNamespace(t, admin, "home")
	account := &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: "robot"}}
	create(t, account, admin.CoreV1().ServiceAccounts("home").Create)
	robot, err := cp.ConfigForServiceAccount(t.Context(), "home", "robot")
	if err != nil {
		t.Fatal(err)
	}
	identities := map[string]struct {
		config *rest.Config
		user   string
	}{
		"a user with a certificate":      {cp.ConfigFor("amina", "support"), "amina"},
		"a service account with a token": {robot, "system:serviceaccount:home:robot"},
	}
	for name, id := range identities {
		t.Run(name, func(t *testing.T) {
			_, err := clientset(t, id.config).CoreV1().Secrets("home").List(t.Context(), metav1.ListOptions{})
			if !apierrors.IsForbidden(err) || !strings.Contains(err.Error(), id.user) {
				t.Fatalf("got %v, want Forbidden for %s", err, id.user)
			}
		})
	}
}

func TestTwoControlPlanesSideBySide(t *testing.T) {
	var planes [2]*ControlPlane
	t.Run("start", func(t *testing.T) {
		for i := range planes {
			planes[i] = start(t, Options{})
		}
		createNamespace(t, clientset(t, planes[0].Config()), "only-in-the-first")
		_, err := clientset(t, planes[1].Config()).CoreV1().Namespaces().Get(t.Context(), "only-in-the-first", metav1.GetOptions{})
		if !apierrors.IsNotFound(err) {
			t.Fatalf("the second control plane answered %v", err)
		}
	})
	for _, cp := range planes { // the subtest's cleanup has stopped them
		assertNothingLeft(t, cp)
	}
}

func TestDataSurvivesARestartInTheSameFolder(t *testing.T) {
	dir := t.TempDir()
	first := start(t, Options{Dir: dir})
	createNamespace(t, clientset(t, first.Config()), "kept")
	if err := first.Stop(); err != nil {
		t.Fatal(err)
	}
	assertNothingLeft(t, first)
	second := start(t, Options{Dir: dir})
	if _, err := clientset(t, second.Config()).CoreV1().Namespaces().Get(t.Context(), "kept", metav1.GetOptions{}); err != nil {
		t.Fatal(err)
	}
}

func TestAFailedStartNamesTheProgramAndLeavesNothing(t *testing.T) {
	options := Options{ExtraArgs: map[string][]string{"kube-apiserver": {"--authorization-mode=Nonsense"}}}
	cp, err := Start(t.Context(), options)
	if err == nil {
		t.Fatal("started")
	}
	if cp != nil || !strings.Contains(err.Error(), "kube-apiserver ended by itself") || !strings.Contains(err.Error(), "Nonsense") {
		t.Fatalf("the message does not help: %v", err)
	}
}

func assertNothingLeft(t *testing.T, cp *ControlPlane) {
	t.Helper()
	for name, pid := range cp.PIDs() {
		if err := syscall.Kill(pid, 0); err != syscall.ESRCH {
			t.Errorf("%s (pid %d) still exists: %v", name, pid, err)
		}
	}
	if portOpen(cp.port) {
		t.Errorf("port %d is open", cp.port)
	}
	if _, err := os.Stat(cp.sockets); !os.IsNotExist(err) {
		t.Errorf("%s was left: %v", cp.sockets, err)
	}
}

func createNamespace(t *testing.T, c kubernetes.Interface, name string) {
	t.Helper()
	create(t, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}}, c.CoreV1().Namespaces().Create)
}

func create[T any](t *testing.T, object T, with func(context.Context, T, metav1.CreateOptions) (T, error)) {
	t.Helper()
	if _, err := with(t.Context(), object, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
}

func deployment(name, image string) *appsv1.Deployment {
	replicas, labels := int32(2), map[string]string{"app": name}
	return &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec: appsv1.DeploymentSpec{
			Replicas: &replicas,
			Selector: &metav1.LabelSelector{MatchLabels: labels},
			Template: corev1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: labels},
				Spec: corev1.PodSpec{
					InitContainers: []corev1.Container{{Name: "first", Image: "registry.example/init"}},
					Containers:     []corev1.Container{{Name: "app", Image: image}},
				},
			},
		},
	}
}

func job(image string) *batchv1.Job {
	never := int32(0)
	return &batchv1.Job{
		ObjectMeta: metav1.ObjectMeta{Name: image},
		Spec: batchv1.JobSpec{BackoffLimit: &never, Template: corev1.PodTemplateSpec{Spec: corev1.PodSpec{
			RestartPolicy: corev1.RestartPolicyNever,
			Containers:    []corev1.Container{{Name: "job", Image: "registry.example/" + image}},
		}}},
	}
}

func containerReady(pod corev1.Pod) bool {
	for _, c := range pod.Status.Conditions {
		if c.Type == corev1.PodReady {
			return c.Status == corev1.ConditionTrue
		}
	}
	return false
}
