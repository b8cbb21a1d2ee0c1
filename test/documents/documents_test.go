// Package documents applies every manifest that people may copy, from the documentation,
// the examples and the samples, to a real API server: as a GitOps tool does, again and
// again, with no difference ever after the first time.
package documents

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/go-logr/logr"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/glific/organisation-operator/internal/testkit/controlplane"
	"github.com/glific/organisation-operator/internal/testkit/manifests"
)

const root = "../.."

func TestMain(m *testing.M) {
	log.SetLogger(logr.Discard())
	os.Exit(m.Run())
}

// world is an API server with the operator's kinds.
type world struct {
	t      *testing.T
	client client.Client
}

func newWorld(t *testing.T) *world {
	t.Helper()
	plane, err := controlplane.Start(t.Context(), controlplane.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := plane.Stop(); err != nil {
			t.Error(err)
		}
	})
	everything, err := manifests.Kustomize(t.Context(), filepath.Join(root, "config", "default"))
	if err == nil {
		err = manifests.Apply(t.Context(), plane.Config(), everything...)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, find := range []func(context.Context) (string, error){manifests.GatewayAPI, manifests.CertManager} {
		dir, err := find(t.Context())
		if err == nil {
			err = manifests.ApplyFiles(t.Context(), plane.Config(), dir)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := manifests.Apply(t.Context(), plane.Config(), foreign()...); err != nil {
		t.Fatal(err)
	}
	config := plane.Config()
	config.QPS = -1
	c, err := client.New(config, client.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return &world{t: t, client: c}
}

// objects are those of a file, by where they stand.
func objects(t *testing.T, path string) map[string]*unstructured.Unstructured {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	blocks := []string{string(content)}
	if filepath.Ext(path) == ".md" {
		blocks = fenced(string(content))
	}
	all := map[string]*unstructured.Unstructured{}
	for i, block := range blocks {
		if !strings.Contains(block, "apiVersion:") {
			continue // values of the chart, which hack/chart renders
		}
		parsed, err := manifests.Parse([]byte(block))
		if err != nil {
			t.Errorf("%s, block %d: %v", path, i+1, err)
		}
		for _, o := range parsed {
			all[fmt.Sprintf("block %d, %s %s", i+1, o.GetKind(), o.GetName())] = o
		}
	}
	return all
}

var fence = regexp.MustCompile("(?ms)^ *```yaml\n(.*?)^ *```$")

func fenced(text string) (blocks []string) {
	for _, match := range fence.FindAllStringSubmatch(text, -1) {
		blocks = append(blocks, match[1])
	}
	return blocks
}

// documents are all files with manifests for people.
func documents(t *testing.T) (paths []string) {
	t.Helper()
	for _, dir := range []string{"docs", "examples", "config/samples"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, entry os.DirEntry, err error) error {
			if entry != nil && entry.IsDir() && entry.Name() == "decisions" {
				return filepath.SkipDir
			}
			if ext := filepath.Ext(path); err == nil && (ext == ".md" || ext == ".yaml") {
				paths = append(paths, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return paths
}

func TestEveryManifestAppliesWithoutDrift(t *testing.T) {
	w := newWorld(t)
	applied := 0
	for _, path := range documents(t) {
		for where, object := range objects(t, path) {
			applied++
			if err := w.drift(object); err != nil {
				t.Errorf("%s, %s: %v", strings.TrimPrefix(path, root+"/"), where, err)
			}
		}
	}
	if applied < 25 {
		t.Errorf("only %d objects were found", applied)
	}
	t.Logf("%d objects", applied)
}

// drift applies an object, reads it back, and applies it again as a dry run.
func (w *world) drift(object *unstructured.Unstructured) error {
	ctx := w.t.Context()
	if err := w.home(object); err != nil {
		return err
	}
	if err := w.apply(object.DeepCopy()); err != nil {
		return fmt.Errorf("applying: %w", err)
	}
	live := &unstructured.Unstructured{}
	live.SetGroupVersionKind(object.GroupVersionKind())
	if err := w.client.Get(ctx, client.ObjectKeyFromObject(object), live); err != nil {
		return fmt.Errorf("reading back: %w", err)
	}
	again := object.DeepCopy()
	if err := w.apply(again, client.DryRunAll); err != nil {
		return fmt.Errorf("applying again: %w", err)
	}
	if a, b := bare(live), bare(again); a != b {
		return fmt.Errorf("it drifts:\n%s\n%s", a, b)
	}
	return w.client.Delete(ctx, live)
}

func (w *world) apply(object *unstructured.Unstructured, options ...client.ApplyOption) error {
	options = append(options, client.FieldOwner("gitops"), client.ForceOwnership)
	return w.client.Apply(w.t.Context(), client.ApplyConfigurationFromUnstructured(object), options...)
}

// home makes the namespace of an object.
func (w *world) home(object *unstructured.Unstructured) error {
	mapping, err := w.client.RESTMapper().RESTMapping(object.GroupVersionKind().GroupKind(), object.GroupVersionKind().Version)
	if err != nil {
		return err
	}
	if mapping.Scope.Name() != meta.RESTScopeNameNamespace {
		return nil
	}
	if object.GetNamespace() == "" {
		object.SetNamespace("default")
	}
	home := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": object.GetNamespace()}}}
	return w.apply(home)
}

// bare is an object without what changes by the reading.
func bare(object *unstructured.Unstructured) string {
	object = object.DeepCopy()
	object.SetManagedFields(nil)
	text, err := json.Marshal(object)
	if err != nil {
		return err.Error()
	}
	return string(text)
}
