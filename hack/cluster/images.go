package main

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"

	"github.com/glific/organisation-operator/internal/testkit/components"
)

// The node's own images. Nothing can be pulled, so the registry is one that does
// not exist.
const (
	imagePrefix = "cluster.invalid/"
	pauseImage  = imagePrefix + "pause:1"
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

// load imports one archive, and says under which names with digest its images can
// be used.
func (c *cluster) load(ctx context.Context, archive string) error {
	if _, err := c.ctr(ctx, "images", "import", "--all-platforms", archive); err != nil {
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
	known := map[string]bool{}
	wanted := map[string]string{}
	for line := range strings.Lines(listing) {
		fields := strings.Fields(line) // REF TYPE DIGEST …
		if len(fields) < 3 || !strings.HasPrefix(fields[2], "sha256:") {
			continue
		}
		known[fields[0]] = true
		if tag, err := name.NewTag(fields[0], name.StrictValidation); err == nil {
			wanted[tag.Context().Name()+"@"+fields[2]] = fields[0]
		}
	}
	for digest, tagged := range wanted {
		if known[digest] {
			continue
		}
		if _, err := c.ctr(ctx, "images", "tag", tagged, digest); err != nil {
			return err
		}
		c.say("image %s = %s", tagged, digest)
	}
	return nil
}

// ownImage is an image of one static binary.
type ownImage struct {
	tag    string
	binary string // path on this machine
}

func (c *cluster) ownImages(gateway bool) ([]ownImage, error) {
	names := []string{components.CoreDNS}
	if gateway {
		names = append(names, components.Traefik)
	}
	pause, err := buildPause()
	images := []ownImage{{pauseImage, pause}}
	for _, program := range names {
		binary, e := components.Path(program)
		err = errors.Join(err, e)
		images = append(images, ownImage{imageOf(program, binary), binary})
	}
	return images, err
}

// imageOf names the image of a cached binary, whose file name ends in its version.
func imageOf(program, binary string) string {
	return imagePrefix + program + ":" + strings.TrimPrefix(filepath.Base(binary), program+"-")
}

// loadOwnImages loads what the node needs by itself and does not hold yet.
func (c *cluster) loadOwnImages(ctx context.Context, gateway bool) error {
	images, err := c.ownImages(gateway)
	if err != nil {
		return err
	}
	listing, err := c.ctr(ctx, "images", "list", "--quiet")
	if err != nil {
		return err
	}
	for _, image := range images {
		if strings.Contains("\n"+listing, "\n"+image.tag+"\n") {
			continue
		}
		archive, err := writeArchive(image)
		if err != nil {
			return fmt.Errorf("making the image %s: %w", image.tag, err)
		}
		if err := c.load(ctx, archive); err != nil {
			return fmt.Errorf("loading %s: %w", image.tag, err)
		}
	}
	return nil
}

// buildPause compiles the sandbox program into the cache.
func buildPause() (string, error) {
	binary := filepath.Join(components.BinDir(), "pause-1")
	if _, err := os.Stat(binary); err == nil {
		return binary, nil
	}
	root, err := components.Root()
	if err != nil {
		return "", err
	}
	tmp := fmt.Sprintf("%s.%d.tmp", binary, os.Getpid())
	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", tmp, "./pause")
	cmd.Dir, cmd.Env = filepath.Join(root, "hack", "cluster"), append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building pause: %w\n%s", err, out)
	}
	return binary, os.Rename(tmp, binary)
}

// writeArchive writes the image into the cache and returns the file.
func writeArchive(image ownImage) (string, error) {
	dir := filepath.Join(components.CacheDir(), "images")
	archive := filepath.Join(dir, filepath.Base(image.binary)+".tar")
	if _, err := os.Stat(archive); err == nil {
		return archive, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	built, err := binaryImage(image.binary)
	if err != nil {
		return "", err
	}
	tag, err := name.NewTag(image.tag)
	if err != nil {
		return "", err
	}
	tmp := fmt.Sprintf("%s.%d.tmp", archive, os.Getpid())
	if err := tarball.WriteToFile(tmp, tag, built); err != nil {
		return "", errors.Join(err, os.Remove(tmp))
	}
	return archive, os.Rename(tmp, archive)
}

// binaryImage is an image of one static binary at /program, run as user 65532.
func binaryImage(binary string) (v1.Image, error) {
	content, err := os.ReadFile(binary)
	if err != nil {
		return nil, err
	}
	var files bytes.Buffer
	w := tar.NewWriter(&files)
	for _, dir := range []string{"tmp/", "etc/"} {
		if err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: dir, Mode: 0o1777}); err != nil {
			return nil, err
		}
	}
	if err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: "program", Mode: 0o755, Size: int64(len(content))}); err != nil {
		return nil, err
	}
	if _, err := w.Write(content); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	layer, err := tarball.LayerFromReader(&files)
	if err != nil {
		return nil, err
	}
	image, err := mutate.AppendLayers(empty.Image, layer)
	if err != nil {
		return nil, err
	}
	config, err := image.ConfigFile()
	if err != nil {
		return nil, err
	}
	config.OS, config.Architecture = "linux", runtime.GOARCH
	config.Config = v1.Config{Entrypoint: []string{"/program"}, User: "65532:65532"}
	return mutate.ConfigFile(image, config)
}
