package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os/exec"
	"strings"

	"github.com/glific/organisation-operator/internal/testkit/components"
)

// kubectl runs kubectl as the administrator and returns its output.
func (c *cluster) kubectl(ctx context.Context, input io.Reader, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, c.bin(components.Kubectl), append([]string{"--kubeconfig=" + c.kubeconfig()}, args...)...)
	return output(cmd, input, "kubectl "+strings.Join(args, " "))
}

// ctr runs containerd's client in the namespace whose images the kubelet sees.
func (c *cluster) ctr(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, c.bin(components.Ctr), append([]string{"--address", c.containerdSocket(), "--namespace", "k8s.io"}, args...)...)
	return output(cmd, nil, "ctr "+strings.Join(args, " "))
}

func output(cmd *exec.Cmd, input io.Reader, what string) (string, error) {
	var stderr bytes.Buffer
	cmd.Stdin, cmd.Stderr = input, &stderr
	out, err := cmd.Output()
	if err != nil {
		return string(out), fmt.Errorf("%s: %w: %s", what, err, bytes.TrimSpace(stderr.Bytes()))
	}
	return string(out), nil
}

// apply creates or changes the objects of a manifest.
func (c *cluster) apply(ctx context.Context, manifest string) error {
	_, err := c.kubectl(ctx, strings.NewReader(manifest), "apply", "--server-side", "--force-conflicts", "-f", "-")
	return err
}
