package plan

import (
	"slices"
	"strings"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/snapshot"
)

// RunDigest identifies one command of one image: the same command of the same
// image has the same effect on a schema, whatever Release names it.
func RunDigest(image string, command []string) string {
	return names.Digest(32, append([]string{image}, command...)...)
}

// Admitted tells whether the target release may take over: the data is filled, the
// published password is replaced, and the schema is that of the release. While the
// ledger cannot be asked, nothing is admitted and what serves goes on.
func Admitted(live *snapshot.Snapshot) bool {
	tenant, release := live.Ledger.Tenant, live.Release
	if tenant == nil || release == nil {
		return false
	}
	return tenant.Bootstrap == ledger.Bootstrapped && tenant.AdminDigest != "" && Migrated(tenant, release)
}

// Migrated tells whether the schema is that of a release.
func Migrated(tenant *ledger.Tenant, release *v1alpha1.Release) bool {
	if len(release.Spec.Commands.Migrate) == 0 {
		return true
	}
	digest := RunDigest(release.Spec.Images.Backend, release.Spec.Commands.Migrate)
	return slices.ContainsFunc(tenant.Runs, func(run ledger.Run) bool {
		return run.Kind == ledger.RunMigration && run.State == ledger.RunSucceeded && IsAttemptOf(run.Digest, digest)
	})
}

// IsAttemptOf tells whether a run in the ledger is a try of the command of that digest.
func IsAttemptOf(run, digest string) bool {
	return run == digest || strings.HasPrefix(run, digest+".")
}
