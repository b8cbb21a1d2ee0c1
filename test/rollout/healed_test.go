package rollout

import (
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/testkit/lane"
	"github.com/glific/organisation-operator/internal/testkit/portal"
)

func faultsOf(refuses bool) portal.Faults { return portal.Faults{NoOrigin: refuses} }

// git is what a self-healing applier holds the cluster to.
type git []client.Object

// heal applies everything again, by force, as Argo CD does. What a person wrote into a
// spec is gone afterwards.
func (w *world) heal(g git) {
	w.t.Helper()
	for _, object := range g {
		again := object.DeepCopyObject().(client.Object)
		if err := w.Admin.Patch(w.t.Context(), again, client.Apply, client.ForceOwnership, client.FieldOwner("argocd")); err != nil { //nolint:staticcheck // typed objects, whole
			w.t.Fatalf("applying %T %s: %v", object, object.GetName(), err)
		}
	}
}

// tenMinutes go by while Git is applied every thirty seconds.
func (w *world) tenMinutes(g git, what string, holds func() bool) {
	w.t.Helper()
	const rounds = 20
	for range rounds {
		w.heal(g)
		w.step(10 * time.Minute / rounds)
		if !holds() {
			w.t.Fatalf("%s: not any more\n%s", what, w.tell())
		}
	}
	w.t.Logf("%s for ten minutes of self-healing", what)
}

func (w *world) annotate(object client.Object, key, value string) {
	w.t.Helper()
	change(w, object.GetName(), object, func(o client.Object) {
		all := o.GetAnnotations()
		if all == nil {
			all = map[string]string{}
		}
		all[key] = value
		if value == "" {
			delete(all, key)
		}
		o.SetAnnotations(all)
	})
}

// healed: what a person says by annotations stands, whatever Git applies.
func (w *world) healed() {
	r6 := lane.Release("r6", "6")
	r6.Spec.RequiredEnv = []v1alpha1.RequiredEnv{{Name: "NEW_KEY"}}
	w.create(r6)
	channel := declared("r6")
	channel.Spec.Waves[1].Approval, channel.Spec.Waves[2].Approval = v1alpha1.ApprovalManual, v1alpha1.ApprovalManual
	g := git{channel}
	for i := range canaries + early {
		g = append(g, organisation(i))
	}
	is := func(verdict string) func() bool { return func() bool { return w.verdict() == verdict } }

	w.annotate(&v1alpha1.ReleaseChannel{ObjectMeta: named("stable")}, v1alpha1.AnnotationHold, "delivery delays")
	w.heal(g)
	w.stay("the channel is held", is("False/Held"))
	change(w, "stable", &v1alpha1.ReleaseChannel{}, func(c *v1alpha1.ReleaseChannel) { c.Spec.Verification.VerifyFor.Duration = time.Hour })
	w.tenMinutes(g, "the hold stands", func() bool { return w.verdict() == "False/Held" && len(w.channel().Status.Slots) == 0 })
	if d := w.channel().Spec.Verification.VerifyFor.Duration; d != hold {
		w.t.Errorf("Git does not heal: verifyFor is %s", d)
	}

	w.annotate(&v1alpha1.ReleaseChannel{ObjectMeta: named("stable")}, v1alpha1.AnnotationHold, "")
	w.stay("the canary lacks a key", is("False/Halted"))
	first := w.channel().Status.Failing[0]
	if first.Reason != v1alpha1.ReasonConfigIncomplete || len(w.touchedBy("r6")) != 0 {
		w.t.Errorf("%+v; touched %v", first, w.touchedBy("r6"))
	}
	change(w, "shared-providers", &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: lane.Namespace}}, func(s *corev1.Secret) { s.Data["NEW_KEY"] = []byte("new") })
	w.annotate(&v1alpha1.Organisation{ObjectMeta: named(first.Name)}, v1alpha1.AnnotationRetryAt, "1")
	w.live("the canary serves r6 after a retry", is("False/WaitingForApproval"))
	w.tenMinutes(g, "the retry stands, and so does the door of the next wave", func() bool {
		return w.verdict() == "False/WaitingForApproval" && w.touchedBy("r6")["canary"] == canaries && len(w.channel().Status.Slots) == 0
	})

	w.annotate(&v1alpha1.ReleaseChannel{ObjectMeta: named("stable")}, v1alpha1.AnnotationApprove, "early@r6")
	w.live("the early ones serve r6 after an approval", func() bool {
		w.heal(g[:1])
		return w.channel().Status.Wave == "early" && w.channel().Status.Counts.Current == canaries+early
	})
	w.tenMinutes(g, "the approval stands, for one wave", func() bool {
		touched := w.touchedBy("r6")
		return w.verdict() == "False/WaitingForApproval" && touched["early"] == early && touched["rest"] == 0
	})
}
