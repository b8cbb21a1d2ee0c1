package command

import (
	"github.com/spf13/cobra"

	"github.com/glific/organisation-operator/cmd/kubectl-glific/show"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/world"
)

func newRetained(s *Session) *cobra.Command {
	return &cobra.Command{
		GroupID: look, Use: "retained", Args: cobra.NoArgs,
		Short: "Show what is kept of NGOs that were deleted, and how to have it back",
		Long: `Show what is kept of NGOs that were deleted: their keys in the operator's namespace, how
many databases each server keeps, and how to have one back. Names and labels of Secrets
are read, never their content. Dates stand in the servers' ledgers; it says how to ask.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := s.Client()
			if err != nil {
				return err
			}
			kept, err := world.ReadKept(cmd.Context(), c, s.OperatorNamespace)
			if err != nil {
				return err
			}
			show.Retained(s.Out, kept, s.Now())
			return nil
		},
	}
}
