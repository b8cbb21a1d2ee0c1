package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/glific/organisation-operator/internal/testkit/components"
)

// tool is a program of the host that the cluster uses, and where Debian keeps it.
type tool struct{ program, debian, purpose string }

var tools = []tool{
	{"ip", "iproute2", "makes the network namespace"},
	{"nsenter", "util-linux", "enters it"},
	{"mount", "mount", "is called by the kubelet"},
	{"nft", "nftables", "is called by kube-proxy and the portmap plugin"},
}

// installPackages installs what is missing with apt-get, or says what to install.
func (c *cluster) installPackages(ctx context.Context) error {
	wanted := map[string]string{}
	for _, t := range tools {
		if _, err := exec.LookPath(t.program); err != nil {
			wanted[t.debian] = t.purpose
		}
	}
	if c.runcIsBuilt() && exec.CommandContext(ctx, "pkg-config", "--exists", "libseccomp").Run() != nil {
		wanted["gcc"], wanted["pkg-config"] = "builds runc", "builds runc"
		wanted["libc6-dev"], wanted["libseccomp-dev"] = "builds runc", "builds runc with seccomp"
	}
	if len(wanted) == 0 {
		return nil
	}
	names := make([]string, 0, len(wanted))
	for name, purpose := range wanted {
		c.say("missing: Debian package %s, which %s", name, purpose)
		names = append(names, name)
	}
	if _, err := exec.LookPath("apt-get"); err != nil {
		return fmt.Errorf("this is no Debian; install what %s contain with your package manager", strings.Join(names, ", "))
	}
	return aptGet(ctx, names)
}

// runcIsBuilt: only a runc that is not there yet needs C libraries.
func (c *cluster) runcIsBuilt() bool {
	_, err := components.Path(components.Runc)
	return err != nil
}

func aptGet(ctx context.Context, names []string) error {
	install := func() ([]byte, error) {
		cmd := exec.CommandContext(ctx, "apt-get", append([]string{"install", "-y", "--no-install-recommends"}, names...)...)
		cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
		return cmd.CombinedOutput()
	}
	if _, err := install(); err == nil {
		return nil
	}
	if out, err := exec.CommandContext(ctx, "apt-get", "update").CombinedOutput(); err != nil {
		return fmt.Errorf("apt-get update: %w\n%s", err, out)
	}
	if out, err := install(); err != nil {
		return fmt.Errorf("apt-get install %s: %w\n%s", strings.Join(names, " "), err, out)
	}
	return nil
}

// clusterComponents are the programs that run the cluster; kwok is not among them.
func clusterComponents(gateway bool) []string {
	names := []string{
		components.Etcd, components.APIServer, components.ControllerManager, components.Scheduler, components.Kubectl,
	}
	names = append(names, components.InGroup(components.Node)...)
	if gateway {
		names = append(names, components.InGroup(components.Gateway)...)
	}
	return names
}

// makeComponents downloads or builds what the cache does not hold, and puts links
// without versions into bin, because containerd looks for its shim, and the CNI
// library for its plugins, by name.
func (c *cluster) makeComponents(ctx context.Context, gateway bool) error {
	names := clusterComponents(gateway)
	if err := components.Fetch(ctx, c.out, names...); err != nil {
		return err
	}
	if err := os.MkdirAll(c.path("bin"), 0o755); err != nil {
		return err
	}
	for _, name := range names {
		path, err := components.Path(name)
		if err != nil {
			return err
		}
		link := filepath.Join(c.path("bin"), name)
		if target, err := os.Readlink(link); err == nil && target == path {
			continue
		}
		if err := os.RemoveAll(link); err != nil {
			return err
		}
		if err := os.Symlink(path, link); err != nil {
			return err
		}
	}
	return nil
}

func (c *cluster) bin(name string) string { return c.path("bin", name) }
