package platform

import (
	"context"
	"crypto/rand"
	_ "embed"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

//go:embed postgres.yaml
var postgresManifest string

const (
	postgresNamespace = "postgres"
	postgresHost      = "postgres.postgres.svc.cluster.local"
	ledgerDatabase    = "organisation_operator"
)

// postgres runs a server in the cluster, and prepares it as docs/managed-postgres.md
// says: an administrator runs bootstrap.sql once, and the operator gets a role that can
// do little.
func (p *Platform) postgres(ctx context.Context) error {
	if err := p.postgresSecrets(ctx); err != nil {
		return err
	}
	if err := p.apply(ctx, strings.NewReplacer("{IMAGE}", p.Images["postgres"], "{DATA}", p.volume).Replace(postgresManifest)); err != nil {
		return err
	}
	if _, err := p.Kubectl(ctx, nil, "--namespace="+postgresNamespace, "rollout", "status", "statefulset/postgres", "--timeout=3m"); err != nil {
		return err
	}
	return p.bootstrap(ctx)
}

// postgresSecrets are made once: certificate, and the superuser's and the operator's
// passwords.
func (p *Platform) postgresSecrets(ctx context.Context) error {
	certificate, key, ca, err := issue(postgresHost, time.Now().AddDate(1, 0, 0))
	if err != nil {
		return err
	}
	for _, object := range []client.Object{
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: postgresNamespace}},
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: OperatorNamespace}},
		secret(postgresNamespace, "postgres", map[string]string{"superuser": random(), "operator": random()}),
		&corev1.Secret{
			ObjectMeta: metav1.ObjectMeta{Namespace: postgresNamespace, Name: "postgres-tls"}, Type: corev1.SecretTypeTLS,
			Data: map[string][]byte{"tls.crt": certificate, "tls.key": key, "ca.crt": ca},
		},
	} {
		if err := p.Client.Create(ctx, object); err != nil && !apierrors.IsAlreadyExists(err) {
			return fmt.Errorf("creating %T %s: %w", object, object.GetName(), err)
		}
	}
	return nil
}

func (p *Platform) bootstrap(ctx context.Context) error {
	passwords := &corev1.Secret{}
	if err := p.Client.Get(ctx, client.ObjectKey{Namespace: postgresNamespace, Name: "postgres"}, passwords); err != nil {
		return err
	}
	if found, err := p.SQL(ctx, "postgres", "SELECT 1 FROM pg_database WHERE datname = '"+ledgerDatabase+"'"); err != nil || found == "" {
		if err != nil {
			return err
		}
		if _, err := p.SQL(ctx, "postgres", "CREATE DATABASE "+ledgerDatabase+" TEMPLATE template0"); err != nil {
			return err
		}
	}
	script, err := os.ReadFile(filepath.Join(p.root, "internal", "postgres", "bootstrap.sql"))
	if err != nil {
		return err
	}
	if _, err := p.SQL(ctx, ledgerDatabase, string(script)); err != nil {
		return err
	}
	_, err = p.SQL(ctx, ledgerDatabase, fmt.Sprintf("ALTER ROLE organisation_operator PASSWORD '%s'", passwords.Data["operator"]))
	return err
}

// SQL runs statements as the superuser, inside the server's Pod, and returns the rows
// without decoration.
func (p *Platform) SQL(ctx context.Context, database, statements string) (string, error) {
	out, err := p.Kubectl(ctx, strings.NewReader(statements), "--namespace="+postgresNamespace, "exec", "--stdin", "statefulset/postgres", "--container=postgres", "--",
		"sh", "-c", `PGPASSWORD="$POSTGRES_PASSWORD" exec psql -h /tmp -U postgres -d "$1" -v ON_ERROR_STOP=1 --quiet --tuples-only --no-align -f -`, "sh", database)
	if err != nil {
		return "", fmt.Errorf("asking database %s: %w", database, err)
	}
	return strings.TrimSpace(out), nil
}

func secret(namespace, name string, data map[string]string) *corev1.Secret {
	return &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}, StringData: data}
}

func random() string {
	bytes := make([]byte, 16)
	_, _ = rand.Read(bytes) // never fails (crypto/rand)
	return hex.EncodeToString(bytes)
}
