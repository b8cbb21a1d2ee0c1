package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/glific/organisation-operator/internal/testkit/components"
)

// The node's own images. Nothing can be pulled, so the registry is one that does
// not exist.
const (
	imagePrefix = "cluster.invalid/"
	pauseImage  = imagePrefix + "pause:1"
)

// ownImage is an image of one static binary.
type ownImage struct {
	tag    string
	binary string // path on this machine
}

func (c *cluster) ownImages(ctx context.Context, gateway bool) ([]ownImage, error) {
	names := []string{components.CoreDNS}
	if gateway {
		names = append(names, components.Traefik)
	}
	pause, err := buildPause(ctx)
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
	images, err := c.ownImages(ctx, gateway)
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
func buildPause(ctx context.Context) (string, error) {
	binary := filepath.Join(components.BinDir(), "pause-1")
	if _, err := os.Stat(binary); err == nil {
		return binary, nil
	}
	root, err := components.Root()
	if err != nil {
		return "", err
	}
	tmp := fmt.Sprintf("%s.%d.tmp", binary, os.Getpid())
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", tmp, "./pause")
	cmd.Dir, cmd.Env = filepath.Join(root, "hack", "cluster"), append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building pause: %w\n%s", err, out)
	}
	return binary, os.Rename(tmp, binary)
}

// writeArchive writes the image into the cache and returns the file.
func writeArchive(image ownImage) (string, error) {
	dir := filepath.Join(components.CacheDir(), "images")
	archive := filepath.Join(dir, filepath.Base(image.binary)+".oci.tar")
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
	tmp := fmt.Sprintf("%s.%d.tmp", archive, os.Getpid())
	if err := writeLayout(tmp, image.tag, built); err != nil {
		return "", errors.Join(err, os.Remove(tmp))
	}
	return archive, os.Rename(tmp, archive)
}
