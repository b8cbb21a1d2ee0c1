package rollout

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/fleet"
	"github.com/glific/organisation-operator/internal/testkit/crash"
	"github.com/glific/organisation-operator/internal/testkit/lane"
)

// The fleet: a canary, ten early ones, and the rest.
const (
	canaries = 1
	early    = 10
)

// atOnce is a fifth of the rest, rounded up.
func atOnce() int { return (ngos - canaries - early + 4) / 5 }

func ring(name string) string {
	n, _ := strconv.Atoi(name[len("ngo-"):]) // named by ngo()
	switch {
	case n <= canaries:
		return "canary"
	case n <= canaries+early:
		return "early"
	}
	return "rest"
}

// declared is the channel as Git has it.
func declared(release string) *v1alpha1.ReleaseChannel {
	of := func(name string) *metav1.LabelSelector {
		return &metav1.LabelSelector{MatchLabels: map[string]string{"ring": name}}
	}
	five, fifth := intstr.FromInt32(5), intstr.FromString("20%")
	lasts := func(d time.Duration) *metav1.Duration { return &metav1.Duration{Duration: d} }
	return &v1alpha1.ReleaseChannel{
		TypeMeta:   metav1.TypeMeta{APIVersion: v1alpha1.GroupVersion.String(), Kind: "ReleaseChannel"},
		ObjectMeta: metav1.ObjectMeta{Name: "stable"},
		Spec: v1alpha1.ReleaseChannelSpec{
			Release: release,
			Waves: []v1alpha1.Wave{
				{Name: "canary", Selector: of("canary"), Soak: lasts(soak)},
				{Name: "early", Selector: of("early"), MaxInFlight: &five},
				{Name: "rest", MaxInFlight: &fifth},
			},
			Backup:       v1alpha1.BackupAccepted,
			Verification: v1alpha1.VerificationSpec{ConvergeWithin: lasts(converge), VerifyFor: lasts(hold), PollEvery: lasts(time.Second)},
		},
	}
}

func organisation(i int) *v1alpha1.Organisation {
	org := lane.Organisation(ngo(i))
	org.TypeMeta = metav1.TypeMeta{APIVersion: v1alpha1.GroupVersion.String(), Kind: "Organisation"}
	org.Labels = map[string]string{"ring": ring(org.Name)}
	org.Spec.Database = &v1alpha1.DatabaseSpec{ConnectionLimit: connections}
	return org
}

func TestTwoHundredNGOs(t *testing.T) {
	w := newWorld(t)
	w.budget = map[string]int{"canary": 1, "early": 5, "rest": atOnce()}
	w.found()
	for _, chapter := range []struct {
		name string
		play func(*world)
	}{
		{"a release that one NGO cannot start halts there, and its fix reaches everybody", (*world).oneNeverHealthy},
		{"the same with the operator killed ten times", (*world).killed},
		{"GitOps that heals itself undoes no hold, no approval and no retry", (*world).healed},
	} {
		if !t.Run(chapter.name, func(t *testing.T) { chapter.play(w.in(t)) }) {
			return // the next begins where this one ends
		}
	}
	w.blameless()
}

// found creates the fleet, which starts without a slot.
func (w *world) found() {
	w.t.Helper()
	w.create(declared("r1"))
	var all sync.WaitGroup
	for i := range ngos {
		all.Go(func() {
			if err := w.Admin.Create(w.t.Context(), organisation(i)); err != nil {
				w.t.Error(err)
			}
		})
	}
	all.Wait()
	w.stay(fmt.Sprintf("%d NGOs start on r1", ngos), w.everybody("r1"))
	if serial := w.channel().Status.Serial; serial != 0 {
		w.t.Errorf("%d slots were given to start", serial)
	}
}

// everybody serves a release, verified.
func (w *world) everybody(release string) func() bool {
	return func() bool {
		s := w.channel().Status
		return w.verdict() == "True/RolledOut" && s.Verified == release && int(s.Counts.Current) == ngos
	}
}

// ship changes the one line.
func (w *world) ship(release string) {
	w.t.Helper()
	change(w, "stable", &v1alpha1.ReleaseChannel{}, func(c *v1alpha1.ReleaseChannel) { c.Spec.Release = release })
}

// shipped: everybody, and every object says so.
func (w *world) shipped(release string) {
	w.t.Helper()
	w.live("the fix "+release+" reaches everybody", w.everybody(release))
	w.live("and every NGO says so", func() bool {
		for _, org := range w.orgs() {
			r := org.Status.Release
			if r.Serving != release || r.Target != release || says(org.Status.Conditions, v1alpha1.Ready) != "True/Ready" || says(org.Status.Conditions, v1alpha1.UpToDate) != "True/Ready" {
				return false
			}
		}
		return true
	})
	if n := len(w.org(w.failing).Annotations); n != 1 {
		w.t.Errorf("%s was helped by hand: %v", w.failing, w.org(w.failing).Annotations)
	}
}

// drawn is who would get the nth of the first slots of the last wave: the planner says so.
func (w *world) drawn(release string, nth int) string {
	w.t.Helper()
	channel := declared(release)
	channel.Spec.Waves = channel.Spec.Waves[2:]
	profile := &v1alpha1.OrganisationProfile{}
	if err := w.Admin.Get(w.t.Context(), client.ObjectKey{Name: "standard"}, profile); err != nil {
		w.t.Fatal(err)
	}
	all := fleet.Fleet{Release: lane.Release(release, "0")}
	for _, org := range w.orgs() {
		if ring(org.Name) == "rest" {
			all.Members = append(all.Members, fleet.MemberOf(&org, profile.Spec))
		}
	}
	return fleet.Next(channel, all, w.Clock.Now()).Status.Slots[nth-1].Name
}

