package main

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"github.com/glific/organisation-operator/internal/testkit/components"
)

//go:embed manifests/coredns.yaml
var corednsManifest string

// installDNS runs CoreDNS at the address that every Pod is told.
func (c *cluster) installDNS(ctx context.Context) error {
	binary, err := components.Path(components.CoreDNS)
	if err != nil {
		return err
	}
	manifest := strings.NewReplacer(
		"{IMAGE}", imageOf(components.CoreDNS, binary), "{DOMAIN}", domain, "{DNS_ADDRESS}", dnsService.String(),
	).Replace(corednsManifest)
	if err := c.apply(ctx, manifest); err != nil {
		return err
	}
	return c.awaitDeployment(ctx, "kube-system", "coredns")
}

func (c *cluster) awaitDeployment(ctx context.Context, namespace, name string) error {
	_, err := c.kubectl(ctx, nil, "rollout", "status", "--namespace="+namespace, "--timeout=3m", "deployment/"+name)
	if err != nil {
		pods, _ := c.kubectl(ctx, nil, "describe", "pods", "--namespace="+namespace) // only makes the message better
		return fmt.Errorf("%w\n%s", err, pods)
	}
	c.say("%s is available", name)
	return nil
}
