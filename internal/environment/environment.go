// Package environment makes the whole environment of a tenant's pods: the defaults
// of the Release, the profile's and the Organisation's values and Secrets, and the
// keys that the operator derives, each winning over the ones before. It is pure.
package environment

import (
	"maps"
	"slices"
	"strings"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/settings"
)

// Value is one variable, and the layer that won.
type Value struct {
	Name   string
	Value  string
	Layer  settings.Layer
	Secret bool
	// Source is the Secret that the value was taken from, if one.
	Source string
}

// String hides the value of a secret variable.
func (v Value) String() string {
	if v.Secret {
		return v.Name + "=(hidden)"
	}
	return v.Name + "=" + v.Value
}

// GoString hides it from %#v as well.
func (v Value) GoString() string { return v.String() }

// Problem is one reason for which the environment cannot be used.
type Problem struct {
	// Reason is ReservedKey or ConfigIncomplete.
	Reason string
	// Message names the key, where it comes from, and the cure; never a value.
	Message string
}

// Environment is the environment of one Release's pods, sorted by name.
type Environment struct {
	Values   []Value
	Problems []Problem
}

// Source is a Secret whose keys become variables.
type Source struct {
	// Name as it was declared.
	Name string
	// Layer is SharedSecret or OwnSecret.
	Layer settings.Layer
	Data  map[string][]byte
}

// String names the Secret and hides its data.
func (s Source) String() string { return "Secret " + s.Name }

// GoString hides it from %#v as well.
func (s Source) GoString() string { return s.String() }

// Build merges the layers. The derived values come last, so that nobody can set them.
func Build(set settings.Settings, release *v1alpha1.Release, sources []Source, derived []Value) Environment {
	b := builder{values: map[string]Value{}}
	b.plain(release.Spec.Env, settings.LayerRelease)
	b.plain(set.ProfileEnv, settings.LayerProfile)
	b.secrets(sources, settings.LayerSharedSecret)
	b.secrets(sources, settings.LayerOwnSecret)
	b.plain(set.OwnEnv, settings.LayerOrganisation)
	for _, value := range derived {
		b.values[value.Name] = value
	}
	b.check(release.Spec.RequiredEnv)
	return Environment{Values: b.sorted(), Problems: b.problems}
}

// Plain lists the variables that may be seen in a pod's template.
func (e Environment) Plain() []Value {
	return slices.DeleteFunc(slices.Clone(e.Values), func(v Value) bool { return v.Secret })
}

// SecretData is the data of the Secret that the pods take the rest from.
func (e Environment) SecretData() map[string][]byte {
	data := map[string][]byte{}
	for _, v := range e.Values {
		if v.Secret {
			data[v.Name] = []byte(v.Value)
		}
	}
	return data
}

// Of lists the values that come from the given layers.
func (e Environment) Of(layers ...settings.Layer) []Value {
	return slices.DeleteFunc(slices.Clone(e.Values), func(v Value) bool { return !slices.Contains(layers, v.Layer) })
}

type builder struct {
	values   map[string]Value
	problems []Problem
}

func (b *builder) plain(env []v1alpha1.EnvVar, layer settings.Layer) {
	for _, e := range env {
		if Reserved(e.Name) {
			b.reserved(e.Name, string(layer)+" env")
			continue
		}
		value := ""
		if e.Value != nil {
			value = *e.Value
		}
		b.values[e.Name] = Value{Name: e.Name, Value: value, Layer: layer}
	}
}

func (b *builder) secrets(sources []Source, layer settings.Layer) {
	for _, source := range sources {
		if source.Layer != layer {
			continue
		}
		for _, key := range slices.Sorted(maps.Keys(source.Data)) {
			if Reserved(key) {
				b.reserved(key, source.String())
				continue
			}
			b.values[key] = Value{Name: key, Value: string(source.Data[key]), Layer: layer, Secret: true, Source: source.Name}
		}
	}
}

func (b *builder) reserved(key, where string) {
	b.problems = append(b.problems, Problem{
		Reason:  v1alpha1.ReasonReservedKey,
		Message: "key " + key + " in " + where + " is derived by the operator; remove it there",
	})
}

func (b *builder) check(required []v1alpha1.RequiredEnv) {
	for _, r := range required {
		value, given := b.values[r.Name]
		if !given && ofThePod(r.Name) {
			continue
		}
		if fault := fault(r.Format, value.Value); fault != "" {
			b.problems = append(b.problems, Problem{
				Reason:  v1alpha1.ReasonConfigIncomplete,
				Message: "key " + r.Name + " " + fault + "; " + cure(r.Name),
			})
		}
	}
}

// ofThePod tells whether a key says something of a single pod, so that it is added to
// the pod's template and is never part of what is built here.
func ofThePod(key string) bool { return key == "POD_IP" || strings.HasPrefix(key, "RELEASE_") }

// cure says where a key is set: nobody may set the operator's own, but what they are
// derived from.
func cure(key string) string {
	switch {
	case strings.HasPrefix(key, "REQUEST_ORIGIN"):
		return "the operator derives it from spec.aliases of the Organisation"
	case Reserved(key):
		return "the operator derives it from spec.postgreSQL.tls of the DatabaseServer"
	}
	return "set it in the profile's or the Organisation's env or envFrom"
}

func (b *builder) sorted() []Value {
	values := make([]Value, 0, len(b.values))
	for _, name := range slices.Sorted(maps.Keys(b.values)) {
		values = append(values, b.values[name])
	}
	return values
}
