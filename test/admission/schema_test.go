package admission

import (
	"maps"
	"slices"
	"strings"
	"testing"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
)

// field is one place in a kind's schema.
type field struct {
	// path as in spec.sizes[].resources.requests{}: [] is an item of a list, {} a
	// value of a map.
	path     string
	schema   apiextensionsv1.JSONSchemaProps
	required bool
	// borrowed is true below a type of Kubernetes' own, whose comments are not ours.
	borrowed bool
}

// name is the last part of a path.
func (f field) name() string {
	return strings.TrimRight(f.path[strings.LastIndex(f.path, ".")+1:], "[]{}")
}

// item is true for what a list or map holds, as opposed to a named field.
func (f field) item() bool { return strings.HasSuffix(f.path, "]") || strings.HasSuffix(f.path, "}") }

// fields lists what is below spec and status of a kind, in order.
func fields(t *testing.T, plural string, tops ...string) []field {
	t.Helper()
	crd := definition(t, plural)
	var all []field
	for _, top := range tops {
		schema, ok := crd.Spec.Versions[0].Schema.OpenAPIV3Schema.Properties[top]
		if ok {
			all = append(all, below(field{path: top, schema: schema})...)
		}
	}
	if len(all) < 10 {
		t.Fatalf("%s: only %d fields found", plural, len(all))
	}
	return all
}

func below(parent field) []field {
	var all []field
	add := func(f field) { all = append(append(all, f), below(f)...) }
	for _, name := range slices.Sorted(maps.Keys(parent.schema.Properties)) {
		add(field{
			path:     parent.path + "." + name,
			schema:   parent.schema.Properties[name],
			required: slices.Contains(parent.schema.Required, name),
			borrowed: parent.borrowed || parent.name() == "serverSelector" || parent.name() == "selector" || parent.path == "status.conditions[]",
		})
	}
	if items := parent.schema.Items; items != nil {
		add(field{path: parent.path + "[]", schema: *items.Schema, borrowed: parent.borrowed})
	}
	if values := parent.schema.AdditionalProperties; values != nil {
		add(field{path: parent.path + "{}", schema: *values.Schema, borrowed: parent.borrowed})
	}
	return all
}

func TestEveryFieldHasAnExample(t *testing.T) {
	for _, plural := range plurals {
		for _, f := range fields(t, plural, "spec", "status") {
			if !f.item() && !f.borrowed && f.path != "status.conditions" && !strings.Contains(f.schema.Description, "Example:") {
				t.Errorf("%s: %s has no example: %q", plural, f.path, f.schema.Description)
			}
		}
	}
}

// An unbounded value may be as large as a request, and makes rules over it, status
// writes and watches as large.
func TestEveryFieldIsBounded(t *testing.T) {
	for _, plural := range plurals {
		for _, f := range fields(t, plural, "spec", "status") {
			switch {
			case f.schema.Type == "string" || f.schema.XIntOrString:
				if f.schema.MaxLength == nil && f.schema.Enum == nil && f.schema.Format != "date-time" {
					t.Errorf("%s: %s has no maxLength", plural, f.path)
				}
			case f.schema.Type == "array":
				if f.schema.MaxItems == nil {
					t.Errorf("%s: %s has no maxItems", plural, f.path)
				}
			case f.schema.AdditionalProperties != nil:
				if f.schema.MaxProperties == nil {
					t.Errorf("%s: %s has no maxProperties", plural, f.path)
				}
			}
		}
	}
}

// A reference never leaves the tenant: there is no namespace to give.
func TestNoReferenceHasANamespace(t *testing.T) {
	for _, plural := range plurals {
		for _, f := range fields(t, plural, "spec") {
			if f.name() == "namespace" {
				t.Errorf("%s: %s", plural, f.path)
			}
		}
	}
}

// Conditions come first, as in every kind of Kubernetes; status starts with
// observedGeneration -1, so that nobody takes silence for readiness.
func TestStatus(t *testing.T) {
	for _, plural := range plurals {
		version := definition(t, plural).Spec.Versions[0]
		status, ok := version.Schema.OpenAPIV3Schema.Properties["status"]
		if !ok {
			continue
		}
		if version.Subresources == nil || version.Subresources.Status == nil {
			t.Errorf("%s: status is no subresource", plural)
		}
		if status.Default == nil || string(status.Default.Raw) != `{"observedGeneration":-1}` {
			t.Errorf("%s: status has no default of observedGeneration -1", plural)
		}
	}
}
