// Package stage says how an image's release gets into the volume that a pod boots from:
// as the pod's first release, or beside the one that runs there.
package stage

import (
	_ "embed"
	"path"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// The ways.
const (
	// Seed makes the image's release the one that boots.
	Seed = "seed"
	// Beside adds what is missing, and leaves alone what runs.
	Beside = "beside"
)

//go:embed stage.sh
var script string

// Command copies the release of an image to v1alpha1.HotRoot. The binary is that of the
// Release: its root is two levels above.
func Command(way, binary string) []string {
	return []string{"/bin/sh", "-ec", script, "stage", way, path.Dir(path.Dir(binary)), v1alpha1.HotRoot}
}
