package environment

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/settings"
)

func env(pairs ...string) []v1alpha1.EnvVar {
	var all []v1alpha1.EnvVar
	for i := 0; i < len(pairs); i += 2 {
		all = append(all, v1alpha1.EnvVar{Name: pairs[i], Value: &pairs[i+1]})
	}
	return all
}

func source(layer settings.Layer, name string, pairs ...string) Source {
	data := map[string][]byte{}
	for i := 0; i < len(pairs); i += 2 {
		data[pairs[i]] = []byte(pairs[i+1])
	}
	return Source{Name: name, Layer: layer, Data: data}
}

// declared is what the layers say.
type declared struct {
	release, profile, own []v1alpha1.EnvVar
	sources               []Source
	derived               []Value
	required              []v1alpha1.RequiredEnv
}

func (d declared) build() Environment {
	release := &v1alpha1.Release{Spec: v1alpha1.ReleaseSpec{Env: d.release, RequiredEnv: d.required}}
	return Build(settings.Settings{ProfileEnv: d.profile, OwnEnv: d.own}, release, d.sources, d.derived)
}

// everyLayer gives KEY in each layer, in ascending precedence.
func everyLayer() []func(*declared) {
	return []func(*declared){
		func(d *declared) { d.release = env("KEY", "Release") },
		func(d *declared) { d.profile = env("KEY", "Profile") },
		func(d *declared) {
			d.sources = append(d.sources, source(settings.LayerSharedSecret, "shared", "KEY", "SharedSecret"))
		},
		func(d *declared) {
			d.sources = append(d.sources, source(settings.LayerOwnSecret, "own", "KEY", "OwnSecret"))
		},
		func(d *declared) { d.own = env("KEY", "Organisation") },
		func(d *declared) {
			d.derived = []Value{{Name: "KEY", Value: "Operator", Layer: settings.LayerOperator}}
		},
	}
}

// Each value names its layer: of every set of layers that give a key, the last wins,
// in whatever order they are looked at.
func TestTheLastLayerThatGivesAKeyWins(t *testing.T) {
	layers := everyLayer()
	order := []settings.Layer{
		settings.LayerRelease, settings.LayerProfile, settings.LayerSharedSecret,
		settings.LayerOwnSecret, settings.LayerOrganisation, settings.LayerOperator,
	}
	for set := 1; set < 1<<len(layers); set++ {
		var d declared
		var last settings.Layer
		for i, give := range layers {
			if set&(1<<i) != 0 {
				give(&d)
				last = order[i]
			}
		}
		slices.Reverse(d.sources)
		got := d.build().Values
		if len(got) != 1 || got[0].Value != string(last) || got[0].Layer != last {
			t.Errorf("set %06b: %+v, want the value of %s", set, got, last)
		}
	}
}

func TestALaterSecretOfTheSameLayerWins(t *testing.T) {
	for _, layer := range []settings.Layer{settings.LayerSharedSecret, settings.LayerOwnSecret} {
		d := declared{sources: []Source{source(layer, "first", "KEY", "1"), source(layer, "second", "KEY", "2")}}
		want := []Value{{Name: "KEY", Value: "2", Layer: layer, Secret: true, Source: "second"}}
		if diff := cmp.Diff(want, d.build().Values); diff != "" {
			t.Error(diff)
		}
	}
}

func TestAPlainValueThatWinsOverASecretIsPlain(t *testing.T) {
	d := declared{sources: []Source{source(settings.LayerOwnSecret, "own", "KEY", "secret")}, own: env("KEY", "plain")}
	e := d.build()
	if diff := cmp.Diff([]Value{{Name: "KEY", Value: "plain", Layer: settings.LayerOrganisation}}, e.Plain()); diff != "" {
		t.Error(diff)
	}
	if len(e.SecretData()) > 0 {
		t.Errorf("the Secret has %d keys", len(e.SecretData()))
	}
}

func TestValuesAreSortedAndSplit(t *testing.T) {
	d := declared{
		release: env("C", "3", "A", "1"),
		sources: []Source{source(settings.LayerSharedSecret, "shared", "D", "4", "B", "2"), source(settings.LayerOwnSecret, "own", "E", "5")},
	}
	e := d.build()
	if diff := cmp.Diff([]string{"A", "B", "C", "D", "E"}, named(e.Values)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"A", "C"}, named(e.Plain())); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string][]byte{"B": []byte("2"), "D": []byte("4"), "E": []byte("5")}, e.SecretData()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"A", "C", "E"}, named(e.Of(settings.LayerRelease, settings.LayerOwnSecret))); diff != "" {
		t.Error(diff)
	}
	if len(e.Values) != 5 {
		t.Errorf("%d values are left after they were looked at", len(e.Values))
	}
}

