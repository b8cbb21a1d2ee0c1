package status

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/step"
	"github.com/glific/organisation-operator/internal/testkit/views"
	"github.com/glific/organisation-operator/internal/update"
)

const next = "glific-8.10.2"

// following is an Organisation of a channel that wants the next release.
type following struct {
	// update that status has after the pass.
	update *v1alpha1.UpdateStatus
	// channel is changed so.
	channel  func(*v1alpha1.ReleaseChannel)
	outcomes step.Outcomes
	serving  string
	pending  []string
	org      func(*v1alpha1.Organisation)
	// want are Ready, Reconciling, Stalled and UpToDate.
	want [4]string
}

func (f following) summarised(t *testing.T) *v1alpha1.Organisation {
	t.Helper()
	v := views.New(t, views.ProfileSpec(func(p *v1alpha1.OrganisationProfileSpec) { p.Release = &v1alpha1.ReleaseReference{Channel: "stable"} }))
	channel := &v1alpha1.ReleaseChannel{ObjectMeta: metav1.ObjectMeta{Name: "stable"}, Spec: v1alpha1.ReleaseChannelSpec{
		Release: next, Waves: []v1alpha1.Wave{{Name: "canary", Selector: &metav1.LabelSelector{MatchLabels: map[string]string{"ring": "canary"}}}, {Name: "rest"}},
	}}
	channel.Status.Release, channel.Status.Verified, channel.Status.Wave, channel.Status.NextStep = next, serves, "canary", "1 of 2 serve it"
	if f.channel != nil {
		f.channel(channel)
	}
	v.Live.Channel, v.Settings.Channel, v.Settings.Release = channel, "stable", serves
	v.Org.Generation, v.Org.Status.Release.Serving, v.Org.Status.Identity = 3, serves, views.UID
	v.Org.Status.Release.Target = serves
	v.Update = update.Decision{Update: f.update, Target: serves}
	if f.update != nil && f.update.Outcome == v1alpha1.OutcomeVerified {
		v.Update.Target = next
	}
	if f.org != nil {
		f.org(v.Org)
	}
	v.Plan.RetryAt = v.Org.Annotations[v1alpha1.AnnotationRetryAt]
	serving := f.serving
	if serving == "" {
		serving = serves
	}
	outcomes := f.outcomes
	if outcomes == nil {
		outcomes = but(nil)
	}
	Summarise(v.Org, Pass{View: v, Outcomes: outcomes, Serving: serving, Available: true, Pending: f.pending, Now: views.Now})
	return v.Org
}

// finished is an update to the next release that ended so, for this generation.
func finished(outcome v1alpha1.UpdateOutcome) *v1alpha1.UpdateStatus {
	return &v1alpha1.UpdateStatus{
		Channel: "stable", Token: "7", Release: next, From: serves, Answer: v1alpha1.SlotFinished, Stage: v1alpha1.StageEnded,
		Outcome: outcome, Reason: string(outcome), Message: "told", Generation: 3,
	}
}

func declined(reason string) *v1alpha1.UpdateStatus {
	u := finished("")
	u.Answer, u.Reason = v1alpha1.SlotDeclined, reason
	return u
}

func at(stage v1alpha1.UpdateStage) *v1alpha1.UpdateStatus {
	return &v1alpha1.UpdateStatus{Channel: "stable", Token: "7", Release: next, From: serves, Answer: v1alpha1.SlotAccepted, Stage: stage, Generation: 3}
}

