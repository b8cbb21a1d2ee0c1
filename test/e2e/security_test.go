package e2e

import (
	"fmt"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/test/e2e/platform"
)

// Pod Security "restricted" lets every workload in, nothing can be written to the root
// file system, and the quota stops a greedy pod.
func TestAnNGOIsConfined(t *testing.T) {
	p := start(t)
	t.Parallel()
	n := found(t, p, "sita", nil)
	n.restricted()
	n.readOnly()
	n.rationed()
}

// restricted: the namespace enforces it, every kind of pod is there all the same, and a
// pod that would be let in elsewhere is refused.
func (n ngo) restricted() {
	n.t.Helper()
	namespace := &corev1.Namespace{}
	if err := n.p.Client.Get(n.ctx(), client.ObjectKey{Name: platform.Namespace(n.name)}, namespace); err != nil {
		n.t.Fatal(err)
	}
	if level := namespace.Labels["pod-security.kubernetes.io/enforce"]; level != "restricted" {
		n.t.Errorf("the namespace enforces %q", level)
	}
	for _, component := range []string{names.Backend, names.Frontend, "bootstrap", "admin-password"} {
		pods := n.pods(component)
		if len(pods) == 0 {
			n.t.Errorf("there is no pod of %s", component)
		}
		for _, pod := range pods {
			n.t.Logf("restricted lets in: %s (%s)", pod.Name, pod.Status.Phase)
		}
	}
	rooted := n.pod("rooted")
	rooted.Spec.SecurityContext = nil
	err := n.try(rooted, platform.Namespace(n.name))
	control := n.try(rooted, "default")
	n.t.Logf("a pod without these promises: %v; control, in namespace default: %v", err, control)
	if !apierrors.IsForbidden(err) || !strings.Contains(err.Error(), "PodSecurity") || control != nil {
		n.t.Errorf("Pod Security does not refuse it: %v; control: %v", err, control)
	}
}

// readOnly: nothing can be written but where it may.
func (n ngo) readOnly() {
	n.t.Helper()
	for _, component := range []string{names.Backend, names.Frontend, "bootstrap", "admin-password"} {
		for _, pod := range n.pods(component) {
			for _, c := range pod.Spec.Containers {
				if c.SecurityContext == nil || c.SecurityContext.ReadOnlyRootFilesystem == nil || !*c.SecurityContext.ReadOnlyRootFilesystem {
					n.t.Errorf("container %s of pod %s may write to its root", c.Name, pod.Name)
				}
			}
		}
	}
	backend := n.pods(names.Backend)[0].Name
	for path, may := range map[string]bool{"/probe": false, "/app/probe": false, "/tmp/probe": true} {
		said, err := n.p.Kubectl(n.ctx(), nil, "--namespace="+platform.Namespace(n.name), "exec", backend, "--container=backend", "--", "touch", path)
		n.t.Logf("touch %s: %s", path, strings.TrimSpace(said))
		if (err == nil) != may || !may && !strings.Contains(said, "Read-only file system") {
			n.t.Errorf("writing %s: %v", path, err)
		}
	}
}

// rationed: one pod that takes more than the NGO may have is refused, a modest one is not.
func (n ngo) rationed() {
	n.t.Helper()
	quota := &corev1.ResourceQuota{}
	if err := n.p.Client.Get(n.ctx(), client.ObjectKey{Namespace: platform.Namespace(n.name), Name: "quota"}, quota); err != nil {
		n.t.Fatal(err)
	}
	all := quota.Spec.Hard[corev1.ResourceLimitsMemory]
	greedy := n.pod("greedy")
	greedy.Spec.Containers[0].Resources = corev1.ResourceRequirements{Requests: corev1.ResourceList{corev1.ResourceCPU: resource.MustParse("10m")}, Limits: corev1.ResourceList{corev1.ResourceMemory: all}}
	err := n.try(greedy, platform.Namespace(n.name))
	control := n.try(n.pod("modest"), platform.Namespace(n.name))
	n.t.Logf("a pod that wants %s, all of it: %v; control, a modest one: %v", all.String(), err, control)
	if !apierrors.IsForbidden(err) || !strings.Contains(fmt.Sprint(err), "exceeded quota") || control != nil {
		n.t.Errorf("the quota does not stop it: %v; control: %v", err, control)
	}
}

// pod is one as Pod Security wants it.
func (n ngo) pod(name string) *corev1.Pod {
	no, yes, nobody := false, true, int64(65534)
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec: corev1.PodSpec{
			ServiceAccountName: names.ServiceAccount, AutomountServiceAccountToken: &no, RestartPolicy: corev1.RestartPolicyNever,
			SecurityContext: &corev1.PodSecurityContext{RunAsNonRoot: &yes, RunAsUser: &nobody, SeccompProfile: &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault}},
			Containers: []corev1.Container{{
				Name: "app", Image: n.p.Images["frontend"],
				SecurityContext: &corev1.SecurityContext{AllowPrivilegeEscalation: &no, ReadOnlyRootFilesystem: &yes, Capabilities: &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}}},
			}},
		},
	}
}

// try to create a pod, without doing it.
func (n ngo) try(pod *corev1.Pod, namespace string) error {
	pod = pod.DeepCopy()
	pod.Namespace = namespace
	if namespace != platform.Namespace(n.name) {
		pod.Spec.ServiceAccountName = "default"
	}
	return n.p.Client.Create(n.ctx(), pod, client.DryRunAll)
}
