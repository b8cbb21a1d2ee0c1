package show

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/glific/organisation-operator/cmd/kubectl-glific/world"
	"github.com/glific/organisation-operator/internal/environment"
	"github.com/glific/organisation-operator/internal/settings"
)

// hidden stands for every value that is not shown.
const hidden = "(hidden)"

// Key is one variable that the pods are given.
type Key struct {
	Name string `json:"name"`
	// Layer that won, and what of it: env, a Secret, derived, or the pod template.
	Layer string `json:"layer"`
	From  string `json:"from"`
	// Overrides are the layers that set it in vain.
	Overrides string `json:"overrides,omitempty"`
	// Value, if it was declared in plain.
	Value  string `json:"value,omitempty"`
	Hidden bool   `json:"hidden,omitempty"`
}

// Keys are all variables, by name. Values of Secrets are left out.
func Keys(config *world.Config) []Key {
	keys := make([]Key, 0, len(config.Environment.Values)+len(config.Added))
	for _, value := range config.Environment.Values {
		key := Key{Name: value.Name, Layer: string(value.Layer), From: from(value), Overrides: overridden(config.Declared[value.Name], value.Layer)}
		if key.Hidden = value.Secret; !value.Secret {
			key.Value = value.Value
		}
		keys = append(keys, key)
	}
	for _, name := range config.Added {
		keys = append(keys, Key{Name: name, Layer: string(settings.LayerOperator), From: "pod template", Hidden: true})
	}
	slices.SortFunc(keys, func(a, b Key) int { return strings.Compare(a.Name, b.Name) })
	return keys
}

// Document is what a program reads of an Organisation's environment.
type Document struct {
	Keys []Key `json:"keys"`
	// Unread are Secrets whose keys are not among these, and why.
	Unread []string `json:"unread,omitempty"`
	// Problems keep the pods from starting; none are told unless every Secret was read.
	Problems []string `json:"problems,omitempty"`
}

// ConfigDocument is the environment for programs. Without values, none is in it; those of
// Secrets never are.
func ConfigDocument(config *world.Config, values bool) Document {
	d := Document{Keys: Keys(config), Unread: config.Unread}
	for i := range d.Keys {
		if !values && !d.Keys[i].Hidden {
			d.Keys[i].Value, d.Keys[i].Hidden = "", true
		}
	}
	for _, p := range config.Environment.Problems {
		if len(config.Unread) == 0 {
			d.Problems = append(d.Problems, p.Reason+": "+p.Message)
		}
	}
	return d
}

// Names are those of the keys.
func (d Document) Names() []string {
	names := make([]string, 0, len(d.Keys))
	for _, key := range d.Keys {
		names = append(names, key.Name)
	}
	return names
}

// Config prints every key that the pods are given, with the layer that won. With values,
// those that are declared in plain are shown; those of Secrets never are.
func Config(out io.Writer, config *world.Config, values bool) {
	table := Table{Header: []string{"KEY", "LAYER", "FROM", "OVERRIDES"}}
	for _, key := range Keys(config) {
		table.Rows = append(table.Rows, []string{key.Name, key.Layer, key.From, or(key.Overrides), key.shown()})
	}
	if values {
		table.Header = append(table.Header, "VALUE")
	}
	table.Write(out)
	for _, unread := range config.Unread {
		fmt.Fprintf(out, "\nNot shown: the keys of %s.", unread)
	}
	if len(config.Unread) > 0 {
		fmt.Fprintln(out)
	}
	problems(out, config)
}

// problems are told only if every Secret was read: what cannot be seen may be given.
func problems(out io.Writer, config *world.Config) {
	for _, p := range config.Environment.Problems {
		if len(config.Unread) == 0 {
			fmt.Fprintf(out, "\n%s %s: %s\n", Bad, p.Reason, p.Message)
		}
	}
}

func from(value environment.Value) string {
	switch {
	case value.Source != "":
		return "Secret " + value.Source
	case value.Layer == settings.LayerOperator:
		return "derived"
	}
	return "env"
}

// overridden are the layers that set the key in vain, the nearest first.
func overridden(declared []settings.Layer, won settings.Layer) string {
	var lost []string
	for _, layer := range slices.Backward(declared) {
		if layer != won && !slices.Contains(lost, string(layer)) {
			lost = append(lost, string(layer))
		}
	}
	return strings.Join(lost, ",")
}

func (k Key) shown() string {
	if k.Hidden {
		return hidden
	}
	return fmt.Sprintf("%q", k.Value)
}
