package status

import (
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/snapshot"
	"github.com/glific/organisation-operator/internal/step"
	"github.com/glific/organisation-operator/internal/testkit/golden"
	"github.com/glific/organisation-operator/internal/testkit/views"
)

// pass is the Organisation in that state, and the pass that sees it so.
func (s state) pass(t testing.TB) (*v1alpha1.Organisation, Pass) {
	t.Helper()
	v := views.New(t, s.world...)
	v.Org.Generation = 3
	return v.Org, Pass{View: v, Outcomes: s.outcomes, Serving: s.serving, Available: s.available, Pending: s.pending, Now: views.Now.Add(time.Hour)}
}

// summarised is the Organisation with the status that the state justifies.
func summarised(t testing.TB, s state) *v1alpha1.Organisation {
	t.Helper()
	org, pass := s.pass(t)
	Summarise(org, pass)
	return org
}

func words(org *v1alpha1.Organisation, condition string) string {
	c := meta.FindStatusCondition(org.Status.Conditions, condition)
	if c == nil {
		return ""
	}
	return string(c.Status) + "/" + c.Reason
}

func TestEveryStateHasItsConditions(t *testing.T) {
	for name, s := range states {
		t.Run(name, func(t *testing.T) {
			org := summarised(t, s)
			var got [5]string
			for i, condition := range []string{v1alpha1.Available, v1alpha1.Ready, v1alpha1.Reconciling, v1alpha1.Stalled, v1alpha1.UpToDate} {
				got[i] = words(org, condition)
			}
			if diff := cmp.Diff(s.want, got); diff != "" {
				t.Errorf("Available, Ready, Reconciling, Stalled, UpToDate:\n%s", diff)
			}
			org.TypeMeta = metav1.TypeMeta{APIVersion: v1alpha1.GroupVersion.String(), Kind: "Organisation"}
			golden.AssertYAML(t, "testdata/"+name+".yaml", org)
		})
	}
}

// Ready, Reconciling and Stalled contradict each other in no state.
func TestTheWordsOfKstatusAgree(t *testing.T) {
	for name, s := range states {
		t.Run(name, func(t *testing.T) {
			org := summarised(t, s)
			ready := meta.IsStatusConditionTrue(org.Status.Conditions, v1alpha1.Ready)
			reconciling := meta.IsStatusConditionTrue(org.Status.Conditions, v1alpha1.Reconciling)
			stalled := meta.IsStatusConditionTrue(org.Status.Conditions, v1alpha1.Stalled)
			if (ready && (reconciling || stalled)) || (reconciling && stalled) {
				t.Errorf("Ready %v, Reconciling %v, Stalled %v", ready, reconciling, stalled)
			}
			for _, c := range org.Status.Conditions {
				if (c.Type == v1alpha1.Reconciling || c.Type == v1alpha1.Stalled) && c.Status != metav1.ConditionTrue {
					t.Errorf("%s is %s: where it does not hold, it is absent", c.Type, c.Status)
				}
			}
		})
	}
}

func TestEveryConditionSpeaksOfTheGeneration(t *testing.T) {
	for name, s := range states {
		t.Run(name, func(t *testing.T) {
			org := summarised(t, s)
			if org.Status.ObservedGeneration != 3 {
				t.Errorf("observed generation %d", org.Status.ObservedGeneration)
			}
			for _, c := range org.Status.Conditions {
				if asKnown := c.Message == "as it was"; !asKnown && c.ObservedGeneration != 3 {
					t.Errorf("%s speaks of generation %d", c.Type, c.ObservedGeneration)
				}
				if c.Message == "" || c.Reason == "" {
					t.Errorf("%s has reason %q and message %q", c.Type, c.Reason, c.Message)
				}
			}
		})
	}
}

