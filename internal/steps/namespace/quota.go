package namespace

import (
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	corev1ac "k8s.io/client-go/applyconfigurations/core/v1"

	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/snapshot"
	"github.com/glific/organisation-operator/internal/step"
)

const (
	quotaName  = "quota"
	limitsName = "defaults"
)

const (
	// maxFrontends: the front end has as many replicas as the back end, up to two.
	maxFrontends = 2
	// tasks: one, and one before it that is not gone yet.
	tasks = 2
)

// pods that a tenant may have at once: front end and back end in an update, and tasks.
func pods(replicas int32) int64 {
	return updating(replicas) + updating(min(replicas, maxFrontends)) + tasks
}

// updating is how many pods an update of one Deployment can show: all replicas, as
// many that shut down, which takes a minute and more and counts until it is over, and
// one that starts before an old one ends.
func updating(replicas int32) int64 { return 2*int64(replicas) + 1 }

// quota bounds what one tenant can take from the others. It is a guard rail, not a
// reservation: as many pods as an update can show at once, each as large as the app.
func quota(v step.View) step.Applicable {
	hard := corev1.ResourceList{
		corev1.ResourcePods:                  *resource.NewQuantity(pods(replicas(v)), resource.DecimalSI),
		corev1.ResourceServicesLoadBalancers: *resource.NewQuantity(0, resource.DecimalSI),
		corev1.ResourceServicesNodePorts:     *resource.NewQuantity(0, resource.DecimalSI),
	}
	for name, one := range largest(v) {
		all := one.DeepCopy()
		all.Mul(pods(replicas(v)))
		hard[name] = all
	}
	if !converged(v, names.Backend) || !converged(v, names.Frontend) {
		raise(hard, standing(v))
	}
	return corev1ac.ResourceQuota(quotaName, v.Settings.Namespace).
		WithSpec(corev1ac.ResourceQuotaSpec().WithHard(hard))
}

// limits gives a container that says nothing what the app has, since a quota refuses
// pods whose containers do not say.
func limits(v step.View) step.Applicable {
	item := corev1ac.LimitRangeItem().WithType(corev1.LimitTypeContainer)
	requests, limits := corev1.ResourceList{}, corev1.ResourceList{}
	for _, name := range []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory} {
		if request, ok := request(v.Settings.Resources, name); ok {
			requests[name] = request
		}
	}
	if limit, ok := largest(v)[corev1.ResourceLimitsMemory]; ok {
		limits[corev1.ResourceMemory] = limit
	}
	if len(requests) > 0 {
		item.WithDefaultRequest(requests)
	}
	if len(limits) > 0 {
		item.WithDefault(limits)
	}
	return corev1ac.LimitRange(limitsName, v.Settings.Namespace).WithSpec(corev1ac.LimitRangeSpec().WithLimits(item))
}

// largest is what one pod may take, by the names that quotas use: as declared, or as
// the pods that run were declared, whichever is more. Pods keep an old size until
// they are restarted, and must be able to come back until then. Only what is declared
// is limited at all.
func largest(v step.View) corev1.ResourceList {
	most := compute(v.Settings.Resources)
	for _, name := range []string{names.Backend, names.Frontend} {
		deployment := snapshot.Find[*appsv1.Deployment](v.Live, "Deployment", v.Settings.Namespace, name)
		if deployment == nil {
			continue
		}
		for _, container := range deployment.Spec.Template.Spec.Containers {
			raise(most, compute(container.Resources))
		}
	}
	// A default limit below an explicit request would make a pod invalid.
	if limit, ok := most[corev1.ResourceLimitsMemory]; ok && limit.Cmp(most[corev1.ResourceRequestsMemory]) < 0 {
		most[corev1.ResourceLimitsMemory] = most[corev1.ResourceRequestsMemory]
	}
	return most
}

func compute(r corev1.ResourceRequirements) corev1.ResourceList {
	list := corev1.ResourceList{}
	if cpu, ok := request(r, corev1.ResourceCPU); ok {
		list[corev1.ResourceRequestsCPU] = cpu
	}
	if memory, ok := request(r, corev1.ResourceMemory); ok {
		list[corev1.ResourceRequestsMemory] = memory
	}
	if limit, ok := r.Limits[corev1.ResourceMemory]; ok {
		list[corev1.ResourceLimitsMemory] = limit
	}
	return list
}

// request of a container: a limit alone is a request as well, as Kubernetes has it.
func request(r corev1.ResourceRequirements, name corev1.ResourceName) (resource.Quantity, bool) {
	if q, ok := r.Requests[name]; ok {
		return q, true
	}
	q, ok := r.Limits[name]
	return q, ok
}

// raise lifts what to has to what from has; it adds nothing.
func raise(to, from corev1.ResourceList) {
	for name, have := range to {
		if other, ok := from[name]; ok && have.Cmp(other) < 0 {
			to[name] = other
		}
	}
}

// replicas is the larger of what is declared and what runs.
func replicas(v step.View) int32 {
	most := v.Settings.Replicas
	backend := snapshot.Find[*appsv1.Deployment](v.Live, "Deployment", v.Settings.Namespace, names.Backend)
	if backend != nil && backend.Spec.Replicas != nil {
		most = max(most, *backend.Spec.Replicas)
	}
	return most
}

// converged tells whether pods of an older template are gone. Until then the quota
// is not lowered: it would keep the new pods from starting.
func converged(v step.View, name string) bool {
	d := snapshot.Find[*appsv1.Deployment](v.Live, "Deployment", v.Settings.Namespace, name)
	if d == nil || d.Spec.Replicas == nil {
		return true
	}
	leaving := d.Status.TerminatingReplicas != nil && *d.Status.TerminatingReplicas > 0
	return !leaving && d.Status.ObservedGeneration >= d.Generation &&
		d.Status.Replicas == *d.Spec.Replicas && d.Status.UpdatedReplicas == *d.Spec.Replicas
}

// standing is what the quota allows now.
func standing(v step.View) corev1.ResourceList {
	if live := snapshot.Find[*corev1.ResourceQuota](v.Live, "ResourceQuota", v.Settings.Namespace, quotaName); live != nil {
		return live.Spec.Hard
	}
	return nil
}
