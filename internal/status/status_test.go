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
	"github.com/glific/organisation-operator/internal/postgres"
	"github.com/glific/organisation-operator/internal/snapshot"
	"github.com/glific/organisation-operator/internal/step"
	"github.com/glific/organisation-operator/internal/testkit/golden"
	"github.com/glific/organisation-operator/internal/testkit/views"
)

type world = []views.Option

const minute = time.Minute

// stepsInOrder are the conditions of the steps.
var stepsInOrder = []string{
	v1alpha1.Claimed, v1alpha1.KeysReady, v1alpha1.DatabaseReady, v1alpha1.NamespaceReady, v1alpha1.SecretsReady,
	v1alpha1.AdminBootstrapped, v1alpha1.Migrated, v1alpha1.MessagingReady, v1alpha1.RouteReady,
}

// but are the outcomes of a pass in which all is done, with exceptions.
func but(exceptions map[string]step.Outcome) step.Outcomes {
	var all step.Outcomes
	for _, condition := range stepsInOrder {
		out := step.Done(v1alpha1.ReasonReady, condition+" is as it must be")
		if exception, ok := exceptions[condition]; ok {
			out = exception
		}
		all = append(all, step.Named{Step: strings.ToLower(condition), Condition: condition, Outcome: out})
	}
	return all
}

// state is one row of the table that people and tools go by.
type state struct {
	world     world
	outcomes  step.Outcomes
	serving   string
	available bool
	pending   []string
	// want are Available, Ready, Reconciling, Stalled and UpToDate as status/reason; ""
	// where there is none.
	want [5]string
}

const (
	serves = views.Release
	former = "glific-8.10.0"
)

func served(before string) views.Option {
	return func(w *views.World) { w.Org.Status.Release.Serving = before; w.Org.Status.Identity = views.UID }
}

// known is what an earlier pass said of UpToDate.
func known(status metav1.ConditionStatus, reason string) views.Option {
	return func(w *views.World) {
		meta.SetStatusCondition(&w.Org.Status.Conditions, metav1.Condition{
			Type: v1alpha1.UpToDate, Status: status, Reason: reason, Message: "as it was", ObservedGeneration: 1, LastTransitionTime: metav1.NewTime(views.Now),
		})
	}
}

func deleted(w *views.World) {
	w.Org.DeletionTimestamp = new(metav1.NewTime(views.Now))
}

func held(reason string) views.Option { return views.Annotated(v1alpha1.AnnotationHold, reason) }

var (
	silent  = step.WaitingUnknown(v1alpha1.ReasonServerUnreachable, "database server shared-1 could not be asked: connection refused", minute)
	broken  = step.Failed(errors.New("applying Deployment org-asha/backend: the server is overloaded"))
	starts  = step.Waiting(v1alpha1.ReasonProgressing, "0 of 1 pods of Release glific-8.10.1 are ready", 0)
	waits   = step.Waiting(v1alpha1.ReasonPending, "waits for Claimed (Progressing)", 0)
	taken   = step.Waiting(v1alpha1.ReasonHostnameTaken, "host asha.org is held by sneha", minute)
	never   = step.Stalled(v1alpha1.ReasonNeverHealthy, "Release glific-8.10.1 never became ready within 600 s")
	failed  = step.Stalled(v1alpha1.ReasonMigrationFailed, "Job migration-1 failed")
	keyLost = step.Stalled(v1alpha1.ReasonKeyLost, "restore that Secret from a backup")
	off     = step.Done(v1alpha1.ReasonSuspended, "spec.power is Suspended and no pod runs")
	rests   = step.Waiting(v1alpha1.ReasonProgressing, "1 pod of the suspended Organisation still to end", 0)
	ends    = step.Waiting(v1alpha1.ReasonNamespaceTerminating, "Namespace org-asha is being deleted", 0)
	many    = step.Waiting(v1alpha1.ReasonTeardownHeld, "5 Organisations are being torn down; it still serves", minute)
)

