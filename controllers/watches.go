package controllers

import (
	"context"
	"reflect"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/task"
)

// specChanged lets through what a person does: spec, annotations, deletion. The
// operator's own status writes wake nobody.
func specChanged() builder.Predicates {
	return builder.WithPredicates(predicate.Or(
		predicate.GenerationChangedPredicate{}, predicate.AnnotationChangedPredicate{}, predicate.LabelChangedPredicate{},
		predicate.NewPredicateFuncs(func(o client.Object) bool { return !o.GetDeletionTimestamp().IsZero() }),
	))
}

// childChanged lets through what changes a decision: for workloads their progress, for
// everything else any change.
var childChanged = predicate.Funcs{UpdateFunc: func(e event.UpdateEvent) bool {
	if e.ObjectOld.GetGeneration() != e.ObjectNew.GetGeneration() || !e.ObjectNew.GetDeletionTimestamp().IsZero() {
		return true
	}
	return !reflect.DeepEqual(progress(e.ObjectOld), progress(e.ObjectNew))
}}

// progress is the part of an object that decisions rest on.
func progress(o client.Object) any {
	switch o := o.(type) {
	case *appsv1.Deployment:
		status := o.Status.DeepCopy()
		for i := range status.Conditions {
			status.Conditions[i].LastUpdateTime.Reset()
			status.Conditions[i].Message = ""
		}
		return status
	case *batchv1.Job:
		return o.Status.Conditions
	case *corev1.ResourceQuota: // its status counts every pod that comes and goes
		return []any{o.Spec, o.Labels, o.Annotations}
	case *policyv1.PodDisruptionBudget: // so does its status; its spec has a generation
		return []any{o.Labels, o.Annotations}
	default:
		return o.GetResourceVersion()
	}
}

// podTells lets through what a Pod of a Job has to say: that it cannot run, or how it
// failed. That it comes, runs and goes, its Job says.
var podTells = predicate.Funcs{
	CreateFunc: func(e event.CreateEvent) bool { return tale(e.Object) != (podTale{}) },
	UpdateFunc: func(e event.UpdateEvent) bool { return tale(e.ObjectOld) != tale(e.ObjectNew) },
	DeleteFunc: func(event.DeleteEvent) bool { return false },
}

type podTale struct{ trouble, end, words string }

func tale(o client.Object) podTale {
	pod, ok := o.(*corev1.Pod)
	if component := o.GetLabels()[v1alpha1.LabelComponent]; !ok || component == names.Backend || component == names.Frontend {
		return podTale{} // their Deployments tell, and an update looks by itself
	}
	end, words := task.End(pod)
	return podTale{task.Trouble(pod), end, words}
}

// releaseChanged lets through Organisations that serve or want another Release.
func releaseChanged() predicate.Predicate {
	return predicate.Funcs{UpdateFunc: func(e event.UpdateEvent) bool {
		was, is := e.ObjectOld.(*v1alpha1.Organisation), e.ObjectNew.(*v1alpha1.Organisation)
		return was.Status.Release != is.Status.Release || !reflect.DeepEqual(was.Spec.Release, is.Spec.Release)
	}}
}

// availabilityChanged lets through DatabaseServers whose answer or spec changed.
func availabilityChanged() builder.Predicates {
	return builder.WithPredicates(predicate.Funcs{UpdateFunc: func(e event.UpdateEvent) bool {
		was, is := e.ObjectOld.(*v1alpha1.DatabaseServer), e.ObjectNew.(*v1alpha1.DatabaseServer)
		return was.Generation != is.Generation ||
			meta.IsStatusConditionTrue(was.Status.Conditions, v1alpha1.Ready) != meta.IsStatusConditionTrue(is.Status.Conditions, v1alpha1.Ready)
	}})
}

// toOwner wakes the Organisation that an object is labelled with.
func toOwner() handler.EventHandler {
	return handler.EnqueueRequestsFromMapFunc(func(_ context.Context, o client.Object) []reconcile.Request {
		return requests(o.GetLabels()[v1alpha1.LabelOrganisation])
	})
}

// toAffected wakes the Organisations for which affected says so.
func toAffected(reader client.Reader, affected func(*v1alpha1.Organisation, client.Object) bool) handler.EventHandler {
	return handler.EnqueueRequestsFromMapFunc(func(ctx context.Context, o client.Object) []reconcile.Request {
		var organisations v1alpha1.OrganisationList
		if err := reader.List(ctx, &organisations); err != nil {
			return nil // the cache is gone, and the process with it
		}
		var names []string
		for i := range organisations.Items {
			if affected(&organisations.Items[i], o) {
				names = append(names, organisations.Items[i].Name)
			}
		}
		return requests(names...)
	})
}

func usesProfile(org *v1alpha1.Organisation, o client.Object) bool {
	return org.Spec.Profile == o.GetName()
}

func usesRelease(org *v1alpha1.Organisation, o client.Object) bool {
	return org.Status.Release.Target == o.GetName() || (org.Spec.Release != nil && org.Spec.Release.Name == o.GetName())
}

// usesServer: an Organisation without a place waits for any server.
func usesServer(org *v1alpha1.Organisation, o client.Object) bool {
	placed := org.Annotations[v1alpha1.AnnotationServer]
	return placed == "" || placed == o.GetName()
}

// contends is the index of the Organisations that lost a host to somebody else.
const contends = "contends"

func contending(o client.Object) []string {
	claimed := meta.FindStatusCondition(o.(*v1alpha1.Organisation).Status.Conditions, v1alpha1.Claimed)
	if claimed == nil || claimed.Reason != v1alpha1.ReasonHostnameTaken {
		return nil
	}
	return []string{"host"}
}

// claimFreed lets through what can end a contention, or break a claim: a new claim
// helps nobody.
var claimFreed = predicate.Funcs{CreateFunc: func(event.CreateEvent) bool { return false }}

// toContenders wakes the holder of a claim, and everybody who lost a host.
func toContenders(reader client.Reader) handler.EventHandler {
	return handler.EnqueueRequestsFromMapFunc(func(ctx context.Context, o client.Object) []reconcile.Request {
		affected := []string{o.GetLabels()[v1alpha1.LabelOrganisation]}
		var losers v1alpha1.OrganisationList
		if err := reader.List(ctx, &losers, client.MatchingFields{contends: "host"}); err != nil {
			return requests(affected...) // the cache is gone, and the process with it
		}
		for i := range losers.Items {
			affected = append(affected, losers.Items[i].Name)
		}
		return requests(affected...)
	})
}

// toTenant wakes the Organisation whose namespace this is by its name, whoever made it,
// and the one that its labels name.
func toTenant() handler.EventHandler {
	return handler.EnqueueRequestsFromMapFunc(func(_ context.Context, o client.Object) []reconcile.Request {
		tenant, _ := names.Tenant(o.GetName())
		return requests(tenant, o.GetLabels()[v1alpha1.LabelOrganisation])
	})
}

// requests for names, without the empty and the repeated ones.
func requests(names ...string) []reconcile.Request {
	var all []reconcile.Request
	seen := map[string]bool{"": true}
	for _, name := range names {
		if !seen[name] {
			seen[name] = true
			all = append(all, reconcile.Request{NamespacedName: types.NamespacedName{Name: name}})
		}
	}
	return all
}
