package controllers_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/testkit/lane"
	"github.com/glific/organisation-operator/internal/testkit/portal"
	"github.com/glific/organisation-operator/internal/testkit/workloads"
)

// reached is a world in which asha's users enter through a portal.
func reached(t *testing.T) (*world, *portal.Portal) {
	t.Helper()
	w := newWorld(t, lane.Options{})
	p := w.enter(w.Clock.Now().Add(90 * 24 * time.Hour))
	w.create(lane.Organisation("asha"))
	w.settle()
	w.expect("asha", v1alpha1.Reachable, "True/Ready")
	w.expect("asha", v1alpha1.Ready, "True/Ready")
	return w, p
}

// enter opens a portal whose certificate ends then, and lets the profile lead to it.
func (w *world) enter(until time.Time) *portal.Portal {
	w.t.Helper()
	p, err := portal.Start(until, "asha.ngo.example.org")
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(p.Stop)
	ca := fmt.Sprintf("platform-ca-%d", until.Unix())
	w.create(&corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: lane.Namespace, Name: ca}, Data: map[string][]byte{"ca.crt": p.CA},
	})
	change(w, "standard", &v1alpha1.OrganisationProfile{}, func(o *v1alpha1.OrganisationProfile) {
		o.Spec.Routing.Probe = &v1alpha1.RoutingProbe{Address: p.Address, CA: &v1alpha1.SecretReference{Name: ca}}
	})
	return p
}

// later passes until strikes would count.
func later(w *world) {
	w.step(15 * time.Minute)
	for range 4 {
		w.settle()
		w.step(6 * time.Second)
	}
	w.settle()
}

func TestABrokenLinkIsNamedAndMendedByItself(t *testing.T) {
	w, p := reached(t)
	for _, chapter := range []struct {
		sentence string
		faults   portal.Faults
		want     string
	}{
		{"the app answers errors", portal.Faults{Status: 502}, v1alpha1.ReasonHTTPFailed},
		{"the websocket refuses the Origin", portal.Faults{NoOrigin: true}, v1alpha1.ReasonWebsocketRefused},
		{"the websocket accepts any Origin", portal.Faults{AnyOrigin: true}, v1alpha1.ReasonForeignOriginAccepted},
	} {
		p.Fail(chapter.faults)
		w.step(15 * time.Minute)
		w.settle()
		w.expect("asha", v1alpha1.Reachable, "True/Ready") // one strike is none
		later(w)
		w.expect("asha", v1alpha1.Reachable, "False/"+chapter.want)
		w.expect("asha", v1alpha1.Ready, "False/"+chapter.want)
		w.expect("asha", v1alpha1.Available, "True/Ready")
		p.Fail(portal.Faults{})
		later(w)
		w.expect("asha", v1alpha1.Ready, "True/Ready")
	}
}

// A person who asks for a look does not wait for the next five minutes.
func TestALookIsTakenWhenAPersonAsksForIt(t *testing.T) {
	w, p := reached(t)
	p.Fail(portal.Faults{Status: 502})
	w.settle()
	w.expect("asha", v1alpha1.Reachable, "True/Ready")
	w.annotate("asha", v1alpha1.AnnotationReconcileAt, "2026-11-24T10:00:00Z")
	for range 4 {
		w.settle()
		w.step(6 * time.Second)
	}
	w.expect("asha", v1alpha1.Reachable, "False/"+v1alpha1.ReasonHTTPFailed)
	p.Fail(portal.Faults{})
	w.annotate("asha", v1alpha1.AnnotationReconcileAt, "2026-11-24T10:05:00Z")
	w.settle()
	w.expect("asha", v1alpha1.Ready, "True/Ready")
}

func TestAnEndedCertificateAndASilentGatewayAreNamed(t *testing.T) {
	w, p := reached(t)
	entered := w.Clock.Now()
	w.step(91 * 24 * time.Hour)
	later(w)
	w.expect("asha", v1alpha1.Reachable, "False/"+v1alpha1.ReasonCertificateInvalid)
	p.Stop()
	later(w)
	w.expect("asha", v1alpha1.Reachable, "False/"+v1alpha1.ReasonGatewayUnreachable)
	w.Clock.SetTime(entered)
	w.enter(w.Clock.Now().Add(365 * 24 * time.Hour)) // another gateway, with a new certificate
	later(w)
	w.expect("asha", v1alpha1.Ready, "True/Ready")
}

func TestARestartRepeatsWhatIsKnownAndWritesNothing(t *testing.T) {
	w, p := reached(t)
	p.Fail(portal.Faults{Status: 502})
	later(w)
	w.restart(nil)
	if again := w.writes(w.settle); len(again) > 0 {
		t.Errorf("after a restart: %v", again)
	}
	w.expect("asha", v1alpha1.Reachable, "False/"+v1alpha1.ReasonHTTPFailed)
}

func TestNobodyIsAskedWhileNothingCanAnswer(t *testing.T) {
	w, p := reached(t)
	p.Fail(portal.Faults{Status: 502})
	w.Proxy.Refuse(true)
	later(w)
	w.expect("asha", v1alpha1.Reachable, "Unknown/NotProbed")
	w.Proxy.Refuse(false)
	p.Fail(portal.Faults{})
	later(w)
	w.expect("asha", v1alpha1.Ready, "True/Ready")
	change(w, "asha", &v1alpha1.Organisation{}, func(o *v1alpha1.Organisation) { o.Spec.Power = v1alpha1.PowerSuspended })
	later(w)
	w.expect("asha", v1alpha1.Reachable, "Unknown/NotProbed")
}

// A release that boots, and whose websocket refuses the NGO's own Origin, looks healthy
// to everything but a user. What users are answered first is still said by the old pods,
// which are on their way out, and proves nothing.
func TestAReleaseWhoseWebsocketRefusesItsOriginIsRolledBack(t *testing.T) {
	w, p := reached(t)
	moved, old := false, true
	w.Script.Deployment = func(d *appsv1.Deployment) workloads.Rollout {
		moved = d.Spec.Template.Labels[v1alpha1.LabelRelease] == "r2"
		return workloads.Available
	}
	r2, stable := lane.Release("r2", "2"), threeWaves("r1")
	r2.Spec.CompatibleFrom, stable.Spec.Waves = []string{"r1"}, stable.Spec.Waves[2:]
	w.create(r2, stable)
	change(w, "standard", &v1alpha1.OrganisationProfile{}, func(o *v1alpha1.OrganisationProfile) { o.Spec.Release = &v1alpha1.ReleaseReference{Channel: "stable"} })
	w.live(0, "asha serves r1", func() bool { w.op.Reach.Wait(); return w.channel().Status.Verified == "r1" })
	change(w, "stable", &v1alpha1.ReleaseChannel{}, func(c *v1alpha1.ReleaseChannel) { c.Spec.Release = "r2" })
	w.live(0, "r2 stops", func() bool {
		w.op.Reach.Wait()
		if u := w.org("asha").Status.Update; u != nil && u.Stage == v1alpha1.StageHolding {
			old = false
		}
		p.Fail(portal.Faults{NoOrigin: moved && !old})
		return w.says() == "False/Halted" && len(w.channel().Status.Slots) == 0
	})
	u := w.org("asha").Status.Update
	if u == nil || u.Outcome != v1alpha1.OutcomeRolledBack || !strings.Contains(u.Message, "refuses the Origin") {
		t.Errorf("%+v", u)
	}
	if r := w.org("asha").Status.Release; r.Serving != "r1" || r.Target != "r1" {
		t.Errorf("%+v", r)
	}
}
