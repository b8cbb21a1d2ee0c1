package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestAnImageIsMadeAgainWhenItsInputsChange(t *testing.T) {
	root, out := t.TempDir(), t.TempDir()
	write := func(dir, name, content string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	fingerprint := func() string {
		t.Helper()
		sum, err := inputs(root, []string{"app"})
		if err != nil {
			t.Fatal(err)
		}
		return sum
	}
	write(root, "beside", "not an input")
	if err := os.Mkdir(filepath.Join(root, "app"), 0o755); err != nil {
		t.Fatal(err)
	}
	write(filepath.Join(root, "app"), "main.ex", "one")
	first := fingerprint()
	if got := unchanged(out, "app", first); got != "" {
		t.Errorf("nothing was built, and unchanged says %s", got)
	}
	write(out, "app.tar", "archive")
	write(out, "app.inputs", first)
	if err := record(out, "app", "images.invalid/app@sha256:1"); err != nil {
		t.Fatal(err)
	}
	write(root, "beside", "changed")
	if got := unchanged(out, "app", fingerprint()); got != "images.invalid/app@sha256:1" {
		t.Errorf("nothing of it changed, and unchanged says %q", got)
	}
	write(filepath.Join(root, "app"), "main.ex", "two")
	if got := unchanged(out, "app", fingerprint()); got != "" {
		t.Errorf("a file changed, and unchanged says %s", got)
	}
	if err := os.Remove(filepath.Join(out, "app.tar")); err != nil {
		t.Fatal(err)
	}
	if got := unchanged(out, "app", first); got != "" {
		t.Errorf("the archive is gone, and unchanged says %s", got)
	}
}
