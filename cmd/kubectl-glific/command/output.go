package command

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/cli-runtime/pkg/genericclioptions"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"
	"sigs.k8s.io/yaml"

	"github.com/glific/organisation-operator/cmd/kubectl-glific/world"
)

// output is the flag -o, as kubectl has it.
type output struct {
	format string
	words  []string
}

// addTo adds the flag; words are the formats besides json, yaml and name.
func (o *output) addTo(cmd *cobra.Command, words ...string) {
	o.words = append(words, "json", "name", "yaml")
	cmd.Flags().StringVarP(&o.format, "output", "o", "", "output format: "+strings.Join(o.words, "|"))
	_ = cmd.RegisterFlagCompletionFunc("output", cobra.FixedCompletions(o.words, cobra.ShellCompDirectiveNoFileComp))
}

// check refuses a format that does not exist before anything is read.
func (o *output) check() error {
	if o.format != "" && !slices.Contains(o.words, o.format) {
		return fmt.Errorf("--output %s: there is no such format; one of %s", o.format, strings.Join(o.words, ", "))
	}
	return nil
}

// machine tells whether a program reads the output.
func (o *output) machine() bool { return slices.Contains([]string{"json", "yaml", "name"}, o.format) }

// print writes objects for a program: names one a line, or one List.
func (o *output) print(s *Session, objects []client.Object) error {
	scheme, err := world.Scheme()
	if err != nil {
		return err
	}
	for _, object := range objects {
		if err := identify(scheme, object); err != nil {
			return err
		}
	}
	flags := genericclioptions.NewPrintFlags("").WithTypeSetter(scheme)
	flags.OutputFormat = &o.format
	printer, err := flags.ToPrinter()
	if err != nil {
		return err
	}
	if o.format != "name" {
		return printer.PrintObj(listOf(objects), s.Out)
	}
	for _, object := range objects {
		if err := printer.PrintObj(object, s.Out); err != nil {
			return err
		}
	}
	return nil
}

// write is print for what is no object of the API: names one a line, or the value.
func (o *output) write(s *Session, names []string, value any) error {
	var text []byte
	var err error
	switch o.format {
	case "name":
		for _, name := range names {
			text = append(text, name+"\n"...)
		}
	case "yaml":
		text, err = yaml.Marshal(value)
	default:
		text, err = json.MarshalIndent(value, "", "    ")
		text = append(text, '\n')
	}
	if err == nil {
		_, err = s.Out.Write(text)
	}
	return err
}

// identify fills in the kind, which typed clients leave empty.
func identify(scheme *runtime.Scheme, object client.Object) error {
	gvk, err := apiutil.GVKForObject(object, scheme)
	if err != nil {
		return fmt.Errorf("printing %s: %w", object.GetName(), err)
	}
	object.GetObjectKind().SetGroupVersionKind(gvk)
	object.SetManagedFields(nil)
	return nil
}

// listOf is the List that kubectl prints for several objects.
func listOf(objects []client.Object) runtime.Object {
	list := &metav1.List{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "List"}}
	for _, object := range objects {
		list.Items = append(list.Items, runtime.RawExtension{Object: object})
	}
	return list
}
