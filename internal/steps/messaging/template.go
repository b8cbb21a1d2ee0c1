package messaging

import (
	"cmp"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/intstr"
	corev1ac "k8s.io/client-go/applyconfigurations/core/v1"
	metav1ac "k8s.io/client-go/applyconfigurations/meta/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/environment"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/step"
)

const (
	// defaultGrace covers Glific's 60 s for running jobs and the seconds before them.
	defaultGrace = 90
	// defaultPreStop lets every proxy forget the pod before it refuses connections.
	defaultPreStop = 10
	// frontendPort and frontendGrace of a server of static files.
	frontendPort  = 8080
	frontendGrace = 30
	// epmdPort is where Erlang's port mapper listens (erl manual, "epmd").
	epmdPort = 4369
)

// compose makes the templates that the declaration asks for.
func compose(v step.View, env environment.Environment, restart string) content {
	spec := v.Live.Release.Spec
	c := content{Release: v.Live.Release.Name, Update: spec.Update, Backend: backendTemplate(v, env)}
	if spec.Images.Frontend != "" {
		c.Frontend = frontendTemplate(v)
	}
	for _, template := range []*corev1ac.PodTemplateSpecApplyConfiguration{c.Backend, c.Frontend} {
		if template != nil && restart != "" {
			template.WithAnnotations(map[string]string{restartedAt: restart})
		}
	}
	return c
}

func backendTemplate(v step.View, env environment.Environment) *corev1ac.PodTemplateSpecApplyConfiguration {
	release := v.Live.Release.Spec
	secret, _ := v.EnvironmentSecret()
	dirs := append(directories(release.Writable), hotRoot(release.Update.Hot)...)
	container := hardened(names.Backend, release.Images.Backend).
		WithCommand(release.Started(), "start").
		WithPorts(port("http", environment.HTTPPort(v.Live.Release)), port("epmd", epmdPort)).
		WithEnvFrom(corev1ac.EnvFromSource().WithSecretRef(corev1ac.SecretEnvSource().WithName(secret.Name))).
		WithEnv(variablesOf(v, env, secret.Name)...).
		WithResources(bounded(v.Settings.Resources, dirs)).
		WithVolumeMounts(mounts(dirs)...).
		WithLifecycle(sleep(cmp.Or(release.Shutdown.PreStopSeconds, defaultPreStop)))
	probeHTTP(container, cmp.Or(release.HTTP.HealthPath, "/"), cmp.Or(release.HTTP.HealthHost, "localhost"))
	pod := template(v, names.Backend, cmp.Or(release.Shutdown.GracePeriodSeconds, defaultGrace), container, dirs)
	if release.Update.Hot != nil {
		pod.Spec.WithInitContainers(seed(release, container.Resources))
	}
	return pod
}

// frontendTemplate has no environment and no Secret: one image serves every tenant.
func frontendTemplate(v step.View) *corev1ac.PodTemplateSpecApplyConfiguration {
	release := v.Live.Release.Spec
	answers := v1alpha1.FrontendSpec{}
	if release.Frontend != nil {
		answers = *release.Frontend
	}
	dirs := directories(answers.Writable)
	container := hardened(names.Frontend, release.Images.Frontend).
		WithPorts(port("http", cmp.Or(answers.Port, frontendPort))).
		WithResources(bounded(frontendResources(), dirs)).
		WithVolumeMounts(mounts(dirs)...).
		WithLifecycle(sleep(cmp.Or(release.Shutdown.PreStopSeconds, defaultPreStop)))
	probeHTTP(container, cmp.Or(answers.HealthPath, "/"), "localhost")
	grace := frontendGrace + cmp.Or(release.Shutdown.PreStopSeconds, defaultPreStop)
	return template(v, names.Frontend, grace, container, dirs)
}

func frontendResources() corev1.ResourceRequirements {
	return corev1.ResourceRequirements{
		Requests: corev1.ResourceList{
			corev1.ResourceCPU: resource.MustParse("10m"), corev1.ResourceMemory: resource.MustParse("32Mi"),
		},
		Limits: corev1.ResourceList{corev1.ResourceMemory: resource.MustParse("128Mi")},
	}
}

