package namespace

import (
	"fmt"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/snapshot"
	"github.com/glific/organisation-operator/internal/step"
)

const (
	// conflict bounds how long a foreign namespace is not looked at again: caches hold
	// the operator's own objects, so nothing tells of its end.
	conflict = time.Minute
	// soon is when a write into a young namespace is tried again.
	soon = time.Second
)

// Observe tells whether the namespace and everything that fences it in is there.
func (s *Step) Observe(v step.View) step.Outcome {
	if out := judge(v); !out.IsDone() {
		return out
	}
	want, err := s.Render(v)
	if err != nil {
		return step.Stalled(v1alpha1.ReasonInvalidSpec, err.Error())
	}
	var missing []string
	for _, object := range append(want, s.operatorAccess(v)) {
		if v.Live.Object(*object.GetKind(), v.Settings.Namespace, *object.GetName()) == nil {
			missing = append(missing, *object.GetKind()+" "+*object.GetName())
		}
	}
	if len(missing) > 0 {
		return step.Waiting(v1alpha1.ReasonProgressing,
			fmt.Sprintf("Namespace %s is being furnished; still missing: %s", v.Settings.Namespace, strings.Join(missing, ", ")), 0)
	}
	return step.Done(v1alpha1.ReasonReady, fmt.Sprintf("Namespace %s stands with its quota, network policies and access", v.Settings.Namespace))
}

// judge tells whether the namespace is there, ours and not going.
func judge(v step.View) step.Outcome {
	ns := v.Live.Namespace
	switch {
	case ns == nil:
		return step.Waiting(v1alpha1.ReasonProgressing, fmt.Sprintf("Namespace %s does not exist yet", v.Settings.Namespace), 0)
	case !names.Owned(v.Org, ns.Labels):
		return step.Waiting(v1alpha1.ReasonNameConflict,
			fmt.Sprintf("Namespace %s exists and does not carry the identity %s: nothing was changed; delete that namespace if it is not needed, or give the Organisation another name", ns.Name, v.Org.Identity()), conflict)
	case !ns.DeletionTimestamp.IsZero():
		return step.Waiting(v1alpha1.ReasonNamespaceTerminating,
			fmt.Sprintf("Namespace %s is being deleted%s; it is made anew, with the data as it was, as soon as it is gone", ns.Name, blockers(ns)), gone)
	}
	return step.Done("", "")
}

// blockers says what keeps a namespace from going, as far as the namespace
// controller tells: each of its conditions is True while it is a hindrance.
func blockers(ns *corev1.Namespace) string {
	var hindrances []string
	for _, c := range ns.Status.Conditions {
		if c.Status == corev1.ConditionTrue {
			hindrances = append(hindrances, fmt.Sprintf("%s: %s", c.Type, strings.TrimRight(c.Message, ". ")))
		}
	}
	for _, f := range ns.Spec.Finalizers {
		if f != corev1.FinalizerKubernetes {
			hindrances = append(hindrances, "finalizer "+string(f))
		}
	}
	for _, f := range ns.Finalizers {
		hindrances = append(hindrances, "finalizer "+f)
	}
	if len(hindrances) == 0 {
		return ""
	}
	slices.Sort(hindrances)
	return " and waits for what is left in it (" + strings.Join(hindrances, "; ") + ")"
}

// Settling says what an error of a write into a tenant's namespace means while that
// namespace is new or going; false if the error is just an error. Every API server
// must first hear of the RoleBinding that lets the operator in, and until then
// Forbidden says nothing about what exists.
func Settling(err error, ns *corev1.Namespace, now time.Time) (step.Outcome, bool) {
	switch {
	case ns == nil || !apierrors.IsForbidden(err):
		return step.Outcome{}, false
	case apierrors.HasStatusCause(err, corev1.NamespaceTerminatingCause):
		return step.Waiting(v1alpha1.ReasonNamespaceTerminating,
			fmt.Sprintf("Namespace %s has begun to be deleted; it is made anew, with the data as it was, as soon as it is gone", ns.Name), gone), true
	case snapshot.Young(ns, now):
		return step.Waiting(v1alpha1.ReasonProgressing,
			fmt.Sprintf("Namespace %s is new, and the API server has yet to learn that the operator may write in it", ns.Name), soon), true
	}
	return step.Outcome{}, false
}
