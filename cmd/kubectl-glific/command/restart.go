package command

import (
	"github.com/spf13/cobra"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

func newRestart(s *Session) *cobra.Command {
	return verb{
		use: "restart NAME", short: "Restart the pods, and put pending changes in force",
		long: `Restart the pods of one NGO. Changes of its profile, of shared Secrets and of the operator
that waited for it are put in force: kubectl glific diff NAME shows them.`,
		annotation: v1alpha1.AnnotationRestartAt, value: s.stamp,
		event: "RestartRequested", told: "will be restarted",
		done: "See what happens: kubectl glific status %s --watch",
	}.command(s)
}
