package fencing

import (
	"context"
	"fmt"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// act is one request, made with whose identity it is given.
type act func(context.Context, client.Client) error

func create(o *unstructured.Unstructured) act {
	return func(ctx context.Context, c client.Client) error { return c.Create(ctx, o.DeepCopy(), client.DryRunAll) }
}

func remove(o *unstructured.Unstructured) act {
	return func(ctx context.Context, c client.Client) error { return c.Delete(ctx, o.DeepCopy(), client.DryRunAll) }
}

func patch(o *unstructured.Unstructured, merge string) act {
	return func(ctx context.Context, c client.Client) error {
		return c.Patch(ctx, o.DeepCopy(), client.RawPatch(types.MergePatchType, []byte(merge)), client.DryRunAll)
	}
}

// applied is how the operator writes nearly everything.
func applied(o *unstructured.Unstructured) act {
	return func(ctx context.Context, c client.Client) error {
		return c.Apply(ctx, client.ApplyConfigurationFromUnstructured(o.DeepCopy()), client.FieldOwner("test"), client.ForceOwnership, client.DryRunAll)
	}
}

func get(o *unstructured.Unstructured) act {
	return func(ctx context.Context, c client.Client) error {
		return c.Get(ctx, client.ObjectKeyFromObject(o), o.DeepCopy())
	}
}

func list(apiVersion, kind, namespace string) act {
	return func(ctx context.Context, c client.Client) error {
		l := &unstructured.UnstructuredList{}
		l.SetAPIVersion(apiVersion)
		l.SetKind(kind + "List")
		return c.List(ctx, l, client.InNamespace(namespace))
	}
}

// attempts are requests by the sentence that says what they try.
type attempts map[string]act

// goesWithTheNamespace are kinds that every tenant has as long as its namespace stands.
var goesWithTheNamespace = map[string]bool{"LimitRange": true, "ResourceQuota": true, "ServiceAccount": true}

func TestOperatorMay(t *testing.T) {
	all := attempts{
		"make a tenant's namespace":                    create(tenantNamespace("org-new")),
		"label a tenant's namespace":                   patch(object("v1", "Namespace", "", tenant), `{"metadata":{"labels":{"cost-centre":"ngo"}}}`),
		"delete a tenant's namespace":                  remove(object("v1", "Namespace", "", tenant)),
		"let itself into a tenant's namespace":         applied(operatorBinding(tenant)),
		"give a group a view of a tenant":              applied(binding(tenant, "v", "ClusterRole", "organisation-tenant-viewer", person("Group", "asha"))),
		"let a user support a tenant":                  applied(binding(tenant, "s", "ClusterRole", "organisation-tenant-support", person("User", "meera"))),
		"let a group engineer a tenant":                create(binding(tenant, "e", "ClusterRole", "organisation-tenant-engineer", person("Group", "platform"))),
		"read a tenant's Secret":                       get(object("v1", "Secret", tenant, "theirs")),
		"list a tenant's Secrets":                      list("v1", "Secret", tenant),
		"read a Secret that a profile names":           get(object("v1", "Secret", own, "shared-providers")),
		"keep keys":                                    create(object("v1", "Secret", own, "keys-"+identity)),
		"claim a host":                                 create(object("v1", "ConfigMap", own, "host-0123456789abcdef0123456789abcdef")),
		"list claims of hosts":                         list("v1", "ConfigMap", own),
		"take the leader's Lease":                      create(object("coordination.k8s.io/v1", "Lease", own, "organisation-operator", fields{"spec": fields{}})),
		"see every Organisation":                       list("tenancy.glific.org/v1alpha1", "Organisation", ""),
		"set an Organisation's finalizer":              patch(object("tenancy.glific.org/v1alpha1", "Organisation", "", "asha"), `{"metadata":{"finalizers":["tenancy.glific.org/organisation"]}}`),
		"set a Release's finalizer":                    patch(object("tenancy.glific.org/v1alpha1", "Release", "", "glific-8.10.1"), `{"metadata":{"finalizers":["tenancy.glific.org/in-use"]}}`),
		"write an Organisation's status":               status(&v1alpha1.Organisation{}, "asha"),
		"write a DatabaseServer's status":              status(&v1alpha1.DatabaseServer{}, "shared-1"),
		"tell of an Organisation in an Event":          create(event("default")),
		"see Deployments everywhere":                   list("apps/v1", "Deployment", ""),
		"see whether the kind itself is being deleted": get(object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "", "organisations.tenancy.glific.org")),
	}
	for _, o := range rendered(tenant) {
		if o.GetKind() == "Secret" {
			all["create a tenant's Secret"] = create(o)
			continue
		}
		all["apply a tenant's "+o.GetKind()] = applied(o)
		if !goesWithTheNamespace[o.GetKind()] {
			all["delete a tenant's "+o.GetKind()] = absent(remove(o))
		}
		all["list every "+o.GetKind()] = list(o.GetAPIVersion(), o.GetKind(), "")
	}
	for sentence, try := range all {
		t.Run(sentence, func(t *testing.T) {
			if err := try(t.Context(), operator); err != nil {
				t.Error(err)
			}
		})
	}
}

