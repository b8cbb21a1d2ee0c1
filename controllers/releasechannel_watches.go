package controllers

import (
	"context"
	"reflect"

	"k8s.io/client-go/util/workqueue"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/fleet"
)

// SetupWithManager says what wakes a channel: itself, and whatever changes how an
// Organisation stands towards it.
func (r *ReleaseChannelReconciler) SetupWithManager(mgr ctrl.Manager) error {
	all := handler.EnqueueRequestsFromMapFunc(func(ctx context.Context, _ client.Object) []reconcile.Request {
		return r.channels(ctx, func(*v1alpha1.ReleaseChannel) bool { return true })
	})
	return ctrl.NewControllerManagedBy(mgr).
		For(&v1alpha1.ReleaseChannel{}, builder.WithPredicates(predicate.Or(predicate.GenerationChangedPredicate{}, predicate.AnnotationChangedPredicate{}))).
		Watches(&v1alpha1.Organisation{}, handler.EnqueueRequestsFromMapFunc(r.following), builder.WithPredicates(standingChanged())).
		Watches(&v1alpha1.OrganisationProfile{}, all, builder.WithPredicates(predicate.GenerationChangedPredicate{})).
		Watches(&v1alpha1.Release{}, all, builder.WithPredicates(predicate.GenerationChangedPredicate{})).
		Watches(&v1alpha1.DatabaseServer{}, all, availabilityChanged()).
		Complete(r)
}

// following are the channels that an Organisation has to do with: the one it follows, by
// its own word or its profile's, the one that its status names, those whose slot it
// holds, and those whose release failed there.
func (r *ReleaseChannelReconciler) following(ctx context.Context, o client.Object) []reconcile.Request {
	org := o.(*v1alpha1.Organisation)
	var profile v1alpha1.OrganisationProfile
	_ = r.Get(ctx, client.ObjectKey{Name: org.Spec.Profile}, &profile) // without one, its word counts
	member := fleet.MemberOf(org, profile.Spec)
	return r.channels(ctx, func(c *v1alpha1.ReleaseChannel) bool {
		return c.Name == org.Status.Release.Channel || fleet.Concerns(c, member)
	})
}

func (r *ReleaseChannelReconciler) channels(ctx context.Context, is func(*v1alpha1.ReleaseChannel) bool) []reconcile.Request {
	var channels v1alpha1.ReleaseChannelList
	if err := r.List(ctx, &channels); err != nil {
		return nil // the cache is gone, and the process with it
	}
	var names []string
	for i := range channels.Items {
		if is(&channels.Items[i]) {
			names = append(names, channels.Items[i].Name)
		}
	}
	return requests(names...)
}

// standingChanged lets through what the planner looks at. The stage of an update, and how
// long it lasts, are the Organisation's own business.
func standingChanged() predicate.Predicate {
	return predicate.Funcs{UpdateFunc: func(e event.UpdateEvent) bool {
		was, is := e.ObjectOld.(*v1alpha1.Organisation), e.ObjectNew.(*v1alpha1.Organisation)
		return was.Generation != is.Generation || !reflect.DeepEqual(was.Labels, is.Labels) || !reflect.DeepEqual(was.Annotations, is.Annotations) ||
			was.DeletionTimestamp.IsZero() != is.DeletionTimestamp.IsZero() ||
			was.Status.Release != is.Status.Release || !reflect.DeepEqual(was.Status.PendingChanges, is.Status.PendingChanges) ||
			answerOf(was) != answerOf(is) || hotOf(was) != hotOf(is)
	}}
}

// wantedChanged lets through channels that want, or have verified, another Release.
func wantedChanged() predicate.Predicate {
	return predicate.Funcs{UpdateFunc: func(e event.UpdateEvent) bool {
		was, is := e.ObjectOld.(*v1alpha1.ReleaseChannel), e.ObjectNew.(*v1alpha1.ReleaseChannel)
		return was.Spec.Release != is.Spec.Release || was.Status.Verified != is.Status.Verified
	}}
}

// hotOf is how the last upgrade of running pods ended.
func hotOf(org *v1alpha1.Organisation) v1alpha1.HotStatus {
	if org.Status.Hot == nil {
		return v1alpha1.HotStatus{}
	}
	return v1alpha1.HotStatus{Release: org.Status.Hot.Release, State: org.Status.Hot.State, Reason: org.Status.Hot.Reason}
}

type slotAnswer struct {
	token  string
	answer v1alpha1.SlotAnswer
}

func answerOf(org *v1alpha1.Organisation) slotAnswer {
	if org.Status.Update == nil {
		return slotAnswer{}
	}
	return slotAnswer{token: org.Status.Update.Token, answer: org.Status.Update.Answer}
}

// toSlots wakes those whose slot is new, and, when what the channel declares changed,
// those who hold one. A fleet of hundreds sleeps on.
func toSlots(reader client.Reader) handler.EventHandler {
	wake := func(q workqueue.TypedRateLimitingInterface[reconcile.Request], names ...string) {
		for _, request := range requests(names...) {
			q.Add(request)
		}
	}
	return handler.Funcs{
		CreateFunc: func(ctx context.Context, e event.CreateEvent, q workqueue.TypedRateLimitingInterface[reconcile.Request]) {
			channel := e.Object.(*v1alpha1.ReleaseChannel)
			wake(q, holders(channel)...)
			wake(q, startingOn(ctx, reader, channel.Name)...)
		},
		UpdateFunc: func(ctx context.Context, e event.UpdateEvent, q workqueue.TypedRateLimitingInterface[reconcile.Request]) {
			was, is := e.ObjectOld.(*v1alpha1.ReleaseChannel), e.ObjectNew.(*v1alpha1.ReleaseChannel)
			if was.Generation != is.Generation {
				wake(q, holders(is)...)
			}
			for _, slot := range is.Status.Slots {
				if offer := fleet.OfferOf(was, slot.UID); offer == nil || offer.Token != slot.Token {
					wake(q, slot.Name)
				}
			}
			if was.Status.Verified != is.Status.Verified {
				wake(q, startingOn(ctx, reader, is.Name)...)
			}
		},
	}
}

func holders(channel *v1alpha1.ReleaseChannel) (names []string) {
	for _, slot := range channel.Status.Slots {
		names = append(names, slot.Name)
	}
	return names
}

// startingOn are the Organisations that take what the channel has verified without a
// slot: nothing of them serves yet, or they are suspended.
func startingOn(ctx context.Context, reader client.Reader, channel string) (names []string) {
	var organisations v1alpha1.OrganisationList
	if err := reader.List(ctx, &organisations); err != nil {
		return nil // the cache is gone, and the process with it
	}
	for i := range organisations.Items {
		org := &organisations.Items[i]
		own := org.Spec.Release != nil && org.Spec.Release.Channel == channel || org.Status.Release.Channel == channel
		if own && (org.Status.Release.Serving == "" || org.Spec.Power == v1alpha1.PowerSuspended) {
			names = append(names, org.Name)
		}
	}
	return names
}
