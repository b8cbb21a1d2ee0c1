package documents

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/glific/organisation-operator/cmd/kubectl-glific/command"
)

// mention is one way in which a page names what exists elsewhere.
type mention struct {
	what string
	is   *regexp.Regexp
	// there tells whether what was named exists.
	there func(string) bool
	// least is how many are to be found, lest the expression be wrong.
	least int
}

func mentions(t *testing.T) []mention {
	t.Helper()
	read := func(path string) string {
		content, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			t.Fatal(err)
		}
		return string(content)
	}
	words, makefile := read("api/v1alpha1/annotations.go"), read("Makefile")
	var values map[string]any
	if err := yaml.Unmarshal([]byte(read("charts/organisation-operator/values.yaml")), &values); err != nil {
		t.Fatal(err)
	}
	verbs := command.Names()
	return []mention{
		{"annotation or label", regexp.MustCompile(`(tenancy\.glific\.org/[a-z][a-z-]*[a-z])\b`), func(name string) bool {
			return strings.HasSuffix(name, "/v1alpha1") || strings.Contains(words, `"`+name+`"`)
		}, 20},
		{"target of make", regexp.MustCompile("(?m)(?:`|^)make ([a-z0-9-]+)"), func(name string) bool {
			return strings.Contains(makefile, "\n"+name+":")
		}, 8},
		{"command of the plugin", regexp.MustCompile(`kubectl glific ([a-z-]+)`), func(name string) bool { return slices.Contains(verbs, name) }, 40},
		{"value of the chart", regexp.MustCompile(`--set(?:-string|-json)? ([A-Za-z.]+)=`), func(name string) bool { return declared(values, name) }, 3},
	}
}

// declared tells whether a chart has a value; below a map that is empty anything may be set.
func declared(values any, path string) bool {
	for _, key := range strings.Split(path, ".") {
		level, ok := values.(map[string]any)
		if ok && len(level) == 0 {
			return true
		}
		if values, ok = level[key]; !ok {
			return false
		}
	}
	return true
}

// What a page tells people to write exists under that name.
func TestWhatPagesNameExists(t *testing.T) {
	pages := append(documents(t), filepath.Join(root, "README.md"), filepath.Join(root, "CONTRIBUTING.md"), filepath.Join(root, "charts/organisation-operator/README.md"))
	for _, m := range mentions(t) {
		found := 0
		for _, page := range pages {
			text, err := os.ReadFile(page)
			if err != nil {
				t.Fatal(err)
			}
			for _, match := range m.is.FindAllStringSubmatch(string(text), -1) {
				if found++; !m.there(match[1]) {
					t.Errorf("%s names %s %s, which does not exist", strings.TrimPrefix(page, root+"/"), m.what, match[1])
				}
			}
		}
		if found < m.least {
			t.Errorf("only %d times a %s is named", found, m.what)
		}
	}
}
