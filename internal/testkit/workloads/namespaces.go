package workloads

import (
	"context"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/rest"
)

// content deletes what lies in a namespace, of any kind.
// The kinds are those served when it is first needed.
type content struct {
	discovery discovery.DiscoveryInterface
	objects   metadata.Interface
	kinds     []schema.GroupVersionResource
}

func newContent(config *rest.Config) (*content, error) {
	config = rest.CopyConfig(config)
	config.WarningHandler = rest.NoWarnings{} // it touches deprecated kinds on purpose
	d, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("making the script's discovery client: %w", err)
	}
	objects, err := metadata.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("making the script's metadata client: %w", err)
	}
	return &content{discovery: d, objects: objects}, nil
}

// namespaces empties those that are being deleted and lets them go, without the
// five seconds that the namespace controller waits. An object with a finalizer
// keeps its namespace, as it should.
func (s *Script) namespaces(ctx context.Context) (changed int, err error) {
	var namespaces corev1.NamespaceList
	if err := s.client.List(ctx, &namespaces); err != nil {
		return 0, fmt.Errorf("listing Namespaces: %w", err)
	}
	for i := range namespaces.Items {
		namespace := &namespaces.Items[i]
		if namespace.DeletionTimestamp == nil || !s.plays(namespace.Name) {
			continue
		}
		deleted, left, err := s.content.empty(ctx, namespace.Name)
		changed += deleted
		if err != nil {
			return changed, fmt.Errorf("emptying namespace %s: %w", namespace.Name, err)
		}
		if left {
			continue
		}
		if err := s.finalise(ctx, namespace); err != nil {
			return changed, err
		}
		changed++
	}
	return changed, nil
}

func (s *Script) finalise(ctx context.Context, namespace *corev1.Namespace) error {
	namespace.Spec.Finalizers = slices.DeleteFunc(namespace.Spec.Finalizers, func(f corev1.FinalizerName) bool {
		return f == corev1.FinalizerKubernetes
	})
	err := s.client.SubResource("finalize").Update(ctx, namespace)
	if err != nil && !apierrors.IsNotFound(err) && !apierrors.IsConflict(err) {
		return fmt.Errorf("finalising namespace %s: %w", namespace.Name, err)
	}
	return nil
}

func (c *content) empty(ctx context.Context, namespace string) (deleted int, left bool, err error) {
	if c.kinds == nil {
		if c.kinds, err = c.discover(); err != nil {
			return 0, false, err
		}
	}
	// Not the kinds' own default, which for Jobs is to wait for a garbage collector.
	now, background := int64(0), metav1.DeletePropagationBackground
	options := metav1.DeleteOptions{GracePeriodSeconds: &now, PropagationPolicy: &background}
	for _, kind := range c.kinds {
		objects := c.objects.Resource(kind).Namespace(namespace)
		found, err := objects.List(ctx, metav1.ListOptions{})
		if apierrors.IsNotFound(err) {
			continue // the definition of this kind has gone since
		}
		if err != nil {
			return deleted, left, err
		}
		if len(found.Items) == 0 {
			continue
		}
		if err := objects.DeleteCollection(ctx, options, metav1.ListOptions{}); err != nil {
			return deleted, left, err
		}
		for _, object := range found.Items {
			if object.DeletionTimestamp == nil {
				deleted++
			}
		}
		remaining, err := objects.List(ctx, metav1.ListOptions{})
		if err != nil {
			return deleted, left, err
		}
		left = left || len(remaining.Items) > 0
	}
	return deleted, left, nil
}

// discover lists the kinds whose objects lie in namespaces and can be deleted.
func (c *content) discover() ([]schema.GroupVersionResource, error) {
	lists, err := c.discovery.ServerPreferredNamespacedResources()
	if err != nil {
		return nil, fmt.Errorf("discovering kinds: %w", err)
	}
	lists = discovery.FilteredBy(discovery.SupportsAllVerbs{Verbs: []string{"list", "deletecollection"}}, lists)
	found, err := discovery.GroupVersionResources(lists)
	if err != nil {
		return nil, fmt.Errorf("discovering kinds: %w", err)
	}
	var kinds []schema.GroupVersionResource
	for kind := range found {
		kinds = append(kinds, kind)
	}
	slices.SortFunc(kinds, func(a, b schema.GroupVersionResource) int {
		return slices.Compare([]string{a.Group, a.Resource}, []string{b.Group, b.Resource})
	})
	return kinds, nil
}
