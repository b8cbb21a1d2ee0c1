package command

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/glific/organisation-operator/cmd/kubectl-glific/show"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/world"
)

func newConfig(s *Session) *cobra.Command {
	var values bool
	var o output
	cmd := named(s, look, "config NAME", "Show every key of an NGO's environment, and the layer it comes from",
		`Show every key of an NGO's environment with the layer that won: Release, Profile,
SharedSecret, OwnSecret, Organisation, Operator, each over those before. Values are
hidden; --values shows those that are declared in plain. Values of Secrets are never shown.

Secrets that you may not read are named, and their keys are left out.`,
		func(ctx context.Context, name string, _ []string) error {
			if err := o.check(); err != nil {
				return err
			}
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
				return err
			}
			if o.machine() {
				document := show.ConfigDocument(config, values)
				err = o.write(s, document.Names(), document)
			} else {
				show.Config(s.Out, config, values)
			}
			if err != nil {
				return err
			}
			if len(config.Environment.Problems) > 0 && len(config.Unread) == 0 {
				return exit(codeNotYet)
			}
			return nil
		})
	cmd.AddCommand(newConfigSet(s), newConfigUnset(s))
	o.addTo(cmd)
	cmd.Flags().BoolVar(&values, "values", false, "show values that are declared in plain")
	return cmd
}
