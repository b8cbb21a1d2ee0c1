// Command cluster runs a real Kubernetes with one node on this machine: etcd,
// control plane, kubelet, kube-proxy, containerd and CoreDNS, without a container
// engine and without an image registry. It needs Linux and root.
//
//	go run . up [--with gateway]   # harmless when it is up already
//	go run . status
//	go run . kubeconfig            # prints the path of a kubeconfig
//	go run . load IMAGE.tar ...    # resolvable on the node by name@sha256:…
//	go run . stop|kill|start NAME  # one of the programs, for example kubelet
//	go run . down                  # leaves nothing behind
//
// Everything lives in a network namespace that no route leads out of. CLUSTER_NAME
// (default "default") tells clusters apart that run side by side.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
	"time"
)

const usage = "usage: cluster up [--with gateway] | down | status | kubeconfig | load IMAGE.tar ... | stop NAME | kill NAME | start NAME"

var errUsage = errors.New(usage)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "cluster:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return errUsage
	}
	c, err := newCluster(os.Getenv("CLUSTER_NAME"), os.Stdout)
	if err != nil {
		return err
	}
	if args[0] == "kubeconfig" {
		return c.printKubeconfig()
	}
	if runtime.GOOS != "linux" {
		return errors.New("a node needs Linux; on this machine use kind")
	}
	if os.Geteuid() != 0 {
		return fmt.Errorf("%s needs root: it makes network namespaces, mounts and cgroups; run it with sudo", args[0])
	}
	unlock, err := c.lock()
	if err != nil {
		return err
	}
	defer unlock()
	return c.command(ctx, args[0], args[1:])
}

func (c *cluster) command(ctx context.Context, verb string, args []string) error {
	switch verb {
	case "up":
		addons, err := parseAddons(args)
		if err != nil {
			return err
		}
		return c.up(ctx, addons)
	case "down":
		return c.down(ctx)
	case "status":
		return c.status(ctx)
	case "load":
		return c.loadAll(ctx, args)
	case "stop", "kill", "start":
		if len(args) != 1 {
			return errUsage
		}
		return c.control(ctx, verb, args[0])
	}
	return errUsage
}

// parseAddons reads "--with gateway"; nothing else can be added so far.
func parseAddons(args []string) (gateway bool, err error) {
	words := strings.Join(args, " ")
	switch words {
	case "":
		return false, nil
	case "--with gateway", "--with=gateway":
		return true, nil
	}
	return false, fmt.Errorf("unknown arguments %q; %w", words, errUsage)
}

// say prints one line of progress with the time since the command began.
func (c *cluster) say(format string, args ...any) {
	fmt.Fprintf(c.out, "%6.1fs  %s\n", time.Since(c.began).Seconds(), fmt.Sprintf(format, args...))
}
