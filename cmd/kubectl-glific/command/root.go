// Package command has one file for each command of the plugin. A command reads through
// package world, prints through package show, and writes nothing but annotations that
// people set and fields that people declare.
package command

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

const about = `Look at the NGOs of a cluster, and do what people do with them.

Every command acts with your own kubeconfig and rights. Commands that change something
write only annotations that Git does not hold, or what you could declare yourself, and
leave an Event that says who.

Exit codes: 0 done, or as declared; 1 failed; 2 not yet, or not done; 3 stalled.`

const operatorNamespaceFlag = "operator-namespace"

// operatorNamespace is where config/default and the chart's instructions install.
const operatorNamespace = "organisation-system"

// Root is `kubectl glific` with all its commands.
func Root(s *Session) *cobra.Command {
	root := &cobra.Command{
		Use:               "glific",
		Short:             "Look at the NGOs of a cluster, and do what people do with them",
		Long:              about,
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		Annotations:       map[string]string{cobra.CommandDisplayNameAnnotation: "kubectl glific"},
	}
	root.SetIn(s.In)
	root.SetOut(s.Out)
	root.SetErr(s.ErrOut)
	s.given = root.PersistentFlags()
	s.Flags.AddFlags(s.given)
	s.given.StringVar(&s.OperatorNamespace, operatorNamespaceFlag, operatorNamespace, "namespace in which the operator runs")
	root.AddGroup(
		&cobra.Group{ID: look, Title: "Look:"},
		&cobra.Group{ID: act, Title: "Act:"},
		&cobra.Group{ID: enter, Title: "Go inside:"},
	)
	for _, make := range commands {
		root.AddCommand(make(s))
	}
	return root
}

// The groups of the help page.
const (
	look  = "look"
	act   = "act"
	enter = "enter"
)

// named is a command about one Organisation: NAME is its first argument, and the shell
// completes it.
func named(s *Session, group, use, short, long string, run func(ctx context.Context, name string, args []string) error) *cobra.Command {
	return &cobra.Command{
		GroupID: group, Use: use, Short: short, Long: long,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: s.completeName,
		RunE: func(cmd *cobra.Command, args []string) error {
			return run(cmd.Context(), args[0], args[1:])
		},
	}
}

// completeName offers the names of Organisations.
func (s *Session) completeName(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	c, err := s.Client()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	var list v1alpha1.OrganisationList
	if err := c.List(cmd.Context(), &list); err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	all := make([]string, 0, len(list.Items))
	for _, org := range list.Items {
		all = append(all, org.Name+"\t"+org.Spec.DisplayName)
	}
	return all, cobra.ShellCompDirectiveNoFileComp
}

// commands in the order of the help page.
var commands = []func(*Session) *cobra.Command{
	newList, newStatus, newDashboard, newConfig, newReleases, newDiff, newRetained, newNew, newDoctor, newRollout, newReport, newVersion, newCompletion,
	newHold, newRelease, newRetry, newMigrate, newRestart, newSuspend, newResume,
	newLogs, newConsole, newRPC, newRun, newPsql, newObserver,
}

// Names of all commands below the root, so that documents can be held to them.
func Names() (names []string) {
	for _, c := range Root(newSession()).Commands() {
		names = append(names, c.Name())
	}
	return names
}
