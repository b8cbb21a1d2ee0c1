package controllers_test

import (
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/testkit/lane"
)

// braked is a world of three NGOs, one in each wave, who serve r1. The wave early opens
// by hand.
func braked(t *testing.T) *world {
	t.Helper()
	w := newWorld(t, lane.Options{})
	stable := threeWaves("r1")
	stable.Spec.Waves[0].Soak, stable.Spec.Waves[1].Approval = nil, v1alpha1.ApprovalManual
	for i, name := range []string{"r2", "r3", "r4"} {
		w.create(lane.Release(name, string(rune('2'+i))))
	}
	w.create(stable)
	change(w, "standard", &v1alpha1.OrganisationProfile{}, func(p *v1alpha1.OrganisationProfile) { p.Spec.Release = &v1alpha1.ReleaseReference{Channel: "stable"} })
	for name, ring := range map[string]string{"asha": "canary", "pratham": "early", "sneha": "rest"} {
		org := lane.Organisation(name)
		org.Labels = map[string]string{"ring": ring}
		w.create(org)
	}
	w.live(0, "everybody starts on r1", w.served("r1", "r1", "r1"))
	return w
}

// served tells what asha, pratham and sneha serve, settled.
func (w *world) served(asha, pratham, sneha string) func() bool {
	return func() bool {
		for name, release := range map[string]string{"asha": asha, "pratham": pratham, "sneha": sneha} {
			org := w.org(name)
			u := org.Status.Update
			if org.Status.Release.Serving != release || u != nil && u.Answer == v1alpha1.SlotAccepted {
				return false
			}
		}
		return len(w.channel().Status.Slots) == 0
	}
}

// rests looks on for ten minutes, in which nothing may move.
func (w *world) rests(what, verdict string, still func() bool) {
	w.t.Helper()
	const looks = 20
	for look := range looks {
		w.op.Pass(w.t.Context())
		if _, err := w.Script.Step(w.t.Context()); err != nil {
			w.t.Fatal(err)
		}
		w.step(10 * time.Minute / looks)
		if look > 0 && (w.says() != verdict || !still()) { // the first look is the one that sees it
			w.t.Fatalf("%s, look %d: %s\n%s", what, look, w.says(), w.fleet())
		}
	}
	w.t.Logf("%s: ten minutes at rest", what)
}

func (w *world) declare(edit func(*v1alpha1.ReleaseChannelSpec)) {
	w.t.Helper()
	change(w, "stable", &v1alpha1.ReleaseChannel{}, func(c *v1alpha1.ReleaseChannel) { edit(&c.Spec) })
}

func (w *world) approve(what string) {
	w.t.Helper()
	change(w, "stable", &v1alpha1.ReleaseChannel{}, func(c *v1alpha1.ReleaseChannel) {
		c.Annotations = map[string]string{v1alpha1.AnnotationApprove: what}
	})
}

func TestThePauseTheFreezeAndTheHotfix(t *testing.T) {
	w := braked(t)
	w.declare(func(s *v1alpha1.ReleaseChannelSpec) { s.Release, s.Paused = "r2", true })
	w.rests("paused", "False/Paused", w.served("r1", "r1", "r1"))
	w.expect("asha", v1alpha1.Ready, "True/Ready")
	w.expect("asha", v1alpha1.UpToDate, "False/Paused")

	always := v1alpha1.FreezeWindow{Name: "evening", Window: v1alpha1.Window{
		Schedule: "0 * * * *", Duration: metav1.Duration{Duration: 2 * time.Hour}, TimeZone: "Asia/Kolkata",
	}}
	w.declare(func(s *v1alpha1.ReleaseChannelSpec) { s.Paused, s.Freeze = false, []v1alpha1.FreezeWindow{always} })
	w.rests("frozen", "False/Frozen", w.served("r1", "r1", "r1"))
	w.expect("asha", v1alpha1.UpToDate, "False/Frozen")

	w.declare(func(s *v1alpha1.ReleaseChannelSpec) {
		s.Release = "r3"
		s.Expedite = &v1alpha1.ExpediteSpec{Release: "r3", Reason: "messages are lost", Until: metav1.NewTime(w.Clock.Now().Add(3 * time.Hour))}
	})
	w.live(0, "one canary first, in spite of the freeze", func() bool {
		others := w.backend("pratham").Spec.Template.Labels[v1alpha1.LabelRelease] == "r3" || w.backend("sneha").Spec.Template.Labels[v1alpha1.LabelRelease] == "r3"
		verified := w.org("asha").Status.Release.Verified == "r3"
		if others && !verified {
			t.Fatalf("a hotfix went on before its canary was verified\n%s", w.fleet())
		}
		return verified
	})
	w.live(0, "then everybody, without an approval", w.served("r3", "r3", "r3"))
	w.live(0, "and the channel says so", func() bool { return w.says() == "True/RolledOut" })
	if history := w.channel().Status.History; history[0].Release != "r3" || history[0].Expedited != "messages are lost" || history[1].Result != v1alpha1.RolloutSuperseded {
		t.Errorf("%+v", history)
	}
}

