package task

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	podsecurity "k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/step"
	"github.com/glific/organisation-operator/internal/testkit/golden"
	"github.com/glific/organisation-operator/internal/testkit/views"
)

var password = Task{Kind: ledger.RunAdminPassword, Command: []string{"eval", "Glific.Release.set_admin_password()"}, Secrets: []string{"admin-0123456789"}}

// worlds are the cases of the golden files, and of every rule that must hold for all.
var worlds = map[string]struct {
	task    Task
	options world
}{
	"smallest":       {migration, nil},
	"another-secret": {password, nil},
	"retried":        {migration, world{ran("failed"), retry("2026-11-24T10:00:00Z")}},
	"everything-declared": {migration, world{
		views.PullSecret("registry", `{"auths":{}}`),
		views.SharedSecret("providers", map[string]string{"STRIPE_API_KEY": "canary-shared"}),
		views.Messaging(func(m *v1alpha1.MessagingSpec) {
			m.Env = []v1alpha1.EnvVar{views.Var("PRICE", "$5 or $(DATABASE_URL)")}
		}),
		views.Replicas(2),
		views.DatabaseTLS("-----BEGIN CERTIFICATE-----\n"),
		views.ReleaseSpec(func(r *v1alpha1.ReleaseSpec) {
			r.RunAsUser = 1001
			r.Commands.Timeout = &metav1.Duration{Duration: 45 * time.Minute}
			r.Writable = []v1alpha1.EmptyDir{
				{Name: "certificates", Path: "/app/lib/glific-8.10.1/priv/cert", SizeLimit: resource.MustParse("1Mi")},
				{Name: "more-tmp", Path: "/tmp", SizeLimit: resource.MustParse("1Gi")},
			}
		}),
	}},
}

func rendered(t testing.TB, task Task, v step.View) *batchv1.Job {
	t.Helper()
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(task.Render(v))
	if err != nil {
		t.Fatal(err)
	}
	job := &batchv1.Job{}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructuredWithValidation(content, job, true); err != nil {
		t.Fatalf("not what the API knows: %v", err)
	}
	return job
}

func TestRender(t *testing.T) {
	for name, w := range worlds {
		t.Run(name, func(t *testing.T) {
			golden.AssertYAML(t, "testdata/"+name+".yaml", w.task.Render(views.New(t, w.options...)))
		})
	}
}

// Rules that a golden file shows, and that nobody may approve away.
func TestAJobRunsOnce(t *testing.T) {
	for name, w := range worlds {
		t.Run(name, func(t *testing.T) {
			job := rendered(t, w.task, views.New(t, w.options...))
			if *job.Spec.BackoffLimit != 0 || *job.Spec.Completions != 1 || *job.Spec.Parallelism != 1 || job.Spec.Template.Spec.RestartPolicy != corev1.RestartPolicyNever {
				t.Errorf("backoff limit %d, completions %d, parallelism %d, restart %s", *job.Spec.BackoffLimit, *job.Spec.Completions,
					*job.Spec.Parallelism, job.Spec.Template.Spec.RestartPolicy)
			}
			if *job.Spec.PodReplacementPolicy != batchv1.Failed {
				t.Error("a second pod could start while the first still ends")
			}
			rules := job.Spec.PodFailurePolicy.Rules
			if len(rules) != 1 || rules[0].Action != batchv1.PodFailurePolicyActionIgnore || rules[0].OnPodConditions[0].Type != corev1.DisruptionTarget {
				t.Errorf("a drained node counts as a failure: %+v", rules)
			}
			if job.Spec.TTLSecondsAfterFinished != nil {
				t.Error("it could go before its outcome is recorded")
			}
			if *job.Spec.ActiveDeadlineSeconds <= 0 {
				t.Error("it could run for ever")
			}
		})
	}
}

