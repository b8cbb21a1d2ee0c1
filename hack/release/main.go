// Command release makes everything that a release consists of, the same bytes for the same
// source and version, without a container engine:
//
//	go run . --version v0.1.0 --out DIR
//
// binaries of the operator, archives of the kubectl plugin with a manifest for krew, the
// operator's image for several architectures in OCI layout, the chart, the CRDs, a bill of
// materials for each program, and checksums of it all.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	version := flag.String("version", "", "version of the release, such as v0.1.0")
	out := flag.String("out", "", "folder for what is made; it must be empty or missing")
	source := flag.String("source", "../..", "folder of the repository")
	flag.Parse()
	r := release{version: *version, out: *out, source: *source, operators: operators, plugins: plugins}
	if err := r.make(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

// platform is what a program runs on.
type platform struct{ os, arch string }

func (p platform) String() string { return p.os + "_" + p.arch }

var (
	operators = []platform{{"linux", "amd64"}, {"linux", "arm64"}}
	plugins   = []platform{{"linux", "amd64"}, {"linux", "arm64"}, {"darwin", "amd64"}, {"darwin", "arm64"}, {"windows", "amd64"}}
)

// release is one version, made from a source into a folder.
type release struct {
	version, out, source string
	operators, plugins   []platform
}

var versions = regexp.MustCompile(`^v[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$`)

// number is the version as charts and image tags write it.
func (r release) number() string { return r.version[1:] }

func (r release) path(name string) string { return filepath.Join(r.out, name) }

func (r release) make(ctx context.Context) error {
	if !versions.MatchString(r.version) {
		return fmt.Errorf("--version %q: want one such as v0.1.0", r.version)
	}
	if entries, err := os.ReadDir(r.out); err == nil && len(entries) > 0 {
		return fmt.Errorf("--out %s: there is something in it already", r.out)
	}
	if err := os.MkdirAll(r.out, 0o755); err != nil {
		return err
	}
	for _, make := range []func(context.Context) error{r.makeOperators, r.makePlugins, r.makeImage, r.makeChart, r.makeDefinitions, r.makeChecksums} {
		if err := make(ctx); err != nil {
			return err
		}
	}
	return nil
}
