package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// strangers are folders that the kubelet, libmount and the CNI library make outside
// the cluster's folder, whatever they are told. down removes those that up did not
// find, unless somebody else put something there.
var strangers = []string{
	"/var/lib/kubelet", "/var/lib/kubelet/device-plugins", "/var/log/containers", "/run/mount", "/var/lib/cni", "/var/lib/cni/results",
}

// kernelSettings are those of the whole machine that the kubelet sets to what it
// prefers. down restores what up found.
var kernelSettings = []string{
	"vm/overcommit_memory", "vm/panic_on_oom", "kernel/panic", "kernel/panic_on_oops",
	"kernel/keys/root_maxkeys", "kernel/keys/root_maxbytes",
}

// machine is what the first up found, for the last down to restore: clusters that
// run side by side share the kernel.
type machine struct {
	Absent   []string          `json:"absent"`   // of strangers
	Settings map[string]string `json:"settings"` // of kernelSettings
}

const machineFile = "machine.json"

// recordMachine remembers in root, where all clusters lie, what the first one found.
func recordMachine(root string) error {
	if err := os.MkdirAll(root, 0o755); err != nil {
		return err
	}
	file := filepath.Join(root, machineFile)
	if _, err := os.Stat(file); err == nil {
		return nil
	}
	m := machine{Settings: map[string]string{}}
	for _, dir := range strangers {
		if _, err := os.Stat(dir); err != nil {
			m.Absent = append(m.Absent, dir)
		}
	}
	for _, name := range kernelSettings {
		if value, err := os.ReadFile(filepath.Join("/proc/sys", name)); err == nil {
			m.Settings[name] = strings.TrimSpace(string(value))
		}
	}
	content, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return os.WriteFile(file, content, 0o600)
}

// restoreMachine takes back what kubelets changed outside root, and removes root,
// unless another cluster is still there.
func restoreMachine(root string) error {
	clusters, err := filepath.Glob(filepath.Join(root, "*"))
	if err != nil {
		return err
	}
	file := filepath.Join(root, machineFile)
	content, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) || len(clusters) > 1 { // the record itself is one
		return nil
	}
	if err != nil {
		return err
	}
	var m machine
	if err := json.Unmarshal(content, &m); err != nil {
		return fmt.Errorf("reading %s: %w", file, err)
	}
	for name, value := range m.Settings {
		if err := restoreSetting(filepath.Join("/proc/sys", name), value); err != nil {
			return err
		}
	}
	slices.Reverse(m.Absent)
	for _, dir := range m.Absent {
		_ = os.Remove(dir) // fails if somebody else uses it, which is right
	}
	if err := os.Remove(file); err != nil {
		return err
	}
	return os.Remove(root)
}

func restoreSetting(file, value string) error {
	current, err := os.ReadFile(file)
	if err != nil || strings.TrimSpace(string(current)) == value {
		return err
	}
	return os.WriteFile(file, []byte(value), 0o644)
}

// removeTraces removes this cluster's files in the strangers: links to its logs,
// the CNI library's notes about its Pods, and the kubelet's dead socket.
func (c *cluster) removeTraces() error {
	links, err := filepath.Glob("/var/log/containers/*")
	if err != nil {
		return err
	}
	for _, link := range links {
		if target, err := os.Readlink(link); err == nil && strings.HasPrefix(target, c.dir+"/") {
			if err := os.Remove(link); err != nil {
				return err
			}
		}
	}
	notes, err := filepath.Glob("/var/lib/cni/results/" + c.netns + "-*")
	if err != nil {
		return err
	}
	for _, file := range notes {
		if err := os.Remove(file); err != nil {
			return err
		}
	}
	return removeDeadSocket("/var/lib/kubelet/device-plugins/kubelet.sock")
}

// removeDeadSocket leaves the socket alone if a kubelet listens on it: the machine's
// own, or another cluster's.
func removeDeadSocket(path string) error {
	if socket(path)(context.Background()) == nil {
		return nil
	}
	for _, file := range []string{path, filepath.Join(filepath.Dir(path), "DEPRECATION")} {
		if err := os.Remove(file); err != nil && !os.IsNotExist(err) {
			return err
		}
	}
	return nil
}
