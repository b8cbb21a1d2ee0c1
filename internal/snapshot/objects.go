package snapshot

import (
	"context"
	"fmt"
	"strconv"

	certmanagerv1 "github.com/cert-manager/cert-manager/pkg/apis/certmanager/v1"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/selection"
	"sigs.k8s.io/controller-runtime/pkg/client"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/optional"
)

// Kind is a kind of object that the operator owns in tenants' namespaces.
type Kind struct {
	schema.GroupVersionKind
	// Object is an empty object of the kind.
	Object client.Object
	// List is an empty list of the kind.
	List client.ObjectList
	// Optional kinds may be absent from the cluster.
	Optional bool
}

// Kinds lists every kind of object that the operator owns in tenants' namespaces,
// but Secrets, which are never cached.
func Kinds() []Kind {
	return []Kind{
		kind(corev1.SchemeGroupVersion, "ResourceQuota", &corev1.ResourceQuota{}, &corev1.ResourceQuotaList{}),
		kind(corev1.SchemeGroupVersion, "LimitRange", &corev1.LimitRange{}, &corev1.LimitRangeList{}),
		kind(corev1.SchemeGroupVersion, "ServiceAccount", &corev1.ServiceAccount{}, &corev1.ServiceAccountList{}),
		kind(corev1.SchemeGroupVersion, "Service", &corev1.Service{}, &corev1.ServiceList{}),
		kind(networkingv1.SchemeGroupVersion, "NetworkPolicy", &networkingv1.NetworkPolicy{}, &networkingv1.NetworkPolicyList{}),
		kind(rbacv1.SchemeGroupVersion, "RoleBinding", &rbacv1.RoleBinding{}, &rbacv1.RoleBindingList{}),
		kind(appsv1.SchemeGroupVersion, "Deployment", &appsv1.Deployment{}, &appsv1.DeploymentList{}),
		kind(appsv1.SchemeGroupVersion, "ControllerRevision", &appsv1.ControllerRevision{}, &appsv1.ControllerRevisionList{}),
		kind(policyv1.SchemeGroupVersion, "PodDisruptionBudget", &policyv1.PodDisruptionBudget{}, &policyv1.PodDisruptionBudgetList{}),
		kind(batchv1.SchemeGroupVersion, "Job", &batchv1.Job{}, &batchv1.JobList{}),
		kind(networkingv1.SchemeGroupVersion, "Ingress", &networkingv1.Ingress{}, &networkingv1.IngressList{}),
		{optional.HTTPRoute, &gatewayv1.HTTPRoute{}, &gatewayv1.HTTPRouteList{}, true},
		{optional.ListenerSet, &gatewayv1.ListenerSet{}, &gatewayv1.ListenerSetList{}, true},
		{optional.Certificate, &certmanagerv1.Certificate{}, &certmanagerv1.CertificateList{}, true},
	}
}

func kind(gv schema.GroupVersion, name string, obj client.Object, list client.ObjectList) Kind {
	return Kind{gv.WithKind(name), obj, list, false}
}

// objects lists what the operator owns in a namespace. The caches hold nothing but
// the operator's own objects.
func (l *Loader) objects(ctx context.Context, namespace string, s *Snapshot) error {
	for _, k := range Kinds() {
		if k.Optional && !l.APIs.Offers(k.GroupVersionKind) {
			continue
		}
		if err := l.Cache.List(ctx, k.List, client.InNamespace(namespace)); err != nil {
			return fmt.Errorf("listing %s in namespace %s: %w", k.Kind, namespace, err)
		}
		err := meta.EachListItem(k.List, func(obj runtime.Object) error {
			s.Put(k.Kind, obj.(client.Object))
			return nil
		})
		if err != nil {
			return err
		}
	}
	if err := l.revisions(ctx, namespace, s); err != nil {
		return err
	}
	return l.pods(ctx, namespace, s)
}

// Released is the number of the ControllerRevision that the back end's Deployment renders;
// 0 if there is none, or nobody noted it.
func Released(s *Snapshot) int64 {
	d := Find[*appsv1.Deployment](s, "Deployment", s.Settings.Namespace, names.Backend)
	if d == nil {
		return 0
	}
	number, err := strconv.ParseInt(d.Annotations[v1alpha1.AnnotationRevision], 10, 64)
	if err != nil {
		return 0
	}
	return number
}

// revisions reads ControllerRevisions from the API server if the cache knows none as new
// as the Deployment: an older one would take back what was released.
func (l *Loader) revisions(ctx context.Context, namespace string, s *Snapshot) error {
	newest := int64(0)
	for _, object := range s.All("ControllerRevision") {
		if stored, ok := object.(*appsv1.ControllerRevision); ok {
			newest = max(newest, stored.Revision)
		}
	}
	if newest >= Released(s) {
		return nil
	}
	var list appsv1.ControllerRevisionList
	err := l.Live.List(ctx, &list, client.InNamespace(namespace), client.MatchingLabels{v1alpha1.LabelManagedBy: v1alpha1.ManagedBy})
	if err != nil {
		return fmt.Errorf("reading ControllerRevisions in namespace %s, which are behind its Deployment: %w", namespace, err)
	}
	for i := range list.Items {
		s.Put("ControllerRevision", &list.Items[i])
	}
	return nil
}

// OwnPods selects the Pods that the operator asked for. Why one does not start, or what a
// Job said before it failed, is read from them; and of those that serve, which image runs.
func OwnPods() labels.Selector {
	selector := labels.SelectorFromSet(labels.Set{v1alpha1.LabelManagedBy: v1alpha1.ManagedBy})
	kinds := []string{string(ledger.RunBootstrap), string(ledger.RunMigration), string(ledger.RunAdminPassword), names.Backend, names.Frontend}
	asked, err := labels.NewRequirement(v1alpha1.LabelComponent, selection.In, kinds)
	if err != nil {
		panic(err) // the label and the names are constants
	}
	return selector.Add(*asked)
}

func (l *Loader) pods(ctx context.Context, namespace string, s *Snapshot) error {
	var pods corev1.PodList
	if err := l.Cache.List(ctx, &pods, client.InNamespace(namespace)); err != nil {
		return fmt.Errorf("listing Pods in namespace %s: %w", namespace, err)
	}
	for i := range pods.Items {
		s.Put("Pod", &pods.Items[i])
	}
	return nil
}
