package change

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"k8s.io/client-go/util/retry"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/environment"
)

// Settings are plain variables of an Organisation to set, and the names of those to
// unset.
type Settings struct {
	Set   map[string]string
	Unset []string
}

// variable is what admission accepts as a name (api/v1alpha1, EnvVar).
var variable = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,127}$`)

// maxValue is the longest value that admission accepts, in characters (EnvVar).
const maxValue = 4096

// Check says what no Organisation may set; the API server says the same in other words.
func (s Settings) Check() error {
	for _, name := range s.names() {
		switch {
		case !variable.MatchString(name):
			return fmt.Errorf("%q is no name of a variable: letters, digits and underscores, at most 128, and no digit first", name)
		case environment.Reserved(name):
			return fmt.Errorf("%s is derived by the operator; nobody may set it", name)
		}
	}
	for name, value := range s.Set {
		switch {
		case len([]rune(value)) > maxValue:
			return fmt.Errorf("the value of %s has more than %d characters: put it into a Secret and name that in spec.messaging.envFrom", name, maxValue)
		case slices.Contains(s.Unset, name):
			return fmt.Errorf("%s is to be both set and unset", name)
		}
	}
	return nil
}

// Sensitive are the names that sound as if their values were secret. Plain variables are
// read by everybody who may read Organisations, and by everybody who reads Git.
func (s Settings) Sensitive() []string {
	var found []string
	for _, name := range slices.Sorted(maps.Keys(s.Set)) {
		for _, word := range strings.Split(strings.ToUpper(name), "_") {
			if slices.Contains(secretive, word) {
				found = append(found, name)
				break
			}
		}
	}
	return found
}

var secretive = []string{"KEY", "TOKEN", "SECRET", "PASSWORD", "PASSWD", "PASSPHRASE", "CREDENTIAL", "CREDENTIALS", "DSN"}

func (s Settings) names() []string {
	return slices.Concat(slices.Sorted(maps.Keys(s.Set)), s.Unset)
}

// On is spec.messaging.env of an Organisation with these settings, and the names of
// what differs from now. What stands there keeps its place.
func (s Settings) On(org *v1alpha1.Organisation) (env []v1alpha1.EnvVar, changed []string) {
	known := map[string]bool{}
	for _, e := range declared(org) {
		known[e.Name] = true
		value, set := s.Set[e.Name]
		switch {
		case slices.Contains(s.Unset, e.Name):
			changed = append(changed, e.Name)
			continue
		case set && (e.Value == nil || *e.Value != value):
			changed = append(changed, e.Name)
			e.Value = &value
		}
		env = append(env, e)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Set)) {
		if !known[name] {
			changed = append(changed, name)
			env = append(env, v1alpha1.EnvVar{Name: name, Value: new(s.Set[name])})
		}
	}
	return env, changed
}

func declared(org *v1alpha1.Organisation) []v1alpha1.EnvVar {
	if org.Spec.Messaging == nil {
		return nil
	}
	return org.Spec.Messaging.Env
}

// Lines are the YAML to commit where Git declares the Organisation.
func Lines(env []v1alpha1.EnvVar) (string, error) {
	if len(env) == 0 {
		return "spec:\n  messaging: {} # without env\n", nil
	}
	text, err := yaml.Marshal(map[string]any{"spec": map[string]any{"messaging": map[string]any{"env": env}}})
	if err != nil {
		return "", fmt.Errorf("writing the lines to commit: %w", err)
	}
	return string(text), nil
}

// Configure declares the settings and returns the names of what changed. If somebody
// else changes the Organisation meanwhile, theirs is read and these are put on top.
func (a Author) Configure(ctx context.Context, org *v1alpha1.Organisation, s Settings) (changed []string, err error) {
	err = retry.RetryOnConflict(retry.DefaultBackoff, func() error {
		if err := a.Client.Get(ctx, client.ObjectKeyFromObject(org), org); err != nil {
			return fmt.Errorf("reading Organisation %s: %w", org.Name, err)
		}
		var env []v1alpha1.EnvVar
		if env, changed = s.On(org); len(changed) == 0 {
			return nil
		}
		var list any // null takes the field away: an empty list is refused
		if len(env) > 0 {
			list = env
		}
		return a.Patch(ctx, org, map[string]any{
			"metadata": map[string]any{"resourceVersion": org.ResourceVersion},
			"spec":     map[string]any{"messaging": map[string]any{"env": list}},
		})
	})
	return changed, err
}

// Told is what the Event says of a change; values are not in it.
func (s Settings) Told(changed []string) string {
	var set, unset []string
	for _, name := range changed {
		if slices.Contains(s.Unset, name) {
			unset = append(unset, name)
			continue
		}
		set = append(set, name)
	}
	var words []string
	if len(set) > 0 {
		words = append(words, strings.Join(set, ", ")+" set")
	}
	if len(unset) > 0 {
		words = append(words, strings.Join(unset, ", ")+" unset")
	}
	return strings.Join(words, "; ")
}
