// Package namespace gives an Organisation a namespace of its own, fenced in: Pod
// Security, quota, network policies, a service account without rights, and access
// for the people who look after the NGO.
package namespace

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/apply"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/step"
)

// Step keeps the tenant's namespace.
type Step struct {
	// Client creates, labels and deletes the Namespace.
	Client client.Client
	// Reader reads it from the API server, past every cache.
	Reader client.Reader
	// Applier writes the operator's own RoleBinding ahead of everything else.
	Applier *apply.Applier
	// Operator is the ServiceAccount that the operator runs as.
	Operator types.NamespacedName
	// Hot: the operator also needs the rights of hot upgrades there.
	Hot bool
}

// Name of the step.
func (*Step) Name() string { return "namespace" }

// Condition of the step.
func (*Step) Condition() string { return v1alpha1.NamespaceReady }

// Needs nothing that a database server must answer, so that an outage never stops
// the repair of a namespace; Act itself makes none before the claim stands.
func (*Step) Needs() []string { return nil }

// access is the part of the step that writes the operator's own RoleBinding. It has a
// name of its own, so that what it applies is not taken for something that the step
// no longer renders.
type access struct{ *Step }

func (access) Name() string { return "namespace-access" }

// Act makes sure that the namespace stands and is ours, and lets the operator in.
// Nothing else can be written there before that.
func (s *Step) Act(ctx context.Context, v step.View) step.Outcome {
	if out := permitted(v); !out.IsDone() {
		return out
	}
	if out := s.stand(ctx, v); !out.IsDone() {
		return out
	}
	if err := s.Applier.Converge(ctx, v, access{s}, []step.Applicable{s.operatorAccess(v)}); err != nil {
		return step.Failed(err)
	}
	return step.Done("", "")
}

// permitted: a namespace is made only for what is claimed. One that stands is repaired
// even while a change is refused, such as a host that somebody else holds, unless what
// is declared cannot be understood.
func permitted(v step.View) step.Outcome {
	if r := v.Plan.Refusal; r != nil && (v.Live.Namespace == nil || v.Plan.Frozen) {
		return step.Waiting(v1alpha1.ReasonPending, "condition Claimed: "+r.Message, 0)
	}
	if v.Live.Namespace == nil && v.Live.Ledger.Tenant == nil {
		return step.Waiting(v1alpha1.ReasonPending, fmt.Sprintf("Namespace %s is made once name, hosts and database are claimed", v.Settings.Namespace), 0)
	}
	return step.Done("", "")
}

// stand ends with a Namespace in the View that is ours, is not going, and has its labels.
func (s *Step) stand(ctx context.Context, v step.View) step.Outcome {
	var err error
	switch {
	case v.Live.Namespace == nil:
		err = s.create(ctx, v)
	case !entered(v):
		// The cache may be behind a namespace that was deleted and made anew by
		// somebody else, so ownership is proved before the first write in it.
		err = s.read(ctx, v)
	}
	if err != nil {
		return step.Failed(err)
	}
	if out := judge(v); !out.IsDone() {
		return out
	}
	if err := s.label(ctx, v); err != nil {
		return step.Failed(err)
	}
	return step.Done("", "")
}

// entered tells whether the operator has let itself in already.
func entered(v step.View) bool {
	return v.Live.Object("RoleBinding", v.Settings.Namespace, names.OperatorAccess) != nil
}

// create never applies: an existing namespace must not be taken over by a label.
func (s *Step) create(ctx context.Context, v step.View) error {
	s.Applier.Forget(v.Settings.Namespace)
	ns := &corev1.Namespace{}
	ns.Name, ns.Labels = v.Settings.Namespace, wantedLabels(v)
	err := s.Client.Create(ctx, ns, apply.FieldManager)
	switch {
	case apierrors.IsAlreadyExists(err):
		return s.read(ctx, v)
	case err != nil:
		return fmt.Errorf("creating Namespace %s: %w", ns.Name, err)
	}
	v.Live.Namespace = ns
	return nil
}

func (s *Step) read(ctx context.Context, v step.View) error {
	ns := &corev1.Namespace{}
	if err := s.Reader.Get(ctx, client.ObjectKey{Name: v.Settings.Namespace}, ns); err != nil {
		return fmt.Errorf("reading Namespace %s: %w", v.Settings.Namespace, err)
	}
	v.Live.Namespace = ns
	return nil
}
