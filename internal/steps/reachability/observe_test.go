package reachability

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/probe"
	"github.com/glific/organisation-operator/internal/snapshot"
	"github.com/glific/organisation-operator/internal/step"
	"github.com/glific/organisation-operator/internal/testkit/views"
	"github.com/glific/organisation-operator/internal/update"
)

func after(out step.Outcome, d time.Duration) step.Outcome { out.After = d; return out }

func unknown(out step.Outcome) step.Outcome { out.Unknown = true; return out }

func TestObserve(t *testing.T) {
	good := probe.Answer{Message: "https://asha.ngo.example.org answers"}
	secured := good
	secured.CertificateUntil = time.Date(2027, 1, 2, 3, 4, 5, 0, time.UTC)
	for sentence, test := range map[string]struct {
		reach  snapshot.Reach
		before *metav1.Condition
		want   step.Outcome
	}{
		"nobody can be asked": {snapshot.Reach{Unasked: "no route exists yet"}, nil, unknown(step.Done("NotProbed", "no route exists yet"))},
		"it was never asked": {snapshot.Reach{}, nil,
			step.Waiting("Progressing", "the hosts are asked for the first time", probe.Again)},
		"it could not be asked before": {snapshot.Reach{}, &metav1.Condition{Status: metav1.ConditionUnknown, Reason: "NotProbed"},
			step.Waiting("Progressing", "the hosts are asked for the first time", probe.Again)},
		"the operator was restarted": {snapshot.Reach{}, &metav1.Condition{Status: metav1.ConditionTrue, Reason: "Ready", Message: "as it was"},
			after(step.Done("Ready", "as it was"), probe.Again)},
		"the operator was restarted while it was broken": {snapshot.Reach{}, &metav1.Condition{Status: metav1.ConditionFalse, Reason: "HTTPFailed", Message: "as it was"},
			step.Waiting("HTTPFailed", "as it was", probe.Again)},
		"it answers": {snapshot.Reach{Known: true, Standing: probe.Standing{Answer: good}}, nil, step.Done("Ready", "https://asha.ngo.example.org answers")},
		"it answers, and has a certificate": {snapshot.Reach{Known: true, Standing: probe.Standing{Answer: secured}}, nil,
			step.Done("Ready", "https://asha.ngo.example.org answers; its certificate ends on 2027-01-02")},
		"it answered, and struck once": {snapshot.Reach{Known: true, Standing: probe.Standing{Answer: good, Strikes: 1}}, nil,
			after(step.Done("Ready", "https://asha.ngo.example.org answers"), probe.Again)},
		"its websocket is refused": {snapshot.Reach{Known: true, Standing: probe.Standing{Strikes: 3, Answer: probe.Answer{Broken: probe.Websocket, Message: "websocket refused"}}}, nil,
			step.Waiting("WebsocketRefused", "websocket refused; see REQUEST_ORIGIN in the pods, and whether the gateway lets websockets through", time.Minute)},
		"the name leads nowhere": {snapshot.Reach{Known: true, Standing: probe.Standing{Strikes: 3, Answer: probe.Answer{Broken: probe.DNS, Message: "no address"}}}, nil,
			step.Waiting("NameUnresolved", "no address; "+cures[probe.DNS], time.Minute)},
		"the database refuses the app": {snapshot.Reach{Known: true, Standing: probe.Standing{Strikes: 3, Answer: probe.Answer{Broken: probe.Database, Message: "refused"}}}, nil,
			step.Waiting("LoginRefused", "refused; "+cures[probe.Database], time.Minute)},
		"the database refuses the app, and no host can be asked": {snapshot.Reach{Unasked: "no route", Known: true, Standing: probe.Standing{Strikes: 3, Answer: probe.Answer{Broken: probe.Database, Message: "refused"}}}, nil,
			step.Waiting("LoginRefused", "refused; "+cures[probe.Database], time.Minute)},
		"the database refused the app once, and no host can be asked": {snapshot.Reach{Unasked: "no route", Standing: probe.Standing{Strikes: 1}}, nil,
			after(unknown(step.Done("NotProbed", "no route")), probe.Again)},
	} {
		t.Run(sentence, func(t *testing.T) {
			v := views.New(t)
			v.Live.Reach = test.reach
			if test.before != nil {
				test.before.Type = v1alpha1.Reachable
				v.Org.Status.Conditions = []metav1.Condition{*test.before}
			}
			if diff := cmp.Diff(test.want, New().Observe(v)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAnUpdateRestsOnWhatWasAnswered(t *testing.T) {
	bad := probe.Answer{Broken: probe.Websocket, Message: "websocket refused"}
	for sentence, test := range map[string]struct {
		reach snapshot.Reach
		want  update.Probes
	}{
		"nobody can be asked":     {snapshot.Reach{Unasked: "no address"}, update.Probes{State: update.ProbesPassed, Message: "its hosts were not asked from outside: no address"}},
		"nobody has answered yet": {snapshot.Reach{}, update.Probes{State: update.ProbesUnknown, Message: "its hosts are being asked"}},
		"all is well":             {snapshot.Reach{Known: true}, update.Probes{State: update.ProbesPassed}},
		"DNS is not the release's": {snapshot.Reach{Known: true, Standing: probe.Standing{Answer: probe.Answer{Broken: probe.DNS, Message: "no address"}}},
			update.Probes{State: update.ProbesPassed, Message: "not the release's doing: no address"}},
		"something is not": {snapshot.Reach{Known: true, Standing: probe.Standing{Answer: bad}}, update.Probes{State: update.ProbesFailed, Message: "websocket refused"}},
	} {
		v := views.New(t)
		v.Live.Reach = test.reach
		if got := Probes(v); got != test.want {
			t.Errorf("%s: %+v", sentence, got)
		}
	}
}

// Every link has a reason and a next step.
func TestEveryLinkIsExplained(t *testing.T) {
	for _, link := range []probe.Link{probe.Gateway, probe.Certificate, probe.HTTP, probe.Websocket, probe.ForeignOrigin, probe.DNS, probe.Database} {
		if reasons[link] == "" || cures[link] == "" {
			t.Errorf("link %s: reason %q, cure %q", link, reasons[link], cures[link])
		}
	}
}
