package rollout

import (
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/probe"
)

// How long things take, by the stepped clock. One stride ends a hold, is no longer than
// what counts as watched, and long enough that each look after it is written.
const (
	stride   = 35 * time.Second
	hold     = 30 * time.Second
	converge = 20 * time.Second
	soak     = 2 * time.Second // waited for by the real clock: nothing wakes a channel in a soak
)

func (w *world) step(d time.Duration) {
	w.Clock.SetTime(w.Clock.Now().Add(d))
	w.moved = time.Now()
	if d >= stride {
		w.stepped = w.Clock.Now()
	}
}

// pace is how far time moves when everybody waits for it: a stride, but where the NGO at
// which a release fails is being asked for its strikes, only until the next look at it,
// and not before it had the time for one. Strides would let a whole budget of others
// finish between two looks.
func (w *world) pace() time.Duration {
	if w.failing == "" {
		return stride
	}
	u := w.org(w.failing).Status.Update
	if u == nil || u.Answer != v1alpha1.SlotAccepted || (u.Stage != v1alpha1.StageProbing && u.Stage != v1alpha1.StageRollingBack) {
		return stride
	}
	if time.Since(w.moved) < 2*time.Second {
		return 0
	}
	return probe.Again
}

// waitsForTime tells whether everybody who holds a slot waits for nothing but time, and
// has looked since time moved last. The channel is read last, and from the API server:
// whoever got a slot after that cannot have come far.
func (w *world) waitsForTime() bool {
	w.t.Helper()
	channel := &v1alpha1.ReleaseChannel{}
	if err := w.Admin.Get(w.t.Context(), client.ObjectKey{Name: "stable"}, channel); err != nil {
		w.t.Fatal(err)
	}
	for _, slot := range channel.Status.Slots {
		u := w.org(slot.Name).Status.Update
		if u == nil || u.Token != slot.Token || u.Answer != v1alpha1.SlotAccepted || !w.patient(slot.Name, u) {
			return false
		}
	}
	return true
}

func (w *world) patient(name string, u *v1alpha1.UpdateStatus) bool {
	switch u.Stage {
	case v1alpha1.StageHolding:
	case v1alpha1.StageConverging, v1alpha1.StageProbing:
		if name != w.failing {
			return false
		}
	default:
		return false
	}
	return !u.Watch.SeenAt.Time.Before(w.stepped.Truncate(time.Second))
}

// silence is since when, by the real clock, nothing was seen.
type silence struct {
	seen  int64
	since time.Time
}

// silent tells whether nothing happened for so long that only time can help: a host that
// did not answer once on a busy machine is asked again in a moment, which never comes
// while time stands.
func (w *world) silent() bool {
	const long = 10 * time.Second
	if seen := w.seen.Load(); seen != w.silence.seen || w.silence.since.IsZero() {
		w.silence = silence{seen: seen, since: time.Now()}
	}
	if time.Since(w.silence.since) < long {
		return false
	}
	w.silence.since = time.Now()
	return true
}
