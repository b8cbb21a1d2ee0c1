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

// Config prints every key that the pods are given, with the layer that won. With values,
// those that are declared in plain are shown; those of Secrets never are.
func Config(out io.Writer, config *world.Config, values bool) {
	table := Table{Header: []string{"KEY", "LAYER", "FROM", "OVERRIDES"}}
	for _, value := range config.Environment.Values {
		table.Rows = append(table.Rows, []string{
			value.Name, string(value.Layer), from(value), or(overridden(config.Declared[value.Name], value.Layer)), shown(value),
		})
	}
	for _, name := range config.Added {
		table.Rows = append(table.Rows, []string{name, string(settings.LayerOperator), "pod template", "-", hidden})
	}
	if values {
		table.Header = append(table.Header, "VALUE")
	}
	slices.SortFunc(table.Rows, func(a, b []string) int { return strings.Compare(a[0], b[0]) })
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

func shown(value environment.Value) string {
	if value.Secret {
		return hidden
	}
	return fmt.Sprintf("%q", value.Value)
}
