package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The script that decides whether a node can be had says why not, and what would help.
func TestWhyThereIsNoNode(t *testing.T) {
	for sentence, test := range map[string]struct {
		programs map[string]string // name: what it prints
		env      []string
		says     string
	}{
		"another kind of machine":        {programs: map[string]string{"uname": "Darwin"}, says: "a node needs Linux, and this is Darwin; CLUSTER=kind"},
		"somebody without root":          {programs: map[string]string{"uname": "Linux", "id": "1000"}, says: "a node needs root"},
		"another distribution":           {programs: map[string]string{"uname": "Linux", "id": "0"}, says: "images are made of Debian packages, and apt-get is not here"},
		"no Erlang":                      {programs: map[string]string{"uname": "Linux", "id": "0", "apt-get": "", "dpkg-deb": ""}, says: "apt-get install --no-install-recommends $(cat test/standin/packages.txt)"},
		"kind without Docker":            {env: []string{"CLUSTER=kind"}, says: "CLUSTER=kind needs docker"},
		"kind without kind":              {programs: map[string]string{"docker": ""}, env: []string{"CLUSTER=kind"}, says: "CLUSTER=kind needs kind"},
		"kind with both":                 {programs: map[string]string{"docker": "", "kind": ""}, env: []string{"CLUSTER=kind"}},
		"a cluster that nobody names":    {env: []string{"CLUSTER=existing", "KUBECONFIG="}, says: "CLUSTER=existing needs KUBECONFIG"},
		"a cluster without a registry":   {env: []string{"CLUSTER=existing", "KUBECONFIG=/kubeconfig", "IMAGES="}, says: "CLUSTER=existing needs IMAGES"},
		"a cluster and a registry":       {env: []string{"CLUSTER=existing", "KUBECONFIG=/kubeconfig", "IMAGES=registry.example.org/x"}},
		"a kind of cluster there is not": {env: []string{"CLUSTER=cloud"}, says: "CLUSTER=cloud: it is local, kind or existing"},
	} {
		t.Run(sentence, func(t *testing.T) {
			path := t.TempDir()
			for name, prints := range test.programs {
				if err := os.WriteFile(filepath.Join(path, name), []byte("#!/bin/sh\necho "+prints+"\n"), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			if dirname, err := exec.LookPath("dirname"); err != nil {
				t.Fatal(err)
			} else if err := os.Symlink(dirname, filepath.Join(path, "dirname")); err != nil {
				t.Fatal(err)
			}
			bash, err := exec.LookPath("bash")
			if err != nil {
				t.Fatal(err)
			}
			script := exec.Command(bash, "../../hack/node.sh")
			script.Env = append([]string{"PATH=" + path}, test.env...)
			said, err := script.CombinedOutput()
			if (err == nil) != (test.says == "") || !strings.Contains(string(said), test.says) || strings.Count(string(said), "\n") > 1 {
				t.Errorf("%v: %s", err, said)
			}
		})
	}
}
