package messaging

import (
	"cmp"
	"strconv"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	appsv1ac "k8s.io/client-go/applyconfigurations/apps/v1"
	corev1ac "k8s.io/client-go/applyconfigurations/core/v1"
	metav1ac "k8s.io/client-go/applyconfigurations/meta/v1"
	policyv1ac "k8s.io/client-go/applyconfigurations/policy/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/step"
)

const (
	// defaultDeadline in seconds until new pods that are not ready count as NeverHealthy.
	defaultDeadline = 600
	// replicaSetsKept is how many old ReplicaSets a Deployment keeps.
	replicaSetsKept = 5
	// servicePort is where Services listen, whatever the port of the app.
	servicePort = 80
	// maxFrontends: static files need a second pod only where the back end has one.
	maxFrontends = 2
)

// workloads are the objects that run a revision.
func workloads(v step.View, r revision, up *upgrade) []step.Applicable {
	replicas := replicas(v)
	objects := []step.Applicable{
		bracket(v, up, deploymentOf(v, r, names.Backend, marked(r.Backend, brokenOff(v, up, r.Release)), replicas)),
		serviceOf(v, names.Backend),
		nodesOf(v),
	}
	if replicas > 1 {
		objects = append(objects, budgetOf(v, names.Backend))
	}
	if r.Frontend == nil {
		return objects
	}
	replicas = min(replicas, maxFrontends)
	objects = append(objects, deploymentOf(v, r, names.Frontend, r.Frontend, replicas), serviceOf(v, names.Frontend))
	if replicas > 1 {
		objects = append(objects, budgetOf(v, names.Frontend))
	}
	return objects
}

// replicas of the back end. While the declaration cannot be merged, as many run as ran.
func replicas(v step.View) int32 {
	if v.Plan.Suspended {
		return 0
	}
	if v.Settings.Replicas > 0 && v.Live.Invalid == nil {
		return v.Settings.Replicas
	}
	if d := deployment(v, names.Backend); d != nil {
		return max(1, wanted(d))
	}
	return 1
}

func deploymentOf(v step.View, r revision, component string, template *corev1ac.PodTemplateSpecApplyConfiguration, replicas int32) *appsv1ac.DeploymentApplyConfiguration {
	return appsv1ac.Deployment(component, v.Settings.Namespace).
		WithLabels(map[string]string{v1alpha1.LabelComponent: component, v1alpha1.LabelRelease: r.Release}).
		WithAnnotations(map[string]string{v1alpha1.AnnotationRevision: strconv.FormatInt(r.number, 10)}).
		WithSpec(appsv1ac.DeploymentSpec().
			WithReplicas(replicas).
			WithRevisionHistoryLimit(replicaSetsKept).
			WithProgressDeadlineSeconds(cmp.Or(r.Update.ProgressDeadlineSeconds, defaultDeadline)).
			WithSelector(metav1ac.LabelSelector().WithMatchLabels(selector(v, component))).
			WithStrategy(strategy(v, r, component)).
			WithTemplate(template))
}

// strategy of the back end follows the Release and what the Organisation bears; static
// files always overlap.
func strategy(v step.View, r revision, component string) *appsv1ac.DeploymentStrategyApplyConfiguration {
	recreate := r.Update.Strategy == v1alpha1.UpdateRecreate || v.Settings.Disruption == v1alpha1.DisruptionBrief
	if recreate && component == names.Backend {
		return appsv1ac.DeploymentStrategy().WithType(appsv1.RecreateDeploymentStrategyType)
	}
	return appsv1ac.DeploymentStrategy().
		WithType(appsv1.RollingUpdateDeploymentStrategyType).
		WithRollingUpdate(appsv1ac.RollingUpdateDeployment().
			WithMaxUnavailable(intstr.FromInt32(0)).
			WithMaxSurge(intstr.FromInt32(1)))
}

func serviceOf(v step.View, component string) step.Applicable {
	return corev1ac.Service(component, v.Settings.Namespace).
		WithLabels(map[string]string{v1alpha1.LabelComponent: component}).
		WithSpec(corev1ac.ServiceSpec().
			WithType(corev1.ServiceTypeClusterIP).
			WithSelector(selector(v, component)).
			WithPorts(servicePortOf("http", servicePort)))
}

// nodesOf is how BEAM nodes find each other, before they are ready as well.
func nodesOf(v step.View) step.Applicable {
	return corev1ac.Service(names.BackendNodes, v.Settings.Namespace).
		WithLabels(map[string]string{v1alpha1.LabelComponent: names.Backend}).
		WithSpec(corev1ac.ServiceSpec().
			WithClusterIP(corev1.ClusterIPNone).
			WithPublishNotReadyAddresses(true).
			WithSelector(selector(v, names.Backend)).
			WithPorts(servicePortOf("epmd", epmdPort)))
}

func servicePortOf(name string, number int32) *corev1ac.ServicePortApplyConfiguration {
	return corev1ac.ServicePort().WithName(name).WithPort(number).
		WithTargetPort(intstr.FromString(name)).WithProtocol(corev1.ProtocolTCP)
}

// budgetOf exists for two pods or more: for one it would block a node's drain for ever.
func budgetOf(v step.View, component string) step.Applicable {
	return policyv1ac.PodDisruptionBudget(component, v.Settings.Namespace).
		WithLabels(map[string]string{v1alpha1.LabelComponent: component}).
		WithSpec(policyv1ac.PodDisruptionBudgetSpec().
			WithMaxUnavailable(intstr.FromInt32(1)).
			WithUnhealthyPodEvictionPolicy(policyv1.AlwaysAllow).
			WithSelector(metav1ac.LabelSelector().WithMatchLabels(selector(v, component))))
}
