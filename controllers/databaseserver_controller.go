package controllers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/clock"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/connection"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/postgres"
)

// unreachableRetry is how soon a server that does not answer is asked again.
const unreachableRetry = 15 * time.Second

// DatabaseServerReconciler keeps a server's ledger, tells what the server is like, and
// drops what was doomed when its time has come.
type DatabaseServerReconciler struct {
	client.Client
	// Live reads Organisations and Secrets from the API server.
	Live         client.Reader
	Databases    *connection.Pool
	Namespace    string
	Installation string
	Clock        clock.PassiveClock
}

// Reconcile asks the server, tends its ledger and writes its status.
func (r *DatabaseServerReconciler) Reconcile(ctx context.Context, req ctrl.Request) (ctrl.Result, error) {
	server := &v1alpha1.DatabaseServer{}
	if err := r.Get(ctx, req.NamespacedName, server); err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	if !server.DeletionTimestamp.IsZero() {
		return ctrl.Result{RequeueAfter: unreachableRetry}, r.letGo(ctx, server)
	}
	if controllerutil.AddFinalizer(server, v1alpha1.FinalizerInUse) {
		// The pass goes on: no watch tells of a finalizer.
		if err := r.finalizer(ctx, server); err != nil {
			return ctrl.Result{}, err
		}
	}
	before := server.DeepCopy()
	seen, err := r.inspect(ctx, server)
	summariseServer(server, seen, err, r.Clock.Now())
	if failed := r.write(ctx, before, server); failed != nil {
		return ctrl.Result{}, failed
	}
	if err == nil {
		return ctrl.Result{RequeueAfter: observeEvery}, r.tend(ctx, server)
	}
	return ctrl.Result{RequeueAfter: unreachableRetry}, nil //nolint:nilerr // status says it; asking again is all there is to do
}

// inspect opens the server anew, so that a changed Secret is noticed.
func (r *DatabaseServerReconciler) inspect(ctx context.Context, server *v1alpha1.DatabaseServer) (postgres.Status, error) {
	open, _, err := r.Databases.Refresh(ctx, server)
	if err != nil {
		return postgres.Status{}, err
	}
	if err := open.EnsureLedger(ctx); err != nil {
		return postgres.Status{}, err
	}
	return open.Inspect(ctx)
}

// tend drops what was doomed, and retires what an Organisation left behind that was
// deleted while the server could not be asked.
func (r *DatabaseServerReconciler) tend(ctx context.Context, server *v1alpha1.DatabaseServer) error {
	open, _, err := r.Databases.For(ctx, server)
	if err != nil {
		return err
	}
	if err := r.retireOrphans(ctx, open); err != nil {
		return err
	}
	_, err = open.Reap(ctx, r.Installation, r.dropKeys)
	return err
}

// retireOrphans needs proof that the Organisation is gone: a list from the API server
// that was read after the row.
func (r *DatabaseServerReconciler) retireOrphans(ctx context.Context, open *postgres.Server) error {
	rows, err := open.List(ctx, r.Installation)
	if err != nil {
		return err
	}
	living := slices.DeleteFunc(rows, func(row ledger.Row) bool { return !row.State.Living() })
	cached, err := r.identities(ctx, r.Client)
	if err != nil || !slices.ContainsFunc(living, func(row ledger.Row) bool { return !cached[row.Identity] }) {
		return err
	}
	existing, err := r.identities(ctx, r.Live)
	if err != nil {
		return err
	}
	for _, row := range living {
		if existing[row.Identity] {
			continue
		}
		if err := r.retire(ctx, open, row, len(living)); err != nil {
			return fmt.Errorf("retiring database %s, whose Organisation is gone: %w", row.Database, err)
		}
	}
	return nil
}

// retire asks the breaker first: finalizers that were removed from a whole fleet by hand
// must not silence it.
func (r *DatabaseServerReconciler) retire(ctx context.Context, open *postgres.Server, row ledger.Row, fleet int) error {
	verdict, err := open.AdmitTeardown(ctx, postgres.Teardown{
		Installation: r.Installation, Identity: row.Identity, Kind: postgres.TeardownDelete, FleetSize: fleet,
	})
	if err != nil || verdict.Held {
		return err
	}
	_, err = open.Retire(ctx, row.Ref(), postgres.Retirement{})
	if errors.Is(err, ledger.ErrStale) {
		return nil
	}
	return err
}

