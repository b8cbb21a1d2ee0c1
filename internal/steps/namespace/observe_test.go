package namespace

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/snapshot"
	"github.com/glific/organisation-operator/internal/step"
	"github.com/glific/organisation-operator/internal/testkit/views"
)

// furnished is a View in which everything that the step makes is there.
func furnished(t *testing.T, options ...views.Option) step.View {
	t.Helper()
	before := views.New(t)
	views.Apply(t, before, newStep())
	entry := &rbacv1.RoleBinding{ObjectMeta: metav1.ObjectMeta{Name: names.OperatorAccess, Namespace: "org-asha"}}
	return views.New(t, append([]views.Option{views.After(before, "namespace"), views.With(entry)}, options...)...)
}

func ns(change func(*corev1.Namespace)) views.Option {
	return views.Snapshot(func(s *snapshot.Snapshot) { change(s.Namespace) })
}

func going(n *corev1.Namespace) {
	n.DeletionTimestamp = new(metav1.NewTime(views.Now))
	n.Spec.Finalizers = []corev1.FinalizerName{corev1.FinalizerKubernetes, "example.org/backup"}
	n.Finalizers = []string{"example.org/audit"}
	n.Status.Conditions = []corev1.NamespaceCondition{
		{Type: corev1.NamespaceDeletionDiscoveryFailure, Status: corev1.ConditionFalse, Message: "All resources successfully discovered"},
		{Type: corev1.NamespaceContentRemaining, Status: corev1.ConditionTrue, Message: "Some resources are remaining: pods. has 1 resource instances"},
	}
}

func without(kind, name string) views.Option {
	return views.Snapshot(func(s *snapshot.Snapshot) { s.Drop(kind, "org-asha", name) })
}

func TestObserve(t *testing.T) {
	for sentence, test := range map[string]struct {
		view step.View
		want step.Outcome
	}{
		"everything is there": {furnished(t),
			step.Done(v1alpha1.ReasonReady, "Namespace org-asha stands with its quota, network policies and access")},
		"a silent database server changes nothing": {furnished(t, views.ServerUnreachable()),
			step.Done(v1alpha1.ReasonReady, "Namespace org-asha stands with its quota, network policies and access")},
		"there is no namespace": {views.New(t, views.WithoutNamespace()),
			step.Waiting(v1alpha1.ReasonProgressing, "Namespace org-asha does not exist yet", 0)},
		"objects are missing": {furnished(t, without("ServiceAccount", names.ServiceAccount), without("RoleBinding", names.OperatorAccess)),
			step.Waiting(v1alpha1.ReasonProgressing, "Namespace org-asha is being furnished; still missing: ServiceAccount tenant, RoleBinding organisation-operator", 0)},
		"the namespace is somebody else's": {furnished(t, ns(func(n *corev1.Namespace) { n.Labels = map[string]string{"team": "web"} })),
			step.Waiting(v1alpha1.ReasonNameConflict, "Namespace org-asha exists and does not carry the identity "+views.UID+": nothing was changed; delete that namespace if it is not needed, or give the Organisation another name", time.Minute)},
		"the identity is forged by half": {furnished(t, ns(func(n *corev1.Namespace) { n.Labels[v1alpha1.LabelIdentity] = "another" })),
			step.Waiting(v1alpha1.ReasonNameConflict, "Namespace org-asha exists and does not carry the identity "+views.UID+": nothing was changed; delete that namespace if it is not needed, or give the Organisation another name", time.Minute)},
		"the namespace is going": {furnished(t, ns(going)),
			step.Waiting(v1alpha1.ReasonNamespaceTerminating, "Namespace org-asha is being deleted and waits for what is left in it (NamespaceContentRemaining: Some resources are remaining: pods. has 1 resource instances; finalizer example.org/audit; finalizer example.org/backup); it is made anew, with the data as it was, as soon as it is gone", 15*time.Second)},
	} {
		t.Run(sentence, func(t *testing.T) {
			if diff := cmp.Diff(test.want, newStep().Observe(test.view)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// taken: the host is somebody else's.
func taken(w *views.World) {
	views.Claimed(corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{
		Name: names.HostClaim("asha.ngo.example.org"), Labels: map[string]string{v1alpha1.LabelOrganisation: "other"},
	}})(w)
}

func TestNothingIsMadeForWhatIsNotClaimed(t *testing.T) {
	for sentence, test := range map[string]struct {
		view step.View
		want string
	}{
		"claimed":                                 {views.New(t, views.WithoutNamespace()), ""},
		"the database is not claimed":             {views.New(t, views.WithoutNamespace(), views.Unclaimed()), v1alpha1.ReasonPending},
		"the profile is missing":                  {views.New(t, views.WithoutProfile()), v1alpha1.ReasonPending},
		"a size that does not exist":              {views.New(t, views.Spec(func(s *v1alpha1.OrganisationSpec) { s.Size = "giant" })), v1alpha1.ReasonPending},
		"another host is wanted than can be had":  {views.New(t, taken), ""},
		"the first host is somebody else's":       {views.New(t, taken, views.WithoutNamespace()), v1alpha1.ReasonPending},
		"the server is silent, the namespace is":  {views.New(t, views.ServerUnreachable()), ""},
		"the server is silent and nothing is yet": {views.New(t, views.ServerUnreachable(), views.WithoutNamespace()), v1alpha1.ReasonPending},
	} {
		t.Run(sentence, func(t *testing.T) {
			if out := permitted(test.view); out.Reason != test.want || out.IsDone() != (test.want == "") {
				t.Errorf("got %+v, want reason %q", out, test.want)
			}
		})
	}
}

func TestSettling(t *testing.T) {
	made := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "org-asha", CreationTimestamp: metav1.NewTime(views.Now)}}
	secrets := schema.GroupResource{Resource: "secrets"}
	forbidden := fmt.Errorf("creating Secret: %w", apierrors.NewForbidden(secrets, "keys", errors.New("no access")))
	terminating := apierrors.NewForbidden(secrets, "keys", errors.New("namespace is being terminated"))
	terminating.ErrStatus.Details.Causes = []metav1.StatusCause{{Type: corev1.NamespaceTerminatingCause}}
	for sentence, test := range map[string]struct {
		err    error
		ns     *corev1.Namespace
		age    time.Duration
		reason string
	}{
		"Forbidden in a new namespace is waiting":           {forbidden, made, 9 * time.Second, v1alpha1.ReasonProgressing},
		"after ten seconds Forbidden is an error":           {forbidden, made, 10 * time.Second, ""},
		"a namespace that goes is waited for, however old":  {terminating, made, time.Hour, v1alpha1.ReasonNamespaceTerminating},
		"another error is an error":                         {apierrors.NewConflict(secrets, "keys", errors.New("changed")), made, 0, ""},
		"without a namespace Forbidden is an error":         {forbidden, nil, 0, ""},
		"a clock that is behind does not make it an error":  {forbidden, made, -3 * time.Second, v1alpha1.ReasonProgressing},
		"no error is nothing to wait for, in a new one too": {nil, made, 0, ""},
	} {
		t.Run(sentence, func(t *testing.T) {
			out, ok := Settling(test.err, test.ns, views.Now.Add(test.age))
			if ok != (test.reason != "") || out.Reason != test.reason || ok && out.Kind != step.KindWaiting {
				t.Errorf("got %v, %+v; want reason %q", ok, out, test.reason)
			}
		})
	}
}