// From whatever state an Organisation comes, the next is told as if it were the first,
// but for what is left as known, and for the times of transitions.
func TestNothingIsLeftOverFromAnEarlierState(t *testing.T) {
	fresh := map[string]*v1alpha1.Organisation{}
	for name, s := range states {
		fresh[name] = summarised(t, s)
	}
	for name, s := range states {
		t.Run(name, func(t *testing.T) {
			org, pass := s.pass(t)
			for before, old := range fresh {
				after := org.DeepCopy()
				after.Status.Conditions = old.DeepCopy().Status.Conditions
				Summarise(after, pass)
				for _, c := range after.Status.Conditions {
					asKnown := c.Type == v1alpha1.UpToDate && (c.Message == "as it was" || words(fresh[name], c.Type) == "" ||
						words(after, c.Type) == words(old, c.Type) || pass.View.Plan.Held != "")
					if got, want := words(after, c.Type), words(fresh[name], c.Type); got != want && !asKnown {
						t.Errorf("after %s: %s is %q, want %q", before, c.Type, got, want)
					}
				}
			}
		})
	}
}

func TestTransitionTimesMoveOnlyWhenAStatusChanges(t *testing.T) {
	v := views.New(t, served(former))
	first, second := views.Now.Add(time.Hour), views.Now.Add(2*time.Hour)
	pass := Pass{View: v, Outcomes: but(map[string]step.Outcome{v1alpha1.MessagingReady: starts}), Serving: former, Available: true, Now: first}
	Summarise(v.Org, pass)
	pass.Outcomes, pass.Now = but(map[string]step.Outcome{v1alpha1.MessagingReady: never}), second
	Summarise(v.Org, pass)
	for condition, want := range map[string]time.Time{
		v1alpha1.MessagingReady: first, // False both times, for another reason
		v1alpha1.Ready:          first,
		v1alpha1.Claimed:        first,
		v1alpha1.Available:      first,
		v1alpha1.UpToDate:       first,
		v1alpha1.Stalled:        second, // it was absent
	} {
		if c := meta.FindStatusCondition(v.Org.Status.Conditions, condition); c == nil || !c.LastTransitionTime.Time.Equal(want) {
			t.Errorf("%s: %+v, want a transition at %v", condition, c, want)
		}
	}
	settled := v.Org.DeepCopy()
	pass.Now = views.Now.Add(3 * time.Hour)
	Summarise(v.Org, pass)
	if diff := cmp.Diff(settled.Status, v.Org.Status); diff != "" {
		t.Errorf("a pass that saw nothing new changed:\n%s", diff)
	}
}

// A stall is told before a silent server, that before an error, that before a wait; of
// equals, the earliest step's.
func TestTheLoudestOutcomeSpeaks(t *testing.T) {
	for sentence, test := range map[string]struct {
		outcomes map[string]step.Outcome
		want     string
	}{
		"the first wait":                    {map[string]step.Outcome{v1alpha1.Claimed: taken, v1alpha1.SecretsReady: starts}, v1alpha1.ReasonHostnameTaken},
		"an error before a wait":            {map[string]step.Outcome{v1alpha1.Claimed: taken, v1alpha1.MessagingReady: broken}, v1alpha1.ReasonError},
		"a silent server before an error":   {map[string]step.Outcome{v1alpha1.Claimed: broken, v1alpha1.DatabaseReady: silent}, v1alpha1.ReasonServerUnreachable},
		"a stall before everything":         {map[string]step.Outcome{v1alpha1.Claimed: silent, v1alpha1.KeysReady: broken, v1alpha1.Migrated: failed}, v1alpha1.ReasonMigrationFailed},
		"the first of two stalls":           {map[string]step.Outcome{v1alpha1.MessagingReady: never, v1alpha1.Migrated: failed}, v1alpha1.ReasonMigrationFailed},
		"what is done for a special reason": {map[string]step.Outcome{v1alpha1.RouteReady: step.Done(v1alpha1.ReasonNotRouted, "nothing routes")}, v1alpha1.ReasonReady},
	} {
		t.Run(sentence, func(t *testing.T) {
			org := summarised(t, state{outcomes: but(test.outcomes), serving: serves, available: true})
			if got := meta.FindStatusCondition(org.Status.Conditions, v1alpha1.Ready); got == nil || got.Reason != test.want {
				t.Errorf("Ready: %+v, want %s", got, test.want)
			}
		})
	}
}

