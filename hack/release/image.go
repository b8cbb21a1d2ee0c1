package main

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

// nobody runs the operator: no root, no name.
const nobody = "65532:65532"

// authorities are the ones that this machine trusts; the operator calls databases and
// gateways that are signed by them.
var authorities = []string{"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"}

// makeImage puts the operator's images for all platforms into one index, from nothing.
func (r release) makeImage(context.Context) error {
	var index v1.ImageIndex = empty.Index
	for _, on := range r.operators {
		image, err := r.image(on)
		if err != nil {
			return fmt.Errorf("making the image for %s: %w", on, err)
		}
		index = mutate.AppendManifests(index, mutate.IndexAddendum{
			Add: image, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: on.os, Architecture: on.arch}},
		})
	}
	digest, err := index.Digest()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "layout-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	to, err := layout.Write(dir, empty.Index)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("ghcr.io/glific/%s:%s", operator, r.number())
	if err := to.AppendIndex(index, layout.WithAnnotations(map[string]string{"org.opencontainers.image.ref.name": name})); err != nil {
		return err
	}
	if err := os.WriteFile(r.path("image.txt"), []byte(name+"@"+digest.String()+"\n"), 0o644); err != nil {
		return err
	}
	return bundle(r.path(fmt.Sprintf("%s_%s_image.tar", operator, r.number())), dir)
}

func (r release) image(on platform) (v1.Image, error) {
	program, err := os.ReadFile(r.path(r.operator(on)))
	if err != nil {
		return nil, err
	}
	trusted, err := trust()
	if err != nil {
		return nil, err
	}
	var packed bytes.Buffer
	err = files{operator: program, "etc/ssl/certs/ca-certificates.crt": trusted}.tarball(&packed, operator)
	if err != nil {
		return nil, err
	}
	layer, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(packed.Bytes())), nil })
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
	config.OS, config.Architecture = on.os, on.arch
	config.Config = v1.Config{User: nobody, Entrypoint: []string{"/" + operator}, Labels: map[string]string{
		"org.opencontainers.image.source": "https://github.com/glific/organisation-operator", "org.opencontainers.image.version": r.number(),
		"org.opencontainers.image.licenses": "Apache-2.0",
	}}
	return mutate.ConfigFile(image, config)
}

func trust() ([]byte, error) {
	var all []error
	for _, path := range authorities {
		content, err := os.ReadFile(path)
		if err == nil {
			return content, nil
		}
		all = append(all, err)
	}
	return nil, fmt.Errorf("no certificates of authorities: %w", errors.Join(all...))
}

// bundle writes a folder as an archive, in order and without times.
func bundle(path, dir string) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	writer := tar.NewWriter(file)
	err = fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		if err := writer.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o644, Size: int64(len(content)), Format: tar.FormatPAX}); err != nil {
			return err
		}
		_, err = writer.Write(content)
		return err
	})
	return errors.Join(err, writer.Close(), file.Close())
}
