package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// nobody of these images is root.
const programUser = "65532"

// operator is the operator as Dockerfile makes it: a binary and the authorities that
// it trusts.
func operator(ctx context.Context, root, work string) (contents, error) {
	f := files{}
	f.base("nonroot", programUser)
	if err := f.program(ctx, "organisation-operator", root, ".", work); err != nil {
		return contents{}, err
	}
	if err := f.authorities(ctx); err != nil {
		return contents{}, err
	}
	return contents{[]files{f}, v1.Config{Entrypoint: []string{"/organisation-operator"}, User: programUser + ":" + programUser}}, nil
}

// frontend is a page and what serves it on port 8080.
func frontend(ctx context.Context, root, work string) (contents, error) {
	f := files{}
	f.base("nonroot", programUser)
	if err := f.program(ctx, "frontend", root, "./test/standin/frontend", work); err != nil {
		return contents{}, err
	}
	return contents{[]files{f}, v1.Config{Entrypoint: []string{"/frontend"}, User: programUser + ":" + programUser}}, nil
}

// base is what every image has: /tmp and one user who is not root.
func (f files) base(user, id string) {
	f.dir("tmp", fs.ModeSticky|0o777)
	f.put("etc/passwd", 0o644, fmt.Appendf(nil, "root:x:0:0:root:/:/sbin/nologin\n%s:x:%s:%s::/tmp:/bin/sh\n", user, id, id))
	f.put("etc/group", 0o644, fmt.Appendf(nil, "root:x:0:\n%s:x:%s:\n", user, id))
}

// program compiles a Go program, statically and without anything of this machine in it.
func (f files) program(ctx context.Context, name, root, source, work string) error {
	binary := filepath.Join(work, name)
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w -buildid=", "-o", binary, source)
	cmd.Dir, cmd.Env = root, append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOFLAGS=", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("compiling %s: %w\n%s", source, err, out)
	}
	return f.read(name, 0o755, binary)
}

// authorities adds Mozilla's, in one file, where Go looks.
func (f files) authorities(ctx context.Context) error {
	mozilla, bundle := files{}, bytes.Buffer{}
	if err := mozilla.debian(ctx, []string{"ca-certificates"}, nil); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(mozilla)) {
		if strings.HasSuffix(name, ".crt") {
			bundle.Write(mozilla[name].content)
		}
	}
	f.put("etc/ssl/certs/ca-certificates.crt", 0o644, bundle.Bytes())
	return nil
}

func repositoryRoot(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return "", fmt.Errorf("finding the repository: %w", err)
	}
	return filepath.Dir(filepath.Dir(strings.TrimSpace(string(out)))), nil
}
