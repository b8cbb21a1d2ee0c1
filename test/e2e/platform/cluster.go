package platform

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"

	"github.com/glific/organisation-operator/test/e2e/traffic"
)

const (
	clusterDir = "hack/cluster"
	imagesDir  = "hack/images"
)

// cluster starts the cluster of hack/cluster, or finds it up. Its node's address is that
// of its API server, and its authority has signed the gateway's certificate too.
func (p *Platform) cluster(ctx context.Context) error {
	dir := filepath.Join(p.root, clusterDir)
	if err := p.run(ctx, dir, "go", "run", ".", "up", "--with", "gateway"); err != nil {
		return err
	}
	var err error
	if p.Kubeconfig, err = p.ask(ctx, dir, "go", "run", ".", "kubeconfig"); err != nil {
		return err
	}
	if err := p.connect(); err != nil {
		return err
	}
	server, err := url.Parse(p.Config.Host)
	if err != nil {
		return fmt.Errorf("reading the API server's address: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(p.Config.CAData) {
		return fmt.Errorf("kubeconfig %s holds no authority", p.Kubeconfig)
	}
	p.Gateway = traffic.Gateway{Address: net.JoinHostPort(server.Hostname(), "443"), Roots: roots}
	return nil
}

// Agent stops, kills or starts one of the programs of the node: kubelet, containerd, …
func (p *Platform) Agent(ctx context.Context, verb, program string) error {
	return p.run(ctx, filepath.Join(p.root, clusterDir), "go", "run", ".", verb, program)
}

// images builds every image, and loads them. They lie in this checkout, so that two
// checkouts never take each other's operator.
func (p *Platform) images(ctx context.Context) error {
	out := filepath.Join(p.root, "bin", "images")
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	if err := p.run(ctx, filepath.Join(p.root, imagesDir), "go", "run", ".", "build", "--out", out); err != nil {
		return err
	}
	index, err := os.ReadFile(filepath.Join(out, "images.json"))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(index, &p.Images); err != nil {
		return fmt.Errorf("reading images.json: %w", err)
	}
	archives, err := filepath.Glob(filepath.Join(out, "*.tar"))
	if err != nil {
		return err
	}
	return p.run(ctx, filepath.Join(p.root, clusterDir), "go", append([]string{"run", ".", "load"}, archives...)...)
}
