package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// traces lists what a cluster could leave on the machine.
func traces(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, line := range []string{
		"ls /sys/class/net", "ip route", "ls /run/netns", "nft list ruleset", "cat /proc/mounts",
		"ls /run /var/lib /var/log /run/containerd /var/lib/kubelet /var/lib/cni /var/log/containers /etc/cni",
		"find /sys/fs/cgroup -name *glific-e2e* -o -name kubepods*",
		"grep -H . /proc/sys/net/ipv4/ip_forward",
	} {
		words := strings.Fields(line)
		out, _ := exec.Command(words[0], words[1:]...).CombinedOutput() // ls complains about what is absent
		fmt.Fprintf(&all, "# %s\n%s", line, withoutOthers(string(out)))
	}
	for _, setting := range kernelSettings {
		content, _ := os.ReadFile(filepath.Join("/proc/sys", setting))
		fmt.Fprintf(&all, "%s = %s", setting, content)
	}
	fmt.Fprintf(&all, "# processes\n%s", processesOf(stateRoot+"/e2e"))
	return all.String()
}

// withoutOthers drops lines about clusters that others run meanwhile.
func withoutOthers(lines string) string {
	var kept strings.Builder
	for line := range strings.Lines(lines) {
		ours := strings.Contains(line, "glific-e2e") || strings.Contains(line, stateRoot+"/e2e")
		if ours || !strings.Contains(line, "glific-") {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

// processesOf lists the processes whose command line mentions the path.
func processesOf(path string) string {
	files, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	var found strings.Builder
	for _, file := range files {
		if content, _ := os.ReadFile(file); bytes.Contains(content, []byte(path)) {
			fmt.Fprintf(&found, "%s\n", bytes.ReplaceAll(content, []byte{0}, []byte{' '}))
		}
	}
	return found.String()
}

func difference(before, after string) string {
	var all strings.Builder
	for line := range strings.Lines(after) {
		if !strings.Contains(before, line) {
			all.WriteString("+ " + line)
		}
	}
	for line := range strings.Lines(before) {
		if !strings.Contains(after, line) {
			all.WriteString("- " + line)
		}
	}
	return all.String()
}
