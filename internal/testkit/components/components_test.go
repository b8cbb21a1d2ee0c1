package components

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestVersionsComeFromTheModulesThatBuildThem(t *testing.T) {
	root, err := Root()
	if err != nil {
		t.Fatal(err)
	}
	all, err := All(root)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, c := range all {
		names = append(names, c.Name)
		content, err := os.ReadFile(filepath.Join(root, "hack", "controlplane", c.dir, "go.mod"))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(content), c.module+" "+c.Version) {
			t.Errorf("%s: go.mod of %s does not pin %s", c.Name, c.dir, c.Version)
		}
		if !strings.Contains(string(content), c.pkg+"\n") {
			t.Errorf("%s: go.mod of %s has no tool line for %s", c.Name, c.dir, c.pkg)
		}
	}
	want := "etcd kube-apiserver kube-controller-manager kube-scheduler kwok kubectl" +
		" kubelet kube-proxy containerd containerd-shim-runc-v2 ctr runc bridge host-local portmap coredns traefik"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("components are %q, want %q", got, want)
	}
}

func TestTestsNeedNoNode(t *testing.T) {
	want := "etcd kube-apiserver kube-controller-manager kube-scheduler kwok kubectl"
	if got := strings.Join(InGroup(ControlPlane), " "); got != want {
		t.Errorf("the control plane is %q, want %q", got, want)
	}
}

func TestAMissingComponentSaysHowToGetIt(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	_, err := Path(Etcd)
	if err == nil || !strings.Contains(err.Error(), "run `make components`") {
		t.Errorf("got %v", err)
	}
	_, err = Path(Kubelet)
	if err == nil || !strings.Contains(err.Error(), "run `go run ./hack/controlplane/fetch kubelet`") {
		t.Errorf("got %v", err)
	}
	if _, err := Path("nonsense"); err == nil || !strings.Contains(err.Error(), "unknown component") {
		t.Errorf("got %v", err)
	}
}

func TestFetchOfWhatIsPresentDoesNothing(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	root, err := Root()
	if err != nil {
		t.Fatal(err)
	}
	all, err := All(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		if err := install(c, func(tmp string) error {
			if err := os.MkdirAll(filepath.Dir(tmp), 0o755); err != nil {
				return err
			}
			return os.WriteFile(tmp, nil, 0o755)
		}); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := Fetch(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	if want := "components: 6 present in " + BinDir() + "\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

func TestAFailedInstallLeavesNothing(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	if err := os.MkdirAll(BinDir(), 0o755); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("disk full")
	err := install(Component{Name: "x", Version: "v1"}, func(tmp string) error {
		return errors.Join(os.WriteFile(tmp, []byte("half"), 0o755), broken)
	})
	left, readErr := os.ReadDir(BinDir())
	if !errors.Is(err, broken) || readErr != nil || len(left) != 0 {
		t.Errorf("got %v; left %v %v", err, left, readErr)
	}
}

func archive(t *testing.T, name, content string) string {
	t.Helper()
	var out bytes.Buffer
	zipped := gzip.NewWriter(&out)
	files := tar.NewWriter(zipped)
	header := &tar.Header{Name: name, Mode: 0o755, Size: int64(len(content))}
	if err := files.WriteHeader(header); err != nil {
		t.Fatal(err)
	}
	if _, err := files.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(files.Close(), zipped.Close()); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestDownload(t *testing.T) {
	sum := func(content string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(content))) }
	etcd := archive(t, "etcd-v1/etcd", "the program")
	served := map[string]string{
		"/plain": "the program", "/plain.sha256": sum("the program"),
		"/forged": "another program", "/forged.sha256": sum("the program"),
		"/unnamed": "the program", "/SHA256SUMS": sum(etcd) + "  e.tar.gz\n" + sum("x") + "  other\n",
		"/e.tar.gz": etcd,
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		content, found := served[r.URL.Path]
		if !found {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write([]byte(content))
	}))
	defer server.Close()
	for name, c := range map[string]struct {
		file, checksums, inArchive, complaint string
	}{
		"a binary with its own checksum file":      {"/plain", "/plain.sha256", "", ""},
		"a program inside an archive":              {"/e.tar.gz", "/SHA256SUMS", "etcd-v1/etcd", ""},
		"an archive without the program":           {"/e.tar.gz", "/SHA256SUMS", "etcd-v2/etcd", "looking for etcd-v2/etcd"},
		"a forged binary is refused":               {"/forged", "/forged.sha256", "", "checksum is"},
		"a file that the checksums do not mention": {"/unnamed", "/SHA256SUMS", "", "no published checksum"},
		"a version that was never published":       {"/none", "/none.sha256", "", "404"},
	} {
		t.Run(name, func(t *testing.T) {
			content, err := download(t.Context(), server.Client(), published{server.URL + c.file, server.URL + c.checksums, c.inArchive})
			if c.complaint == "" {
				if err != nil || string(content) != "the program" {
					t.Errorf("got %q, %v", content, err)
				}
				return
			}
			if unreachable(err) {
				t.Errorf("the server that answered %v counts as unreachable", err)
			}
			if err == nil || !strings.Contains(err.Error(), c.complaint) {
				t.Errorf("got %v, want %q", err, c.complaint)
			}
		})
	}
}

func TestTheEstimateFollowsTheMachine(t *testing.T) {
	todo := []Component{{Name: "a", expected: time.Minute}, {Name: "b", expected: 2 * time.Minute}}
	p := newProgress(&bytes.Buffer{}, todo)
	if got := p.remaining(); got != 3*time.Minute {
		t.Errorf("at first %s", got)
	}
	p.planned, p.spent, p.current, p.started = time.Minute, 30*time.Second, 1, time.Now()
	if got := p.remaining().Round(time.Second); got != time.Minute {
		t.Errorf("after a took half the time: %s", got)
	}
}

func TestAHostThatDoesNotAnswerIsAskedOnce(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	_, err := download(t.Context(), server.Client(), published{server.URL + "/x", server.URL + "/x.sha256", ""})
	if !unreachable(err) {
		t.Errorf("got %v", err)
	}
}
