package views

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/plan"
)

func TestTheOrdinaryWorldIsInOrder(t *testing.T) {
	v := New(t, PullSecret("registry", "{}"), SharedSecret("providers", map[string]string{"STRIPE_API_KEY": "x"}),
		OwnSecret("gupshup", map[string]string{"GUPSHUP": "x"}), TLSSecret("own", "certificate", "key"), Frontend())
	if v.Live.Invalid != nil || v.Plan.Refusal != nil {
		t.Fatalf("refused: %v, %+v", v.Live.Invalid, v.Plan.Refusal)
	}
	if drift := v.Live.Ledger.Tenant.Drift(Keys(t).DatabaseVerifier()); len(drift) > 0 {
		t.Errorf("the ledger differs from the server: %v", drift)
	}
	if !plan.Admitted(v.Live) {
		t.Error("the release is not admitted")
	}
	env, ok := v.Environment()
	if !ok || len(env.Problems) > 0 {
		t.Errorf("environment: %v, %v", ok, env.Problems)
	}
	if got := len(v.Live.Secrets.Tenant); got != 4 {
		t.Errorf("%d Secrets are projected, want environment, admin, pull and TLS", got)
	}
}

func TestEachOptionDisturbsWhatItSays(t *testing.T) {
	environment := func(options ...Option) bool { _, ok := New(t, options...).Environment(); return ok }
	admitted := func(options ...Option) bool { return plan.Admitted(New(t, options...).Live) }
	refusal := func(options ...Option) string {
		if r := New(t, options...).Plan.Refusal; r != nil {
			return r.Reason
		}
		return ""
	}
	tests := map[string]struct{ got, want any }{
		"without keys there is no environment":        {environment(WithoutKeys()), false},
		"without a Release there is no environment":   {environment(WithoutRelease()), false},
		"a silent server leaves no environment":       {environment(ServerUnreachable()), false},
		"an empty database admits no release":         {admitted(NotBootstrapped()), false},
		"a schema of before admits no release":        {admitted(NotMigrated()), false},
		"a missing profile is refused":                {refusal(WithoutProfile()), v1alpha1.ReasonProfileNotFound},
		"no server at all is refused":                 {refusal(Unplaced()), v1alpha1.ReasonNoServer},
		"suspended Organisations are planned so":      {New(t, Suspended()).Plan.Suspended, true},
		"an annotation reaches the plan":              {New(t, Annotated(v1alpha1.AnnotationRestartAt, "now")).Plan.RestartAt, "now"},
		"without a namespace nothing is projected":    {len(New(t, WithoutNamespace()).Live.Secrets.Tenant), 0},
		"another name and identity give another host": {New(t, Named("sneha", "1")).Settings.Host, "sneha.ngo.example.org"},
	}
	for sentence, test := range tests {
		t.Run(sentence, func(t *testing.T) {
			if diff := cmp.Diff(test.want, test.got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
