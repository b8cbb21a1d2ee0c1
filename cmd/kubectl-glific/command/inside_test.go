package command

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/testkit/golden"
)

// pod is one as the Deployment of the back end would have made it, in this state.
func (w *clusterWorld) pod(t *testing.T, name string, ready corev1.ConditionStatus) {
	t.Helper()
	none, yes, uid := false, true, int64(1000)
	pod := &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "org-asha", Labels: map[string]string{v1alpha1.LabelComponent: "backend", v1alpha1.LabelRelease: "r1"}},
		Spec: corev1.PodSpec{
			ServiceAccountName: "tenant", AutomountServiceAccountToken: &none,
			SecurityContext: &corev1.PodSecurityContext{RunAsNonRoot: &yes, RunAsUser: &uid, SeccompProfile: &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault}},
			Containers: []corev1.Container{{
				Name: "backend", Image: "registry.example.org/app",
				Env:             []corev1.EnvVar{{Name: "ENABLE_DB_SSL", Value: "false"}},
				EnvFrom:         []corev1.EnvFromSource{{SecretRef: &corev1.SecretEnvSource{LocalObjectReference: corev1.LocalObjectReference{Name: "environment-1"}}}},
				Resources:       corev1.ResourceRequirements{Requests: corev1.ResourceList{"cpu": resource.MustParse("1m"), "memory": resource.MustParse("1Mi")}, Limits: corev1.ResourceList{"memory": resource.MustParse("1Mi")}},
				SecurityContext: &corev1.SecurityContext{AllowPrivilegeEscalation: &none, Capabilities: &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}}},
			}},
		},
	}
	if err := w.Admin.Create(t.Context(), pod); err != nil {
		t.Fatal(err)
	}
	pod.Status.Phase, pod.Status.PodIP = corev1.PodRunning, "192.0.2.17"
	pod.Status.PodIPs = []corev1.PodIP{{IP: "192.0.2.17"}}
	pod.Status.Conditions = []corev1.PodCondition{{Type: corev1.PodReady, Status: ready}}
	if err := w.Admin.Status().Update(t.Context(), pod); err != nil {
		t.Fatal(err)
	}
}

// ranBy is what a command asked of kubectl.
func (p *person) ranBy(t *testing.T, args ...string) string {
	t.Helper()
	p.ran = nil
	got := p.run(args...)
	got.expect(t, 0, "+ kubectl ")
	if len(p.ran) != 1 {
		t.Fatalf("%d commands were run", len(p.ran))
	}
	return strings.ReplaceAll(p.ran[0], p.kubeconfig, "KUBECONFIG")
}

func (w *clusterWorld) insides(t *testing.T) {
	w.admin.run("rpc", "asha", "1").expect(t, 1, "no back-end pod that is ready", "kubectl glific status asha")
	w.admin.run("logs", "asha", "--task", "lunch").expect(t, 1, "there is no such task")
	w.admin.run("run", "asha").expect(t, 1, "either --eval")
	w.admin.run("console", "asha").expect(t, 1, "needs a terminal", "rpc")
	w.admin.run("psql", "asha").expect(t, 1, "needs a terminal")
	w.pod(t, "backend-broken", corev1.ConditionFalse)
	w.pod(t, "backend-ready", corev1.ConditionTrue)
	w.admin.interactive = true
	var lines []string
	for _, args := range [][]string{
		{"logs", "asha"}, {"logs", "asha", "--frontend", "-f", "--since", "5m", "--tail", "-1"}, {"logs", "asha", "--task", "migration", "-p"},
		{"console", "asha"}, {"rpc", "asha", `IO.puts("it's")`}, {"run", "asha", "--eval", "App.task()"}, {"run", "asha", "--", "df", "-h"},
		{"observer", "asha"}, {"--as", "meera", "--as-group", "system:masters", "-n", "ignored", "rpc", "asha", "1"},
	} {
		lines = append(lines, "glific "+quoted(args), "  kubectl "+w.admin.ranBy(t, args...))
	}
	w.admin.interactive = false
	golden.Assert(t, filepath.Join("testdata", "inside.golden"), strings.Join(lines, "\n")+"\n")
	observer := w.admin.run("observer", "asha")
	golden.Assert(t, filepath.Join("testdata", "observer.golden"), observer.out)
	w.doctors(t)
}

