package controllers_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/testkit/lane"
	"github.com/glific/organisation-operator/internal/testkit/workloads"
)

// threeWaves: one canary, three early ones, and the rest.
func threeWaves(release string) *v1alpha1.ReleaseChannel {
	ring := func(name string) *metav1.LabelSelector {
		return &metav1.LabelSelector{MatchLabels: map[string]string{"ring": name}}
	}
	two := intstr.FromInt32(2)
	seconds := func(n int) *metav1.Duration { return &metav1.Duration{Duration: time.Duration(n) * time.Second} }
	return &v1alpha1.ReleaseChannel{ObjectMeta: metaNamed("stable"), Spec: v1alpha1.ReleaseChannelSpec{
		Release: release,
		Waves: []v1alpha1.Wave{
			{Name: "canary", Selector: ring("canary"), Soak: seconds(20)},
			{Name: "early", Selector: ring("early"), MaxInFlight: &two},
			{Name: "rest", MaxInFlight: &two},
		},
		OnFailure:    v1alpha1.FailureRollback,
		Backup:       v1alpha1.BackupAccepted,
		Verification: v1alpha1.VerificationSpec{AppearWithin: seconds(60), ConvergeWithin: seconds(60), VerifyFor: seconds(20), PollEvery: seconds(5)},
	}}
}

// live lets the world go on, five seconds at a time, until it is as wanted. Each life of
// the operator is as many rounds long.
func (w *world) live(lives int, what string, is func() bool) {
	w.t.Helper()
	const most = 400
	for round := range most {
		if is() {
			w.t.Logf("%s: after %d rounds", what, round)
			return
		}
		if lives > 0 && round%lives == lives-1 {
			w.restart(nil)
		}
		w.op.Pass(w.t.Context())
		w.limits()
		if _, err := w.Script.Step(w.t.Context()); err != nil {
			w.t.Fatal(err)
		}
		w.step(5 * time.Second)
	}
	w.t.Fatalf("%s: not in %d rounds\n%s\n%v", what, most, w.fleet(), w.op.Errors())
}

// limits: no wave has more in flight than it may.
func (w *world) limits() {
	w.t.Helper()
	flying := map[string]int{}
	for _, slot := range w.channel().Status.Slots {
		flying[w.org(slot.Name).Labels["ring"]]++
	}
	for ring, most := range map[string]int{"canary": 1, "early": 2, "": 2} {
		if flying[ring] > most {
			w.t.Fatalf("%d of ring %q are in flight", flying[ring], ring)
		}
	}
}

func (w *world) channel() *v1alpha1.ReleaseChannel {
	w.t.Helper()
	channel := &v1alpha1.ReleaseChannel{}
	if err := w.Admin.Get(w.t.Context(), client.ObjectKey{Name: "stable"}, channel); err != nil {
		w.t.Fatal(err)
	}
	return channel
}

func (w *world) says() string {
	for _, c := range w.channel().Status.Conditions {
		if c.Type == v1alpha1.Ready {
			return string(c.Status) + "/" + c.Reason
		}
	}
	return ""
}

// fleet is how everybody stands, for people.
func (w *world) fleet() string {
	var organisations v1alpha1.OrganisationList
	if err := w.Admin.List(w.t.Context(), &organisations); err != nil {
		w.t.Fatal(err)
	}
	var b strings.Builder
	channel := w.channel()
	fmt.Fprintf(&b, "stable %s, wave %s, %+v: %s\n", w.says(), channel.Status.Wave, channel.Status.Counts, channel.Status.NextStep)
	for _, org := range organisations.Items {
		fmt.Fprintf(&b, "%s %+v", org.Name, org.Status.Release)
		if u := org.Status.Update; u != nil {
			fmt.Fprintf(&b, " %s %s %s %s: %s", u.Answer, u.Stage, u.Outcome, u.Reason, u.Message)
		}
		b.WriteString("\n")
	}
	return b.String()
}

const ngos = 10

func ngo(i int) string { return fmt.Sprintf("ngo-%02d", i+1) }

