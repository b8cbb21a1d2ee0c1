package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/glific/organisation-operator/internal/testkit/components"
)

// containerdConfig keeps everything below the cluster's folder. In short: no shim
// socket, no network namespace and no configuration of the machine's own
// containerd is touched. (https://github.com/containerd/containerd/blob/main/docs/cri/config.md)
func (c *cluster) containerdConfig() string {
	return fmt.Sprintf(`version = 3
root = %[1]q
state = %[2]q
imports = []
disabled_plugins = ["io.containerd.nri.v1.nri", "io.containerd.internal.v1.opt", "io.containerd.internal.v1.tracing", "io.containerd.tracing.processor.v1.otlp"]

[grpc]
  address = %[3]q

[plugins."io.containerd.shim.v1.manager"]
  socket_dir = %[4]q

[plugins."io.containerd.cri.v1.images"]
  snapshotter = "overlayfs"
  [plugins."io.containerd.cri.v1.images".pinned_images]
    sandbox = %[5]q

[plugins."io.containerd.cri.v1.runtime"]
  restrict_oom_score_adj = %[10]t
  # Its profile would stay loaded after the cluster is gone.
  disable_apparmor = true
  tolerate_missing_hugetlb_controller = true
  netns_mounts_under_state_dir = true
  cdi_spec_dirs = []
  [plugins."io.containerd.cri.v1.runtime".containerd]
    default_runtime_name = "runc"
    [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
        BinaryName = %[6]q
        Root = %[7]q
        SystemdCgroup = false
  [plugins."io.containerd.cri.v1.runtime".cni]
    bin_dirs = [%[8]q]
    conf_dir = %[9]q
    use_internal_loopback = true
`, c.path("containerd"), c.path("run", "containerd"), c.containerdSocket(), c.path(socketRoot), pauseImage,
		c.bin(components.Runc), c.path("run", "runc"), c.path("bin"), c.path("cni"), !mayLowerOOMScore())
}

// mayLowerOOMScore says whether this process has CAP_SYS_RESOURCE, bit 24
// (capabilities(7)); without it containerd must not try.
func mayLowerOOMScore() bool {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return false
	}
	for line := range strings.Lines(string(status)) {
		if set, found := strings.CutPrefix(line, "CapEff:"); found {
			bits, err := strconv.ParseUint(strings.TrimSpace(set), 16, 64)
			return err == nil && bits&(1<<24) != 0
		}
	}
	return false
}

func (c *cluster) containerdSocket() string { return c.path("run", "containerd.sock") }

func (c *cluster) containerdArgs() []string {
	return []string{"--config", c.path("etc", "containerd.toml")}
}

// cniConfig: Pods hang on one bridge of the node's namespace. hairpinMode lets a
// Pod reach itself through its Service.
func (c *cluster) cniConfig() string {
	config := object{
		"cniVersion": "1.0.0", "name": c.netns,
		"plugins": []object{
			{
				"type": components.Bridge, "bridge": podBridge, "isGateway": true, "ipMasq": false, "hairpinMode": true,
				"ipam": object{
					"type":    components.HostLocal,
					"ranges":  [][]object{{{"subnet": podRange.String()}}},
					"routes":  []object{{"dst": "0.0.0.0/0"}},
					"dataDir": c.path("run", "addresses"),
				},
			},
			{"type": components.Portmap, "capabilities": object{"portMappings": true}, "backend": "nftables"},
		},
	}
	return indented(config)
}
