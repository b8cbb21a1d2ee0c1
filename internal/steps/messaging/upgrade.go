package messaging

import (
	"encoding/json"
	"strconv"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	appsv1ac "k8s.io/client-go/applyconfigurations/apps/v1"
	corev1ac "k8s.io/client-go/applyconfigurations/core/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/hot"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/step"
)

// upgrade is new code on its way into running pods: the Deployment still shows one
// revision, and another was released.
type upgrade struct {
	from, to revision
	// stands: it was given up, and the Release wants nothing else (HotOnly).
	stands bool
	// changed: code of some pod was changed already.
	changed bool
}

// upgradeOf what was released; nil if the Deployment may simply show it. What was given
// up is not begun again for the same revision.
func (s *Step) upgradeOf(v step.View, chosen *revision, live []revision) *upgrade {
	d := deployment(v, names.Backend)
	if s.Hot == nil || chosen == nil || chosen.Update.Hot == nil || d == nil || v.Plan.Suspended || idle(d) {
		return nil
	}
	shown := d.Spec.Template.Labels[v1alpha1.LabelRelease]
	from := shownBy(live, d)
	if shown == chosen.Release || from == nil || from.Update.Hot == nil || ordered(v, chosen, d) {
		return nil
	}
	up := &upgrade{from: *from, to: *chosen}
	if last := v.Org.Status.Hot; last != nil && last.Revision == chosen.name {
		switch last.State {
		case v1alpha1.HotComplete:
			return nil
		case v1alpha1.HotRefused, v1alpha1.HotFailed:
			up.stands = chosen.Update.Hot.Mode == v1alpha1.HotOnly
			if !up.stands {
				return nil
			}
		}
	}
	return up
}

// ordered: the channel wants new pods. What has begun already goes on.
func ordered(v step.View, chosen *revision, d *appsv1.Deployment) bool {
	u, last := v.Update.Update, v.Org.Status.Hot
	begun := d.Annotations[v1alpha1.AnnotationHot] == chosen.name || last != nil && last.Revision == chosen.name
	return u != nil && u.Release == chosen.Release && u.Mode == v1alpha1.UpdateRolling && !begun
}

// modeOf says how the released revision gets, or got, into the pods; "" as long as that
// is open.
func modeOf(v step.View, released *revision) v1alpha1.UpdateMode {
	d, last := deployment(v, names.Backend), v.Org.Status.Hot
	own := last != nil && last.Revision == released.name
	switch {
	case own && (last.State == v1alpha1.HotUpgrading || last.State == v1alpha1.HotComplete) || entering(v, released) != nil:
		return v1alpha1.UpdateHot
	case d != nil && d.Spec.Template.Labels[v1alpha1.LabelRelease] == released.Release:
		return v1alpha1.UpdateRolling
	}
	return ""
}

// shownBy finds the revision that a Deployment shows, or else the latest of its Release,
// in full.
func shownBy(live []revision, d *appsv1.Deployment) (found *revision) {
	number, release := d.Annotations[v1alpha1.AnnotationRevision], d.Spec.Template.Labels[v1alpha1.LabelRelease]
	for _, r := range live {
		if r.Release != release || release == "" || !r.read() {
			continue
		}
		if strconv.FormatInt(r.number, 10) == number {
			return &r
		}
		if found == nil {
			found = &r
		}
	}
	return found
}

// difference says what else changes than code; "" if nothing does.
func (u *upgrade) difference() string {
	return hot.Difference(typed(u.from.Backend), typed(u.to.Backend))
}

// typed makes a template of an apply configuration, which has the same form.
func typed(template *corev1ac.PodTemplateSpecApplyConfiguration) corev1.PodTemplateSpec {
	var t corev1.PodTemplateSpec
	data, _ := json.Marshal(template)
	_ = json.Unmarshal(data, &t)
	return t
}

// running: it was not given up.
func (u *upgrade) running() bool { return u != nil && !u.stands }

// bracket is the Deployment while code enters its pods: paused, so that neither the
// ReplicaSet's new template nor anything else replaces them. It ends in the same write
// that shows the new template.
func bracket(v step.View, up *upgrade, d *appsv1ac.DeploymentApplyConfiguration) step.Applicable {
	if !up.running() || up.difference() != "" || !ours(v) {
		return d
	}
	d.Spec.WithPaused(true)
	return d.WithAnnotations(map[string]string{v1alpha1.AnnotationHot: up.to.name})
}

// ours: nobody else paused the Deployment.
func ours(v step.View) bool {
	d := deployment(v, names.Backend)
	return !d.Spec.Paused || d.Annotations[v1alpha1.AnnotationHot] != ""
}

// marked is a copy of a template with the mark of an upgrade that was broken off.
func marked(template *corev1ac.PodTemplateSpecApplyConfiguration, mark string) *corev1ac.PodTemplateSpecApplyConfiguration {
	if mark == "" {
		return template
	}
	var copied corev1ac.PodTemplateSpecApplyConfiguration
	data, _ := json.Marshal(template)
	_ = json.Unmarshal(data, &copied)
	return copied.WithAnnotations(map[string]string{v1alpha1.AnnotationHot: mark})
}

// brokenOff is the mark that makes new pods of a template that is shown already: some of
// the running ones may have other code in them, or have had it for long. Once there it stays, or it would make
// new pods again.
func brokenOff(v step.View, up *upgrade, shows string) string {
	d := deployment(v, names.Backend)
	switch last := v.Org.Status.Hot; {
	case d == nil:
		return ""
	case up.running():
		return d.Spec.Template.Annotations[v1alpha1.AnnotationHot] // its ReplicaSet has it, too
	case last != nil && last.Reason == v1alpha1.HotRenewed && last.Release == shows:
		return last.Revision
	}
	begun, shown := d.Annotations[v1alpha1.AnnotationHot], d.Spec.Template.Labels[v1alpha1.LabelRelease]
	last := v.Org.Status.Hot
	unchanged := up != nil && last != nil && last.State == v1alpha1.HotRefused
	if begun != "" && shown == shows && !unchanged {
		return begun
	}
	return d.Spec.Template.Annotations[v1alpha1.AnnotationHot]
}

// entering is the upgrade of running pods on which the released revision waits; nil if
// it waits on none.
func entering(v step.View, released *revision) *v1alpha1.HotStatus {
	d, last := deployment(v, names.Backend), v.Org.Status.Hot
	if d == nil || last == nil || last.Revision != released.name || d.Spec.Template.Labels[v1alpha1.LabelRelease] == released.Release {
		return nil
	}
	if last.State == v1alpha1.HotUpgrading || last.State != v1alpha1.HotComplete && released.Update.Hot != nil && released.Update.Hot.Mode == v1alpha1.HotOnly {
		return last
	}
	return nil
}

// upgrading is what is said of it.
func upgrading(last *v1alpha1.HotStatus) step.Outcome {
	if last.State != v1alpha1.HotUpgrading {
		return step.Stalled(v1alpha1.ReasonHotUpgradeRefused, last.Message)
	}
	return step.Waiting(v1alpha1.ReasonProgressing, "new code of Release "+last.Release+" enters the running pods: "+last.Message, lookAgain)
}

// lookAgain while code enters pods: they are not watched.
const lookAgain = time.Second