// doctors: the chain breaks at DNS, since no test's host has an address.
func (w *clusterWorld) doctors(t *testing.T) {
	w.admin.run("doctor", "asha", "--patience", "3s").expect(t, 10, "The chain breaks at DNS", "create the DNS record of asha.ngo.example.org")
	w.admin.run("doctor", "asha", "--address", "127.0.0.1:1").expect(t, 11, "○ DNS", "The chain breaks at Certificate", "connection refused")
	w.admin.run("doctor", "asha", "--phone", "91").expect(t, 1, "GLIFIC_PASSWORD")
	w.admin.run("doctor", "asha", "--ca-file", "/does/not/exist").expect(t, 1, "--ca-file")
}

// psqls: the pod is let in by Pod Security and the tenant's quota.
func (w *clusterWorld) psqls(t *testing.T) {
	w.admin.interactive = true
	line := w.admin.ranBy(t, "psql", "asha", "--image", "registry.example.org/psql:18")
	w.admin.interactive = false
	_, text, found := strings.Cut(line, "--overrides=")
	if !found {
		t.Fatalf("no overrides in %s", line)
	}
	text = strings.ReplaceAll(strings.TrimSuffix(text, "'"), `'\''`, "'")
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "psql", Namespace: "org-asha"}}
	if err := json.Unmarshal([]byte(text), pod); err != nil {
		t.Fatalf("%v:\n%s", err, text)
	}
	pod.Spec.RestartPolicy = corev1.RestartPolicyNever
	if err := w.Admin.Create(t.Context(), pod, client.DryRunAll, client.FieldValidation("Strict")); err != nil {
		t.Errorf("the API server refuses the pod: %v", err)
	}
}

func TestPsqlReadsTheLoginFromTheURL(t *testing.T) {
	dir := t.TempDir()
	fake := "#!/bin/sh\nenv | grep -E '^(PG|DATABASE)' | sort\necho \"arguments: $*\"\n"
	if err := os.WriteFile(filepath.Join(dir, "psql"), []byte(fake), 0o755); err != nil { //nolint:gosec // a program
		t.Fatal(err)
	}
	for url, want := range map[string]string{
		"ecto://asha-1:s3cret@db.example.org:5432/asha-1": "PGDATABASE=asha-1\nPGHOST=db.example.org\nPGPASSWORD=s3cret\nPGPORT=5432\nPGSSLMODE=disable\nPGUSER=asha-1\narguments: \n",
		"ecto://a:b@[2001:db8::7]:6000/c":                 "PGDATABASE=c\nPGHOST=2001:db8::7\nPGPASSWORD=b\nPGPORT=6000\nPGSSLMODE=disable\nPGUSER=a\narguments: \n",
	} {
		cmd := exec.CommandContext(t.Context(), "sh", "-c", connect)
		cmd.Env = []string{"PATH=" + dir + ":/usr/bin:/bin", "DATABASE_URL=" + url, "ENABLE_DB_SSL=false"}
		out, err := cmd.CombinedOutput()
		if err != nil || string(out) != want {
			t.Errorf("%s: %v\n%s", url, err, out)
		}
	}
}

func TestWordsAreQuotedForAShell(t *testing.T) {
	words := []string{"plain", "", "two words", `it's`, `$HOME`, "*", "a\nb", "--x=y"}
	out, err := exec.CommandContext(t.Context(), "sh", "-c", "printf '%s|' "+quoted(words)).Output()
	if err != nil || string(out) != strings.Join(words, "|")+"|" {
		t.Errorf("a shell reads %q: %v", out, err)
	}
}
