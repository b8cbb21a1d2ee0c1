package messaging

import (
	"fmt"
	"strings"

	"github.com/glific/organisation-operator/internal/environment"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/plan"
	"github.com/glific/organisation-operator/internal/settings"
	"github.com/glific/organisation-operator/internal/snapshot"
	"github.com/glific/organisation-operator/internal/step"
)

// obstacle says in words what is missing before pods of the target release may start;
// "" if nothing is. What comes first is told first.
func obstacle(v step.View) string {
	for _, missing := range []func(step.View) string{undeclared, unfilled, unprojected, unadmitted} {
		if what := missing(v); what != "" {
			return what
		}
	}
	return ""
}

// undeclared: what is asked for cannot be had, or names no Release.
func undeclared(v step.View) string {
	switch {
	case v.Plan.Refusal != nil:
		return v.Plan.Refusal.Message
	case v.Live.Profile == nil || v.Live.Invalid != nil:
		return "the Organisation and its profile do not fit together; see condition Claimed"
	case v.Settings.Release == "" && v.Settings.Channel != "":
		return fmt.Sprintf("ReleaseChannel %s does not exist: create it, or name another channel or a Release in spec.release", v.Settings.Channel)
	case v.Settings.Release == "":
		return fmt.Sprintf("no Release is named: set spec.release.name, or spec.release in OrganisationProfile %s", v.Org.Spec.Profile)
	case v.Live.Release == nil:
		return fmt.Sprintf("Release %s does not exist: create it, or name another", v.Settings.Release)
	}
	return ""
}

// unfilled: the environment cannot be made.
func unfilled(v step.View) string {
	if _, ok := v.Keyring(); !ok {
		return "the keys are not there; see condition KeysReady"
	}
	switch {
	case v.Live.Ledger.Err != nil:
		return v.Live.Ledger.Err.Error()
	case v.Live.Ledger.Tenant == nil || v.Live.Server == nil:
		return "the database is not there; see condition DatabaseReady"
	}
	if _, err := v.Settings.PoolSize(v.Live.Release); err != nil {
		return err.Error()
	}
	env, ok := v.Environment()
	if !ok {
		return "the environment cannot be made; see condition SecretsReady"
	}
	return problems(env)
}

func problems(env environment.Environment) string {
	var messages []string
	for _, problem := range env.Problems {
		messages = append(messages, problem.Message)
	}
	return strings.Join(messages, "; ")
}

// unprojected: a Secret is missing. One that vanished for a moment must not take its
// variables out of running pods.
func unprojected(v step.View) string {
	for _, source := range v.Live.Secrets.Sources {
		if source.Secret == nil && source.Use != snapshot.UseTLS {
			return fmt.Sprintf("Secret %s, which %s names, does not exist; see condition SecretsReady", source.Name, namer(v, source))
		}
	}
	needed := v.PullSecrets()
	if env, ok := v.EnvironmentSecret(); ok {
		needed = append(needed, env)
	}
	for _, secret := range needed {
		if v.Live.Secrets.TenantSecret(secret.Name) == nil {
			return fmt.Sprintf("Secret %s is not in namespace %s yet; see condition SecretsReady", secret.Name, v.Settings.Namespace)
		}
	}
	return ""
}

func namer(v step.View, source snapshot.Source) string {
	if source.Layer == settings.LayerOwnSecret {
		return "Organisation " + v.Org.Name
	}
	return "OrganisationProfile " + v.Org.Spec.Profile
}

// unadmitted: the data is not ready for the release (plan.Admitted).
func unadmitted(v step.View) string {
	tenant := v.Live.Ledger.Tenant
	switch {
	case plan.Admitted(v.Live):
		return ""
	case tenant.Bootstrap != ledger.Bootstrapped:
		return "the database is not filled yet; see condition AdminBootstrapped"
	case tenant.AdminDigest == "":
		return "the published admin password is not replaced yet; see condition AdminBootstrapped"
	}
	return fmt.Sprintf("the schema is not that of Release %s yet; see condition Migrated", v.Live.Release.Name)
}
