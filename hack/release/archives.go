package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"sigs.k8s.io/yaml"
)

// files are the contents of an archive by name. Those in executable may be run.
type files map[string][]byte

// tarball writes files in order, without times and owners.
func (f files) tarball(to io.Writer, executable string) error {
	zipped, err := gzip.NewWriterLevel(to, gzip.BestCompression)
	if err != nil {
		return err
	}
	writer := tar.NewWriter(zipped)
	for _, name := range slices.Sorted(maps.Keys(f)) {
		header := &tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o644, Size: int64(len(f[name])), Format: tar.FormatPAX}
		if name == executable {
			header.Mode = 0o755
		}
		if err := writer.WriteHeader(header); err != nil {
			return err
		}
		if _, err := writer.Write(f[name]); err != nil {
			return err
		}
	}
	return errors.Join(writer.Close(), zipped.Close())
}

func (f files) zip(to io.Writer) error {
	writer := zip.NewWriter(to)
	for _, name := range slices.Sorted(maps.Keys(f)) {
		entry, err := writer.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err != nil {
			return err
		}
		if _, err := entry.Write(f[name]); err != nil {
			return err
		}
	}
	return writer.Close()
}

// archive is a packed plugin.
type archive struct {
	on        platform
	name, sum string
}

// pack puts a plugin and its licence into an archive as its platform expects it.
func (r release) pack(built string, on platform) (archive, error) {
	content, err := os.ReadFile(r.path(built))
	if err != nil {
		return archive{}, err
	}
	licence, err := os.ReadFile(filepath.Join(r.source, "LICENSE"))
	if err != nil {
		return archive{}, err
	}
	inside, packed, name := files{program(on): content, "LICENSE": licence}, bytes.Buffer{}, built+".tar.gz"
	if on.os == "windows" {
		name = built + ".zip"
		err = inside.zip(&packed)
	} else {
		err = inside.tarball(&packed, program(on))
	}
	if err != nil {
		return archive{}, err
	}
	return archive{on: on, name: name, sum: sum(packed.Bytes())}, os.WriteFile(r.path(name), packed.Bytes(), 0o644)
}

func sum(content []byte) string {
	digest := sha256.Sum256(content)
	return hex.EncodeToString(digest[:])
}

const downloads = "https://github.com/glific/organisation-operator/releases/download/"

// makeKrew writes the manifest by which krew installs the plugin.
func (r release) makeKrew(archives []archive) error {
	var platforms []any
	for _, a := range archives {
		platforms = append(platforms, map[string]any{
			"selector": map[string]any{"matchLabels": map[string]any{"os": a.on.os, "arch": a.on.arch}},
			"uri":      downloads + r.version + "/" + a.name, "sha256": a.sum, "bin": program(a.on),
		})
	}
	text, err := yaml.Marshal(map[string]any{
		"apiVersion": "krew.googlecontainertools.github.com/v1alpha2", "kind": "Plugin",
		"metadata": map[string]any{"name": "glific"},
		"spec": map[string]any{
			"version": r.version, "homepage": "https://github.com/glific/organisation-operator",
			"shortDescription": "Look after NGOs of the organisation operator",
			"description": "Shows NGOs with what they wait for and the next step, walks the chain from DNS to login,\n" +
				"opens consoles, reads logs, and follows rollouts of the organisation operator.\n",
			"platforms": platforms,
		},
	})
	if err != nil {
		return fmt.Errorf("writing the manifest for krew: %w", err)
	}
	return os.WriteFile(r.path("glific.yaml"), text, 0o644)
}
