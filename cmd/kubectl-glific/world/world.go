// Package world reads what the plugin shows: one Organisation and what belongs to it,
// with the caller's own rights. What may not be read is said and left out.
package world

import (
	"fmt"

	certmanagerv1 "github.com/cert-manager/cert-manager/pkg/apis/certmanager/v1"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// World is one Organisation and what belongs to it. A nil pointer or an empty list is
// what does not exist, or what Missing speaks of.
type World struct {
	Organisation *v1alpha1.Organisation
	Profile      *v1alpha1.OrganisationProfile
	// Release is the target, or what serves if there is no target.
	Release   *v1alpha1.Release
	Server    *v1alpha1.DatabaseServer
	Namespace *corev1.Namespace

	Deployments []appsv1.Deployment
	Revisions   []appsv1.ControllerRevision
	Jobs        []batchv1.Job
	Pods        []corev1.Pod
	Ingresses   []networkingv1.Ingress
	HTTPRoutes  []gatewayv1.HTTPRoute
	// Certificates are those of cert-manager.
	Certificates []certmanagerv1.Certificate
	// Events of the Organisation itself and of its namespace, the oldest first.
	Events []eventsv1.Event

	// Missing says in words what could not be read, and why.
	Missing []string
}

// Scheme knows every kind that the plugin reads or writes.
func Scheme() (*runtime.Scheme, error) {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{
		clientgoscheme.AddToScheme, v1alpha1.AddToScheme, gatewayv1.Install, certmanagerv1.AddToScheme,
	} {
		if err := add(scheme); err != nil {
			return nil, fmt.Errorf("preparing the kinds: %w", err)
		}
	}
	return scheme, nil
}
