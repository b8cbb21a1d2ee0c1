package command

import (
	"fmt"

	"github.com/spf13/cobra"
)

// completer is the file that kubectl runs to complete a plugin, under the name
// kubectl_complete-glific on PATH (kubectl help plugin).
const completer = `#!/bin/sh
# kubectl runs this to complete ` + "`kubectl glific …`" + ` (kubectl help plugin).
exec kubectl glific __complete "$@"
`

func newCompletion(s *Session) *cobra.Command {
	return &cobra.Command{
		GroupID: look, Use: "completion", Args: cobra.NoArgs, Short: "Print the file that lets kubectl's own completion complete this",
		Long: `Print the file that lets kubectl's own completion, once it is set up, complete this
plugin: commands, flags, names of NGOs, and the variables that they declare.`,
		Example: "  kubectl glific completion > kubectl_complete-glific\n  sudo install kubectl_complete-glific /usr/local/bin/",
		Run:     func(*cobra.Command, []string) { fmt.Fprint(s.Out, completer) },
	}
}
