package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// recordPID writes the process's id with its start time, by which a later process
// with the same id is told apart.
func (c *cluster) recordPID(name string, pid int) error {
	started, err := startTime(pid)
	if err != nil {
		return fmt.Errorf("%s ended at once; see %s: %w", name, c.logFile(name), err)
	}
	return os.WriteFile(c.path("run", name+".pid"), fmt.Appendf(nil, "%d %s\n", pid, started), 0o600)
}

// pid returns the id of the named program and whether it runs.
func (c *cluster) pid(name string) (int, bool) {
	content, err := os.ReadFile(c.path("run", name+".pid"))
	if err != nil {
		return 0, false
	}
	fields := strings.Fields(string(content))
	if len(fields) != 2 {
		return 0, false
	}
	pid, err := strconv.Atoi(fields[0])
	if err != nil {
		return 0, false
	}
	started, err := startTime(pid)
	return pid, err == nil && started == fields[1]
}

// startTime is field 22 of /proc/PID/stat (proc(5)), in clock ticks after boot. A
// process that has ended and waits to be reaped counts as gone, but only when the
// last of its threads has ended: until then its sockets are open.
func startTime(pid int) (string, error) {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "", err
	}
	// The second field may hold spaces; it ends with the last parenthesis.
	fields := strings.Fields(string(content[bytes.LastIndexByte(content, ')')+1:]))
	if len(fields) < 20 {
		return "", os.ErrProcessDone
	}
	state, threads, started := fields[0], fields[17], fields[19]
	if state == "Z" && (threads == "0" || threads == "1") {
		return "", os.ErrProcessDone
	}
	return started, nil
}

// control stops, kills or starts one program; what it started stays as it is.
func (c *cluster) control(ctx context.Context, verb, name string) error {
	p, err := c.program(name)
	if err != nil {
		return err
	}
	if verb == "start" {
		if _, err := os.Stat(c.bin(name)); err != nil {
			return fmt.Errorf("cluster %s is not up; run `go run . up`: %w", c.name, err)
		}
		return c.start(ctx, p)
	}
	pid, running := c.pid(name)
	if !running {
		c.say("%s does not run", name)
		return nil
	}
	signal := syscall.SIGTERM
	if verb == "kill" {
		signal = syscall.SIGKILL
	}
	if err := c.end(ctx, name, pid, signal); err != nil {
		return err
	}
	c.say("%s ended", name)
	return nil
}

// end sends the signal, waits ten seconds for the program to end, and kills it.
func (c *cluster) end(ctx context.Context, name string, pid int, signal syscall.Signal) error {
	if err := syscall.Kill(pid, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("ending %s: %w", name, err)
	}
	gone := func() error {
		if _, running := c.pid(name); running {
			return fmt.Errorf("%s (process %d) still runs", name, pid)
		}
		return nil
	}
	patient, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if until(patient, gone) == nil {
		return nil
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("killing %s: %w", name, err)
	}
	last, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	return until(last, gone)
}

// tail returns the last lines of a file, for an error message.
func tail(file string) string {
	content, err := os.ReadFile(file)
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(content)), "\n")
	return strings.Join(lines[max(0, len(lines)-8):], "\n")
}
