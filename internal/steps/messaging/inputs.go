package messaging

import (
	"maps"
	"slices"
	"strconv"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/environment"
	"github.com/glific/organisation-operator/internal/keyring"
	"github.com/glific/organisation-operator/internal/settings"
	"github.com/glific/organisation-operator/internal/step"
)

// Causes of a change of pod templates (DESIGN, section 5). Organisation is put in
// force at once; the others wait for a restart.
const (
	CauseOrganisation   = "Organisation"
	CauseProfile        = "Profile"
	CauseSharedSecret   = "SharedSecret"
	CauseDatabaseServer = "DatabaseServer"
	CauseRelease        = "Release"
	// CauseOperator is what remains: the renderer and its defaults.
	CauseOperator = "Operator"
)

const (
	formatKey = "format"
	// inputsFormat must change whenever the digests of unchanged declarations would:
	// else a new operator would take its own change for everybody's and restart all.
	// testdata/inputs.golden notices.
	inputsFormat = "1"
	// inputLength of the digest of one cause, in hexadecimal digits.
	inputLength = 16
)

// inputs are digests, by cause, of everything that templates are made from. They are
// made under the tenant's own key, so that they reveal nothing about what is guessable.
type inputs map[string]string

// String is the form in which a ControllerRevision carries them.
func (in inputs) String() string { return text(map[string]string(in)) }

// causes of the difference between two templates that differ.
func causes(kept, fresh inputs) []string {
	if kept[formatKey] != fresh[formatKey] {
		return []string{CauseOperator}
	}
	var differing []string
	for _, cause := range slices.Sorted(maps.Keys(fresh)) {
		if kept[cause] != fresh[cause] {
			differing = append(differing, cause)
		}
	}
	if len(differing) == 0 {
		return []string{CauseOperator}
	}
	return differing
}

// gather digests what each cause contributes: what it declares where that alone has
// an effect, and of variables those that won.
func gather(v step.View, env environment.Environment, keys keyring.Keyring) inputs {
	digest := func(parts ...[]string) string { return keys.Digest(inputLength, slices.Concat(parts...)...) }
	return inputs{
		formatKey:           inputsFormat,
		CauseOrganisation:   digest(declared(v), identity(v, keys), variables(env, settings.LayerOrganisation, settings.LayerOwnSecret)),
		CauseProfile:        digest(shared(v), variables(env, settings.LayerProfile)),
		CauseSharedSecret:   digest(pulls(v), variables(env, settings.LayerSharedSecret)),
		CauseDatabaseServer: digest(address(v)),
		CauseRelease:        digest([]string{v.Live.Release.Name, text(v.Live.Release.Spec)}),
	}
}

func variables(env environment.Environment, layers ...settings.Layer) []string {
	var parts []string
	for _, value := range env.Of(layers...) {
		parts = append(parts, value.Name, value.Value)
	}
	return parts
}

// declared is what the Organisation itself says that shows in a template. A size by
// name is its own; what the name stands for is not.
func declared(v step.View) []string {
	spec := v.Org.Spec
	own := struct {
		Hostname        string
		Aliases         []string
		Release         *v1alpha1.ReleaseReference
		Size            string
		Replicas        int32
		Disruption      v1alpha1.Disruption
		Resources       *v1alpha1.Resources
		ConnectionLimit int32
	}{Hostname: spec.Hostname, Aliases: spec.Aliases, Release: ownRelease(spec.Release), Size: spec.Size}
	if m := spec.Messaging; m != nil {
		own.Replicas, own.Disruption, own.Resources = m.Replicas, m.Disruption, m.Resources
	}
	if d := spec.Database; d != nil {
		own.ConnectionLimit = d.ConnectionLimit
	}
	return []string{text(own)}
}

// ownRelease is the Release that the Organisation itself names. What it says of a channel
// shows in no template.
func ownRelease(release *v1alpha1.OrganisationRelease) *v1alpha1.ReleaseReference {
	if release == nil || release.Name == "" {
		return nil
	}
	return &v1alpha1.ReleaseReference{Name: release.Name}
}

// identity is whose data the pods serve: another database, or other keys, cannot wait.
func identity(v step.View, keys keyring.Keyring) []string {
	tenant := v.Live.Ledger.Tenant
	parts := []string{v.Settings.Identity, tenant.Database, tenant.LoginRole, keys.DatabasePassword()}
	values := keys.Environment()
	for _, name := range slices.Sorted(maps.Keys(values)) {
		parts = append(parts, name, values[name])
	}
	return parts
}

// shared is what the profile says that shows in this Organisation's template.
func shared(v step.View) []string {
	profile := v.Live.Profile.Spec
	parts := []string{text(v.Settings.Labels), text(v.Settings.PullSecrets)}
	if v.Settings.From["hostname"] == settings.LayerProfile {
		parts = append(parts, "baseDomain", profile.BaseDomain)
	}
	wanted := v.Org.Spec.Size
	if wanted == "" {
		wanted = profile.Size
		parts = append(parts, "size", wanted)
	}
	for _, size := range profile.Sizes {
		if size.Name == wanted || wanted == "" { // nobody chose: the default may be any of them
			parts = append(parts, text(size))
		}
	}
	return parts
}

func pulls(v step.View) []string {
	var parts []string
	for _, pull := range v.PullSecrets() {
		parts = append(parts, pull.Name)
	}
	return append(parts, "variables")
}

// address of the database server, and how it is trusted.
func address(v step.View) []string {
	pg := v.Live.Server.Spec.PostgreSQL
	mode := v1alpha1.DatabaseTLSMode("")
	if pg.TLS != nil {
		mode = pg.TLS.Mode
	}
	return []string{pg.Host, strconv.Itoa(int(pg.Port)), string(mode), string(v.Live.Ledger.CA)}
}
