package snapshot

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
	"k8s.io/apimachinery/pkg/api/meta"
	"sigs.k8s.io/controller-runtime/pkg/client"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
)

// gatewayHolds is how long a Gateway's address is believed: Gateways are shared by all
// Organisations, and their addresses change about never.
const gatewayHolds = time.Minute

// gatewayAnswers bounds one read.
const gatewayAnswers = 10 * time.Second

// gateways remembers where Gateways are. Passes that ask for one at the same time share
// one read, and wait for no other Gateway's.
type gateways struct {
	reads singleflight.Group
	known sync.Map // client.ObjectKey -> location
}

type location struct {
	address string
	until   time.Time
}

// address that a Gateway reports; "" if there is none, or no such API.
func (g *gateways) address(ctx context.Context, reader client.Reader, key client.ObjectKey, now time.Time) (string, error) {
	if known, ok := g.known.Load(key); ok && now.Before(known.(location).until) {
		return known.(location).address, nil
	}
	read, err, _ := g.reads.Do(key.String(), func() (any, error) {
		// The pass that happens to read does so for others: its end is not theirs.
		shared, end := context.WithTimeout(context.WithoutCancel(ctx), gatewayAnswers)
		defer end()
		return gatewayAddress(shared, reader, key)
	})
	if err != nil {
		return "", err
	}
	g.known.Store(key, location{read.(string), now.Add(gatewayHolds)})
	return read.(string), nil
}

func gatewayAddress(ctx context.Context, reader client.Reader, key client.ObjectKey) (string, error) {
	found, err := get(ctx, reader, key, &gatewayv1.Gateway{})
	if err != nil && !meta.IsNoMatchError(err) {
		return "", err
	}
	if found == nil || len(found.Status.Addresses) == 0 {
		return "", nil
	}
	return found.Status.Addresses[0].Value, nil
}
