package admission

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"
)

var (
	yamlBlock = regexp.MustCompile("(?ms)^```yaml\n(.*?)^```")
	document  = regexp.MustCompile(`(?m)^---\n`)
)

// pages of docs/ whose YAML is of this API, and how many objects each shows at least.
var pages = map[string]int{"fleet.md": 6}

// What people copy from the docs is accepted, with every field known.
func TestYAMLOfTheDocs(t *testing.T) {
	for page, least := range pages {
		text, err := os.ReadFile(filepath.Join(root, "docs", page))
		if err != nil {
			t.Fatal(err)
		}
		seen := 0
		for _, block := range yamlBlock.FindAllSubmatch(text, -1) {
			for _, part := range document.Split(string(block[1]), -1) {
				object := &unstructured.Unstructured{}
				if err := yaml.UnmarshalStrict([]byte(part), &object.Object); err != nil {
					t.Fatalf("docs/%s: %v\n%s", page, err, part)
				}
				seen++
				object.SetName(object.GetName() + "-of-docs") // whatever else there is of the name
				err := server.Create(t.Context(), object, client.DryRunAll, client.FieldValidation("Strict"))
				if err != nil {
					t.Errorf("docs/%s: %v\n%s", page, err, part)
				}
			}
		}
		if seen < least {
			t.Errorf("docs/%s shows %d objects, want %d at least: is its YAML still found?", page, seen, least)
		}
	}
}
