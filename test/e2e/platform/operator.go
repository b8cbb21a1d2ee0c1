package platform

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
)

// operator is installed as a person would: helm install, with the image by digest.
func (p *Platform) operator(ctx context.Context) error {
	repository, digest, found := strings.Cut(p.Images["operator"], "@")
	if !found {
		return fmt.Errorf("no image of the operator among %v", p.Images)
	}
	return p.run(ctx, filepath.Join(p.root, "hack", "chart"), "go", "tool", "helm",
		"--kubeconfig", p.Kubeconfig, "upgrade", "--install", "organisation-operator",
		filepath.Join(p.root, "charts", "organisation-operator"),
		"--namespace", OperatorNamespace, "--create-namespace", "--wait", "--timeout", "5m", "--hide-notes",
		"--set", "image.repository="+repository, "--set", "image.digest="+digest, "--set", "hotUpgrades.enabled=true")
}
