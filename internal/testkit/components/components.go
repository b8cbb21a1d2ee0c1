// Package components knows the programs that make up a real Kubernetes control
// plane (etcd, kube-apiserver, …): which versions this repository pins, where
// their binaries lie, and how to get the ones that are missing.
//
// The versions are those of the Go modules under hack/controlplane, so that one
// `go get` there moves a version everywhere. Only the standard library is used.
package components

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
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
)

// modulePath identifies this repository's root while searching upwards for it.
const modulePath = "github.com/glific/organisation-operator"

// Component is one program of the control plane.
type Component struct {
	Name    string // for example "kube-apiserver"
	Version string // for example "v1.37.2", taken from the go.mod that pins it

	dir      string        // folder below hack/controlplane whose go.mod pins the version
	module   string        // module whose version is the component's version
	pkg      string        // main package
	expected time.Duration // cold build on two cores, for the estimate of what remains
	release  release       // where the project publishes binaries; nil: always built
}

// File is the component's file name in the cache: name and version.
func (c Component) File() string { return c.Name + "-" + c.Version }

const kubernetesVersion = "k8s.io/component-base/version.git"

// table lists the components in the order in which they are made. kubernetes
// programs share most packages, so the first of them takes nearly all the time.
func table() []Component {
	kubernetes := func(name string, expected time.Duration) Component {
		return Component{
			Name: name, dir: "kubernetes", module: "k8s.io/kubernetes",
			pkg: "k8s.io/kubernetes/cmd/" + name, expected: expected, release: kubernetesRelease,
		}
	}
	return []Component{
		{
			Name: Etcd, dir: "etcd", module: "go.etcd.io/etcd/server/v3",
			pkg: "go.etcd.io/etcd/server/v3", expected: 40 * time.Second, release: etcdRelease,
		},
		kubernetes(APIServer, 260*time.Second),
		kubernetes(ControllerManager, 120*time.Second),
		kubernetes(Scheduler, 25*time.Second),
		{
			Name: Kwok, dir: "kwok", module: "sigs.k8s.io/kwok",
			pkg: "sigs.k8s.io/kwok/cmd/kwok", expected: 120 * time.Second,
		},
		kubernetes(Kubectl, 60*time.Second),
	}
}

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
			return "", fmt.Errorf("%s %s is not in the cache; run `make components`: %w", c.Name, c.Version, err)
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
