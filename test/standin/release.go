// Package standin says how the stand-in, a real Erlang release that keeps Glific's
// contract, is deployed. README.md says what it does; the release itself is the mix
// project in this folder.
package standin

import (
	_ "embed"
	"fmt"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

//go:embed release.yaml
var manifest []byte

// Lingering, evaluated on a node, leaves a process in code of a module that was replaced
// by the same code: a running node that can take no new code.
//
//go:embed lingering.exs
var Lingering string

// Release is the object for one version of the stand-in, "0.2.0" or "0.2.0-failing",
// with its images by digest, and what a variant needs or declares besides. Without a
// front-end image there is none.
func Release(version, backend, frontend string) (*v1alpha1.Release, error) {
	release := &v1alpha1.Release{}
	if err := yaml.UnmarshalStrict(manifest, release); err != nil {
		return nil, fmt.Errorf("reading the stand-in's Release: %w", err)
	}
	release.Name = "standin-" + version
	release.Spec.Version = version
	release.Spec.Images.Backend, release.Spec.Images.Frontend = backend, frontend
	if frontend == "" {
		release.Spec.Frontend = nil
	}
	base, variant, _ := strings.Cut(version, "-")
	switch variant {
	case "needskey":
		release.Spec.RequiredEnv = append(release.Spec.RequiredEnv, v1alpha1.RequiredEnv{Name: "STANDIN_NEW_KEY"})
	case "badorigin", "neverready": // the schema is that of the version itself
		release.Spec.CompatibleFrom = []string{"standin-" + base}
	}
	return release, nil
}
