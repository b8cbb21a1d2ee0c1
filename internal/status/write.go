package status

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/events"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// Writer writes status, at most once per pass and only if it changed.
type Writer struct {
	Client client.Client
	Events events.EventRecorder
}

// Write sends what changed since before, and tells people of a transition.
func (w *Writer) Write(ctx context.Context, before, after *v1alpha1.Organisation) error {
	if equality.Semantic.DeepEqual(before.Status, after.Status) {
		return nil
	}
	patched := after.DeepCopy()
	if err := w.Client.Status().Patch(ctx, patched, client.MergeFrom(before)); client.IgnoreNotFound(err) != nil {
		return fmt.Errorf("writing the status of Organisation %s: %w", after.Name, err)
	}
	w.tell(before, after)
	return nil
}

// tell emits an Event when Ready changes to something that a person should know:
// that it came true, or a reason that is not mere progress.
func (w *Writer) tell(before, after *v1alpha1.Organisation) {
	was := meta.FindStatusCondition(before.Status.Conditions, v1alpha1.Ready)
	is := meta.FindStatusCondition(after.Status.Conditions, v1alpha1.Ready)
	if is == nil || (was != nil && was.Status == is.Status && was.Reason == is.Reason) {
		return
	}
	switch is.Reason {
	case v1alpha1.ReasonProgressing, v1alpha1.ReasonPending:
		return
	}
	kind := corev1.EventTypeWarning
	if is.Status == metav1.ConditionTrue || is.Reason == v1alpha1.ReasonUpdating || is.Reason == v1alpha1.ReasonDeleting {
		kind = corev1.EventTypeNormal
	}
	w.Events.Eventf(after, nil, kind, is.Reason, "Reconcile", "%s", is.Message)
}
