package platform

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Change of one file of an image: new content, or the first Old, after the first After,
// replaced by New (hack/images, vary).
type Change struct {
	Path    string
	Content []byte `json:",omitempty"`
	After   string `json:",omitempty"`
	Old     string `json:",omitempty"`
	New     string `json:",omitempty"`
}

// Variant of an image, loaded under a tag of its own; only on the node of hack/cluster.
func (p *Platform) Variant(ctx context.Context, base, tag string, changes []Change) (image string, err error) {
	dir, err := os.MkdirTemp("", "variant-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	wanted, err := json.Marshal(changes)
	if err != nil {
		return "", err
	}
	printed, err := p.askWith(ctx, bytes.NewReader(wanted), filepath.Join(p.root, imagesDir),
		"go", "run", ".", "vary", "--out", filepath.Join(p.root, "bin", "images"), base, dir, tag)
	if err != nil {
		return "", fmt.Errorf("varying image %s: %w", base, err)
	}
	return strings.TrimSpace(printed), p.run(ctx, filepath.Join(p.root, clusterDir), "go", "run", ".", "load", filepath.Join(dir, tag+".tar"))
}
