package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/testkit/components"
	"github.com/glific/organisation-operator/internal/testkit/manifests"
)

// createOrganisations applies config/samples; only the address of the PostgreSQL
// server, its certificate and its password are this machine's.
func (d *demo) createOrganisations(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	root, err := components.Root()
	if err != nil {
		return err
	}
	objects, err := manifests.Read(filepath.Join(root, "config", "samples"))
	if err != nil {
		return err
	}
	if objects, err = d.localise(ctx, objects); err != nil {
		return err
	}
	if err := manifests.Apply(ctx, d.cluster.Config(), objects...); err != nil {
		return err
	}
	var names []string
	for _, o := range objects {
		if o.GetKind() == "Organisation" {
			names = append(names, o.GetName())
		}
	}
	began := time.Now()
	if err := d.waitReady(ctx, names...); err != nil {
		return err
	}
	d.say.line("%d Organisations are Ready after %.1f s", len(names), time.Since(began).Seconds())
	return nil
}

// localise points the sample DatabaseServer at the private server, and replaces
// the samples' dummy Secrets for it.
func (d *demo) localise(ctx context.Context, objects []*unstructured.Unstructured) ([]*unstructured.Unstructured, error) {
	at := slices.IndexFunc(objects, func(o *unstructured.Unstructured) bool { return o.GetKind() == "DatabaseServer" })
	if at < 0 {
		return nil, fmt.Errorf("config/samples has no DatabaseServer")
	}
	secrets, err := d.databaseObjects(ctx, objects[at])
	if err != nil {
		return nil, err
	}
	for _, secret := range secrets {
		objects = slices.DeleteFunc(objects, func(o *unstructured.Unstructured) bool {
			return o.GetKind() == "Secret" && o.GetName() == secret.Name
		})
		content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(secret)
		if err != nil {
			return nil, err
		}
		objects = append(objects, &unstructured.Unstructured{Object: content})
	}
	return objects, nil
}

func (d *demo) waitReady(ctx context.Context, names ...string) error {
	return d.follow(ctx, names, func(o *v1alpha1.Organisation) bool {
		return current(o) && meta.IsStatusConditionTrue(o.Status.Conditions, v1alpha1.Ready)
	})
}

// waitFor waits until one condition of an Organisation has a reason.
func (d *demo) waitFor(ctx context.Context, name, condition, reason string) error {
	return d.follow(ctx, []string{name}, func(o *v1alpha1.Organisation) bool {
		found := meta.FindStatusCondition(o.Status.Conditions, condition)
		return current(o) && found != nil && found.Reason == reason
	})
}

func current(o *v1alpha1.Organisation) bool { return o.Status.ObservedGeneration == o.Generation }

// follow reports each change of the named Organisations' Ready condition until all
// of them are as wanted.
func (d *demo) follow(ctx context.Context, names []string, wanted func(*v1alpha1.Organisation) bool) error {
	told := map[string]string{}
	return d.until(ctx, func() (string, error) {
		missing := ""
		for _, name := range names {
			o := &v1alpha1.Organisation{}
			if err := d.client.Get(ctx, client.ObjectKey{Name: name}, o); err != nil {
				return "", err
			}
			if state := readiness(o); state != told[name] {
				d.say.line("%-8s %s", name, state)
				told[name] = state
			}
			if !wanted(o) {
				missing = fmt.Sprintf("Organisation %s: %s", name, readiness(o))
			}
		}
		return missing, nil
	})
}

func readiness(o *v1alpha1.Organisation) string {
	ready := meta.FindStatusCondition(o.Status.Conditions, v1alpha1.Ready)
	switch {
	case ready == nil:
		return "seen by nobody yet"
	case ready.Status == "True":
		return "Ready"
	}
	return ready.Reason + ": " + ready.Message
}

// until asks again and again what is missing, until that is nothing. It gives up
// when the operator's process has ended.
func (d *demo) until(ctx context.Context, missing func() (string, error)) error {
	every := time.NewTicker(100 * time.Millisecond)
	defer every.Stop()
	for {
		what, err := missing()
		if err == nil && what == "" {
			return nil
		}
		if err != nil && ctx.Err() == nil {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w while waiting for %s", ctx.Err(), what)
		case <-d.operator.Done():
			return d.operator.Ended()
		case <-every.C:
		}
	}
}
