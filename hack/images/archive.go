package main

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

// containerdName is the annotation by which containerd names what it imports
// (containerd, core/images/annotations.go).
const containerdName = "io.containerd.image.name"

// contents are what an image is made of: layers, the first one below, and how it runs.
type contents struct {
	layers []files
	config v1.Config
}

func (c contents) image() (v1.Image, error) {
	image, all := empty.Image, files{}
	for _, layer := range c.layers {
		for name, entry := range layer {
			all[name] = entry
		}
		var archive bytes.Buffer
		if err := layer.write(&archive); err != nil {
			return nil, err
		}
		packed, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) {
			return io.NopCloser(bytes.NewReader(archive.Bytes())), nil
		})
		if err != nil {
			return nil, err
		}
		if image, err = mutate.AppendLayers(image, packed); err != nil {
			return nil, err
		}
	}
	if err := all.complete(); err != nil {
		return nil, err
	}
	config, err := image.ConfigFile()
	if err != nil {
		return nil, err
	}
	config.OS, config.Architecture, config.Config = "linux", runtime.GOARCH, c.config
	return mutate.ConfigFile(image, config)
}

// writeArchive writes OUT/NAME.tar in OCI layout, all at once.
func writeArchive(out, name, tag string, image v1.Image) error {
	dir, err := os.MkdirTemp(out, "layout-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	to, err := layout.Write(dir, empty.Index)
	if err != nil {
		return err
	}
	if err := to.AppendImage(image, layout.WithAnnotations(map[string]string{containerdName: tag})); err != nil {
		return err
	}
	packed, err := os.CreateTemp(out, name+"-*.tmp")
	if err != nil {
		return err
	}
	if err := errors.Join(pack(packed, dir), packed.Chmod(0o644), packed.Close()); err != nil {
		return errors.Join(err, os.Remove(packed.Name()))
	}
	return os.Rename(packed.Name(), filepath.Join(out, name+".tar"))
}

// pack writes a folder as an archive, in order and without times.
func pack(to io.Writer, dir string) error {
	writer := tar.NewWriter(to)
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		header := &tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o644, Size: int64(len(content)), Format: tar.FormatPAX}
		if err := writer.WriteHeader(header); err != nil {
			return err
		}
		_, err = writer.Write(content)
		return err
	})
	return errors.Join(err, writer.Close())
}

// record keeps the references of all images that were built into a folder.
func record(out, name, reference string) error {
	known := recorded(out)
	known[name] = reference
	content, err := json.MarshalIndent(known, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, "images.json"), append(content, '\n'), 0o644)
}
