// Package task turns a command of a Release into a Job in the tenant's namespace, and
// judges the Job. What ran is recorded in the ledger, not in the Job.
package task

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	batchv1ac "k8s.io/client-go/applyconfigurations/batch/v1"
	corev1ac "k8s.io/client-go/applyconfigurations/core/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/plan"
	"github.com/glific/organisation-operator/internal/snapshot"
	"github.com/glific/organisation-operator/internal/step"
)

const (
	defaultTimeout = 30 * time.Minute
	// graceSeconds for a task that is cut off.
	graceSeconds = 30
)

// Task is one command of the target release.
type Task struct {
	Kind    ledger.RunKind
	Command []string
	// Secrets besides the environment, taken as variables.
	Secrets []string
}

// Digest identifies the command: the same command of the same image has the same
// effect, whatever Release names it.
func (t Task) Digest(v step.View) string {
	return plan.RunDigest(v.Live.Release.Spec.Images.Backend, t.Command)
}

// Attempt identifies one try of the command. A try that runs or succeeded stands; after
// a failure, another value of retry-at makes another try.
func (t Task) Attempt(v step.View) string {
	digest := t.Digest(v)
	next := digest
	if v.Plan.RetryAt != "" {
		next = digest + "." + names.Digest(8, v.Plan.RetryAt)
	}
	latest := t.latest(v, digest)
	switch {
	case latest == nil:
		return next
	case latest.State != ledger.RunFailed || v.Plan.RetryAt == "":
		return latest.Digest
	}
	return next
}

func (t Task) latest(v step.View, digest string) *ledger.Run {
	runs := v.Live.Ledger.Tenant.Runs
	for i := len(runs) - 1; i >= 0; i-- {
		if runs[i].Kind == t.Kind && plan.IsAttemptOf(runs[i].Digest, digest) {
			return &runs[i]
		}
	}
	return nil
}

// JobName of the attempt. A database that was made anew has another OID, so what ran
// against its predecessor is another Job.
func (t Task) JobName(v step.View) string { return t.jobOf(v, t.Attempt(v)) }

func (t Task) jobOf(v step.View, attempt string) string {
	return names.Job(string(t.Kind), attempt, fmt.Sprint(v.Live.Ledger.Tenant.Facts.Database.OID))
}

// Job finds the attempt's live Job; nil if there is none.
func (t Task) Job(v step.View) *batchv1.Job {
	return snapshot.Find[*batchv1.Job](v.Live, "Job", v.Settings.Namespace, t.JobName(v))
}

// Render makes the attempt's Job. It runs once: no retries, and a disruption such as a
// node drain does not count as failure.
func (t Task) Render(v step.View) *batchv1ac.JobApplyConfiguration {
	release := v.Live.Release
	timeout := defaultTimeout
	if release.Spec.Commands.Timeout != nil {
		timeout = release.Spec.Commands.Timeout.Duration
	}
	labels := map[string]string{v1alpha1.LabelComponent: string(t.Kind), v1alpha1.LabelRelease: release.Name}
	podLabels := names.Labels(v.Org)
	podLabels[v1alpha1.LabelComponent], podLabels[v1alpha1.LabelRelease] = string(t.Kind), release.Name
	return batchv1ac.Job(t.JobName(v), v.Settings.Namespace).
		WithLabels(labels).
		WithAnnotations(map[string]string{v1alpha1.AnnotationAttempt: t.Attempt(v)}).
		WithSpec(batchv1ac.JobSpec().
			WithBackoffLimit(0).
			WithCompletions(1).WithParallelism(1).
			WithActiveDeadlineSeconds(int64(timeout.Seconds())).
			WithPodReplacementPolicy(batchv1.Failed).
			WithPodFailurePolicy(disruptionIsNoFailure()).
			WithTemplate(corev1ac.PodTemplateSpec().WithLabels(podLabels).WithSpec(t.pod(v))))
}

func disruptionIsNoFailure() *batchv1ac.PodFailurePolicyApplyConfiguration {
	return batchv1ac.PodFailurePolicy().WithRules(batchv1ac.PodFailurePolicyRule().
		WithAction(batchv1.PodFailurePolicyActionIgnore).
		WithOnPodConditions(batchv1ac.PodFailurePolicyOnPodConditionsPattern().
			WithType(corev1.DisruptionTarget).WithStatus(corev1.ConditionTrue)))
}