// Who names the former release does not bring it to those whose database has moved on,
// unless the later release says that it may run there.
func TestAFormerReleaseIsNotBroughtToALaterSchema(t *testing.T) {
	w := braked(t)
	w.declare(func(s *v1alpha1.ReleaseChannelSpec) { s.Release = "r2" })
	w.live(0, "the canary serves r2", w.served("r2", "r1", "r1"))
	w.declare(func(s *v1alpha1.ReleaseChannelSpec) { s.Release = "r1" })
	w.live(0, "r1 is declined there", func() bool { return w.says() == "False/Halted" })
	w.rests("r2 serves on", "False/Halted", w.served("r2", "r1", "r1"))
	w.expect("asha", v1alpha1.Available, "True/Ready")
	w.expect("asha", v1alpha1.Ready, "False/RollbackBlocked")
	if u := w.org("asha").Status.Update; !strings.Contains(u.Message, "does not list r1 in spec.compatibleFrom") {
		t.Errorf("%+v", u)
	}
	w.declare(func(s *v1alpha1.ReleaseChannelSpec) { s.Release = "r3" })
	w.live(0, "a newer one reaches it", w.served("r3", "r1", "r1"))
}

func TestAnApprovalOpensOneWaveAndAPauseLetsOnlyFinishWhatHasBegun(t *testing.T) {
	w := braked(t)
	w.declare(func(s *v1alpha1.ReleaseChannelSpec) { s.Release = "r2" })
	w.live(0, "the canary has begun", func() bool {
		u := w.org("asha").Status.Update
		return u != nil && u.Answer == v1alpha1.SlotAccepted && u.Stage == v1alpha1.StageHolding
	})
	w.declare(func(s *v1alpha1.ReleaseChannelSpec) { s.Paused = true })
	w.live(0, "what has begun is finished", w.served("r2", "r1", "r1"))
	w.approve("early@r2")
	w.rests("paused, and approved", "False/Paused", w.served("r2", "r1", "r1"))
	w.approve("early@r9")
	w.declare(func(s *v1alpha1.ReleaseChannelSpec) { s.Paused = false })
	w.live(0, "an approval that was seen stands, whatever the annotation says later", w.served("r2", "r2", "r2"))

	w.declare(func(s *v1alpha1.ReleaseChannelSpec) { s.Release = "r4" })
	w.live(0, "the canary serves r4", w.served("r4", "r2", "r2"))
	w.rests("an approval is of one release", "False/WaitingForApproval", w.served("r4", "r2", "r2"))
	if step := w.channel().Status.NextStep; !strings.Contains(step, "kubectl annotate releasechannel stable") {
		t.Errorf("the next step does not say how: %s", step)
	}
	w.expect("pratham", v1alpha1.UpToDate, "False/WaitingForWave")
	w.annotate("pratham", v1alpha1.AnnotationSetAside, "r4")
	w.approve("early@r4")
	w.live(0, "whoever is set aside is passed by", w.served("r4", "r2", "r4"))
	w.live(0, "and stays in sight", func() bool { return w.says() == "False/RolledOutInPart" })
	if failing := w.channel().Status.Failing; len(failing) != 1 || failing[0].Name != "pratham" || failing[0].Reason != v1alpha1.ReasonSetAside {
		t.Errorf("%+v", failing)
	}
}
