package command

import (
	"github.com/spf13/cobra"
)

func newRPC(s *Session) *cobra.Command {
	return &cobra.Command{
		GroupID: enter, Use: "rpc NAME EXPRESSION", Args: cobra.ExactArgs(2), ValidArgsFunction: s.completeName,
		Short: "Evaluate one Elixir expression on the node that serves",
		Long: `Evaluate one Elixir expression on the node that serves, in the newest back-end pod that is
ready. What it prints is printed; the exit code is not 0 if it raises.

Needs role Engineer in the NGO's namespace.`,
		Example: "  kubectl glific rpc asha 'IO.inspect(System.version())'",
		RunE: func(cmd *cobra.Command, args []string) error {
			in, err := s.enter(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			return s.Kubectl(cmd.Context(), in.exec(false, in.release.Spec.Started(), "rpc", args[1])...)
		},
	}
}
