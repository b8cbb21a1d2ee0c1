// Package lane is one whole world for tests of the controllers: an API server with the
// operator's CRDs, rights and admission policies, a PostgreSQL server, a scripted
// cluster, and a clock that moves only when a test moves it. An operator in a lane is
// called directly, pass by pass; it acts as its own ServiceAccount.
package lane

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"
	"k8s.io/client-go/rest"
	clocktesting "k8s.io/utils/clock/testing"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/controllers"
	"github.com/glific/organisation-operator/internal/postgres"
	"github.com/glific/organisation-operator/internal/postgres/postgrestest"
	"github.com/glific/organisation-operator/internal/testkit/controlplane"
	"github.com/glific/organisation-operator/internal/testkit/crash"
	"github.com/glific/organisation-operator/internal/testkit/manifests"
	"github.com/glific/organisation-operator/internal/testkit/workloads"
)

// Names that config/default gives.
const (
	Namespace      = "organisation-system"
	ServiceAccount = "organisation-operator"
	dailyRole      = "organisation_operator"
	dailyPassword  = "daily"
	// maxConnections of the server: room for 40 tenants of 20 + 3.
	maxConnections = 1000
)

// Lane is one world. It is not for use by several goroutines.
type Lane struct {
	// Admin acts as the cluster's administrator.
	Admin client.Client
	// Config is the administrator's.
	Config *rest.Config
	// Postgres is the server behind the DatabaseServer shared-1.
	Postgres *postgrestest.Server
	// Proxy stands between the operator and Postgres.
	Proxy *crash.Proxy
	// Script plays kubelets and controllers.
	Script *workloads.Script
	// Clock is the operator's.
	Clock *clocktesting.FakePassiveClock
	// ControlPlane is the API server.
	ControlPlane *controlplane.ControlPlane

	operator *rest.Config
	borrowed bool // Postgres is another lane's
}

// Options say what kind of lane is wanted.
type Options struct {
	// Major of PostgreSQL; the oldest supported one without it.
	Major int
	// After is a lane whose control plane was thrown away: this one has another, and
	// the same PostgreSQL server, which After goes on owning.
	After *Lane
	// Audit records every request.
	Audit bool
	// OptionalAPIs installs the Gateway API and cert-manager's CRDs.
	OptionalAPIs bool
	// Nodes is how many simulated nodes run Pods; with any, Kubernetes' own controllers
	// and scheduler act, and Script has nothing to do.
	Nodes int
	// MaxConnections of the PostgreSQL server; room for 40 tenants without it.
	MaxConnections int
}

// workloadControllers turn workloads into Pods. Nothing that a tenant's namespace is given
// besides is needed here.
var workloadControllers = []string{
	"namespace-controller", "garbage-collector-controller", "resourcequota-controller",
	"deployment-controller", "replicaset-controller", "job-controller",
}

// Start brings a lane up. The caller stops it.
func Start(ctx context.Context, options Options) (*Lane, error) {
	l := &Lane{Clock: clocktesting.NewFakePassiveClock(time.Now())}
	for _, begin := range []func(context.Context, Options) error{l.startControlPlane, l.startPostgres, l.install} {
		if err := begin(ctx, options); err != nil {
			return nil, errors.Join(err, l.Stop())
		}
	}
	return l, nil
}

// Stop ends everything that Start began.
func (l *Lane) Stop() error {
	var errs []error
	if l.Proxy != nil {
		errs = append(errs, l.Proxy.Close())
	}
	if l.Postgres != nil && !l.borrowed {
		errs = append(errs, l.Postgres.Stop())
	}
	if l.ControlPlane != nil {
		errs = append(errs, l.ControlPlane.Stop())
	}
	return errors.Join(errs...)
}