func TestWhatAnOrganisationSaysOfItsChannel(t *testing.T) {
	rolling := but(map[string]step.Outcome{v1alpha1.MessagingReady: starts})
	crashing := but(map[string]step.Outcome{v1alpha1.MessagingReady: step.Waiting(v1alpha1.ReasonUnavailable, "0 of 1 pods are ready", 0)})
	waves := [4]string{"True/Ready", "", "", "False/" + v1alpha1.ReasonWaitingForWave}
	stalled := func(reason string) [4]string {
		return [4]string{"False/" + reason, "", "True/" + reason, "False/" + reason}
	}
	for sentence, test := range map[string]following{
		"its wave is not open": {want: waves},
		"its wave is open": {
			org: func(o *v1alpha1.Organisation) { o.Labels = map[string]string{"ring": "canary"} }, want: [4]string{"True/Ready", "", "", "False/" + v1alpha1.ReasonWaitingForSlot},
		},
		"the channel is paused": {
			channel: func(c *v1alpha1.ReleaseChannel) { c.Spec.Paused, c.Status.Wave = true, "rest" }, want: [4]string{"True/Ready", "", "", "False/" + v1alpha1.ReasonPaused},
		},
		"the channel is held": {
			channel: func(c *v1alpha1.ReleaseChannel) {
				c.Annotations, c.Status.Wave = map[string]string{v1alpha1.AnnotationHold: "delays"}, "rest"
			}, want: [4]string{"True/Ready", "", "", "False/" + v1alpha1.ReasonHeld},
		},
		"it skips": {
			org: func(o *v1alpha1.Organisation) {
				o.Spec.Release = &v1alpha1.OrganisationRelease{SkipUntil: &metav1.Time{Time: views.Now.AddDate(0, 0, 1)}}
			}, want: [4]string{"True/Ready", "", "", "False/" + v1alpha1.ReasonSkipping},
		},
		"a change of its profile waits for the channel": {
			channel: func(c *v1alpha1.ReleaseChannel) { c.Spec.Release = serves }, pending: []string{"Profile"}, want: waves,
		},
		"an update migrates": {update: at(v1alpha1.StageMigrating), want: [4]string{"False/Updating", "True/Updating", "", "False/Updating"}},
		"an update holds":    {update: at(v1alpha1.StageHolding), serving: next, want: [4]string{"False/Updating", "True/Updating", "", "False/Updating"}},
		"verified":           {update: finished(v1alpha1.OutcomeVerified), serving: next, want: [4]string{"True/Ready", "", "", "True/Ready"}},
		"rolled back":        {update: finished(v1alpha1.OutcomeRolledBack), want: stalled("RolledBack")},
		"unhealthy, and left for a person to see":                        {update: finished(v1alpha1.OutcomeUnhealthy), serving: next, outcomes: crashing, want: stalled("Unhealthy")},
		"never healthy, long before Kubernetes gives up on its pods":     {update: finished(v1alpha1.OutcomeNeverHealthy), outcomes: rolling, want: stalled("NeverHealthy")},
		"a rollback that the schema forbids, while its pods still start": {update: finished(v1alpha1.OutcomeRollbackBlocked), outcomes: rolling, want: stalled("RollbackBlocked")},
		"a key is missing":                             {update: declined(v1alpha1.ReasonConfigIncomplete), want: stalled(v1alpha1.ReasonConfigIncomplete)},
		"declined without harm":                        {update: declined(v1alpha1.ReasonPaused), want: waves},
		"failed, and the spec was changed since":       {update: finished(v1alpha1.OutcomeRolledBack), org: func(o *v1alpha1.Organisation) { o.Generation = 4 }, want: stalled("RolledBack")},
		"failed, and a retry is asked for":             {update: finished(v1alpha1.OutcomeRolledBack), org: func(o *v1alpha1.Organisation) { o.Annotations[v1alpha1.AnnotationRetryAt] = "1" }, want: waves},
		"failed, and another release is wanted now":    {update: finished(v1alpha1.OutcomeRolledBack), channel: func(c *v1alpha1.ReleaseChannel) { c.Spec.Release = "glific-8.10.3" }, want: waves},
		"superseded by the release that is wanted now": {update: finished(v1alpha1.OutcomeSuperseded), channel: func(c *v1alpha1.ReleaseChannel) { c.Spec.Release = "glific-8.10.3" }, want: waves},
		"failed, and its database cannot be asked as well": {
			update: finished(v1alpha1.OutcomeNeverHealthy), outcomes: but(map[string]step.Outcome{v1alpha1.Claimed: silent, v1alpha1.MessagingReady: starts}),
			want: [4]string{"Unknown/ServerUnreachable", "True/ServerUnreachable", "", ""},
		},
	} {
		t.Run(sentence, func(t *testing.T) {
			org := test.summarised(t)
			var got [4]string
			for i, condition := range []string{v1alpha1.Ready, v1alpha1.Reconciling, v1alpha1.Stalled, v1alpha1.UpToDate} {
				got[i] = words(org, condition)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("Ready, Reconciling, Stalled, UpToDate:\n%s", diff)
			}
		})
	}
}

