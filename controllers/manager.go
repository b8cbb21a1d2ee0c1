package controllers

import (
	"context"
	"fmt"

	certmanagerv1 "github.com/cert-manager/cert-manager/pkg/apis/certmanager/v1"
	corev1 "k8s.io/api/core/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/client-go/discovery"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/utils/clock"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/optional"
	"github.com/glific/organisation-operator/internal/probe"
	"github.com/glific/organisation-operator/internal/snapshot"
)

// Scheme knows every kind that the operator reads or writes.
func Scheme() *runtime.Scheme {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{
		clientgoscheme.AddToScheme, v1alpha1.AddToScheme, gatewayv1.Install, certmanagerv1.AddToScheme, apiextensionsv1.AddToScheme,
	} {
		utilruntime.Must(add(scheme))
	}
	return scheme
}

// CacheOptions restrict caches to the operator's own objects, by default for every
// kind, so that kinds that appear later are restricted too. The kinds of this API are
// seen whole, and so are two others: a namespace that somebody else made must be seen
// to be left alone, and the ConfigMaps of the operator's namespace are host claims,
// whoever made them. Secrets are never cached.
func CacheOptions(namespace string) cache.Options {
	all := cache.ByObject{Label: labels.Everything()}
	return cache.Options{
		DefaultLabelSelector: labels.SelectorFromSet(labels.Set{v1alpha1.LabelManagedBy: v1alpha1.ManagedBy}),
		DefaultTransform:     cache.TransformStripManagedFields(),
		ByObject: map[client.Object]cache.ByObject{
			&v1alpha1.Organisation{}: all, &v1alpha1.OrganisationProfile{}: all,
			&v1alpha1.Release{}: all, &v1alpha1.ReleaseChannel{}: all, &v1alpha1.DatabaseServer{}: all,
			&corev1.Namespace{}: all,
			&corev1.Pod{}:       {Label: snapshot.OwnPods(), Transform: statusOnly},
			&corev1.ConfigMap{}: {Namespaces: map[string]cache.Config{namespace: {LabelSelector: labels.Everything()}}},
		},
	}
}

// statusOnly keeps of a Pod who made it and how it stands: nothing else is read.
func statusOnly(object any) (any, error) {
	if pod, ok := object.(*corev1.Pod); ok {
		entered, changed := pod.Annotations[v1alpha1.AnnotationHot]
		pod.Spec, pod.ManagedFields, pod.Annotations = corev1.PodSpec{}, nil, nil
		if changed { // it may run another release than its image holds
			pod.Annotations = map[string]string{v1alpha1.AnnotationHot: entered}
		}
	}
	return object, nil
}

// ManagerOptions are what every manager of these controllers needs.
func ManagerOptions(namespace string) ctrl.Options {
	return ctrl.Options{
		Scheme: Scheme(),
		Cache:  CacheOptions(namespace),
		Client: client.Options{Cache: &client.CacheOptions{DisableFor: []client.Object{&corev1.Secret{}}}},

		LeaderElectionID:              "organisation-operator",
		LeaderElectionNamespace:       namespace,
		LeaderElectionReleaseOnCancel: true,
	}
}

// WorldOf is the world that a manager's clients see, for an operator that runs as the
// given ServiceAccount. The API server must answer.
func WorldOf(ctx context.Context, mgr ctrl.Manager, operator types.NamespacedName) (World, error) {
	api, err := discovery.NewDiscoveryClientForConfigAndClient(mgr.GetConfig(), mgr.GetHTTPClient())
	if err != nil {
		return World{}, fmt.Errorf("preparing discovery: %w", err)
	}
	live, err := client.New(mgr.GetConfig(), client.Options{Scheme: mgr.GetScheme(), HTTPClient: mgr.GetHTTPClient()})
	if err != nil {
		return World{}, fmt.Errorf("preparing reads from the API server: %w", err)
	}
	installation, err := Installation(ctx, live)
	if err != nil {
		return World{}, err
	}
	apis := optional.New(api)
	// What exists at the start is offered at once, or a restart would show it as missing.
	there, err := apis.Discover()
	if err != nil {
		return World{}, err
	}
	apis.Offer(there...)
	return World{
		Client: mgr.GetClient(), Live: live, Scheme: mgr.GetScheme(),
		Events:    mgr.GetEventRecorder("organisation-operator"),
		APIs:      apis,
		Databases: Databases(live, operator.Namespace, installation, clock.RealClock{}),
		Operator:  operator, Installation: installation, Clock: clock.RealClock{},
		Reach: &probe.Desk{Probe: probe.Prober{}.Probe, Clock: clock.RealClock{}},
	}, nil
}
