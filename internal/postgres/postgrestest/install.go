package postgrestest

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// packages pins what Install fetches: builds of PostgreSQL with its contributed
// extensions, published as npm packages, and their SHA-512.
var packages = map[int]struct {
	version string
	sums    map[string]string // by platform
}{
	15: {"15.18.0-beta.17", map[string]string{
		"linux-x64":    "TC0kHcDMAusLbQXRc+9KMz1BLJY+ntfPNbwFP79f9IURSxPRgFLy0Ig8oF1J8Wy9Wnj0XdZkMItV3Nov/LwqhA==",
		"linux-arm64":  "ape8eUuz4O2KrO8mySDMEKuHYEppJ71EJ4IanBa1fH6LOui9wifm4+iJnhFkaY+WGBa/Rgw/of+RlFHO2i+bLg==",
		"darwin-arm64": "1hTznqARpTs+IaX3YYltEIJVNwXCuUoHhif+Xiub09SgtzpVhX1LRaJCpzp8kVJV0zxsBBFfv8kkT9TqJdJ32Q==",
	}},
	18: {"18.4.0-beta.17", map[string]string{
		"linux-x64":    "jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==",
		"linux-arm64":  "TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==",
		"darwin-arm64": "Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q==",
	}},
}

// Install fetches a pinned build of a major into the cache with npm, which must be
// installed, unless Find finds one already; it returns the folder as Find does.
func Install(ctx context.Context, major int) (bin string, err error) {
	if bin, err := Find(ctx, major); err == nil {
		return bin, nil
	}
	platform := runtime.GOOS + "-" + strings.NewReplacer("amd64", "x64").Replace(runtime.GOARCH)
	pinned, sum := packages[major], packages[major].sums[platform]
	if sum == "" {
		return "", fmt.Errorf("%w: no build of version %d is known for %s: install it from your distribution", ErrNotInstalled, major, platform)
	}
	cache, err := cacheDir()
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return "", err
	}
	work, err := os.MkdirTemp(cache, ".postgres-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(work) //nolint:errcheck // a leftover does no harm
	archive, err := fetch(ctx, work, "@embedded-postgres/"+platform+"@"+pinned.version, sum)
	if err != nil {
		return "", fmt.Errorf("installing PostgreSQL %d: %w", major, err)
	}
	target := filepath.Join(cache, "postgres-"+pinned.version)
	if err := unpack(archive, filepath.Join(work, "tree")); err != nil {
		return "", fmt.Errorf("installing PostgreSQL %d: %w", major, err)
	}
	if err := os.Rename(filepath.Join(work, "tree"), target); err != nil && !errors.Is(err, os.ErrExist) {
		return "", fmt.Errorf("installing PostgreSQL %d: %w", major, err)
	}
	return Find(ctx, major)
}

// fetch lets npm download a package and checks it against its pinned sum.
func fetch(ctx context.Context, dir, name, sum string) ([]byte, error) {
	command := exec.CommandContext(ctx, "npm", "pack", "--silent", "--pack-destination", dir, name)
	command.Dir = dir
	if out, err := command.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("npm pack %s: %w: %s", name, err, bytes.TrimSpace(out))
	}
	found, err := filepath.Glob(filepath.Join(dir, "*.tgz"))
	if err != nil || len(found) != 1 {
		return nil, fmt.Errorf("npm pack %s left %d archives", name, len(found))
	}
	archive, err := os.ReadFile(found[0])
	if err != nil {
		return nil, err
	}
	if got := sha512.Sum512(archive); base64.StdEncoding.EncodeToString(got[:]) != sum {
		return nil, fmt.Errorf("%s is not what was pinned", name)
	}
	return archive, nil
}

const nativePrefix = "package/native/"

// unpack writes the part of the package that is PostgreSQL.
func unpack(archive []byte, dir string) error {
	unzipped, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return err
	}
	for files := tar.NewReader(unzipped); ; {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			return link(dir)
		}
		if err != nil {
			return err
		}
		name, native := strings.CutPrefix(header.Name, nativePrefix)
		if !native || header.Typeflag != tar.TypeReg || !filepath.IsLocal(name) {
			continue
		}
		if err := write(filepath.Join(dir, name), files, header.FileInfo().Mode().Perm()); err != nil {
			return err
		}
	}
}

func write(path string, content io.Reader, mode os.FileMode) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, content)
	return errors.Join(err, file.Close())
}

// link makes the names of the shared libraries that npm packages cannot contain.
func link(dir string) error {
	list, err := os.ReadFile(filepath.Join(dir, "pg-symlinks.json"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(list, &links); err != nil {
		return err
	}
	for _, l := range links {
		target := strings.TrimPrefix(l.Target, "native/")
		if !filepath.IsLocal(target) {
			return fmt.Errorf("library %s lies outside", l.Target)
		}
		if err := os.Symlink(filepath.Base(l.Source), filepath.Join(dir, target)); err != nil {
			return err
		}
	}
	return nil
}
