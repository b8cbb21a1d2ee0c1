package plan_test

import (
	"testing"
	"time"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/plan"
)

func migrating(name string, compatible ...string) v1alpha1.Release {
	r := v1alpha1.Release{}
	r.Name, r.Spec.Images.Backend, r.Spec.Commands.Migrate, r.Spec.CompatibleFrom = name, name, []string{"migrate"}, compatible
	return r
}

func digest(r v1alpha1.Release) string {
	return plan.RunDigest(r.Spec.Images.Backend, r.Spec.Commands.Migrate)
}

func TestWhichReleaseCanRunOnTheSchemaAsItIs(t *testing.T) {
	one, two := migrating("one"), migrating("two")
	plain := v1alpha1.Release{}
	plain.Name = "plain"
	bearing := migrating("two", "one")
	for sentence, test := range map[string]struct {
		schema, proved string
		back           v1alpha1.Release
		releases       []v1alpha1.Release
		want           bool
	}{
		"nothing was ever migrated":                                {plan.Unmigrated, "", plain, nil, true},
		"its own migration was the last":                           {digest(one), "", one, nil, true},
		"a retry of it was":                                        {digest(one) + ".2", "", one, nil, true},
		"it has none, and was proved on this one":                  {digest(one), digest(one), plain, nil, true},
		"another was applied since":                                {digest(two), digest(one), one, []v1alpha1.Release{one, two}, false},
		"another, by a release in between that failed":             {digest(two), digest(one), plain, []v1alpha1.Release{one, two, plain}, false},
		"another, whose release bears it":                          {digest(two), digest(one), one, []v1alpha1.Release{one, bearing}, true},
		"another, whose release is gone":                           {digest(two), digest(one), one, []v1alpha1.Release{one}, false},
		"nobody knows on what it was proved":                       {digest(two), "", plain, []v1alpha1.Release{two}, false},
		"a release without migrations bears it: that says nothing": {digest(two), digest(one), one, []v1alpha1.Release{func() v1alpha1.Release { r := plain; r.Spec.CompatibleFrom = []string{"one"}; return r }()}, false},
	} {
		if got := plan.Bears(test.schema, test.proved, &test.back, test.releases); got != test.want {
			t.Errorf("%s: %t", sentence, got)
		}
	}
}

func TestTheSchemaInForceIsThatOfTheLastMigrationThatWasApplied(t *testing.T) {
	at := func(kind ledger.RunKind, digest string, state ledger.RunState, hour int) ledger.Run {
		return ledger.Run{Kind: kind, Digest: digest, State: state, At: time.Date(2026, 11, 24, hour, 0, 0, 0, time.UTC)}
	}
	tenant := &ledger.Tenant{}
	if got := plan.Schema(tenant); got != plan.Unmigrated {
		t.Error(got)
	}
	tenant.Runs = []ledger.Run{
		at(ledger.RunMigration, "b", ledger.RunSucceeded, 3), at(ledger.RunMigration, "a", ledger.RunSucceeded, 1),
		at(ledger.RunMigration, "c", ledger.RunFailed, 4), at(ledger.RunBootstrap, "d", ledger.RunSucceeded, 5), at(ledger.RunMigration, "e", ledger.RunStarted, 6),
	}
	if got := plan.Schema(tenant); got != "b" {
		t.Error(got)
	}
}
