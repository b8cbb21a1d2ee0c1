package main

import (
	"archive/tar"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// push sends every image of a folder to a registry, below prefix, with the credentials of
// `docker login`. It returns where each is now, by digest.
func push(ctx context.Context, out, prefix string) (map[string]string, error) {
	index, err := os.ReadFile(filepath.Join(out, "images.json"))
	if err != nil {
		return nil, fmt.Errorf("no images are built: %w", err)
	}
	built, pushed := map[string]string{}, map[string]string{}
	if err := json.Unmarshal(index, &built); err != nil {
		return nil, fmt.Errorf("reading images.json: %w", err)
	}
	for _, image := range slices.Sorted(maps.Keys(built)) {
		there := strings.TrimSuffix(prefix, "/") + "/" + strings.TrimPrefix(built[image], registry)
		if err := pushOne(ctx, filepath.Join(out, image+".tar"), there); err != nil {
			return nil, fmt.Errorf("pushing image %s to %s: %w", image, there, err)
		}
		fmt.Fprintln(os.Stderr, there)
		pushed[image] = there
	}
	return pushed, nil
}

func pushOne(ctx context.Context, archive, reference string) error {
	to, err := name.NewDigest(reference)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "push-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := unpack(archive, dir); err != nil {
		return err
	}
	image, err := only(dir)
	if err != nil {
		return err
	}
	return remote.Write(to, image, remote.WithContext(ctx), remote.WithAuthFromKeychain(authn.DefaultKeychain))
}

// only image of a folder in OCI layout.
func only(dir string) (v1.Image, error) {
	index, err := layout.ImageIndexFromPath(dir)
	if err != nil {
		return nil, err
	}
	manifest, err := index.IndexManifest()
	if err != nil {
		return nil, err
	}
	if len(manifest.Manifests) != 1 {
		return nil, fmt.Errorf("%d images are in the archive, not one", len(manifest.Manifests))
	}
	return index.Image(manifest.Manifests[0].Digest)
}

// unpack an archive that writeArchive made: files and folders only.
func unpack(archive, dir string) error {
	file, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer file.Close()
	for files := tar.NewReader(file); ; {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if header.Typeflag != tar.TypeReg {
			continue
		}
		if !filepath.IsLocal(header.Name) {
			return fmt.Errorf("%s would lie outside the archive", header.Name)
		}
		if err := copyTo(filepath.Join(dir, header.Name), files); err != nil {
			return err
		}
	}
}

func copyTo(path string, from io.Reader) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, from)
	return errors.Join(err, file.Close())
}
