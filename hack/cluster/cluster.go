package main

import (
	"fmt"
	"hash/fnv"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"syscall"
	"time"

	"github.com/glific/organisation-operator/internal/testkit/components"
)

// cluster is one single-node cluster: what its parts are called and where they lie.
type cluster struct {
	name  string
	out   io.Writer
	began time.Time

	dir      string // everything on disk
	netns    string // name of the network namespace
	link     string // the host's end of the pair of interfaces that leads into it
	cgroup   string // path of the node's cgroup below the root of every hierarchy
	hostAddr netip.Addr
	nodeAddr netip.Addr
}

const (
	nodeName   = "node"
	nodeLink   = "uplink" // the node's end of the pair
	apiPort    = 6443
	podBridge  = "pods"
	domain     = "cluster.local"
	stateRoot  = "/var/lib/glific-cluster"
	socketRoot = "s" // of the shims, short: a Unix socket's path has at most 107 bytes
)

// The ranges lie in 198.18.0.0/15, which RFC 2544 reserves for test beds, so that
// they cannot hide an address that the machine needs. Clusters have the same pods
// and services, each in its own network namespace; only the link is the host's.
var (
	podRange     = netip.MustParsePrefix("198.18.0.0/24")
	serviceRange = netip.MustParsePrefix("198.19.0.0/17")
	linkRange    = netip.MustParsePrefix("198.19.128.0/17")
	apiService   = netip.MustParseAddr("198.19.0.1")
	dnsService   = netip.MustParseAddr("198.19.0.10")
)

// names are short because an interface's has at most 15 bytes.
var validName = regexp.MustCompile(`^[a-z][a-z0-9]{0,7}$`)

func newCluster(name string, out io.Writer) (*cluster, error) {
	if name == "" {
		name = "default"
	}
	if !validName.MatchString(name) {
		return nil, fmt.Errorf("CLUSTER_NAME %q: at most 8 lower-case letters and digits, a letter first", name)
	}
	c := &cluster{
		name: name, out: out, began: time.Now(),
		dir: filepath.Join(stateRoot, name), netns: "glific-" + name, link: "glific-" + name, cgroup: "glific-" + name,
	}
	c.hostAddr, c.nodeAddr = linkAddresses(name)
	return c, nil
}

// linkAddresses picks one of the 8,191 networks of four addresses in linkRange by
// name, so that an address is the same after every up.
func linkAddresses(name string) (host, node netip.Addr) {
	h := fnv.New32a()
	h.Write([]byte(name))
	offset := 4 * (h.Sum32() % 8191)
	base := linkRange.Addr().As4()
	base[2] += byte(offset >> 8)
	base[3] += byte(offset)
	host = netip.AddrFrom4(base).Next()
	return host, host.Next()
}

// path is a file below the cluster's folder.
func (c *cluster) path(elements ...string) string {
	return filepath.Join(append([]string{c.dir}, elements...)...)
}

func (c *cluster) kubeconfig() string { return c.path("kubeconfig") }
func (c *cluster) apiURL() string     { return fmt.Sprintf("https://%s:%d", c.nodeAddr, apiPort) }

// printKubeconfig prints the path, for export KUBECONFIG=$(… kubeconfig).
func (c *cluster) printKubeconfig() error {
	if _, err := os.Stat(c.kubeconfig()); err != nil {
		return fmt.Errorf("cluster %s is not up; run `go run . up`: %w", c.name, err)
	}
	_, err := fmt.Fprintln(c.out, c.kubeconfig())
	return err
}

// lock keeps two commands from changing the cluster at once. The file lies in the
// cache, because down removes the cluster's folder.
func (c *cluster) lock() (unlock func(), err error) {
	if err := os.MkdirAll(components.CacheDir(), 0o755); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(components.CacheDir(), "cluster-"+c.name+".lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening the lock of cluster %s: %w", c.name, err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		fmt.Fprintf(os.Stderr, "cluster: another command works on cluster %s; waiting for it\n", c.name)
		if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
			return nil, fmt.Errorf("locking cluster %s: %w", c.name, err)
		}
	}
	return func() { f.Close() }, nil
}
