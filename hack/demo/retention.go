package main

import (
	"context"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// proveRetention deletes asha, as somebody might by mistake, and creates it again.
// The same YAML is a new object; it must not get an empty database in silence.
func (d *demo) proveRetention(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	asha := &v1alpha1.Organisation{}
	if err := d.client.Get(ctx, client.ObjectKey{Name: "asha"}, asha); err != nil {
		return err
	}
	d.identity = asha.Status.Identity
	if err := d.deleteOrganisation(ctx, asha); err != nil {
		return err
	}
	d.say.line("asha is deleted; its namespace is gone, its database is kept")
	again := &v1alpha1.Organisation{ObjectMeta: metav1.ObjectMeta{Name: "asha"}, Spec: asha.Spec}
	if err := d.client.Create(ctx, again); err != nil {
		return err
	}
	return d.waitFor(ctx, "asha", v1alpha1.Claimed, v1alpha1.ReasonRetainedDataFound)
}

// proveAdoption names the owner of the kept data, and finds the contact in it.
func (d *demo) proveAdoption(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	asha := &v1alpha1.Organisation{}
	if err := d.client.Get(ctx, client.ObjectKey{Name: "asha"}, asha); err != nil {
		return err
	}
	if err := d.deleteOrganisation(ctx, asha); err != nil {
		return err
	}
	adopting := &v1alpha1.Organisation{ObjectMeta: metav1.ObjectMeta{Name: "asha"}, Spec: asha.Spec}
	adopting.Spec.Adopt = &v1alpha1.AdoptSpec{UID: d.identity}
	if err := d.client.Create(ctx, adopting); err != nil {
		return err
	}
	d.say.line("asha is created with spec.adopt.uid %s", d.identity)
	if err := d.waitReady(ctx, "asha"); err != nil {
		return err
	}
	return d.findContact(ctx)
}

func (d *demo) findContact(ctx context.Context) error {
	url, err := d.databaseURL(ctx, "asha")
	if err != nil {
		return err
	}
	conn, err := d.enter(ctx, url, "")
	if err != nil {
		return fmt.Errorf("asha's own login: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var contact string
	if err := conn.QueryRow(ctx, "SELECT name FROM contacts").Scan(&contact); err != nil {
		return err
	}
	d.say.line("asha's Pods log in again and find their contact: %s", contact)
	return nil
}

func (d *demo) deleteOrganisation(ctx context.Context, o *v1alpha1.Organisation) error {
	if err := d.client.Delete(ctx, o); err != nil {
		return err
	}
	return d.until(ctx, func() (string, error) {
		err := d.client.Get(ctx, client.ObjectKeyFromObject(o), &v1alpha1.Organisation{})
		if apierrors.IsNotFound(err) {
			return "", nil
		}
		return "Organisation " + o.Name + " to be gone", err
	})
}
