package login

import (
	"errors"
	"fmt"
)

// ErrConnectionBudget: the connection limit is too small for the pods.
var ErrConnectionBudget = errors.New("connection limit is too small")

const (
	// aside is what the limit keeps for one migration (its own pool of 1, twice, and a
	// notifier) and one console.
	aside = 4
	// smallestPool: with one connection, an app that holds one while it asks for
	// another stands still.
	smallestPool = 2
)

// PoolSize is POOL_SIZE of each pod: ⌊((limit − 4) / pods − 1) / 2⌋ with pods =
// replicas + surge. The app opens two pools of this size and one notifier. Below 2 it
// is ErrConnectionBudget, with the limit that would do.
func PoolSize(limit, replicas, surge int) (int, error) {
	pods := max(1, replicas+surge)
	size := (max(0, limit-aside)/pods - 1) / 2
	if size >= smallestPool {
		return size, nil
	}
	needed := (2*smallestPool+1)*pods + aside
	return 0, fmt.Errorf("%w: %d connections for %d pods; at least %d are needed", ErrConnectionBudget, limit, pods, needed)
}
