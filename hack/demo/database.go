package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/glific/organisation-operator/internal/postgres"
	"github.com/glific/organisation-operator/internal/postgres/postgrestest"
)

const (
	operatorNamespace = "organisation-system"
	operatorAccount   = "organisation-operator"
	operatorRole      = "organisation_operator"
)

// startDatabase runs a private server and does on it what an administrator does on
// a real one, once: bootstrap.sql and a password for the operator's role.
func (d *demo) startDatabase(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var err error
	if d.database, err = postgrestest.Start(ctx, postgrestest.Options{TLS: true}); err != nil {
		return err
	}
	if err := d.asSuperuser(ctx, "postgres", "CREATE DATABASE organisation_operator TEMPLATE template0"); err != nil {
		return err
	}
	if err := d.asSuperuser(ctx, "organisation_operator", postgres.BootstrapSQL); err != nil {
		return err
	}
	d.say.line("PostgreSQL %d answers on %s:%d, over TLS only", postgrestest.Newest, d.database.Host, d.database.Port)
	d.say.line("bootstrap.sql made the ledger; role %s is no superuser and cannot create roles itself", operatorRole)
	return nil
}

func (d *demo) asSuperuser(ctx context.Context, database, sql string) error {
	conn, err := pgx.Connect(ctx, d.database.DSN(database))
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	_, err = conn.Exec(ctx, sql)
	return err
}

// databaseObjects are what the sample's DatabaseServer needs to name this server.
func (d *demo) databaseObjects(ctx context.Context, sample *unstructured.Unstructured) ([]*corev1.Secret, error) {
	password := rand.Text()
	if err := d.asSuperuser(ctx, "postgres", fmt.Sprintf("ALTER ROLE %s PASSWORD '%s'", operatorRole, password)); err != nil {
		return nil, err
	}
	for field, value := range map[string]any{"host": d.database.Host, "port": int64(d.database.Port)} {
		if err := unstructured.SetNestedField(sample.Object, value, "spec", "postgreSQL", field); err != nil {
			return nil, err
		}
	}
	secret := func(path []string, content map[string]string) *corev1.Secret {
		name, _, _ := unstructured.NestedString(sample.Object, append([]string{"spec", "postgreSQL"}, path...)...)
		return &corev1.Secret{
			TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Secret"},
			ObjectMeta: metav1.ObjectMeta{Namespace: operatorNamespace, Name: name}, StringData: content,
		}
	}
	return []*corev1.Secret{
		secret([]string{"credentials", "name"}, map[string]string{"username": operatorRole, "password": password}),
		secret([]string{"tls", "ca", "name"}, map[string]string{"ca.crt": string(d.database.CA)}),
	}, nil
}

// enter connects with a tenant's own DATABASE_URL, or to another database with it.
func (d *demo) enter(ctx context.Context, url, database string) (*pgx.Conn, error) {
	config, err := pgx.ParseConfig(strings.Replace(url, "ecto://", "postgres://", 1) + "?sslmode=disable")
	if err != nil {
		return nil, fmt.Errorf("reading DATABASE_URL: %w", err)
	}
	trusting, err := pgx.ParseConfig(d.database.DSN("postgres"))
	if err != nil {
		return nil, err
	}
	config.TLSConfig = trusting.TLSConfig
	if database != "" {
		config.Database = database
	}
	return pgx.ConnectConfig(ctx, config)
}
