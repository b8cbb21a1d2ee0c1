package command

import (
	"context"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/cmd/kubectl-glific/change"
)

// author of changes: the caller.
func (s *Session) author(c client.Client) change.Author {
	return change.Author{Client: c, Now: s.Now, User: s.Environ("USER")}
}

// annotate writes one annotation that Git does not hold; an empty value removes it.
func (s *Session) annotate(ctx context.Context, c client.Client, object client.Object, annotation, value string) error {
	return s.author(c).Annotate(ctx, object, annotation, value)
}

// patch changes only what it names.
func (s *Session) patch(ctx context.Context, c client.Client, object client.Object, declared map[string]any) error {
	return s.author(c).Patch(ctx, object, declared)
}

// record leaves an Event that says who; one that may not be written is only told of.
func (s *Session) record(ctx context.Context, c client.Client, object client.Object, reason, told string) {
	if err := s.author(c).Record(ctx, object, reason, told); err != nil {
		s.tell("Warning: %v", err)
	}
}