// template is a pod as Pod Security "restricted" wants it, spread over nodes and zones
// where there are any.
func template(v step.View, component string, grace int64, container *corev1ac.ContainerApplyConfiguration, dirs []directory) *corev1ac.PodTemplateSpecApplyConfiguration {
	user := v.Live.Release.Spec.User()
	pod := corev1ac.PodSpec().
		WithServiceAccountName(names.ServiceAccount).
		WithAutomountServiceAccountToken(false).
		WithEnableServiceLinks(false).
		WithTerminationGracePeriodSeconds(grace).
		WithSecurityContext(corev1ac.PodSecurityContext().
			WithRunAsNonRoot(true).WithRunAsUser(user).WithRunAsGroup(user).WithFSGroup(user).
			WithSeccompProfile(corev1ac.SeccompProfile().WithType(corev1.SeccompProfileTypeRuntimeDefault))).
		WithContainers(container).
		WithVolumes(volumes(dirs)...).
		WithTopologySpreadConstraints(
			spread(v, component, corev1.LabelHostname), spread(v, component, corev1.LabelTopologyZone))
	for _, pull := range v.PullSecrets() {
		pod.WithImagePullSecrets(corev1ac.LocalObjectReference().WithName(pull.Name))
	}
	return corev1ac.PodTemplateSpec().
		WithLabels(v.Settings.Labels).
		WithLabels(names.Labels(v.Org)).
		WithLabels(map[string]string{v1alpha1.LabelComponent: component, v1alpha1.LabelRelease: v.Live.Release.Name}).
		WithSpec(pod)
}

// selector holds labels only that never change: a Deployment's selector cannot.
func selector(v step.View, component string) map[string]string {
	return map[string]string{
		v1alpha1.LabelOrganisation: v.Org.Name,
		v1alpha1.LabelIdentity:     v.Org.Identity(),
		v1alpha1.LabelComponent:    component,
	}
}

// spread prefers, and never insists: a single node must do.
func spread(v step.View, component, topology string) *corev1ac.TopologySpreadConstraintApplyConfiguration {
	return corev1ac.TopologySpreadConstraint().
		WithMaxSkew(1).
		WithTopologyKey(topology).
		WithWhenUnsatisfiable(corev1.ScheduleAnyway).
		WithLabelSelector(metav1ac.LabelSelector().WithMatchLabels(selector(v, component)))
}

func hardened(name, image string) *corev1ac.ContainerApplyConfiguration {
	return corev1ac.Container().
		WithName(name).
		WithImage(image).
		WithTerminationMessagePolicy(corev1.TerminationMessageFallbackToLogsOnError).
		WithSecurityContext(corev1ac.SecurityContext().
			WithAllowPrivilegeEscalation(false).
			WithReadOnlyRootFilesystem(true).
			WithCapabilities(corev1ac.Capabilities().WithDrop("ALL")))
}

// sleep is the kubelet's own (KEP-3960): the image needs no shell.
func sleep(seconds int64) *corev1ac.LifecycleApplyConfiguration {
	return corev1ac.Lifecycle().WithPreStop(corev1ac.LifecycleHandler().
		WithSleep(corev1ac.SleepAction().WithSeconds(seconds)))
}

func port(name string, number int32) *corev1ac.ContainerPortApplyConfiguration {
	return corev1ac.ContainerPort().WithName(name).WithContainerPort(number).WithProtocol(corev1.ProtocolTCP)
}

// probeHTTP: five minutes to start, and readiness by the app's own word. Liveness asks
// for an open port only, so that a database that is down never restarts the app.
func probeHTTP(container *corev1ac.ContainerApplyConfiguration, path, host string) {
	http := func() *corev1ac.ProbeApplyConfiguration {
		return corev1ac.Probe().WithTimeoutSeconds(5).WithHTTPGet(corev1ac.HTTPGetAction().
			WithPath(path).WithPort(intstr.FromString("http")).
			WithHTTPHeaders(corev1ac.HTTPHeader().WithName("Host").WithValue(host)))
	}
	container.
		WithStartupProbe(http().WithPeriodSeconds(5).WithFailureThreshold(60)).
		WithReadinessProbe(http().WithPeriodSeconds(10).WithFailureThreshold(3)).
		WithLivenessProbe(corev1ac.Probe().WithTimeoutSeconds(5).WithPeriodSeconds(20).WithFailureThreshold(6).
			WithTCPSocket(corev1ac.TCPSocketAction().WithPort(intstr.FromString("http"))))
}
