package command

import (
	"context"
	"errors"

	"github.com/spf13/cobra"
)

func newConsole(s *Session) *cobra.Command {
	return named(s, enter, "console NAME", "Open an IEx console on the node that serves",
		`Open a remote IEx console on the newest back-end pod that is ready. You are inside the
node that serves: what you do happens to the NGO's live data. Leave it with Ctrl-C twice.
For a live view without any port, call :observer_cli.start() if the app brings it. If the
prompt names a node that begins with rem-, the image has no description of your terminal
(Debian: ncurses-base, Alpine: ncurses-terminfo-base) and you are beside the app, not in it.

Needs role Engineer in the NGO's namespace.`,
		func(ctx context.Context, name string, _ []string) error {
			if !s.Interactive {
				return errors.New("a console needs a terminal; for one expression: kubectl glific rpc NAME EXPRESSION")
			}
			in, err := s.enter(ctx, name)
			if err != nil {
				return err
			}
			return s.Kubectl(ctx, in.exec(true, in.release.Spec.Started(), "remote")...)
		})
}
