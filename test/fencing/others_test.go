package fencing

import (
	"context"
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// platformEngineer may do everything in the cluster, but is not among those who may
// break the glass.
func platformEngineer(t *testing.T) client.Client {
	t.Helper()
	c, err := newClient(plane.ConfigFor("meera", "platform"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestOthersMay(t *testing.T) {
	engineer := platformEngineer(t)
	for sentence, try := range map[string]act{
		"make a namespace":                         create(object("v1", "Namespace", "", "shop")),
		"make a namespace like a tenant's":         create(object("v1", "Namespace", "", "org-shop")),
		"label a tenant for purposes of their own": patch(object("v1", "Namespace", "", tenant), `{"metadata":{"labels":{"team":"a"},"annotations":{"example.org/a":"b"}}}`),
		"choose the Pod Security of another one":   patch(object("v1", "Namespace", "", plain), `{"metadata":{"labels":{"pod-security.kubernetes.io/enforce":"privileged"}}}`),
		"delete a tenant's namespace":              remove(object("v1", "Namespace", "", tenant)),
		"suspend an Organisation":                  patch(object("tenancy.glific.org/v1alpha1", "Organisation", "", "asha"), `{"spec":{"power":"Suspended"}}`),
		"delete an Organisation":                   remove(object("tenancy.glific.org/v1alpha1", "Organisation", "", "asha")),
	} {
		t.Run(sentence, func(t *testing.T) {
			if err := try(t.Context(), engineer); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestOthersMayNot(t *testing.T) {
	engineer := platformEngineer(t)
	owner := `{"metadata":{"ownerReferences":[{"apiVersion":"v1","kind":"Namespace","name":"default","uid":"` + identity + `"}]}}`
	for sentence, test := range map[string]struct {
		try  act
		says string
	}{
		"make a tenant":                              {create(tenantNamespace("org-forged")), "labels of tenancy.glific.org on namespace org-forged"},
		"make a tenant of another name":              {create(labelled(object("v1", "Namespace", "", "shop"), isTenant)), "labels of tenancy.glific.org on namespace shop"},
		"make a namespace with the operator's notes": {create(object("v1", "Namespace", "", "org-shop", fields{"metadata": fields{"name": "org-shop", "annotations": fields{"tenancy.glific.org/identity": "x"}}})), "annotations of tenancy.glific.org"},
		"turn a namespace into a tenant":             {patch(object("v1", "Namespace", "", plain), `{"metadata":{"labels":{"tenancy.glific.org/tenant":"true"}}}`), "labels of tenancy.glific.org"},
		"take a tenant from the operator":            {patch(object("v1", "Namespace", "", tenant), `{"metadata":{"labels":{"tenancy.glific.org/tenant":null}}}`), "labels of tenancy.glific.org"},
		"give a tenant to another identity":          {patch(object("v1", "Namespace", "", tenant), `{"metadata":{"labels":{"tenancy.glific.org/identity":"x"}}}`), "labels of tenancy.glific.org"},
		"apply another identity":                     {applied(labelled(object("v1", "Namespace", "", tenant), "tenancy.glific.org/identity=x")), "labels of tenancy.glific.org"},
		"note something as the operator":             {patch(object("v1", "Namespace", "", tenant), `{"metadata":{"annotations":{"tenancy.glific.org/applied":"x"}}}`), "annotations of tenancy.glific.org"},
		"loosen a tenant's Pod Security":             {patch(object("v1", "Namespace", "", tenant), `{"metadata":{"labels":{"pod-security.kubernetes.io/enforce":"privileged"}}}`), "its Pod Security labels"},
		"remove a tenant's Pod Security":             {patch(object("v1", "Namespace", "", tenant), `{"metadata":{"labels":{"pod-security.kubernetes.io/enforce":null}}}`), "its Pod Security labels"},
		"exempt a tenant by an older version":        {patch(object("v1", "Namespace", "", tenant), `{"metadata":{"labels":{"pod-security.kubernetes.io/enforce-version":"v1.0"}}}`), "its Pod Security labels"},
		"give a tenant's namespace an owner":         {patch(object("v1", "Namespace", "", tenant), owner), "may change its ownerReferences"},
		"loosen it through the status":               {statusLabels(), "labels of tenancy.glific.org"},
	} {
		t.Run(sentence, func(t *testing.T) {
			if err := test.try(t.Context(), admin); err != nil {
				t.Errorf("even those who may break the glass are refused, so this shows nothing: %v", err)
			}
			err := test.try(t.Context(), engineer)
			if !apierrors.IsForbidden(err) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v\nwant a refusal that says %q", err, test.says)
			}
		})
	}
}

// statusLabels changes labels through the subresource status, which writes metadata too.
func statusLabels() act {
	return func(ctx context.Context, c client.Client) error {
		o := object("v1", "Namespace", "", tenant)
		merge := client.RawPatch(types.MergePatchType, []byte(`{"metadata":{"labels":{"tenancy.glific.org/tenant":null}}}`))
		return c.Status().Patch(ctx, o, merge, client.DryRunAll)
	}
}
