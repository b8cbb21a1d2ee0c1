// Package admission shows, on a real API server, what it accepts of the operator's
// kinds and what it refuses, and that a refusal says which field is wrong and how.
package admission

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/testkit/controlplane"
	"github.com/glific/organisation-operator/internal/testkit/manifests"
)

const root = "../.."

var (
	plane  *controlplane.ControlPlane
	server client.Client
)

func TestMain(m *testing.M) {
	flag.Parse()
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (code int, err error) {
	ctx := context.Background()
	if plane, err = controlplane.Start(ctx, controlplane.Options{}); err != nil {
		return 1, err
	}
	defer func() {
		if stopped := plane.Stop(); err == nil {
			err = stopped
		}
	}()
	everything, err := manifests.Kustomize(ctx, filepath.Join(root, "config", "default"))
	if err != nil {
		return 1, err
	}
	if err := manifests.Apply(ctx, plane.Config(), everything...); err != nil {
		return 1, err
	}
	scheme := runtime.NewScheme()
	if err := v1alpha1.AddToScheme(scheme); err != nil {
		return 1, err
	}
	config := plane.Config()
	config.QPS = -1
	if server, err = client.New(config, client.Options{Scheme: scheme}); err != nil {
		return 1, err
	}
	return m.Run(), nil
}

// plurals of the five kinds; each has a file of valid objects in testdata.
var plurals = []string{"organisations", "organisationprofiles", "releases", "releasechannels", "databaseservers"}

// definition reads a CRD as it is installed.
func definition(t *testing.T, plural string) *apiextensionsv1.CustomResourceDefinition {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root, "config/crd/bases", "tenancy.glific.org_"+plural+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	crd := &apiextensionsv1.CustomResourceDefinition{}
	if err := yaml.UnmarshalStrict(content, crd); err != nil {
		t.Fatal(err)
	}
	return crd
}

// valid returns the valid objects of a kind that together set every field.
func valid(t *testing.T, plural string) []*unstructured.Unstructured {
	t.Helper()
	objects, err := manifests.Read(filepath.Join("testdata", plural+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return objects
}

// offer asks the API server whether it would accept an object, as strictly as
// kubectl does; nothing is stored.
func offer(t *testing.T, object *unstructured.Unstructured) error {
	t.Helper()
	return server.Create(t.Context(), object.DeepCopy(), client.DryRunAll, client.FieldValidation("Strict"))
}
