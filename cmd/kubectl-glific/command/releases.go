package command

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/glific/organisation-operator/cmd/kubectl-glific/show"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/world"
)

func newReleases(s *Session) *cobra.Command {
	return named(s, look, "releases NAME", "Show what was put in force, the latest first",
		"Show the pod templates that were put in force, the latest first, as the ControllerRevisions in the NGO's namespace hold them. The last five are kept.",
		func(ctx context.Context, name string, _ []string) error {
			c, err := s.Client()
			if err != nil {
				return err
			}
			w, err := world.Read(ctx, c, name)
			if err != nil {
				return err
			}
			if len(w.Revisions) == 0 {
				for _, missing := range w.Missing {
					s.tell("Not shown: %s.", missing)
				}
				return fmt.Errorf("organisation %s: nothing was put in force yet; see why: kubectl glific status %s", name, name)
			}
			show.Releases(s.Out, w, s.Now())
			return nil
		})
}
