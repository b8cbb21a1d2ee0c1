package main

import (
	"archive/tar"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"io/fs"
	"maps"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
)

// made is an image, built into memory.
func made(t *testing.T, name string) (contents, v1.Image) {
	t.Helper()
	root, err := repositoryRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c, err := recipes()[name].make(t.Context(), root, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	image, err := c.image()
	if err != nil {
		t.Fatal(err)
	}
	return c, image
}

func TestTwoBuildsAreTheSame(t *testing.T) {
	for _, name := range []string{"frontend", "standin-0.2.0"} {
		_, first := made(t, name)
		_, second := made(t, name)
		a, err := first.Digest()
		if err != nil {
			t.Fatal(err)
		}
		b, err := second.Digest()
		if err != nil {
			t.Fatal(err)
		}
		if a != b {
			t.Errorf("%s: %s and %s", name, a, b)
		}
		same(t, name, first)
	}
}

// same writes an image twice and compares the archives.
func same(t *testing.T, name string, image v1.Image) {
	t.Helper()
	var archives [2]string
	for i := range archives {
		dir := t.TempDir()
		if err := writeArchive(dir, name, registry+"x:1", image); err != nil {
			t.Fatal(err)
		}
		content, err := os.ReadFile(filepath.Join(dir, name+".tar"))
		if err != nil {
			t.Fatal(err)
		}
		archives[i] = string(content)
	}
	if archives[0] != archives[1] {
		t.Errorf("the archives of %s differ", name)
	}
}

func TestAMissingLibraryIsNamed(t *testing.T) {
	f := files{}
	if err := f.read("bin/sh", 0o755, "/bin/sh"); err != nil {
		t.Fatal(err)
	}
	if err := f.complete(); err == nil || !strings.Contains(err.Error(), "/bin/sh needs libc.so.6") {
		t.Errorf("%v", err)
	}
}

// jail unpacks an image and returns how its programs are run: as the image's user, who
// can write to /tmp only.
func jail(t *testing.T, name string) (root string, command func(env []string, arguments ...string) *exec.Cmd) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("NOT TESTED: only root may change the root directory")
	}
	c, image := made(t, name)
	root = t.TempDir()
	extract(t, image, root)
	id, err := strconv.ParseUint(strings.Split(c.config.User, ":")[0], 10, 32)
	if err != nil {
		t.Fatal(err)
	}
	return root, func(env []string, arguments ...string) *exec.Cmd {
		cmd := exec.CommandContext(t.Context(), arguments[0], arguments[1:]...)
		cmd.Env, cmd.Dir = slices.Concat(c.config.Env, env), "/"
		credential := &syscall.Credential{Uid: uint32(id), Gid: uint32(id)}
		cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: root, Credential: credential, Setpgid: true}
		cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
		return cmd
	}
}

func extract(t *testing.T, image v1.Image, root string) {
	t.Helper()
	flat := mutate.Extract(image)
	defer flat.Close()
	for reader := tar.NewReader(flat); ; {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = place(header, reader, root)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(root, "dev"), 0o755); err != nil {
		t.Fatal(err)
	}
	for device, minor := range map[string]int{"null": 3, "zero": 5, "urandom": 9} {
		path := filepath.Join(root, "dev", device)
		if err := errors.Join(syscall.Mknod(path, syscall.S_IFCHR|0o666, 1<<8|minor), os.Chmod(path, 0o666)); err != nil {
			t.Fatal(err)
		}
	}
}

func place(header *tar.Header, content io.Reader, root string) error {
	path := filepath.Join(root, header.Name) //nolint:gosec // made here
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	switch header.Typeflag {
	case tar.TypeDir:
		return errors.Join(os.MkdirAll(path, 0o755), os.Chmod(path, header.FileInfo().Mode()))
	case tar.TypeSymlink:
		return os.Symlink(header.Linkname, path)
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, fs.FileMode(header.Mode).Perm()) //nolint:gosec // the permission bits
	if err != nil {
		return err
	}
	_, err = io.Copy(file, content)
	return errors.Join(err, file.Close())
}

