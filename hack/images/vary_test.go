package main

import (
	"path/filepath"
	"strings"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
)

func TestAVariantDiffersWhereItShould(t *testing.T) {
	out := t.TempDir()
	below, app := files{}, files{}
	below.put("app/kept", 0o644, []byte("below"))
	app.put("app/rel", 0o644, []byte(`{a,"1"},{b,"1"}`))
	image, err := contents{[]files{below, app}, v1.Config{}}.image()
	if err != nil {
		t.Fatal(err)
	}
	if err := writeArchive(out, "base", registry+"standin:base", image); err != nil {
		t.Fatal(err)
	}
	reference, err := vary(out, "base", out, "wrong", []change{{Path: "app/rel", After: "{b,", Old: `"1"`, New: `"2"`}, {Path: "app/new", Content: []byte("added")}})
	if err != nil || !strings.HasPrefix(reference, registry+"standin@sha256:") {
		t.Fatal(reference, err)
	}
	dir := t.TempDir()
	if err := unpack(filepath.Join(out, "wrong.tar"), dir); err != nil {
		t.Fatal(err)
	}
	varied, err := only(dir)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"app/rel": `{a,"1"},{b,"2"}`, "app/new": "added", "app/kept": "below"} {
		if got, err := contentOf(varied, path); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v; want %q", path, got, err, want)
		}
	}
	if _, err := vary(out, "base", out, "wrong", []change{{Path: "app/rel", Old: "c"}}); err == nil {
		t.Error("a change that changes nothing is taken for one")
	}
}
