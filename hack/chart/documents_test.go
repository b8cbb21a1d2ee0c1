package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

var fence = regexp.MustCompile("(?ms)^```yaml\n(.*?)^```$")

// What the documentation tells people to write into values.yaml is accepted. Manifests are
// applied by test/documents.
func TestValuesInTheDocumentation(t *testing.T) {
	found := 0
	err := fs.WalkDir(os.DirFS(filepath.Join(root, "docs")), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".md" || strings.HasPrefix(name, "decisions/") {
			return err
		}
		content, err := os.ReadFile(filepath.Join(root, "docs", name))
		if err != nil {
			return err
		}
		for _, match := range fence.FindAllStringSubmatch(string(content), -1) {
			if strings.Contains(match[1], "apiVersion:") {
				continue
			}
			var with values
			if err := yaml.UnmarshalStrict([]byte(match[1]), &with); err != nil {
				t.Errorf("docs/%s: %v", name, err)
			}
			if with["spec"] != nil {
				continue // a part of a manifest
			}
			found++
			if len(with) == 0 {
				t.Errorf("docs/%s has a block without values", name)
			}
			with = monitored(with)
			if _, err := render(t, "tenants", with); err != nil {
				t.Errorf("docs/%s: %v", name, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found < 3 {
		t.Errorf("only %d blocks of values were found", found)
	}
}

// monitored is for a cluster with the Prometheus operator, which rendering alone has not.
func monitored(with values) values {
	metrics, _ := with["metrics"].(map[string]any)
	for _, name := range []string{"serviceMonitor", "prometheusRules"} {
		if part, ok := metrics[name].(map[string]any); ok {
			part["renderMode"] = "alwaysRender"
		}
	}
	return with
}
