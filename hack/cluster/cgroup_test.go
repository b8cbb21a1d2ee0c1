package main

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// hierarchy makes folders and files that look like a cgroup hierarchy: what is
// written to a file replaces what is there, as nothing reads it.
func hierarchy(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, content := range files {
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// written reads back the files below root that exist.
func written(t *testing.T, root string, files ...string) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, name := range files {
		if content, err := os.ReadFile(filepath.Join(root, name)); err == nil {
			found[name] = string(content)
		}
	}
	return found
}

func TestVersion2DelegatesWhatTheKubeletUses(t *testing.T) {
	root := hierarchy(t, map[string]string{
		"cgroup.controllers":   "memory rdma",
		"n/cgroup.controllers": "rdma pids",
	})
	if err := delegate(root, filepath.Join(root, "n")); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"cgroup.subtree_control": "+memory", "n/cgroup.subtree_control": "+pids"}
	if got := written(t, root, "cgroup.subtree_control", "n/cgroup.subtree_control"); !maps.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestVersion1DelegatesNothing(t *testing.T) {
	root := hierarchy(t, map[string]string{"n/memory.limit_in_bytes": "1"})
	if err := delegate(root, filepath.Join(root, "n")); err != nil {
		t.Fatal(err)
	}
	if got := written(t, root, "cgroup.subtree_control", "n/cgroup.subtree_control"); len(got) != 0 {
		t.Errorf("wrote %q", got)
	}
}

func TestANewSetOfProcessorsIsThatOfTheParent(t *testing.T) {
	root := hierarchy(t, map[string]string{
		"cpuset.cpus": "0-1", "cpuset.mems": "0", "n/cpuset.cpus": "", "n/agents/cpuset.cpus": "",
	})
	if err := inheritCPUs(root, filepath.Join(root, "n")); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"n/cpuset.cpus": "0-1", "n/agents/cpuset.cpus": "0-1", "n/cpuset.mems": "0", "n/agents/cpuset.mems": "0"}
	got := written(t, root, "n/cpuset.cpus", "n/agents/cpuset.cpus", "n/cpuset.mems", "n/agents/cpuset.mems")
	if !maps.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestAGroupWithProcessesIsExplained(t *testing.T) {
	busy := &fs.PathError{Op: "write", Path: "cgroup.subtree_control", Err: syscall.EBUSY}
	if err := undelegated("/sys/fs/cgroup", "memory", busy); !errors.Is(err, syscall.EBUSY) || !strings.Contains(err.Error(), "move them into a group below it") {
		t.Errorf("%v", err)
	}
	if err := undelegated("/sys/fs/cgroup", "memory", fs.ErrPermission); strings.Contains(err.Error(), "processes") {
		t.Errorf("%v", err)
	}
}
