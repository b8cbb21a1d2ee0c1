package platform

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// existingCluster is somebody's: only what the chart and the platform need is put there.
func (p *Platform) existingCluster(context.Context) error {
	p.Kubeconfig = p.choice.kubeconfig
	// What storage it has is not known: the data goes with the Pod.
	p.volume = "emptyDir: {}"
	return p.elsewhere()
}

// inKind makes a cluster in Docker, or finds it.
func (p *Platform) inKind(ctx context.Context) error {
	for _, program := range []string{"docker", "kind"} {
		if _, err := p.ask(ctx, p.root, program, "version"); err != nil {
			return fmt.Errorf("CLUSTER=kind needs %s, running: %w", program, err)
		}
	}
	clusters, err := p.ask(ctx, p.root, "kind", "get", "clusters")
	if err != nil {
		return err
	}
	if !slices.Contains(strings.Fields(clusters), p.choice.name) {
		if err := p.run(ctx, p.root, "kind", "create", "cluster", "--name", p.choice.name, "--wait", "3m"); err != nil {
			return err
		}
	}
	config, err := p.ask(ctx, p.root, "kind", "get", "kubeconfig", "--name", p.choice.name)
	if err != nil {
		return err
	}
	p.Kubeconfig = filepath.Join(p.root, "bin", "kind-"+p.choice.name+".kubeconfig")
	if err := os.MkdirAll(filepath.Dir(p.Kubeconfig), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(p.Kubeconfig, []byte(config), 0o600); err != nil {
		return err
	}
	p.volume = "hostPath: {path: /var/lib/e2e-postgres, type: DirectoryOrCreate}" // inside kind's node
	return p.elsewhere()
}

// elsewhere is what both have: a gateway that a person installed, and requests that come
// from an address that nobody here knows.
func (p *Platform) elsewhere() error {
	p.senders = "0.0.0.0/0"
	var err error
	if p.authority, err = os.ReadFile(p.choice.authority); err != nil {
		return fmt.Errorf("reading GATEWAY_CA: %w", err)
	}
	return p.connect()
}

// loadIntoKind imports the archives on kind's node. containerd resolves only names that
// it was told, so each image gets its name by digest besides its tag.
func (p *Platform) loadIntoKind(ctx context.Context, out string) error {
	node := p.choice.name + "-control-plane"
	for name, reference := range p.Images {
		archive := filepath.Join(out, name+".tar")
		if err := p.run(ctx, p.root, "kind", "load", "image-archive", "--name", p.choice.name, archive); err != nil {
			return err
		}
		listing, err := p.ask(ctx, p.root, "docker", "exec", node, "ctr", "--namespace=k8s.io", "images", "list")
		if err != nil {
			return err
		}
		tagged, err := taggedAs(listing, reference)
		if err != nil {
			return err
		}
		if _, err := p.ask(ctx, p.root, "docker", "exec", node, "ctr", "--namespace=k8s.io", "images", "tag", "--force", tagged, reference); err != nil {
			return err
		}
	}
	return nil
}

// taggedAs finds in `ctr images list` (REF TYPE DIGEST …) a name of the image that a
// reference by digest means.
func taggedAs(listing, reference string) (string, error) {
	repository, digest, _ := strings.Cut(reference, "@")
	for line := range strings.Lines(listing) {
		fields := strings.Fields(line)
		if len(fields) > 2 && fields[2] == digest && strings.HasPrefix(fields[0], repository) {
			return fields[0], nil
		}
	}
	return "", fmt.Errorf("kind's node does not have image %s after it was loaded", reference)
}
