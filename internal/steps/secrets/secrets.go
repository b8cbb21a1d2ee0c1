// Package secrets puts every Secret that the pods need into the tenant's namespace.
// Each is named after a digest of its content and never changed, so that pods which
// keep an old template keep the values that they were started with.
package secrets

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/settings"
	"github.com/glific/organisation-operator/internal/step"
)

// retry bounds how long a missing Secret goes unnoticed: Secrets are not watched.
const retry = 30 * time.Second

// soon is when a right that was given back has taken effect.
const soon = time.Second

// unsettled is how long a Secret is kept at least: what names it was perhaps written a
// moment ago, and is in no cache yet.
const unsettled = 10 * time.Minute

// Step projects Secrets.
type Step struct {
	Client client.Client
	Clock  clock.PassiveClock
}

// Name of the step.
func (*Step) Name() string { return "secrets" }

// Condition of the step.
func (*Step) Condition() string { return v1alpha1.SecretsReady }

// Needs the namespace, and the database whose address is part of the environment.
func (*Step) Needs() []string {
	return []string{v1alpha1.Claimed, v1alpha1.KeysReady, v1alpha1.DatabaseReady, v1alpha1.NamespaceReady}
}

// Render nothing: Secrets are created and deleted, never applied.
func (*Step) Render(step.View) ([]step.Applicable, error) { return nil, nil }

// Act creates the Secrets that are missing and removes those that nothing uses.
func (s *Step) Act(ctx context.Context, v step.View) step.Outcome {
	if out := fault(v); !out.IsDone() {
		return out
	}
	wanted := wanted(v)
	for _, secret := range wanted {
		if v.Live.Secrets.TenantSecret(secret.Name) != nil {
			continue
		}
		if out := s.create(ctx, v, secret); !out.IsDone() {
			return out
		}
	}
	if err := s.prune(ctx, v, wanted); err != nil {
		return step.Failed(err)
	}
	return step.Done("", "")
}

func wanted(v step.View) []step.Projected {
	wanted := v.PullSecrets()
	for _, one := range []func() (step.Projected, bool){v.EnvironmentSecret, v.AdminSecret, v.TLSSecret} {
		if secret, ok := one(); ok {
			wanted = append(wanted, secret)
		}
	}
	return wanted
}

func (s *Step) create(ctx context.Context, v step.View, p step.Projected) step.Outcome {
	labels := names.Labels(v.Org)
	labels[v1alpha1.LabelStep] = s.Name()
	secret := &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Name: p.Name, Namespace: v.Settings.Namespace, Labels: labels},
		Type:       p.Type,
		Immutable:  new(true),
		Data:       p.Data,
	}
	err := s.Client.Create(ctx, secret)
	if apierrors.IsAlreadyExists(err) {
		return s.reclaim(ctx, v, secret)
	}
	if err != nil {
		return step.Failed(fmt.Errorf("creating Secret %s in namespace %s: %w", p.Name, secret.Namespace, err))
	}
	v.Live.Secrets.Tenant = append(v.Live.Secrets.Tenant, *secret)
	return step.Done("", "")
}

// reclaim makes a Secret anew that lost the labels by which it is found: its content shows
// that it is ours. Pods that run have read it; one that starts in between is started again.
// A Secret of other content is somebody else's, and is left alone.
func (s *Step) reclaim(ctx context.Context, v step.View, want *corev1.Secret) step.Outcome {
	name := fmt.Sprintf("Secret %s in namespace %s", want.Name, want.Namespace)
	var found corev1.Secret
	if err := s.Client.Get(ctx, client.ObjectKeyFromObject(want), &found); err != nil {
		return step.Failed(fmt.Errorf("reading %s: %w", name, err))
	}
	if names.Owned(v.Org, found.Labels) {
		v.Live.Secrets.Tenant = append(v.Live.Secrets.Tenant, found) // it came while this pass went on
		return step.Done("", "")
	}
	if found.Type != want.Type || !maps.EqualFunc(found.Data, want.Data, bytes.Equal) {
		return step.Waiting(v1alpha1.ReasonNameConflict, name+" is not the operator's, and has a name that the operator needs: remove it", retry)
	}
	if err := s.Client.Delete(ctx, &found, client.Preconditions{UID: &found.UID}); client.IgnoreNotFound(err) != nil {
		return step.Failed(fmt.Errorf("removing %s, whose labels are lost: %w", name, err))
	}
	if err := s.Client.Create(ctx, want); err != nil {
		return step.Failed(fmt.Errorf("making %s anew, whose labels were lost: %w", name, err))
	}
	v.Live.Secrets.Tenant = append(v.Live.Secrets.Tenant, *want)
	return step.Done("", "")
}