func named(values []Value) []string {
	var names []string
	for _, v := range values {
		names = append(names, v.Name)
	}
	return names
}

func TestAVariableWithoutAValueIsEmpty(t *testing.T) {
	d := declared{own: []v1alpha1.EnvVar{{Name: "KEY"}}}
	if diff := cmp.Diff([]Value{{Name: "KEY", Layer: settings.LayerOrganisation}}, d.build().Values); diff != "" {
		t.Error(diff)
	}
}

// Whatever layer brings it, a key of the operator's is refused and named, and has no
// effect.
func TestAReservedKeyIsRefusedInEveryLayer(t *testing.T) {
	for where, d := range map[string]declared{
		"Release env":      {release: env("CIPHER_KEY", "canary")},
		"Profile env":      {profile: env("CIPHER_KEY", "canary")},
		"Organisation env": {own: env("CIPHER_KEY", "canary")},
		"Secret shared":    {sources: []Source{source(settings.LayerSharedSecret, "shared", "CIPHER_KEY", "canary")}},
		"Secret own":       {sources: []Source{source(settings.LayerOwnSecret, "own", "CIPHER_KEY", "canary")}},
	} {
		t.Run(where, func(t *testing.T) {
			want := Environment{Values: []Value{}, Problems: []Problem{{
				Reason:  v1alpha1.ReasonReservedKey,
				Message: "key CIPHER_KEY in " + where + " is derived by the operator; remove it there",
			}}}
			if diff := cmp.Diff(want, d.build()); diff != "" {
				t.Error(diff)
			}
			d.derived = []Value{secret("CIPHER_KEY", "right")}
			if got := d.build(); string(got.SecretData()["CIPHER_KEY"]) != "right" || len(got.Problems) != 1 {
				t.Errorf("the derived value does not stand: %v", got)
			}
		})
	}
}

func TestEveryProblemIsToldAtOnce(t *testing.T) {
	d := declared{
		own:      env("RELEASE_COOKIE", "canary"),
		sources:  []Source{source(settings.LayerOwnSecret, "own", "POOL_SIZE", "canary", "DATABASE_URL", "canary")},
		required: []v1alpha1.RequiredEnv{{Name: "STRIPE_API_KEY"}, {Name: "GUPSHUP_WEBHOOK_IPS", Format: v1alpha1.FormatCIDRList}},
	}
	var got []string
	for _, p := range d.build().Problems {
		got = append(got, p.Reason+" "+strings.Fields(p.Message)[1])
	}
	want := []string{
		"ReservedKey DATABASE_URL", "ReservedKey POOL_SIZE", "ReservedKey RELEASE_COOKIE",
		"ConfigIncomplete STRIPE_API_KEY", "ConfigIncomplete GUPSHUP_WEBHOOK_IPS",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestNoSecretValueIsShown(t *testing.T) {
	d := declared{
		sources: []Source{
			source(settings.LayerSharedSecret, "shared", "A", "canary-shared", "CIPHER_KEY", "canary-reserved"),
			source(settings.LayerOwnSecret, "own", "GUPSHUP_WEBHOOK_IPS", "canary-malformed"),
		},
		derived:  []Value{secret("SECRET_KEY_BASE", "canary-derived")},
		required: []v1alpha1.RequiredEnv{{Name: "GUPSHUP_WEBHOOK_IPS", Format: v1alpha1.FormatCIDRList}},
	}
	e := d.build()
	for _, how := range []string{"%v", "%+v", "%#v", "%s"} {
		for what, value := range map[string]any{
			"the environment": e, "its values": e.Values, "its problems": e.Problems, "one value": e.Values[0],
			"a pointer to a value": &e.Values[0], "the sources": d.sources, "the derived values": d.derived,
		} {
			if text := fmt.Sprintf(how, value); strings.Contains(text, "canary") || strings.Contains(text, "99 97 110 97 114 121") ||
				strings.Contains(text, "0x63, 0x61, 0x6e, 0x61, 0x72, 0x79") {
				t.Errorf("%s of %s shows a secret value", how, what)
			}
		}
	}
	if text := fmt.Sprint(declared{own: env("A", "plain")}.build()); !strings.Contains(text, "A=plain") {
		t.Errorf("not even a plain value is shown, so this test could not fail: %s", text)
	}
}
