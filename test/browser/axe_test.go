package browser

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/glific/organisation-operator/internal/testkit/components"
)

// axe-core finds what screen readers and keyboards stumble over (npm package axe-core,
// Mozilla Public License 2.0). It is only run here, and no part of the product.
const (
	axePackage = "axe-core@4.14.1"
	axeSum     = "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="
)

// axe is its source, from the cache or from the npm registry.
func axe(t *testing.T) string {
	t.Helper()
	cached := filepath.Join(components.CacheDir(), strings.ReplaceAll(axePackage, "@", "-")+".tgz")
	archive, err := os.ReadFile(cached)
	if errors.Is(err, os.ErrNotExist) {
		archive, err = fetchAxe(t)
		if err == nil {
			must(t, os.MkdirAll(filepath.Dir(cached), 0o755))
			must(t, os.WriteFile(cached, archive, 0o644)) //nolint:gosec // public
		}
	}
	if err != nil {
		t.Skipf("SKIPPED: axe-core is not to be had, so accessibility was not checked: %v", err)
	}
	if sum := sha512.Sum512(archive); base64.StdEncoding.EncodeToString(sum[:]) != axeSum {
		t.Fatalf("%s is not what was pinned", axePackage)
	}
	source, err := unpacked(archive, "package/axe.min.js")
	must(t, err)
	return source
}

func fetchAxe(t *testing.T) ([]byte, error) {
	dir := t.TempDir()
	npm := exec.CommandContext(t.Context(), "npm", "pack", "--silent", "--pack-destination", dir, axePackage)
	npm.Dir = dir
	if out, err := npm.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("npm pack %s: %w: %s", axePackage, err, bytes.TrimSpace(out))
	}
	found, err := filepath.Glob(filepath.Join(dir, "*.tgz"))
	if err != nil || len(found) != 1 {
		return nil, fmt.Errorf("npm pack %s left %d archives", axePackage, len(found))
	}
	return os.ReadFile(found[0])
}

func unpacked(archive []byte, name string) (string, error) {
	unzipped, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return "", err
	}
	for files := tar.NewReader(unzipped); ; {
		header, err := files.Next()
		if err != nil {
			return "", fmt.Errorf("looking for %s: %w", name, err)
		}
		if header.Name == name {
			text, err := io.ReadAll(files)
			return string(text), err
		}
	}
}

// violation of a rule, and the elements that break it.
type violation struct {
	ID, Help string
	Nodes    []struct {
		HTML           string
		FailureSummary string
	}
}

// accessible fails for everything that axe-core finds on what is shown now.
func (p tab) accessible(what, source string) {
	p.t.Helper()
	evaluate[bool](p, source+"; true")
	found := evaluate[[]violation](p, `axe.run(document, {resultTypes: ["violations"]}).then((result) => result.violations.map((v) => ({ID: v.id, Help: v.help, Nodes: v.nodes.slice(0, 3).map((n) => ({HTML: n.html, FailureSummary: n.failureSummary}))})))`)
	for _, v := range found {
		for _, node := range v.Nodes {
			p.t.Errorf("%s: %s (%s)\n%s\n%s", what, v.Help, v.ID, node.HTML, node.FailureSummary)
		}
	}
}