func (l *Lane) startControlPlane(ctx context.Context, options Options) (err error) {
	plane := controlplane.Options{Audit: options.Audit, Nodes: options.Nodes}
	if options.Nodes > 0 {
		plane.ControllerManager, plane.Controllers = true, workloadControllers
	}
	if l.ControlPlane, err = controlplane.Start(ctx, plane); err != nil {
		return err
	}
	l.Config = l.ControlPlane.Config()
	if l.Admin, err = client.New(l.Config, client.Options{Scheme: controllers.Scheme()}); err != nil {
		return fmt.Errorf("preparing the administrator: %w", err)
	}
	l.Script, err = workloads.New(l.Config)
	if err != nil {
		return err
	}
	l.Script.Clock = l.Clock
	return nil
}

func (l *Lane) startPostgres(ctx context.Context, options Options) (err error) {
	if options.After != nil {
		l.Postgres, l.borrowed = options.After.Postgres, true
		l.Proxy, err = crash.NewProxy("tcp", fmt.Sprintf("127.0.0.1:%d", l.Postgres.Port))
		return err
	}
	if options.Major == 0 {
		options.Major = postgrestest.Oldest
	}
	if l.Postgres, err = postgrestest.Start(ctx, postgrestest.Options{Major: options.Major, MaxConnections: cmp.Or(options.MaxConnections, maxConnections)}); err != nil {
		return err
	}
	if err := l.bootstrap(ctx); err != nil {
		return err
	}
	l.Proxy, err = crash.NewProxy("tcp", fmt.Sprintf("127.0.0.1:%d", l.Postgres.Port))
	return err
}

// bootstrap does what an administrator does once: run bootstrap.sql and give the daily
// role a password.
func (l *Lane) bootstrap(ctx context.Context) error {
	if err := l.SQL(ctx, "postgres", "CREATE DATABASE organisation_operator"); err != nil {
		return err
	}
	return l.SQL(ctx, "organisation_operator", postgres.BootstrapSQL, fmt.Sprintf("ALTER ROLE %s PASSWORD '%s'", dailyRole, dailyPassword))
}

// SQL runs statements as the superuser.
func (l *Lane) SQL(ctx context.Context, database string, statements ...string) error {
	conn, err := pgx.Connect(ctx, l.Postgres.DSN(database))
	if err != nil {
		return fmt.Errorf("connecting to %s: %w", database, err)
	}
	defer func() { _ = conn.Close(ctx) }()
	for _, statement := range statements {
		if _, err := conn.PgConn().Exec(ctx, statement).ReadAll(); err != nil {
			return fmt.Errorf("running SQL in %s: %w", database, err)
		}
	}
	return nil
}

// install applies config/default but the manager, and the optional APIs.
func (l *Lane) install(ctx context.Context, options Options) error {
	root, err := Root()
	if err != nil {
		return err
	}
	if err := manifests.ApplyFiles(ctx, l.Config,
		filepath.Join(root, "config/default/namespace.yaml"), filepath.Join(root, "config/crd/bases"),
		filepath.Join(root, "config/rbac"), filepath.Join(root, "config/admission")); err != nil {
		return err
	}
	if options.OptionalAPIs {
		if err := l.InstallOptionalAPIs(ctx); err != nil {
			return err
		}
	}
	l.operator, err = l.ControlPlane.ConfigForServiceAccount(ctx, Namespace, ServiceAccount)
	return err
}

// InstallOptionalAPIs adds the CRDs of the Gateway API and of cert-manager.
func (l *Lane) InstallOptionalAPIs(ctx context.Context) error {
	for _, find := range []func(context.Context) (string, error){manifests.GatewayAPI, manifests.CertManager} {
		dir, err := find(ctx)
		if err != nil {
			return err
		}
		if err := manifests.ApplyFiles(ctx, l.Config, dir); err != nil {
			return err
		}
	}
	return nil
}

// Root is the folder of the repository, found from the test's own folder upwards.
func Root() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "PROJECT")); err == nil {
			return dir, nil
		}
	}
	return "", errors.New("no folder above this one has the file PROJECT")
}
