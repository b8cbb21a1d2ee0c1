package dashboard

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/show"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func still() time.Time { return noon }

func condition(kind string, status metav1.ConditionStatus, reason string, ago time.Duration) metav1.Condition {
	return metav1.Condition{Type: kind, Status: status, Reason: reason, LastTransitionTime: metav1.NewTime(noon.Add(-ago))}
}

func ngo(name string, conditions ...metav1.Condition) *v1alpha1.Organisation {
	org := &v1alpha1.Organisation{ObjectMeta: metav1.ObjectMeta{Name: name, CreationTimestamp: metav1.NewTime(noon.Add(-time.Hour))}}
	org.Status.Release = v1alpha1.ReleaseStatus{Serving: "r1", Target: "r1", Channel: "stable"}
	org.Status.Conditions = conditions
	return org
}

func well(name string) *v1alpha1.Organisation {
	return ngo(name, condition(v1alpha1.Ready, metav1.ConditionTrue, v1alpha1.ReasonReady, time.Minute), condition(v1alpha1.Available, metav1.ConditionTrue, v1alpha1.ReasonReady, 30*time.Minute))
}

func stalled(name string) *v1alpha1.Organisation {
	return ngo(name, condition(v1alpha1.Ready, metav1.ConditionFalse, v1alpha1.ReasonKeyLost, time.Minute), condition(v1alpha1.Stalled, metav1.ConditionTrue, v1alpha1.ReasonKeyLost, time.Minute))
}

func stable(release string) *v1alpha1.ReleaseChannel {
	c := &v1alpha1.ReleaseChannel{ObjectMeta: metav1.ObjectMeta{Name: "stable"}, Spec: v1alpha1.ReleaseChannelSpec{
		Release: release, Waves: []v1alpha1.Wave{{Name: "canary", Selector: &metav1.LabelSelector{MatchLabels: map[string]string{"ring": "canary"}}}, {Name: "rest"}},
	}}
	c.Status.Release, c.Status.Wave = release, "canary"
	c.Status.Counts.Members = 2
	return c
}

func TestARow(t *testing.T) {
	canary := well("asha")
	canary.Labels = map[string]string{"ring": "canary"}
	canary.Annotations = map[string]string{v1alpha1.AnnotationHold: "looking"}
	moving := well("asha")
	moving.Status.Update = &v1alpha1.UpdateStatus{Answer: v1alpha1.SlotAccepted, Stage: v1alpha1.StageHolding}
	interrupted := well("asha")
	interrupted.Status.Interruption = &v1alpha1.Interruption{Since: metav1.NewTime(noon.Add(-31 * time.Minute)), Seconds: 60}
	at := func(ago time.Duration) int64 { return noon.Add(-ago).Unix() }
	base := Row{Name: "asha", State: show.Serving, Mark: show.Good, Reason: "Ready", Serving: "r1", Target: "r1", Channel: "stable", Created: at(time.Hour)}
	with := func(change func(*Row)) Row {
		row := base
		change(&row)
		return row
	}
	for sentence, test := range map[string]struct {
		org     *v1alpha1.Organisation
		channel *v1alpha1.ReleaseChannel
		want    Row
	}{
		"all is well, and the channel cannot be read": {well("asha"), nil, base},
		"the channel's release serves":                {well("asha"), stable("r1"), with(func(r *Row) { r.Wave, r.Standing = "rest", "Current" })},
		"it waits for its wave":                       {well("asha"), stable("r2"), with(func(r *Row) { r.Wave, r.Standing = "rest", "Waiting" })},
		"messages stood still, and flow again":        {interrupted, nil, with(func(r *Row) { r.Problem = at(30 * time.Minute) })},
		"it is held, and in the first wave":           {canary, stable("r2"), with(func(r *Row) { r.Wave, r.Standing, r.Held = "canary", "Unreached", "looking" })},
		"it is being updated":                         {moving, nil, with(func(r *Row) { r.Stage = "Holding" })},
		"the last problem goes on": {stalled("asha"), nil, with(func(r *Row) {
			r.State, r.Mark, r.Reason, r.Problem, r.Troubled = show.Stalled, show.Bad, "KeyLost", at(time.Minute), true
		})},
	} {
		if diff := cmp.Diff(test.want, rowOf(test.org, test.channel, noon)); diff != "" {
			t.Errorf("%s: (- want, + got)\n%s", sentence, diff)
		}
	}
}

