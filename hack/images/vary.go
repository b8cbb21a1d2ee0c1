package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

// change of one file of an image: new content, or the first Old, after the first After,
// replaced by New.
type change struct {
	Path    string
	Content []byte
	After   string
	Old     string
	New     string
}

// vary writes TO/TAG.tar: the image of OUT/BASE.tar with changed files in a layer above
// its own. A release that is wrong in one place costs no build.
func vary(out, base, to, tag string, changes []change) (reference string, err error) {
	dir, err := os.MkdirTemp("", "vary-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	if err := unpack(filepath.Join(out, base+".tar"), dir); err != nil {
		return "", err
	}
	image, err := only(dir)
	if err != nil {
		return "", err
	}
	layer, err := layerOf(image, changes)
	if err != nil {
		return "", fmt.Errorf("varying image %s: %w", base, err)
	}
	if image, err = mutate.AppendLayers(image, layer); err != nil {
		return "", err
	}
	digest, err := image.Digest()
	if err != nil {
		return "", err
	}
	return registry + "standin@" + digest.String(), writeArchive(to, tag, registry+"standin:"+tag, image)
}

func layerOf(image v1.Image, changes []change) (v1.Layer, error) {
	changed := files{}
	for _, c := range changes {
		content := c.Content
		if c.Old != "" {
			was, err := contentOf(image, c.Path)
			if err != nil {
				return nil, err
			}
			before, after, _ := bytes.Cut(was, []byte(c.After))
			if !bytes.Contains(after, []byte(c.Old)) {
				return nil, fmt.Errorf("%s has no %s after %q", c.Path, c.Old, c.After)
			}
			content = append(append(before, c.After...), bytes.Replace(after, []byte(c.Old), []byte(c.New), 1)...)
		}
		changed.put(c.Path, 0o644, content)
	}
	var archive bytes.Buffer
	if err := changed.write(&archive); err != nil {
		return nil, err
	}
	return tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(archive.Bytes())), nil })
}

// contentOf a file, as the topmost layer has it.
func contentOf(image v1.Image, path string) ([]byte, error) {
	layers, err := image.Layers()
	if err != nil {
		return nil, err
	}
	for i := len(layers) - 1; i >= 0; i-- {
		found, err := within(layers[i], path)
		if err != nil || found != nil {
			return found, err
		}
	}
	return nil, fmt.Errorf("there is no file %s", path)
}

func within(layer v1.Layer, path string) ([]byte, error) {
	archive, err := layer.Uncompressed()
	if err != nil {
		return nil, err
	}
	found := files{}
	err = found.unpack(archive, func(name string) bool { return name == path })
	return found[path].content, errors.Join(err, archive.Close())
}

// varyFrom reads the changes as JSON.
func varyFrom(in io.Reader, out string, arguments []string) error {
	if len(arguments) != 3 {
		return errUsage
	}
	var changes []change
	if err := json.NewDecoder(in).Decode(&changes); err != nil {
		return fmt.Errorf("reading the changes: %w", err)
	}
	reference, err := vary(out, arguments[0], arguments[1], arguments[2], changes)
	if err == nil {
		fmt.Println(reference)
	}
	return err
}
