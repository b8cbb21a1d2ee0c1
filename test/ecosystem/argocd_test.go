package ecosystem

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/argoproj/argo-cd/v3/common"
	"github.com/argoproj/argo-cd/v3/util/lua"
	"github.com/argoproj/argo-cd/v3/util/settings"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/fake"
	"sigs.k8s.io/yaml"
)

// fragment is what the chart ships, and what an administrator merges into argocd-cm.
const fragment = root + "/charts/organisation-operator/files/argocd-cm.yaml"

// overrides are the customizations as Argo CD itself reads them from its ConfigMap, which
// an administrator has patched with the fragment.
func overrides(t *testing.T) lua.ResourceHealthOverrides {
	t.Helper()
	loaded, err := fromConfigMap()
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

var fromConfigMap = sync.OnceValues(func() (lua.ResourceHealthOverrides, error) {
	text, err := os.ReadFile(fragment)
	if err != nil {
		return nil, err
	}
	cm := &corev1.ConfigMap{}
	if err := yaml.UnmarshalStrict(text, cm); err != nil {
		return nil, err
	}
	labels := map[string]string{"app.kubernetes.io/part-of": "argocd"}
	cm.ObjectMeta = metav1.ObjectMeta{Name: common.ArgoCDConfigMapName, Namespace: "argocd", Labels: labels}
	secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: common.ArgoCDSecretName, Namespace: "argocd", Labels: labels}}
	return settings.NewSettingsManager(ctx, fake.NewClientset(cm, secret), "argocd").GetResourceOverrides()
})

// customizations are laid out as Argo CD's own repository keeps them.
const customizations = root + "/config/argocd/resource_customizations/tenancy.glific.org"

func vm(t *testing.T) lua.VM { return lua.VM{ResourceOverrides: overrides(t)} }

// healthTests is the format of health_test.yaml.
type healthTests struct {
	Tests []struct {
		HealthStatus struct{ Status, Message string }
		InputPath    string
	}
}

func load(t *testing.T, path string, into any) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err == nil {
		err = yaml.UnmarshalStrict(text, into)
	}
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

func TestHealthAsUpstreamTestsIt(t *testing.T) {
	for kind := range verdicts {
		dir := filepath.Join(customizations, kind)
		var all healthTests
		load(t, filepath.Join(dir, "health_test.yaml"), &all)
		if len(all.Tests) < 3 {
			t.Errorf("%s has %d tests", kind, len(all.Tests))
		}
		for _, test := range all.Tests {
			t.Run(kind+"/"+filepath.Base(test.InputPath), func(t *testing.T) {
				got, err := overrides(t).GetResourceHealth(read(t, filepath.Join(dir, test.InputPath)))
				if err != nil {
					t.Fatal(err)
				}
				if string(got.Status) != test.HealthStatus.Status || got.Message != test.HealthStatus.Message {
					t.Errorf("%s: %s\nwant %s: %s", got.Status, got.Message, test.HealthStatus.Status, test.HealthStatus.Message)
				}
			})
		}
	}
}
