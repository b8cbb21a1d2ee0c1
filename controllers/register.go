// Package controllers has one thin file per kind: what wakes it, and the loop. This
// file is the table of contents: every controller, and every step of an Organisation
// in order.
package controllers

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"slices"

	corev1 "k8s.io/api/core/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/events"
	"k8s.io/utils/clock"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/apply"
	"github.com/glific/organisation-operator/internal/connection"
	"github.com/glific/organisation-operator/internal/hot/node"
	"github.com/glific/organisation-operator/internal/optional"
	"github.com/glific/organisation-operator/internal/postgres"
	"github.com/glific/organisation-operator/internal/probe"
	"github.com/glific/organisation-operator/internal/snapshot"
	"github.com/glific/organisation-operator/internal/status"
	"github.com/glific/organisation-operator/internal/step"
	"github.com/glific/organisation-operator/internal/steps/bootstrap"
	"github.com/glific/organisation-operator/internal/steps/claim"
	"github.com/glific/organisation-operator/internal/steps/database"
	"github.com/glific/organisation-operator/internal/steps/keys"
	"github.com/glific/organisation-operator/internal/steps/messaging"
	"github.com/glific/organisation-operator/internal/steps/migration"
	"github.com/glific/organisation-operator/internal/steps/namespace"
	"github.com/glific/organisation-operator/internal/steps/reachability"
	"github.com/glific/organisation-operator/internal/steps/routing"
	"github.com/glific/organisation-operator/internal/steps/secrets"
)

// World is everything outside the process that the controllers touch.
type World struct {
	// Client writes, and reads from caches.
	Client client.Client
	// Live reads from the API server.
	Live client.Reader
	// Scheme knows every kind.
	Scheme *runtime.Scheme
	// Events tells people of transitions.
	Events events.EventRecorder
	// APIs knows which optional kinds exist.
	APIs *optional.APIs
	// Databases are the open DatabaseServers.
	Databases *connection.Pool
	// Operator is the ServiceAccount that the operator runs as, in its own namespace.
	Operator types.NamespacedName
	// Installation is the UID of the namespace kube-system: it names this cluster.
	Installation string
	// Reach asks the NGOs' hosts; nobody is asked without it.
	Reach *probe.Desk
	// Hot lets new code enter running pods; nil unless that is allowed.
	Hot   *node.Nodes
	Clock clock.PassiveClock
	// Random is the source of keys; crypto/rand without it.
	Random io.Reader
}

// AllowHotUpgrades lets new code enter running pods, with the rights of config/hot.
func (w *World) AllowHotUpgrades(config *rest.Config) {
	w.Hot = &node.Nodes{Client: w.Client, Live: w.Live, Config: config, Events: w.Events}
}

// Organisations makes the reconciler of Organisations with its steps in order: the
// order of least harm when everything after a step is held.
func Organisations(w World) *OrganisationReconciler {
	if w.Random == nil {
		w.Random = rand.Reader
	}
	applier := &apply.Applier{Client: w.Client, Scheme: w.Scheme}
	claims := &claim.Step{Client: w.Client, Live: w.Live, Namespace: w.Operator.Namespace, Installation: w.Installation, FleetSize: w.fleetSize}
	databases := &database.Step{
		Logins:       &database.Logins{},
		Installation: w.Installation, FleetSize: w.fleetSize, Deleting: w.deleting, KindDeleting: w.kindDeleting,
	}
	namespaces := &namespace.Step{Client: w.Client, Reader: w.Live, Applier: applier, Operator: w.Operator, Hot: w.Hot != nil}
	return &OrganisationReconciler{
		Client: w.Client, Live: w.Live,
		Snapshots: &snapshot.Loader{
			Cache: w.Client, Live: w.Live, Databases: w.Databases, APIs: w.APIs,
			Namespace: w.Operator.Namespace, Installation: w.Installation, Clock: w.Clock, Reach: w.Reach,
		},
		Steps: []step.Step{
			claims,
			&keys.Step{Client: w.Client, Namespace: w.Operator.Namespace, Random: w.Random},
			databases,
			namespaces,
			&secrets.Step{Client: w.Client, Clock: w.Clock},
			&bootstrap.Step{},
			&migration.Step{},
			&messaging.Step{Hot: w.Hot, Clock: w.Clock},
			routing.New(),
			reachability.New(),
		},
		Teardown: []step.Step{databases, namespaces, claims},
		Apply:    applier,
		Status:   &status.Writer{Client: w.Client, Events: w.Events},
		Judge: func(v step.View) (string, bool, []string) {
			return messaging.Serving(v), messaging.Available(v), messaging.Pending(v)
		},
		Clock: w.Clock,
	}
}

