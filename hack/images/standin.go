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

	v1 "github.com/google/go-containerregistry/pkg/v1"
)

const standinUser = "1000"

// shell and C library, for whatever is not one static binary.
var systemPackages = []string{"busybox-static", "libc6", "libc-bin", "libgcc-s1", "zlib1g"}

// What the Erlang machine, its crypto library and epmd are linked to, and the terminals
// that a console knows: without them IEx takes none, and stays on its own node.
var erlangPackages = []string{
	"libcap2", "libgcrypt20", "libgpg-error0", "liblz4-1", "liblzma5", "libssl3", "libstdc++6", "libsystemd0", "libtinfo6", "libzstd1", "ncurses-base",
}

// standin is a release with its own Erlang, in a layer above one that all versions
// share. Nothing but /tmp is written.
func standin(version string) func(context.Context, string, string) (contents, error) {
	return func(ctx context.Context, root, work string) (contents, error) {
		release := filepath.Join(work, "release")
		cmd := exec.CommandContext(ctx, "sh", filepath.Join(root, "test", "standin", "build.sh"), version, release)
		if out, err := cmd.CombinedOutput(); err != nil {
			return contents{}, fmt.Errorf("%w\n%s", err, out)
		}
		below, app := files{}, files{}
		below.base("app", standinUser)
		if err := below.system(ctx, erlangPackages, nil); err != nil {
			return contents{}, err
		}
		if err := app.tree("app", release); err != nil {
			return contents{}, err
		}
		return contents{[]files{below, app}, v1.Config{
			Entrypoint: []string{"/app/bin/prod"}, Cmd: []string{"start"}, User: standinUser + ":" + standinUser, WorkingDir: "/app",
			// A crash dump would hold the tenant's keys.
			Env: []string{"PATH=/bin:/usr/bin", "LANG=C.UTF-8", "HOME=/tmp", "RELEASE_TMP=/tmp", "ERL_CRASH_DUMP_SECONDS=0"},
		}}, nil
	}
}

// system adds packages, the C library's locale C.UTF-8, and busybox as the shell
// and all its other programs.
func (f files) system(ctx context.Context, packages, exclude []string) error {
	exclude = slices.Concat(exclude, []string{"usr/lib/x86_64-linux-gnu/gconv/", "usr/lib/aarch64-linux-gnu/gconv/", "sbin/", "usr/sbin/",
		"usr/bin/getconf", "usr/bin/getent", "usr/bin/iconv", "usr/bin/ldd", "usr/bin/pldd", "usr/bin/tzselect", "usr/bin/zdump"})
	if err := f.debian(ctx, slices.Concat(systemPackages, packages), exclude); err != nil {
		return err
	}
	applets, err := f.applets(ctx)
	if err != nil {
		return fmt.Errorf("asking busybox for its programs: %w", err)
	}
	for applet := range strings.FieldsSeq(string(applets)) {
		if _, taken := f["bin/"+applet]; !taken {
			f.link("bin/"+applet, "busybox")
		}
	}
	return nil
}

// applets asks the image's own busybox.
func (f files) applets(ctx context.Context) ([]byte, error) {
	busybox, err := os.CreateTemp("", "busybox-")
	if err != nil {
		return nil, err
	}
	defer os.Remove(busybox.Name())
	_, err = busybox.Write(f["bin/busybox"].content)
	if err := errors.Join(err, busybox.Chmod(0o700), busybox.Close()); err != nil {
		return nil, err
	}
	return exec.CommandContext(ctx, busybox.Name(), "--list").Output()
}
