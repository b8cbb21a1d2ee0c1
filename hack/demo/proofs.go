package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5/pgconn"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/internal/names"
)

func (d *demo) showNamespaces(ctx context.Context) error {
	for _, name := range []string{"asha", "pratham", "sneha"} {
		in := client.InNamespace(names.Namespace(name))
		var deployments appsv1.DeploymentList
		var policies networkingv1.NetworkPolicyList
		var quotas corev1.ResourceQuotaList
		for _, list := range []client.ObjectList{&deployments, &policies, &quotas} {
			if err := d.client.List(ctx, list, in); err != nil {
				return err
			}
		}
		if len(deployments.Items) == 0 || len(policies.Items) == 0 || len(quotas.Items) == 0 {
			return fmt.Errorf("namespace %s lacks a Deployment, a NetworkPolicy or a ResourceQuota", names.Namespace(name))
		}
		d.say.line("%-12s %d Deployments, %d NetworkPolicies, %d ResourceQuota", names.Namespace(name),
			len(deployments.Items), len(policies.Items), len(quotas.Items))
	}
	return nil
}

// databaseURL is what the Pods of an Organisation get: the newest Secret with it.
func (d *demo) databaseURL(ctx context.Context, organisation string) (string, error) {
	var secrets corev1.SecretList
	if err := d.client.List(ctx, &secrets, client.InNamespace(names.Namespace(organisation))); err != nil {
		return "", err
	}
	slices.SortFunc(secrets.Items, func(a, b corev1.Secret) int {
		return b.CreationTimestamp.Compare(a.CreationTimestamp.Time)
	})
	for _, secret := range secrets.Items {
		if url := secret.Data["DATABASE_URL"]; len(url) > 0 {
			return string(url), nil
		}
	}
	return "", fmt.Errorf("no Secret in namespace %s holds DATABASE_URL", names.Namespace(organisation))
}

// proveIsolation writes as one NGO, and tries to read it as another.
func (d *demo) proveIsolation(ctx context.Context) error {
	asha, err := d.databaseURL(ctx, "asha")
	if err != nil {
		return err
	}
	conn, err := d.enter(ctx, asha, "")
	if err != nil {
		return fmt.Errorf("asha's own login: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var role, database string
	if err := conn.QueryRow(ctx, "SELECT current_user, current_database()").Scan(&role, &database); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "CREATE TABLE contacts (name text); INSERT INTO contacts VALUES ('Meera')"); err != nil {
		return err
	}
	d.say.line("asha's Pods log in as %s and keep a contact in database %s", role, database)
	pratham, err := d.databaseURL(ctx, "pratham")
	if err != nil {
		return err
	}
	return d.refused(ctx, pratham, database)
}

// refused expects the SQLSTATE of "insufficient privilege" (PostgreSQL manual,
// appendix A), and nothing else.
func (d *demo) refused(ctx context.Context, url, database string) error {
	conn, err := d.enter(ctx, url, database)
	if err == nil {
		conn.Close(ctx)
		return fmt.Errorf("another NGO could enter database %s", database)
	}
	var refusal *pgconn.PgError
	if !errors.As(err, &refusal) || refusal.Code != "42501" {
		return fmt.Errorf("expected PostgreSQL to refuse with SQLSTATE 42501, got: %w", err)
	}
	d.say.line("pratham's credentials are refused there: %s (SQLSTATE %s)", refusal.Message, refusal.Code)
	return nil
}

// showEnvironment prints the back end's environment; values that come from
// Secrets are named, not shown.
func (d *demo) showEnvironment(ctx context.Context) error {
	var deployments appsv1.DeploymentList
	if err := d.client.List(ctx, &deployments, client.InNamespace(names.Namespace("asha"))); err != nil {
		return err
	}
	for _, deployment := range deployments.Items {
		if deployment.Name != names.Backend {
			continue
		}
		container := deployment.Spec.Template.Spec.Containers[0]
		d.say.line("Deployment %s of %s, image %s", deployment.Name, deployment.Namespace, container.Image)
		for _, variable := range container.Env {
			d.say.line("  %-32s %s", variable.Name, valueOf(variable))
		}
		for _, source := range container.EnvFrom {
			d.say.line("  %-32s %s", "(all keys of)", describeSource(source))
		}
		return nil
	}
	return fmt.Errorf("namespace %s has no Deployment %s", names.Namespace("asha"), names.Backend)
}

// maxShown of a value: the certificate of the PostgreSQL server is long.
const maxShown = 60

func valueOf(variable corev1.EnvVar) string {
	from := variable.ValueFrom
	switch {
	case from == nil && len(variable.Value) > maxShown:
		return variable.Value[:maxShown] + "…"
	case from == nil:
		return variable.Value
	case from.SecretKeyRef != nil:
		return fmt.Sprintf("(Secret %s, key %s)", from.SecretKeyRef.Name, from.SecretKeyRef.Key)
	case from.FieldRef != nil:
		return "(" + from.FieldRef.FieldPath + ")"
	}
	return "(elsewhere)"
}

func describeSource(source corev1.EnvFromSource) string {
	if source.SecretRef != nil {
		return "Secret " + source.SecretRef.Name
	}
	return "ConfigMap " + source.ConfigMapRef.Name
}