// absent takes "not found" for an answer: the request was permitted.
func absent(try act) act {
	return func(ctx context.Context, c client.Client) error { return client.IgnoreNotFound(try(ctx, c)) }
}

func status(o client.Object, name string) act {
	return func(ctx context.Context, c client.Client) error {
		o.SetName(name)
		merge := client.RawPatch(types.MergePatchType, []byte(`{"status":{"observedGeneration":1}}`))
		return c.Status().Patch(ctx, o, merge, client.DryRunAll)
	}
}

func event(namespace string) *unstructured.Unstructured {
	return object("events.k8s.io/v1", "Event", namespace, "e", fields{
		"eventTime": "2026-11-24T10:00:00.000000Z", "type": "Normal", "reason": "Ready", "action": "Reconcile",
		"reportingController": "organisation-operator", "reportingInstance": "a",
		"regarding": fields{"kind": "Organisation", "name": "asha", "namespace": namespace},
	})
}

// TestOperatorMayNot tries each attempt as the operator, who must be refused, and as
// an administrator, who must not: so it is the fence that refuses.
func TestOperatorMayNot(t *testing.T) {
	namespace := func(name string) *unstructured.Unstructured { return object("v1", "Namespace", "", name) }
	group := person("Group", "asha")
	for sentence, test := range map[string]struct {
		try act
		// says is part of the refusal: of a policy's message, or "cannot" for RBAC's.
		says string
	}{
		"make a namespace of another name":                    {create(tenantNamespace("prod")), "namespaces called org-<organisation> only, not prod"},
		"make a namespace that is no tenant":                  {create(labelled(namespace("org-new"), restricted)), "does not carry the label tenancy.glific.org/tenant=true"},
		"make a tenant that may run privileged pods":          {create(labelled(namespace("org-new"), isTenant, "pod-security.kubernetes.io/enforce=privileged")), "must enforce the Pod Security level restricted"},
		"make a tenant without Pod Security":                  {create(labelled(namespace("org-new"), isTenant)), "must enforce the Pod Security level restricted"},
		"make a namespace of a generated name":                {generated(), "namespaces called org-<organisation> only"},
		"label a namespace of Kubernetes":                     {patch(namespace("kube-system"), `{"metadata":{"labels":{"tenancy.glific.org/tenant":"true","pod-security.kubernetes.io/enforce":"restricted"}}}`), "namespaces called org-<organisation> only"},
		"claim a namespace that is no tenant":                 {patch(namespace(plain), `{"metadata":{"labels":{"tenancy.glific.org/tenant":"true","pod-security.kubernetes.io/enforce":"restricted"}}}`), "does not carry the label"},
		"give up a tenant":                                    {patch(namespace(tenant), `{"metadata":{"labels":{"tenancy.glific.org/tenant":null}}}`), "does not carry the label"},
		"give a tenant to another identity":                   {patch(namespace(tenant), `{"metadata":{"labels":{"tenancy.glific.org/identity":"other"}}}`), "belongs to the identity"},
		"loosen a tenant's Pod Security":                      {patch(namespace(tenant), `{"metadata":{"labels":{"pod-security.kubernetes.io/enforce":"baseline"}}}`), "must enforce the Pod Security level restricted"},
		"delete a namespace of others":                        {remove(namespace("others")), "namespaces called org-<organisation> only"},
		"delete its own namespace":                            {remove(namespace(own)), "namespaces called org-<organisation> only"},
		"delete a namespace that is no tenant":                {remove(namespace(plain)), "does not carry the label"},
		"read a Secret of Kubernetes":                         {get(object("v1", "Secret", "kube-system", "theirs")), "cannot get"},
		"read a Secret of the default namespace":              {get(object("v1", "Secret", "default", "theirs")), "cannot get"},
		"read a Secret of a namespace like a tenant's":        {get(object("v1", "Secret", plain, "theirs")), "cannot get"},
		"list every Secret":                                   {list("v1", "Secret", ""), "cannot list"},
		"list the Secrets of its own namespace":               {list("v1", "Secret", own), "cannot list"},
		"let itself into a namespace of Kubernetes":           {applied(operatorBinding("kube-system")), "not rolebindings organisation-operator in namespace kube-system"},
		"let itself into its own namespace":                   {create(binding(own, "a", "ClusterRole", "organisation-operator-tenant", serviceAccount(own, "organisation-operator"))), "not rolebindings a in namespace " + own},
		"let itself into a namespace like a tenant's":         {applied(operatorBinding(plain)), "not rolebindings organisation-operator in namespace " + plain},
		"let a group into a namespace of Kubernetes":          {create(binding("kube-system", "a", "ClusterRole", "organisation-tenant-engineer", group)), "not rolebindings a in namespace kube-system"},
		"bind the role of an administrator":                   {create(binding(tenant, "a", "ClusterRole", "cluster-admin", serviceAccount(own, "organisation-operator"))), "attempting to grant RBAC permissions not currently held"},
		"bind the cluster's editor":                           {create(binding(tenant, "a", "ClusterRole", "edit", group)), "may bind the ClusterRoles"},
		"bind a Role, which anybody in a namespace may widen": {create(binding(tenant, "a", "Role", "weak", group)), "may bind the ClusterRoles"},
		"let another account in as itself":                    {create(binding(tenant, "a", "ClusterRole", "organisation-operator-tenant", serviceAccount(tenant, "tenant"))), "may be bound to the organisation operator only"},
		"let an account of its name in":                       {create(binding(tenant, "a", "ClusterRole", "organisation-operator-tenant", serviceAccount(tenant, "organisation-operator"))), "may be bound to the organisation operator only"},
		"let a person in as itself":                           {applied(binding(tenant, "a", "ClusterRole", "organisation-operator-tenant", group)), "may be bound to the organisation operator only"},
		"let everybody see a tenant":                          {create(binding(tenant, "a", "ClusterRole", "organisation-tenant-viewer", person("Group", "system:authenticated"))), "users and groups only"},
		"let an account see a tenant":                         {create(binding(tenant, "a", "ClusterRole", "organisation-tenant-viewer", serviceAccount(tenant, "tenant"))), "users and groups only"},
		"bind a role in the whole cluster":                    {create(clusterBinding()), "cannot create"},
		"write a Secret that a profile names":                 {patch(object("v1", "Secret", own, "shared-providers"), `{"metadata":{"labels":{"a":"b"}}}`), "cannot patch"},
		"delete the credentials of a server":                  {remove(object("v1", "Secret", own, "shared-1-admin")), "not secrets shared-1-admin in namespace " + own},
		"make another Secret in its own namespace":            {create(object("v1", "Secret", own, "a")), "not secrets a in namespace " + own},
		"make another ConfigMap":                              {create(object("v1", "ConfigMap", own, "a")), "not configmaps a in namespace " + own},
		"delete another ConfigMap":                            {remove(object("v1", "ConfigMap", own, "theirs")), "not configmaps theirs in namespace " + own},
		"take another Lease":                                  {create(object("coordination.k8s.io/v1", "Lease", own, "a", fields{"spec": fields{}})), "not leases a in namespace " + own},
		"write a tenant's ConfigMap":                          {create(object("v1", "ConfigMap", tenant, "a")), "cannot create"},
		"make a pod":                                          {create(pod(tenant)), "cannot create"},
		"change an Organisation's spec":                       {patch(object("tenancy.glific.org/v1alpha1", "Organisation", "", "asha"), `{"spec":{"power":"Suspended"}}`), "may not write the spec of organisations asha"},
		"open a DatabaseServer for adoption":                  {patch(object("tenancy.glific.org/v1alpha1", "DatabaseServer", "", "shared-1"), `{"spec":{"scheduling":"Cordoned"}}`), "may not write the spec of databaseservers shared-1"},
		"make an Organisation":                                {create(object("tenancy.glific.org/v1alpha1", "Organisation", "", "a", fields{"spec": fields{"profile": "standard"}})), "cannot create"},
		"delete an Organisation":                              {remove(object("tenancy.glific.org/v1alpha1", "Organisation", "", "asha")), "cannot delete"},
		"change a profile":                                    {patch(object("tenancy.glific.org/v1alpha1", "OrganisationProfile", "", "standard"), `{"metadata":{"labels":{"a":"b"}}}`), "cannot patch"},
		"loosen a policy":                                     {patch(object("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy", "", "organisation-operator-writes"), `{"spec":{"failurePolicy":"Ignore"}}`), "cannot patch"},
		"delete a policy":                                     {remove(object("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy", "", "organisation-operator-writes")), "cannot delete"},
		"unbind a policy":                                     {remove(object("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicyBinding", "", "organisation-operator-writes")), "cannot delete"},
		"widen its own role":                                  {patch(object("rbac.authorization.k8s.io/v1", "ClusterRole", "", "organisation-operator"), `{"metadata":{"labels":{"a":"b"}}}`), "cannot patch"},
		"delete the kinds":                                    {remove(object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "", "organisations.tenancy.glific.org")), "cannot delete"},
		"read other kinds' definitions":                       {get(object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "", "certificates.cert-manager.io")), "cannot get"},
	} {
		t.Run(sentence, func(t *testing.T) {
			if err := test.try(t.Context(), admin); err != nil {
				t.Errorf("even an administrator is refused, so this shows nothing: %v", err)
			}
			err := test.try(t.Context(), operator)
			if !apierrors.IsForbidden(err) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v\nwant a refusal that says %q", err, test.says)
			}
		})
	}
	for _, where := range []string{"default", "kube-system", plain, own} {
		for _, o := range rendered(where) {
			t.Run(fmt.Sprintf("write a %s in %s", o.GetKind(), where), func(t *testing.T) {
				if err := create(o)(t.Context(), admin); err != nil {
					t.Errorf("even an administrator is refused, so this shows nothing: %v", err)
				}
				if err := create(o)(t.Context(), operator); !apierrors.IsForbidden(err) {
					t.Errorf("got %v, want a refusal", err)
				}
			})
		}
	}
}

