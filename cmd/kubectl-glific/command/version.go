package command

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"
	"sigs.k8s.io/yaml"

	"github.com/glific/organisation-operator/cmd/kubectl-glific/world"
	"github.com/glific/organisation-operator/internal/version"
)

// versions are of both ends.
type versions struct {
	Client   string          `json:"client"`
	Operator *world.Operator `json:"operator,omitempty"`
	// Missing says why the operator's is not known.
	Missing string `json:"missing,omitempty"`
}

func newVersion(s *Session) *cobra.Command {
	var format string
	var clientOnly bool
	cmd := &cobra.Command{
		GroupID: look, Use: "version", Args: cobra.NoArgs, Short: "Print the versions of the plugin and of the operator",
		RunE: func(cmd *cobra.Command, _ []string) error {
			v := versions{Client: version.String()}
			if !clientOnly {
				c, err := s.Client()
				if err == nil {
					v.Operator, err = world.ReadOperator(cmd.Context(), c, s.OperatorNamespace)
				}
				if err != nil {
					v.Missing = err.Error()
				}
			}
			return v.print(s, format)
		},
	}
	cmd.Flags().StringVarP(&format, "output", "o", "", "output format: json|yaml")
	cmd.Flags().BoolVar(&clientOnly, "client", false, "of the plugin only; no cluster is asked")
	return cmd
}

func (v versions) print(s *Session, format string) error {
	switch format {
	case "json":
		encoder := json.NewEncoder(s.Out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(v)
	case "yaml":
		text, err := yaml.Marshal(v)
		fmt.Fprint(s.Out, string(text))
		return err
	case "":
	default:
		return fmt.Errorf("--output %s: there is no such format; json or yaml", format)
	}
	fmt.Fprintf(s.Out, "kubectl glific: %s\n", v.Client)
	if v.Operator != nil {
		fmt.Fprintf(s.Out, "Operator:       %s (%d of %d pods ready)\n", v.Operator.Image, v.Operator.Ready, v.Operator.Pods)
	}
	if v.Missing != "" {
		s.tell("Operator not known: %s.", v.Missing)
	}
	return nil
}
