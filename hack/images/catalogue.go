package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
)

// registry does not exist: nothing can be pulled from it, only loaded.
const registry = "images.invalid/"

// recipe makes one image; what it needs on disk meanwhile goes into work.
type recipe struct {
	repository, tag string
	make            func(ctx context.Context, root, work string) (contents, error)
}

// standins are the versions and variants of the stand-in (test/standin, Standin.Build).
var standins = []string{
	"0.1.0", "0.2.0", "0.3.0",
	"0.2.0-badorigin", "0.2.0-failing", "0.2.0-needskey", "0.2.0-neverready", "0.2.0-slow",
}

func recipes() map[string]recipe {
	all := map[string]recipe{
		"operator": {"operator", "dev", operator},
		"frontend": {"frontend", "dev", frontend},
		"postgres": {"postgres", postgresMajor, postgres},
	}
	for _, version := range standins {
		all["standin-"+version] = recipe{"standin", version, standin(version)}
	}
	return all
}

func names() []string { return slices.Sorted(maps.Keys(recipes())) }

// build writes one archive and returns the image's reference by digest.
func build(ctx context.Context, out, name string) (reference string, err error) {
	root, err := repositoryRoot(ctx)
	if err != nil {
		return "", err
	}
	work, err := os.MkdirTemp("", "image-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(work)
	r := recipes()[name]
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
