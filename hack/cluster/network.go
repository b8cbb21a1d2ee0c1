package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// makeNetwork makes the network namespace with a pair of interfaces to the host.
// The host's end has the neighbouring address and nothing more: no forwarding, no
// default route inside, so no packet of a Pod leaves the machine.
func (c *cluster) makeNetwork(ctx context.Context) error {
	if _, err := os.Stat(c.netnsPath()); err != nil {
		if err := command(ctx, "ip", "netns", "add", c.netns); err != nil {
			return err
		}
	}
	if err := c.makeLink(ctx); err != nil {
		return err
	}
	for _, setting := range []string{"/proc/sys/net/ipv4/ip_forward", "/proc/sys/net/bridge/bridge-nf-call-iptables"} {
		// Both belong to the namespace. Without the second, which some kernels lack,
		// replies between Pods of one bridge would bypass kube-proxy's translation;
		// proxyConfig masquerades there instead.
		if _, err := os.Stat(setting); err != nil {
			continue
		}
		if err := c.inside(ctx, "sh", "-c", "echo 1 > "+setting); err != nil {
			return err
		}
	}
	return c.closeUplink(ctx)
}

func (c *cluster) makeLink(ctx context.Context) error {
	if _, err := os.Stat("/sys/class/net/" + c.link); err == nil {
		return nil
	}
	for _, line := range []string{
		fmt.Sprintf("ip link add %s type veth peer name %s netns %s", c.link, nodeLink, c.netns),
		fmt.Sprintf("ip addr add %s/30 dev %s", c.hostAddr, c.link),
		fmt.Sprintf("ip link set %s up", c.link),
		fmt.Sprintf("ip -n %s addr add %s/30 dev %s", c.netns, c.nodeAddr, nodeLink),
		fmt.Sprintf("ip -n %s link set %s up", c.netns, nodeLink),
		fmt.Sprintf("ip -n %s link set lo up", c.netns),
		// The node's own programs reach Services only over a route, which kube-proxy
		// then overrides; closeUplink drops what it does not.
		fmt.Sprintf("ip -n %s route replace %s via %s dev %s src %s", c.netns, serviceRange, c.hostAddr, nodeLink, c.nodeAddr),
	} {
		words := strings.Fields(line)
		if err := command(ctx, words[0], words[1:]...); err != nil {
			return err
		}
	}
	return nil
}

// closeUplink keeps Pods from opening connections to the host: its answers would
// take the host's default route, because it knows no other to a Pod. Answers of
// Pods to connections from the host pass. Nothing but the host is ever addressed
// over the link, so that a host that forwards has nothing to forward.
func (c *cluster) closeUplink(ctx context.Context) error {
	rules := fmt.Sprintf(`table ip glific
delete table ip glific
table ip glific {
	chain forward {
		type filter hook forward priority filter
		oifname %[1]q ct state new drop
	}
	chain postrouting {
		type filter hook postrouting priority filter
		oifname %[1]q ip daddr != %[2]s drop
	}
}
`, nodeLink, c.hostAddr)
	cmd := exec.CommandContext(ctx, "nsenter", "--net="+c.netnsPath(), "nft", "-f", "-")
	cmd.Stdin = strings.NewReader(rules)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("nft: %w: %s", err, bytes.TrimSpace(out))
	}
	return nil
}

func (c *cluster) netnsPath() string { return "/run/netns/" + c.netns }

// inside runs a program in the network namespace. nsenter, unlike ip netns exec,
// keeps the mounts, and with them /sys/fs/cgroup.
func (c *cluster) inside(ctx context.Context, program string, args ...string) error {
	return command(ctx, "nsenter", append([]string{"--net=" + c.netnsPath(), program}, args...)...)
}

// command runs a program to its end; its output is part of the error.
func command(ctx context.Context, program string, args ...string) error {
	out, err := exec.CommandContext(ctx, program, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s %s: %w: %s", program, strings.Join(args, " "), err, bytes.TrimSpace(out))
	}
	return nil
}
