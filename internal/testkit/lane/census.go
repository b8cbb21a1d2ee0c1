package lane

import (
	"context"
	"errors"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/rest"

	"github.com/glific/organisation-operator/internal/testkit/workloads"
)

// object is one of any kind.
type object struct {
	schema.GroupVersionResource
	types.NamespacedName
}

// census counts every object of an API server.
type census struct {
	objects metadata.Interface
	kinds   map[schema.GroupVersionResource]struct{}
	script  *workloads.Script
}

func newCensus(config *rest.Config) (*census, error) {
	config = rest.CopyConfig(config)
	config.WarningHandler = rest.NoWarnings{} // it looks at deprecated kinds on purpose
	api, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("preparing discovery: %w", err)
	}
	lists, err := api.ServerPreferredResources()
	if err != nil {
		return nil, fmt.Errorf("discovering kinds: %w", err)
	}
	kinds, err := discovery.GroupVersionResources(discovery.FilteredBy(discovery.SupportsAllVerbs{Verbs: []string{"list", "delete"}}, lists))
	if err != nil {
		return nil, fmt.Errorf("discovering kinds: %w", err)
	}
	objects, err := metadata.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("preparing to look at every kind: %w", err)
	}
	script, err := workloads.New(config)
	return &census{objects, kinds, script}, err
}

// uncounted are kinds whose objects nothing rests on, or that the API server keeps by
// itself.
var uncounted = map[string]bool{"events": true, "leases": true, "apiservices": true}

// take lists everything, and which version of it.
func (c *census) take(ctx context.Context) (map[object]string, error) {
	all := map[object]string{}
	for kind := range c.kinds {
		if uncounted[kind.Resource] {
			continue
		}
		found, err := c.objects.Resource(kind).List(ctx, metav1.ListOptions{})
		if err != nil {
			return nil, fmt.Errorf("listing %s: %w", kind.Resource, err)
		}
		for _, o := range found.Items {
			all[object{kind, types.NamespacedName{Namespace: o.Namespace, Name: o.Name}}] = o.ResourceVersion
		}
	}
	return all, nil
}

// remove deletes an object, whatever holds it. What lies in a namespace that is deleted
// goes with it.
func (c *census) remove(ctx context.Context, o object) error {
	one := c.objects.Resource(o.GroupVersionResource).Namespace(o.Namespace)
	if o.Resource != "namespaces" {
		_, err := one.Patch(ctx, o.Name, types.MergePatchType, []byte(`{"metadata":{"finalizers":null}}`), metav1.PatchOptions{})
		if err != nil && !apierrors.IsNotFound(err) {
			return fmt.Errorf("freeing %s %s: %w", o.Resource, o.NamespacedName, err)
		}
	}
	now, background := int64(0), metav1.DeletePropagationBackground
	err := one.Delete(ctx, o.Name, metav1.DeleteOptions{GracePeriodSeconds: &now, PropagationPolicy: &background})
	if err != nil && !apierrors.IsNotFound(err) && !apierrors.IsConflict(err) {
		return fmt.Errorf("deleting %s %s: %w", o.Resource, o.NamespacedName, err)
	}
	return nil
}

// ErrSpoiled: a lane changed what Break had installed, so no other may follow.
var ErrSpoiled = errors.New("the ground is spoiled")

// Clear deletes whatever was not there at first, and proves that everything else is as it
// was: the next lane starts as the first did. With ErrSpoiled, stop the ground instead.
func (g *Ground) Clear(ctx context.Context) error {
	const most = 10 // a namespace goes in three
	for range most {
		now, err := g.census.take(ctx)
		if err != nil {
			return err
		}
		for o, version := range g.built {
			if now[o] != version {
				return fmt.Errorf("%w: %s %s", ErrSpoiled, o.Resource, o.NamespacedName)
			}
			delete(now, o)
		}
		if len(now) == 0 {
			return nil
		}
		for o := range now {
			if o.Resource == "customresourcedefinitions" {
				return fmt.Errorf("%w: %s was added", ErrSpoiled, o.Name)
			}
			if err := g.census.remove(ctx, o); err != nil {
				return err
			}
		}
		if _, err := g.census.script.Step(ctx); err != nil {
			return err
		}
	}
	return fmt.Errorf("something does not go in %d rounds", most)
}
