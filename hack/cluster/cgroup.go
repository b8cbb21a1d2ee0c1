package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// agents is the cgroup of the programs themselves and of the shims, beside the one
// that the kubelet makes for Pods (kubepods).
const agents = "agents"

// hierarchies lists where cgroups are mounted: one path per hierarchy of version 1
// (symlinks resolved), the one of version 2, or both on a hybrid host.
func hierarchies() ([]string, error) {
	content, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		return nil, err
	}
	var found []string
	for line := range strings.Lines(string(content)) {
		fields := strings.Fields(line)
		if len(fields) > 2 && (fields[2] == "cgroup" || fields[2] == "cgroup2") && !slices.Contains(found, fields[1]) {
			found = append(found, fields[1])
		}
	}
	if len(found) == 0 {
		return nil, errors.New("no cgroup hierarchy is mounted; mount /sys/fs/cgroup")
	}
	return found, nil
}

// unified says whether the host has cgroup version 2 only.
func unified() bool {
	_, err := os.Stat("/sys/fs/cgroup/cgroup.controllers")
	return err == nil
}

// makeCgroups makes the node's cgroup, which the kubelet demands to find, and the
// agents' below it, in every hierarchy.
func (c *cluster) makeCgroups(context.Context) error {
	roots, err := hierarchies()
	if err != nil {
		return err
	}
	for _, root := range roots {
		group := filepath.Join(root, c.cgroup)
		if err := os.MkdirAll(group, 0o755); err != nil {
			return err
		}
		if err := delegate(root, group); err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Join(group, agents), 0o755); err != nil {
			return err
		}
		if err := inheritCPUs(root, group); err != nil {
			return err
		}
	}
	return nil
}

// controllers are those of version 2 that the kubelet uses, and io.
var controllers = []string{"cpu", "cpuset", "hugetlb", "io", "memory", "pids"}

// delegate enables, on version 2, the controllers for the children of root and of
// group.
func delegate(root, group string) error {
	for _, dir := range []string{root, group} {
		available, err := os.ReadFile(filepath.Join(dir, "cgroup.controllers"))
		if errors.Is(err, fs.ErrNotExist) {
			return nil // version 1
		}
		if err != nil {
			return err
		}
		for _, controller := range strings.Fields(string(available)) {
			if !slices.Contains(controllers, controller) {
				continue
			}
			file := filepath.Join(dir, "cgroup.subtree_control")
			if err := os.WriteFile(file, []byte("+"+controller), 0o644); err != nil {
				return undelegated(dir, controller, err)
			}
		}
	}
	return nil
}

// undelegated explains the refusal that version 2 gives for every group but the machine's
// first that has processes of its own (cgroups(7), "no internal processes").
func undelegated(dir, controller string, err error) error {
	if errors.Is(err, syscall.EBUSY) {
		return fmt.Errorf("enabling the cgroup controller %s: %s has processes of its own, as in a container that has a cgroup namespace; "+
			"run this on the machine itself, or move them into a group below it: %w", controller, dir, err)
	}
	return fmt.Errorf("enabling the cgroup controller %s in %s: %w", controller, dir, err)
}

// inheritCPUs fills, on version 1, the sets of a new cpuset group: as long as they
// are empty no process can enter it.
func inheritCPUs(root, group string) error {
	for _, file := range []string{"cpuset.cpus", "cpuset.mems"} {
		parent, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			continue // not this controller, or version 2
		}
		for _, dir := range []string{group, filepath.Join(group, agents)} {
			if err := os.WriteFile(filepath.Join(dir, file), parent, 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}

// agentCgroups are the files that a program writes its id to before it starts.
func (c *cluster) agentCgroups() ([]string, error) {
	roots, err := hierarchies()
	var files []string
	for _, root := range roots {
		files = append(files, filepath.Join(root, c.cgroup, agents, "cgroup.procs"))
	}
	return files, err
}

// groups lists the cluster's cgroups, children before their parents.
func (c *cluster) groups() ([]string, error) {
	roots, err := hierarchies()
	if err != nil {
		return nil, err
	}
	var dirs []string
	for _, root := range roots {
		_ = filepath.WalkDir(filepath.Join(root, c.cgroup), func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() {
				dirs = append(dirs, path)
			}
			return nil // a group that went away meanwhile needs no removal
		})
	}
	slices.Reverse(dirs)
	return dirs, nil
}

// members lists the processes in the cluster's cgroups.
func (c *cluster) members() ([]int, error) {
	dirs, err := c.groups()
	var pids []int
	for _, dir := range dirs {
		content, _ := os.ReadFile(filepath.Join(dir, "cgroup.procs")) // gone: empty
		for _, word := range strings.Fields(string(content)) {
			if pid, err := strconv.Atoi(word); err == nil && pid > 0 && !slices.Contains(pids, pid) {
				pids = append(pids, pid)
			}
		}
	}
	return pids, err
}

// removeCgroups removes the empty groups. The kernel may need a moment after the
// last process of a group has ended.
func (c *cluster) removeCgroups(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	return until(ctx, func() error {
		dirs, err := c.groups()
		for _, dir := range dirs {
			if e := os.Remove(dir); e != nil && !errors.Is(e, fs.ErrNotExist) {
				err = errors.Join(err, e)
			}
		}
		return err
	})
}
