// Package update decides how one Organisation moves from what it serves to what its
// channel wants. It first names the state, from what exists, and then exactly one
// action. It is pure: no client, no clock; the same Facts always yield the same Decision,
// so a pass that was cut off at any moment is simply made again.
package update

import (
	"cmp"
	"time"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// Facts is everything that decides.
type Facts struct {
	// Now is the time of the pass.
	Now time.Time
	// Last is the update that status has; nil if there was none.
	Last *v1alpha1.UpdateStatus
	// Aimed is the Release that status aims at.
	Aimed string
	// Serving is the Release that was last proved to run; "" if none was.
	Serving string

	// Offer is the slot that the cached channel has for this Organisation; nil if none.
	Offer *Offer
	// Gate is the channel as it was read from the API server in this pass; nil if it
	// was not read. What begins or is given up rests on it, never on a cache.
	Gate *Gate
	// Wanted is the channel's release as cached; "" if the Organisation has no channel.
	Wanted string

	// Generation of spec, and the value of the annotation retry-at.
	Generation int64
	RetryAt    string
	// Leaving says why the Organisation can follow no channel now: suspended, pinned, or
	// deleted; nil if it can.
	Leaving *Obstacle
	// Still says why nothing is begun, changed or concluded now: the database server is
	// disturbed, which must not be blamed on the release, or a person holds the
	// Organisation; nil if nothing stands in the way.
	Still *Obstacle

	// Preflight is what the target still lacks before anything may change; nil if nothing.
	Preflight *Obstacle
	// Backup is how the dump before migrations stands.
	Backup Backup
	// Migration is how the schema stands.
	Migration Migration
	// Pods are those of the target.
	Pods Pods
	// Probes are what it answers to a user's requests.
	Probes Probes
	// Verified is the Release that was last proved here; "" if none ever was.
	Verified string
	// Reversible says that the release to go back to can run on the schema as it is now:
	// it did not change since, or who changed it declares the other compatible.
	Reversible bool
	// Alone: the target's pods take the place of the old ones, so that nothing serves if
	// they do not come.
	Alone bool

	// OnFailure and Limits are the channel's.
	OnFailure v1alpha1.FailureAction
	Limits    Limits
}

// Back is the Release that a rollback brings back: the last that was proved, never one
// that merely served; "" if there is none.
func (f Facts) Back() string {
	back := cmp.Or(f.Verified, f.Last.From)
	if back == f.Last.Release {
		return ""
	}
	return back
}

// Offer is a slot that a channel gave to this Organisation.
type Offer struct {
	Channel string
	Token   string
	Release string
	// Mode is Rolling if the channel wants new pods; "" leaves it to the Release.
	Mode v1alpha1.UpdateMode
}

// Gate is what the channel says now.
type Gate struct {
	// Release that the channel wants now.
	Release string
	// Offer that the channel has for this Organisation now; nil if none.
	Offer *Offer
	// Closed says why no update may begin; nil if one may.
	Closed *Obstacle
}

// Obstacle is a reason with its message.
type Obstacle struct {
	Reason  string
	Message string
	// Passing: it may go away without anybody's help.
	Passing bool
}

// Backup is how the dump before migrations stands.
type Backup int

// The states of a backup.
const (
	// BackupNotNeeded: nothing is migrated, or a person accepts that there is none.
	BackupNotNeeded Backup = iota
	// BackupMissing: one is needed and none can be made.
	BackupMissing
	// BackupDue: one is to be made.
	BackupDue
	// BackupRunning: it is being made.
	BackupRunning
	// BackupDone: it is there.
	BackupDone
)

// Migration is how the schema stands for the target.
type Migration struct {
	State   MigrationState
	Message string
}

// MigrationState is how a migration stands.
type MigrationState int

// The states of a migration.
const (
	// MigrationDone: the schema is the target's, or it has no migrations.
	MigrationDone MigrationState = iota
	// MigrationDue: it is to be started.
	MigrationDue
	// MigrationRunning: the Job runs.
	MigrationRunning
	// MigrationFailed: the Job failed and nothing tries it again by itself.
	MigrationFailed
)

// Pods of the target.
type Pods struct {
	// Asked: the target's templates, with all that waits, are what runs or should run.
	Asked bool
	// Appeared: at least one pod of those templates exists.
	Appeared bool
	// Converged: every pod is of those templates and digests, and ready; none is left
	// of another.
	Converged bool
	// Mode in which the target gets into them; "" as long as that is open.
	Mode v1alpha1.UpdateMode
	// Entering: new code is on its way into running pods, which has a deadline of its own.
	Entering bool
	// Exceeded: Kubernetes has given up waiting for them.
	Exceeded bool
	// Message says in words how they stand.
	Message string
}

// Probes are what the target answers to a user's requests.
type Probes struct {
	State   ProbeState
	Message string
}

// ProbeState is what was answered.
type ProbeState int

// The states of probes.
const (
	// ProbesUnknown: nothing was asked since the pods converged.
	ProbesUnknown ProbeState = iota
	// ProbesPassed: everything was answered as it must be.
	ProbesPassed
	// ProbesFailed: something was not.
	ProbesFailed
)

// Limits are what an update must stand.
type Limits struct {
	Appear   time.Duration
	Converge time.Duration
	Verify   time.Duration
	Poll     time.Duration
	Strikes  int32
}

// The defaults are those of the Glific team's own script.
const (
	defaultPatience = 300 * time.Second
	defaultPoll     = 5 * time.Second
	defaultStrikes  = 3
)

// LimitsOf a channel, with defaults for what it does not say.
func LimitsOf(spec v1alpha1.VerificationSpec) Limits {
	limits := Limits{Appear: defaultPatience, Converge: defaultPatience, Verify: defaultPatience, Poll: defaultPoll, Strikes: defaultStrikes}
	if spec.AppearWithin != nil {
		limits.Appear = spec.AppearWithin.Duration
	}
	if spec.ConvergeWithin != nil {
		limits.Converge = spec.ConvergeWithin.Duration
	}
	if spec.VerifyFor != nil {
		limits.Verify = spec.VerifyFor.Duration
	}
	if spec.PollEvery != nil {
		limits.Poll = spec.PollEvery.Duration
	}
	if spec.Strikes > 0 {
		limits.Strikes = spec.Strikes
	}
	return limits
}