func TestReleasesThatStatusNames(t *testing.T) {
	verified := finished(v1alpha1.OutcomeVerified)
	for sentence, test := range map[string]struct {
		following
		want v1alpha1.ReleaseStatus
	}{
		"who waits aims at what serves": {following{}, v1alpha1.ReleaseStatus{Channel: "stable", Wave: "rest", Serving: serves, Target: serves, Verified: serves, Schema: "none"}},
		"who verified it says so":       {following{update: verified, serving: next}, v1alpha1.ReleaseStatus{Channel: "stable", Wave: "rest", Serving: next, Target: next, Verified: next, Schema: "none"}},
		"who verified it and does not serve it yet says nothing": {following{update: verified, org: func(o *v1alpha1.Organisation) { o.Status.Release.Verified = "glific-8.9.0" }},
			v1alpha1.ReleaseStatus{Channel: "stable", Wave: "rest", Serving: serves, Target: next, Verified: "glific-8.9.0"}},
		"who serves what nobody verified says nothing": {following{channel: func(c *v1alpha1.ReleaseChannel) { c.Status.Verified = "" }}, v1alpha1.ReleaseStatus{Channel: "stable", Wave: "rest", Serving: serves, Target: serves}},
		"who was rolled back verified no new":          {following{update: finished(v1alpha1.OutcomeRolledBack)}, v1alpha1.ReleaseStatus{Channel: "stable", Wave: "rest", Serving: serves, Target: serves}},
		"who is in no wave has none": {
			following{channel: func(c *v1alpha1.ReleaseChannel) { c.Spec.Waves = c.Spec.Waves[:1] }},
			v1alpha1.ReleaseStatus{Channel: "stable", Serving: serves, Target: serves, Verified: serves, Schema: "none"},
		},
	} {
		t.Run(sentence, func(t *testing.T) {
			if diff := cmp.Diff(test.want, test.summarised(t).Status.Release); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A failure is told with what was seen, and a wait with what the channel waits for.
func TestWhatIsToldToPeople(t *testing.T) {
	holding := &v1alpha1.UpdateStatus{Channel: "stable", Release: next, Token: "7", Answer: v1alpha1.SlotAccepted, Stage: v1alpha1.StageHolding, Message: "told"}
	slotted := func(c *v1alpha1.ReleaseChannel) {
		c.Status.Slots = []v1alpha1.Slot{{Name: views.Organisation, UID: views.UID, Token: "7", Release: next}}
	}
	for sentence, test := range map[string]struct {
		following
		want string
	}{
		"it holds":                {following{update: holding, channel: slotted}, "Release glific-8.10.1 serves; ReleaseChannel stable wants glific-8.10.2: told"},
		"it may begin":            {following{channel: slotted}, "Release glific-8.10.1 serves; ReleaseChannel stable wants glific-8.10.2: it has a slot and is about to begin"},
		"it failed and has ended": {following{update: finished(v1alpha1.OutcomeNeverHealthy), channel: slotted}, "Release glific-8.10.1 serves; ReleaseChannel stable wants glific-8.10.2: told"},
	} {
		if got := meta.FindStatusCondition(test.summarised(t).Status.Conditions, v1alpha1.UpToDate); got == nil || got.Message != test.want {
			t.Errorf("%s: %+v, want %q", sentence, got, test.want)
		}
	}
	for condition, want := range map[string]string{
		v1alpha1.Ready:    "told",
		v1alpha1.UpToDate: "Release glific-8.10.1 serves; ReleaseChannel stable wants glific-8.10.2: told",
	} {
		org := following{update: finished(v1alpha1.OutcomeNeverHealthy), outcomes: but(map[string]step.Outcome{v1alpha1.MessagingReady: starts})}.summarised(t)
		got := map[string]string{}
		for _, c := range org.Status.Conditions {
			got[c.Type] = c.Message
		}
		if got[condition] != want {
			t.Errorf("%s: %q, want %q; all: %v", condition, got[condition], want, got)
		}
	}
}
