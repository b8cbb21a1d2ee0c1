package lane

import (
	"context"
	"fmt"
	"reflect"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/snapshot"
)

// restricted reads as the operator's caches do: of the kinds in tenants' namespaces it
// sees its own objects only. During a pass over everything it lists each of these kinds
// once, as caches do, and not once for every namespace: nobody looks into a namespace but
// the Organisation that owns it, and that reads once per pass.
type restricted struct {
	client.Client
	listed map[reflect.Type]client.ObjectList // nil outside of a pass
}

// List adds the label that the caches select by.
func (r *restricted) List(ctx context.Context, list client.ObjectList, options ...client.ListOption) error {
	selector := selectorOf(list)
	if selector == nil {
		return r.Client.List(ctx, list, options...)
	}
	asked := (&client.ListOptions{}).ApplyOptions(options)
	if r.listed == nil || asked.LabelSelector != nil || asked.FieldSelector != nil {
		return r.Client.List(ctx, list, append(options, client.MatchingLabelsSelector{Selector: selector})...)
	}
	all := r.listed[reflect.TypeOf(list)]
	if all == nil {
		all = list.DeepCopyObject().(client.ObjectList)
		if err := r.Client.List(ctx, all, client.MatchingLabelsSelector{Selector: selector}); err != nil {
			return err
		}
		r.listed[reflect.TypeOf(list)] = all
	}
	return pick(all, list, asked.Namespace)
}

// selectorOf is what the caches select a kind by; nil for those that they hold whole.
func selectorOf(list client.ObjectList) labels.Selector {
	if _, pods := list.(*corev1.PodList); pods {
		return snapshot.OwnPods()
	}
	for _, kind := range snapshot.Kinds() {
		if reflect.TypeOf(kind.List) == reflect.TypeOf(list) {
			return labels.SelectorFromSet(labels.Set{v1alpha1.LabelManagedBy: v1alpha1.ManagedBy})
		}
	}
	return nil
}

// pick copies what lies in a namespace; everything if none is named.
func pick(all, into client.ObjectList, namespace string) error {
	var found []runtime.Object
	err := meta.EachListItem(all, func(o runtime.Object) error {
		if namespace == "" || o.(client.Object).GetNamespace() == namespace {
			found = append(found, o.DeepCopyObject())
		}
		return nil
	})
	if err != nil {
		return err
	}
	return meta.SetList(into, found)
}

// grantReads lets the operator get what it otherwise finds in its caches: a right that
// it has in lanes only, where it reads live.
func (g *Ground) grantReads(ctx context.Context) error {
	role := &rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: "lane-reads"}}
	for group, resources := range map[string][]string{
		v1alpha1.GroupVersion.Group: {"organisations", "organisationprofiles", "releases", "releasechannels", "databaseservers"}, "": {"configmaps"},
	} {
		role.Rules = append(role.Rules, rbacv1.PolicyRule{APIGroups: []string{group}, Resources: resources, Verbs: []string{"get"}})
	}
	binding := &rbacv1.ClusterRoleBinding{
		ObjectMeta: role.ObjectMeta,
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: role.Name},
		Subjects:   []rbacv1.Subject{{Kind: "ServiceAccount", Namespace: Namespace, Name: ServiceAccount}},
	}
	for _, object := range []client.Object{role, binding} {
		if err := g.Admin.Create(ctx, object); client.IgnoreAlreadyExists(err) != nil {
			return fmt.Errorf("granting reads: %w", err)
		}
	}
	return nil
}

// names of all objects of a kind, as the administrator sees them.
func (l *Lane) names(ctx context.Context, list client.ObjectList) []string {
	if err := l.Admin.List(ctx, list); err != nil {
		return nil
	}
	var names []string
	_ = meta.EachListItem(list, func(o runtime.Object) error {
		names = append(names, o.(client.Object).GetName())
		return nil
	})
	return names
}

// Organisation reads one as it is now.
func (l *Lane) Organisation(ctx context.Context, name string) (*v1alpha1.Organisation, error) {
	org := &v1alpha1.Organisation{}
	if err := l.Admin.Get(ctx, client.ObjectKey{Name: name}, org); err != nil {
		return nil, fmt.Errorf("reading Organisation %s: %w", name, err)
	}
	return org, nil
}
