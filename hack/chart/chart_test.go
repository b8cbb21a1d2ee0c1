package main

import (
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	"helm.sh/helm/v4/pkg/chart/v2/lint"
	"helm.sh/helm/v4/pkg/chart/v2/lint/support"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/engine"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
)

const (
	root   = "../.."
	config = root + "/config"
	chart  = "../../charts/organisation-operator"
)

// object is one manifest; its key says which.
type object map[string]any

func (o object) at(path ...string) any {
	var node any = map[string]any(o)
	for _, key := range path {
		m, _ := node.(map[string]any)
		node = m[key]
	}
	return node
}

func (o object) text(path ...string) string {
	s, _ := o.at(path...).(string)
	return s
}

func (o object) key() string {
	return strings.Join([]string{o.text("kind"), o.text("metadata", "namespace"), o.text("metadata", "name")}, "/")
}

func parse(t *testing.T, manifests string) map[string]object {
	t.Helper()
	objects := map[string]object{}
	for _, document := range strings.Split("\n"+manifests, "\n---\n") {
		o := object{}
		if err := yaml.UnmarshalStrict([]byte(document), &o); err != nil {
			t.Fatalf("%v in\n%s", err, document)
		}
		if len(o) == 0 {
			continue
		}
		if _, twice := objects[o.key()]; twice {
			t.Errorf("%s appears twice", o.key())
		}
		objects[o.key()] = o
	}
	return objects
}

func kustomize(t *testing.T) map[string]object {
	t.Helper()
	resources, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), filepath.Join(config, "default"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := resources.AsYaml()
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, string(text))
}

func render(t *testing.T, namespace string, values map[string]any) (map[string]object, error) {
	t.Helper()
	c, err := loader.LoadDir(chart)
	if err != nil {
		t.Fatal(err)
	}
	options := common.ReleaseOptions{Name: "organisation-operator", Namespace: namespace, Revision: 1, IsInstall: true}
	merged, err := util.ToRenderValues(c, values, options, common.DefaultCapabilities.Copy())
	if err != nil {
		return nil, err
	}
	files, err := engine.Render(c, merged)
	if err != nil {
		return nil, err
	}
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if strings.HasSuffix(name, ".yaml") {
			text.WriteString("\n---\n" + files[name])
		}
	}
	return parse(t, text.String()), nil
}

// plain takes away what only Helm adds.
func plain(o object) object {
	metadata := o["metadata"].(map[string]any)
	for field, keys := range map[string][]string{
		"labels":      {"app.kubernetes.io/instance", "app.kubernetes.io/version", "app.kubernetes.io/managed-by", "helm.sh/chart"},
		"annotations": {"helm.sh/resource-policy"},
	} {
		m, _ := metadata[field].(map[string]any)
		for _, key := range keys {
			delete(m, key)
		}
		if o.text("kind") == "CustomResourceDefinition" {
			delete(m, "app.kubernetes.io/name")
		}
		if len(m) == 0 {
			delete(metadata, field)
		}
	}
	return o
}

func TestChartInstallsTheSameAsConfig(t *testing.T) {
	want := kustomize(t)
	delete(want, "Namespace//organisation-system") // helm --create-namespace makes it
	got, err := render(t, "organisation-system", nil)
	if err != nil {
		t.Fatal(err)
	}
	for key, o := range want {
		if got[key] == nil {
			t.Errorf("the chart lacks %s", key)
			continue
		}
		if a, b := mustYAML(t, plain(o)), mustYAML(t, plain(got[key])); a != b {
			t.Errorf("%s differs:\nconfig:\n%s\nchart:\n%s", key, a, b)
		}
	}
	for key, o := range got {
		if want[key] == nil && o.text("metadata", "annotations", "helm.sh/hook") == "" {
			t.Errorf("config lacks %s", key)
		}
	}
	if len(want) < 30 {
		t.Errorf("only %d objects were compared", len(want))
	}
}

func mustYAML(t *testing.T, o object) string {
	t.Helper()
	text, err := yaml.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestCopiesAreCurrent(t *testing.T) {
	fresh := t.TempDir()
	for _, file := range []string{"README.md", "values.yaml", "Chart.yaml"} { // what generating reads and rewrites
		content, err := os.ReadFile(filepath.Join(chart, file))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(fresh, file), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := generate(root, fresh); err != nil {
		t.Fatal(err)
	}
	for _, s := range sources {
		want, got := tree(t, filepath.Join(fresh, "templates", s.to)), tree(t, filepath.Join(chart, "templates", s.to))
		if !reflect.DeepEqual(want, got) {
			t.Errorf("templates/%s is not what config/%s makes; run `make generate`", s.to, s.from)
		}
	}
	for _, dir := range []string{"", "files"} {
		got := tree(t, filepath.Join(chart, dir))
		for file, want := range tree(t, filepath.Join(fresh, dir)) {
			if got[file] != want {
				t.Errorf("%s is not what `make generate` writes", filepath.Join(dir, file))
			}
		}
	}
}

func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, entry := range entries {
		if entry.IsDir() {
			continue
		}
		content, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[entry.Name()] = string(content)
	}
	return files
}

func TestLint(t *testing.T) {
	result := lint.RunAll(chart, nil, "organisation-system")
	for _, message := range result.Messages {
		if message.Severity > support.InfoSev {
			t.Errorf("%v", message)
		}
	}
}
