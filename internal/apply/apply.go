// Package apply writes what steps render: server-side apply from the first write,
// one field manager, no request when nothing changed, and removal of what a step
// no longer renders.
package apply

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/snapshot"
	"github.com/glific/organisation-operator/internal/step"
)

// FieldManager owns every field that a step renders.
const FieldManager = client.FieldOwner("organisation-operator")

const defaultParallel = 4

// Applier writes objects.
type Applier struct {
	Client client.Client
	Scheme *runtime.Scheme
	// Parallel bounds the requests of one Organisation under way at once; 4 without it.
	Parallel int

	mu   sync.Mutex
	seen map[string]string
}

// Converge makes the objects of one step what the step rendered, and removes those
// that it no longer renders. The server's answers are put into the snapshot. Order
// within a step does not matter: an object that must come first is its own step's
// business.
func (a *Applier) Converge(ctx context.Context, v step.View, s step.Step, want []step.Applicable) error {
	wanted := map[string]bool{}
	var due []*unstructured.Unstructured
	for _, object := range want {
		intent, err := a.intent(v, s, object)
		if err != nil {
			return err
		}
		wanted[intent.GetKind()+"/"+intent.GetName()] = true
		if !a.settled(v.Live, intent) {
			due = append(due, intent)
		}
	}
	if err := a.write(ctx, v.Live, due); err != nil {
		return err
	}
	return a.prune(ctx, v.Live, s.Name(), wanted)
}

func (a *Applier) write(ctx context.Context, live *snapshot.Snapshot, due []*unstructured.Unstructured) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(cmp.Or(a.Parallel, defaultParallel))
	var mu sync.Mutex
	for _, intent := range due {
		group.Go(func() error {
			applied, err := a.apply(ctx, intent)
			if err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			live.Put(intent.GetKind(), applied)
			return nil
		})
	}
	return group.Wait()
}

// apply sends one object. The answer is decoded into the type that the snapshot
// holds, so that Observe sees what the server made of it.
func (a *Applier) apply(ctx context.Context, intent *unstructured.Unstructured) (client.Object, error) {
	id, digest := identify(intent), intent.GetAnnotations()[v1alpha1.AnnotationApplied]
	answer := intent.DeepCopy()
	err := a.Client.Apply(ctx, client.ApplyConfigurationFromUnstructured(answer), FieldManager, client.ForceOwnership)
	if err != nil {
		return nil, fmt.Errorf("applying %s %s/%s: %w", intent.GetKind(), intent.GetNamespace(), intent.GetName(), err)
	}
	a.remember(id, digest, answer.GetResourceVersion())
	typed, err := a.Scheme.New(intent.GroupVersionKind())
	if err != nil {
		return nil, fmt.Errorf("decoding %s: %w", intent.GetKind(), err)
	}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(answer.Object, typed); err != nil {
		return nil, fmt.Errorf("decoding %s %s: %w", intent.GetKind(), intent.GetName(), err)
	}
	return typed.(client.Object), nil
}

// prune removes what this step made and no longer renders. The UID is part of the
// request, so an object that somebody made anew is not touched.
func (a *Applier) prune(ctx context.Context, live *snapshot.Snapshot, step string, wanted map[string]bool) error {
	for _, owned := range live.OwnedBy(step) {
		if wanted[owned.Kind+"/"+owned.GetName()] || !owned.GetDeletionTimestamp().IsZero() || running(owned.Object) {
			continue
		}
		uid := owned.GetUID()
		err := a.Client.Delete(ctx, owned.Object, client.Preconditions{UID: &uid}, client.PropagationPolicy("Background"))
		if client.IgnoreNotFound(err) != nil && !apierrors.IsConflict(err) {
			return fmt.Errorf("removing %s %s/%s, which is no longer wanted: %w", owned.Kind, owned.GetNamespace(), owned.GetName(), err)
		}
		live.Drop(owned.Kind, owned.GetNamespace(), owned.GetName())
	}
	return nil
}

// running tells whether an object is a Job that has not ended: what runs against a
// database is never cut off because something else is wanted now.
func running(object client.Object) bool {
	job, ok := object.(*batchv1.Job)
	return ok && !slices.ContainsFunc(job.Status.Conditions, func(c batchv1.JobCondition) bool {
		return c.Status == corev1.ConditionTrue && (c.Type == batchv1.JobComplete || c.Type == batchv1.JobFailed)
	})
}

// intent is what is sent: the step's fields, the labels that prove ownership, and
// the digest of it all.
func (a *Applier) intent(v step.View, s step.Step, object step.Applicable) (*unstructured.Unstructured, error) {
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(object)
	if err != nil {
		return nil, fmt.Errorf("rendering an object of step %s: %w", s.Name(), err)
	}
	intent := &unstructured.Unstructured{Object: content}
	intent.SetLabels(merge(v.Settings.Labels, intent.GetLabels(), names.Labels(v.Org), map[string]string{v1alpha1.LabelStep: s.Name()}))
	digest, err := digest(intent)
	if err != nil {
		return nil, err
	}
	intent.SetAnnotations(merge(intent.GetAnnotations(), map[string]string{v1alpha1.AnnotationApplied: digest}))
	return intent, nil
}

// merge lets later maps win.
func merge(maps ...map[string]string) map[string]string {
	merged := map[string]string{}
	for _, m := range maps {
		for k, v := range m {
			merged[k] = v
		}
	}
	return merged
}
