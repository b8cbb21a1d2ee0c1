package controllers

import (
	"context"
	"time"

	"k8s.io/client-go/util/workqueue"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
	"sigs.k8s.io/controller-runtime/pkg/source"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// countsAgain is how long after a change a server is counted: a fleet that is onboarded
// costs it a look now and then, not one for each NGO.
const countsAgain = 10 * time.Second

// SetupWithManager watches DatabaseServers and what Organisations have on them, and feels
// the servers' pulse.
func (r *DatabaseServerReconciler) SetupWithManager(mgr ctrl.Manager, pulse *Pulse) error {
	if err := mgr.Add(pulse); err != nil {
		return err
	}
	return ctrl.NewControllerManagedBy(mgr).For(&v1alpha1.DatabaseServer{}, specChanged()).
		Watches(&v1alpha1.Organisation{}, toServer(), builder.WithPredicates(holdingChanged)).
		WatchesRawSource(source.Channel(pulse.missed, &handler.EnqueueRequestForObject{})).
		Complete(r)
}

// holdingChanged lets through Organisations that have another database, or another share
// of its server's connections.
var holdingChanged = predicate.Funcs{
	CreateFunc: func(event.CreateEvent) bool { return false }, // who starts counts everything
	UpdateFunc: func(e event.UpdateEvent) bool {
		was, is := e.ObjectOld.(*v1alpha1.Organisation).Status.Database, e.ObjectNew.(*v1alpha1.Organisation).Status.Database
		return was.Server != is.Server || was.Name != is.Name || was.ConnectionLimit != is.ConnectionLimit
	},
}

// toServer has the servers counted again, soon, on which an Organisation has or had its
// database.
func toServer() handler.EventHandler {
	soon := func(q workqueue.TypedRateLimitingInterface[reconcile.Request], servers ...string) {
		for _, request := range requests(servers...) {
			q.AddAfter(request, countsAgain)
		}
	}
	server := func(o any) string { return o.(*v1alpha1.Organisation).Status.Database.Server }
	return handler.Funcs{
		UpdateFunc: func(_ context.Context, e event.UpdateEvent, q workqueue.TypedRateLimitingInterface[reconcile.Request]) {
			soon(q, server(e.ObjectOld), server(e.ObjectNew))
		},
		DeleteFunc: func(_ context.Context, e event.DeleteEvent, q workqueue.TypedRateLimitingInterface[reconcile.Request]) {
			soon(q, server(e.Object))
		},
	}
}
