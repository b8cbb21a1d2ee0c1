package components

import "time"

const (
	kubernetesVersion = "k8s.io/component-base/version.git"
	containerdModule  = "github.com/containerd/containerd/v2"
	cniModule         = "github.com/containernetworking/plugins"
	traefikModule     = "github.com/traefik/traefik/v3"
)

// table lists the components in the order in which they are made. Programs of one
// module share most packages, so the first of them takes nearly all the time.
func table() []Component {
	return append(append(controlPlane(), node()...), gateway()...)
}

func kubernetes(name string, group Group, expected time.Duration) Component {
	return Component{
		Name: name, Group: group, dir: "kubernetes", module: "k8s.io/kubernetes",
		pkg: "k8s.io/kubernetes/cmd/" + name, expected: expected, release: kubernetesRelease,
	}
}

func controlPlane() []Component {
	return []Component{
		{
			Name: Etcd, Group: ControlPlane, dir: "etcd", module: "go.etcd.io/etcd/server/v3",
			pkg: "go.etcd.io/etcd/server/v3", expected: 40 * time.Second, release: etcdRelease,
		},
		kubernetes(APIServer, ControlPlane, 260*time.Second),
		kubernetes(ControllerManager, ControlPlane, 120*time.Second),
		kubernetes(Scheduler, ControlPlane, 25*time.Second),
		{
			Name: Kwok, Group: ControlPlane, dir: "kwok", module: "sigs.k8s.io/kwok",
			pkg: "sigs.k8s.io/kwok/cmd/kwok", expected: 120 * time.Second,
		},
		kubernetes(Kubectl, ControlPlane, 60*time.Second),
	}
}

func node() []Component {
	return []Component{
		kubernetes(Kubelet, Node, 90*time.Second),
		kubernetes(Proxy, Node, 20*time.Second),
		containerd(Containerd, 80*time.Second),
		containerd(ContainerdShim, 3*time.Second),
		containerd(Ctr, 5*time.Second),
		{
			Name: Runc, Group: Node, dir: "runc", module: "github.com/opencontainers/runc",
			pkg: "github.com/opencontainers/runc", expected: 15 * time.Second, release: runcRelease,
			stamp: "main.version", tags: "seccomp", cgo: true,
		},
		cni(Bridge, "main", 5*time.Second),
		cni(HostLocal, "ipam", time.Second),
		cni(Portmap, "meta", time.Second),
		{
			Name: CoreDNS, Group: Node, dir: "coredns", module: "github.com/coredns/coredns",
			pkg: "github.com/coredns/coredns", expected: 150 * time.Second, release: corednsRelease,
		},
	}
}

// containerd is built without the snapshotters that need C libraries; overlayfs
// is the one that a node uses.
func containerd(name string, expected time.Duration) Component {
	return Component{
		Name: name, Group: Node, dir: "containerd", module: containerdModule,
		pkg: containerdModule + "/cmd/" + name, expected: expected, release: containerdRelease,
		stamp: containerdModule + "/version.Version", tags: "no_btrfs,no_devmapper,no_zfs",
	}
}

func cni(name, kind string, expected time.Duration) Component {
	return Component{
		Name: name, Group: Node, dir: "cni", module: cniModule,
		pkg: cniModule + "/plugins/" + kind + "/" + name, expected: expected, release: cniRelease,
		stamp: cniModule + "/pkg/utils/buildversion.BuildVersion",
	}
}

func gateway() []Component {
	return []Component{{
		Name: Traefik, Group: Gateway, dir: "traefik", module: traefikModule,
		pkg: traefikModule + "/cmd/traefik", expected: 300 * time.Second, release: traefikRelease,
		stamp: traefikModule + "/pkg/version.Version",
	}}
}
