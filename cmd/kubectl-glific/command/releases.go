package command

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/cmd/kubectl-glific/show"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/world"
)

func newReleases(s *Session) *cobra.Command {
	var o output
	cmd := named(s, look, "releases NAME", "Show what was put in force, the latest first",
		"Show the pod templates that were put in force, the latest first, as the ControllerRevisions in the NGO's namespace hold them. The last five are kept; -o json or yaml prints them as they are.",
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
			if len(w.Revisions) == 0 {
				for _, missing := range w.Missing {
					s.tell("Not shown: %s.", missing)
				}
				return fmt.Errorf("organisation %s: nothing was put in force yet; see why: kubectl glific status %s", name, name)
			}
			if o.machine() {
				return o.print(s, revisions(w))
			}
			show.Releases(s.Out, w, s.Now())
			return nil
		})
	o.addTo(cmd)
	return cmd
}

// revisions are the objects that hold what was put in force, the latest first.
func revisions(w *world.World) []client.Object {
	var objects []client.Object
	for _, revision := range show.Latest(w) {
		objects = append(objects, &revision)
	}
	return objects
}
