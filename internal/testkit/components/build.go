package components

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// build compiles the component from the module that pins it into the file tmp.
// go.sum of that module verifies every source.
func build(ctx context.Context, root string, c Component, tmp string, p *progress) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-v", "-trimpath", "-mod=readonly", "-buildvcs=false",
		"-tags", c.tags, "-ldflags", ldflags(c), "-o", tmp, c.pkg)
	cmd.Dir = filepath.Join(root, "hack", "controlplane", c.dir)
	cmd.Env = append(os.Environ(), "CGO_ENABLED="+enabled(c.cgo), "GOWORK=off")
	output, err := cmd.StderrPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("starting go build: %w", err)
	}
	tail := follow(output, p)
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("go build %s: %w\n%s", c.pkg, err, tail)
	}
	return nil
}

// follow counts the packages and modules that `go build -v` names, and keeps the
// last lines for an error message.
func follow(output io.Reader, p *progress) string {
	var last [][]byte
	lines := bufio.NewScanner(output)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		p.advance(strings.HasPrefix(lines.Text(), "go: downloading"))
		last = append(last, bytes.Clone(lines.Bytes()))
		if len(last) > 25 {
			last = last[1:]
		}
	}
	return string(bytes.Join(last, []byte("\n")))
}

func enabled(yes bool) string {
	if yes {
		return "1"
	}
	return "0"
}

func ldflags(c Component) string {
	flags := []string{"-s", "-w"}
	if c.module == "k8s.io/kubernetes" {
		major, minor := majorMinor(c.Version)
		flags = append(flags,
			"-X "+kubernetesVersion+"Version="+c.Version,
			"-X "+kubernetesVersion+"Major="+major,
			"-X "+kubernetesVersion+"Minor="+minor)
	}
	if c.stamp != "" {
		flags = append(flags, "-X "+c.stamp+"="+c.Version)
	}
	return strings.Join(flags, " ")
}

// majorMinor splits "v1.37.2" into "1" and "37".
func majorMinor(version string) (major, minor string) {
	parts := strings.SplitN(strings.TrimPrefix(version, "v"), ".", 3)
	if len(parts) < 2 {
		return version, ""
	}
	return parts[0], parts[1]
}
