package step

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/environment"
	"github.com/glific/organisation-operator/internal/keyring"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/plan"
	"github.com/glific/organisation-operator/internal/settings"
	"github.com/glific/organisation-operator/internal/snapshot"
	"github.com/glific/organisation-operator/internal/update"
)

// digestLength of names that say what a Secret contains, in hexadecimal digits.
const digestLength = 10

// View is what a step may know.
type View struct {
	// Org as declared.
	Org *v1alpha1.Organisation
	// Settings: spec, profile and defaults, merged.
	Settings settings.Settings
	// Plan: the decisions of this pass.
	Plan plan.Plan
	// Update: how the Organisation's update by its channel goes on; zero if it follows none.
	Update update.Decision
	// Live: everything that the Organisation owns, read once, and what was written since.
	Live *snapshot.Snapshot
}

// MayMigrate tells whether the schema may be changed now. Without an update by a channel,
// what is declared decides; with one, its turn must have come.
func (v View) MayMigrate() bool {
	u := v.Update
	return u.Update == nil || u.Update.Answer != v1alpha1.SlotAccepted || u.State == update.Migrating
}

// MayDeploy tells whether a slot lets pods change now, with everything that waits.
func (v View) MayDeploy() bool { return v.Update.Action == update.Deploy }

// Projected is a Secret as it should be in the tenant's namespace. Its name carries a
// digest of its content, so it is created once and never changed: pods that keep an
// old template keep the values that they were started with.
type Projected struct {
	Name string
	Type corev1.SecretType
	Data map[string][]byte
}

// Keyring is the master copy of the keys; false before it exists, or if it is damaged.
func (v View) Keyring() (keyring.Keyring, bool) {
	if v.Live.Secrets.Keys == nil {
		return keyring.Keyring{}, false
	}
	keys, err := keyring.Parse(v.Live.Secrets.Keys.Data)
	return keys, err == nil
}

// Environment of the target release's pods; false while the Release, the keys or the
// ledger's answer are missing. The pool size is that of one pod of the deployment.
func (v View) Environment() (environment.Environment, bool) {
	keys, ok := v.Keyring()
	tenant := v.Live.Ledger.Tenant
	if !ok || v.Live.Invalid != nil || tenant == nil || v.Live.Release == nil || v.Live.Server == nil || v.Live.Server.Spec.PostgreSQL == nil {
		return environment.Environment{}, false
	}
	pool, err := v.Settings.PoolSize(v.Live.Release)
	if err != nil {
		return environment.Environment{}, false
	}
	derived := environment.Derive(v.Settings, v.Live.Release, v.database(), keys, pool)
	return environment.Build(v.Settings, v.Live.Release, v.envSources(), derived), true
}

func (v View) database() environment.Database {
	pg, tenant := v.Live.Server.Spec.PostgreSQL, v.Live.Ledger.Tenant
	db := environment.Database{
		Host: pg.Host, Port: pg.Port, Name: tenant.Database, Username: tenant.LoginRole,
		TLS: pg.TLS == nil || pg.TLS.Mode != v1alpha1.DatabaseTLSDisabled,
		CA:  v.Live.Ledger.CA,
	}
	if db.Port == 0 {
		db.Port = 5432
	}
	return db
}

func (v View) envSources() []environment.Source {
	var sources []environment.Source
	for _, src := range v.Live.Secrets.SourcesOf(snapshot.UseEnvironment) {
		if src.Secret != nil {
			sources = append(sources, environment.Source{Name: src.Name, Layer: src.Layer, Data: src.Secret.Data})
		}
	}
	return sources
}

// EnvironmentSecret is the Secret with the secret part of the environment; false
// while the environment cannot be made.
func (v View) EnvironmentSecret() (Projected, bool) {
	env, ok := v.Environment()
	if !ok {
		return Projected{}, false
	}
	keys, _ := v.Keyring()
	data := env.SecretData()
	return Projected{Name: names.Environment(keys.DigestData(digestLength, data)), Type: corev1.SecretTypeOpaque, Data: data}, true
}

// AdminSecret is the Secret with the first password of the NGO's administrator.
func (v View) AdminSecret() (Projected, bool) {
	keys, ok := v.Keyring()
	if !ok {
		return Projected{}, false
	}
	data := map[string][]byte{"ADMIN_PASSWORD": []byte(keys.AdminPassword())}
	return Projected{Name: names.Admin(keys.DigestData(digestLength, data)), Type: corev1.SecretTypeOpaque, Data: data}, true
}

// PullSecrets are the copies of the profile's image pull secrets, of those that exist.
func (v View) PullSecrets() []Projected {
	return v.copies(snapshot.UsePull, names.PullSecret)
}

// TLSSecret is the copy of the NGO's own certificate; false if it names none or it
// does not exist.
func (v View) TLSSecret() (Projected, bool) {
	copies := v.copies(snapshot.UseTLS, func(_, digest string) string { return names.TLSSecret(digest) })
	if len(copies) == 0 {
		return Projected{}, false
	}
	return copies[0], true
}

func (v View) copies(use snapshot.Use, name func(name, digest string) string) []Projected {
	keys, ok := v.Keyring()
	if !ok {
		return nil
	}
	var copies []Projected
	for _, src := range v.Live.Secrets.SourcesOf(use) {
		if src.Secret == nil {
			continue
		}
		digest := keys.DigestData(digestLength, src.Secret.Data)
		copies = append(copies, Projected{Name: name(src.Name, digest), Type: src.Secret.Type, Data: src.Secret.Data})
	}
	return copies
}
