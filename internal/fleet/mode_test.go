package fleet_test

import (
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// enter is what comes of new code for running pods, where the slot allows it.
func (w *world) enter(t *tenant, u *v1alpha1.UpdateStatus) {
	why, release := w.fate(t.now.Name, t.runs).hot, w.releases[t.runs]
	if t.refused = nil; release.Spec.Update.Hot == nil || why == "" || u.Mode == v1alpha1.UpdateRolling {
		return
	}
	at := metav1.NewTime(w.now)
	t.refused = &v1alpha1.HotStatus{Release: t.runs, State: v1alpha1.HotRefused, Reason: why, Message: "Pod backend-1 refuses", StartedAt: &at, EndedAt: &at}
}

// gotIn says how code got into the pods.
func (w *world) gotIn(t *tenant, asked bool) v1alpha1.UpdateMode {
	release := w.releases[t.runs]
	switch ordered := t.now.Status.Update != nil && t.now.Status.Update.Mode == v1alpha1.UpdateRolling; {
	case !asked || release == nil || release.Spec.Update.Hot == nil:
		return ""
	case ordered || t.refused != nil && t.refused.Release == t.runs:
		return v1alpha1.UpdateRolling
	}
	return v1alpha1.UpdateHot
}

// mayEnter says that code of r2 may enter running pods.
func mayEnter(mode v1alpha1.HotMode) event {
	return event{time.Minute, "Release " + r2 + " has spec.update.hot", func(w *world) {
		w.releases[r2].Spec.Update.Hot = &v1alpha1.HotSpec{Mode: mode}
	}}
}

// refusing gives one Organisation, or all, a reason not to be upgraded while it runs.
func refusing(name, reason string) func(string, string) fate {
	return only(name, r2, func(f *fate) { f.hot = reason })
}

func modes() map[string]story {
	return map[string]story{
		"new code enters running pods in each wave":                       {spec: inWaves, fleet: six, events: []event{mayEnter(""), publish(r2)}},
		"what the canary cannot bear is asked of nobody else":             {spec: inWaves, fleet: six, fate: refusing("", "ErtsChanged"), events: []event{mayEnter(""), publish(r2)}},
		"what lies with the canary alone does not change how others move": {spec: inWaves, fleet: six, fate: refusing("asha", v1alpha1.HotTooManyUpgrades), events: []event{mayEnter(""), publish(r2)}},
		"a new release begins hot again": {spec: inWaves, fleet: six, fate: refusing("", "ErtsChanged"), events: []event{mayEnter(""),
			{time.Minute, "so has Release " + r3, func(w *world) { w.releases[r3].Spec.Update.Hot = &v1alpha1.HotSpec{} }},
			publish(r2), publishAt(24*time.Hour, r3)}},
	}
}
