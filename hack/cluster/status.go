package main

import (
	"context"
	"fmt"
	"os"
	"text/tabwriter"

	"github.com/glific/organisation-operator/internal/testkit/components"
)

// status says what runs, where it answers, and what this cluster cannot do.
func (c *cluster) status(ctx context.Context) error {
	if _, err := os.Stat(c.kubeconfig()); err != nil {
		_, err := fmt.Fprintf(c.out, "cluster %s is not up; run `go run . up`\n", c.name)
		return err
	}
	table := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "PROGRAM\tSTATE\tLOG")
	for _, p := range c.programs() {
		state := "ended; `go run . start " + p.name + "` brings it back"
		if pid, running := c.pid(p.name); running {
			state = fmt.Sprintf("process %d", pid)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", p.name, state, c.logFile(p.name))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(c.out, "\n%s\n", c.nodeStatus(ctx))
	fmt.Fprintf(c.out, "API server   %s (export KUBECONFIG=%s; kubectl is %s)\n", c.apiURL(), c.kubeconfig(), c.bin(components.Kubectl))
	fmt.Fprintf(c.out, "Node ports   %s from this machine; pods %s, services %s\n", c.nodeAddr, podRange, serviceRange)
	fmt.Fprintf(c.out, "Inside       nsenter --net=%s\n", c.netnsPath())
	_, err := fmt.Fprintln(c.out, "Limits       NetworkPolicies are stored but NOT enforced: the bridge plugin lets every Pod reach every Pod.\n"+
		"             No Pod reaches anything outside the cluster. No image is pulled: load it first.")
	return err
}

// nodeStatus is what the API server says of the node. Without the network namespace,
// for example after a reboot, nobody is asked: the question would leave the machine.
func (c *cluster) nodeStatus(ctx context.Context) string {
	if _, err := os.Stat(c.netnsPath()); err != nil {
		return "The network namespace is gone, as after a reboot; `go run . up` makes it and starts everything.\n"
	}
	nodes, err := c.kubectl(ctx, nil, "get", "nodes", "--output=wide", "--request-timeout=5s")
	if err != nil {
		return fmt.Sprintf("The API server does not answer: %v\n", err)
	}
	return nodes
}
