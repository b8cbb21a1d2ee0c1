package admission

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/glific/organisation-operator/internal/environment"
)

// refusal is one sentence of testdata/refusals.yaml.
type refusal struct {
	Sentence string         `json:"sentence"`
	Of       string         `json:"of,omitempty"`
	Set      map[string]any `json:"set"`
	Says     string         `json:"says"`
}

func refusals(t *testing.T) map[string][]refusal {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", "refusals.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]refusal{}
	if err := yaml.UnmarshalStrict(content, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func (r refusal) object(t *testing.T, plural string) *unstructured.Unstructured {
	t.Helper()
	objects := valid(t, plural)
	object := objects[0]
	for _, o := range objects {
		if o.GetName() == r.Of {
			object = o
		}
	}
	for path, value := range r.Set {
		if value == nil {
			object = without(object, path)
			continue
		}
		object = with(object, path, value)
	}
	return object
}

func TestRefusals(t *testing.T) {
	for plural, list := range refusals(t) {
		for _, r := range list {
			t.Run(plural+"/"+r.Sentence, func(t *testing.T) {
				err := offer(t, r.object(t, plural))
				if !apierrors.IsInvalid(err) || !strings.Contains(err.Error(), r.Says) {
					t.Errorf("got %v\nwant a refusal that says %q", err, r.Says)
				}
			})
		}
	}
}

// transitions are the rules that compare with what was stored; TestTransitions and
// TestValuesTogether have their sentences.
var transitions = []string{
	"spec.adopt: says whose data this Organisation starts with",
	"spec: a Release is immutable",
	"all values together have at most 65536 characters",
}

// A rule without a sentence fails here, so that none is added without being tried.
func TestEveryRuleHasASentence(t *testing.T) {
	for _, plural := range plurals {
		says := append([]string{}, transitions...)
		for _, r := range refusals(t)[plural] {
			says = append(says, r.Says)
		}
		text := strings.Join(says, "\n")
		for path, messages := range rules(t, plural) {
			for _, message := range messages {
				if !anyIn(message, says) {
					t.Errorf("%s: the rule %q at %s has no sentence among\n%s", plural, message, path, text)
				}
			}
		}
	}
}

func anyIn(message string, fragments []string) bool {
	for _, fragment := range fragments {
		if strings.Contains(message, fragment) {
			return true
		}
	}
	return false
}

// rules lists the messages of a kind's rules by their place.
func rules(t *testing.T, plural string) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	schema := definition(t, plural).Spec.Versions[0].Schema.OpenAPIV3Schema
	places := append(below(field{path: "", schema: *schema}), field{path: "", schema: *schema})
	for _, f := range places {
		for _, rule := range f.schema.XValidations {
			all[f.path] = append(all[f.path], rule.Message)
		}
	}
	return all
}

var quoted = regexp.MustCompile(`'([A-Z_]+)'`)

// The keys that admission refuses are those that the operator derives.
func TestReservedKeys(t *testing.T) {
	for _, plural := range []string{"organisations", "organisationprofiles", "releases"} {
		for _, f := range fields(t, plural, "spec") {
			if !strings.HasSuffix(f.path, "env[].name") {
				continue
			}
			keys := quoted.FindAllStringSubmatch(f.schema.XValidations[0].Rule, -1)
			for _, key := range keys {
				if !environment.Reserved(key[1]) {
					t.Errorf("%s: %s refuses %s, which the operator does not derive", plural, f.path, key[1])
				}
			}
			if len(keys) < 15 {
				t.Errorf("%s: %s names %d keys only", plural, f.path, len(keys))
			}
		}
	}
}
