package controlplane

import (
	"context"
	_ "embed"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"k8s.io/client-go/rest"

	"github.com/glific/organisation-operator/internal/testkit/components"
)

//go:embed audit-policy.yaml
var auditPolicy []byte

// startAttempts: between finding a free port and the API server listening on it
// another program may take the port.
const startAttempts = 3

func (cp *ControlPlane) etcdURL() string { return "unix://" + filepath.Join(cp.sockets, "etcd") }

// startEtcd starts a single member that no network reaches: its peer and client
// URLs are Unix sockets.
func (cp *ControlPlane) startEtcd(ctx context.Context) error {
	peer := "unix://" + filepath.Join(cp.sockets, "peer")
	args := []string{
		"--name=default", "--data-dir=" + filepath.Join(cp.dir, "etcd"), "--log-level=warn",
		"--listen-client-urls=" + cp.etcdURL(), "--advertise-client-urls=" + cp.etcdURL(),
		"--listen-peer-urls=" + peer, "--initial-advertise-peer-urls=http://localhost:2380",
		"--initial-cluster=default=http://localhost:2380",
		"--quota-backend-bytes=8589934592", "--auto-compaction-retention=0",
	}
	if !cp.options.Durable {
		args = append(args, "--unsafe-no-fsync")
	}
	p, err := cp.launch(components.Etcd, args...)
	if err != nil {
		return err
	}
	return until(ctx, p, func() error {
		_, err := os.Stat(filepath.Join(cp.sockets, "etcd"))
		return err
	})
}

func (cp *ControlPlane) startAPIServer(ctx context.Context) error {
	if err := os.WriteFile(filepath.Join(cp.dir, "audit-policy.yaml"), auditPolicy, 0o600); err != nil {
		return err
	}
	for attempt := 1; ; attempt++ {
		var err error
		if cp.port, err = freePort(); err != nil {
			return err
		}
		p, err := cp.launch(components.APIServer, cp.apiServerArgs()...)
		if err != nil {
			return err
		}
		if err = until(ctx, p, cp.probe("/readyz")); err == nil {
			return nil
		}
		if attempt == startAttempts || !strings.Contains(err.Error(), "address already in use") {
			return err
		}
		cp.forget(p)
	}
}

func (cp *ControlPlane) apiServerArgs() []string {
	args := []string{
		"--etcd-servers=" + cp.etcdURL(),
		"--bind-address=127.0.0.1", fmt.Sprintf("--secure-port=%d", cp.port),
		"--advertise-address=127.0.0.1", "--endpoint-reconciler-type=none",
		"--service-cluster-ip-range=10.96.0.0/14",
		"--tls-cert-file=" + cp.pki.servingCert, "--tls-private-key-file=" + cp.pki.servingKey,
		"--client-ca-file=" + cp.pki.caFile,
		"--authorization-mode=RBAC", "--allow-privileged=true", "--profiling=false",
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file=" + cp.pki.serviceAcctKey,
		"--service-account-signing-key-file=" + cp.pki.serviceAcctKey,
	}
	if cp.options.Audit {
		args = append(args,
			"--audit-policy-file="+filepath.Join(cp.dir, "audit-policy.yaml"),
			"--audit-log-path="+cp.auditLog(), "--audit-log-mode=blocking")
	}
	return args
}

// probe asks the API server, as the administrator, whether path answers 200.
func (cp *ControlPlane) probe(path string) func() error {
	return func() error {
		client, err := rest.HTTPClientFor(cp.Config())
		if err != nil {
			return err
		}
		client.Timeout = 5 * time.Second
		resp, err := client.Get(cp.URL() + path)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			return fmt.Errorf("%s: %s", path, resp.Status)
		}
		return nil
	}
}
