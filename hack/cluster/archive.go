package main

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"os"
	"runtime"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

// containerdName is the annotation by which containerd names an image that it
// imports (https://github.com/containerd/containerd/blob/main/core/images/annotations.go).
const containerdName = "io.containerd.image.name"

// writeLayout writes the image as an archive in OCI layout.
func writeLayout(file, tag string, image v1.Image) error {
	dir, err := os.MkdirTemp("", "layout-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	path, err := layout.Write(dir, empty.Index)
	if err != nil {
		return err
	}
	if err := path.AppendImage(image, layout.WithAnnotations(map[string]string{containerdName: tag})); err != nil {
		return err
	}
	out, err := os.Create(file)
	if err != nil {
		return err
	}
	files := tar.NewWriter(out)
	return errors.Join(files.AddFS(os.DirFS(dir)), files.Close(), out.Close())
}

// binaryImage is an image of one static binary at /program, run as user 65532.
func binaryImage(binary string) (v1.Image, error) {
	files, err := binaryLayer(binary)
	if err != nil {
		return nil, err
	}
	layer, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(files)), nil
	})
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

// binaryLayer is the root file system: the program and /tmp.
func binaryLayer(binary string) ([]byte, error) {
	content, err := os.ReadFile(binary)
	if err != nil {
		return nil, err
	}
	var files bytes.Buffer
	w := tar.NewWriter(&files)
	if err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: "tmp/", Mode: 0o1777}); err != nil {
		return nil, err
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
	return files.Bytes(), nil
}
