package command

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/change"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/world"
)

func newSuspend(s *Session) *cobra.Command {
	return power(s, v1alpha1.PowerSuspended, "suspend NAME", "Stop an NGO's pods and logins, and keep everything", "SuspendRequested", "suspended")
}

func newResume(s *Session) *cobra.Command {
	return power(s, v1alpha1.PowerRunning, "resume NAME", "Start a suspended NGO again", "ResumeRequested", "resumed")
}

// power declares spec.power. Where Git declares it, the line to commit is printed instead.
func power(s *Session, wanted v1alpha1.Power, use, short, event, told string) *cobra.Command {
	var force bool
	cmd := named(s, act, use, short, short+fmt.Sprintf(`: it sets spec.power to %s.

If Argo CD or Flux owns the Organisation, they would set it back; then nothing is changed
and the line to commit is printed, with exit code 2. --force changes it nevertheless.`, wanted),
		func(ctx context.Context, name string, _ []string) error {
			c, err := s.Client()
			if err != nil {
				return err
			}
			org, err := world.Organisation(ctx, c, name)
			if err != nil {
				return err
			}
			if org.Spec.Power == wanted {
				s.tell("Organisation %s: spec.power is %s already; nothing to do.", name, wanted)
				return nil
			}
			if owner := change.GitOwner(org); owner != "" && !force {
				s.tell("Organisation %s belongs to %s, which would set it back. Commit this to its YAML instead, or add --force:", name, owner)
				fmt.Fprintf(s.Out, "spec:\n  power: %s\n", wanted)
				return exit(codeNotYet)
			}
			if err := s.patch(ctx, c, org, map[string]any{"spec": map[string]any{"power": wanted}}); err != nil {
				return err
			}
			s.record(ctx, c, org, event, told)
			fmt.Fprintf(s.Out, "organisation.tenancy.glific.org/%s %s\n", name, told)
			s.tell("See what happens: kubectl glific status %s --watch", name)
			return nil
		})
	cmd.Flags().BoolVar(&force, "force", false, "change it although a GitOps tool may set it back")
	return cmd
}
