package browser

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
	appsv1 "k8s.io/api/apps/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/fleet"
	"github.com/glific/organisation-operator/internal/testkit/lane"
	"github.com/glific/organisation-operator/internal/testkit/workloads"
)

// fleetSize is how many Organisations the page has to show.
const fleetSize = 1000

const (
	old    = "glific-8.10.1"
	target = "glific-8.10.2"
)

// world is a real API server. A few NGOs are brought up by the operator itself, in the
// middle of a rollout; the others are given the statuses that it wrote for those.
type world struct {
	*lane.Lane
	op *lane.Operator
	// patterns are statuses by the name of the NGO for which the operator wrote them.
	patterns map[string]v1alpha1.OrganisationStatus
}

// The NGOs that the operator brings up.
const (
	serves    = "asha"    // canary, on the new release
	fails     = "pratham" // canary, where the new release never became healthy
	waits     = "udaan"   // waits for its wave
	suspended = "sneha"
	taken     = "meera" // wants the host of asha
	inGit     = "saksham"
)

var titles = map[string]string{
	serves: "Asha for Education", fails: "Pratham Literacy Trust", waits: "Udaan Foundation", suspended: "Sneha Mumbai",
	taken: "Meera Women’s Collective", inGit: "Saksham Digital Skills",
}

