package world

import (
	"context"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/environment"
	"github.com/glific/organisation-operator/internal/keyring"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/settings"
)

// Config is the environment of an Organisation's pods, as far as the caller may see.
type Config struct {
	Settings    settings.Settings
	Environment environment.Environment
	// Added are the variables that the operator adds to the pods' template itself.
	Added []string
	// Declared says which layers set a key, in ascending precedence.
	Declared map[string][]settings.Layer
	// Unread are Secrets whose keys are not among these, and why.
	Unread []string
}

// ReadConfig merges what an Organisation's pods are given.
func ReadConfig(ctx context.Context, c client.Reader, w *World, operatorNamespace string) (*Config, error) {
	set, err := settings.Resolve(w.Organisation, w.Profile)
	switch {
	case err != nil:
		return nil, fmt.Errorf("merging Organisation %s with its profile: %w", w.Organisation.Name, err)
	case w.Profile == nil:
		return nil, fmt.Errorf("OrganisationProfile %q does not exist or may not be read by you: kubectl get organisationprofiles", w.Organisation.Spec.Profile)
	case w.Release == nil:
		return nil, fmt.Errorf("the Release of Organisation %s does not exist or may not be read by you: kubectl get releases", w.Organisation.Name)
	}
	config := &Config{Settings: set, Declared: map[string][]settings.Layer{}}
	sources := config.secrets(ctx, c, w.Organisation.Name, operatorNamespace)
	config.Environment = environment.Build(set, w.Release, sources, derived(w, set))
	config.Environment.Problems = slices.DeleteFunc(config.Environment.Problems, config.ofKeyring)
	config.declare(w.Release, sources)
	config.Added = added(w, config.Environment)
	return config, nil
}

// derived are the operator's own keys. The secret ones are made of an empty keyring:
// only their names are true.
func derived(w *World, set settings.Settings) []environment.Value {
	db := environment.Database{Name: w.Organisation.Status.Database.Name, Username: w.Organisation.Status.Database.Name}
	if w.Server != nil && w.Server.Spec.PostgreSQL != nil {
		pg := w.Server.Spec.PostgreSQL
		db.Host, db.Port = pg.Host, pg.Port
		db.TLS = pg.TLS == nil || pg.TLS.Mode != v1alpha1.DatabaseTLSDisabled
		if pg.TLS != nil && pg.TLS.CA != nil {
			db.CA = []byte("not read")
		}
	}
	values := environment.Derive(set, w.Release, db, keyring.Keyring{}, w.Organisation.Status.Database.PoolSize)
	for i := range values {
		if values[i].Name == "PRIMARY_CACERT_ENCODED" {
			values[i].Secret = true // nothing to hide, but not read here
		}
	}
	return values
}

// ofKeyring tells whether a problem is of a key that is made from the keyring, which is
// not read here.
func (config *Config) ofKeyring(p environment.Problem) bool {
	return slices.ContainsFunc(config.Environment.Of(settings.LayerOperator), func(v environment.Value) bool {
		return v.Secret && strings.HasPrefix(p.Message, "key "+v.Name+" ")
	})
}

// secrets are those that profile and Organisation name. Their values are needed to
// check formats; what prints them hides them.
func (config *Config) secrets(ctx context.Context, c client.Reader, organisation, operatorNamespace string) []environment.Source {
	var sources []environment.Source
	add := func(name string, layer settings.Layer, places ...client.ObjectKey) {
		secret, err := first(ctx, c, places)
		if err != nil {
			config.Unread = append(config.Unread, fmt.Sprintf("Secret %s: %v", name, err))
			return
		}
		sources = append(sources, environment.Source{Name: name, Layer: layer, Data: secret.Data})
	}
	for _, name := range config.Settings.ProfileSecrets {
		add(name, settings.LayerSharedSecret, client.ObjectKey{Namespace: operatorNamespace, Name: name})
	}
	for _, name := range config.Settings.OwnSecrets {
		add(name, settings.LayerOwnSecret,
			client.ObjectKey{Namespace: operatorNamespace, Name: names.SourceSecret(organisation, name)},
			client.ObjectKey{Namespace: names.Namespace(organisation), Name: name})
	}
	return sources
}

// first is the first Secret that exists.
func first(ctx context.Context, c client.Reader, places []client.ObjectKey) (*corev1.Secret, error) {
	var err error
	for _, place := range places {
		secret := &corev1.Secret{}
		if err = c.Get(ctx, place, secret); err == nil {
			return secret, nil
		}
		if apierrors.IsForbidden(err) {
			err = fmt.Errorf("you may not read it in namespace %s", place.Namespace)
		}
	}
	return nil, err
}

func (config *Config) declare(release *v1alpha1.Release, sources []environment.Source) {
	plain := func(env []v1alpha1.EnvVar, layer settings.Layer) {
		for _, e := range env {
			config.Declared[e.Name] = append(config.Declared[e.Name], layer)
		}
	}
	plain(release.Spec.Env, settings.LayerRelease)
	plain(config.Settings.ProfileEnv, settings.LayerProfile)
	for _, source := range sources {
		for key := range source.Data {
			config.Declared[key] = append(config.Declared[key], source.Layer)
		}
	}
	plain(config.Settings.OwnEnv, settings.LayerOrganisation)
}

// added are variables of the live template that no layer declares.
func added(w *World, env environment.Environment) []string {
	known := map[string]bool{}
	for _, value := range env.Values {
		known[value.Name] = true
	}
	var names []string
	for _, d := range w.Deployments {
		for _, container := range d.Spec.Template.Spec.Containers {
			for _, e := range container.Env {
				if !known[e.Name] {
					known[e.Name] = true
					names = append(names, e.Name)
				}
			}
		}
	}
	return names
}
