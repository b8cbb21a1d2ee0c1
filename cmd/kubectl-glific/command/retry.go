package command

import (
	"github.com/spf13/cobra"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

func newRetry(s *Session) *cobra.Command {
	return verb{
		use: "retry NAME", short: "Try once more what failed: a migration, a bootstrap, an update",
		long:       "Try once more what failed. A migration that failed is never repeated without this or another Release.",
		annotation: v1alpha1.AnnotationRetryAt, value: s.stamp,
		event: "RetryRequested", told: "will be tried again",
		done: "See what happens: kubectl glific status %s --watch",
	}.command(s)
}
