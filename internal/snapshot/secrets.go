package snapshot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/settings"
)

// secrets reads the master copy of the keys, every named Secret, and the operator's
// Secrets in the tenant's namespace. All reads are live: there is no cache of Secrets.
func (l *Loader) secrets(ctx context.Context, org *v1alpha1.Organisation, s *Snapshot) (err error) {
	s.Secrets.Keys, err = l.secret(ctx, l.Namespace, names.Keys(org.Identity()))
	if err != nil {
		return err
	}
	if err := l.guard(ctx, s); err != nil {
		return err
	}
	if err := l.sources(ctx, org, s); err != nil {
		return err
	}
	if s.Namespace == nil || !names.Owned(org, s.Namespace.Labels) {
		return nil
	}
	var list corev1.SecretList
	err = l.Live.List(ctx, &list, client.InNamespace(s.Namespace.Name), client.MatchingLabels{v1alpha1.LabelManagedBy: v1alpha1.ManagedBy})
	if err := l.settling(err, s); err != nil {
		return fmt.Errorf("listing Secrets in namespace %s: %w", s.Namespace.Name, err)
	}
	s.Secrets.Tenant = list.Items
	return nil
}

// guard refuses to hand the operator's own credentials of a DatabaseServer to an NGO: its
// Secret lies in the same namespace as those that profiles name.
func (l *Loader) guard(ctx context.Context, s *Snapshot) error {
	named := slices.Concat(s.Settings.ProfileSecrets, s.Settings.PullSecrets)
	if len(named) == 0 {
		return nil
	}
	var servers v1alpha1.DatabaseServerList
	if err := l.Cache.List(ctx, &servers); err != nil {
		return fmt.Errorf("listing DatabaseServers: %w", err)
	}
	for _, server := range servers.Items {
		if pg := server.Spec.PostgreSQL; pg != nil && slices.Contains(named, pg.Credentials.Name) {
			s.Invalid = errors.Join(s.Invalid, fmt.Errorf(
				"OrganisationProfile %s: Secret %q holds the credentials of DatabaseServer %s and is never handed to an NGO: name another in spec.envFrom and spec.imagePullSecrets",
				s.Profile.Name, pg.Credentials.Name, server.Name))
		}
	}
	return nil
}

// ErrSettling: the operator's rights in a new namespace have not taken effect yet, so
// nothing can be known of it; look again in a moment.
var ErrSettling = errors.New("rights in a new namespace have not taken effect yet")

// young is how long rights may take to spread to every API server.
const young = 10 * time.Second

// Young tells whether a namespace or a RoleBinding was made so recently that Forbidden
// means nothing yet.
func Young(o client.Object, now time.Time) bool {
	return now.Sub(o.GetCreationTimestamp().Time) < young
}

// settling says what Forbidden means. In a new namespace without the operator's
// RoleBinding nothing of ours can be there yet, since only the operator writes it. In an
// older one somebody took the binding away: it is put back, and until then the Secrets
// are unreadable, not absent. While it is there but young, nothing may be concluded.
func (l *Loader) settling(err error, s *Snapshot) error {
	bound := s.Object("RoleBinding", s.Namespace.Name, names.OperatorAccess)
	switch {
	case !apierrors.IsForbidden(err):
		return err
	case bound == nil:
		s.Secrets.Unreadable = !Young(s.Namespace, l.Clock.Now())
		return nil
	case Young(bound, l.Clock.Now()):
		return ErrSettling
	}
	return err
}

func (l *Loader) sources(ctx context.Context, org *v1alpha1.Organisation, s *Snapshot) error {
	set := s.Settings
	add := func(use Use, layer settings.Layer, name string, read func(context.Context, string) (*corev1.Secret, error)) error {
		secret, err := read(ctx, name)
		s.Secrets.Sources = append(s.Secrets.Sources, Source{Name: name, Use: use, Layer: layer, Secret: secret})
		return err
	}
	shared := func(ctx context.Context, name string) (*corev1.Secret, error) {
		return l.secret(ctx, l.Namespace, name)
	}
	own := func(ctx context.Context, name string) (*corev1.Secret, error) { return l.own(ctx, org, name, s) }
	for _, name := range set.ProfileSecrets {
		if err := add(UseEnvironment, settings.LayerSharedSecret, name, shared); err != nil {
			return err
		}
	}
	for _, name := range set.PullSecrets {
		if err := add(UsePull, settings.LayerSharedSecret, name, shared); err != nil {
			return err
		}
	}
	for _, name := range set.OwnSecrets {
		if err := add(UseEnvironment, settings.LayerOwnSecret, name, own); err != nil {
			return err
		}
	}
	if set.TLSSecret == "" {
		return nil
	}
	return add(UseTLS, settings.LayerOwnSecret, set.TLSSecret, own)
}

// own finds an Organisation's own Secret: in the operator's namespace, where it may
// be given before the tenant's namespace exists, or in the tenant's.
func (l *Loader) own(ctx context.Context, org *v1alpha1.Organisation, name string, s *Snapshot) (*corev1.Secret, error) {
	secret, err := l.secret(ctx, l.Namespace, names.SourceSecret(org.Name, name))
	if err != nil || secret != nil {
		return secret, err
	}
	if s.Namespace == nil || !names.Owned(org, s.Namespace.Labels) {
		return nil, nil
	}
	secret, err = l.secret(ctx, s.Namespace.Name, name)
	return secret, l.settling(err, s)
}

func (l *Loader) secret(ctx context.Context, namespace, name string) (*corev1.Secret, error) {
	return get(ctx, l.Live, client.ObjectKey{Namespace: namespace, Name: name}, &corev1.Secret{})
}