// prune keeps what any live object still names: a kept pod template, a ReplicaSet to
// roll back to, a Job, a route.
func (s *Step) prune(ctx context.Context, v step.View, wanted []step.Projected) error {
	var kept []corev1.Secret
	for _, secret := range v.Live.Secrets.Tenant {
		isWanted := slices.ContainsFunc(wanted, func(p step.Projected) bool { return p.Name == secret.Name })
		foreign, young := secret.Labels[v1alpha1.LabelStep] != s.Name(), s.Clock.Since(secret.CreationTimestamp.Time) < unsettled
		if isWanted || foreign || young || v.Live.Mentions(secret.Name) {
			kept = append(kept, secret)
			continue
		}
		err := s.Client.Delete(ctx, &secret, client.Preconditions{UID: &secret.UID})
		if client.IgnoreNotFound(err) != nil {
			return fmt.Errorf("removing Secret %s, which nothing uses any more: %w", secret.Name, err)
		}
	}
	v.Live.Secrets.Tenant = kept
	return nil
}

// fault says what is missing or malformed, before any pod is changed.
func fault(v step.View) step.Outcome {
	if v.Live.Secrets.Unreadable {
		return step.Waiting(v1alpha1.ReasonProgressing, fmt.Sprintf("RoleBinding %s in namespace %s was gone, so Secrets could not be read; it is put back, and they are read again",
			names.OperatorAccess, v.Settings.Namespace), soon)
	}
	if missing := missing(v); len(missing) > 0 {
		return step.Waiting(v1alpha1.ReasonSecretNotFound, strings.Join(missing, "; "), retry)
	}
	if v.Live.Release == nil {
		return noRelease(v)
	}
	if _, err := v.Settings.PoolSize(v.Live.Release); err != nil {
		return step.Stalled(v1alpha1.ReasonConnectionBudgetExceeded, err.Error())
	}
	env, ok := v.Environment()
	if !ok {
		return step.Waiting(v1alpha1.ReasonPending, "the environment is made after claim, keys and database", 0)
	}
	if len(env.Problems) == 0 {
		return step.Done("", "")
	}
	var messages []string
	for _, p := range env.Problems {
		messages = append(messages, p.Message)
	}
	return step.Stalled(env.Problems[0].Reason, strings.Join(messages, "; "))
}

func noRelease(v step.View) step.Outcome {
	if v.Settings.Release == "" {
		return step.Waiting(v1alpha1.ReasonReleaseNotFound, fmt.Sprintf("no Release is named: set spec.release.name, or spec.release in OrganisationProfile %s", v.Org.Spec.Profile), 0)
	}
	return step.Waiting(v1alpha1.ReasonReleaseNotFound, fmt.Sprintf("Release %q does not exist: create it, or name another; what serves goes on", v.Settings.Release), 0)
}

// missing names every Secret that was named and does not exist, and where it may lie.
func missing(v step.View) []string {
	var missing []string
	for _, src := range v.Live.Secrets.Sources {
		switch {
		case src.Secret != nil:
		case src.Layer == settings.LayerOwnSecret:
			missing = append(missing, fmt.Sprintf("Secret %q does not exist: create it in namespace %s, or as %s in the operator's namespace",
				src.Name, v.Settings.Namespace, names.SourceSecret(v.Org.Name, src.Name)))
		default:
			missing = append(missing, fmt.Sprintf("Secret %q of OrganisationProfile %s does not exist: create it in the operator's namespace", src.Name, v.Org.Spec.Profile))
		}
	}
	return missing
}

// Observe tells whether every Secret is there.
func (s *Step) Observe(v step.View) step.Outcome {
	if v.Live.Ledger.Err != nil {
		return step.WaitingUnknown(v1alpha1.ReasonServerUnreachable, v.Live.Ledger.Err.Error(), retry)
	}
	if out := fault(v); !out.IsDone() {
		return out
	}
	for _, p := range wanted(v) {
		if v.Live.Secrets.TenantSecret(p.Name) == nil {
			return step.Waiting(v1alpha1.ReasonProgressing, fmt.Sprintf("Secret %s is not there yet", p.Name), 0)
		}
	}
	return step.Done(v1alpha1.ReasonReady, fmt.Sprintf("%d Secrets are in namespace %s", len(wanted(v)), v.Settings.Namespace))
}