func TestMessagesAreBoundedAndReadable(t *testing.T) {
	for sentence, test := range map[string]struct{ message, want string }{
		"short ones stay":                     {"short", "short"},
		"the longest stays":                   {strings.Repeat("a", 1024), strings.Repeat("a", 1024)},
		"longer ones are cut":                 {strings.Repeat("a", 1025), strings.Repeat("a", 1021) + "…"},
		"no character is cut in half":         {strings.Repeat("ü", 600), strings.Repeat("ü", 510) + "…"},
		"what is no text becomes some":        {"bad \xff byte", "bad \uFFFD byte"},
		"cut text that was none becomes some": {"\xff" + strings.Repeat("a", 1100), "\uFFFD" + strings.Repeat("a", 1018) + "…"},
	} {
		t.Run(sentence, func(t *testing.T) {
			org := summarised(t, state{outcomes: but(map[string]step.Outcome{v1alpha1.Claimed: step.Stalled(v1alpha1.ReasonInvalidSpec, test.message)})})
			got := meta.FindStatusCondition(org.Status.Conditions, v1alpha1.Claimed).Message
			if diff := cmp.Diff(test.want, got); diff != "" || !utf8.ValidString(got) || len(got) > 1024 {
				t.Error(diff)
			}
		})
	}
}

func TestFailed(t *testing.T) {
	org := summarised(t, states["failed-and-the-old-release-serves"])
	org.Generation = 4
	Failed(org, errors.New("listing DatabaseServers: no informer"), views.Now.Add(2*time.Hour))
	want := [4]string{"Unknown/Error", "True/Error", "", "True/Ready"}
	got := [4]string{words(org, v1alpha1.Ready), words(org, v1alpha1.Reconciling), words(org, v1alpha1.Stalled), words(org, v1alpha1.Available)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Ready, Reconciling, Stalled, Available:\n%s", diff)
	}
	if org.Status.ObservedGeneration != 4 || org.Status.Release.Serving != former {
		t.Errorf("status %+v", org.Status)
	}
}

