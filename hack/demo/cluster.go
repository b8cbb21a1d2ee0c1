package main

import (
	"context"

	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/controllers"
	"github.com/glific/organisation-operator/internal/testkit/components"
	"github.com/glific/organisation-operator/internal/testkit/controlplane"
)

// cluster is where the demo runs: there is a cluster, and its nodes can run the
// samples' images. A simulated node runs whatever it is given; a real one will
// implement the same, with images loaded.
type cluster interface {
	// Config is the administrator's.
	Config() *rest.Config
	// ConfigForServiceAccount acts as an account of the cluster.
	ConfigForServiceAccount(ctx context.Context, namespace, name string) (*rest.Config, error)
	// Kubeconfig writes a file with the configuration and returns its path.
	Kubeconfig(name string, config *rest.Config) (string, error)
	// Kubectl is the path of a kubectl that fits.
	Kubectl() string
	// AuditEvents are the requests that the API server has answered so far.
	AuditEvents(keep func(controlplane.AuditEvent) bool) ([]controlplane.AuditEvent, error)
	// Stop ends it and everything in it.
	Stop() error
}

// simulated is a real control plane whose node only says that it runs Pods.
type simulated struct {
	*controlplane.ControlPlane
	kubectl string
}

// Kubectl is the one from the cache.
func (s simulated) Kubectl() string { return s.kubectl }

func (d *demo) startCluster(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	kubectl, err := components.Path(components.Kubectl)
	if err != nil {
		return err
	}
	plane, err := controlplane.Start(ctx, controlplane.Options{ControllerManager: true, Nodes: 1, Audit: true})
	if err != nil {
		return err
	}
	d.cluster = simulated{plane, kubectl}
	d.client, err = client.New(plane.Config(), client.Options{Scheme: controllers.Scheme()})
	d.say.line("kube-apiserver, etcd, kube-controller-manager and kube-scheduler answer on %s", plane.URL())
	d.say.line("kwok plays the node: Pods become ready and Jobs complete, but no container runs")
	return err
}
