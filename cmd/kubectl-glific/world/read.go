package world

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	certmanagerv1 "github.com/cert-manager/cert-manager/pkg/apis/certmanager/v1"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	networkingv1 "k8s.io/api/networking/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
)

// Organisation reads one; the error says how to find the right name.
func Organisation(ctx context.Context, c client.Reader, name string) (*v1alpha1.Organisation, error) {
	org := &v1alpha1.Organisation{}
	err := c.Get(ctx, client.ObjectKey{Name: name}, org)
	switch {
	case apierrors.IsNotFound(err):
		return nil, fmt.Errorf("organisation %q does not exist; `kubectl glific list` shows those that do, `kubectl glific retained` what is kept of those that did", name)
	case meta.IsNoMatchError(err):
		return nil, fmt.Errorf("this cluster does not know Organisations: install the operator, or choose another --context: %w", err)
	case apierrors.IsForbidden(err):
		return nil, fmt.Errorf("reading Organisation %s: %w; ask for the ClusterRole organisation-viewer", name, err)
	case err != nil:
		return nil, fmt.Errorf("reading Organisation %s: %w", name, err)
	}
	return org, nil
}

// Read reads an Organisation and all that belongs to it. Only the Organisation itself
// must be readable.
func Read(ctx context.Context, c client.Reader, name string) (*World, error) {
	org, err := Organisation(ctx, c, name)
	if err != nil {
		return nil, err
	}
	w := &World{Organisation: org}
	r := reader{ctx, c, w}
	w.Profile = find(r, "OrganisationProfile", org.Spec.Profile, &v1alpha1.OrganisationProfile{})
	w.Release = find(r, "Release", cmp.Or(org.Status.Release.Target, org.Status.Release.Serving), &v1alpha1.Release{})
	w.Server = find(r, "DatabaseServer", cmp.Or(org.Status.Database.Server, org.Annotations[v1alpha1.AnnotationServer]), &v1alpha1.DatabaseServer{})
	w.Namespace = find(r, "Namespace", names.Namespace(name), &corev1.Namespace{})
	r.objects(names.Namespace(name))
	r.events(names.Namespace(name))
	return w, nil
}

type reader struct {
	context.Context
	client.Reader
	world *World
}

// find reads an object of the cluster; nil if nobody names it, it does not exist or
// may not be read. Only the last is noted.
func find[T client.Object](r reader, kind, name string, into T) T {
	var none T
	if name == "" {
		return none
	}
	err := r.Get(r, client.ObjectKey{Name: name}, into)
	switch {
	case err == nil:
		return into
	case apierrors.IsNotFound(err):
	case apierrors.IsForbidden(err) && kind == "Namespace": // a role inside it does not show it
	default:
		r.missing(kind+" "+name, err, "ask for the ClusterRole organisation-viewer")
	}
	return none
}

func (r reader) objects(namespace string) {
	w := r.world
	w.Deployments = list(r, namespace, "Deployments", &appsv1.DeploymentList{}, func(l *appsv1.DeploymentList) []appsv1.Deployment { return l.Items })
	w.Revisions = list(r, namespace, "ControllerRevisions", &appsv1.ControllerRevisionList{}, func(l *appsv1.ControllerRevisionList) []appsv1.ControllerRevision { return l.Items })
	w.Jobs = list(r, namespace, "Jobs", &batchv1.JobList{}, func(l *batchv1.JobList) []batchv1.Job { return l.Items })
	w.Pods = list(r, namespace, "Pods", &corev1.PodList{}, func(l *corev1.PodList) []corev1.Pod { return l.Items })
	w.Ingresses = list(r, namespace, "Ingresses", &networkingv1.IngressList{}, func(l *networkingv1.IngressList) []networkingv1.Ingress { return l.Items })
	w.HTTPRoutes = list(r, namespace, "HTTPRoutes", &gatewayv1.HTTPRouteList{}, func(l *gatewayv1.HTTPRouteList) []gatewayv1.HTTPRoute { return l.Items })
	w.Certificates = list(r, namespace, "Certificates", &certmanagerv1.CertificateList{}, func(l *certmanagerv1.CertificateList) []certmanagerv1.Certificate { return l.Items })
}

func list[L client.ObjectList, T any](r reader, namespace, kind string, into L, items func(L) []T, options ...client.ListOption) []T {
	err := r.List(r, into, append(options, client.InNamespace(namespace))...)
	switch {
	case meta.IsNoMatchError(err): // the cluster does not offer this optional API
		return nil
	case err != nil:
		advice := "ask for role Viewer in spec.access of the Organisation or its profile"
		if namespace == metav1.NamespaceDefault {
			advice = "ask for the ClusterRole view there"
		}
		r.missing(kind+" in namespace "+namespace, err, advice)
		return nil
	}
	return items(into)
}

// events are those of the tenant's namespace, and those of the Organisation: the API
// server keeps Events of cluster-scoped objects in the namespace default.
func (r reader) events(namespace string) {
	items := func(l *eventsv1.EventList) []eventsv1.Event { return l.Items }
	all := list(r, namespace, "Events", &eventsv1.EventList{}, items)
	all = append(all, list(r, metav1.NamespaceDefault, "Events", &eventsv1.EventList{}, items,
		client.MatchingFields{"regarding.kind": "Organisation", "regarding.name": r.world.Organisation.Name})...)
	slices.SortStableFunc(all, func(a, b eventsv1.Event) int { return Last(a).Compare(Last(b)) })
	r.world.Events = all
}

// Last is when an Event was last seen.
func Last(event eventsv1.Event) time.Time {
	switch {
	case event.Series != nil:
		return event.Series.LastObservedTime.Time
	case !event.DeprecatedLastTimestamp.IsZero():
		return event.DeprecatedLastTimestamp.Time
	case !event.EventTime.IsZero():
		return event.EventTime.Time
	}
	return event.CreationTimestamp.Time
}

// missing notes what could not be read, and what to do if it may not be.
func (r reader) missing(what string, err error, advice string) {
	if apierrors.IsForbidden(err) {
		r.world.Missing = append(r.world.Missing, what+" may not be read by you; "+advice)
		return
	}
	r.world.Missing = append(r.world.Missing, fmt.Sprintf("%s could not be read: %s", what, strings.TrimSpace(err.Error())))
}
