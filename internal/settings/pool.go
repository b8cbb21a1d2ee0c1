package settings

import (
	"fmt"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

const (
	// jobConnections are kept for a migration Job with POOL_SIZE=1 (two pools and a
	// notifier) and one console.
	jobConnections = 4
	// poolsPerPod: Glific opens POOL_SIZE connections twice, for Repo and RepoReplica.
	poolsPerPod = 2
	// notifierConnections: Oban listens on a connection of its own.
	notifierConnections = 1
	minPoolSize         = 2
)

// Surge is how many pods more than replicas run during an update.
func (s Settings) Surge(release *v1alpha1.Release) int32 {
	if release.Spec.Update.Strategy == v1alpha1.UpdateRecreate || s.Disruption == v1alpha1.DisruptionBrief {
		return 0
	}
	return 1
}

// PoolSize is POOL_SIZE of one pod: what the role limit leaves for each of replicas
// + surge pods, halved because the app opens its pool twice. An error says by how
// much the limit must grow.
func (s Settings) PoolSize(release *v1alpha1.Release) (int32, error) {
	pods := max(1, s.Replicas+s.Surge(release))
	size := ((s.ConnectionLimit-jobConnections)/pods - notifierConnections) / poolsPerPod
	if size >= minPoolSize {
		return size, nil
	}
	needed := pods*(minPoolSize*poolsPerPod+notifierConnections) + jobConnections
	return 0, fmt.Errorf("spec.database.connectionLimit: %d connections are too few for %d pods at once (replicas and surge); at least %d are needed, or fewer replicas", s.ConnectionLimit, pods, needed)
}
