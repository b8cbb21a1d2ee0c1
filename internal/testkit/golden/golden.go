// Package golden compares what code produced with a file that a person has read
// and approved. `go test ./some/package -update` rewrites the files; the diff of
// the commit then shows what changed.
package golden

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"
)

var update = flag.Bool("update", false, "rewrite golden files with what the tests produce now")

// Assert fails t unless the file at path (relative to the test's package, by
// custom testdata/<case>.golden) holds got.
func Assert(t testing.TB, path, got string) {
	t.Helper()
	if *update {
		write(t, path, got)
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Errorf("no approved output (%v); read what follows and approve it with -update:\n%s", err, got)
		return
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (- approved, + now); approve with -update:\n%s", path, diff)
	}
}

// AssertYAML is [Assert] for Kubernetes objects and other values: one YAML
// document each, keys sorted, without the fields that say nothing
// (`creationTimestamp: null`, `status: {}`).
func AssertYAML(t testing.TB, path string, values ...any) {
	t.Helper()
	text, err := YAML(values...)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	Assert(t, path, text)
}

// YAML is the text that AssertYAML compares.
func YAML(values ...any) (string, error) {
	var out bytes.Buffer
	for i, value := range values {
		document, err := normalise(value)
		if err != nil {
			return "", fmt.Errorf("value %d: %w", i+1, err)
		}
		if i > 0 {
			out.WriteString("---\n")
		}
		out.Write(document)
	}
	return out.String(), nil
}

func normalise(value any) ([]byte, error) {
	raw, err := yaml.Marshal(value)
	if err != nil {
		return nil, err
	}
	var tree any
	if err := yaml.Unmarshal(raw, &tree); err != nil {
		return nil, err
	}
	if object, ok := tree.(map[string]any); ok {
		if status, ok := object["status"].(map[string]any); ok && len(status) == 0 {
			delete(object, "status")
		}
	}
	dropNullTimestamps(tree)
	return yaml.Marshal(tree)
}

func dropNullTimestamps(tree any) {
	switch node := tree.(type) {
	case map[string]any:
		if stamp, present := node["creationTimestamp"]; present && stamp == nil {
			delete(node, "creationTimestamp")
		}
		for _, child := range node {
			dropNullTimestamps(child)
		}
	case []any:
		for _, child := range node {
			dropNullTimestamps(child)
		}
	}
}

func write(t testing.TB, path, got string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
		t.Fatal(err)
	}
}
