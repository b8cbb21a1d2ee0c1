package lane

import (
	"context"
	"errors"
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/rest"
	"k8s.io/utils/clock"
	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/glific/organisation-operator/controllers"
	"github.com/glific/organisation-operator/internal/probe"
	"github.com/glific/organisation-operator/internal/testkit/crash"
)

// Manager is the operator as main runs it: caches, watches, a queue, and the leader's
// lease. It lives until its Stop.
type Manager struct {
	cancel context.CancelFunc
	done   chan error
}

// Manager starts the operator as main does. wrap may look at its requests.
func (l *Lane) Manager(ctx context.Context, wrap ...func(*rest.Config) *rest.Config) (*Manager, error) {
	return l.manager(ctx, nil, clock.RealClock{}, wrap...)
}

// SteppedManager is a Manager with the lane's clock, which stands until a test steps it.
// A life, where one is given, ends as its fault says; the next one need not wait for
// the lease of the one before.
func (l *Lane) SteppedManager(ctx context.Context, life *crash.Life) (*Manager, error) {
	if life == nil {
		return l.manager(ctx, nil, l.Clock)
	}
	return l.manager(ctx, life, l.Clock, life.Wrap)
}

func (l *Lane) manager(ctx context.Context, life *crash.Life, now clock.PassiveClock, wrap ...func(*rest.Config) *rest.Config) (*Manager, error) {
	l.Proxy.Attach(life)
	config := rest.CopyConfig(l.operator)
	for _, w := range wrap {
		config = w(config)
	}
	options := controllers.ManagerOptions(Namespace)
	options.LeaderElection = life == nil
	options.Metrics.BindAddress = "0"
	options.Controller.SkipNameValidation = new(true) // several managers may follow each other in one process
	mgr, err := ctrl.NewManager(config, options)
	if err != nil {
		return nil, fmt.Errorf("preparing the manager: %w", err)
	}
	world, err := controllers.WorldOf(ctx, mgr, types.NamespacedName{Namespace: Namespace, Name: ServiceAccount})
	if err != nil {
		return nil, err
	}
	world.Clock = now
	world.Reach = &probe.Desk{Probe: probe.Prober{Now: now.Now}.Probe, Clock: now}
	if err := controllers.Register(mgr, world, concurrency); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	m := &Manager{cancel: cancel, done: make(chan error, 1)}
	go func() {
		err := mgr.Start(ctx)
		world.Databases.Servers.Close()
		m.done <- err
	}()
	return m, nil
}

// concurrency of a Manager's Organisations, as main's default.
const concurrency = 16

// Stop ends the manager and waits for it.
func (m *Manager) Stop() error {
	m.cancel()
	return <-m.done
}

// Until lets the script play, with the real clock, until done says so or ctx ends.
func (l *Lane) Until(ctx context.Context, done func() (bool, error)) error {
	ticker := time.NewTicker(100 * time.Millisecond)
	defer ticker.Stop()
	for {
		if _, err := l.Script.Step(ctx); err != nil {
			return err
		}
		ok, err := done()
		if ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(errors.New("waiting for the operator"), ctx.Err())
		case <-ticker.C:
		}
	}
}
