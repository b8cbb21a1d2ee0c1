// Package change makes what people ask for: annotations that Git does not hold, and
// fields that they could declare themselves. Each leaves an Event that says who.
package change

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// FieldManager names the plugin in managedFields.
const FieldManager = client.FieldOwner("kubectl-glific")

// Author changes objects with the caller's own rights.
type Author struct {
	Client client.Client
	// Now is the clock.
	Now func() time.Time
	// User is the caller's name on their machine, for clusters that do not say who it is.
	User string
}

// Patch changes only what it names, as a JSON merge patch (RFC 7386). The UID makes the
// API server refuse it if the object is another one by now.
func (a Author) Patch(ctx context.Context, object client.Object, change map[string]any) error {
	metadata, _ := change["metadata"].(map[string]any)
	if metadata == nil {
		metadata = map[string]any{}
		change["metadata"] = metadata
	}
	metadata["uid"] = object.GetUID()
	data, err := json.Marshal(change)
	if err != nil {
		return fmt.Errorf("changing %s: %w", called(object), err)
	}
	err = a.Client.Patch(ctx, object, client.RawPatch(types.MergePatchType, data), FieldManager)
	switch {
	case apierrors.IsForbidden(err):
		return fmt.Errorf("changing %s: %w; ask for the ClusterRole organisation-editor", called(object), err)
	case err != nil:
		return fmt.Errorf("changing %s: %w", called(object), err)
	}
	return nil
}

// Annotate writes one annotation that Git does not hold; an empty value removes it.
func (a Author) Annotate(ctx context.Context, object client.Object, annotation, value string) error {
	var set any
	if value != "" {
		set = value
	}
	return a.Patch(ctx, object, map[string]any{"metadata": map[string]any{"annotations": map[string]any{annotation: set}}})
}

// Who is the caller, as the API server knows them.
func (a Author) Who(ctx context.Context) string {
	review := &authenticationv1.SelfSubjectReview{}
	if err := a.Client.Create(ctx, review); err == nil && review.Status.UserInfo.Username != "" {
		return review.Status.UserInfo.Username
	}
	if a.User != "" {
		return a.User + " (by the name on their machine)"
	}
	return "somebody"
}
