// Command crd bounds what controller-gen leaves open in the CRDs of a folder:
// maps, quantities and label selectors come from Kubernetes' own types, which
// carry no markers. Without bounds a value may be as long as a request, and the
// API server rejects CEL rules over it as too expensive.
//
// It also refuses what those types' own decoder would refuse: one stored object
// that cannot be decoded would stop the operator's watch of the whole kind.
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"sigs.k8s.io/yaml"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go run ./hack/crd <folder of CRDs>")
		os.Exit(2)
	}
	files, err := filepath.Glob(filepath.Join(os.Args[1], "*_*.yaml"))
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("no CRDs in %s", os.Args[1])
	}
	for _, file := range files {
		if err == nil {
			err = boundFile(file)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bounding CRDs:", err)
		os.Exit(1)
	}
}

func boundFile(file string) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	crd := map[string]any{}
	if err := yaml.Unmarshal(content, &crd); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	bound(crd)
	bounded, err := yaml.Marshal(crd)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	if start := []byte("---\n"); bytes.HasPrefix(content, start) {
		bounded = append(start, bounded...)
	}
	return os.WriteFile(file, bounded, 0o644)
}
