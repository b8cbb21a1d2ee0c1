package admission

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// envOf makes n variables whose values have size characters each.
func envOf(n, size int) []any {
	var env []any
	for i := range n {
		env = append(env, map[string]any{"name": fmt.Sprintf("KEY_%03d", i), "value": strings.Repeat("x", size)})
	}
	return env
}

func TestValuesTogether(t *testing.T) {
	for plural, path := range map[string]string{"organisations": "spec.messaging.env", "organisationprofiles": "spec.env", "releases": "spec.env"} {
		if err := offer(t, with(valid(t, plural)[0], path, envOf(16, 4096))); err != nil {
			t.Errorf("%s: 65536 characters are refused: %v", plural, err)
		}
		err := offer(t, with(valid(t, plural)[0], path, append(envOf(16, 4096), map[string]any{"name": "A", "value": "x"})))
		if err == nil || !strings.Contains(err.Error(), "all values together have at most 65536 characters") {
			t.Errorf("%s: 65537 characters: %v", plural, err)
		}
	}
}

// largest sets every list of an object to as many items as its schema allows,
// each different where it must be, and every free text to its full length.
func largest(t *testing.T, plural string, object *unstructured.Unstructured) *unstructured.Unstructured {
	t.Helper()
	for _, f := range fields(t, plural, "spec") {
		at, ok := find(object, f.path)
		if !ok || f.schema.Type != "array" {
			continue
		}
		list := at.get().([]any)
		for i := len(list); i < int(*f.schema.MaxItems); i++ {
			if item, ok := another(list[0], i); ok {
				list = append(list, item)
			}
		}
		at.set(list)
	}
	return object
}

// another makes an item that differs from the first one in what a list's key may be.
func another(first any, i int) (any, bool) {
	switch item := first.(type) {
	case int64:
		return item + int64(i), true
	case string:
		return vary(item, i), true
	case map[string]any:
		changed := (&unstructured.Unstructured{Object: item}).DeepCopy().Object
		for key, value := range changed {
			text, ok := value.(string)
			if ok && (key == "name" || key == "path") {
				changed[key] = vary(text, i)
			}
		}
		return changed, true
	}
	return nil, false
}

func vary(text string, i int) string {
	switch {
	case strings.Contains(text, "::"):
		return fmt.Sprintf("fd%02x::/32", i)
	case strings.Contains(text, "/") && strings.Count(text, ".") == 3:
		return fmt.Sprintf("10.%d.0.0/16", i)
	case strings.Contains(text, ".") && !strings.HasPrefix(text, "/"):
		return fmt.Sprintf("n%d.%s", i, text)
	}
	return fmt.Sprintf("%s%d", text, i)
}

// The largest objects must stay within the budget that the API server has for
// rules, and within what etcd stores with room for a status (1.5 MiB).
func TestLargestObjects(t *testing.T) {
	for _, plural := range plurals {
		for _, object := range valid(t, plural) {
			big := largest(t, plural, object)
			content, err := json.Marshal(big.Object)
			if err != nil {
				t.Fatal(err)
			}
			if err := server.Create(t.Context(), big, client.DryRunAll); err != nil {
				t.Errorf("%s %s of %d bytes: %v", big.GetKind(), big.GetName(), len(content), err)
			}
			t.Logf("%s %s: %d bytes", big.GetKind(), big.GetName(), len(content))
			if len(content) > 256<<10 {
				t.Errorf("%s %s has %d bytes", big.GetKind(), big.GetName(), len(content))
			}
		}
	}
}
