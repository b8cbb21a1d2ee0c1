package update

import "github.com/glific/organisation-operator/api/v1alpha1"

// State is where an Organisation stands between its channel and its pods.
type State string

// The states. Those of an update that was accepted have the names of its stages.
const (
	// Idle: no slot waits for an answer.
	Idle State = "Idle"
	// Asking: the cached channel shows something new, and was not asked itself yet.
	Asking State = "Asking"
	// Refusing: a slot waits, and it may not be used now.
	Refusing State = "Refusing"
	// Entering: a slot waits, and it may be used.
	Entering State = "Entering"
	// Abandoned: the update goes on for nothing; something else is wanted.
	Abandoned State = "Abandoned"
	// Still: the clock stands, and nothing is changed or concluded.
	Still State = "Still"

	Preflight   = State(v1alpha1.StagePreflight)
	BackingUp   = State(v1alpha1.StageBackingUp)
	Migrating   = State(v1alpha1.StageMigrating)
	Deploying   = State(v1alpha1.StageDeploying)
	Converging  = State(v1alpha1.StageConverging)
	Holding     = State(v1alpha1.StageHolding)
	Probing     = State(v1alpha1.StageProbing)
	RollingBack = State(v1alpha1.StageRollingBack)
)

// stateOf names the state.
func stateOf(f Facts) State {
	if !accepted(f) {
		return offered(f)
	}
	switch {
	case f.Leaving != nil:
		return Abandoned
	case f.Last.Stage == v1alpha1.StageRollingBack && f.Still == nil:
		return RollingBack // what is wanted now finds a release that was proved
	case f.Last.Stage == v1alpha1.StageRollingBack:
		return Still
	case f.Wanted != "" && f.Wanted != f.Last.Release && f.Gate == nil:
		return Asking
	case superseded(f):
		return Abandoned
	case f.Still != nil:
		return Still
	}
	return stageOf(f)
}

func accepted(f Facts) bool { return f.Last != nil && f.Last.Answer == v1alpha1.SlotAccepted }

// superseded does not wait for a time-out: what is wanted now is what counts.
func superseded(f Facts) bool { return f.Gate != nil && f.Gate.Release != f.Last.Release }

// offered is the state of an Organisation without an accepted update.
func offered(f Facts) State {
	switch {
	case f.Offer == nil || answered(f.Last, *f.Offer):
		return Idle
	case f.Leaving != nil || f.Still != nil:
		return Refusing
	case f.Gate == nil:
		return Asking
	case f.Gate.Offer == nil || *f.Gate.Offer != *f.Offer:
		return Idle // the cache shows a slot of another time
	case f.Gate.Closed != nil:
		return Refusing
	}
	return Entering
}

func answered(last *v1alpha1.UpdateStatus, offer Offer) bool {
	return last != nil && last.Channel == offer.Channel && last.Token == offer.Token
}

// stageOf an update that goes on, from what exists. What was asked for is not asked for
// again: a change that is declared during a hold waits for the next slot.
func stageOf(f Facts) State {
	switch {
	case begun(f.Last.Stage):
		return rolledOut(f)
	case f.Pods.Asked:
		return rolledOut(f)
	case f.Preflight != nil:
		return Preflight
	case f.Migration.State == MigrationDone:
		return Deploying
	case f.Migration.State == MigrationDue && f.Backup != BackupNotNeeded && f.Backup != BackupDone:
		return BackingUp
	}
	return Migrating
}

// begun tells whether new pods were seen.
func begun(stage v1alpha1.UpdateStage) bool {
	switch stage {
	case v1alpha1.StageConverging, v1alpha1.StageHolding, v1alpha1.StageProbing:
		return true
	}
	return false
}

func rolledOut(f Facts) State {
	switch f.Last.Stage {
	case v1alpha1.StageHolding, v1alpha1.StageProbing:
		return State(f.Last.Stage)
	}
	switch {
	case f.Pods.Converged && (f.Pods.Asked || f.Last.Stage == v1alpha1.StageConverging):
		return Holding // a change that was declared since is not asked for, and not waited for
	case f.Pods.Appeared || f.Last.Stage == v1alpha1.StageConverging:
		return Converging
	}
	return Deploying
}
