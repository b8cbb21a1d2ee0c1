// Package claim makes name, hosts and a place on a DatabaseServer an Organisation's
// own, before anything is made under them.
package claim

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/plan"
	"github.com/glific/organisation-operator/internal/step"
)

// Step claims.
type Step struct {
	// Client writes host claims; Live lists them from the API server.
	Client client.Client
	Live   client.Reader
	// Namespace is the operator's own, where host claims lie.
	Namespace string
	// Installation is the UID of the namespace kube-system.
	Installation string
	// FleetSize counts the Organisations on a DatabaseServer, for the breaker.
	FleetSize func(ctx context.Context, server string) (int, error)
}

// Name of the step.
func (*Step) Name() string { return "claim" }

// Condition of the step.
func (*Step) Condition() string { return v1alpha1.Claimed }

// Needs nothing: claiming comes first.
func (*Step) Needs() []string { return nil }

// Render nothing: claims are created, never applied, so that a lock cannot be taken over.
func (*Step) Render(step.View) ([]step.Applicable, error) { return nil, nil }

// Act claims the hosts, then the row in the ledger.
func (s *Step) Act(ctx context.Context, v step.View) step.Outcome {
	if r := v.Plan.Refusal; r != nil {
		if v.Live.Ledger.Tenant != nil { // a refused change must not keep an NGO from being suspended
			if out := s.power(ctx, v); !out.IsDone() {
				return out
			}
		}
		return refused(r)
	}
	if v.Live.Ledger.Err != nil {
		return unreachable(v)
	}
	if out := s.claimHosts(ctx, v); !out.IsDone() {
		return out
	}
	if out := s.claimRow(ctx, v); !out.IsDone() {
		return out
	}
	if out := s.power(ctx, v); !out.IsDone() {
		return out
	}
	return s.releaseHosts(ctx, v)
}

// Observe tells whether everything is claimed.
func (s *Step) Observe(v step.View) step.Outcome {
	switch {
	case v.Plan.Refusal != nil:
		return refused(v.Plan.Refusal)
	case v.Live.Ledger.Err != nil:
		return unreachable(v)
	case v.Live.Ledger.Foreign != nil:
		f := v.Live.Ledger.Foreign
		return step.Waiting(v1alpha1.ReasonRetainedDataFound, fmt.Sprintf("database %s belongs to Organisation %s of installation %s, and is %s", f.Database, f.Organisation, f.Installation, f.State), step.Retry)
	case v.Live.Server == nil:
		return step.Waiting(v1alpha1.ReasonProgressing, "no DatabaseServer is chosen yet", 0)
	case v.Live.Ledger.Tenant == nil && hadData(v):
		return lost(v)
	case v.Live.Ledger.Tenant == nil:
		return step.Waiting(v1alpha1.ReasonProgressing, "the ledger has no row of this Organisation yet", 0)
	}
	t := v.Live.Ledger.Tenant
	return step.Done(v1alpha1.ReasonReady, fmt.Sprintf("database %s on DatabaseServer %s and host %s are claimed", t.Database, v.Live.Server.Name, v.Settings.Host))
}

func refused(r *plan.Refusal) step.Outcome {
	switch {
	case r.Unknown:
		return step.WaitingUnknown(r.Reason, r.Message, step.Retry)
	case r.Curable:
		return step.Waiting(r.Reason, r.Message, step.Retry)
	}
	return step.Stalled(r.Reason, r.Message)
}

func unreachable(v step.View) step.Outcome {
	return step.WaitingUnknown(v1alpha1.ReasonServerUnreachable,
		fmt.Sprintf("%v; what serves goes on, and nothing that needs the ledger is changed", v.Live.Ledger.Err), step.Retry)
}

func (s *Step) claimHosts(ctx context.Context, v step.View) step.Outcome {
	for _, host := range v.Plan.Hosts {
		if slices.ContainsFunc(v.Live.Claims, func(c corev1.ConfigMap) bool { return c.Name == names.HostClaim(host) }) {
			continue
		}
		claim := s.claim(v, host)
		err := s.Client.Create(ctx, claim)
		if apierrors.IsAlreadyExists(err) {
			return step.Waiting(v1alpha1.ReasonHostnameTaken,
				fmt.Sprintf("host %s has just been claimed by somebody else (ConfigMap %s): choose another, or free it there", host, claim.Name), 5*time.Second)
		}
		if err != nil {
			return step.Failed(fmt.Errorf("claiming host %s: %w", host, err))
		}
		v.Live.Claims = append(v.Live.Claims, *claim)
	}
	return step.Done("", "")
}

func (s *Step) claim(v step.View, host string) *corev1.ConfigMap {
	return &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{Name: names.HostClaim(host), Namespace: s.Namespace, Labels: names.Labels(v.Org)},
		Data:       map[string]string{plan.HostKey: host},
		Immutable:  new(true),
	}
}

// releaseHosts gives up hosts that are neither wanted nor routed any more: the new
// ones are claimed before the old are released.
func (s *Step) releaseHosts(ctx context.Context, v step.View) step.Outcome {
	routed := v.Live.RoutedHosts()
	for i := range v.Live.Claims {
		claim := &v.Live.Claims[i]
		host := claim.Data[plan.HostKey]
		if !names.Owned(v.Org, claim.Labels) || slices.Contains(v.Plan.Hosts, host) || slices.Contains(routed, host) {
			continue
		}
		if err := s.release(ctx, claim); err != nil {
			return step.Failed(err)
		}
	}
	return step.Done("", "")
}

func (s *Step) release(ctx context.Context, claim *corev1.ConfigMap) error {
	err := s.Client.Delete(ctx, claim, client.Preconditions{UID: &claim.UID})
	if client.IgnoreNotFound(err) != nil && !apierrors.IsConflict(err) {
		return fmt.Errorf("releasing host %s: %w", claim.Data[plan.HostKey], err)
	}
	return nil
}

// Finalize releases the hosts. The row in the ledger is the database step's business.
func (s *Step) Finalize(ctx context.Context, v step.View) step.Outcome {
	// Live: a claim that was made a moment ago may not be in any cache.
	var claims corev1.ConfigMapList
	err := s.Live.List(ctx, &claims, client.InNamespace(s.Namespace), client.MatchingLabels{v1alpha1.LabelIdentity: v.Org.Identity()})
	if err != nil {
		return step.Failed(fmt.Errorf("listing the hosts of %s: %w", v.Org.Name, err))
	}
	var errs []error
	for i := range claims.Items {
		if claim := &claims.Items[i]; names.Owned(v.Org, claim.Labels) {
			errs = append(errs, s.release(ctx, claim))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return step.Failed(err)
	}
	return step.Done(v1alpha1.ReasonReady, "hosts are released")
}