func (t Task) pod(v step.View) *corev1ac.PodSpecApplyConfiguration {
	user := v.Live.Release.Spec.User()
	pod := corev1ac.PodSpec().
		WithRestartPolicy(corev1.RestartPolicyNever).
		WithServiceAccountName(names.ServiceAccount).
		WithAutomountServiceAccountToken(false).
		WithEnableServiceLinks(false).
		WithTerminationGracePeriodSeconds(graceSeconds).
		WithSecurityContext(corev1ac.PodSecurityContext().
			WithRunAsNonRoot(true).WithRunAsUser(user).WithRunAsGroup(user).WithFSGroup(user).
			WithSeccompProfile(corev1ac.SeccompProfile().WithType(corev1.SeccompProfileTypeRuntimeDefault))).
		WithContainers(t.container(v)).
		WithVolumes(volumes(v)...)
	for _, pull := range v.PullSecrets() {
		pod.WithImagePullSecrets(corev1ac.LocalObjectReference().WithName(pull.Name))
	}
	return pod
}

func (t Task) container(v step.View) *corev1ac.ContainerApplyConfiguration {
	release := v.Live.Release
	container := corev1ac.Container().
		WithName("task").
		WithImage(release.Spec.Images.Backend).
		WithCommand(release.Spec.Binary).
		WithArgs(t.Command...).
		WithEnv(t.env(v)...).
		WithTerminationMessagePolicy(corev1.TerminationMessageFallbackToLogsOnError).
		WithResources(corev1ac.ResourceRequirements().WithRequests(v.Settings.Resources.Requests).WithLimits(v.Settings.Resources.Limits)).
		WithSecurityContext(corev1ac.SecurityContext().
			WithAllowPrivilegeEscalation(false).WithReadOnlyRootFilesystem(true).
			WithCapabilities(corev1ac.Capabilities().WithDrop("ALL"))).
		WithVolumeMounts(mounts(v)...)
	if env, ok := v.EnvironmentSecret(); ok {
		container.WithEnvFrom(fromSecret(env.Name))
	}
	for _, name := range t.Secrets {
		container.WithEnvFrom(fromSecret(name))
	}
	return container
}

// env is that of the pods, with a pool of one: a task has its own small share of the
// connection limit.
func (t Task) env(v step.View) []*corev1ac.EnvVarApplyConfiguration {
	env, _ := v.Environment()
	var vars []*corev1ac.EnvVarApplyConfiguration
	for _, value := range env.Plain() {
		if value.Name == "POOL_SIZE" {
			value.Value = "1"
		}
		vars = append(vars, corev1ac.EnvVar().WithName(value.Name).WithValue(literal(value.Value)))
	}
	return append(vars,
		corev1ac.EnvVar().WithName("RELEASE_TMP").WithValue("/tmp"),
		corev1ac.EnvVar().WithName("RELEASE_DISTRIBUTION").WithValue("none"))
}

// literal keeps Kubernetes from expanding $(NAME) in a value.
func literal(value string) string { return strings.ReplaceAll(value, "$", "$$") }

func fromSecret(name string) *corev1ac.EnvFromSourceApplyConfiguration {
	return corev1ac.EnvFromSource().WithSecretRef(corev1ac.SecretEnvSource().WithName(name))
}

func volumes(v step.View) []*corev1ac.VolumeApplyConfiguration {
	volumes := []*corev1ac.VolumeApplyConfiguration{corev1ac.Volume().WithName("tmp").WithEmptyDir(corev1ac.EmptyDirVolumeSource())}
	for _, dir := range writable(v) {
		volumes = append(volumes, corev1ac.Volume().WithName(volumeName(dir)).WithEmptyDir(corev1ac.EmptyDirVolumeSource().WithSizeLimit(dir.SizeLimit)))
	}
	return volumes
}

func mounts(v step.View) []*corev1ac.VolumeMountApplyConfiguration {
	mounts := []*corev1ac.VolumeMountApplyConfiguration{corev1ac.VolumeMount().WithName("tmp").WithMountPath("/tmp")}
	for _, dir := range writable(v) {
		mounts = append(mounts, corev1ac.VolumeMount().WithName(volumeName(dir)).WithMountPath(path.Clean(dir.Path)))
	}
	return mounts
}

// writable are the directories beside /tmp, which every pod has.
func writable(v step.View) []v1alpha1.EmptyDir {
	return slices.DeleteFunc(slices.Clone(v.Live.Release.Spec.Writable), func(d v1alpha1.EmptyDir) bool { return path.Clean(d.Path) == "/tmp" })
}

func volumeName(dir v1alpha1.EmptyDir) string { return "writable-" + dir.Name }

// Judge tells how a Job ended, from its Complete and Failed conditions: a failed Job
// has no completion time, so that is not what is looked at.
func Judge(job *batchv1.Job) (ledger.RunState, string) {
	for _, c := range job.Status.Conditions {
		if c.Status != corev1.ConditionTrue {
			continue
		}
		switch c.Type {
		case batchv1.JobComplete:
			return ledger.RunSucceeded, "Job " + job.Name + " succeeded"
		case batchv1.JobFailed:
			return ledger.RunFailed, fmt.Sprintf("Job %s failed: %s (%s)", job.Name, c.Message, c.Reason)
		}
	}
	return ledger.RunStarted, fmt.Sprintf("Job %s is running", job.Name)
}