func (w *world) halted() bool { return w.verdict() == "False/Halted" }

// oneNeverHealthy: the 7th of the last wave cannot start it. Time stands while it fails,
// so nobody else of its wave has finished, and exactly the budget was touched.
func (w *world) oneNeverHealthy() {
	w.failing = w.drawn("r2", min(7, atOnce()))
	r2 := lane.Release("r2", "2")
	r2.Spec.Images.Backend = "registry.example.org/never-ready-in-org-" + w.failing + r2.Spec.Images.Backend[len("registry.example.org/app"):]
	w.create(r2, lane.Release("r3", "3"))
	w.ship("r2")
	w.live("r2 is in the last wave, and "+w.failing+" does not become ready", func() bool {
		return len(w.channel().Status.Slots) == atOnce() && w.channel().Status.Wave == "rest" && w.waitsForTime()
	})
	w.step(converge + time.Second)
	w.stay("r2 halts", w.halted)
	w.t.Logf("%s", w.channel().Status.NextStep)
	w.live("what has begun is finished", func() bool { return len(w.channel().Status.Slots) == 0 })
	if got, want := w.touchedBy("r2"), map[string]int{"canary": canaries, "early": early, "rest": atOnce()}; !maps.Equal(got, want) {
		w.t.Errorf("r2 touched %v, want %v", got, want)
	}
	w.keepsServing("r1", v1alpha1.OutcomeNeverHealthy)
	w.ship("r3")
	w.shipped("r3")
}

// keepsServing: the failing NGO is served by pods of the release before, and both objects
// tell what happened.
func (w *world) keepsServing(release string, outcome v1alpha1.UpdateOutcome) {
	w.t.Helper()
	org, s := w.org(w.failing), w.channel().Status
	for condition, want := range map[string]string{
		v1alpha1.Available: "True/Ready", v1alpha1.Ready: "False/" + string(outcome), v1alpha1.Stalled: "True/" + string(outcome),
	} {
		if got := says(org.Status.Conditions, condition); got != want {
			w.t.Errorf("%s: %s is %s, want %s\n%s", w.failing, condition, got, want, w.tell())
		}
	}
	if u := org.Status.Update; u.Outcome != outcome || org.Status.Release.Serving != release {
		w.t.Errorf("%s: %+v, %+v", w.failing, u, org.Status.Release)
	}
	if len(s.Failing) != 1 || s.Failing[0].Name != w.failing || s.Failing[0].Reason != string(outcome) || s.Verified != release || s.Counts.Failed != 1 {
		w.t.Errorf("failing %+v, verified %s, %+v", s.Failing, s.Verified, s.Counts)
	}
	if n := w.readyPods(w.failing, release); n != 1 {
		w.t.Errorf("%d ready pods of Release %s serve %s", n, release, w.failing)
	}
}

// readyPods that run the image of a release, by what the node says of them.
func (w *world) readyPods(name, release string) (n int) {
	w.t.Helper()
	var pods corev1.PodList
	if err := w.Admin.List(w.t.Context(), &pods, client.InNamespace("org-"+name), client.MatchingLabels{v1alpha1.LabelRelease: release}); err != nil {
		w.t.Fatal(err)
	}
	is := &v1alpha1.Release{}
	if err := w.Admin.Get(w.t.Context(), client.ObjectKey{Name: release}, is); err != nil {
		w.t.Fatal(err)
	}
	for _, pod := range pods.Items {
		for _, c := range pod.Status.ContainerStatuses {
			if c.Ready && c.ImageID == is.Spec.Images.Backend {
				n++
			}
		}
	}
	return n
}

// killed: the websocket of one NGO refuses its Origin with r4, and is rolled back.
func (w *world) killed() {
	const kills = 10
	seed, _ := strconv.ParseUint(cmp.Or(os.Getenv("ROLLOUT_SEED"), strconv.FormatInt(time.Now().UnixNano(), 10)), 10, 64)
	w.t.Logf("again with ROLLOUT_SEED=%d", seed)
	chance := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // it is to be repeated
	var faults []crash.Fault
	for range kills {
		faults = append(faults, crash.Fault{Write: 1 + chance.IntN(150), Point: crash.Points[chance.IntN(len(crash.Points))]})
	}
	w.failing = w.drawn("r4", 1+chance.IntN(atOnce()))
	w.refuses("r4")
	r4 := lane.Release("r4", "4")
	r4.Spec.CompatibleFrom = []string{"r3"}
	w.create(r4, lane.Release("r5", "5"))
	change(w, "stable", &v1alpha1.ReleaseChannel{}, func(c *v1alpha1.ReleaseChannel) {
		c.Spec.Release, c.Spec.OnFailure = "r4", v1alpha1.FailureRollback
	})
	w.killIn(faults)
	w.live("r4 halts, since "+w.failing+" refuses its users", func() bool { return w.halted() && len(w.channel().Status.Slots) == 0 })
	touched := w.touchedBy("r4")
	if touched["canary"] != canaries || touched["early"] != early || touched["rest"] < 1 || touched["rest"] == ngos-canaries-early {
		w.t.Errorf("r4 touched %v", touched)
	}
	w.t.Logf("r4 touched %v", touched)
	w.keepsServing("r3", v1alpha1.OutcomeRolledBack)
	w.ship("r5")
	w.shipped("r5")
	if w.kills != kills {
		w.t.Errorf("the operator was killed %d times, want %d", w.kills, kills)
	}
}

// refuses: where pods of a release run, the failing NGO's websocket refuses its Origin.
func (w *world) refuses(release string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	failing, p := w.failing, w.portal
	w.deployed = func(name, is string) {
		if name == failing {
			p.FailAt(host(name), faultsOf(is == release))
		}
	}
}
