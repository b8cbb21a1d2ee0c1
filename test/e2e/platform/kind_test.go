package platform

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWhereTheClusterComesFrom(t *testing.T) {
	ca := filepath.Join(t.TempDir(), "ca.crt")
	if err := os.WriteFile(ca, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	gateway := map[string]string{"GATEWAY_ADDRESS": "192.0.2.1:443", "GATEWAY_CA": ca}
	for sentence, test := range map[string]struct {
		env  []map[string]string
		kind clusterKind
		says string
	}{
		"this machine, when nothing is said":  {kind: local},
		"this machine, when that is said":     {env: []map[string]string{{"CLUSTER": "local"}}, kind: local},
		"kind":                                {env: []map[string]string{{"CLUSTER": "kind"}, gateway}, kind: kindCluster},
		"kind without a gateway":              {env: []map[string]string{{"CLUSTER": "kind"}}, says: "CLUSTER=kind needs a gateway"},
		"a gateway that is named wrongly":     {env: []map[string]string{{"CLUSTER": "kind", "GATEWAY": "public"}, gateway}, says: "GATEWAY=public: write namespace/name"},
		"an authority that is not there":      {env: []map[string]string{{"CLUSTER": "kind"}, gateway, {"GATEWAY_CA": ca + ".missing"}}, says: "reading GATEWAY_CA"},
		"an existing cluster":                 {env: []map[string]string{{"CLUSTER": "existing", "KUBECONFIG": "/k", "IMAGES": "r.example.org/x"}, gateway}, kind: existing},
		"a cluster that nobody leads to":      {env: []map[string]string{{"CLUSTER": "existing"}, gateway}, says: "needs KUBECONFIG"},
		"a cluster that can pull from nobody": {env: []map[string]string{{"CLUSTER": "existing", "KUBECONFIG": "/k"}, gateway}, says: "needs IMAGES"},
		"a cluster of no known kind":          {env: []map[string]string{{"CLUSTER": "cloud"}}, says: "it is local, kind or existing"},
	} {
		t.Run(sentence, func(t *testing.T) {
			env := map[string]string{}
			for _, some := range test.env {
				for key, value := range some {
					env[key] = value
				}
			}
			got, err := chosen(func(key string) string { return env[key] })
			if test.says != "" {
				if err == nil || !strings.Contains(err.Error(), test.says) {
					t.Errorf("%v", err)
				}
				return
			}
			if err != nil || got.kind != test.kind {
				t.Errorf("%+v: %v", got, err)
			}
		})
	}
}
