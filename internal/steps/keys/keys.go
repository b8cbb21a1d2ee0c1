// Package keys guards the master copy of an Organisation's keys: created once, never
// overwritten, and compared with the database before any pod starts.
package keys

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/keyring"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/login"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/step"
)

// Step creates the master copy.
type Step struct {
	// Client creates the Secret.
	Client client.Client
	// Namespace is the operator's own.
	Namespace string
	// Random is the source of keys.
	Random io.Reader
}

// Name of the step.
func (*Step) Name() string { return "keys" }

// Condition of the step.
func (*Step) Condition() string { return v1alpha1.KeysReady }

// Needs the claim: keys are made only for a database that is ours.
func (*Step) Needs() []string { return []string{v1alpha1.Claimed} }

// Render nothing: the Secret is created, never applied.
func (*Step) Render(step.View) ([]step.Applicable, error) { return nil, nil }

// Act creates the keys where no data depends on them yet, and records their
// fingerprint beside the data.
func (s *Step) Act(ctx context.Context, v step.View) step.Outcome {
	if v.Live.Secrets.Keys == nil {
		if out := s.create(ctx, v); !out.IsDone() {
			return out
		}
	}
	if out := s.Observe(v); !out.IsDone() {
		return out
	}
	tenant := v.Live.Ledger.Tenant
	if tenant == nil || tenant.KeyFingerprint != "" {
		return step.Done("", "")
	}
	keys, _ := v.Keyring()
	err := v.Live.Ledger.Connection.RecordKey(ctx, tenant.Ref(), keys.Fingerprint())
	switch {
	case errors.Is(err, ledger.ErrKeyMismatch):
		return mismatch(v)
	case err != nil:
		return step.Fault("recording the fingerprint of the keys", err)
	}
	tenant.KeyFingerprint = keys.Fingerprint()
	return step.Done("", "")
}

func (s *Step) create(ctx context.Context, v step.View) step.Outcome {
	if dataExists(v.Live.Ledger.Tenant) {
		return lost(v)
	}
	keys, err := s.generate()
	if err != nil {
		return step.Failed(err)
	}
	secret := &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Name: names.Keys(v.Settings.Identity), Namespace: s.Namespace, Labels: names.Labels(v.Org)},
		Immutable:  new(true),
		Data:       keys.Data(),
	}
	err = s.Client.Create(ctx, secret)
	if apierrors.IsAlreadyExists(err) {
		return step.Waiting(v1alpha1.ReasonProgressing, fmt.Sprintf("Secret %s has just been created; reading it again", secret.Name), time.Second)
	}
	if err != nil {
		return step.Failed(fmt.Errorf("creating Secret %s: %w", secret.Name, err))
	}
	v.Live.Secrets.Keys = secret
	return step.Done("", "")
}

func (s *Step) generate() (keyring.Keyring, error) {
	keys, err := keyring.Generate(s.Random)
	if err != nil {
		return keys, err
	}
	salt := make([]byte, login.SaltSize)
	if _, err := io.ReadFull(s.Random, salt); err != nil {
		return keys, fmt.Errorf("reading random bytes: %w", err)
	}
	verifier, err := login.Verifier(keys.DatabasePassword(), salt, login.Iterations)
	if err != nil {
		return keys, fmt.Errorf("deriving the verifier of the database password: %w", err)
	}
	return keys.WithVerifier(verifier), nil
}

// dataExists tells whether something may have been encrypted with keys that existed.
func dataExists(t *ledger.Tenant) bool {
	return t != nil && (t.KeyFingerprint != "" || t.Bootstrap != ledger.NotBootstrapped || t.Facts.Database.Exists)
}

func lost(v step.View) step.Outcome {
	return step.Stalled(v1alpha1.ReasonKeyLost, fmt.Sprintf(
		"Secret %s with the master copy of the keys is gone while database %s exists: restore that Secret from a backup; new keys would make the NGO's stored credentials unreadable, so none are made",
		names.Keys(v.Settings.Identity), v.Live.Ledger.Tenant.Database))
}

func mismatch(v step.View) step.Outcome {
	return step.Stalled(v1alpha1.ReasonKeyMismatch, fmt.Sprintf("the keys in Secret %s are not those that database %s was made with: restore the right Secret from a backup",
		v.Live.Secrets.Keys.Name, v.Live.Ledger.Tenant.Database))
}

// Observe compares the keys with the fingerprint in the ledger.
func (s *Step) Observe(v step.View) step.Outcome {
	secret, tenant := v.Live.Secrets.Keys, v.Live.Ledger.Tenant
	switch {
	case secret == nil && dataExists(tenant):
		return lost(v)
	case secret == nil:
		return step.Waiting(v1alpha1.ReasonPending, "the keys are made after the place on the DatabaseServer is claimed", 0)
	}
	keys, err := keyring.Parse(secret.Data)
	proven := err == nil && tenant != nil && tenant.KeyFingerprint == keys.Fingerprint()
	if !proven && secret.Labels[v1alpha1.LabelIdentity] != v.Settings.Identity {
		return step.Waiting(v1alpha1.ReasonNameConflict, fmt.Sprintf("Secret %s exists, does not carry the label %s=%s, and is not known to fit the database; nothing was changed: keep it, and find out where it comes from", secret.Name, v1alpha1.LabelIdentity, v.Settings.Identity), step.Retry)
	}
	if err != nil {
		return step.Stalled(v1alpha1.ReasonKeyLost, fmt.Sprintf("Secret %s is damaged (%v): restore it from a backup", secret.Name, err))
	}
	if tenant != nil && tenant.KeyFingerprint != "" && tenant.KeyFingerprint != keys.Fingerprint() {
		return mismatch(v)
	}
	return step.Done(v1alpha1.ReasonReady, fmt.Sprintf("Secret %s has the master copy of the keys", secret.Name))
}
