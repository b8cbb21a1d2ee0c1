package command

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/glific/organisation-operator/cmd/kubectl-glific/world"
)

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
