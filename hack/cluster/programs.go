package main

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/glific/organisation-operator/internal/testkit/components"
)

// program is one of the cluster's long-running programs.
type program struct {
	name  string
	args  []string
	ready func(context.Context) error
}

// programs lists them in the order of their start.
func (c *cluster) programs() []program {
	return []program{
		{components.Etcd, c.etcdArgs(), socket(c.path("run", "etcd.sock"))},
		{components.APIServer, c.apiServerArgs(), c.apiServerReady},
		{components.ControllerManager, c.controllerManagerArgs(), c.listens(10257)},
		{components.Scheduler, c.schedulerArgs(), c.listens(10259)},
		{components.Containerd, c.containerdArgs(), c.containerdReady},
		{components.Kubelet, c.kubeletArgs(), c.listens(10250)},
		{components.Proxy, c.proxyArgs(), c.listens(proxyHealthPort)},
	}
}

func (c *cluster) program(name string) (program, error) {
	var names []string
	for _, p := range c.programs() {
		if p.name == name {
			return p, nil
		}
		names = append(names, p.name)
	}
	return program{}, fmt.Errorf("no program %q; there are %s", name, strings.Join(names, ", "))
}

func (c *cluster) startAll(ctx context.Context) error {
	for _, p := range c.programs() {
		if err := c.start(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// start starts a program that does not run, and returns when it is of use.
func (c *cluster) start(ctx context.Context, p program) error {
	if _, running := c.pid(p.name); running {
		return nil
	}
	if err := c.launch(ctx, p); err != nil {
		return fmt.Errorf("%s: %w", p.name, err)
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	if err := c.awaitProgram(ctx, p); err != nil {
		return err
	}
	c.say("%s runs", p.name)
	return nil
}

func (c *cluster) awaitProgram(ctx context.Context, p program) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	err := until(ctx, func() error {
		if _, running := c.pid(p.name); !running {
			cancel(fmt.Errorf("%s ended by itself; the end of %s:\n%s", p.name, c.logFile(p.name), tail(c.logFile(p.name))))
		}
		return p.ready(ctx)
	})
	if cause := context.Cause(ctx); err != nil && cause != nil {
		return cause
	}
	return err
}

// launch starts the program in the node's network namespace and cgroup, in a
// session of its own, so that it outlives this command.
func (c *cluster) launch(ctx context.Context, p program) error {
	groups, err := c.agentCgroups()
	if err != nil {
		return err
	}
	log, err := os.OpenFile(c.logFile(p.name), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	// The shell enters the cgroups and then becomes the program, under the same id.
	script := "for group in " + strings.Join(groups, " ") + `; do echo $$ > $group; done; exec nsenter --net="$0" "$@"`
	cmd := exec.CommandContext(context.WithoutCancel(ctx), "sh", append([]string{"-c", script, c.netnsPath(), c.bin(p.name)}, p.args...)...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = c.dir, log, log
	cmd.Env = []string{"HOME=" + c.dir, "PATH=" + c.path("bin") + ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return err
	}
	go func() { _ = cmd.Wait() }() // reaps it if it ends while this command still runs
	return c.recordPID(p.name, cmd.Process.Pid)
}

func (c *cluster) logFile(name string) string { return c.path("logs", name+".log") }

// socket is ready when something accepts connections on the Unix socket.
func socket(path string) func(context.Context) error {
	return func(ctx context.Context) error {
		conn, err := (&net.Dialer{}).DialContext(ctx, "unix", path)
		if err != nil {
			return err
		}
		return conn.Close()
	}
}

// listens is ready when the node accepts connections on the port.
func (c *cluster) listens(port uint16) func(context.Context) error {
	return func(ctx context.Context) error {
		address := netip.AddrPortFrom(c.nodeAddr, port).String()
		conn, err := (&net.Dialer{Timeout: time.Second}).DialContext(ctx, "tcp", address)
		if err != nil {
			return err
		}
		return conn.Close()
	}
}

func (c *cluster) apiServerReady(ctx context.Context) error {
	if err := c.listens(apiPort)(ctx); err != nil {
		return err // asked without starting kubectl
	}
	_, err := c.kubectl(ctx, nil, "get", "--raw", "/readyz")
	return err
}

func (c *cluster) containerdReady(ctx context.Context) error {
	_, err := c.ctr(ctx, "version")
	return err
}