func newWorld(t *testing.T) *world {
	t.Helper()
	l, err := lane.Start(t.Context(), lane.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{Lane: l, patterns: map[string]v1alpha1.OrganisationStatus{}}
	t.Cleanup(func() {
		if w.op != nil {
			w.op.Stop()
		}
		if err := l.Stop(); err != nil {
			t.Error(err)
		}
	})
	must(t, l.Furnish(t.Context()))
	w.op, err = l.Operator(t.Context(), nil)
	must(t, err)
	w.firstNGOs(t)
	w.rollout(t)
	for name := range titles {
		w.patterns[name] = w.org(t, name).Status
	}
	w.others(t)
	w.op.Reconcile(t.Context(), w.op.Channels, "stable")
	must(t, w.op.Errors())
	return w
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) org(t *testing.T, name string) *v1alpha1.Organisation {
	t.Helper()
	org := &v1alpha1.Organisation{}
	must(t, w.Admin.Get(t.Context(), client.ObjectKey{Name: name}, org))
	return org
}

// edit changes an object that was read right before.
func edit[T client.Object](t *testing.T, w *world, object T, name string, change func(T)) {
	t.Helper()
	must(t, w.Admin.Get(t.Context(), client.ObjectKey{Name: name}, object))
	change(object)
	must(t, w.Admin.Update(t.Context(), object))
}

// firstNGOs come up on the old release.
func (w *world) firstNGOs(t *testing.T) {
	t.Helper()
	ten := intstr.FromString("10%")
	ring := func(name string) *metav1.LabelSelector {
		return &metav1.LabelSelector{MatchLabels: map[string]string{"ring": name}}
	}
	soon := func(n time.Duration) *metav1.Duration { return &metav1.Duration{Duration: n} }
	next := lane.Release(target, "2")
	next.Spec.CompatibleFrom = []string{old}
	for _, object := range []client.Object{
		lane.Release(old, "1"), next,
		&v1alpha1.ReleaseChannel{ObjectMeta: metav1.ObjectMeta{Name: "stable"}, Spec: v1alpha1.ReleaseChannelSpec{
			Release: old,
			Waves: []v1alpha1.Wave{
				{Name: "canary", Selector: ring("canary"), MaxInFlight: &ten}, {Name: "early", Percentage: 10, MaxInFlight: &ten, Soak: soon(24 * time.Hour)},
				{Name: "rest", MaxInFlight: &ten, Approval: v1alpha1.ApprovalManual},
			},
			MaxFailures: 5, Backup: v1alpha1.BackupAccepted, OnFailure: v1alpha1.FailureRollback,
			Verification: v1alpha1.VerificationSpec{AppearWithin: soon(time.Minute), ConvergeWithin: soon(time.Minute), VerifyFor: soon(20 * time.Second), PollEvery: soon(5 * time.Second)},
		}},
	} {
		must(t, w.Admin.Create(t.Context(), object))
	}
	edit(t, w, &v1alpha1.OrganisationProfile{}, "standard", func(p *v1alpha1.OrganisationProfile) {
		p.Spec.Release = &v1alpha1.ReleaseReference{Channel: "stable"}
	})
	for _, name := range []string{serves, fails, waits, suspended, inGit, taken} {
		org := lane.Organisation(name)
		org.Spec.DisplayName = titles[name]
		switch name {
		case serves, fails:
			org.Labels = map[string]string{"ring": "canary"}
		case taken:
			org.Spec.Hostname = serves + ".ngo.example.org"
		case inGit:
			org.Labels = map[string]string{"kustomize.toolkit.fluxcd.io/name": "ngos", "kustomize.toolkit.fluxcd.io/namespace": "flux-system"}
		}
		must(t, w.Admin.Create(t.Context(), org))
		must(t, w.op.Settle(t.Context()))
	}
	edit(t, w, &v1alpha1.Organisation{}, suspended, func(o *v1alpha1.Organisation) { o.Spec.Power = v1alpha1.PowerSuspended })
	must(t, w.op.Settle(t.Context()))
}

// rollout moves the canaries, of which one never becomes healthy.
func (w *world) rollout(t *testing.T) {
	t.Helper()
	w.Script.Deployment = func(d *appsv1.Deployment) workloads.Rollout {
		if d.Namespace == "org-"+fails && d.Spec.Template.Labels[v1alpha1.LabelRelease] == target {
			return workloads.Progressing
		}
		return workloads.Available
	}
	edit(t, w, &v1alpha1.ReleaseChannel{}, "stable", func(c *v1alpha1.ReleaseChannel) { c.Spec.Release = target })
	for range 100 {
		w.op.Pass(t.Context())
		_, err := w.Script.Step(t.Context())
		must(t, err)
		w.Clock.SetTime(w.Clock.Now().Add(5 * time.Second))
		good, bad := w.org(t, serves).Status.Update, w.org(t, fails).Status.Update
		if good != nil && good.Outcome == v1alpha1.OutcomeVerified && bad != nil && bad.Answer == v1alpha1.SlotFinished {
			return
		}
	}
	t.Fatalf("the canaries did not come to an end: %+v", w.org(t, fails).Status.Update)
}

var (
	firsts  = strings.Fields("asha pragati udaan disha sahaya nirmal jeevan prerna vidya swasthya samaj lok gram mahila yuva shakti bandhan kiran deepa navjeevan sanjeevani arpan tarang umang aarambh sarthak nayi bhoomi jal van seva mitra sakhi roshni ujala chetna saath unnati vikas sparsh")
	seconds = strings.Fields("foundation trust kendra shiksha samiti collective sangh network initiative forum india mission society abhiyan sansthan partners labs circle bridge relief care works learning health water")
)

// others fill the fleet.
func (w *world) others(t *testing.T) {
	t.Helper()
	group, ctx := errgroup.WithContext(t.Context())
	group.SetLimit(16)
	channel := &v1alpha1.ReleaseChannel{}
	must(t, w.Admin.Get(ctx, client.ObjectKey{Name: "stable"}, channel))
	for i := range fleetSize - len(titles) {
		first, second := firsts[i%len(firsts)], seconds[(i/len(firsts))%len(seconds)]
		group.Go(func() error {
			org := lane.Organisation(first + "-" + second)
			org.Spec.DisplayName = strings.ToUpper(first[:1]) + first[1:] + " " + strings.ToUpper(second[:1]) + second[1:]
			if i%80 == 0 {
				org.Labels = map[string]string{"ring": "canary"}
			}
			if err := w.Admin.Create(ctx, org); err != nil && !apierrors.IsAlreadyExists(err) {
				return err
			}
			return w.give(t, org, channel, rand.New(rand.NewPCG(1, uint64(i)))) //nolint:gosec // the same fleet every time
		})
	}
	must(t, group.Wait())
}

// give an Organisation the status of one that is like it.
func (w *world) give(t *testing.T, org *v1alpha1.Organisation, channel *v1alpha1.ReleaseChannel, chance *rand.Rand) error {
	m := fleet.MemberOf(org, v1alpha1.OrganisationProfileSpec{})
	m.Channel = channel.Name
	like := waits
	switch wave, luck := fleet.WaveOf(channel, m), chance.IntN(1000); {
	case wave == "early" && luck > 985:
		like = fails
	case luck < 8:
		like = taken
	case luck < 25:
		like = suspended
	case wave == "canary", wave == "early" && luck < 700:
		like = serves
	}
	pattern, err := json.Marshal(w.patterns[like])
	if err != nil {
		return err
	}
	if like == taken { // it takes the host of another
		pattern = []byte(strings.ReplaceAll(string(pattern), taken, org.Name))
	} else {
		pattern = []byte(strings.ReplaceAll(string(pattern), like, org.Name))
	}
	org.Status = v1alpha1.OrganisationStatus{}
	if err := json.Unmarshal(pattern, &org.Status); err != nil {
		return fmt.Errorf("the status of %s for %s: %w", like, org.Name, err)
	}
	org.Status.Identity = string(org.UID)
	ago := time.Duration(chance.IntN(60*24)) * time.Hour / time.Duration(1+chance.IntN(40))
	for i := range org.Status.Conditions {
		c := &org.Status.Conditions[i]
		c.LastTransitionTime = metav1.NewTime(time.Now().Add(-ago))
	}
	if chance.IntN(3) == 0 && like != taken {
		hours := time.Duration(chance.IntN(40*24)) * time.Hour
		org.Status.Interruption = &v1alpha1.Interruption{Since: metav1.NewTime(time.Now().Add(-hours)), Seconds: 1 + chance.Int32N(40)}
	}
	if u := org.Status.Update; u != nil {
		u.Generation = org.Generation
	}
	return w.Admin.Status().Update(t.Context(), org)
}
