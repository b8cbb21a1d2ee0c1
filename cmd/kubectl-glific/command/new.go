package command

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/glific/organisation-operator/cmd/kubectl-glific/show"
)

func newNew(s *Session) *cobra.Command {
	d := show.Draft{}
	cmd := &cobra.Command{
		GroupID: look, Use: "new NAME", Args: cobra.ExactArgs(1), ValidArgsFunction: cobra.NoFileCompletions,
		Short: "Print the YAML of a new NGO",
		Long: `Print the smallest YAML of a new NGO, with everything else there is as comments. It asks
no cluster and writes nothing: commit what it prints, or pipe it into kubectl apply -f -.`,
		RunE: func(_ *cobra.Command, args []string) error {
			d.Name = args[0]
			if err := d.Check(); err != nil {
				return err
			}
			fmt.Fprint(s.Out, d.Manifest())
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&d.Profile, "profile", "standard", "OrganisationProfile whose settings it shares")
	f.StringVar(&d.DisplayName, "display-name", "", "name people know it by")
	f.StringVar(&d.Hostname, "hostname", "", "host at which it is served")
	f.StringVar(&d.Release, "release", "", "Release that it is pinned to")
	f.StringVar(&d.Channel, "channel", "", "ReleaseChannel that decides on its releases")
	f.StringVar(&d.Size, "size", "", "size: small, medium, large, or one of the profile")
	f.StringVar(&d.AdoptUID, "adopt-uid", "", "identity whose retained data it begins with")
	f.BoolVar(&d.Suspended, "suspended", false, "prepare everything and start nothing")
	return cmd
}