// Readers get everything once, and then only what differs.
func TestNewsIsWhatDiffers(t *testing.T) {
	f := NewFleet(still)
	put := func(objects ...any) {
		t.Helper()
		for _, o := range objects {
			if err := f.organisations.Add(o); err != nil {
				t.Fatal(err)
			}
		}
	}
	put(well("asha"), well("sneha"))
	f.Tell()
	news, stop := f.Subscribe()
	defer stop()
	if whole := <-news; !whole.Whole || len(whole.Rows) != 2 || whole.Loaded {
		t.Errorf("%+v", whole)
	}
	put(well("asha"), stalled("sneha"))
	f.Tell()
	if got := <-news; got.Whole || len(got.Rows) != 1 || got.Rows[0].State != show.Stalled {
		t.Errorf("sneha stalled, and the news is %+v", got)
	}
	f.Tell()
	if len(news) != 0 {
		t.Errorf("nothing changed, and the news is %+v", <-news)
	}
	if err := f.organisations.Replace([]any{well("asha")}, ""); err != nil {
		t.Fatal(err)
	}
	if err := f.channels.Add(stable("r2")); err != nil {
		t.Fatal(err)
	}
	f.Tell()
	got := <-news
	if !got.Loaded || !cmp.Equal(got.Gone, []string{"sneha"}) || len(got.Channels) != 1 || len(got.Rows) != 1 || got.Rows[0].Standing != "Waiting" {
		t.Errorf("sneha is gone and a channel came: %+v", got)
	}
	if wave := got.Channels[0].Waves[1]; wave.Counts.Waiting != 1 || wave.Open || !got.Channels[0].Waves[0].Open {
		t.Errorf("%+v", got.Channels[0].Waves)
	}
}

func TestAReaderThatIsTooSlowIsSentAway(t *testing.T) {
	f := NewFleet(still)
	news, stop := f.Subscribe()
	defer stop()
	for i := range 2 * backlog {
		org := well("asha")
		org.Generation = int64(i)
		org.Spec.DisplayName = time.Duration(i).String()
		if err := f.organisations.Add(org); err != nil {
			t.Fatal(err)
		}
		f.Tell()
	}
	got := 0
	for range news { // it ends: the channel is closed
		got++
	}
	if got != backlog {
		t.Errorf("%d news were kept for it", got)
	}
}

func TestTroublesAreToldAndTakenBack(t *testing.T) {
	f := NewFleet(still)
	news, stop := f.Subscribe()
	defer stop()
	<-news
	forbidden := apierrors.NewForbidden(schema.GroupResource{Resource: "releasechannels"}, "", errors.New("no"))
	f.channels.trouble(t.Context(), forbidden)
	f.Tell()
	if got := (<-news).Troubles; len(got) != 1 || got[0] != "Release channels are not shown: you may not list and watch them; ask for the ClusterRole organisation-viewer." {
		t.Errorf("%q", got)
	}
	f.channels.trouble(t.Context(), nil)
	f.organisations.trouble(t.Context(), errors.New("connection refused"))
	f.Tell()
	if got := (<-news).Troubles; len(got) != 1 || got[0] != "NGOs may be out of date: the cluster does not answer; it is tried again by itself. connection refused" {
		t.Errorf("%q", got)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	f.channels.trouble(ended, ended.Err()) // the page was closed
	f.organisations.trouble(t.Context(), nil)
	f.Tell()
	if got := (<-news).Troubles; len(got) != 0 {
		t.Errorf("%q", got)
	}
}
