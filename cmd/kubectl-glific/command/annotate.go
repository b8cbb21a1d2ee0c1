package command

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/world"
)

// fieldManager names the plugin in managedFields.
const fieldManager = client.FieldOwner("kubectl-glific")

// annotate writes one annotation that Git does not hold; an empty value removes it.
func (s *Session) annotate(ctx context.Context, c client.Client, org *v1alpha1.Organisation, annotation, value string) error {
	var set any
	if value != "" {
		set = value
	}
	return s.patch(ctx, c, org, map[string]any{"metadata": map[string]any{"annotations": map[string]any{annotation: set}}})
}

// patch changes only what it names. The UID makes the API server refuse it if the
// Organisation is another one by now.
func (s *Session) patch(ctx context.Context, c client.Client, org *v1alpha1.Organisation, change map[string]any) error {
	metadata, _ := change["metadata"].(map[string]any)
	if metadata == nil {
		metadata = map[string]any{}
		change["metadata"] = metadata
	}
	metadata["uid"] = org.UID
	data, err := json.Marshal(change)
	if err != nil {
		return fmt.Errorf("changing Organisation %s: %w", org.Name, err)
	}
	err = c.Patch(ctx, org, client.RawPatch(types.MergePatchType, data), fieldManager)
	switch {
	case apierrors.IsForbidden(err):
		return fmt.Errorf("changing Organisation %s: %w; ask for the ClusterRole organisation-editor", org.Name, err)
	case err != nil:
		return fmt.Errorf("changing Organisation %s: %w", org.Name, err)
	}
	return nil
}

// verb is a command that writes one annotation.
type verb struct {
	use, short, long string
	annotation       string
	// value of the annotation; "" removes it.
	value func() string
	// event is the reason of the Event, and what is told of it: "asked for a restart".
	event, told string
	// done says what follows.
	done string
}

func (v verb) command(s *Session) *cobra.Command {
	return named(s, act, v.use, v.short, v.long, func(ctx context.Context, name string, _ []string) error {
		c, err := s.Client()
		if err != nil {
			return err
		}
		org, err := world.Organisation(ctx, c, name)
		if err != nil {
			return err
		}
		value := v.value()
		if value == "" && org.Annotations[v.annotation] == "" {
			s.tell("Organisation %s is not held; nothing to do.", name)
			return nil
		}
		if err := s.annotate(ctx, c, org, v.annotation, value); err != nil {
			return err
		}
		s.record(ctx, c, org, v.event, v.told)
		fmt.Fprintf(s.Out, "organisation.tenancy.glific.org/%s %s\n", name, v.told)
		s.tell("%s", fmt.Sprintf(v.done, name))
		return nil
	})
}

// stamp is a value that differs from every one before.
func (s *Session) stamp() string { return s.Now().UTC().Format(time.RFC3339) }