func TestFacts(t *testing.T) {
	before := func(w *views.World) {
		w.Org.Status.Host, w.Org.Status.Release.Serving, w.Org.Status.Identity = "old.example.org", former, views.UID
		w.Org.Status.Database = v1alpha1.DatabaseStatus{Server: "shared-0", Name: "asha-1", ConnectionLimit: 9, PoolSize: 2}
	}
	type facts struct {
		Host, Serving, Target, Namespace, Identity string
		Database                                   v1alpha1.DatabaseStatus
	}
	ordinary := v1alpha1.DatabaseStatus{Server: "shared-1", Name: "asha-780dcec0-1", ConnectionLimit: 20, PoolSize: 3}
	old := v1alpha1.DatabaseStatus{Server: "shared-0", Name: "asha-1", ConnectionLimit: 9, PoolSize: 2}
	for sentence, test := range map[string]struct {
		world   world
		serving string
		want    facts
	}{
		"all is known": {nil, serves, facts{"asha.ngo.example.org", serves, serves, "org-asha", views.UID, ordinary}},
		"nothing serves any more, so what did is still shown": {world{before}, "",
			facts{"asha.ngo.example.org", former, serves, "org-asha", views.UID, ordinary}},
		"the server is silent, so the database is as known": {world{before, views.ServerUnreachable()}, serves,
			facts{"asha.ngo.example.org", serves, serves, "org-asha", views.UID, old}},
		"no host can be known": {world{before, views.WithoutProfile(), views.Unclaimed()}, "",
			facts{"old.example.org", former, "", "org-asha", views.UID, old}},
		"the Release is gone, so the pool is as known": {world{before, views.WithoutRelease()}, "",
			facts{"asha.ngo.example.org", former, serves, "org-asha", views.UID, v1alpha1.DatabaseStatus{Server: "shared-1", Name: "asha-780dcec0-1", ConnectionLimit: 20, PoolSize: 2}}},
		"the row is another's now": {world{before, views.Snapshot(func(s *snapshot.Snapshot) {
			s.Ledger.Foreign, s.Ledger.Tenant = &ledger.Tenant{Row: ledger.Row{Identity: "another"}}, nil
		})}, "", facts{"asha.ngo.example.org", former, serves, "org-asha", views.UID, old}},
	} {
		t.Run(sentence, func(t *testing.T) {
			s := summarised(t, state{world: test.world, outcomes: but(nil), serving: test.serving}).Status
			got := facts{s.Host, s.Release.Serving, s.Release.Target, s.TenantNamespace, s.Identity, s.Database}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRequestsAreMirroredWithTheTimeTheyWereFirstSeen(t *testing.T) {
	v := views.New(t, held("one"), views.Annotated(v1alpha1.AnnotationRetryAt, "1"), views.Annotated(v1alpha1.AnnotationReconcileAt, "2"),
		views.Annotated(v1alpha1.AnnotationRestartAt, "3"), views.Annotated(v1alpha1.AnnotationConfirmTeardown, "asha"))
	seen := func(hours int, change func(map[string]string)) v1alpha1.RequestsStatus {
		change(v.Org.Annotations)
		Summarise(v.Org, Pass{View: v, Outcomes: but(nil), Now: views.Now.Add(time.Duration(hours) * time.Hour)})
		return *v.Org.Status.Requests.DeepCopy()
	}
	at := func(value string, hours int) *v1alpha1.Observation {
		return &v1alpha1.Observation{Value: value, ObservedAt: metav1.NewTime(views.Now.Add(time.Duration(hours) * time.Hour))}
	}
	all := v1alpha1.RequestsStatus{Hold: at("one", 1), RetryAt: at("1", 1), ReconcileAt: at("2", 1), RestartAt: at("3", 1), ConfirmTeardown: at("asha", 1)}
	if diff := cmp.Diff(all, seen(1, func(map[string]string) {})); diff != "" {
		t.Errorf("the first time:\n%s", diff)
	}
	if diff := cmp.Diff(all, seen(2, func(map[string]string) {})); diff != "" {
		t.Errorf("again:\n%s", diff)
	}
	all.Hold, all.RetryAt = at("two", 3), nil
	if diff := cmp.Diff(all, seen(3, func(a map[string]string) { a[v1alpha1.AnnotationHold] = "two"; delete(a, v1alpha1.AnnotationRetryAt) })); diff != "" {
		t.Errorf("one changed and one removed:\n%s", diff)
	}
	long := strings.Repeat("ü", 200)
	all.Hold = at(strings.Repeat("ü", 128), 4)
	for hours := 4; hours < 6; hours++ {
		got := seen(hours, func(a map[string]string) {
			a[v1alpha1.AnnotationHold] = "x" + long[1:]
			a[v1alpha1.AnnotationHold] = long
		})
		if diff := cmp.Diff(all, got); diff != "" {
			t.Errorf("a long one, in hour %d:\n%s", hours, diff)
		}
	}
	odd := "x" + long
	got := seen(6, func(a map[string]string) { a[v1alpha1.AnnotationHold] = odd })
	if !utf8.ValidString(got.Hold.Value) || len(got.Hold.Value) > 256 || !strings.HasPrefix(odd, got.Hold.Value) {
		t.Errorf("a character is cut in half: %q", got.Hold.Value)
	}
}
