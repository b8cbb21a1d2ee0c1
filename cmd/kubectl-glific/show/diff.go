package show

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/world"
	"github.com/glific/organisation-operator/internal/names"
)

// causes in words, by the cause that the operator names in status.pendingChanges.
var causes = map[string]string{
	"Profile":        "what OrganisationProfile %s says",
	"SharedSecret":   "keys of the Secrets that OrganisationProfile %s names",
	"DatabaseServer": "the address of the DatabaseServer, or how it is trusted",
	"Release":        "the Release that OrganisationProfile %s names",
	"Operator":       "how this version of the operator makes pods",
}

// Diff prints what the next restart would change, as far as it can be seen without the
// keys: causes, the Release, and variables in plain. It tells whether anything waits.
func Diff(out io.Writer, w *world.World, config *world.Config) bool {
	pending := w.Organisation.Status.PendingChanges
	if len(pending) == 0 {
		fmt.Fprintf(out, "Nothing waits: a restart of Organisation %s would change nothing.\n", w.Organisation.Name)
		return false
	}
	fmt.Fprintf(out, "The next restart of Organisation %s changes:\n", w.Organisation.Name)
	for _, cause := range pending {
		text := causes[cause]
		if strings.Contains(text, "%s") {
			text = fmt.Sprintf(text, w.Organisation.Spec.Profile)
		}
		fmt.Fprintf(out, "  %-14s %s\n", cause, text)
	}
	for _, line := range differences(w, config) {
		fmt.Fprintln(out, line)
	}
	fmt.Fprintf(out, "\nValues of Secrets are not compared. Put it in force: kubectl glific restart %s\n", w.Organisation.Name)
	return true
}

// differences between the pods' template and what is declared now.
func differences(w *world.World, config *world.Config) []string {
	container, release := live(w)
	if container == nil || w.Release == nil || config == nil {
		return nil
	}
	var lines []string
	if release != w.Release.Name {
		lines = append(lines, "~ Release "+release+" → "+w.Release.Name)
	}
	if wanted := w.Release.Spec.Images.Backend; container.Image != wanted {
		lines = append(lines, "~ image "+container.Image, "     → "+wanted)
	}
	return append(lines, variables(container, config)...)
}

// live is the back end's container as its Deployment has it, and its Release.
func live(w *world.World) (*corev1.Container, string) {
	for _, d := range w.Deployments {
		for i := range d.Spec.Template.Spec.Containers {
			if c := &d.Spec.Template.Spec.Containers[i]; d.Name == names.Backend && c.Name == names.Backend {
				return c, d.Spec.Template.Labels[v1alpha1.LabelRelease]
			}
		}
	}
	return nil, ""
}

// variables in plain that differ, by name; their values are config's to show. In a
// template, $ is written twice.
func variables(container *corev1.Container, config *world.Config) []string {
	has, wanted := map[string]string{}, map[string]string{}
	for _, e := range container.Env {
		if e.ValueFrom == nil {
			has[e.Name] = strings.ReplaceAll(e.Value, "$$", "$")
		}
	}
	marks := map[string]string{}
	for _, value := range config.Environment.Values {
		old, given := has[value.Name]
		switch {
		case value.Secret || value.Name == "ELIXIR_ERL_OPTIONS": // the operator adds to those
			delete(has, value.Name)
			continue
		case !given:
			marks[value.Name] = fmt.Sprintf("+ %s (%s)", value.Name, value.Layer)
		case old != value.Value:
			marks[value.Name] = fmt.Sprintf("~ %s (%s)", value.Name, value.Layer)
		}
		wanted[value.Name] = value.Value
	}
	for name := range has {
		if _, stays := wanted[name]; !stays && !slices.Contains(config.Added, name) {
			marks[name] = "- " + name
		}
	}
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(marks)) {
		lines = append(lines, marks[name])
	}
	return lines
}
