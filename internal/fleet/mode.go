package fleet

import (
	"cmp"
	"slices"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// choose says whether new code may enter running pods. What one node could not bear is
// asked of no other one: from then on this release gets new pods everywhere. Where
// nothing but hot upgrades is wanted, the failure halts the rollout instead.
func (p *planner) choose() {
	s, release := p.status, p.fleet.Release
	switch {
	case release == nil || s.Mode == v1alpha1.UpdateRolling && release.Spec.Update.Hot != nil:
		return
	case release.Spec.Update.Hot == nil:
		s.Mode, s.ModeMessage = "", ""
		return
	}
	s.Mode = v1alpha1.UpdateHot
	if release.Spec.Update.Hot.Mode == v1alpha1.HotOnly {
		return
	}
	for _, m := range p.having(p.showed) {
		s.Mode = v1alpha1.UpdateRolling
		s.ModeMessage = bounded(m.Name+": "+cmp.Or(m.Hot.Reason, string(m.Hot.State))+", "+m.Hot.Message, maxNextStep)
		p.note("Release %s gets new pods from now on: %s", p.release, s.ModeMessage)
		return
	}
}

// own are the reasons that lie with one Organisation, and say nothing of the others.
var own = []string{v1alpha1.HotTemplateChanged, v1alpha1.HotTooManyUpgrades, v1alpha1.HotManyReplicaSets}

// showed tells whether running pods could not be given this release since its rollout
// began.
func (p *planner) showed(m *placed) bool {
	h := m.Hot
	if h == nil || h.Release != p.release || m.standing == Stranger || slices.Contains(own, h.Reason) {
		return false
	}
	given := h.State == v1alpha1.HotRefused || h.State == v1alpha1.HotFailed
	return given && h.EndedAt != nil && !h.EndedAt.Before(p.status.StartedAt)
}

// ordered is the mode of new slots: "" leaves it to the Release.
func (p *planner) ordered() v1alpha1.UpdateMode {
	if p.status.Mode == v1alpha1.UpdateRolling {
		return v1alpha1.UpdateRolling
	}
	return ""
}
