package lane

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/controllers"
	"github.com/glific/organisation-operator/internal/testkit/controlplane"
	"github.com/glific/organisation-operator/internal/testkit/manifests"
)

// Ground is what costs most of a lane and what no test may change: an API server with the
// operator's CRDs, rights and admission policies. Lanes may follow each other on one;
// between two, Clear removes whatever the first left behind.
type Ground struct {
	// Admin acts as the cluster's administrator.
	Admin client.Client
	// Config is the administrator's.
	Config *rest.Config
	// ControlPlane is the API server.
	ControlPlane *controlplane.ControlPlane

	operator *rest.Config
	census   *census
	built    map[object]string // what Break found, and in which version
}

// workloadControllers turn workloads into Pods. Nothing that a tenant's namespace is given
// besides is needed here.
var workloadControllers = []string{
	"namespace-controller", "garbage-collector-controller", "resourcequota-controller",
	"deployment-controller", "replicaset-controller", "job-controller",
}

// Break starts an API server and installs config/default but the manager. The caller
// stops it.
func Break(ctx context.Context, options Options) (*Ground, error) {
	g := &Ground{}
	if err := g.start(ctx, options); err != nil {
		return nil, errors.Join(err, g.Stop())
	}
	return g, nil
}

func (g *Ground) start(ctx context.Context, options Options) (err error) {
	plane := controlplane.Options{Audit: options.Audit, Nodes: options.Nodes}
	if options.Nodes > 0 {
		plane.ControllerManager, plane.Controllers = true, workloadControllers
	}
	if g.ControlPlane, err = controlplane.Start(ctx, plane); err != nil {
		return err
	}
	g.Config = g.ControlPlane.Config()
	if g.Admin, err = client.New(g.Config, client.Options{Scheme: controllers.Scheme()}); err != nil {
		return fmt.Errorf("preparing the administrator: %w", err)
	}
	if err := g.install(ctx, options); err != nil {
		return err
	}
	if g.census, err = newCensus(g.Config); err != nil {
		return err
	}
	g.built, err = g.census.take(ctx)
	return err
}

// install applies config/default but the manager, and the optional APIs.
func (g *Ground) install(ctx context.Context, options Options) error {
	root, err := Root()
	if err != nil {
		return err
	}
	if err := manifests.ApplyFiles(ctx, g.Config,
		filepath.Join(root, "config/default/namespace.yaml"), filepath.Join(root, "config/crd/bases"),
		filepath.Join(root, "config/rbac"), filepath.Join(root, "config/admission")); err != nil {
		return err
	}
	if options.OptionalAPIs {
		if err := g.InstallOptionalAPIs(ctx); err != nil {
			return err
		}
	}
	g.operator, err = g.ControlPlane.ConfigForServiceAccount(ctx, Namespace, ServiceAccount)
	return err
}

// InstallOptionalAPIs adds the CRDs of the Gateway API and of cert-manager.
func (g *Ground) InstallOptionalAPIs(ctx context.Context) error {
	for _, find := range []func(context.Context) (string, error){manifests.GatewayAPI, manifests.CertManager} {
		dir, err := find(ctx)
		if err != nil {
			return err
		}
		if err := manifests.ApplyFiles(ctx, g.Config, dir); err != nil {
			return err
		}
	}
	return nil
}

// Stop ends the API server.
func (g *Ground) Stop() error {
	if g.ControlPlane == nil {
		return nil
	}
	return g.ControlPlane.Stop()
}
