package fleet_test

import (
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/fleet"
	"github.com/glific/organisation-operator/internal/stopwatch"
	"github.com/glific/organisation-operator/internal/testkit/golden"
)

// scene is a channel in the middle of r2 with a canary, asha, and another, sneha.
type scene struct {
	channel *v1alpha1.ReleaseChannel
	asha    fleet.Member
	sneha   fleet.Member
	nobody  bool
	release *v1alpha1.Release
}

func setting() *scene {
	s := &scene{channel: &v1alpha1.ReleaseChannel{ObjectMeta: metav1.ObjectMeta{Name: "stable", Generation: 2}}, release: &v1alpha1.Release{}}
	s.channel.Spec.Release, s.channel.Status.Release, s.channel.Status.Verified, s.channel.Status.Wave = r2, r2, r1, "canary"
	inWaves(&s.channel.Spec)
	s.asha = fleet.Member{Name: "asha", UID: "a", Channel: "stable", Serving: r2, Target: r2, Labels: map[string]string{"ring": "canary"}}
	s.sneha = fleet.Member{Name: "sneha", UID: "s", Channel: "stable", Serving: r1, Target: r1}
	return s
}

func (s *scene) next() fleet.Plan {
	members := []fleet.Member{s.asha, s.sneha}
	if s.nobody {
		members = nil
	}
	return fleet.Next(s.channel, fleet.Fleet{Members: members, Release: s.release}, dawn)
}

func soaked(s *scene) {
	s.channel.Status.Soak = stopwatch.Start(dawn)
	s.channel.Status.Soak.ElapsedSeconds = 7200
}

func unhealthy(m *fleet.Member) {
	m.Target = r2
	m.Update = &v1alpha1.UpdateStatus{Channel: "stable", Token: "1", Release: r2, Answer: v1alpha1.SlotFinished, Outcome: v1alpha1.OutcomeUnhealthy, Reason: "Unhealthy", Message: "a websocket answered 403"}
}

func arrived(s *scene) { s.sneha.Serving, s.sneha.Target = r2, r2 }

