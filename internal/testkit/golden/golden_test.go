package golden

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// recorder stands for the test that calls Assert, so that its failure can be seen.
type recorder struct {
	testing.TB
	failed string
}

func (r *recorder) Helper()                   {}
func (r *recorder) Errorf(f string, _ ...any) { r.failed += f }

func TestYAMLLeavesOutWhatSaysNothing(t *testing.T) {
	pod := corev1.Pod{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"},
		ObjectMeta: metav1.ObjectMeta{Name: "one"},
	}
	got, err := YAML(pod, map[string]any{"b": 1, "a": []string{"x"}})
	if err != nil {
		t.Fatal(err)
	}
	want := "apiVersion: v1\nkind: Pod\nmetadata:\n  name: one\nspec:\n  containers: null\n---\na:\n- x\nb: 1\n"
	if got != want {
		t.Fatalf("got\n%s\nwant\n%s", got, want)
	}
}

func TestAssert(t *testing.T) {
	path := filepath.Join(t.TempDir(), "case.golden")
	if err := os.WriteFile(path, []byte("approved\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		path, got, complaint string
	}{
		"the same text passes":            {path, "approved\n", ""},
		"another text fails":              {path, "changed\n", "differs"},
		"a missing file fails, with help": {path + ".missing", "new\n", "approve it with -update"},
	} {
		t.Run(name, func(t *testing.T) {
			r := &recorder{TB: t}
			Assert(r, c.path, c.got)
			if (c.complaint == "") != (r.failed == "") || !strings.Contains(r.failed, c.complaint) {
				t.Errorf("complaint is %q, want %q", r.failed, c.complaint)
			}
		})
	}
}

func TestUpdateWritesTheFile(t *testing.T) {
	*update = true
	defer func() { *update = false }()
	path := filepath.Join(t.TempDir(), "new", "case.golden")
	Assert(t, path, "text\n")
	if content, err := os.ReadFile(path); err != nil || string(content) != "text\n" {
		t.Fatalf("got %q, %v", content, err)
	}
}
