// Package standin says how the stand-in, a real Erlang release that keeps Glific's
// contract, is deployed. README.md says what it does; the release itself is the mix
// project in this folder.
package standin

import (
	_ "embed"
	"fmt"

	"sigs.k8s.io/yaml"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

//go:embed release.yaml
var manifest []byte

// Release is the object for one version of the stand-in, "0.2.0" or "0.2.0-failing",
// with its images by digest. Without a front-end image there is none.
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
	return release, nil
}
