package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
)

// loadAll imports image archives, docker-save or OCI layout.
func (c *cluster) loadAll(ctx context.Context, archives []string) error {
	if len(archives) == 0 {
		return fmt.Errorf("load needs the path of an image archive; %w", errUsage)
	}
	for _, archive := range archives {
		if err := c.load(ctx, archive); err != nil {
			return fmt.Errorf("loading %s: %w", archive, err)
		}
	}
	return nil
}

// load imports one archive (of an image for several platforms, the part for this
// one), and says under which names with digest its images can
// be used.
func (c *cluster) load(ctx context.Context, archive string) error {
	if _, err := c.ctr(ctx, "images", "import", archive); err != nil {
		return err
	}
	return c.nameByDigest(ctx)
}

// nameByDigest gives every tagged image a second name, name@sha256:…: containerd
// resolves only names that it was told, and a Pod that names a digest must find the
// image without a registry.
func (c *cluster) nameByDigest(ctx context.Context) error {
	listing, err := c.ctr(ctx, "images", "list")
	if err != nil {
		return err
	}
	for digest, tagged := range missingDigests(listing) {
		if _, err := c.ctr(ctx, "images", "tag", tagged, digest); err != nil {
			return err
		}
		c.say("image %s = %s", tagged, digest)
	}
	return nil
}

// missingDigests reads `ctr images list` (REF TYPE DIGEST …) and returns the names
// with digest that are not there, each with the tag of the same image.
func missingDigests(listing string) map[string]string {
	known := map[string]bool{}
	wanted := map[string]string{}
	for line := range strings.Lines(listing) {
		fields := strings.Fields(line)
		if len(fields) < 3 || !strings.HasPrefix(fields[2], "sha256:") {
			continue
		}
		known[fields[0]] = true
		if tag, err := name.NewTag(fields[0], name.StrictValidation); err == nil {
			wanted[tag.Context().Name()+"@"+fields[2]] = fields[0]
		}
	}
	for digest := range known {
		delete(wanted, digest)
	}
	return wanted
}
