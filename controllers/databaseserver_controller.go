package controllers

import (
	"context"
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/utils/clock"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/connection"
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
		if apierrors.IsNotFound(err) {
			r.Databases.Forget(req.Name)
		}
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	deleting := !server.DeletionTimestamp.IsZero()
	if !deleting && controllerutil.AddFinalizer(server, v1alpha1.FinalizerInUse) {
		// The pass goes on: no watch tells of a finalizer.
		if err := r.finalizer(ctx, server); err != nil {
			return ctrl.Result{}, err
		}
	}
	before := server.DeepCopy()
	seen, asked := r.inspect(ctx, server)
	after := unreachableRetry
	if asked == nil {
		server.Status.Ledger = seen.Ledger
		after = r.tend(ctx, server)
	}
	kept := ""
	if deleting {
		var err error
		if kept, err = r.kept(ctx, server, asked); err != nil || kept == "" {
			return ctrl.Result{}, firstOf(err, r.letGo(ctx, server))
		}
		after = unreachableRetry
	}
	summariseServer(server, seen, asked, kept, r.Clock.Now())
	return ctrl.Result{RequeueAfter: after}, r.write(ctx, before, server)
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