// Namespaces of tenants enforce "restricted": a pod that it refuses never starts.
func TestEveryPodIsRestricted(t *testing.T) {
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		t.Fatal(err)
	}
	refusal := func(job *batchv1.Job) string {
		level := podsecurity.LevelVersion{Level: podsecurity.LevelRestricted, Version: podsecurity.LatestVersion()}
		result := policy.AggregateCheckResults(evaluator.EvaluatePod(level, &job.Spec.Template.ObjectMeta, &job.Spec.Template.Spec))
		return result.ForbiddenDetail()
	}
	for name, w := range worlds {
		t.Run(name, func(t *testing.T) {
			job := rendered(t, w.task, views.New(t, w.options...))
			if detail := refusal(job); detail != "" {
				t.Error(detail)
			}
			if pod := job.Spec.Template.Spec; !*pod.Containers[0].SecurityContext.ReadOnlyRootFilesystem || *pod.AutomountServiceAccountToken {
				t.Error("it may write to its image, or has a token")
			}
			job.Spec.Template.Spec.SecurityContext.RunAsNonRoot = new(false)
			if refusal(job) == "" {
				t.Error("a pod that may be root is not refused, so this test could not fail")
			}
		})
	}
}

func TestNoSecretValueIsRendered(t *testing.T) {
	for name, w := range worlds {
		t.Run(name, func(t *testing.T) {
			v := views.New(t, w.options...)
			text, err := json.Marshal(w.task.Render(v))
			if err != nil {
				t.Fatal(err)
			}
			values := []string{"canary"}
			for _, value := range views.Keys(t).Data() {
				values = append(values, string(value))
			}
			if slices.ContainsFunc(values, func(value string) bool { return strings.Contains(string(text), value) }) {
				t.Error("a secret value is rendered")
			}
			if !strings.Contains(string(text), "asha.ngo.example.org") {
				t.Error("not even a plain value is rendered, so this test could not fail")
			}
		})
	}
}

func TestVariablesOfATask(t *testing.T) {
	job := rendered(t, migration, views.New(t, views.Replicas(2), views.Messaging(func(m *v1alpha1.MessagingSpec) {
		m.Env = []v1alpha1.EnvVar{views.Var("PRICE", "$5 or $(DATABASE_URL)")}
	})))
	vars := map[string]string{}
	for _, v := range job.Spec.Template.Spec.Containers[0].Env {
		if _, twice := vars[v.Name]; twice {
			t.Errorf("%s is there twice", v.Name)
		}
		vars[v.Name] = v.Value
	}
	for sentence, test := range map[string]struct{ name, want string }{
		"it has its own small share of the connections":  {"POOL_SIZE", "1"},
		"it is no node that others could find":           {"RELEASE_DISTRIBUTION", "none"},
		"it writes where it may":                         {"RELEASE_TMP", "/tmp"},
		"what a person wrote is not expanded":            {"PRICE", "$$5 or $$(DATABASE_URL)"},
		"the rest is that of the pods, the defaults too": {"HACKNEY_POOL_SIZE", "50"},
	} {
		if vars[test.name] != test.want {
			t.Errorf("%s: %s is %q, want %q", sentence, test.name, vars[test.name], test.want)
		}
	}
}

// The labels of the Job and of its pod: the first is how it is found again, the second
// what network policies and people select by.
func TestLabelsOfATask(t *testing.T) {
	job := rendered(t, password, views.New(t))
	for where, labels := range map[string]map[string]string{"Job": job.Labels, "pod": job.Spec.Template.Labels} {
		if labels[v1alpha1.LabelComponent] != "admin-password" || labels[v1alpha1.LabelRelease] != views.Release {
			t.Errorf("%s: %v", where, labels)
		}
	}
	if job.Spec.Template.Labels[v1alpha1.LabelIdentity] != views.UID {
		t.Errorf("pod: %v", job.Spec.Template.Labels)
	}
	if job.Annotations[v1alpha1.AnnotationAttempt] != password.Attempt(views.New(t)) {
		t.Errorf("attempt %s", job.Annotations[v1alpha1.AnnotationAttempt])
	}
}
