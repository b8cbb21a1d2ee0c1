package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// unwanted parts of packages: what no program here reads.
var unwanted = []string{
	"usr/share/doc/", "usr/share/doc-base/", "usr/share/man/", "usr/share/lintian/", "usr/share/locale/", "usr/share/bug/",
	"usr/share/info/", "usr/share/menu/", "usr/share/gdb/", "usr/share/perl5/", "etc/", "lib/systemd/", "usr/lib/systemd/",
}

// debian adds packages of this machine's release of Debian. Those that exclude names
// are left out as well.
func (f files) debian(ctx context.Context, packages, exclude []string) error {
	exclude = slices.Concat(exclude, unwanted)
	keep := func(name string) bool {
		return !slices.ContainsFunc(exclude, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
	}
	archives, err := fetch(ctx, packages)
	if err != nil {
		return fmt.Errorf("getting Debian's packages: %w", err)
	}
	for _, archive := range archives {
		if err := f.unpackDebian(ctx, archive, keep); err != nil {
			return fmt.Errorf("unpacking %s: %w", archive, err)
		}
	}
	return nil
}

func (f files) unpackDebian(ctx context.Context, archive string, keep func(string) bool) error {
	cmd := exec.CommandContext(ctx, "dpkg-deb", "--fsys-tarfile", archive)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	err = f.unpack(out, keep)
	return errors.Join(err, cmd.Wait())
}

// fetch returns the files of packages, in their order: from the cache, where their
// names carry their versions, or from the archive.
func fetch(ctx context.Context, packages []string) ([]string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(cache, "organisation-operator", "debian")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	candidates, err := candidates(ctx, packages)
	if err != nil {
		return nil, err
	}
	var archives []string
	for _, name := range packages {
		archive := filepath.Join(dir, candidates[name])
		if _, err := os.Stat(archive); err != nil {
			if err := download(ctx, name, archive); err != nil {
				return nil, err
			}
		}
		archives = append(archives, archive)
	}
	return archives, nil
}

// candidates are the file names of the versions that apt would install, by package.
func candidates(ctx context.Context, packages []string) (map[string]string, error) {
	cmd := exec.CommandContext(ctx, "apt-get", append([]string{"--print-uris", "download"}, packages...)...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("apt-get does not know them all; run apt-get update, on Debian 12: %w\n%s", err, out)
	}
	found := map[string]string{}
	for line := range strings.Lines(string(out)) { // 'URI' NAME_VERSION_ARCHITECTURE.deb SIZE HASH
		if fields := strings.Fields(line); len(fields) == 4 {
			name, _, _ := strings.Cut(fields[1], "_")
			found[name] = fields[1]
		}
	}
	for _, name := range packages {
		if found[name] == "" {
			return nil, fmt.Errorf("apt-get names no file of %s: %s", name, out)
		}
	}
	return found, nil
}

// download goes through a folder of its own, so that no half file is ever used.
func download(ctx context.Context, name, archive string) error {
	work, err := os.MkdirTemp(filepath.Dir(archive), "download-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	cmd := exec.CommandContext(ctx, "apt-get", "-o", "APT::Sandbox::User=root", "download", name)
	cmd.Dir = work
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("apt-get download %s: %w\n%s", name, err, out)
	}
	return os.Rename(filepath.Join(work, filepath.Base(archive)), archive)
}
