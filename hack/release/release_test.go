package main

import (
	"archive/tar"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/CycloneDX/cyclonedx-go"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"sigs.k8s.io/yaml"
)

const version = "v9.8.7"

// here is the platform of this machine: others take long to compile, and nothing that is
// tested differs there.
func here() []platform { return []platform{{runtime.GOOS, runtime.GOARCH}} }

func made(t *testing.T, source string) release {
	t.Helper()
	r := release{version: version, out: t.TempDir(), source: source, operators: here(), plugins: here()}
	if err := r.make(t.Context()); err != nil {
		t.Fatal(err)
	}
	return r
}

// elsewhere is the same source in another folder, and without git.
func elsewhere(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"go.mod", "go.sum", "main.go", "LICENSE", "api", "cmd", "charts", "config", "controllers", "internal"} {
		if out, err := exec.Command("cp", "-r", filepath.Join("../..", name), dir).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	return dir
}

func TestARelease(t *testing.T) {
	r := made(t, "../..")
	t.Run("is the same, bit by bit, when it is made again elsewhere", func(t *testing.T) {
		again := made(t, elsewhere(t))
		entries, err := os.ReadDir(r.out)
		if err != nil || len(entries) < 9 {
			t.Fatalf("%d files: %v", len(entries), err)
		}
		for _, entry := range entries {
			a, b := read(t, r, entry.Name()), read(t, again, entry.Name())
			if string(a) != string(b) {
				t.Errorf("%s differs", entry.Name())
			}
		}
	})
	t.Run("carries its version in both programs", func(t *testing.T) {
		out, err := exec.Command(r.path(r.operator(here()[0])), "--version").CombinedOutput()
		if err != nil || strings.TrimSpace(string(out)) != "organisation-operator "+version {
			t.Errorf("%s: %v", out, err)
		}
		unpacked := unpack(t, r.path("kubectl-glific_9.8.7_"+here()[0].String()+".tar.gz"))
		program := filepath.Join(t.TempDir(), plugin)
		if err := os.WriteFile(program, unpacked[plugin], 0o755); err != nil {
			t.Fatal(err)
		}
		out, err = exec.Command(program, "version", "--client").CombinedOutput()
		if err != nil || !strings.Contains(string(out), version) {
			t.Errorf("%s: %v", out, err)
		}
	})
	t.Run("has a chart that asks for its own image", func(t *testing.T) {
		chart := unpack(t, r.path("organisation-operator-9.8.7.tgz"))
		about, values := string(chart["organisation-operator/Chart.yaml"]), string(chart["organisation-operator/values.yaml"])
		if !strings.Contains(about, "\nversion: 9.8.7\n") || !strings.Contains(about, "\nappVersion: 9.8.7\n") || !strings.Contains(values, "repository: ghcr.io/glific/organisation-operator\n") {
			t.Errorf("%s\n%s", about, values[:400])
		}
	})
	t.Run("has an image that runs as nobody", func(t *testing.T) { image(t, r) })
	t.Run("says what it is made of", func(t *testing.T) {
		var bill cyclonedx.BOM
		if err := json.Unmarshal(read(t, r, r.operator(here()[0])+".cdx.json"), &bill); err != nil {
			t.Fatal(err)
		}
		found := map[string]bool{}
		for _, c := range *bill.Components {
			found[c.Name] = c.Version != ""
		}
		if bill.Metadata.Component.Version != version || !found["sigs.k8s.io/controller-runtime"] || !found["github.com/jackc/pgx/v5"] || !found["std"] {
			t.Errorf("%v", found)
		}
	})
	t.Run("has checksums and a manifest for krew that agree", func(t *testing.T) {
		check := exec.Command("sha256sum", "--check", "--strict", "--quiet", "checksums.txt")
		check.Dir = r.out
		if out, err := check.CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
		var krew struct {
			Spec struct {
				Version   string
				Platforms []struct{ URI, Sha256, Bin string }
			}
		}
		if err := yaml.Unmarshal(read(t, r, "glific.yaml"), &krew); err != nil || len(krew.Spec.Platforms) != 1 {
			t.Fatalf("%+v: %v", krew, err)
		}
		p := krew.Spec.Platforms[0]
		if !strings.Contains(string(read(t, r, "checksums.txt")), p.Sha256+"  "+filepath.Base(p.URI)) || p.Bin != plugin {
			t.Errorf("%+v", p)
		}
	})
}

func image(t *testing.T, r release) {
	t.Helper()
	dir := t.TempDir()
	if out, err := exec.Command("tar", "-x", "-C", dir, "-f", r.path("organisation-operator_9.8.7_image.tar")).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	outer, err := layout.ImageIndexFromPath(dir)
	if err != nil {
		t.Fatal(err)
	}
	tagged, err := outer.IndexManifest()
	if err != nil {
		t.Fatal(err)
	}
	inner, err := outer.ImageIndex(tagged.Manifests[0].Digest)
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := inner.IndexManifest()
	if err != nil || len(manifest.Manifests) != 1 || manifest.Manifests[0].Platform.Architecture != runtime.GOARCH {
		t.Fatalf("%+v: %v", manifest, err)
	}
	one, err := inner.Image(manifest.Manifests[0].Digest)
	if err != nil {
		t.Fatal(err)
	}
	config, err := one.ConfigFile()
	if err != nil || config.Config.User != "65532:65532" || config.Config.Entrypoint[0] != "/organisation-operator" {
		t.Errorf("%+v: %v", config, err)
	}
	if !strings.HasSuffix(strings.TrimSpace(string(read(t, r, "image.txt"))), tagged.Manifests[0].Digest.String()) {
		t.Error("image.txt names another digest")
	}
}

func TestVersionsThatAreNone(t *testing.T) {
	for _, version := range []string{"", "1.2.3", "v1.2", "latest", "v1.2.3 -X main.x=y"} {
		if err := (release{version: version, out: t.TempDir()}).make(t.Context()); err == nil {
			t.Errorf("%q is taken", version)
		}
	}
}

func read(t *testing.T, r release, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(r.path(name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func unpack(t *testing.T, path string) files {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close() //nolint:errcheck // it is read only
	zipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	inside := files{}
	for reader := tar.NewReader(zipped); ; {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return inside
		}
		if err != nil {
			t.Fatal(err)
		}
		if inside[header.Name], err = io.ReadAll(reader); err != nil {
			t.Fatal(err)
		}
	}
}
