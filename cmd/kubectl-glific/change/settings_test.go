package change

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

func with(env ...string) *v1alpha1.Organisation {
	org := &v1alpha1.Organisation{}
	if len(env) > 0 {
		org.Spec.Messaging = &v1alpha1.MessagingSpec{}
	}
	for _, e := range env {
		name, value, _ := strings.Cut(e, "=")
		org.Spec.Messaging.Env = append(org.Spec.Messaging.Env, v1alpha1.EnvVar{Name: name, Value: &value})
	}
	return org
}

func TestSettingsOnAnOrganisation(t *testing.T) {
	for sentence, test := range map[string]struct {
		org      *v1alpha1.Organisation
		settings Settings
		want     *v1alpha1.Organisation
		changed  []string
		told     string
	}{
		"the first one":                   {with(), Settings{Set: map[string]string{"B": "2", "A": "1"}}, with("A=1", "B=2"), []string{"A", "B"}, "A, B set"},
		"what stands keeps its place":     {with("Z=1", "A=1"), Settings{Set: map[string]string{"A": "2"}}, with("Z=1", "A=2"), []string{"A"}, "A set"},
		"what is so already is no change": {with("A=1"), Settings{Set: map[string]string{"A": "1"}}, with("A=1"), nil, ""},
		"unset":                           {with("A=1", "B=2"), Settings{Unset: []string{"A"}}, with("B=2"), []string{"A"}, "A unset"},
		"unset the last":                  {with("A=1"), Settings{Unset: []string{"A"}}, with(), []string{"A"}, "A unset"},
		"unset what is not there":         {with("A=1"), Settings{Unset: []string{"B"}}, with("A=1"), nil, ""},
		"both":                            {with("A=1"), Settings{Set: map[string]string{"B": ""}, Unset: []string{"A"}}, with("B="), []string{"A", "B"}, "B set; A unset"},
	} {
		env, changed := test.settings.On(test.org)
		if diff := cmp.Diff(declared(test.want), env); diff != "" {
			t.Errorf("%s: (- want, + got)\n%s", sentence, diff)
		}
		if diff := cmp.Diff(test.changed, changed); diff != "" {
			t.Errorf("%s: %s", sentence, diff)
		}
		if got := test.settings.Told(changed); got != test.told {
			t.Errorf("%s: the Event says %q, want %q", sentence, got, test.told)
		}
	}
}

func TestSettingsThatNobodyMayMake(t *testing.T) {
	for sentence, test := range map[string]struct {
		settings Settings
		want     string
	}{
		"an ordinary one":    {Settings{Set: map[string]string{"GCS_FILE_COUNT": "10"}, Unset: []string{"B"}}, ""},
		"a derived key":      {Settings{Set: map[string]string{"POOL_SIZE": "10"}}, "derived by the operator"},
		"a derived prefix":   {Settings{Unset: []string{"RELEASE_NODE"}}, "derived by the operator"},
		"no name":            {Settings{Set: map[string]string{"": "10"}}, "no name of a variable"},
		"a digit first":      {Settings{Set: map[string]string{"1A": "10"}}, "no name of a variable"},
		"a hyphen":           {Settings{Set: map[string]string{"A-B": "10"}}, "no name of a variable"},
		"a very long value":  {Settings{Set: map[string]string{"A": strings.Repeat("é", 4097)}}, "spec.messaging.envFrom"},
		"a long value":       {Settings{Set: map[string]string{"A": strings.Repeat("é", 4096)}}, ""},
		"both set and unset": {Settings{Set: map[string]string{"A": "1"}, Unset: []string{"A"}}, "both set and unset"},
	} {
		err := test.settings.Check()
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", sentence, err, test.want)
		}
	}
}

func TestNamesThatSoundSecret(t *testing.T) {
	s := Settings{Set: map[string]string{"STRIPE_API_KEY": "", "gupshup_token": "", "KEYBOARD": "", "GCS_FILE_COUNT": "", "SENTRY_DSN": ""}}
	if diff := cmp.Diff([]string{"SENTRY_DSN", "STRIPE_API_KEY", "gupshup_token"}, s.Sensitive()); diff != "" {
		t.Error(diff)
	}
}

func TestLinesToCommit(t *testing.T) {
	for want, org := range map[string]*v1alpha1.Organisation{
		"spec:\n  messaging:\n    env:\n    - name: A\n      value: \"10\"\n": with("A=10"),
		"spec:\n  messaging: {} # without env\n":                              with(),
	} {
		if got, err := Lines(declared(org)); err != nil || got != want {
			t.Errorf("got %q, %v; want %q", got, err, want)
		}
	}
}
