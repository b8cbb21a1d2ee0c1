package fencing

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	authorizationv1 "k8s.io/api/authorization/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/testkit/golden"
)

// namespaced lists every resource and subresource in a namespace that the API server
// offers, and those that it serves but does not tell.
func namespaced(t *testing.T) []schema.GroupResource {
	t.Helper()
	d, err := discovery.NewDiscoveryClientForConfig(plane.Config())
	if err != nil {
		t.Fatal(err)
	}
	_, lists, err := d.ServerGroupsAndResources()
	if err != nil {
		t.Fatal(err)
	}
	var all []schema.GroupResource
	for _, l := range lists {
		gv, err := schema.ParseGroupVersion(l.GroupVersion)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range l.APIResources {
			if r.Namespaced {
				all = append(all, schema.GroupResource{Group: gv.Group, Resource: r.Name})
			}
		}
	}
	all = append(all, schema.GroupResource{Group: "metrics.k8s.io", Resource: "pods"})
	slices.SortFunc(all, func(a, b schema.GroupResource) int {
		return cmp.Or(cmp.Compare(a.Group, b.Group), cmp.Compare(a.Resource, b.Resource))
	})
	return slices.Compact(all)
}

var verbs = []string{"get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "bind", "escalate", "impersonate"}

// matrix asks for every resource and verb whether a user may, and lists what is
// allowed: all that is not in the list is refused.
func matrix(t *testing.T, namespace, user string, groups ...string) string {
	t.Helper()
	resources := namespaced(t)
	if len(resources) < 60 {
		t.Fatalf("only %d resources found", len(resources))
	}
	var out strings.Builder
	for _, resource := range resources {
		var allowed []string
		for _, verb := range verbs {
			if may(t, namespace, user, groups, verb, resource) {
				allowed = append(allowed, verb)
			}
		}
		if len(allowed) > 0 {
			fmt.Fprintf(&out, "%s: %s\n", resource, strings.Join(allowed, " "))
		}
	}
	return out.String()
}

func may(t *testing.T, namespace, user string, groups []string, verb string, resource schema.GroupResource) bool {
	t.Helper()
	name, sub, _ := strings.Cut(resource.Resource, "/")
	review := &authorizationv1.SubjectAccessReview{Spec: authorizationv1.SubjectAccessReviewSpec{
		User: user, Groups: groups,
		ResourceAttributes: &authorizationv1.ResourceAttributes{
			Namespace: namespace, Verb: verb, Group: resource.Group, Resource: name, Subresource: sub, Version: "*",
		},
	}}
	if err := admin.Create(t.Context(), review); err != nil {
		t.Fatal(err)
	}
	return review.Status.Allowed
}

func TestPeople(t *testing.T) {
	roles := map[string]string{"viewer": names.RoleViewer, "support": names.RoleSupport, "engineer": names.RoleEngineer}
	for role, clusterRole := range roles {
		err := operator.Create(t.Context(), binding(tenant, role, "ClusterRole", clusterRole, person("Group", role)))
		if client.IgnoreAlreadyExists(err) != nil {
			t.Fatal(err)
		}
	}
	for role := range roles {
		c, err := newClient(plane.ConfigFor("someone", role))
		if err != nil {
			t.Fatal(err)
		}
		if err := eventually(t.Context(), func() error { return list("v1", "Pod", tenant)(t.Context(), c) }); err != nil {
			t.Fatal(err)
		}
		golden.Assert(t, "testdata/"+role+".golden", matrix(t, tenant, "someone", role))
		for _, elsewhere := range []string{"default", "kube-system", own, plain} {
			if rules := rulesIn(t, elsewhere, c); len(rules) > 0 {
				t.Errorf("a tenant's %s may do something in %s: %v", role, elsewhere, rules)
			}
		}
	}
	t.Run("secrets", func(t *testing.T) { peopleAndSecrets(t) })
}

// peopleAndSecrets repeats by real requests what matters most.
func peopleAndSecrets(t *testing.T) {
	secret := get(object("v1", "Secret", tenant, "theirs"))
	quota := object("v1", "ResourceQuota", tenant, "made", fields{"spec": fields{"hard": fields{"pods": "9"}}})
	for role, sees := range map[string]bool{"viewer": false, "support": false, "engineer": true} {
		c, err := newClient(plane.ConfigFor("someone", role))
		if err != nil {
			t.Fatal(err)
		}
		if err := secret(t.Context(), c); (err == nil) != sees {
			t.Errorf("%s reads a Secret: %v", role, err)
		}
		if err := list("v1", "Secret", tenant)(t.Context(), c); err == nil {
			t.Errorf("%s lists Secrets", role)
		}
		if err := create(quota)(t.Context(), c); err == nil {
			t.Errorf("%s writes what the operator owns", role)
		}
	}
}

// What the operator's identity may do in each kind of namespace, for a reviewer to
// read; config/admission narrows it further (operator_test.go).
func TestOperatorMatrix(t *testing.T) {
	user := "system:serviceaccount:" + own + ":organisation-operator"
	groups := []string{"system:serviceaccounts", "system:serviceaccounts:" + own, "system:authenticated"}
	for name, namespace := range map[string]string{"tenant": tenant, "own": own, "default": "default", "elsewhere": "kube-system"} {
		golden.Assert(t, "testdata/operator-"+name+".golden", matrix(t, namespace, user, groups...))
	}
}

func TestTenantAccountsMayDoNothing(t *testing.T) {
	user := "system:serviceaccount:" + tenant + ":tenant"
	groups := []string{"system:serviceaccounts", "system:serviceaccounts:" + tenant, "system:authenticated"}
	c, err := newClient(plane.ConfigFor(user, groups...))
	if err != nil {
		t.Fatal(err)
	}
	for _, namespace := range []string{tenant, own, "default"} {
		if rules := rulesIn(t, namespace, c); len(rules) > 0 {
			t.Errorf("a tenant's pods may do something in %s: %v", namespace, rules)
		}
	}
	operators, err := plane.ConfigForServiceAccount(t.Context(), account.Namespace, account.Name)
	if err != nil {
		t.Fatal(err)
	}
	if c, err = newClient(operators); err != nil {
		t.Fatal(err)
	}
	if rules := rulesIn(t, tenant, c); len(rules) < 10 {
		t.Errorf("the same question finds %d rules of the operator, so the answer above shows nothing", len(rules))
	}
}

// public are the groups in which everybody may ask who they are and what they may do,
// and every account may read certificates of authorities.
var public = []string{"authentication.k8s.io", "authorization.k8s.io", "certificates.k8s.io"}

// rulesIn lists all that a client may do in a namespace, but for what is public.
func rulesIn(t *testing.T, namespace string, c client.Client) []authorizationv1.ResourceRule {
	t.Helper()
	review := &authorizationv1.SelfSubjectRulesReview{Spec: authorizationv1.SelfSubjectRulesReviewSpec{Namespace: namespace}}
	if err := c.Create(t.Context(), review); err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(review.Status.ResourceRules, func(r authorizationv1.ResourceRule) bool {
		return len(r.APIGroups) == 1 && slices.Contains(public, r.APIGroups[0])
	})
}

func TestGrantedAndUnused(t *testing.T) {
	granted, err := Granted(t.Context(), admin, account)
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range granted {
		for _, part := range []string{rule.Verb, rule.Group, rule.Resource} {
			if part == "*" || part == "escalate" || part == "impersonate" {
				t.Errorf("too wide: %s", rule)
			}
		}
	}
	read := Rule{Verb: "get", Resource: "secrets", Scope: Tenants}
	if !slices.Contains(granted, read) {
		t.Fatalf("%s is not among what is granted:\n%v", read, granted)
	}
	if err := get(object("v1", "Secret", tenant, "theirs"))(t.Context(), operator); err != nil {
		t.Fatal(err)
	}
	_ = get(object("v1", "Secret", "default", "theirs"))(context.Background(), operator) // is refused, so shows no use
	events, err := plane.AuditEvents(nil)
	if err != nil {
		t.Fatal(err)
	}
	unused := Unused(granted, events)
	if slices.Contains(unused, read) {
		t.Errorf("%s was used", read)
	}
	never := Rule{Verb: "delete", Resource: "secrets", Scope: own}
	if only := Unused([]Rule{never}, nil); len(only) != 1 {
		t.Errorf("without events %s is unused", never)
	}
	var namespaces metav1.PartialObjectMetadataList
	namespaces.SetGroupVersionKind(schema.GroupVersionKind{Version: "v1", Kind: "NamespaceList"})
	if err := operator.List(t.Context(), &namespaces, client.Limit(1)); err != nil {
		t.Error(err)
	}
}
