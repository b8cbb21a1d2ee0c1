package namespace

import (
	"context"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/step"
)

// gone bounds how long the end of a namespace goes unnoticed if its watch is broken.
const gone = 15 * time.Second

// Finalize deletes the namespace and waits until it is gone. Only a live read that
// shows this identity permits it, and the UID of that read is part of the request.
func (s *Step) Finalize(ctx context.Context, v step.View) step.Outcome {
	err := s.read(ctx, v)
	switch {
	case apierrors.IsNotFound(err):
		v.Live.Namespace = nil
		s.Applier.Forget(v.Settings.Namespace)
		return step.Done(v1alpha1.ReasonReady, fmt.Sprintf("Namespace %s is gone", v.Settings.Namespace))
	case err != nil:
		return step.Failed(err)
	}
	ns := v.Live.Namespace
	if !names.Owned(v.Org, ns.Labels) {
		return step.Done(v1alpha1.ReasonReady, fmt.Sprintf("Namespace %s does not carry the identity %s, so it is left alone", ns.Name, v.Org.Identity()))
	}
	if ns.DeletionTimestamp.IsZero() {
		if err := s.remove(ctx, ns); err != nil {
			return step.Failed(err)
		}
	}
	return step.Waiting(v1alpha1.ReasonDeleting, fmt.Sprintf("Namespace %s is being deleted%s", ns.Name, blockers(ns)), gone)
}

func (s *Step) remove(ctx context.Context, ns *corev1.Namespace) error {
	err := s.Client.Delete(ctx, ns, client.Preconditions{UID: &ns.UID})
	if client.IgnoreNotFound(err) != nil {
		return fmt.Errorf("deleting Namespace %s: %w", ns.Name, err)
	}
	return nil
}