// Releases makes the reconciler of Releases.
func Releases(w World) *ReleaseReconciler { return &ReleaseReconciler{Client: w.Client, Live: w.Live} }

// ReleaseChannels makes the reconciler of ReleaseChannels.
func ReleaseChannels(w World) *ReleaseChannelReconciler {
	return &ReleaseChannelReconciler{Client: w.Client, Live: w.Live, Events: w.Events, Clock: w.Clock}
}

// DatabaseServers makes the reconciler of DatabaseServers.
func DatabaseServers(w World) *DatabaseServerReconciler {
	return &DatabaseServerReconciler{
		Client: w.Client, Live: w.Live, Databases: w.Databases,
		Namespace: w.Operator.Namespace, Installation: w.Installation, Clock: w.Clock,
	}
}

// Register adds every controller to a manager.
func Register(mgr ctrl.Manager, w World, concurrency int) error {
	if err := DatabaseServers(w).SetupWithManager(mgr, NewPulse(w)); err != nil {
		return fmt.Errorf("registering the controller of DatabaseServers: %w", err)
	}
	if err := Releases(w).SetupWithManager(mgr); err != nil {
		return fmt.Errorf("registering the controller of Releases: %w", err)
	}
	if err := ReleaseChannels(w).SetupWithManager(mgr); err != nil {
		return fmt.Errorf("registering the controller of ReleaseChannels: %w", err)
	}
	if err := Organisations(w).SetupWithManager(mgr, w.APIs, concurrency); err != nil {
		return fmt.Errorf("registering the controller of Organisations: %w", err)
	}
	return nil
}

// Installation reads the UID of the namespace kube-system, which names the cluster.
func Installation(ctx context.Context, reader client.Reader) (string, error) {
	var system corev1.Namespace
	if err := reader.Get(ctx, client.ObjectKey{Name: "kube-system"}, &system); err != nil {
		return "", fmt.Errorf("reading the UID of namespace kube-system: %w", err)
	}
	return string(system.UID), nil
}

// Databases makes the pool of DatabaseServers.
func Databases(live client.Reader, namespace, installation string, clock clock.PassiveClock) *connection.Pool {
	return &connection.Pool{
		Secrets: live, Namespace: namespace,
		Servers: postgres.NewServers(postgres.Options{Installation: installation, Now: clock.Now}),
	}
}

// fleetSize counts the Organisations on one server, as the breaker in its ledger does.
func (w World) fleetSize(ctx context.Context, server string) (int, error) {
	var organisations v1alpha1.OrganisationList
	if err := w.Client.List(ctx, &organisations); err != nil {
		return 0, fmt.Errorf("counting Organisations: %w", err)
	}
	return len(slices.DeleteFunc(organisations.Items, func(o v1alpha1.Organisation) bool { return snapshot.Placed(&o) != server })), nil
}

func (w World) deleting(ctx context.Context) (int, error) {
	var organisations v1alpha1.OrganisationList
	if err := w.Client.List(ctx, &organisations); err != nil {
		return 0, fmt.Errorf("counting Organisations: %w", err)
	}
	return len(slices.DeleteFunc(organisations.Items, func(o v1alpha1.Organisation) bool { return o.DeletionTimestamp.IsZero() })), nil
}

// organisationKind is the name of the CRD.
const organisationKind = "organisations.tenancy.glific.org"

// kindDeleting tells whether the CRD itself is being deleted, which takes every
// Organisation with it. A CRD that is gone is, too.
func (w World) kindDeleting(ctx context.Context) (bool, error) {
	var crd apiextensionsv1.CustomResourceDefinition
	err := w.Live.Get(ctx, client.ObjectKey{Name: organisationKind}, &crd)
	switch {
	case apierrors.IsNotFound(err):
		return true, nil
	case err != nil:
		return false, fmt.Errorf("reading CustomResourceDefinition %s: %w", organisationKind, err)
	}
	return !crd.DeletionTimestamp.IsZero(), nil
}
