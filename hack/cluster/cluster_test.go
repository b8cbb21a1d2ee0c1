package main

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func testCluster(t *testing.T) *cluster {
	t.Helper()
	c, err := newCluster("test", io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	c.dir = filepath.Join(t.TempDir(), "test")
	return c
}

func TestNamesFitIntoInterfacesAndSockets(t *testing.T) {
	for name, valid := range map[string]bool{
		"": true, "default": true, "e2e": true, "a2345678": true,
		"a23456789": false, "2a": false, "Upper": false, "with-dash": false, "../etc": false,
	} {
		c, err := newCluster(name, io.Discard)
		if (err == nil) != valid {
			t.Errorf("%q: %v", name, err)
		}
		if err != nil {
			continue
		}
		if len(c.link) > 15 {
			t.Errorf("the interface %s is longer than 15 bytes", c.link)
		}
		if socket := c.path(socketRoot, strings.Repeat("0", 64)); len(socket) > 107 {
			t.Errorf("the shim's socket %s is longer than 107 bytes", socket)
		}
	}
}

func TestClustersHaveAddressesOfTheirOwn(t *testing.T) {
	seen := map[string]string{}
	for i := range 200 {
		name := fmt.Sprintf("c%d", i)
		host, node := linkAddresses(name)
		if !linkRange.Contains(host) || !linkRange.Contains(node) || node != host.Next() || host.As4()[3]%4 != 1 {
			t.Errorf("%s: %s and %s are not the two hosts of a network in %s", name, host, node, linkRange)
		}
		seen[host.String()] = name
	}
	if len(seen) < 195 { // 200 of 8,191 networks: two or three collisions are to be expected
		t.Errorf("200 names share %d networks", len(seen))
	}
	if serviceRange.Overlaps(linkRange) || podRange.Overlaps(serviceRange) || !serviceRange.Contains(dnsService) {
		t.Error("the ranges overlap")
	}
}

func TestArguments(t *testing.T) {
	for line, want := range map[string]struct{ gateway, valid bool }{
		"":               {false, true},
		"--with gateway": {true, true},
		"--with=gateway": {true, true},
		"--with storage": {false, false},
		"gateway":        {false, false},
	} {
		gateway, err := parseAddons(strings.Fields(line))
		if gateway != want.gateway || (err == nil) != want.valid {
			t.Errorf("%q: %v, %v", line, gateway, err)
		}
	}
	if err := run(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "usage:") {
		t.Errorf("without arguments: %v", err)
	}
}

func TestEveryPathLiesInTheClustersFolder(t *testing.T) {
	c := testCluster(t)
	configs := c.containerdConfig() + c.cniConfig() + indented(c.kubeletConfig()) + indented(c.proxyConfig())
	for _, program := range c.programs() {
		configs += `"` + strings.Join(program.args, `" "`) + `"`
	}
	allowed := []string{"/" + c.cgroup}
	for _, match := range regexp.MustCompile(`(?:"|=|unix://)(/[^"]+)"`).FindAllStringSubmatch(configs, -1) {
		if path := match[1]; !strings.HasPrefix(path, c.dir+"/") && !slices.Contains(allowed, path) {
			t.Errorf("%s lies outside %s", path, c.dir)
		}
	}
}

func TestWhatIsThereIsNotWrittenAgain(t *testing.T) {
	c := testCluster(t)
	if err := c.writeFiles(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := modified(t, c.dir)
	if err := c.writeFiles(t.Context()); err != nil {
		t.Fatal(err)
	}
	if after := modified(t, c.dir); !reflect.DeepEqual(before, after) {
		t.Errorf("before %v, after %v", before, after)
	}
}

// modified maps every file below dir to its time of modification.
func modified(t *testing.T, dir string) map[string]string {
	t.Helper()
	times := map[string]string{}
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			times[path] = info.ModTime().String()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return times
}

func TestCertificatesNameWhoTheyAreFor(t *testing.T) {
	c := testCluster(t)
	if err := c.writePKI(); err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(certificate(t, c.pki("ca.crt")))
	for file, names := range map[string][]string{
		"apiserver.crt":      {c.nodeAddr.String(), apiService.String(), "kubernetes.default.svc"},
		"kubelet-server.crt": {c.nodeAddr.String(), nodeName},
		"gateway.crt":        {"asha.ngo.test", "api.example.org"},
	} {
		for _, name := range names {
			if _, err := certificate(t, c.pki(file)).Verify(x509.VerifyOptions{DNSName: name, Roots: roots}); err != nil {
				t.Errorf("%s: %v", file, err)
			}
		}
	}
	kubelet := certificate(t, c.pki("kubelet.crt")).Subject
	if kubelet.CommonName != "system:node:"+nodeName || !slices.Equal(kubelet.Organization, []string{"system:nodes"}) {
		t.Errorf("the kubelet is %s", kubelet)
	}
}

func certificate(t *testing.T, file string) *x509.Certificate {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(content)
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

func TestTheLastClusterRestoresTheMachine(t *testing.T) {
	root := filepath.Join(t.TempDir(), "clusters")
	for _, name := range []string{"a", "b"} {
		if err := recordMachine(root); err != nil {
			t.Fatal(err)
		}
		if err := os.Mkdir(filepath.Join(root, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name string
		left bool
	}{{"a", true}, {"b", false}} {
		if err := os.Remove(filepath.Join(root, c.name)); err != nil {
			t.Fatal(err)
		}
		if err := restoreMachine(root); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(filepath.Join(root, machineFile)); (err == nil) != c.left {
			t.Errorf("after %s: the record is %v", c.name, err)
		}
	}
	if _, err := os.Stat(root); err == nil {
		t.Error("the empty folder is still there")
	}
}