func (r *DatabaseServerReconciler) identities(ctx context.Context, reader client.Reader) (map[string]bool, error) {
	var organisations v1alpha1.OrganisationList
	if err := reader.List(ctx, &organisations); err != nil {
		return nil, fmt.Errorf("listing Organisations: %w", err)
	}
	identities := map[string]bool{}
	for i := range organisations.Items {
		org := &organisations.Items[i]
		for _, identity := range []string{org.Identity(), org.Status.Identity, string(org.UID)} {
			identities[identity] = true
		}
	}
	return identities, nil
}

// dropKeys removes the master copy of keys that no data depends on any more.
func (r *DatabaseServerReconciler) dropKeys(ctx context.Context, row ledger.Row) error {
	var keys corev1.Secret
	err := r.Live.Get(ctx, client.ObjectKey{Namespace: r.Namespace, Name: names.Keys(row.Identity)}, &keys)
	if err != nil || keys.Labels[v1alpha1.LabelIdentity] != row.Identity {
		return client.IgnoreNotFound(err)
	}
	return client.IgnoreNotFound(r.Delete(ctx, &keys, client.Preconditions{UID: &keys.UID}))
}

// letGo keeps the object while Organisations are placed on the server.
func (r *DatabaseServerReconciler) letGo(ctx context.Context, server *v1alpha1.DatabaseServer) error {
	var organisations v1alpha1.OrganisationList
	if err := r.Live.List(ctx, &organisations); err != nil {
		return fmt.Errorf("listing Organisations on DatabaseServer %s: %w", server.Name, err)
	}
	var placed []string
	for _, org := range organisations.Items {
		if org.Annotations[v1alpha1.AnnotationServer] == server.Name {
			placed = append(placed, org.Name)
		}
	}
	if len(placed) > 0 {
		before := server.DeepCopy()
		setServer(server, v1alpha1.Ready, metav1.ConditionFalse, v1alpha1.ReasonDeleting,
			fmt.Sprintf("kept while %d Organisations are placed here, %s among them", len(placed), placed[0]), r.Clock.Now())
		return r.write(ctx, before, server)
	}
	r.Databases.Forget(server.Name)
	if controllerutil.RemoveFinalizer(server, v1alpha1.FinalizerInUse) {
		return r.finalizer(ctx, server)
	}
	return nil
}

// finalizer writes the finalizers as they are in the object now.
func (r *DatabaseServerReconciler) finalizer(ctx context.Context, server *v1alpha1.DatabaseServer) error {
	before := server.DeepCopy()
	if !controllerutil.AddFinalizer(before, v1alpha1.FinalizerInUse) {
		controllerutil.RemoveFinalizer(before, v1alpha1.FinalizerInUse)
	}
	err := r.Patch(ctx, server, client.MergeFromWithOptions(before, client.MergeFromWithOptimisticLock{}))
	if client.IgnoreNotFound(err) != nil {
		return fmt.Errorf("writing the finalizer of DatabaseServer %s: %w", server.Name, err)
	}
	return nil
}

func (r *DatabaseServerReconciler) write(ctx context.Context, before, after *v1alpha1.DatabaseServer) error {
	if equality.Semantic.DeepEqual(before.Status, after.Status) {
		return nil
	}
	if err := r.Status().Patch(ctx, after, client.MergeFrom(before)); client.IgnoreNotFound(err) != nil {
		return fmt.Errorf("writing the status of DatabaseServer %s: %w", after.Name, err)
	}
	return nil
}

// SetupWithManager watches DatabaseServers.
func (r *DatabaseServerReconciler) SetupWithManager(mgr ctrl.Manager) error {
	return ctrl.NewControllerManagedBy(mgr).For(&v1alpha1.DatabaseServer{}, specChanged()).Complete(r)
}

func joined(words []string) string { return strings.Join(words, "; ") }
