package manifests

import (
	"context"
	"fmt"
	"time"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// fieldManager owns what Apply writes.
const fieldManager = "manifests"

// ApplyFiles is [Read] and [Apply].
func ApplyFiles(ctx context.Context, config *rest.Config, paths ...string) error {
	objects, err := Read(paths...)
	if err != nil {
		return err
	}
	return Apply(ctx, config, objects...)
}

// Apply server-side-applies the objects: namespaces and CustomResourceDefinitions
// first, and what follows them once these are served. It may be repeated.
func Apply(ctx context.Context, config *rest.Config, objects ...*unstructured.Unstructured) error {
	c, err := newClient(config)
	if err != nil {
		return err
	}
	sorted := ordered(objects)
	for i, object := range sorted {
		if err := applyOne(ctx, c, object); err != nil {
			return fmt.Errorf("applying %s %s: %w", object.GetKind(), client.ObjectKeyFromObject(object), err)
		}
		lastDefinition := isDefinition(object) && (i+1 == len(sorted) || !isDefinition(sorted[i+1]))
		if lastDefinition {
			if err := waitEstablished(ctx, c, sorted[:i+1]); err != nil {
				return err
			}
		}
	}
	return nil
}

func newClient(config *rest.Config) (client.Client, error) {
	scheme := runtime.NewScheme()
	if err := apiextensionsv1.AddToScheme(scheme); err != nil {
		return nil, err
	}
	return client.New(config, client.Options{Scheme: scheme})
}

func isDefinition(o *unstructured.Unstructured) bool {
	return o.GetKind() == "CustomResourceDefinition"
}

// applyOne repeats while the API server does not serve the kind yet: discovery
// follows a new definition with a short delay.
func applyOne(ctx context.Context, c client.Client, object *unstructured.Unstructured) error {
	return repeat(ctx, func() (done bool, err error) {
		desired := client.ApplyConfigurationFromUnstructured(object.DeepCopy())
		err = c.Apply(ctx, desired, client.FieldOwner(fieldManager), client.ForceOwnership)
		notServed := meta.IsNoMatchError(err) || (apierrors.IsNotFound(err) && !isDefinition(object))
		return !notServed, err
	})
}

func waitEstablished(ctx context.Context, c client.Client, objects []*unstructured.Unstructured) error {
	for _, object := range objects {
		if !isDefinition(object) {
			continue
		}
		err := repeat(ctx, func() (bool, error) { return established(ctx, c, object.GetName()) })
		if err != nil {
			return fmt.Errorf("waiting for CustomResourceDefinition %s: %w", object.GetName(), err)
		}
	}
	return nil
}

func established(ctx context.Context, c client.Client, name string) (bool, error) {
	var definition apiextensionsv1.CustomResourceDefinition
	if err := c.Get(ctx, client.ObjectKey{Name: name}, &definition); err != nil {
		return true, err
	}
	for _, condition := range definition.Status.Conditions {
		if condition.Type == apiextensionsv1.Established && condition.Status == apiextensionsv1.ConditionTrue {
			return true, nil
		}
	}
	return false, fmt.Errorf("not established")
}

// repeat calls try until it is done, and returns its last error when ctx ends.
func repeat(ctx context.Context, try func() (done bool, err error)) error {
	every := time.NewTicker(50 * time.Millisecond)
	defer every.Stop()
	for {
		done, err := try()
		if done {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w (last: %w)", ctx.Err(), err)
		case <-every.C:
		}
	}
}
