package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/glific/organisation-operator/internal/testkit/components"
)

//go:embed manifests/gateway.yaml
var gatewayManifest string

// gatewayDomains are what the certificate of the HTTPS listener is for. .test is
// reserved (RFC 2606), so these names can never be somebody's.
var gatewayDomains = []string{"ngo.test", "*.ngo.test", "*.example.org", "*.example.com"}

// installGateway installs the Gateway API and Traefik as its implementation, with
// one Gateway (gateway/public) that listens on ports 80 and 443 of the node.
func (c *cluster) installGateway(ctx context.Context) error {
	if err := c.installGatewayAPI(ctx); err != nil {
		return err
	}
	binary, err := components.Path(components.Traefik)
	if err != nil {
		return err
	}
	manifest := strings.NewReplacer(
		"{IMAGE}", imageOf(components.Traefik, binary),
		"{NODE_ADDRESS}", c.nodeAddr.String(), "{HOST_ADDRESS}", c.hostAddr.String(),
	).Replace(gatewayManifest)
	if err := c.apply(ctx, manifest); err != nil {
		return err
	}
	if err := c.applyCertificate(ctx); err != nil {
		return err
	}
	if err := c.awaitDeployment(ctx, "gateway", "traefik"); err != nil {
		return err
	}
	_, err = c.kubectl(ctx, nil, "wait", "--namespace=gateway", "--for=condition=Programmed", "--timeout=1m", "gateway/public")
	if err != nil {
		return err
	}
	c.say("Gateway gateway/public answers on http://%s and https://%s (CA: %s)", c.nodeAddr, c.nodeAddr, c.pki("ca.crt"))
	return nil
}

// installGatewayAPI applies the CRDs of the version that the operator is built with.
func (c *cluster) installGatewayAPI(ctx context.Context) error {
	root, err := components.Root()
	if err != nil {
		return err
	}
	const module = "sigs.k8s.io/gateway-api"
	cmd := exec.CommandContext(ctx, "go", "mod", "download", "-json", module)
	cmd.Dir = root
	out, err := output(cmd, nil, "go mod download "+module)
	if err != nil {
		return err
	}
	var found struct{ Dir string }
	if err := json.Unmarshal([]byte(out), &found); err != nil {
		return fmt.Errorf("reading where %s lies: %w", module, err)
	}
	dir := filepath.Join(found.Dir, "config", "crd", "standard")
	if _, err := c.kubectl(ctx, nil, "apply", "--server-side", "--force-conflicts", "-f", dir); err != nil {
		return err
	}
	_, err = c.kubectl(ctx, nil, "wait", "--for=condition=Established", "--timeout=1m", "crd/httproutes.gateway.networking.k8s.io", "crd/gateways.gateway.networking.k8s.io")
	return err
}

// applyCertificate stores the gateway's certificate as the Secret of its listener.
func (c *cluster) applyCertificate(ctx context.Context) error {
	secret, err := c.kubectl(ctx, nil, "create", "secret", "tls", "wildcard", "--namespace=gateway",
		"--cert="+c.pki("gateway.crt"), "--key="+c.pki("gateway.key"), "--dry-run=client", "--output=yaml")
	if err != nil {
		return err
	}
	return c.apply(ctx, secret)
}