func generated() act {
	o := tenantNamespace("")
	o.SetGenerateName("prod-")
	return create(o)
}

func clusterBinding() *unstructured.Unstructured {
	o := binding("", "a", "ClusterRole", "organisation-operator-tenant", serviceAccount(own, "organisation-operator"))
	o.SetKind("ClusterRoleBinding")
	return o
}

// eventually repeats while the API server's authoriser has not seen a new binding.
func eventually(ctx context.Context, try func() error) (err error) {
	if late := until(ctx, func() bool { err = try(); return !apierrors.IsForbidden(err) }); late != nil {
		return late
	}
	return err
}

// A namespace keeps its label while it is deleted, so that what is in it can go.
func TestOperatorMayEmptyATerminatingTenant(t *testing.T) {
	namespace := tenantNamespace("")
	namespace.SetGenerateName("org-leaving-")
	if err := operator.Create(t.Context(), namespace); err != nil {
		t.Fatal(err)
	}
	leaving := namespace.GetName()
	if err := operator.Create(t.Context(), operatorBinding(leaving)); err != nil {
		t.Fatal(err)
	}
	secret := object("v1", "Secret", leaving, "made")
	if err := eventually(t.Context(), func() error { return operator.Create(t.Context(), secret.DeepCopy()) }); err != nil {
		t.Fatal(err)
	}
	if err := operator.Delete(t.Context(), object("v1", "Namespace", "", leaving)); err != nil {
		t.Fatal(err)
	}
	if err := operator.Delete(t.Context(), secret); err != nil {
		t.Errorf("deleting a Secret of a terminating tenant: %v", err)
	}
	var ns corev1.Namespace
	if err := admin.Get(t.Context(), client.ObjectKey{Name: leaving}, &ns); err != nil || ns.Status.Phase != corev1.NamespaceTerminating {
		t.Errorf("the namespace is not terminating: %v %v", ns.Status.Phase, err)
	}
}
