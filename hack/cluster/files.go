package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// writeFiles writes certificates, kubeconfigs and the programs' configuration. The
// configuration is the same after every up.
func (c *cluster) writeFiles(context.Context) error {
	if err := recordMachine(filepath.Dir(c.dir)); err != nil {
		return err
	}
	for _, dir := range []string{"logs", "run", "etc", "cni"} {
		if err := os.MkdirAll(c.path(dir), 0o755); err != nil {
			return err
		}
	}
	if err := c.writePKI(); err != nil {
		return err
	}
	for _, user := range []string{"kubelet", "kube-proxy", "kube-controller-manager", "kube-scheduler"} {
		if err := c.writeKubeconfig(c.path("etc", user+".kubeconfig"), user); err != nil {
			return err
		}
	}
	if err := c.writeKubeconfig(c.kubeconfig(), "admin"); err != nil {
		return err
	}
	for file, content := range map[string]string{
		"etc/containerd.toml":  c.containerdConfig(),
		"cni/10-pods.conflist": c.cniConfig(),
		"etc/kubelet.json":     indented(c.kubeletConfig()),
		"etc/kube-proxy.json":  indented(c.proxyConfig()),
		"etc/resolv.conf":      "# No name outside the cluster can be resolved.\n",
	} {
		if err := writeChanged(c.path(file), []byte(content)); err != nil {
			return err
		}
	}
	return nil
}

// writeChanged writes the file only if it would change: kube-proxy ends when its
// configuration is touched.
func writeChanged(file string, content []byte) error {
	if old, err := os.ReadFile(file); err == nil && bytes.Equal(old, content) {
		return nil
	}
	return os.WriteFile(file, content, 0o600)
}

func (c *cluster) writeKubeconfig(file, user string) error {
	data := map[string]string{}
	for _, name := range []string{"ca.crt", user + ".crt", user + ".key"} {
		content, err := os.ReadFile(c.pki(name))
		if err != nil {
			return err
		}
		data[name] = base64.StdEncoding.EncodeToString(content)
	}
	name := "glific-" + c.name
	config := object{
		"apiVersion": "v1", "kind": "Config", "current-context": name,
		"clusters": []object{{"name": name, "cluster": object{"server": c.apiURL(), "certificate-authority-data": data["ca.crt"]}}},
		"contexts": []object{{"name": name, "context": object{"cluster": name, "user": user}}},
		"users": []object{{"name": user, "user": object{
			"client-certificate-data": data[user+".crt"], "client-key-data": data[user+".key"],
		}}},
	}
	return writeChanged(file, []byte(indented(config)))
}

// object is a JSON object; every YAML reader takes JSON as well.
type object = map[string]any

func indented(o object) string {
	content, err := json.MarshalIndent(o, "", "  ")
	if err != nil {
		panic(fmt.Sprintf("encoding a configuration of strings, numbers and lists: %v", err))
	}
	return string(content) + "\n"
}
