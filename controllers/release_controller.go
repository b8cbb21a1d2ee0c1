package controllers

import (
	"context"
	"fmt"
	"slices"

	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/settings"
)

// ReleaseReconciler keeps a Release while any Organisation serves it or aims at it.
type ReleaseReconciler struct {
	client.Client
	// Live lists Organisations from the API server before a Release is let go.
	Live client.Reader
}

// Reconcile holds the Release by a finalizer while it is in use.
func (r *ReleaseReconciler) Reconcile(ctx context.Context, req ctrl.Request) (ctrl.Result, error) {
	release := &v1alpha1.Release{}
	if err := r.Get(ctx, req.NamespacedName, release); err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	held := controllerutil.ContainsFinalizer(release, v1alpha1.FinalizerInUse)
	deleting := !release.DeletionTimestamp.IsZero()
	if deleting == held { // neither kept and held, nor let go and free
		reader := client.Reader(r.Client)
		if deleting {
			reader = r.Live
		}
		used, err := r.used(ctx, reader, release.Name)
		if err != nil || used == deleting {
			return ctrl.Result{}, err
		}
		return ctrl.Result{}, r.hold(ctx, release, used)
	}
	return ctrl.Result{}, nil
}

func (r *ReleaseReconciler) hold(ctx context.Context, release *v1alpha1.Release, used bool) error {
	patched := release.DeepCopy()
	if used {
		controllerutil.AddFinalizer(patched, v1alpha1.FinalizerInUse)
	} else {
		controllerutil.RemoveFinalizer(patched, v1alpha1.FinalizerInUse)
	}
	err := r.Patch(ctx, patched, client.MergeFromWithOptions(release, client.MergeFromWithOptimisticLock{}))
	if client.IgnoreNotFound(err) != nil {
		return fmt.Errorf("holding Release %s: %w", release.Name, err)
	}
	return nil
}

// used tells whether an Organisation serves the Release or aims at it, by its own spec,
// by its profile, or as it was last seen.
func (r *ReleaseReconciler) used(ctx context.Context, reader client.Reader, release string) (bool, error) {
	var organisations v1alpha1.OrganisationList
	if err := reader.List(ctx, &organisations); err != nil {
		return false, fmt.Errorf("listing Organisations that may use Release %s: %w", release, err)
	}
	var profiles v1alpha1.OrganisationProfileList
	if err := reader.List(ctx, &profiles); err != nil {
		return false, fmt.Errorf("listing OrganisationProfiles that may name Release %s: %w", release, err)
	}
	var channels v1alpha1.ReleaseChannelList
	if err := reader.List(ctx, &channels); err != nil {
		return false, fmt.Errorf("listing ReleaseChannels that may want Release %s: %w", release, err)
	}
	if slices.ContainsFunc(channels.Items, func(c v1alpha1.ReleaseChannel) bool {
		return c.Spec.Release == release || c.Status.Verified == release
	}) {
		return true, nil
	}
	return slices.ContainsFunc(organisations.Items, func(org v1alpha1.Organisation) bool {
		return slices.Contains(releasesOf(&org, profiles.Items), release)
	}), nil
}

func releasesOf(org *v1alpha1.Organisation, profiles []v1alpha1.OrganisationProfile) []string {
	names := []string{org.Status.Release.Serving, org.Status.Release.Target}
	if u := org.Status.Update; u != nil && u.Answer == v1alpha1.SlotAccepted {
		names = append(names, u.From) // it may be brought back
	}
	for i := range profiles {
		if profiles[i].Name == org.Spec.Profile {
			declared, _ := settings.Resolve(org, &profiles[i])
			names = append(names, declared.Release)
		}
	}
	if org.Spec.Release != nil {
		names = append(names, org.Spec.Release.Name)
	}
	return names
}

// SetupWithManager watches Releases, and the Organisations that use them.
func (r *ReleaseReconciler) SetupWithManager(mgr ctrl.Manager) error {
	toReleases := handler.EnqueueRequestsFromMapFunc(func(_ context.Context, o client.Object) []reconcile.Request {
		org := o.(*v1alpha1.Organisation)
		names := []string{org.Status.Release.Serving, org.Status.Release.Target}
		if org.Spec.Release != nil {
			names = append(names, org.Spec.Release.Name)
		}
		return requests(names...)
	})
	return ctrl.NewControllerManagedBy(mgr).
		For(&v1alpha1.Release{}).
		Watches(&v1alpha1.Organisation{}, toReleases, builder.WithPredicates(releaseChanged())).
		Watches(&v1alpha1.ReleaseChannel{}, handler.EnqueueRequestsFromMapFunc(func(_ context.Context, o client.Object) []reconcile.Request {
			channel := o.(*v1alpha1.ReleaseChannel)
			return requests(channel.Spec.Release, channel.Status.Verified)
		}), builder.WithPredicates(wantedChanged())).
		Complete(r)
}
