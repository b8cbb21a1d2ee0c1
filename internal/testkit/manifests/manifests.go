// Package manifests reads Kubernetes objects from YAML files and applies them to
// a cluster in an order that works.
package manifests

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/yaml"

	"github.com/glific/organisation-operator/internal/testkit/components"
)

// Read returns the objects in the files at paths, in order. Of a folder, and of
// the folders in it, it takes every .yaml file, sorted by path, except
// kustomization.yaml.
func Read(paths ...string) ([]*unstructured.Unstructured, error) {
	var objects []*unstructured.Unstructured
	for _, path := range paths {
		err := filepath.WalkDir(path, func(file string, entry os.DirEntry, err error) error {
			inFolder := file != path
			if err != nil || entry.IsDir() || (inFolder && !isManifest(entry.Name())) {
				return err
			}
			content, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			found, err := Parse(content)
			if err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
			objects = append(objects, found...)
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("reading manifests: %w", err)
		}
	}
	return objects, nil
}

func isManifest(name string) bool {
	return (filepath.Ext(name) == ".yaml" || filepath.Ext(name) == ".yml") && strings.TrimSuffix(name, filepath.Ext(name)) != "kustomization"
}

// Parse returns the objects of a YAML or JSON stream. Empty documents are skipped.
func Parse(content []byte) ([]*unstructured.Unstructured, error) {
	decoder := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(content), 4096)
	var objects []*unstructured.Unstructured
	for {
		object := &unstructured.Unstructured{}
		err := decoder.Decode(&object.Object)
		if errors.Is(err, io.EOF) {
			return objects, nil
		}
		if err != nil {
			return nil, err
		}
		if len(object.Object) == 0 {
			continue
		}
		if object.GetKind() == "" || object.GetAPIVersion() == "" {
			return nil, fmt.Errorf("document %d has no apiVersion or kind", len(objects)+1)
		}
		objects = append(objects, object)
	}
}

// Kustomize returns the objects that `kubectl kustomize` renders from a folder.
func Kustomize(ctx context.Context, dir string) ([]*unstructured.Unstructured, error) {
	kubectl, err := components.Path(components.Kubectl)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, kubectl, "kustomize", dir)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	rendered, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("rendering %s: %w: %s", dir, err, stderr.String())
	}
	return Parse(rendered)
}

// firstKinds are applied before everything else, in this order.
var firstKinds = []string{"Namespace", "CustomResourceDefinition", "ServiceAccount"}

// ordered sorts a copy so that an object follows what it needs.
func ordered(objects []*unstructured.Unstructured) []*unstructured.Unstructured {
	rank := func(o *unstructured.Unstructured) int {
		if i := slices.Index(firstKinds, o.GetKind()); i >= 0 {
			return i
		}
		return len(firstKinds)
	}
	sorted := slices.Clone(objects)
	slices.SortStableFunc(sorted, func(a, b *unstructured.Unstructured) int { return rank(a) - rank(b) })
	return sorted
}

// ModuleDir is the folder of a Go module that this repository requires, in the
// module cache.
func ModuleDir(ctx context.Context, module string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", module)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("finding module %s: %w: %s", module, err, stderr.String())
	}
	dir := strings.TrimSpace(string(out))
	if dir == "" {
		return "", fmt.Errorf("module %s is not downloaded; run `go mod download %s`", module, module)
	}
	return dir, nil
}

// GatewayAPI is the folder of the Gateway API's standard CustomResourceDefinitions.
func GatewayAPI(ctx context.Context) (string, error) {
	dir, err := ModuleDir(ctx, "sigs.k8s.io/gateway-api")
	return filepath.Join(dir, "config", "crd", "standard"), err
}

// CertManager is the folder of cert-manager's CustomResourceDefinitions.
func CertManager(ctx context.Context) (string, error) {
	dir, err := ModuleDir(ctx, "github.com/cert-manager/cert-manager")
	return filepath.Join(dir, "deploy", "crds"), err
}
