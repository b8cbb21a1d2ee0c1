package messaging

import (
	"slices"

	appsv1 "k8s.io/api/apps/v1"

	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/snapshot"
	"github.com/glific/organisation-operator/internal/step"
)

// decision is which revision the Deployments render, and what waits.
type decision struct {
	chosen *revision
	// pending are the causes of the change that waits, sorted.
	pending []string
}

// situation is what else decides.
type situation struct {
	// restart is allowed by a slot of a channel, or asked for and the kept templates did
	// not answer it yet.
	restart bool
	// orphaned: the kept templates name Secrets that are gone, so no pod could start.
	orphaned bool
	// idle: no pod runs, or none ever became ready; a change interrupts nobody.
	idle bool
}

// decide is the whole decision about a View and the revision that is current.
func decide(v step.View, kept *revision) decision {
	fresh := fresh(v, kept)
	if kept == nil {
		return decision{chosen: next(fresh, snapshot.Released(v.Live))}
	}
	if fresh == nil {
		return choose(kept, nil, situation{})
	}
	return choose(kept, fresh, situation{
		restart:  v.MayDeploy() || v.Plan.RestartAt != "" && v.Plan.RestartAt != kept.restarted(),
		orphaned: orphaned(&v.Live.Secrets, *kept),
		idle:     idle(deployment(v, names.Backend)),
	})
}

// choose is the rule. Equal templates are kept with the inputs of now, so that a later
// change has the causes that are its own. All that waits travels together: one restart.
func choose(kept, fresh *revision, s situation) decision {
	switch {
	case kept == nil:
		return decision{chosen: next(fresh, 0)}
	case fresh == nil:
		return decision{chosen: kept}
	case fresh.name == kept.name:
		same := *kept
		same.inputs = fresh.inputs
		return decision{chosen: &same}
	}
	waiting := causes(kept.inputs, fresh.inputs)
	if s.restart || s.orphaned || s.idle || slices.Contains(waiting, CauseOrganisation) {
		return decision{chosen: next(fresh, kept.number)}
	}
	return decision{chosen: kept, pending: waiting}
}

// next gives a revision its number.
func next(fresh *revision, highest int64) *revision {
	if fresh == nil {
		return nil
	}
	numbered := *fresh
	numbered.number = highest + 1
	return &numbered
}

func orphaned(secrets *snapshot.Secrets, r revision) bool {
	return !secrets.Unreadable && slices.ContainsFunc(r.secrets(), func(name string) bool { return secrets.TenantSecret(name) == nil })
}

// idle does not include a Deployment that somebody deleted: it is repaired as it was.
func idle(d *appsv1.Deployment) bool {
	if d == nil || !observed(d) {
		return false
	}
	stopped := wanted(d) == 0 && d.Status.Replicas == 0
	return stopped || deadlineExceeded(d) && d.Status.AvailableReplicas == 0
}

// fresh is what the declaration asks for now; nil while anything is missing.
func fresh(v step.View, kept *revision) *revision {
	if obstacle(v) != "" {
		return nil
	}
	env, _ := v.Environment()
	keys, _ := v.Keyring()
	r := newRevision(compose(v, env, answered(v, kept)), gather(v, env, keys))
	return &r
}

// answered is the restart that new templates answer: the one that is asked for, or
// else the last one, so that removing the annotation restarts nobody.
func answered(v step.View, kept *revision) string {
	if v.Plan.RestartAt == "" && kept != nil {
		return kept.restarted()
	}
	return v.Plan.RestartAt
}