func TestAReleaseTravelsInWavesAndABadOneStops(t *testing.T) {
	w := newWorld(t, lane.Options{})
	bad := "" // the first of the last wave to be moved, whoever that is
	w.Script.Deployment = func(d *appsv1.Deployment) workloads.Rollout {
		moves := d.Spec.Template.Labels[v1alpha1.LabelRelease] == "r2"
		if moves && bad == "" && d.Namespace > "org-"+ngo(3) {
			bad = strings.TrimPrefix(d.Namespace, "org-")
		}
		if moves && d.Namespace == "org-"+bad {
			return workloads.Progressing
		}
		return workloads.Available
	}
	r2 := lane.Release("r2", "2")
	r2.Spec.CompatibleFrom = []string{"r1"}
	w.create(r2, lane.Release("r3", "3"), threeWaves("r1"))
	change(w, "standard", &v1alpha1.OrganisationProfile{}, func(p *v1alpha1.OrganisationProfile) { p.Spec.Release = &v1alpha1.ReleaseReference{Channel: "stable"} })
	w.live(0, "nobody follows it yet", func() bool { return w.says() == "True/NoMembers" })
	for i := range ngos {
		org := lane.Organisation(ngo(i))
		if i < 4 {
			org.Labels = map[string]string{"ring": "early"}
		}
		if i == 0 {
			org.Labels["ring"] = "canary"
		}
		w.create(org)
	}
	everybody := func(release string) func() bool {
		return func() bool {
			s := w.channel().Status
			return w.says() == "True/RolledOut" && s.Verified == release && s.Counts.Current == ngos
		}
	}
	w.live(0, "everybody starts on r1, without a slot", everybody("r1"))
	if serial := w.channel().Status.Serial; serial != 0 {
		t.Errorf("%d slots were given to start", serial)
	}

	change(w, "stable", &v1alpha1.ReleaseChannel{}, func(c *v1alpha1.ReleaseChannel) { c.Spec.Release = "r2" })
	w.live(7, "r2 stops", func() bool { return w.says() == "False/Halted" && len(w.channel().Status.Slots) == 0 })
	w.halted(bad)

	change(w, "stable", &v1alpha1.ReleaseChannel{}, func(c *v1alpha1.ReleaseChannel) { c.Spec.Release = "r3" })
	w.live(7, "the fix r3 reaches everybody, "+bad+" too", everybody("r3"))
	for i := range ngos {
		if r := w.org(ngo(i)).Status.Release; r.Serving != "r3" || r.Target != "r3" || r.Verified != "r3" || r.Channel != "stable" {
			t.Errorf("%s: %+v", ngo(i), r)
		}
		w.expect(ngo(i), v1alpha1.Ready, "True/Ready")
		w.expect(ngo(i), v1alpha1.UpToDate, "True/Ready")
	}
	if history := w.channel().Status.History; len(history) != 3 || history[0].Result != v1alpha1.RolloutVerified || history[1].Result != v1alpha1.RolloutSuperseded {
		t.Errorf("%+v", history)
	}
}

// halted: the bad one serves what it served, both objects say what happened, and nobody
// was touched who had no slot.
func (w *world) halted(bad string) {
	w.t.Helper()
	org := w.org(bad)
	if r, u := org.Status.Release, org.Status.Update; r.Serving != "r1" || r.Target != "r1" || u == nil || u.Outcome != v1alpha1.OutcomeRolledBack {
		w.t.Errorf("%s: %+v, %+v", bad, r, u)
	}
	w.expect(bad, v1alpha1.Ready, "False/RolledBack")
	w.expect(bad, v1alpha1.Available, "True/Ready")
	s := w.channel().Status
	if len(s.Failing) != 1 || s.Failing[0].Name != bad || s.Failing[0].Reason != string(v1alpha1.OutcomeRolledBack) || s.Verified != "r1" {
		w.t.Errorf("failing %+v, verified %s", s.Failing, s.Verified)
	}
	var moved, waiting []string
	for i := range ngos {
		if w.backend(ngo(i)).Spec.Template.Labels[v1alpha1.LabelRelease] == "r2" {
			moved = append(moved, ngo(i))
		} else if ngo(i) != bad {
			waiting = append(waiting, ngo(i))
			w.expect(ngo(i), v1alpha1.Ready, "True/Ready")
		}
	}
	if int64(len(moved)+1) != s.Serial || !slices.Contains(moved, ngo(0)) {
		w.t.Errorf("%v were moved, with %d slots", moved, s.Serial)
	}
	if len(waiting) < 3 {
		w.t.Errorf("only %v were kept from it", waiting)
	}
	w.t.Logf("%d of %d were touched before the halt; %v waited", len(moved)+1, ngos, waiting)
}
