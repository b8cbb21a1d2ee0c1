package lane

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync/atomic"

	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/events"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/controllers"
	"github.com/glific/organisation-operator/internal/connection"
	"github.com/glific/organisation-operator/internal/optional"
	"github.com/glific/organisation-operator/internal/probe"
	"github.com/glific/organisation-operator/internal/testkit/crash"
)

// Operator is one run of the operator in a lane, from its start to its end. Its reads
// go to the API server, restricted as its caches are, so that every pass sees what is.
type Operator struct {
	Organisations *controllers.OrganisationReconciler
	Servers       *controllers.DatabaseServerReconciler
	Releases      *controllers.ReleaseReconciler
	Channels      *controllers.ReleaseChannelReconciler
	APIs          *optional.APIs
	// Reach asks the NGOs' hosts.
	Reach *probe.Desk
	// Pulse of the DatabaseServers.
	Pulse *controllers.Pulse
	// Life records every write, to the API and in SQL, and may end at one.
	Life *crash.Life
	// Events that people were told.
	Events *events.FakeRecorder

	lane      *Lane
	databases *connection.Pool
	reads     *restricted
	errors    map[string]error
	woken     atomic.Bool // a host answered otherwise
}

// Operator starts one life of the operator. The one before must have ended: Postgres
// cuts its connections.
func (l *Lane) Operator(ctx context.Context, life *crash.Life, wrap ...func(*rest.Config) *rest.Config) (*Operator, error) {
	if life == nil {
		life = crash.NewLife(crash.Fault{})
	}
	if err := l.grantReads(ctx); err != nil {
		return nil, err
	}
	l.Proxy.Attach(life)
	config := life.Wrap(l.operator)
	for _, w := range wrap {
		config = w(config)
	}
	live, err := client.New(config, client.Options{Scheme: controllers.Scheme()})
	if err != nil {
		return nil, err
	}
	api, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		return nil, err
	}
	installation, err := controllers.Installation(ctx, l.Admin)
	if err != nil {
		return nil, err
	}
	o := &Operator{
		APIs: optional.New(api), Life: life, Events: events.NewFakeRecorder(1000), lane: l,
		databases: controllers.Databases(live, Namespace, installation, l.Clock),
		Reach:     &probe.Desk{Probe: probe.Prober{Now: l.Clock.Now}.Probe, Clock: l.Clock},
	}
	o.reads = &restricted{Client: live}
	world := controllers.World{
		Client: o.reads, Live: live, Scheme: controllers.Scheme(), Events: o.Events, APIs: o.APIs, Databases: o.databases,
		Operator: types.NamespacedName{Namespace: Namespace, Name: ServiceAccount}, Installation: installation, Clock: l.Clock,
		Reach: o.Reach,
	}
	o.Reach.Wake = func(string) { o.woken.Store(true) }
	o.Organisations, o.Servers, o.Releases = controllers.Organisations(world), controllers.DatabaseServers(world), controllers.Releases(world)
	o.Pulse = controllers.NewPulse(world)
	o.Channels = controllers.ReleaseChannels(world)
	return o, o.Look()
}

// Look finds optional APIs and lets them be used.
func (o *Operator) Look() error {
	there, err := o.APIs.Discover()
	o.APIs.Offer(there...)
	return err
}

// Stop ends this life's connections.
func (o *Operator) Stop() {
	o.Life.Kill()
	o.databases.Servers.Close()
}

// rounds bounds how long a world may take to come to rest.
const rounds = 60

// Settle passes over everything, and lets the script play, until a whole round changes
// nothing and no host answers otherwise. It returns crash.ErrKilled if this life ended meanwhile.
func (o *Operator) Settle(ctx context.Context) error {
	for range rounds {
		before := len(o.Life.Writes())
		o.Pass(ctx)
		o.Reach.Wait() // what the hosts answer is known before the next round
		if killed(o.Life) {
			return crash.ErrKilled
		}
		changed, err := o.lane.Script.Step(ctx)
		if err != nil {
			return err
		}
		if woken := o.woken.Swap(false); changed == 0 && len(o.Life.Writes()) == before && !woken {
			return o.Errors()
		}
		o.lane.Clock.SetTime(o.lane.Clock.Now().Add(1e9))
	}
	return errors.Join(fmt.Errorf("the world did not come to rest in %d rounds; last writes: %v", rounds, tail(o.Life.Writes(), 12)), o.Errors())
}

// Pass reconciles every object once.
func (o *Operator) Pass(ctx context.Context) {
	ctx = o.Life.Context(ctx)
	lists := []struct {
		list client.ObjectList
		by   reconcile.Reconciler
	}{
		{&v1alpha1.DatabaseServerList{}, o.Servers}, {&v1alpha1.OrganisationList{}, o.Organisations}, {&v1alpha1.ReleaseList{}, o.Releases},
		{&v1alpha1.ReleaseChannelList{}, o.Channels},
	}
	o.errors = map[string]error{}
	o.reads.listed = map[reflect.Type]client.ObjectList{}
	defer func() { o.reads.listed = nil }()
	for _, l := range lists {
		for _, name := range o.lane.names(ctx, l.list) {
			o.Reconcile(ctx, l.by, name)
		}
	}
}

// Reconcile makes one pass over one object.
func (o *Operator) Reconcile(ctx context.Context, by reconcile.Reconciler, name string) {
	_, err := by.Reconcile(o.Life.Context(ctx), ctrl.Request{NamespacedName: types.NamespacedName{Name: name}})
	if err != nil {
		o.errors[fmt.Sprintf("%T %s", by, name)] = err
	}
}

// Errors of the last pass.
func (o *Operator) Errors() error {
	var errs []error
	for id, err := range o.errors {
		errs = append(errs, fmt.Errorf("%s: %w", id, err))
	}
	return errors.Join(errs...)
}

func killed(life *crash.Life) bool {
	select {
	case <-life.Dead():
		return true
	default:
		return false
	}
}

func tail(all []string, n int) []string {
	if len(all) > n {
		return all[len(all)-n:]
	}
	return all
}
