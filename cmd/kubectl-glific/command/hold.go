package command

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// maxHold is the longest reason that the operator mirrors in status, in bytes.
const maxHold = 256

func newHold(s *Session) *cobra.Command {
	var reason string
	cmd := verb{
		use: "hold NAME --reason WHY", short: "Stop every change of one NGO while you look into something",
		long: `Stop every change of one NGO: nothing that is declared is put in force until it is
released, and what serves goes on. It wins over spec and over Git.`,
		annotation: v1alpha1.AnnotationHold, value: func() string { return shortened(reason) },
		event: "HoldRequested", told: "held",
		done: "Nothing is changed until: kubectl glific release %s",
	}.command(s)
	cmd.Flags().StringVar(&reason, "reason", "", "why; others see it in list and status")
	cmd.PreRunE = func(*cobra.Command, []string) error {
		if shortened(reason) == "" {
			return errors.New("--reason is missing: say in a few words why, so that others know whom to ask")
		}
		return nil
	}
	return cmd
}

func newRelease(s *Session) *cobra.Command {
	return verb{
		use: "release NAME", short: "End a hold: what was declared meanwhile is put in force",
		long:       "End the hold of one NGO. What was declared meanwhile is put in force at once, or as its release channel says.",
		annotation: v1alpha1.AnnotationHold, value: func() string { return "" },
		event: "HoldReleased", told: "released",
		done: "See what happens: kubectl glific status %s --watch",
	}.command(s)
}

func shortened(reason string) string {
	reason = strings.Join(strings.Fields(reason), " ")
	if len(reason) > maxHold {
		reason = strings.ToValidUTF8(reason[:maxHold], "")
	}
	return reason
}
