// Package selfcheck asks, as the operator itself, whether an installation can work: every
// kind is served and readable, and somebody leads. `helm test` runs it.
package selfcheck

import (
	"context"
	"errors"
	"fmt"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// Lease is the name of the leader's Lease.
const Lease = "organisation-operator"

// stale is how old the leader's last sign of life may be: twice what another replica waits
// before it takes over.
const stale = 30 * time.Second

// Check returns everything that keeps the installation in a namespace from working, each
// with the next step.
func Check(ctx context.Context, live client.Reader, namespace string, now time.Time) error {
	var all []error
	for kind, list := range map[string]client.ObjectList{
		"Organisation": &v1alpha1.OrganisationList{}, "OrganisationProfile": &v1alpha1.OrganisationProfileList{},
		"Release": &v1alpha1.ReleaseList{}, "ReleaseChannel": &v1alpha1.ReleaseChannelList{}, "DatabaseServer": &v1alpha1.DatabaseServerList{},
	} {
		if err := live.List(ctx, list, client.Limit(1)); err != nil {
			all = append(all, fmt.Errorf("kind %s cannot be read: install the CRDs and the roles (crds.enabled, rbac.create): %w", kind, err))
		}
	}
	return errors.Join(append(all, leads(ctx, live, namespace, now))...)
}

func leads(ctx context.Context, live client.Reader, namespace string, now time.Time) error {
	lease := &coordinationv1.Lease{}
	if err := live.Get(ctx, client.ObjectKey{Namespace: namespace, Name: Lease}, lease); err != nil {
		return fmt.Errorf("no replica has led yet: look at the pods of Deployment organisation-operator in namespace %s: %w", namespace, err)
	}
	holder, renewed := lease.Spec.HolderIdentity, lease.Spec.RenewTime
	if holder == nil || *holder == "" || renewed == nil {
		return fmt.Errorf("nobody holds Lease %s in namespace %s: look at the logs of Deployment organisation-operator", Lease, namespace)
	}
	if age := now.Sub(renewed.Time); age > stale {
		return fmt.Errorf("%s leads and was last heard of %s ago: look at its logs in namespace %s", *holder, age.Round(time.Second), namespace)
	}
	return nil
}
