package manifests

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/internal/testkit/controlplane"
)

func writeFile(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestReadTakesManifestsInOrder(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, dir+"/kustomization.yaml", "resources: []")
	writeFile(t, dir+"/README.md", "not a manifest")
	writeFile(t, dir+"/b.yaml", "# a comment\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b1}\n---\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: b2}\n")
	writeFile(t, dir+"/a/x.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n")
	objects, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	names := func(objects []*unstructured.Unstructured) (names []string) {
		for _, o := range objects {
			names = append(names, o.GetName())
		}
		return names
	}
	if diff := cmp.Diff([]string{"a", "b1", "b2"}, names(objects)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"b2", "a", "b1"}, names(ordered(objects))); diff != "" {
		t.Error("namespaces come first:", diff)
	}
}

func TestReadNamesTheFileThatIsWrong(t *testing.T) {
	path := filepath.Join(t.TempDir(), "broken.yaml")
	writeFile(t, path, "metadata: {name: nothing}\n")
	_, err := Read(path)
	if err == nil || !strings.Contains(err.Error(), "broken.yaml: document 1 has no apiVersion or kind") {
		t.Errorf("got %v", err)
	}
}

func TestApply(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cp, err := controlplane.Start(ctx, controlplane.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := cp.Stop(); err != nil {
			t.Error(err)
		}
	}()
	gateway, err := GatewayAPI(ctx)
	if err != nil {
		t.Fatal(err)
	}
	certManager, err := CertManager(ctx)
	if err != nil {
		t.Fatal(err)
	}
	route := filepath.Join(t.TempDir(), "route.yaml")
	writeFile(t, route, "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: r, namespace: web}\nspec: {hostnames: [a.example.org]}\n"+
		"---\napiVersion: v1\nkind: Namespace\nmetadata: {name: web}\n")
	for range 2 {
		if err := ApplyFiles(ctx, cp.Config(), route, gateway, certManager); err != nil {
			t.Fatal(err)
		}
	}
	c, err := newClient(cp.Config())
	if err != nil {
		t.Fatal(err)
	}
	got := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute"}}
	if err := c.Get(ctx, client.ObjectKey{Namespace: "web", Name: "r"}, got); err != nil {
		t.Fatal(err)
	}
	hosts, _, _ := unstructured.NestedStringSlice(got.Object, "spec", "hostnames")
	if diff := cmp.Diff([]string{"a.example.org"}, hosts); diff != "" {
		t.Error(diff)
	}
}

func TestKustomizeRendersAFolder(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, dir+"/kustomization.yaml", "namespace: elsewhere\nresources: [c.yaml]\n")
	writeFile(t, dir+"/c.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n")
	objects, err := Kustomize(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(objects) != 1 || objects[0].GetNamespace() != "elsewhere" {
		t.Errorf("got %v", objects)
	}
}
