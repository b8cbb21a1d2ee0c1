package components

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"runtime"
	"strings"
	"time"
)

// release says where a version's official binary and its SHA-256 are published.
type release func(c Component) published

// published is one official file. checksums holds lines "<sha256>  <file>", or
// the bare sum. inArchive is the file's path inside a .tar.gz, if it is one.
type published struct {
	file, checksums, inArchive string
}

// kubernetesRelease: https://kubernetes.io/releases/download/#binaries
func kubernetesRelease(c Component) published {
	file := fmt.Sprintf("https://dl.k8s.io/%s/bin/%s/%s/%s", c.Version, runtime.GOOS, runtime.GOARCH, c.Name)
	return published{file: file, checksums: file + ".sha256"}
}

// etcdRelease: https://etcd.io/docs/v3.6/install/
func etcdRelease(c Component) published {
	folder := fmt.Sprintf("etcd-%s-%s-%s", c.Version, runtime.GOOS, runtime.GOARCH)
	base := "https://github.com/etcd-io/etcd/releases/download/" + c.Version
	return published{file: base + "/" + folder + ".tar.gz", checksums: base + "/SHA256SUMS", inArchive: folder + "/etcd"}
}

// containerdRelease: https://github.com/containerd/containerd/releases
func containerdRelease(c Component) published {
	name := fmt.Sprintf("containerd-static-%s-linux-%s.tar.gz", strings.TrimPrefix(c.Version, "v"), runtime.GOARCH)
	file := "https://github.com/containerd/containerd/releases/download/" + c.Version + "/" + name
	return published{file: file, checksums: file + ".sha256sum", inArchive: "bin/" + c.Name}
}

// runcRelease: https://github.com/opencontainers/runc/releases
func runcRelease(c Component) published {
	base := "https://github.com/opencontainers/runc/releases/download/" + c.Version
	return published{file: base + "/runc." + runtime.GOARCH, checksums: base + "/runc.sha256sum"}
}

// cniRelease: https://github.com/containernetworking/plugins/releases
func cniRelease(c Component) published {
	name := fmt.Sprintf("cni-plugins-linux-%s-%s.tgz", runtime.GOARCH, c.Version)
	file := "https://github.com/containernetworking/plugins/releases/download/" + c.Version + "/" + name
	return published{file: file, checksums: file + ".sha256", inArchive: "./" + c.Name}
}

// corednsRelease: https://github.com/coredns/coredns/releases
func corednsRelease(c Component) published {
	name := fmt.Sprintf("coredns_%s_linux_%s.tgz", strings.TrimPrefix(c.Version, "v"), runtime.GOARCH)
	file := "https://github.com/coredns/coredns/releases/download/" + c.Version + "/" + name
	return published{file: file, checksums: file + ".sha256", inArchive: c.Name}
}

// traefikRelease: https://github.com/traefik/traefik/releases
func traefikRelease(c Component) published {
	base := "https://github.com/traefik/traefik/releases/download/" + c.Version
	return published{
		file:      fmt.Sprintf("%s/traefik_%s_linux_%s.tar.gz", base, c.Version, runtime.GOARCH),
		checksums: fmt.Sprintf("%s/traefik_%s_checksums.txt", base, c.Version),
		inArchive: c.Name,
	}
}

// An unreachable network must cost seconds, not minutes; a slow one may take its time.
const (
	reachTimeout    = 4 * time.Second
	downloadTimeout = 10 * time.Minute
)

// errNoChecksum: a binary that cannot be verified is not used.
var errNoChecksum = errors.New("no published checksum")

// download returns the verified bytes of the component's program.
func download(ctx context.Context, client *http.Client, p published) ([]byte, error) {
	sums, err := get(ctx, client, p.checksums, reachTimeout)
	if err != nil {
		return nil, err
	}
	want, err := checksumOf(string(sums), path.Base(p.file))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.checksums, err)
	}
	content, err := get(ctx, client, p.file, downloadTimeout)
	if err != nil {
		return nil, err
	}
	if got := sha256.Sum256(content); hex.EncodeToString(got[:]) != want {
		return nil, fmt.Errorf("%s: checksum is %x, published is %s", p.file, got, want)
	}
	if p.inArchive == "" {
		return content, nil
	}
	return extract(content, p.inArchive)
}

func get(ctx context.Context, client *http.Client, url string, timeout time.Duration) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", url, resp.Status)
	}
	return io.ReadAll(resp.Body)
}

// checksumOf finds the SHA-256 of file in sums, which is either the bare sum or
// one "<sum>  <file>" per line, as sha256sum prints it.
func checksumOf(sums, file string) (string, error) {
	for line := range strings.Lines(sums) {
		fields := strings.Fields(line)
		bare := len(fields) == 1
		named := len(fields) == 2 && strings.TrimPrefix(fields[1], "*") == file
		if (bare || named) && len(fields[0]) == sha256.Size*2 {
			return fields[0], nil
		}
	}
	return "", errNoChecksum
}

func extract(archive []byte, name string) ([]byte, error) {
	unzipped, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return nil, err
	}
	files := tar.NewReader(unzipped)
	for {
		header, err := files.Next()
		if err != nil {
			return nil, fmt.Errorf("looking for %s in the archive: %w", name, err)
		}
		if header.Name == name {
			return io.ReadAll(files)
		}
	}
}
