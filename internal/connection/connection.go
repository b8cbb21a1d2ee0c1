// Package connection opens DatabaseServers: it turns a DatabaseServer and the
// Secrets that it names into a postgres.Server, and remembers it.
package connection

import (
	"context"
	"fmt"
	"sync"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/postgres"
)

// CAKey is the key of a Secret that holds a certificate authority in PEM.
const CAKey = "ca.crt"

// Pool has one connection per DatabaseServer.
type Pool struct {
	// Secrets reads Secrets live; there is no cache of Secrets.
	Secrets client.Reader
	// Namespace is the operator's own, where the Secrets of servers lie.
	Namespace string
	// Servers are the open connections.
	Servers *postgres.Servers

	mu     sync.Mutex
	opened map[string]opened
}

type opened struct {
	generation int64
	uid        string
	ca         []byte
}

// For returns the connection of a server, and its authority in PEM. It reads the
// server's Secrets only if the server is new or its spec changed; Refresh reads
// them in any case.
func (p *Pool) For(ctx context.Context, server *v1alpha1.DatabaseServer) (*postgres.Server, []byte, error) {
	p.mu.Lock()
	known, ok := p.opened[server.Name]
	p.mu.Unlock()
	if ok && known.generation == server.Generation && known.uid == string(server.UID) {
		if open := p.Servers.Get(server.Name); open != nil {
			open.Expect(ledgers(server)...)
			return open, known.ca, nil
		}
	}
	return p.Refresh(ctx, server)
}

// Refresh reads the server's Secrets and opens the connection anew if they changed.
func (p *Pool) Refresh(ctx context.Context, server *v1alpha1.DatabaseServer) (*postgres.Server, []byte, error) {
	config, err := p.config(ctx, server)
	if err != nil {
		return nil, nil, err
	}
	open, err := p.Servers.Configure(server.Name, config, ledgers(server)...)
	if err != nil {
		return nil, nil, fmt.Errorf("opening database server %s: %w", server.Name, err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.opened == nil {
		p.opened = map[string]opened{}
	}
	p.opened[server.Name] = opened{generation: server.Generation, uid: string(server.UID), ca: config.CA}
	return open, config.CA, nil
}

// ledgers that may be found on a server: the known one, and one that a person accepts.
func ledgers(server *v1alpha1.DatabaseServer) []string {
	return []string{server.Status.Ledger, server.Annotations[v1alpha1.AnnotationAcceptLedger]}
}

// Forget closes the connection of a server that is gone.
func (p *Pool) Forget(name string) {
	p.mu.Lock()
	delete(p.opened, name)
	p.mu.Unlock()
	p.Servers.Forget(name)
}

func (p *Pool) config(ctx context.Context, server *v1alpha1.DatabaseServer) (postgres.Config, error) {
	pg := server.Spec.PostgreSQL
	credentials, err := p.secret(ctx, pg.Credentials.Name, "username", "password")
	if err != nil {
		return postgres.Config{}, fmt.Errorf("spec.postgreSQL.credentials: %w", err)
	}
	config := postgres.Config{
		Host: pg.Host, Port: uint16(pg.Port), //nolint:gosec // the schema bounds ports to 65535
		Username: string(credentials["username"]), Password: string(credentials["password"]),
		SSLMode: postgres.VerifyFull,
	}
	if pg.TLS == nil {
		return config, nil
	}
	if pg.TLS.Mode == v1alpha1.DatabaseTLSDisabled {
		config.SSLMode = postgres.Disable
	}
	if pg.TLS.CA != nil {
		authority, err := p.secret(ctx, pg.TLS.CA.Name, CAKey)
		if err != nil {
			return postgres.Config{}, fmt.Errorf("spec.postgreSQL.tls.ca: %w", err)
		}
		config.CA = authority[CAKey]
	}
	return config, nil
}

func (p *Pool) secret(ctx context.Context, name string, keys ...string) (map[string][]byte, error) {
	var secret corev1.Secret
	if err := p.Secrets.Get(ctx, client.ObjectKey{Namespace: p.Namespace, Name: name}, &secret); err != nil {
		return nil, fmt.Errorf("reading Secret %s in namespace %s: %w", name, p.Namespace, err)
	}
	for _, key := range keys {
		if len(secret.Data[key]) == 0 {
			return nil, fmt.Errorf("key %s is missing in Secret %s of namespace %s", key, name, p.Namespace)
		}
	}
	return secret.Data, nil
}
