// Command demo shows the operator at work on this machine, without a container
// engine and without a cluster: a private control plane with a simulated node, a
// private PostgreSQL, the operator under its own rights, and three Organisations
// of one profile. It proves what it claims, cleans up, and can run again.
//
//	make demo           # ends by itself
//	KEEP=1 make demo    # stays, with a kubeconfig, until Ctrl-C
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/internal/postgres/postgrestest"
)

// patience bounds every wait, so that a demo that is stuck says where.
const patience = 3 * time.Minute

// demo is everything that runs, in the order in which it was started.
type demo struct {
	say      *narrator
	dir      string
	cluster  cluster
	database *postgrestest.Server
	operator *operator
	client   client.Client
	identity string // of asha, before it was deleted
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	d := &demo{say: newNarrator(os.Stdout)}
	err := d.run(ctx)
	if err != nil {
		d.say.failure(err, d.logs())
	}
	if os.Getenv("KEEP") != "" && d.cluster != nil && ctx.Err() == nil {
		d.keep(ctx)
	}
	err = errors.Join(err, d.cleanUp())
	if err != nil {
		os.Exit(1)
	}
}

func (d *demo) run(ctx context.Context) error {
	for _, act := range []struct {
		title string
		do    func(context.Context) error
	}{
		{"A control plane with a simulated node", d.startCluster},
		{"A PostgreSQL server, and the operator's role on it", d.startDatabase},
		{"The operator, with its own rights only", d.startOperator},
		{"Three Organisations of one profile", d.createOrganisations},
		{"Proof: each NGO has a namespace of its own", d.showNamespaces},
		{"Proof: each NGO has a database that only it can enter", d.proveIsolation},
		{"Proof: the deployment is told everything it needs", d.showEnvironment},
		{"Proof: nothing is written when nothing changed", d.proveRest},
		{"A release travels: first a canary, then the rest", d.shipGood},
		{"A bad release halts at its canary, and the old one serves", d.shipBad},
		{"Proof: deleting and re-creating does not come up empty", d.proveRetention},
		{"Proof: the data is adopted when its owner is named", d.proveAdoption},
	} {
		d.say.title(act.title)
		if err := act.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", act.title, err)
		}
	}
	d.say.title("All of it held")
	return nil
}

// keep leaves everything running until the person presses Ctrl-C.
func (d *demo) keep(ctx context.Context) {
	kubeconfig, err := d.cluster.Kubeconfig("admin", d.cluster.Config())
	if err != nil {
		d.say.failure(err, "")
		return
	}
	d.say.title("Still running; Ctrl-C ends it")
	d.say.line("export KUBECONFIG=%s", kubeconfig)
	d.say.line("%s get organisations", d.cluster.Kubectl())
	if d.database != nil {
		d.say.line("psql '%s'", d.database.DSN("postgres"))
	}
	<-ctx.Done()
}

// cleanUp ends everything in the reverse order of its start.
func (d *demo) cleanUp() error {
	d.say.title("Cleaning up")
	var all error
	if d.operator != nil {
		all = errors.Join(all, d.operator.stop())
	}
	if d.cluster != nil {
		all = errors.Join(all, d.cluster.Stop())
	}
	if d.database != nil {
		all = errors.Join(all, d.database.Stop())
	}
	if d.dir != "" {
		all = errors.Join(all, os.RemoveAll(d.dir))
	}
	if all != nil {
		d.say.failure(all, "")
		return all
	}
	d.say.line("nothing is left running, and no file outside the cache")
	return nil
}
