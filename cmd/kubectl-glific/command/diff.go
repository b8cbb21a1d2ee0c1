package command

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/glific/organisation-operator/cmd/kubectl-glific/show"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/world"
)

func newDiff(s *Session) *cobra.Command {
	return named(s, look, "diff NAME", "Show what the next restart would change",
		`Show what waits for the next restart of an NGO's pods: the causes that the operator names,
and names of variables and images that differ. The exit code is 0 if nothing waits, else 2.`,
		func(ctx context.Context, name string, _ []string) error {
			c, err := s.Client()
			if err != nil {
				return err
			}
			w, err := world.Read(ctx, c, name)
			if err != nil {
				return err
			}
			config, err := world.ReadConfig(ctx, c, w, s.OperatorNamespace)
			if err != nil {
				s.tell("Only causes are shown: %v", err)
			}
			if show.Diff(s.Out, w, config) {
				return exit(codeNotYet)
			}
			return nil
		})
}
