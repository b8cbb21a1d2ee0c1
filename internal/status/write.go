package status

import (
	"context"
	"fmt"
	"slices"
	"sync"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/events"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// Writer writes status, at most once per pass and only if it changed.
type Writer struct {
	Client client.Client
	Events events.EventRecorder

	mu      sync.Mutex
	written map[string]written
}

// written is the last status of an Organisation, which its cache may not show yet.
type written struct {
	// over are the resource versions that it took the place of, now is its own.
	over   []string
	now    string
	status v1alpha1.OrganisationStatus
}

// Recall brings an Organisation as it was read up to what was written since: a cache
// that is behind would make the next pass write the same again, with later times. It
// is memory only: losing it costs that one write. The resource version stays as read:
// a patch that replaces finalizers must fail on metadata that is behind.
func (w *Writer) Recall(org *v1alpha1.Organisation) {
	w.mu.Lock()
	defer w.mu.Unlock()
	last, ok := w.written[org.Name]
	if !ok {
		return
	}
	if !slices.Contains(last.over, org.ResourceVersion) {
		delete(w.written, org.Name) // the cache has caught up, or somebody else wrote
		return
	}
	last.status.DeepCopyInto(&org.Status)
}

// Forget drops the memory of an Organisation that is gone.
func (w *Writer) Forget(name string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.written, name)
}

func (w *Writer) remember(before, after *v1alpha1.Organisation) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.written == nil {
		w.written = map[string]written{}
	}
	over := []string{before.ResourceVersion}
	if last := w.written[after.Name]; last.now == before.ResourceVersion || slices.Contains(last.over, before.ResourceVersion) {
		over = append(append(over, last.over...), last.now)
	}
	w.written[after.Name] = written{over: over, now: after.ResourceVersion, status: *after.Status.DeepCopy()}
}

// Write sends what changed since before, and tells people of a transition.
func (w *Writer) Write(ctx context.Context, before, after *v1alpha1.Organisation) error {
	if equality.Semantic.DeepEqual(before.Status, after.Status) {
		return nil
	}
	patched := after.DeepCopy()
	if err := w.Client.Status().Patch(ctx, patched, w.patch(before, after)); client.IgnoreNotFound(err) != nil {
		return fmt.Errorf("writing the status of Organisation %s: %w", after.Name, err)
	}
	w.remember(before, patched)
	u := ended(before, after)
	if u != nil {
		w.conclude(after, u)
	}
	w.tell(ctx, before, after, u)
	return nil
}

// patch is what changed since before. Conditions are made anew in every pass, so whoever
// writes them last is right. An update goes on from where it was, and a channel counts its
// answer: it is written only over what was read, so that a leader that was frozen, or one
// whose caches are behind its predecessor's last write, takes no answer back. Such a write
// fails with a conflict instead.
func (w *Writer) patch(before, after *v1alpha1.Organisation) client.Patch {
	if equality.Semantic.DeepEqual(before.Status.Update, after.Status.Update) {
		return client.MergeFrom(before)
	}
	base := before.DeepCopy()
	base.ResourceVersion = w.newest(before)
	return client.MergeFromWithOptions(base, client.MergeFromWithOptimisticLock{})
}

// newest is the version whose status before shows: its own, or that of the last write, if
// it was recalled.
func (w *Writer) newest(before *v1alpha1.Organisation) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if last, ok := w.written[before.Name]; ok && slices.Contains(last.over, before.ResourceVersion) {
		return last.now
	}
	return before.ResourceVersion
}

// tell emits an Event when Ready changes to something that a person should know:
// that it came true, or a reason that is not mere progress. The end of an update is told
// already.
func (w *Writer) tell(ctx context.Context, before, after *v1alpha1.Organisation, u *v1alpha1.UpdateStatus) {
	was := meta.FindStatusCondition(before.Status.Conditions, v1alpha1.Ready)
	is := meta.FindStatusCondition(after.Status.Conditions, v1alpha1.Ready)
	if is == nil || (was != nil && was.Status == is.Status && was.Reason == is.Reason) {
		return
	}
	log.FromContext(ctx).Info("Ready changed", "status", is.Status, "reason", is.Reason, "release", after.Status.Release.Serving)
	if u != nil && (is.Status == metav1.ConditionTrue || is.Reason == concluded(u)) {
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
