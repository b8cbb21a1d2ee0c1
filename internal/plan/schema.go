package plan

import (
	"slices"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/ledger"
)

// Unmigrated is the schema of a database in which no migration was ever applied.
const Unmigrated = "none"

// Schema names the schema in force: the digest of the migration that was applied last. A
// migration that failed is undone by PostgreSQL, or leaves what was there.
func Schema(tenant *ledger.Tenant) string {
	last := ledger.Run{Digest: Unmigrated}
	for _, run := range tenant.Runs {
		if run.Kind == ledger.RunMigration && run.State == ledger.RunSucceeded && !run.At.Before(last.At) {
			last = run
		}
	}
	return last.Digest
}

// Bears tells whether a release can run on the schema in force: it was proved on it, its own
// migration is the last that was applied, or the release whose migration that is says
// so. What an update that failed in between left behind counts, whatever the releases
// before and after it say of each other. What cannot be known is not assumed.
func Bears(schema, proved string, back *v1alpha1.Release, releases []v1alpha1.Release) bool {
	if schema == proved || schema == Unmigrated || migrates(back, schema) {
		return true
	}
	return slices.ContainsFunc(releases, func(r v1alpha1.Release) bool {
		return migrates(&r, schema) && slices.Contains(r.Spec.CompatibleFrom, back.Name)
	})
}

func migrates(r *v1alpha1.Release, schema string) bool {
	return len(r.Spec.Commands.Migrate) > 0 && IsAttemptOf(schema, RunDigest(r.Spec.Images.Backend, r.Spec.Commands.Migrate))
}
