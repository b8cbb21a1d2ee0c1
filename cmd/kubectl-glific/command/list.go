package command

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/labels"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/show"
)

type listOptions struct {
	output   output
	selector string
	troubled bool
}

func newList(s *Session) *cobra.Command {
	o := listOptions{}
	cmd := &cobra.Command{
		GroupID: look, Use: "list", Aliases: []string{"ls"}, Args: cobra.NoArgs,
		Short: "List all NGOs: state, release, target, address",
		Long:  "List all NGOs with state, reason, release, target and address. --troubled leaves out those that serve or are suspended as declared.",
		RunE:  func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), s) },
	}
	o.output.addTo(cmd, "wide")
	cmd.Flags().StringVarP(&o.selector, "selector", "l", "", "label selector, as of kubectl get")
	cmd.Flags().BoolVar(&o.troubled, "troubled", false, "only NGOs that are not as declared")
	return cmd
}

func (o *listOptions) run(ctx context.Context, s *Session) error {
	if err := o.output.check(); err != nil {
		return err
	}
	organisations, err := o.read(ctx, s)
	if err != nil {
		return err
	}
	if o.output.machine() {
		objects := make([]client.Object, 0, len(organisations))
		for i := range organisations {
			objects = append(objects, &organisations[i])
		}
		return o.output.print(s, objects)
	}
	if len(organisations) == 0 {
		s.tell("No NGOs found.")
		return nil
	}
	show.List(s.Out, organisations, o.output.format == "wide", s.Now())
	if s.Terminal {
		s.tell("%s", show.Counts(organisations))
	}
	return nil
}

func (o *listOptions) read(ctx context.Context, s *Session) ([]v1alpha1.Organisation, error) {
	selector, err := labels.Parse(o.selector)
	if err != nil {
		return nil, fmt.Errorf("--selector: %w", err)
	}
	c, err := s.Client()
	if err != nil {
		return nil, err
	}
	var list v1alpha1.OrganisationList
	if err := c.List(ctx, &list, client.MatchingLabelsSelector{Selector: selector}); err != nil {
		return nil, listing(err)
	}
	if !o.troubled {
		return list.Items, nil
	}
	var troubled []v1alpha1.Organisation
	for _, org := range list.Items {
		if show.HealthOf(&org).Code() != 0 {
			troubled = append(troubled, org)
		}
	}
	return troubled, nil
}

// listing says what to do if Organisations cannot be listed.
func listing(err error) error {
	if meta.IsNoMatchError(err) {
		return fmt.Errorf("this cluster does not know Organisations: install the operator, or choose another --context: %w", err)
	}
	return fmt.Errorf("listing Organisations: %w", err)
}
