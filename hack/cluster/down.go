package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// down ends everything and leaves no process, mount, interface, network namespace,
// cgroup, packet-filter rule or file behind, whatever state the cluster is in.
func (c *cluster) down(ctx context.Context) error {
	stages := []stage{
		{"ending the processes", c.killAll},
		{"unmounting", c.unmountAll},
		{"removing the cgroups", c.removeCgroups},
		{"removing the network namespace", c.removeNetwork},
		{"removing the files", c.removeFiles},
	}
	for _, s := range stages {
		if err := s.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", s.what, err)
		}
	}
	c.say("down: nothing of cluster %s is left", c.name)
	return nil
}

// killAll kills the programs, the shims and all containers: every process in the
// cluster's cgroups, until none is left. What they would save is removed anyway.
func (c *cluster) killAll(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	return until(ctx, func() error {
		pids, err := c.members()
		if err != nil || len(pids) == 0 {
			return err
		}
		for _, pid := range pids {
			if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
				return fmt.Errorf("killing process %d: %w", pid, err)
			}
		}
		return fmt.Errorf("%d processes are still there", len(pids))
	})
}

// unmountAll unmounts what lies below the cluster's folder, the last mount first.
func (c *cluster) unmountAll(context.Context) error {
	mounts, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		return err
	}
	points := mountsBelow(string(mounts), c.dir)
	slices.Reverse(points)
	for _, point := range points {
		if err := unmount(point); err != nil && !errors.Is(err, syscall.EINVAL) {
			return fmt.Errorf("unmounting %s: %w", point, err)
		}
	}
	return nil
}

// mountsBelow lists the mount points below dir in the order of mounting.
func mountsBelow(mounts, dir string) []string {
	// fstab(5): white space and backslashes are written as octal numbers.
	plain := strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`)
	var points []string
	for line := range strings.Lines(mounts) {
		if fields := strings.Fields(line); len(fields) > 1 {
			if point := plain.Replace(fields[1]); strings.HasPrefix(point, dir+"/") {
				points = append(points, point)
			}
		}
	}
	return points
}

// removeNetwork removes the namespace, and with it the Pods' interfaces and every
// packet-filter rule that kube-proxy and the plugins made.
func (c *cluster) removeNetwork(ctx context.Context) error {
	if _, err := os.Stat(c.netnsPath()); err == nil {
		if err := command(ctx, "ip", "netns", "del", c.netns); err != nil {
			return err
		}
	}
	interfaceFile := "/sys/class/net/" + c.link
	if _, err := os.Stat(interfaceFile); err == nil {
		// The namespace takes its end along, a moment later; be sure of this end.
		if err := command(ctx, "ip", "link", "del", c.link); err != nil {
			if _, gone := os.Stat(interfaceFile); gone == nil {
				return err
			}
		}
	}
	return nil
}

func (c *cluster) removeFiles(context.Context) error {
	if err := c.removeTraces(); err != nil {
		return err
	}
	if err := os.RemoveAll(c.dir); err != nil {
		return err
	}
	return restoreMachine(filepath.Dir(c.dir))
}
