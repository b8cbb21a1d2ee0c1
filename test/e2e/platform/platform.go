// Package platform brings up what the operator runs on: a real cluster with a gateway,
// images, a PostgreSQL server in the cluster, and the operator, installed from its chart
// with Helm. After "there is a cluster and images are loaded" the code is the same for
// every kind of cluster.
package platform

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/controllers"
	"github.com/glific/organisation-operator/internal/testkit/components"
	"github.com/glific/organisation-operator/test/e2e/traffic"
)

const (
	// OperatorNamespace is where the chart is installed.
	OperatorNamespace = "organisation-system"
	// BaseDomain of the NGOs; .test is reserved (RFC 2606).
	BaseDomain = "ngo.test"
)

// Platform is a cluster with everything that the operator needs.
type Platform struct {
	// Client acts as the cluster's administrator, and reads live.
	Client client.Client
	Config *rest.Config
	// Kubeconfig is its path.
	Kubeconfig string
	// Gateway is where requests for the NGOs' hosts enter.
	Gateway traffic.Gateway
	// Images by name, each as name@sha256:….
	Images map[string]string

	choice choice
	// authority of the gateway's certificate, in PEM.
	authority []byte
	// volume for PostgreSQL's data, as YAML.
	volume string
	// senders are the addresses, as CIDRs, from which this program's requests arrive.
	senders string
	root    string
	out     io.Writer
}

// Up brings everything up, or finds it up, and says on out what it does.
func Up(ctx context.Context, out io.Writer) (*Platform, error) {
	root, err := components.Root()
	if err != nil {
		return nil, err
	}
	choice, err := chosen(os.Getenv)
	if err != nil {
		return nil, err
	}
	p := &Platform{root: root, out: out, choice: choice}
	for _, stage := range []struct {
		title string
		do    func(context.Context) error
	}{
		{"a cluster with one node and a gateway", p.cluster},
		{"images", p.images},
		{"a PostgreSQL server", p.postgres},
		{"the operator, from its chart", p.operator},
		{"what NGOs share", p.shared},
	} {
		p.say("--- %s", stage.title)
		if err := stage.do(ctx); err != nil {
			return nil, fmt.Errorf("%s: %w", stage.title, err)
		}
	}
	return p, nil
}

// Down removes the cluster with everything in it. An existing one stays, and what was put
// there, too.
func Down(ctx context.Context, out io.Writer) error {
	root, err := components.Root()
	if err != nil {
		return err
	}
	choice, err := chosen(os.Getenv)
	if err != nil {
		return err
	}
	p := &Platform{root: root, out: out, choice: choice}
	switch choice.kind {
	case kindCluster:
		return p.run(ctx, root, "kind", "delete", "cluster", "--name", choice.name)
	case existing:
		p.say("the cluster is yours: the NGOs, namespaces %s and %s and the chart are left there", OperatorNamespace, postgresNamespace)
		return nil
	}
	return p.run(ctx, filepath.Join(root, clusterDir), "go", "run", ".", "down")
}

func (p *Platform) say(format string, args ...any) { fmt.Fprintf(p.out, format+"\n", args...) }

func (p *Platform) connect() error {
	config, err := clientcmd.BuildConfigFromFlags("", p.Kubeconfig)
	if err != nil {
		return fmt.Errorf("reading kubeconfig %s: %w", p.Kubeconfig, err)
	}
	config.QPS = -1 // the API server's fairness bounds us
	p.Config = config
	p.Client, err = client.New(config, client.Options{Scheme: controllers.Scheme()})
	return err
}
