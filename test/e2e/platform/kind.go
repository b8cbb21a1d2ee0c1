package platform

import (
	"cmp"
	"fmt"
	"os"
	"strings"
)

// clusterKind says where the cluster comes from.
type clusterKind string

const (
	// local is the node of hack/cluster, on this machine.
	local clusterKind = "local"
	// kindCluster is made by kind, in Docker.
	kindCluster clusterKind = "kind"
	// existing is whatever KUBECONFIG leads to.
	existing clusterKind = "existing"
)

// choice is what the environment says about the cluster.
type choice struct {
	kind       clusterKind
	name       string // of the cluster, where it is made here
	kubeconfig string // of an existing cluster
	registry   string // registry and prefix that an existing cluster pulls from
	// gateway, as namespace/name, its address as host:port, and the file with the
	// authority of its certificate, where it is not hack/cluster's.
	gateway, address, authority string
}

// chosen reads the environment. Each error says what to set.
func chosen(getenv func(string) string) (choice, error) {
	c := choice{
		kind: clusterKind(cmp.Or(getenv("CLUSTER"), string(local))), name: cmp.Or(getenv("CLUSTER_NAME"), "glific"),
		kubeconfig: getenv("KUBECONFIG"), registry: getenv("IMAGES"),
		gateway: cmp.Or(getenv("GATEWAY"), "gateway/public"), address: getenv("GATEWAY_ADDRESS"), authority: getenv("GATEWAY_CA"),
	}
	switch c.kind {
	case local:
		return c, nil
	case kindCluster, existing:
	default:
		return c, fmt.Errorf("CLUSTER=%s: it is local, kind or existing", c.kind)
	}
	if c.kind == existing && c.kubeconfig == "" {
		return c, fmt.Errorf("CLUSTER=existing needs KUBECONFIG, the cluster's")
	}
	if c.kind == existing && c.registry == "" {
		return c, fmt.Errorf("CLUSTER=existing needs IMAGES, a registry and prefix that the cluster pulls from, as in IMAGES=registry.example.org/operator-test")
	}
	if strings.Count(c.gateway, "/") != 1 {
		return c, fmt.Errorf("GATEWAY=%s: write namespace/name of a Gateway with a listener called https for *.%s", c.gateway, BaseDomain)
	}
	if c.address == "" || c.authority == "" {
		return c, fmt.Errorf("CLUSTER=%s needs a gateway: install one, and set GATEWAY=namespace/name of a Gateway whose listener https is for *.%s (%s without it), "+
			"GATEWAY_ADDRESS=host:port where it answers both here and in the cluster, and GATEWAY_CA=file with the authority of its certificate", c.kind, BaseDomain, c.gateway)
	}
	if _, err := os.Stat(c.authority); err != nil {
		return c, fmt.Errorf("reading GATEWAY_CA: %w", err)
	}
	return c, nil
}
