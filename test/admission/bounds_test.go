package admission

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

func TestValidObjectsAreAccepted(t *testing.T) {
	for _, plural := range plurals {
		for _, object := range valid(t, plural) {
			if err := offer(t, object); err != nil {
				t.Errorf("%s %s: %v", object.GetKind(), object.GetName(), err)
			}
		}
	}
}

// Every field of every kind, whatever is added later: each is set by a valid
// object, and beyond each of its bounds it is refused by its path.
func TestEveryFieldRefusesWhatIsOutOfItsBounds(t *testing.T) {
	for _, plural := range plurals {
		objects := valid(t, plural)
		for _, f := range fields(t, plural, "spec") {
			object := having(objects, f.path)
			if object == nil {
				t.Errorf("testdata/%s.yaml does not set %s", plural, f.path)
				continue
			}
			for how, bad := range badValues(f.schema) {
				mustRefuse(t, plural+": "+f.path+" "+how, with(object, f.path, bad), f.path)
			}
			if f.required {
				mustRefuse(t, plural+": "+f.path+" missing", without(object, f.path), f.path)
			}
		}
	}
}

func TestUnknownFieldsAreRefused(t *testing.T) {
	for _, plural := range plurals {
		object := valid(t, plural)[0]
		for _, f := range fields(t, plural, "spec") {
			if f.schema.Type != "object" || f.schema.AdditionalProperties != nil || having([]*unstructured.Unstructured{object}, f.path) == nil {
				continue
			}
			err := offer(t, with(object, f.path+".typo", "x"))
			if err == nil || !strings.Contains(err.Error(), "unknown field") || !strings.Contains(err.Error(), "typo") {
				t.Errorf("%s: %s.typo: got %v", plural, f.path, err)
			}
		}
	}
}

func having(objects []*unstructured.Unstructured, path string) *unstructured.Unstructured {
	for _, object := range objects {
		if _, ok := find(object, path); ok {
			return object
		}
	}
	return nil
}

// mustRefuse wants a refusal that names the field, or what holds it.
func mustRefuse(t *testing.T, what string, object *unstructured.Unstructured, path string) {
	t.Helper()
	err := offer(t, object)
	if !apierrors.IsInvalid(err) {
		t.Errorf("%s: got %v, want a refusal", what, err)
		return
	}
	for _, cause := range causes(err) {
		if named := general(cause.Field); named == path || strings.HasPrefix(path, named+".") || path == named+"[]" || path == named+"{}" {
			return
		}
	}
	t.Errorf("%s: the refusal does not name %s: %v", what, path, err)
}

func causes(err error) []metav1.StatusCause {
	status := apierrors.APIStatus(nil)
	if !asStatus(err, &status) || status.Status().Details == nil {
		return nil
	}
	return status.Status().Details.Causes
}

func asStatus(err error, into *apierrors.APIStatus) bool {
	status, ok := err.(apierrors.APIStatus)
	*into = status
	return ok
}

var (
	index = regexp.MustCompile(`\[\d+\]`)
	key   = regexp.MustCompile(`\.(requests|limits|labels|annotations|podLabels|matchLabels)([.\[].*)$`)
)

// general turns spec.sizes[0].name into spec.sizes[].name, and the key of a map
// into {}.
func general(path string) string {
	return key.ReplaceAllString(index.ReplaceAllString(path, "[]"), ".$1{}")
}

// badValues lists values just beyond what a schema says, by what is wrong.
func badValues(s apiextensionsv1.JSONSchemaProps) map[string]any {
	bad := map[string]any{"of another type": wrongType(s)}
	if s.MaxLength != nil {
		bad["too long"] = strings.Repeat("a", int(*s.MaxLength)+1)
	}
	if s.MinLength != nil && *s.MinLength > 0 {
		bad["too short"] = strings.Repeat("a", int(*s.MinLength)-1)
	}
	if s.Enum != nil {
		bad["not offered"] = notOffered(s)
	}
	if s.Pattern != "" {
		bad["of another form"] = unlike(s)
	}
	if s.Maximum != nil {
		bad["too large"] = int64(*s.Maximum) + 1
	}
	if s.Minimum != nil {
		bad["too small"] = int64(*s.Minimum) - 1
	}
	if s.MinItems != nil || s.MinProperties != nil {
		bad["empty"] = emptyOf(s)
	}
	return bad
}

func wrongType(s apiextensionsv1.JSONSchemaProps) any {
	if s.Type == "object" || s.Type == "array" {
		return "a string"
	}
	return []any{"a list"}
}

func notOffered(s apiextensionsv1.JSONSchemaProps) any {
	if s.Type == "boolean" {
		return false
	}
	return "Nope"
}

func emptyOf(s apiextensionsv1.JSONSchemaProps) any {
	if s.Type == "array" {
		return []any{}
	}
	return map[string]any{}
}

// unlike makes a string that fits a schema but for its pattern.
func unlike(s apiextensionsv1.JSONSchemaProps) string {
	pattern := regexp.MustCompile(s.Pattern)
	for _, letter := range []string{" ", ":", "_", "-"} {
		length := 1
		if s.MinLength != nil {
			length = max(length, int(*s.MinLength))
		}
		if text := strings.Repeat(letter, length); !pattern.MatchString(text) {
			return text
		}
	}
	panic(fmt.Sprintf("nothing is unlike %s", s.Pattern))
}
