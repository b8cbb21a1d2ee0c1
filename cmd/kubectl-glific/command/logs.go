package command

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/world"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/names"
)

// tasks whose Jobs have logs.
var tasks = []string{string(ledger.RunBootstrap), string(ledger.RunAdminPassword), string(ledger.RunMigration)}

type logsOptions struct {
	follow, previous, frontend bool
	task, since                string
	tail                       int
}

func newLogs(s *Session) *cobra.Command {
	o := logsOptions{}
	cmd := named(s, enter, "logs NAME", "Show the logs of an NGO's pods, or of a task",
		"Show the logs of all back-end pods of an NGO, or of its front end, or of the Jobs of one task. Needs role Viewer in the NGO's namespace.",
		func(ctx context.Context, name string, _ []string) error { return o.run(ctx, s, name) })
	f := cmd.Flags()
	f.BoolVarP(&o.follow, "follow", "f", false, "go on until Ctrl-C")
	f.BoolVarP(&o.previous, "previous", "p", false, "of the containers before the last restart")
	f.BoolVar(&o.frontend, "frontend", false, "of the front end")
	f.StringVar(&o.task, "task", "", "of a task: "+strings.Join(tasks, ", "))
	f.StringVar(&o.since, "since", "", "only what is younger than a duration such as 5m")
	f.IntVar(&o.tail, "tail", 200, "lines of each pod; -1 for all")
	_ = cmd.RegisterFlagCompletionFunc("task", cobra.FixedCompletions(tasks, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (o *logsOptions) run(ctx context.Context, s *Session, name string) error {
	if o.task != "" && !slices.Contains(tasks, o.task) {
		return fmt.Errorf("--task %s: there is no such task; one of %s", o.task, strings.Join(tasks, ", "))
	}
	c, err := s.Client()
	if err != nil {
		return err
	}
	if _, err := world.Organisation(ctx, c, name); err != nil {
		return err
	}
	return s.Kubectl(ctx, o.arguments(name)...)
}

// arguments of kubectl logs.
func (o *logsOptions) arguments(name string) []string {
	component, container := names.Backend, names.Backend
	switch {
	case o.task != "":
		component, container = o.task, "task"
	case o.frontend:
		component, container = names.Frontend, names.Frontend
	}
	args := []string{
		"logs", "--namespace=" + names.Namespace(name), "--selector=" + v1alpha1.LabelComponent + "=" + component,
		"--container=" + container, "--prefix", fmt.Sprintf("--tail=%d", o.tail),
	}
	if o.follow {
		args = append(args, "--follow")
	}
	if o.previous {
		args = append(args, "--previous", "--ignore-errors")
	}
	if o.since != "" {
		args = append(args, "--since="+o.since)
	}
	return args
}
