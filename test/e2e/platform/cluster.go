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

// cluster brings one up, or finds it: the only part, with the delivery of images, that
// differs from one kind of cluster to another.
func (p *Platform) cluster(ctx context.Context) error {
	up := map[clusterKind]func(context.Context) error{local: p.localCluster, kindCluster: p.inKind, existing: p.existingCluster}[p.choice.kind]
	if err := up(ctx); err != nil {
		return err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(p.authority) {
		return fmt.Errorf("no authority for the gateway at %s: give a PEM file in GATEWAY_CA", p.choice.address)
	}
	p.Gateway = traffic.Gateway{Address: p.choice.address, Roots: roots}
	return nil
}

// localCluster is that of hack/cluster, with its gateway. Its node's address is that of
// its API server, and its authority has signed the gateway's certificate too.
func (p *Platform) localCluster(ctx context.Context) error {
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
	p.choice.address, p.authority = net.JoinHostPort(server.Hostname(), "443"), p.Config.CAData
	// Removed with the cluster's folder.
	p.volume = fmt.Sprintf("hostPath: {path: %q, type: DirectoryOrCreate}", filepath.Join(filepath.Dir(p.Kubeconfig), "postgres"))
	// The host's end of the link to the node: it plays the provider.
	p.senders = "198.19.128.0/17"
	return nil
}

// images builds every image, and delivers them. They lie in this checkout, so that two
// checkouts never take each other's operator.
func (p *Platform) images(ctx context.Context) error {
	out := filepath.Join(p.root, "bin", "images")
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	dir := filepath.Join(p.root, imagesDir)
	if err := p.run(ctx, dir, "go", "run", ".", "build", "--out", out); err != nil {
		return err
	}
	index, err := os.ReadFile(filepath.Join(out, "images.json"))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(index, &p.Images); err != nil {
		return fmt.Errorf("reading images.json: %w", err)
	}
	switch p.choice.kind {
	case existing:
		return p.push(ctx, dir, out)
	case kindCluster:
		return p.loadIntoKind(ctx, out)
	}
	archives, err := filepath.Glob(filepath.Join(out, "*.tar"))
	if err != nil {
		return err
	}
	return p.run(ctx, filepath.Join(p.root, clusterDir), "go", append([]string{"run", ".", "load"}, archives...)...)
}

// push sends the images to a registry, and takes them from there.
func (p *Platform) push(ctx context.Context, dir, out string) error {
	pushed, err := p.ask(ctx, dir, "go", "run", ".", "push", "--out", out, p.choice.registry)
	if err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(pushed), &p.Images); err != nil {
		return fmt.Errorf("reading where the images were pushed to: %w", err)
	}
	return nil
}
