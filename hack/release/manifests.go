package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
)

var (
	chartVersion = regexp.MustCompile(`(?m)^version: .*$`)
	appVersion   = regexp.MustCompile(`(?m)^appVersion: .*$`)
)

// makeChart packs the chart under the release's version, with the image that belongs to it.
func (r release) makeChart(context.Context) error {
	dir, inside := filepath.Join(r.source, "charts", operator), files{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(filepath.Join(dir, name))
		inside[path.Join(operator, name)] = content
		return err
	})
	if err != nil {
		return fmt.Errorf("reading the chart: %w", err)
	}
	about := operator + "/Chart.yaml"
	inside[about] = chartVersion.ReplaceAll(inside[about], []byte("version: "+r.number()))
	inside[about] = appVersion.ReplaceAll(inside[about], []byte("appVersion: "+r.number()))
	values := operator + "/values.yaml"
	inside[values] = bytes.Replace(inside[values], []byte("\n  repository: "+operator+"\n"), []byte("\n  repository: ghcr.io/glific/"+operator+"\n"), 1)
	var packed bytes.Buffer
	if err := inside.tarball(&packed, ""); err != nil {
		return err
	}
	return os.WriteFile(r.path(fmt.Sprintf("%s-%s.tgz", operator, r.number())), packed.Bytes(), 0o644)
}

// makeDefinitions writes the CRDs as one file, for those who install them apart.
func (r release) makeDefinitions(context.Context) error {
	found, err := filepath.Glob(filepath.Join(r.source, "config", "crd", "bases", "*.yaml"))
	if err != nil {
		return err
	}
	var text strings.Builder
	for _, file := range found {
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		text.WriteString("---\n" + strings.TrimPrefix(string(content), "---\n"))
	}
	return os.WriteFile(r.path("crds.yaml"), []byte(text.String()), 0o644)
}

// makeChecksums lists everything as sha256sum --check reads it.
func (r release) makeChecksums(context.Context) error {
	entries, err := os.ReadDir(r.out)
	if err != nil {
		return err
	}
	var text strings.Builder
	for _, entry := range entries {
		content, err := os.ReadFile(r.path(entry.Name()))
		if err != nil {
			return err
		}
		fmt.Fprintf(&text, "%s  %s\n", sum(content), entry.Name())
	}
	return os.WriteFile(r.path("checksums.txt"), []byte(text.String()), 0o644)
}
