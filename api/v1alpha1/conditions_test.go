package v1alpha1

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// root of the repository, from here.
const root = "../.."

// vocabulary reads the constants of a kind from conditions.go: name and value.
func vocabulary(t *testing.T, kind string) map[string]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "conditions.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	ast.Inspect(file, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		if named, ok := spec.Type.(*ast.Ident); ok && named.Name == kind {
			found[spec.Names[0].Name] = strings.Trim(spec.Values[0].(*ast.BasicLit).Value, `"`)
		}
		return true
	})
	if len(found) < 10 {
		t.Fatalf("only %d constants of type %s were found", len(found), kind)
	}
	return found
}

// sources reads the Go files outside api/, those of tests or the others.
func sources(t *testing.T, tests bool) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (path == filepath.Join(root, "api") || (strings.HasPrefix(entry.Name(), ".") && path != root)):
			return filepath.SkipDir
		case entry.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") != tests:
			return nil
		}
		text, err := os.ReadFile(path) //nolint:gosec // a file of this repository
		all.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

// Whoever reads a reason must be able to trust that it is given, and that somebody has
// seen what gives it.
func TestEveryReasonIsUsedAndTested(t *testing.T) {
	code, tests := sources(t, false), sources(t, true)
	for name, value := range vocabulary(t, "Reason") {
		byName := regexp.MustCompile(`v1alpha1\.` + name + `\b`)
		if !byName.MatchString(code) {
			t.Errorf("%s: nothing gives it; remove it", name)
		}
		// Tests may also say it as people see it: "Pending", "False/Pending".
		asSeen := regexp.MustCompile(`"((True|False|Unknown)/)?` + value + `"`)
		if !byName.MatchString(tests) && !asSeen.MatchString(tests) {
			t.Errorf("%s: no test expects it", name)
		}
	}
}

func TestEveryConditionIsUsedAndTested(t *testing.T) {
	code, tests := sources(t, false), sources(t, true)
	for name := range vocabulary(t, "ConditionType") {
		byName := regexp.MustCompile(`v1alpha1\.` + name + `\b`)
		if !byName.MatchString(code) {
			t.Errorf("%s: nothing writes it; remove it", name)
		}
		if !byName.MatchString(tests) {
			t.Errorf("%s: no test reads it", name)
		}
	}
}

// kstatus and people write kubectl wait --for=condition=…, and meta/v1 bounds both.
func TestTheVocabularyIsWhatTheAPIAllows(t *testing.T) {
	reason := regexp.MustCompile(`^[A-Z][A-Za-z]{1,62}$`)
	seen := map[string]string{}
	for _, kind := range []string{"Reason", "ConditionType"} {
		for name, value := range vocabulary(t, kind) {
			if !reason.MatchString(value) {
				t.Errorf("%s is %q", name, value)
			}
			if other, twice := seen[kind+value]; twice {
				t.Errorf("%s and %s are both %q", name, other, value)
			}
			seen[kind+value] = name
			if kind == "Reason" && name != "Reason"+value {
				t.Errorf("%s is %q", name, value)
			}
		}
	}
}
