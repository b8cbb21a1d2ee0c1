package command

import (
	"errors"

	"github.com/spf13/cobra"
)

func newRun(s *Session) *cobra.Command {
	var eval string
	cmd := &cobra.Command{
		GroupID: enter, Use: "run NAME (--eval EXPRESSION | -- COMMAND [ARGUMENT...])", Args: cobra.MinimumNArgs(1), ValidArgsFunction: s.completeName,
		Short: "Run a one-off task with the app's environment",
		Long: `Run a one-off task in the newest back-end pod that is ready, with the app's environment:
a process of its own beside the node that serves, with a pool of one connection and
without Erlang distribution. It shares the pod's memory limit and ends with the pod.

Needs role Engineer in the NGO's namespace.`,
		Example: "  kubectl glific run asha --eval 'Glific.Release.migrate()'\n  kubectl glific run asha -- sh -c 'df -h /tmp'",
		RunE: func(cmd *cobra.Command, args []string) error {
			command := args[1:]
			if (eval == "") == (len(command) == 0) {
				return errors.New("give either --eval EXPRESSION or a command after --")
			}
			in, err := s.enter(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if eval != "" {
				command = []string{in.release.Spec.Started(), "eval", eval}
			}
			return s.Kubectl(cmd.Context(), in.exec(s.Interactive, append(alone(), command...)...)...)
		},
	}
	cmd.Flags().StringVar(&eval, "eval", "", "Elixir expression, evaluated without starting the app")
	return cmd
}

// alone keeps a task from taking the connections and the node name of the app, as the
// operator's own Jobs do.
func alone() []string { return []string{"env", "POOL_SIZE=1", "RELEASE_DISTRIBUTION=none"} }
