package command

import (
	"github.com/spf13/cobra"

	"github.com/glific/organisation-operator/cmd/kubectl-glific/show"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/world"
)

func newRetained(s *Session) *cobra.Command {
	var o output
	cmd := &cobra.Command{
		GroupID: look, Use: "retained", Args: cobra.NoArgs,
		Short: "Show what is kept of NGOs that were deleted, and how to have it back",
		Long: `Show what is kept of NGOs that were deleted: their keys in the operator's namespace, how
many databases each server keeps, and how to have one back. Names and labels of Secrets
are read, never their content. Dates stand in the servers' ledgers; it says how to ask.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.check(); err != nil {
				return err
			}
			c, err := s.Client()
			if err != nil {
				return err
			}
			kept, err := world.ReadKept(cmd.Context(), c, s.OperatorNamespace)
			if err != nil {
				return err
			}
			if o.machine() {
				return o.write(s, keptSecrets(kept), kept)
			}
			show.Retained(s.Out, kept, s.Now())
			return nil
		},
	}
	o.addTo(cmd)
	return cmd
}

// keptSecrets are the names of the Secrets whose owner is gone, as kubectl takes them.
func keptSecrets(kept *world.Kept) []string {
	names := make([]string, 0, len(kept.Keys))
	for _, keys := range kept.Keys {
		names = append(names, "secret/"+keys.Secret)
	}
	return names
}
