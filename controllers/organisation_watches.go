package controllers

import (
	"context"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/util/workqueue"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
	"sigs.k8s.io/controller-runtime/pkg/source"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/optional"
	"github.com/glific/organisation-operator/internal/probe"
	"github.com/glific/organisation-operator/internal/snapshot"
)

const (
	// firstRetry and lastRetry bound the backoff of one Organisation's errors.
	firstRetry = 200 * time.Millisecond
	lastRetry  = 2 * time.Minute
	// longestPass ends a pass that waits for an answer which does not come: a worker is
	// never lost. The next pass goes on where it was.
	longestPass = 2 * time.Minute
	// lookForAPIs is how often an API is looked for that was absent.
	lookForAPIs = 30 * time.Second
)

// SetupWithManager says what wakes an Organisation: itself, everything that it owns,
// and what it shares or competes for with others.
func (r *OrganisationReconciler) SetupWithManager(mgr ctrl.Manager, apis *optional.APIs, concurrency int) error {
	if err := mgr.GetFieldIndexer().IndexField(context.Background(), &v1alpha1.Organisation{}, contends, contending); err != nil {
		return err
	}
	b := ctrl.NewControllerManagedBy(mgr).
		For(&v1alpha1.Organisation{}, specChanged()).
		WithOptions(controller.Options{
			MaxConcurrentReconciles: concurrency,
			ReconciliationTimeout:   longestPass,
			RateLimiter:             workqueue.NewTypedItemExponentialFailureRateLimiter[reconcile.Request](firstRetry, lastRetry),
		}).
		Watches(&v1alpha1.OrganisationProfile{}, toAffected(r.Client, usesProfile)).
		Watches(&v1alpha1.Release{}, toAffected(r.Client, usesRelease)).
		Watches(&v1alpha1.DatabaseServer{}, toAffected(r.Client, usesServer), availabilityChanged()).
		Watches(&v1alpha1.ReleaseChannel{}, toSlots(r.Client)).
		Watches(&corev1.ConfigMap{}, toContenders(r.Client), builder.WithPredicates(claimFreed)).
		Watches(&corev1.Namespace{}, toTenant())
	for _, kind := range snapshot.Kinds() {
		if !kind.Optional {
			b = b.Watches(kind.Object, toOwner(), builder.WithPredicates(childChanged))
		}
	}
	b = b.Watches(&corev1.Pod{}, toOwner(), builder.WithPredicates(podTells))
	if r.Snapshots.Reach != nil {
		b = b.WatchesRawSource(answered(r.Snapshots.Reach))
	}
	built, err := b.Build(r)
	if err != nil {
		return err
	}
	return mgr.Add(&lookout{apis: apis, controller: built, cache: mgr.GetCache(), reader: r.Client, watched: map[string]bool{}})
}

// answered wakes an Organisation whose hosts answer otherwise than before. The buffer
// holds a whole fleet, so that no probe waits for the queue.
func answered(desk *probe.Desk) source.Source {
	events := make(chan event.GenericEvent, 8192)
	desk.Wake = func(name string) {
		events <- event.GenericEvent{Object: &v1alpha1.Organisation{ObjectMeta: metav1.ObjectMeta{Name: name}}}
	}
	return source.Channel(events, &handler.EnqueueRequestForObject{})
}

// lookout starts the watch of an optional API when it appears, and wakes everybody,
// since whoever waits for it is among them.
type lookout struct {
	apis       *optional.APIs
	controller controller.Controller
	cache      cache.Cache
	reader     client.Reader
	watched    map[string]bool
}

var _ manager.LeaderElectionRunnable = &lookout{}

// NeedLeaderElection: only the leader writes, so only it needs to be woken.
func (*lookout) NeedLeaderElection() bool { return true }

// Start looks until the context ends.
func (l *lookout) Start(ctx context.Context) error {
	ticker := time.NewTicker(lookForAPIs)
	defer ticker.Stop()
	for {
		if err := l.look(ctx); err != nil {
			ctrl.LoggerFrom(ctx).Error(err, "looking for optional APIs")
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

func (l *lookout) look(ctx context.Context) error {
	appeared, failed := l.apis.Discover()
	for _, kind := range snapshot.Kinds() {
		if !kind.Optional || !l.apis.Offers(kind.GroupVersionKind) && !slices.Contains(appeared, kind.GroupVersionKind) {
			continue
		}
		if err := l.take(ctx, kind); err != nil {
			return err
		}
	}
	return failed
}

// take watches a kind that exists, and offers it once its cache is filled; until then
// nobody reads it, so nobody waits for a cache that cannot be filled.
func (l *lookout) take(ctx context.Context, kind snapshot.Kind) error {
	if !l.watched[kind.Kind] {
		if err := l.controller.Watch(source.Kind(l.cache, kind.Object, toOwner(), childChanged)); err != nil {
			return err
		}
		l.watched[kind.Kind] = true
	}
	if l.apis.Offers(kind.GroupVersionKind) {
		return nil
	}
	informer, err := l.cache.GetInformer(ctx, kind.Object, cache.BlockUntilSynced(false))
	if err != nil || !informer.HasSynced() {
		return err
	}
	l.apis.Offer(kind.GroupVersionKind)
	return l.controller.Watch(l.everybody(ctx))
}

// everybody is a source that wakes every Organisation once.
func (l *lookout) everybody(ctx context.Context) source.Source {
	var organisations v1alpha1.OrganisationList
	events := make(chan event.GenericEvent)
	if err := l.reader.List(ctx, &organisations); err == nil {
		events = make(chan event.GenericEvent, len(organisations.Items))
		for i := range organisations.Items {
			events <- event.GenericEvent{Object: &organisations.Items[i]}
		}
	}
	return source.Channel(events, &handler.EnqueueRequestForObject{})
}
