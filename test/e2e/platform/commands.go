package platform

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"

	"github.com/glific/organisation-operator/internal/testkit/components"
)

// run a program that tells people itself what it does.
func (p *Platform) run(ctx context.Context, dir, program string, args ...string) error {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, p.out, p.out
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s %s: %w", program, strings.Join(args, " "), err)
	}
	return nil
}

// ask a program, and return what it prints.
func (p *Platform) ask(ctx context.Context, dir, program string, args ...string) (string, error) {
	return p.askWith(ctx, nil, dir, program, args...)
}

// askWith gives the program something to read.
func (p *Platform) askWith(ctx context.Context, input io.Reader, dir, program string, args ...string) (string, error) {
	var said bytes.Buffer
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir, cmd.Stdin, cmd.Stderr = dir, input, &said
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w: %s", program, strings.Join(args, " "), err, bytes.TrimSpace(said.Bytes()))
	}
	return strings.TrimSpace(string(out)), nil
}

// Kubectl runs kubectl against the platform, and returns what it prints on both outputs.
func (p *Platform) Kubectl(ctx context.Context, input io.Reader, args ...string) (string, error) {
	kubectl, err := components.Path(components.Kubectl)
	if err != nil {
		return "", err
	}
	cmd := exec.CommandContext(ctx, kubectl, args...)
	cmd.Env = append(os.Environ(), "KUBECONFIG="+p.Kubeconfig)
	cmd.Stdin = input
	out, err := cmd.CombinedOutput()
	if err != nil {
		return string(out), fmt.Errorf("kubectl %s: %w: %s", strings.Join(args, " "), err, bytes.TrimSpace(out))
	}
	return string(out), nil
}

// apply a manifest.
func (p *Platform) apply(ctx context.Context, manifest string) error {
	_, err := p.Kubectl(ctx, strings.NewReader(manifest), "apply", "--server-side", "--force-conflicts", "-f", "-")
	return err
}
