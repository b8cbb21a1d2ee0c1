// Package fencing shows, on a real API server, that the operator's identity can do
// what it needs and nothing else, and so for the people of a tenant. Its functions
// compare what is granted with what an audit log shows as used.
package fencing

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/testkit/controlplane"
)

// Where a right holds, besides the names of single namespaces.
const (
	// Everywhere is the whole cluster.
	Everywhere = "*"
	// Tenants is every tenant's namespace.
	Tenants = "org-*"
)

// Rule is one thing that may be done.
type Rule struct {
	Verb string
	// Group and Resource as RBAC names them, the subresource after a slash.
	Group, Resource string
	// Name limits the rule to one object; empty means any.
	Name string
	// Scope is Everywhere, Tenants or the name of a namespace.
	Scope string
}

// String is how a rule reads in a test's output.
func (r Rule) String() string {
	resource := r.Resource
	if r.Group != "" {
		resource += "." + r.Group
	}
	if r.Name != "" {
		resource += " " + r.Name
	}
	return fmt.Sprintf("%s %s in %s", r.Verb, resource, r.Scope)
}

// Granted lists what RBAC lets a service account do, one verb and resource each,
// sorted. What the ClusterRole organisation-operator-tenant allows is listed once,
// as holding in Tenants, whether any tenant exists or not.
func Granted(ctx context.Context, reader client.Reader, account client.ObjectKey) ([]Rule, error) {
	var rules []Rule
	var clusterWide rbacv1.ClusterRoleBindingList
	if err := reader.List(ctx, &clusterWide); err != nil {
		return nil, err
	}
	for _, b := range clusterWide.Items {
		if bound(b.Subjects, account) {
			if err := collect(ctx, reader, &rules, b.RoleRef, "", Everywhere); err != nil {
				return nil, err
			}
		}
	}
	var namespaced rbacv1.RoleBindingList
	if err := reader.List(ctx, &namespaced); err != nil {
		return nil, err
	}
	for _, b := range namespaced.Items {
		if bound(b.Subjects, account) && b.RoleRef.Name != names.RoleOperator {
			if err := collect(ctx, reader, &rules, b.RoleRef, b.Namespace, b.Namespace); err != nil {
				return nil, err
			}
		}
	}
	tenant := rbacv1.RoleRef{Kind: "ClusterRole", Name: names.RoleOperator}
	if err := collect(ctx, reader, &rules, tenant, "", Tenants); err != nil {
		return nil, err
	}
	slices.SortFunc(rules, compare)
	return slices.Compact(rules), nil
}

func compare(a, b Rule) int {
	return cmp.Or(
		cmp.Compare(a.Scope, b.Scope), cmp.Compare(a.Group, b.Group), cmp.Compare(a.Resource, b.Resource),
		cmp.Compare(a.Name, b.Name), cmp.Compare(a.Verb, b.Verb))
}

func bound(subjects []rbacv1.Subject, account client.ObjectKey) bool {
	return slices.ContainsFunc(subjects, func(s rbacv1.Subject) bool {
		return s.Kind == rbacv1.ServiceAccountKind && s.Namespace == account.Namespace && s.Name == account.Name
	})
}

// collect adds the rules of a role, which lies in a namespace if it is a Role.
func collect(ctx context.Context, reader client.Reader, into *[]Rule, ref rbacv1.RoleRef, namespace, scope string) error {
	rules, err := rulesOf(ctx, reader, ref, namespace)
	if err != nil {
		return fmt.Errorf("reading %s %s: %w", ref.Kind, ref.Name, err)
	}
	for _, rule := range rules {
		*into = append(*into, Flatten(rule, scope)...)
	}
	return nil
}

func rulesOf(ctx context.Context, reader client.Reader, ref rbacv1.RoleRef, namespace string) ([]rbacv1.PolicyRule, error) {
	if ref.Kind == "ClusterRole" {
		var role rbacv1.ClusterRole
		err := reader.Get(ctx, client.ObjectKey{Name: ref.Name}, &role)
		return role.Rules, err
	}
	var role rbacv1.Role
	err := reader.Get(ctx, client.ObjectKey{Namespace: namespace, Name: ref.Name}, &role)
	return role.Rules, err
}

// Flatten turns one rule of RBAC into rules of one verb, resource and name each.
func Flatten(rule rbacv1.PolicyRule, scope string) []Rule {
	objects := rule.ResourceNames
	if len(objects) == 0 {
		objects = []string{""}
	}
	var flat []Rule
	for _, verb := range rule.Verbs {
		for _, group := range rule.APIGroups {
			for _, resource := range rule.Resources {
				for _, name := range objects {
					flat = append(flat, Rule{Verb: verb, Group: group, Resource: resource, Name: name, Scope: scope})
				}
			}
		}
	}
	return flat
}

// Unused returns the rules that no event needed. Events must be the account's own;
// those that were refused count for nothing.
func Unused(granted []Rule, events []controlplane.AuditEvent) []Rule {
	return slices.DeleteFunc(slices.Clone(granted), func(rule Rule) bool {
		return slices.ContainsFunc(events, rule.allows)
	})
}

// allows tells whether an event is one that the rule permits. Nobody requests bind:
// writing a RoleBinding needs it.
func (r Rule) allows(e controlplane.AuditEvent) bool {
	if r.Verb == "bind" {
		writes := e.Verb == "create" || e.Verb == "patch" || e.Verb == "update"
		return writes && e.ObjectRef.Resource == "rolebindings" && e.ResponseStatus.Code < 300
	}
	resource := e.ObjectRef.Resource
	if e.ObjectRef.Subresource != "" {
		resource += "/" + e.ObjectRef.Subresource
	}
	// Applying what does not exist yet needs create besides patch.
	if r.Verb == "create" && e.Verb == "patch" && e.ResponseStatus.Code == 201 {
		e.Verb = "create"
	}
	permitted := e.ResponseStatus.Code != 401 && e.ResponseStatus.Code != 403
	named := r.Name == "" || r.Name == e.ObjectRef.Name
	return permitted && named && r.Verb == e.Verb && r.Group == e.ObjectRef.APIGroup && r.Resource == resource &&
		r.covers(e.ObjectRef.Namespace)
}

// covers tells whether a namespace is within a rule's scope; "" is the cluster's.
func (r Rule) covers(namespace string) bool {
	switch r.Scope {
	case Everywhere:
		return true
	case Tenants:
		return strings.HasPrefix(namespace, names.Namespace(""))
	}
	return r.Scope == namespace
}
