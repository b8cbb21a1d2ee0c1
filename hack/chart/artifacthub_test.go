package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

// What Artifact Hub shows of the chart is true.
func TestArtifactHub(t *testing.T) {
	about := current(t).Metadata
	objects, err := render(t, "tenants", nil)
	if err != nil {
		t.Fatal(err)
	}
	list := func(annotation string) (all []struct{ Kind, Name, Image, URL string }) {
		t.Helper()
		if err := yaml.Unmarshal([]byte(about.Annotations["artifacthub.io/"+annotation]), &all); err != nil || len(all) == 0 {
			t.Fatalf("%s: %v", annotation, err)
		}
		return all
	}
	definitions := 0
	for key := range objects {
		if strings.HasPrefix(key, "CustomResourceDefinition/") {
			definitions++
		}
	}
	crds := list("crds")
	if len(crds) != definitions {
		t.Errorf("%d kinds are shown, %d are installed", len(crds), definitions)
	}
	for _, shown := range crds {
		if crd := objects["CustomResourceDefinition//"+shown.Name]; crd == nil || crd.text("spec", "names", "kind") != shown.Kind {
			t.Errorf("%s is shown, and not installed", shown.Name)
		}
	}
	for _, shown := range list("images") {
		if !strings.HasSuffix(shown.Image, ":"+about.AppVersion) {
			t.Errorf("image %s is not of version %s", shown.Image, about.AppVersion)
		}
	}
	list("crdsExamples")
	for _, shown := range list("links") {
		_, path, found := strings.Cut(shown.URL, "/main/")
		if _, err := os.Stat(filepath.Join(root, path)); !found || err != nil {
			t.Errorf("%s leads nowhere: %v", shown.URL, err)
		}
	}
}
