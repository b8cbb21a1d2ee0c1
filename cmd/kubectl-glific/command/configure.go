package command

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/change"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/world"
)

// configure is `config set` and `config unset`.
type configure struct {
	force, plain bool
	settings     change.Settings
}

const configuring = `

The variable is declared in spec.messaging.env of the Organisation, and the NGO's pods are
replaced at once. If Argo CD or Flux owns the Organisation, nothing is changed and the
lines to commit are printed, with exit code 2; --force changes it nevertheless.`

func newConfigSet(s *Session) *cobra.Command {
	o := &configure{}
	cmd := o.command(s, "set NAME KEY=VALUE...", "Declare plain variables of an NGO",
		"Declare plain variables of one NGO. Values that are secret belong into a Secret that\nspec.messaging.envFrom names: a plain one is read by everybody who may read Organisations."+configuring,
		func(args []string) error {
			o.settings.Set = map[string]string{}
			for _, arg := range args {
				key, value, ok := strings.Cut(arg, "=")
				if !ok {
					return fmt.Errorf("%q has no value: write KEY=VALUE, or unset it with kubectl glific config unset", arg)
				}
				o.settings.Set[key] = value
			}
			return nil
		})
	cmd.Example = "  kubectl glific config set asha GCS_FILE_COUNT=10"
	cmd.Flags().BoolVar(&o.plain, "plain", false, "the values are no secrets, whatever their names sound like")
	return cmd
}

func newConfigUnset(s *Session) *cobra.Command {
	o := &configure{}
	return o.command(s, "unset NAME KEY...", "Take plain variables of an NGO away",
		"Take plain variables of one NGO away; what its profile or the Release says counts again."+configuring,
		func(args []string) error { o.settings.Unset = args; return nil })
}

func (o *configure) command(s *Session, use, short, long string, parse func([]string) error) *cobra.Command {
	cmd := &cobra.Command{
		Use: use, Short: short, Long: long, Args: cobra.MinimumNArgs(2), ValidArgsFunction: s.completeVariable,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := parse(args[1:]); err != nil {
				return err
			}
			if err := o.settings.Check(); err != nil {
				return err
			}
			if sensitive := o.settings.Sensitive(); len(sensitive) > 0 && !o.plain {
				return fmt.Errorf("%s sounds like a secret, and everybody who may read Organisations could read it: put it into a Secret that spec.messaging.envFrom names, or add --plain", strings.Join(sensitive, ", "))
			}
			return o.run(cmd.Context(), s, args[0])
		},
	}
	cmd.Flags().BoolVar(&o.force, "force", false, "change it although a GitOps tool may set it back")
	return cmd
}

func (o *configure) run(ctx context.Context, s *Session, name string) error {
	c, err := s.Client()
	if err != nil {
		return err
	}
	org, err := world.Organisation(ctx, c, name)
	if err != nil {
		return err
	}
	if env, changed := o.settings.On(org); len(changed) > 0 && !o.force && change.GitOwner(org) != "" {
		return s.toCommit(org, env)
	}
	return o.declare(ctx, s, c, org)
}

// toCommit prints what belongs into Git instead.
func (s *Session) toCommit(org *v1alpha1.Organisation, env []v1alpha1.EnvVar) error {
	lines, err := change.Lines(env)
	if err != nil {
		return err
	}
	s.tell("Organisation %s belongs to %s, which would set it back. Commit this to its YAML instead, or add --force:", org.Name, change.GitOwner(org))
	fmt.Fprint(s.Out, lines)
	return exit(codeNotYet)
}

func (o *configure) declare(ctx context.Context, s *Session, c client.Client, org *v1alpha1.Organisation) error {
	changed, err := s.author(c).Configure(ctx, org, o.settings)
	if err != nil {
		return err
	}
	if len(changed) == 0 {
		s.tell("Organisation %s is so already; nothing to do.", org.Name)
		return nil
	}
	told := o.settings.Told(changed)
	s.record(ctx, c, org, "ConfigRequested", told)
	fmt.Fprintf(s.Out, "organisation.tenancy.glific.org/%s %s\n", org.Name, told)
	s.tell("See what happens: kubectl glific status %s --watch", org.Name)
	return nil
}

// completeVariable offers the name of an Organisation, then the variables that it
// declares itself.
func (s *Session) completeVariable(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	if len(args) == 0 {
		return s.completeName(cmd, args, typed)
	}
	c, err := s.Client()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	org, err := world.Organisation(cmd.Context(), c, args[0])
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	env, _ := change.Settings{}.On(org)
	all := make([]string, 0, len(env))
	for _, e := range env {
		if cmd.Name() == "set" {
			e.Name += "="
		}
		all = append(all, e.Name)
	}
	return all, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}
