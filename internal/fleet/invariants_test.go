package fleet_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/fleet"
)

func (w *world) violated(format string, args ...any) {
	w.broken = append(w.broken, w.now.Format("15:04:05 ")+fmt.Sprintf(format, args...))
}

// check is made at every tick, against what is and not what anybody has read.
func (w *world) check() {
	slots := w.channel.now.Status.Slots
	inWave := map[string]int{}
	for _, slot := range slots {
		if wave := w.waveOf(slot.UID); wave != "" {
			inWave[wave]++
		}
	}
	for wave, n := range inWave {
		if most := w.budget(wave); n > most {
			w.violated("%d of wave %s have slots; %d may", n, wave, most)
		}
	}
	for _, t := range w.tenants {
		u := t.now.Status.Update
		if t.gone || w.channel.now.Status.Release == "" || u == nil || u.Answer != v1alpha1.SlotAccepted {
			continue
		}
		if !slices.ContainsFunc(slots, func(s v1alpha1.Slot) bool { return s.UID == string(t.now.UID) && s.Token == u.Token }) {
			w.violated("%s is being updated with slot %s, which was withdrawn", t.now.Name, u.Token)
		}
	}
}

// checkNames: no Organisation runs what its status does not name.
func (w *world) checkNames() {
	for _, t := range w.tenants {
		r := t.now.Status.Release
		if !t.gone && t.now.Spec.Power != v1alpha1.PowerSuspended && t.runs != r.Serving && t.runs != r.Target {
			w.violated("%s runs %s; its status names %s and %s", t.now.Name, t.runs, r.Serving, r.Target)
		}
	}
}

// checkAccept: nobody begins in a wave that is not open, nor while the channel is closed.
func (w *world) checkAccept(t *tenant, was, is *v1alpha1.UpdateStatus) {
	if is == nil || is.Answer != v1alpha1.SlotAccepted || was != nil && was.Token == is.Token && was.Answer == is.Answer {
		return
	}
	channel := w.channel.now
	index := func(name string) int {
		return slices.IndexFunc(channel.Spec.Waves, func(v v1alpha1.Wave) bool { return v.Name == name })
	}
	wave := w.waveOf(string(t.now.UID))
	adrift := was != nil && was.Outcome != v1alpha1.OutcomeVerified && was.Release != is.Release && t.runs == was.Release
	if own, opened := index(wave), index(channel.Status.Wave); own < 0 || opened < 0 || own > opened && !adrift {
		w.violated("%s of wave %q begins while wave %q is the last that is open", t.now.Name, wave, channel.Status.Wave)
	}
	if closed := fleet.Gate(channel, fleet.MemberOf(t.now, profile()), w.now).Closed; closed != nil {
		w.violated("%s begins while the channel is closed: %s", t.now.Name, closed.Message)
	}
	if is.Release != channel.Spec.Release {
		w.violated("%s begins to move to %s; %s is wanted", t.now.Name, is.Release, channel.Spec.Release)
	}
}

// checkVerified: a release on which others start was proved by somebody.
func (w *world) checkVerified(next v1alpha1.ReleaseChannelStatus) {
	if next.Verified != "" && !slices.ContainsFunc(w.tenants, func(t *tenant) bool { return t.verified[next.Verified] }) {
		w.violated("Release %s is called verified, and nobody has ever proved it", next.Verified)
	}
}

// checkStart: a new Organisation starts on a release that somebody proved; the first of all
// have none.
func (w *world) checkStart(t *tenant, release string) {
	if v := w.channel.now.Status.Verified; t.now.Status.Release.Serving == "" && v != "" && !w.mode.stale && release != v && t.now.Spec.Release == nil {
		w.violated("%s starts on %s; %s was verified last", t.now.Name, release, v)
	}
}

// checkGiven: nobody gets a slot while more have failed than are borne, whatever became of
// those who failed. A failure counts from when its slot was settled.
func (w *world) checkGiven(channel *v1alpha1.ReleaseChannel, next v1alpha1.ReleaseChannelStatus) {
	if next.Serial == channel.Status.Serial || next.Serial == 0 {
		return
	}
	failed, proved, beyond := 0, false, 0
	for _, slot := range next.Slots {
		if w.waveOf(slot.UID) != channel.Spec.Waves[0].Name {
			beyond++
		}
	}
	for _, t := range w.tenants {
		proved = proved || t.verified[next.Release]
		f, notes := t.failure, t.now.Annotations
		unsettled := f != nil && slices.ContainsFunc(next.Slots, func(s v1alpha1.Slot) bool { return s.Token == f.Token })
		if f != nil && !t.gone && !unsettled && f.Release == next.Release && f.RetryAt == notes[v1alpha1.AnnotationRetryAt] && notes[v1alpha1.AnnotationSetAside] != f.Release {
			failed++
		}
	}
	if !proved && beyond > 1 {
		w.violated("%d have slots beyond the first wave, and nobody has verified Release %s", beyond, next.Release)
	}
	if failed > int(channel.Spec.MaxFailures) {
		w.violated("slots are given although Release %s failed at %d", next.Release, failed)
	}
}

// checkVerdict: a channel is Ready only if everybody whom its release reaches serves it,
// as far as could be read. Whoever reads fresh must be right.
func (w *world) checkVerdict(plan fleet.Plan) {
	if !plan.Verdict.Ready || w.mode.stale {
		return
	}
	for _, t := range w.tenants {
		m := fleet.MemberOf(t.now, profile())
		out := t.gone || m.Channel != "stable" || m.Pinned != "" || m.Suspended || m.Held != "" || m.Deleting || w.now.Before(m.SkipUntil) || m.Serving == "" || w.waveOf(m.UID) == ""
		if !out && (t.runs != w.channel.now.Spec.Release || t.changes != w.changes) {
			w.violated("the channel is Ready, and %s runs %s", m.Name, t.runs)
		}
	}
}

func (w *world) waveOf(uid string) string {
	for _, t := range w.tenants {
		if string(t.now.UID) == uid && !t.gone {
			return fleet.WaveOf(w.channel.now, fleet.MemberOf(t.now, profile()))
		}
	}
	return ""
}

func (w *world) budget(wave string) int {
	i := slices.IndexFunc(w.channel.now.Spec.Waves, func(v v1alpha1.Wave) bool { return v.Name == wave })
	limit := w.channel.now.Spec.Waves[i].MaxInFlight
	switch {
	case limit == nil:
		return 1
	case limit.StrVal == "":
		return int(limit.IntVal)
	}
	size := 0
	for _, t := range w.tenants {
		if w.waveOf(string(t.now.UID)) == wave {
			size++
		}
	}
	share, _ := strconv.Atoi(strings.TrimSuffix(limit.StrVal, "%"))
	return (size*share + 99) / 100
}
