package controllers

import (
	"context"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/tools/events"
	"k8s.io/utils/clock"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/fleet"
)

// ReleaseChannelReconciler gives the Organisations of a channel their slots.
type ReleaseChannelReconciler struct {
	client.Client
	// Live proves that the holder of a slot is gone.
	Live   client.Reader
	Events events.EventRecorder
	Clock  clock.PassiveClock
}

// Reconcile reads the fleet, plans, and writes status if it changed.
func (r *ReleaseChannelReconciler) Reconcile(ctx context.Context, req ctrl.Request) (ctrl.Result, error) {
	channel := &v1alpha1.ReleaseChannel{}
	if err := r.Get(ctx, req.NamespacedName, channel); err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	if !channel.DeletionTimestamp.IsZero() {
		return ctrl.Result{}, nil
	}
	members, err := r.fleet(ctx, channel)
	if err != nil {
		return ctrl.Result{}, err
	}
	plan := fleet.Next(channel, members, r.Clock.Now())
	if err := r.write(ctx, channel, plan); err != nil {
		return ctrl.Result{}, err
	}
	return ctrl.Result{RequeueAfter: plan.After}, nil
}

// write is refused if the channel was read from a cache that is behind: no slot is given
// twice, and none is forgotten.
func (r *ReleaseChannelReconciler) write(ctx context.Context, channel *v1alpha1.ReleaseChannel, plan fleet.Plan) error {
	if equality.Semantic.DeepEqual(channel.Status, plan.Status) {
		return nil
	}
	patched := channel.DeepCopy()
	patched.Status = plan.Status
	err := r.Status().Patch(ctx, patched, client.MergeFromWithOptions(channel, client.MergeFromWithOptimisticLock{}))
	if client.IgnoreNotFound(err) != nil {
		return fmt.Errorf("writing the status of ReleaseChannel %s: %w", channel.Name, err)
	}
	for _, note := range plan.Notes {
		r.Events.Eventf(patched, nil, kindOf(plan.Verdict), plan.Verdict.Reason, "RollOut", "%s", note)
	}
	return nil
}

func kindOf(v fleet.Verdict) string {
	if v.Stalled {
		return corev1.EventTypeWarning
	}
	return corev1.EventTypeNormal
}

func (r *ReleaseChannelReconciler) fleet(ctx context.Context, channel *v1alpha1.ReleaseChannel) (f fleet.Fleet, err error) {
	var (
		organisations v1alpha1.OrganisationList
		profiles      v1alpha1.OrganisationProfileList
		servers       v1alpha1.DatabaseServerList
	)
	for _, list := range []client.ObjectList{&organisations, &profiles, &servers} {
		if err := r.List(ctx, list); err != nil {
			return f, fmt.Errorf("listing the fleet of ReleaseChannel %s: %w", channel.Name, err)
		}
	}
	for i := range organisations.Items {
		org := &organisations.Items[i]
		m := fleet.MemberOf(org, profileOf(org, profiles.Items)).On(serverOf(org, servers.Items))
		if fleet.Concerns(channel, m) {
			f.Members = append(f.Members, m)
		}
	}
	release := &v1alpha1.Release{}
	switch err := r.Get(ctx, client.ObjectKey{Name: channel.Spec.Release}, release); {
	case err == nil:
		f.Release = release
	case !apierrors.IsNotFound(err):
		return f, fmt.Errorf("reading Release %s: %w", channel.Spec.Release, err)
	}
	f.Gone, err = r.gone(ctx, channel, f.Members)
	return f, err
}

// gone are the holders of slots, and those at which the release failed, that do not exist
// any more, as the API server says. An Organisation of the same name is another one.
func (r *ReleaseChannelReconciler) gone(ctx context.Context, channel *v1alpha1.ReleaseChannel, members []fleet.Member) (map[string]bool, error) {
	gone := map[string]bool{}
	for uid, name := range named(channel.Status) {
		if slices.ContainsFunc(members, func(m fleet.Member) bool { return m.UID == uid }) {
			continue
		}
		var found v1alpha1.OrganisationList
		if err := r.Live.List(ctx, &found, client.MatchingFields{"metadata.name": name}); err != nil {
			return nil, fmt.Errorf("reading Organisation %s, of which ReleaseChannel %s keeps a note: %w", name, channel.Name, err)
		}
		gone[uid] = !slices.ContainsFunc(found.Items, func(o v1alpha1.Organisation) bool { return string(o.UID) == uid })
	}
	return gone, nil
}

// named are the Organisations that a channel's status names, by UID.
func named(s v1alpha1.ReleaseChannelStatus) map[string]string {
	names := map[string]string{}
	for _, slot := range s.Slots {
		names[slot.UID] = slot.Name
	}
	for _, failure := range s.Failures {
		names[failure.UID] = failure.Name
	}
	return names
}

func profileOf(org *v1alpha1.Organisation, profiles []v1alpha1.OrganisationProfile) v1alpha1.OrganisationProfileSpec {
	for i := range profiles {
		if profiles[i].Name == org.Spec.Profile {
			return profiles[i].Spec
		}
	}
	return v1alpha1.OrganisationProfileSpec{}
}

func serverOf(org *v1alpha1.Organisation, servers []v1alpha1.DatabaseServer) *v1alpha1.DatabaseServer {
	for i := range servers {
		if servers[i].Name == org.Annotations[v1alpha1.AnnotationServer] {
			return &servers[i]
		}
	}
	return nil
}