// states are the rows of the table, by name of the golden file that shows the whole
// status. test/kstatus shows the same files to kstatus.
var states = map[string]state{
	"provisioning": {
		world: world{views.WithoutNamespace(), views.Unclaimed()},
		outcomes: but(map[string]step.Outcome{
			v1alpha1.Claimed:   step.Waiting(v1alpha1.ReasonProgressing, "the ledger has no row of this Organisation yet", 0),
			v1alpha1.KeysReady: waits, v1alpha1.MessagingReady: waits, v1alpha1.RouteReady: waits,
		}),
		want: [5]string{"False/Unavailable", "False/Progressing", "True/Progressing", "", "Unknown/Progressing"},
	},
	"provisioning-waits-for-another-object": {
		world:    world{views.Unclaimed()},
		outcomes: but(map[string]step.Outcome{v1alpha1.Claimed: taken}),
		want:     [5]string{"False/Unavailable", "False/HostnameTaken", "True/HostnameTaken", "", "Unknown/Progressing"},
	},
	"provisioning-stalled": {
		outcomes: but(map[string]step.Outcome{v1alpha1.KeysReady: keyLost, v1alpha1.MessagingReady: waits}),
		want:     [5]string{"False/Unavailable", "False/KeyLost", "", "True/KeyLost", "Unknown/Progressing"},
	},
	"provisioning-while-the-server-is-unreachable": {
		world:    world{views.ServerUnreachable()},
		outcomes: but(map[string]step.Outcome{v1alpha1.Claimed: silent, v1alpha1.KeysReady: waits}),
		want:     [5]string{"False/Unavailable", "Unknown/ServerUnreachable", "True/ServerUnreachable", "", ""},
	},
	"serving": {
		outcomes: but(nil), serving: serves, available: true,
		want: [5]string{"True/Ready", "True/Ready", "", "", "True/Ready"},
	},
	"serving-while-a-change-waits": {
		outcomes: but(nil), serving: serves, available: true, pending: []string{"Profile", "Release"},
		want: [5]string{"True/Ready", "True/Ready", "", "", "False/ChangePending"},
	},
	"updating": {
		world:    world{served(former)},
		outcomes: but(map[string]step.Outcome{v1alpha1.MessagingReady: starts}), serving: former, available: true,
		want: [5]string{"True/Ready", "False/Updating", "True/Updating", "", "False/Updating"},
	},
	"updating-the-schema": {
		world:    world{served(former)},
		outcomes: but(map[string]step.Outcome{v1alpha1.Migrated: starts, v1alpha1.MessagingReady: waits}), serving: former, available: true,
		want: [5]string{"True/Ready", "False/Updating", "True/Updating", "", "False/Updating"},
	},
	"changing-its-own-settings": {
		world:    world{served(serves)},
		outcomes: but(map[string]step.Outcome{v1alpha1.MessagingReady: starts}), serving: serves, available: true,
		want: [5]string{"True/Ready", "False/Progressing", "True/Progressing", "", "False/Progressing"},
	},
	"failed-and-the-old-release-serves": {
		world:    world{served(former)},
		outcomes: but(map[string]step.Outcome{v1alpha1.MessagingReady: never}), serving: former, available: true,
		want: [5]string{"True/Ready", "False/NeverHealthy", "", "True/NeverHealthy", "False/NeverHealthy"},
	},
	"migration-failed-and-the-old-release-serves": {
		world:    world{served(former)},
		outcomes: but(map[string]step.Outcome{v1alpha1.Migrated: failed, v1alpha1.MessagingReady: waits}), serving: former, available: true,
		want: [5]string{"True/Ready", "False/MigrationFailed", "", "True/MigrationFailed", "False/MigrationFailed"},
	},
	"failed-and-nothing-serves": {
		outcomes: but(map[string]step.Outcome{v1alpha1.MessagingReady: never}),
		want:     [5]string{"False/Unavailable", "False/NeverHealthy", "", "True/NeverHealthy", "Unknown/Progressing"},
	},
	"a-pod-is-lost": {
		world:    world{served(serves)},
		outcomes: but(map[string]step.Outcome{v1alpha1.MessagingReady: step.Waiting(v1alpha1.ReasonUnavailable, "1 of 2 pods are ready", 0)}), serving: serves, available: true,
		want: [5]string{"True/Ready", "False/Unavailable", "True/Unavailable", "", "False/Unavailable"},
	},
	"server-unreachable": {
		world:    world{views.ServerUnreachable(), served(serves), known(metav1.ConditionTrue, v1alpha1.ReasonReady)},
		outcomes: but(map[string]step.Outcome{v1alpha1.Claimed: silent, v1alpha1.DatabaseReady: silent}), serving: serves, available: true,
		want: [5]string{"Unknown/ServerUnreachable", "Unknown/ServerUnreachable", "True/ServerUnreachable", "", "True/Ready"},
	},
	"server-unreachable-while-a-change-waits": {
		world:    world{views.ServerUnreachable(), served(serves), known(metav1.ConditionFalse, v1alpha1.ReasonChangePending)},
		outcomes: but(map[string]step.Outcome{v1alpha1.Claimed: silent}), serving: serves, available: true, pending: []string{"Profile"},
		want: [5]string{"Unknown/ServerUnreachable", "Unknown/ServerUnreachable", "True/ServerUnreachable", "", "False/ChangePending"},
	},
	"server-fell-silent-in-the-middle": {
		world:    world{served(serves), known(metav1.ConditionTrue, v1alpha1.ReasonReady)},
		outcomes: but(map[string]step.Outcome{v1alpha1.DatabaseReady: silent}), serving: serves, available: true,
		want: [5]string{"True/Ready", "Unknown/ServerUnreachable", "True/ServerUnreachable", "", "True/Ready"},
	},
	"a-call-failed": {
		world:    world{served(serves), known(metav1.ConditionTrue, v1alpha1.ReasonReady)},
		outcomes: but(map[string]step.Outcome{v1alpha1.MessagingReady: broken}), serving: serves, available: true,
		want: [5]string{"True/Ready", "Unknown/Error", "True/Error", "", "True/Ready"},
	},
	"suspending": {
		world:    world{views.Suspended(), served(serves), known(metav1.ConditionTrue, v1alpha1.ReasonReady)},
		outcomes: but(map[string]step.Outcome{v1alpha1.MessagingReady: rests}), available: true,
		want: [5]string{"False/Suspended", "False/Progressing", "True/Progressing", "", "True/Ready"},
	},
	"suspended": {
		world:    world{views.Suspended(), served(serves), known(metav1.ConditionTrue, v1alpha1.ReasonReady)},
		outcomes: but(map[string]step.Outcome{v1alpha1.MessagingReady: off, v1alpha1.DatabaseReady: off}),
		want:     [5]string{"False/Suspended", "", "", "", "True/Ready"},
	},
	"suspended-from-birth": {
		world:    world{views.Suspended(), views.NotBootstrapped()},
		outcomes: but(map[string]step.Outcome{v1alpha1.MessagingReady: off, v1alpha1.AdminBootstrapped: off}),
		want:     [5]string{"False/Suspended", "", "", "", ""},
	},
	"held": {
		world:    world{held("investigating"), served(serves)},
		outcomes: but(nil), serving: serves, available: true,
		want: [5]string{"True/Ready", "True/Ready", "", "", "True/Ready"},
	},
	"held-and-not-ready": {
		world:    world{held("investigating"), served(former)},
		outcomes: but(map[string]step.Outcome{v1alpha1.MessagingReady: never}), serving: former, available: true,
		want: [5]string{"True/Ready", "False/Held", "", "", "False/NeverHealthy"},
	},
	"deleting": {
		world:    world{deleted, served(serves), known(metav1.ConditionTrue, v1alpha1.ReasonReady)},
		outcomes: step.Outcomes{{Step: "database", Condition: v1alpha1.DatabaseReady, Outcome: step.Done(v1alpha1.ReasonReady, "database asha is kept")}, {Step: "namespace", Condition: v1alpha1.NamespaceReady, Outcome: step.Waiting(v1alpha1.ReasonProgressing, "Namespace org-asha is being deleted", 0)}},
		want:     [5]string{"False/Unavailable", "False/Deleting", "True/Deleting", "", "Unknown/Progressing"},
	},
	"deleting-waits-for-a-finalizer": {
		world:    world{deleted, served(serves)},
		outcomes: step.Outcomes{{Step: "namespace", Condition: v1alpha1.NamespaceReady, Outcome: ends}},
		want:     [5]string{"False/Unavailable", "False/NamespaceTerminating", "True/NamespaceTerminating", "", "Unknown/Progressing"},
	},
	"deletion-is-held": {
		world:    world{deleted, served(serves)},
		outcomes: step.Outcomes{{Step: "database", Condition: v1alpha1.DatabaseReady, Outcome: many}}, serving: serves, available: true,
		want: [5]string{"True/Ready", "False/TeardownHeld", "True/TeardownHeld", "", "False/TeardownHeld"},
	},
}

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
					asKnown := c.Type == v1alpha1.UpToDate && (c.Message == "as it was" || words(fresh[name], c.Type) == "" || words(after, c.Type) == words(old, c.Type))
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
			s.Ledger.Foreign, s.Ledger.Tenant = &postgres.Tenant{Row: postgres.Row{Identity: "another"}}, nil
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