func TestWhatAChannelSays(t *testing.T) {
	for sentence, test := range map[string]struct {
		change func(*scene)
		reason string
		ready  bool
		// condition besides Ready that is True; "" if none.
		condition string
		says      string
	}{
		"the canary soaks": {func(*scene) {}, v1alpha1.ReasonSoaking, false, v1alpha1.Reconciling, "wave rest opens after wave canary has served for 2h0m0s"},
		"the next wave needs a word": {func(s *scene) { soaked(s); s.channel.Spec.Waves[1].Approval = v1alpha1.ApprovalManual },
			v1alpha1.ReasonWaitingForApproval, false, v1alpha1.Reconciling, "kubectl annotate releasechannel stable --overwrite tenancy.glific.org/approve=rest@glific-2"},
		"somebody is updated":          {soaked, v1alpha1.ReasonRollingOut, false, v1alpha1.Reconciling, "1 of 2 serve Release glific-2; 1 Organisation in flight"},
		"all is done":                  {arrived, v1alpha1.ReasonRolledOut, true, "", "verified by everybody whom it reaches, 2 Organisations"},
		"all is done, though paused":   {func(s *scene) { arrived(s); s.channel.Spec.Paused = true }, v1alpha1.ReasonRolledOut, true, "", ""},
		"one failed":                   {func(s *scene) { unhealthy(&s.asha) }, v1alpha1.ReasonHalted, false, v1alpha1.Stalled, "1 Organisation failed and spec.maxFailures is 0"},
		"one failed and is held":       {func(s *scene) { unhealthy(&s.asha); s.asha.Held = "a look at it" }, v1alpha1.ReasonHalted, false, v1alpha1.Stalled, "1 Organisation failed and spec.maxFailures is 0"},
		"one failed and skips":         {func(s *scene) { unhealthy(&s.asha); s.asha.SkipUntil = dawn.Add(1) }, v1alpha1.ReasonHalted, false, v1alpha1.Stalled, "1 Organisation failed and spec.maxFailures is 0"},
		"one failed and is suspended":  {func(s *scene) { unhealthy(&s.asha); s.asha.Suspended = true }, v1alpha1.ReasonHalted, false, v1alpha1.Stalled, "1 Organisation failed and spec.maxFailures is 0"},
		"one failed and that is borne": {func(s *scene) { arrived(s); unhealthy(&s.asha); s.channel.Spec.MaxFailures = 1 }, v1alpha1.ReasonRolledOutInPart, false, v1alpha1.Stalled, "1 failed"},
		"one is set aside":             {func(s *scene) { arrived(s); unhealthy(&s.asha); s.asha.SetAside = r2 }, v1alpha1.ReasonRolledOutInPart, false, v1alpha1.Stalled, "1 are set aside"},
		"the Release is missing":       {func(s *scene) { s.release = nil }, v1alpha1.ReasonReleaseNotFound, false, v1alpha1.Reconciling, "Release glific-2 does not exist"},
		"it is paused":                 {func(s *scene) { s.channel.Spec.Paused = true }, v1alpha1.ReasonPaused, false, v1alpha1.Reconciling, "spec.paused"},
		"its server is ill":            {func(s *scene) { soaked(s); s.sneha.Disturbed = "DatabaseServer shared-1 fails over" }, v1alpha1.ReasonWaiting, false, v1alpha1.Reconciling, "sneha (DatabaseServer shared-1 fails over)"},
		"its server is cordoned": {func(s *scene) {
			soaked(s)
			s.sneha.Disturbed, s.sneha.Cordoned = "DatabaseServer shared-1 is cordoned", true
		},
			v1alpha1.ReasonCordoned, false, v1alpha1.Reconciling, "nothing begins there until spec.scheduling is Open; tenancy.glific.org/set-aside=glific-2 lets the others go on"},
		"its window never opens": {func(s *scene) {
			soaked(s)
			s.sneha.Window = &v1alpha1.Window{Schedule: "0 0 30 2 *", Duration: *hours(1)}
		},
			v1alpha1.ReasonInvalidSpec, false, v1alpha1.Stalled, `spec.release.window.schedule "0 0 30 2 *" never comes`},
		"it is held":        {func(s *scene) { s.channel.Annotations = map[string]string{v1alpha1.AnnotationHold: "delays"} }, v1alpha1.ReasonHeld, false, v1alpha1.Reconciling, "held (delays)"},
		"nobody follows it": {func(s *scene) { s.nobody = true }, v1alpha1.ReasonNoMembers, true, "", "no Organisation follows this channel; the first starts on Release glific-1"},
		"all are held": {func(s *scene) {
			s.asha.Serving, s.asha.Target, s.asha.Held, s.sneha.Held = r1, r1, "a campaign", "a campaign"
		},
			v1alpha1.ReasonWaiting, false, v1alpha1.Reconciling, "nobody has verified Release glific-2 yet; it does not reach 2 Organisations"},
		"all just start": {func(s *scene) { s.asha.Serving, s.sneha.Serving, s.channel.Status.Verified = "", "", "" },
			v1alpha1.ReasonWaiting, false, v1alpha1.Reconciling, "nobody has verified Release glific-2 yet; waits for 2 Organisations, which serve nothing yet"},
		"it has no waves": {func(s *scene) { s.channel.Spec.Waves = nil; s.channel.Status.Wave = "" }, v1alpha1.ReasonWaiting, false, v1alpha1.Reconciling, ""},
	} {
		t.Run(sentence, func(t *testing.T) {
			s := setting()
			test.change(s)
			plan := s.next()
			if plan.Verdict.Reason != test.reason || !strings.Contains(plan.Verdict.Message, test.says) {
				t.Errorf("%s: %s\nwant %s: …%s…", plan.Verdict.Reason, plan.Verdict.Message, test.reason, test.says)
			}
			conditions := plan.Status.Conditions
			if meta.IsStatusConditionTrue(conditions, v1alpha1.Ready) != test.ready {
				t.Errorf("Ready is not %t", test.ready)
			}
			for _, kind := range []string{v1alpha1.Reconciling, v1alpha1.Stalled} {
				if meta.IsStatusConditionTrue(conditions, kind) != (kind == test.condition) {
					t.Errorf("%s: %+v", kind, conditions)
				}
			}
			s.channel.TypeMeta = metav1.TypeMeta{APIVersion: v1alpha1.GroupVersion.String(), Kind: "ReleaseChannel"}
			s.channel.Status = plan.Status
			golden.AssertYAML(t, "testdata/states/"+strings.ReplaceAll(strings.ReplaceAll(sentence, ",", ""), " ", "-")+".yaml", s.channel)
		})
	}
}

func TestWhatAnOrganisationIsToldOfItsChannel(t *testing.T) {
	for sentence, test := range map[string]struct {
		change func(*scene)
		wave   string
		reason string
	}{
		"its wave is closed":       {func(*scene) {}, "rest", v1alpha1.ReasonWaitingForWave},
		"its wave is open":         {func(s *scene) { s.channel.Status.Wave = "rest" }, "rest", v1alpha1.ReasonWaitingForSlot},
		"no wave takes it":         {func(s *scene) { s.channel.Spec.Waves = s.channel.Spec.Waves[:1] }, "", v1alpha1.ReasonNoWave},
		"the channel is paused":    {func(s *scene) { s.channel.Spec.Paused = true }, "rest", v1alpha1.ReasonPaused},
		"it has nothing to wait":   {arrived, "rest", v1alpha1.ReasonReady},
		"it is set aside":          {func(s *scene) { s.sneha.SetAside = r2 }, "rest", v1alpha1.ReasonSetAside},
		"it pins a release":        {func(s *scene) { s.sneha.Pinned = r1 }, "rest", v1alpha1.ReasonPinned},
		"it skips":                 {func(s *scene) { s.sneha.SkipUntil = dawn.AddDate(0, 0, 1) }, "rest", v1alpha1.ReasonSkipping},
		"its own window is closed": {func(s *scene) { s.sneha.Window = &v1alpha1.Window{Schedule: "0 22 * * *", Duration: *hours(1)} }, "rest", v1alpha1.ReasonWaitingForWindow},
		"it failed":                {func(s *scene) { unhealthy(&s.sneha) }, "rest", "Unhealthy"},
	} {
		s := setting()
		test.change(s)
		wave, reason, message := fleet.Explain(s.channel, s.sneha, dawn)
		if wave != test.wave || reason != test.reason {
			t.Errorf("%s: wave %q, %s (%s)", sentence, wave, reason, message)
		}
	}
}
