package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// registry does not exist: nothing can be pulled from it, only loaded.
const registry = "images.invalid/"

// recipe makes one image; what it needs on disk meanwhile goes into work.
type recipe struct {
	repository, tag string
	make            func(ctx context.Context, root, work string) (contents, error)
	// sources are the folders and files that the image is made of; nil: it is made each time.
	sources []string
}

// standins are the versions and variants of the stand-in (test/standin, Standin.Build).
var standins = []string{
	"0.1.0", "0.2.0", "0.3.0",
	"0.2.0-badorigin", "0.2.0-failing", "0.2.0-needskey", "0.2.0-neverready", "0.2.0-slow",
}

// standinSources leaves out what tests it.
var standinSources = []string{
	"test/standin/lib", "test/standin/config", "test/standin/versions", "test/standin/appups", "test/standin/mix.exs", "test/standin/build.sh",
	"hack/images/standin.go", "hack/images/debian.go", "hack/images/libraries.go", "hack/images/files.go", "hack/images/archive.go",
}

func recipes() map[string]recipe {
	all := map[string]recipe{
		"operator": {repository: "operator", tag: "dev", make: operator},
		"frontend": {repository: "frontend", tag: "dev", make: frontend},
		"postgres": {repository: "postgres", tag: postgresMajor, make: postgres},
	}
	for _, version := range standins {
		all["standin-"+version] = recipe{"standin", version, standin(version), standinSources}
	}
	return all
}

func names() []string { return slices.Sorted(maps.Keys(recipes())) }

// build writes one archive, unless it is there, and returns the image's reference by
// digest.
func build(ctx context.Context, out, name string) (reference string, err error) {
	root, err := repositoryRoot(ctx)
	if err != nil {
		return "", err
	}
	r := recipes()[name]
	if r.sources == nil {
		return r.build(ctx, root, out, name)
	}
	from, err := inputs(root, r.sources)
	if err != nil {
		return "", err
	}
	if reference := unchanged(out, name, from); reference != "" {
		return reference, nil
	}
	if reference, err = r.build(ctx, root, out, name); err != nil {
		return "", err
	}
	return reference, os.WriteFile(filepath.Join(out, name+".inputs"), []byte(from), 0o644)
}

func (r recipe) build(ctx context.Context, root, out, name string) (reference string, err error) {
	work, err := os.MkdirTemp("", "image-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(work)
	c, err := r.make(ctx, root, work)
	if err != nil {
		return "", err
	}
	image, err := c.image()
	if err != nil {
		return "", err
	}
	digest, err := image.Digest()
	if err != nil {
		return "", err
	}
	if err := writeArchive(out, name, registry+r.repository+":"+r.tag, image); err != nil {
		return "", err
	}
	reference = fmt.Sprintf("%s%s@%s", registry, r.repository, digest)
	return reference, record(out, name, reference)
}
