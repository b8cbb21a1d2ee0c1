package controllers

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/event"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/connection"
	"github.com/glific/organisation-operator/internal/ledger"
)

// pulseEvery is how often servers are asked whether they answer. A whole pass over a
// server counts what is on it, and is due only every few minutes; until then status
// would go on saying that all its NGOs are Ready.
const pulseEvery = 15 * time.Second

// Pulse feels whether the servers that are said to be Ready still answer.
type Pulse struct {
	reader    client.Reader
	databases *connection.Pool
	missed    chan event.GenericEvent
}

// NewPulse makes the Pulse of a world's DatabaseServers.
func NewPulse(w World) *Pulse {
	return &Pulse{reader: w.Client, databases: w.Databases, missed: make(chan event.GenericEvent, 64)}
}

// NeedLeaderElection: only the leader writes what was felt.
func (*Pulse) NeedLeaderElection() bool { return true }

// Start feels until the context ends, and wakes the pass over a server that does not
// answer.
func (p *Pulse) Start(ctx context.Context) error {
	ticker := time.NewTicker(pulseEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		missing, err := p.Feel(ctx)
		if err != nil {
			ctrl.LoggerFrom(ctx).Error(err, "feeling the pulse of DatabaseServers")
		}
		for _, name := range missing {
			select {
			case p.missed <- event.GenericEvent{Object: &v1alpha1.DatabaseServer{ObjectMeta: metav1.ObjectMeta{Name: name}}}:
			case <-ctx.Done():
			}
		}
	}
}

// Feel asks every server that is said to be Ready, all at once, and returns the names of
// those that do not answer.
func (p *Pulse) Feel(ctx context.Context) ([]string, error) {
	var servers v1alpha1.DatabaseServerList
	if err := p.reader.List(ctx, &servers); err != nil {
		return nil, err
	}
	var (
		asking  sync.WaitGroup
		mu      sync.Mutex
		missing []string
	)
	for i := range servers.Items {
		server := &servers.Items[i]
		if !meta.IsStatusConditionTrue(server.Status.Conditions, v1alpha1.Ready) {
			continue // it is asked again soon anyway
		}
		asking.Go(func() {
			if p.answers(ctx, server) {
				return
			}
			mu.Lock()
			defer mu.Unlock()
			missing = append(missing, server.Name)
		})
	}
	asking.Wait()
	slices.Sort(missing)
	return missing, nil
}

func (p *Pulse) answers(ctx context.Context, server *v1alpha1.DatabaseServer) bool {
	open, _, err := p.databases.For(ctx, server)
	if err == nil {
		err = open.Ping(ctx)
	}
	return !errors.Is(err, ledger.ErrUnreachable)
}