// environment of a tenant, with a database that nobody listens at.
func environment(port string) []string {
	key := "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
	env := map[string]string{
		"DATABASE_URL": "ecto://a:b@127.0.0.1:1/c", "ENABLE_DB_SSL": "false", "SECRET_KEY_BASE": strings.Repeat("x", 64), "SIGNING_SALT": "x",
		"CIPHER_KEY": key, "OLD_CIPHER_KEY": key, "AUTH_USERNAME": "x", "AUTH_PASSWORD": "x", "BASE_URL": "asha.example.org",
		"REQUEST_ORIGIN": "https://asha.example.org", "REQUEST_ORIGIN_WILDCARD": "https://asha.example.org", "GUPSHUP_WEBHOOK_IPS": "192.0.2.0/24",
		"APPSIGNAL_HOSTNAME": "x", "APPSIGNAL_PUSH_API_KEY": "x", "STRIPE_API_KEY": "x", "STRIPE_SIGNING_SECRET": "x",
		"HTTP_PORT": port, "POOL_SIZE": "1", "RELEASE_DISTRIBUTION": "none",
	}
	var list []string
	for _, name := range slices.Sorted(maps.Keys(env)) {
		list = append(list, name+"="+env[name])
	}
	return list
}

func TestTheStandinRunsAsAUserWhoCanOnlyWriteToTmp(t *testing.T) {
	root, command := jail(t, "standin-0.1.0")
	if _, err := os.Stat(filepath.Join(root, "lib/terminfo/x/xterm")); err != nil {
		t.Errorf("a console would take no terminal, and stay on its own node: %v", err)
	}
	port := freePort(t)
	out, err := command(environment(port), "/app/bin/prod", "eval", `IO.puts(File.write("/app/x", "") |> inspect()); IO.puts(Standin.Build.version())`).CombinedOutput()
	if err != nil || string(out) != "{:error, :eacces}\n0.1.0\n" {
		t.Fatalf("%v\n%s", err, out)
	}
	node := command(environment(port), "/app/bin/prod", "start")
	start(t, node)
	eventually(t, "the node says that its database is away", func() bool {
		return get(t, "http://127.0.0.1:"+port+"/") == http.StatusServiceUnavailable
	})
}

func TestTheFrontEndServesItsPage(t *testing.T) {
	_, command := jail(t, "frontend")
	start(t, command(nil, "/frontend"))
	eventually(t, "the page is served", func() bool { return get(t, "http://127.0.0.1:8080/") == http.StatusOK })
}

func TestPostgresMakesAClusterAndSpeaksTLSOnly(t *testing.T) {
	root, command := jail(t, "postgres")
	port := freePort(t)
	if err := os.Chown(filepath.Join(root, "var/lib/postgresql/data"), 999, 999); err != nil {
		t.Fatal(err)
	}
	out, err := command([]string{"POSTGRES_PASSWORD=secret"}, "/postgres.sh").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "/tls/tls.crt is missing") {
		t.Fatalf("without a certificate: %v\n%s", err, out)
	}
	certificate(t, filepath.Join(root, "tls"))
	start(t, command([]string{"POSTGRES_PASSWORD=secret"}, "/postgres.sh", "-c", "port="+port, "-c", "dynamic_shared_memory_type=mmap"))
	ask := func(password, mode string) string {
		connection := "host=localhost hostaddr=127.0.0.1 port=" + port + " user=postgres sslrootcert=/tls/tls.crt sslmode=" + mode
		out, err := command([]string{"PGPASSWORD=" + password}, "/usr/lib/postgresql/15/bin/psql", "-AtXc", "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()", connection).CombinedOutput()
		if err != nil {
			return err.Error() + ": " + string(out)
		}
		return string(out)
	}
	got := ""
	t.Cleanup(func() { t.Log("psql said last:", got) })
	eventually(t, "psql is answered over TLS", func() bool {
		got = ask("secret", "verify-full")
		return got == "t\n"
	})
	if got = ask("secret", "disable"); !strings.Contains(got, "no encryption") {
		t.Errorf("without TLS: %s", got)
	}
	if got = ask("wrong", "verify-full"); !strings.Contains(got, "password authentication failed") {
		t.Errorf("with a wrong password: %s", got)
	}
}

// start runs a program until the test ends.
func start(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	var log strings.Builder
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Cancel() // it may have ended
		_ = cmd.Wait()   // it was killed
		if t.Failed() {
			t.Log(log.String())
		}
	})
}

func get(t *testing.T, url string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0
	}
	defer answer.Body.Close()
	return answer.StatusCode
}

func eventually(t *testing.T, what string, yes func() bool) {
	t.Helper()
	for deadline := time.After(time.Minute); !yes(); {
		select {
		case <-time.After(100 * time.Millisecond):
		case <-deadline:
			t.Fatalf("not within a minute: %s", what)
		}
	}
}

func freePort(t *testing.T) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// certificate writes one for localhost that signs itself.
func certificate(t *testing.T, dir string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	signed, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	err = errors.Join(
		os.WriteFile(filepath.Join(dir, "tls.crt"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed}), 0o644),
		os.WriteFile(filepath.Join(dir, "tls.key"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o644),
	)
	if err != nil {
		t.Fatal(err)
	}
}
