// Package components knows the programs that make up a real Kubernetes control
// plane (etcd, kube-apiserver, …) and a real node (kubelet, containerd, …): which
// versions this repository pins, where their binaries lie, and how to get the
// ones that are missing.
//
// The versions are those of the Go modules under hack/controlplane, so that one
// `go get` there moves a version everywhere. Only the standard library is used.
package components

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// The names of the components, as [Path] and [Fetch] take them.
const (
	Etcd              = "etcd"
	APIServer         = "kube-apiserver"
	ControllerManager = "kube-controller-manager"
	Scheduler         = "kube-scheduler"
	Kwok              = "kwok"
	Kubectl           = "kubectl"

	Kubelet        = "kubelet"
	Proxy          = "kube-proxy"
	Containerd     = "containerd"
	ContainerdShim = "containerd-shim-runc-v2"
	Ctr            = "ctr"
	Runc           = "runc"
	Bridge         = "bridge"
	HostLocal      = "host-local"
	Portmap        = "portmap"
	CoreDNS        = "coredns"

	Traefik = "traefik"
)

// Group is a set of components that are made together.
type Group string

// The groups, as [InGroup] takes them.
const (
	ControlPlane Group = "control plane" // what the tests need
	Node         Group = "node"          // what a real node needs besides
	Gateway      Group = "gateway"       // an implementation of the Gateway API
)

// modulePath identifies this repository's root while searching upwards for it.
const modulePath = "github.com/glific/organisation-operator"

// Component is one program of the control plane, of a node or beside them.
type Component struct {
	Name    string // for example "kube-apiserver"
	Version string // for example "v1.37.2", taken from the go.mod that pins it
	Group   Group

	dir      string        // folder below hack/controlplane whose go.mod pins the version
	module   string        // module whose version is the component's version
	pkg      string        // main package
	expected time.Duration // cold build on two cores, for the estimate of what remains
	release  release       // where the project publishes binaries; nil: always built
	stamp    string        // variable that takes the version, in ldflags' notation; may be empty
	tags     string        // build tags, separated by commas
	cgo      bool          // needs a C compiler and the libraries of its tags
}

// remedy is the command that makes the component.
func (c Component) remedy() string {
	if c.Group == ControlPlane {
		return "make components"
	}
	return "go run ./hack/controlplane/fetch " + c.Name
}

// File is the component's file name in the cache: name and version.
func (c Component) File() string { return c.Name + "-" + c.Version }

// All returns every component with the version that the repository at root pins.
func All(root string) ([]Component, error) {
	all := table()
	for i := range all {
		file := filepath.Join(root, "hack", "controlplane", all[i].dir, "go.mod")
		version, err := requiredVersion(file, all[i].module)
		if err != nil {
			return nil, fmt.Errorf("finding the version of %s: %w", all[i].Name, err)
		}
		all[i].Version = version
	}
	return all, nil
}

// InGroup names the components of the groups, in the order in which they are made.
func InGroup(groups ...Group) []string {
	var names []string
	for _, c := range table() {
		if slices.Contains(groups, c.Group) {
			names = append(names, c.Name)
		}
	}
	return names
}

// requiredVersion reads the version of module from a go.mod file.
func requiredVersion(file, module string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		fields := strings.Fields(strings.TrimPrefix(strings.TrimSpace(lines.Text()), "require "))
		if len(fields) >= 2 && fields[0] == module && strings.HasPrefix(fields[1], "v") {
			return fields[1], nil
		}
	}
	if err := lines.Err(); err != nil {
		return "", err
	}
	return "", fmt.Errorf("%s does not require %s", file, module)
}

// Path returns the binary of the named component, or an error that says how to
// make it when it is not in the cache.
func Path(name string) (string, error) {
	root, err := Root()
	if err != nil {
		return "", err
	}
	all, err := All(root)
	if err != nil {
		return "", err
	}
	for _, c := range all {
		if c.Name != name {
			continue
		}
		path := filepath.Join(BinDir(), c.File())
		if _, err := os.Stat(path); err != nil {
			return "", fmt.Errorf("%s %s is not in the cache; run `%s`: %w", c.Name, c.Version, c.remedy(), err)
		}
		return path, nil
	}
	return "", fmt.Errorf("unknown component %q", name)
}

// CacheDir is where everything downloaded or built lies:
// ${XDG_CACHE_HOME:-~/.cache}/organisation-operator.
func CacheDir() string {
	base, err := os.UserCacheDir()
	if err != nil {
		base = filepath.Join(os.TempDir(), fmt.Sprintf("cache-%d", os.Getuid()))
	}
	if xdg := os.Getenv("XDG_CACHE_HOME"); xdg != "" {
		base = xdg // also on macOS, where UserCacheDir ignores it
	}
	return filepath.Join(base, "organisation-operator")
}

// BinDir is the folder of the component binaries inside [CacheDir].
func BinDir() string { return filepath.Join(CacheDir(), "bin") }

// Root returns this repository's root: the nearest folder at or above the
// working directory whose go.mod declares the operator's module.
func Root() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		content, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && strings.HasPrefix(string(content), "module "+modulePath+"\n") {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", fmt.Errorf("no go.mod of %s at or above the working directory", modulePath)
		}
		dir = parent
	}
}
