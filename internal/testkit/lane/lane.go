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
	clocktesting "k8s.io/utils/clock/testing"

	"github.com/glific/organisation-operator/internal/postgres"
	"github.com/glific/organisation-operator/internal/postgres/postgrestest"
	"github.com/glific/organisation-operator/internal/testkit/crash"
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
	*Ground
	// Postgres is the server behind the DatabaseServer shared-1.
	Postgres *postgrestest.Server
	// Proxy stands between the operator and Postgres.
	Proxy *crash.Proxy
	// Script plays kubelets and controllers.
	Script *workloads.Script
	// Clock is the operator's.
	Clock *clocktesting.FakePassiveClock

	leased   bool // Ground is somebody else's
	borrowed bool // Postgres is another lane's
}

// Options say what kind of lane is wanted.
type Options struct {
	// Major of PostgreSQL; the oldest supported one without it.
	Major int
	// After is a lane whose control plane was thrown away: this one has another, and
	// the same PostgreSQL server, which After goes on owning.
	After *Lane
	// On is ground that was cleared: the lane has it, and does not stop it.
	On *Ground
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

// Start brings a lane up. The caller stops it.
func Start(ctx context.Context, options Options) (*Lane, error) {
	l := &Lane{Clock: clocktesting.NewFakePassiveClock(time.Now())}
	for _, begin := range []func(context.Context, Options) error{l.startGround, l.startPostgres} {
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
	if l.Ground != nil && !l.leased {
		errs = append(errs, l.Ground.Stop())
	}
	return errors.Join(errs...)
}

func (l *Lane) startGround(ctx context.Context, options Options) (err error) {
	l.Ground, l.leased = options.On, options.On != nil
	if !l.leased {
		if l.Ground, err = Break(ctx, options); err != nil {
			return err
		}
	}
	if l.Script, err = workloads.New(l.Config); err != nil {
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
