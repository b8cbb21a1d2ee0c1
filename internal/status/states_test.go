package status

import (
	"errors"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/step"
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

// seen: what is known speaks of the present generation.
func seen(w *views.World) { w.Org.Status.Conditions[0].ObservedGeneration = 3 }

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
// status. test/ecosystem shows the same files to kstatus
// and Argo CD.
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
		world:    world{held("investigating"), served(serves), known(metav1.ConditionTrue, v1alpha1.ReasonReady), seen},
		outcomes: but(nil), serving: serves, available: true,
		want: [5]string{"True/Ready", "True/Ready", "", "", "True/Ready"},
	},
	"held-and-changed": {
		world:    world{held("investigating"), served(serves), known(metav1.ConditionTrue, v1alpha1.ReasonReady)},
		outcomes: but(nil), serving: serves, available: true,
		want: [5]string{"True/Ready", "True/Ready", "", "", "False/Held"},
	},
	"held-and-a-change-waits": {
		world:    world{held("investigating"), served(serves)},
		outcomes: but(nil), serving: serves, available: true, pending: []string{"Profile"},
		want: [5]string{"True/Ready", "True/Ready", "", "", "False/ChangePending"},
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
