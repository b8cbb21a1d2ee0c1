package fencing

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/testkit/controlplane"
	"github.com/glific/organisation-operator/internal/testkit/manifests"
)

const (
	root = "../.."
	// own is the operator's namespace, tenant that of an Organisation asha as the
	// operator makes it, and plain one that only looks like a tenant's.
	own, tenant, plain = "organisation-system", "org-asha", "org-plain"
	identity           = "2f6c0a4e-7a52-4b0e-9a4d-0d3a6a1d2f11"
)

var account = client.ObjectKey{Namespace: own, Name: "organisation-operator"}

var (
	plane *controlplane.ControlPlane
	// admin is an administrator, who may break the glass; operator is the operator.
	admin, operator client.Client
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
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	if plane, err = controlplane.Start(ctx, controlplane.Options{Audit: true}); err != nil {
		return 1, err
	}
	defer func() {
		if stopped := plane.Stop(); err == nil {
			err = stopped
		}
	}()
	for _, step := range []func(context.Context) error{install, connect, prepare, enforced} {
		if err := step(ctx); err != nil {
			return 1, err
		}
	}
	return m.Run(), nil
}

// install applies everything that an administrator does, and the optional APIs.
func install(ctx context.Context) error {
	everything, err := manifests.Kustomize(ctx, filepath.Join(root, "config", "default"))
	if err != nil {
		return err
	}
	gateway, err := manifests.GatewayAPI(ctx)
	if err != nil {
		return err
	}
	certificates, err := manifests.CertManager(ctx)
	if err != nil {
		return err
	}
	optional, err := manifests.Read(gateway, certificates)
	if err != nil {
		return err
	}
	samples, err := manifests.Read(filepath.Join(root, "config", "samples"))
	if err != nil {
		return err
	}
	return manifests.Apply(ctx, plane.Config(), append(append(everything, optional...), samples...)...)
}

func connect(ctx context.Context) (err error) {
	if admin, err = newClient(plane.Config()); err != nil {
		return err
	}
	config, err := plane.ConfigForServiceAccount(ctx, account.Namespace, account.Name)
	if err != nil {
		return err
	}
	operator, err = newClient(config)
	return err
}

func newClient(config *rest.Config) (client.Client, error) {
	config.QPS = -1
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{clientgoscheme.AddToScheme, v1alpha1.AddToScheme} {
		if err := add(scheme); err != nil {
			return nil, err
		}
	}
	return client.New(config, client.Options{Scheme: scheme})
}

// enforced waits until every policy is in force: the API server takes up new ones
// with a short delay.
func enforced(ctx context.Context) error {
	engineer, err := newClient(plane.ConfigFor("meera", "platform"))
	if err != nil {
		return err
	}
	organisation := object("tenancy.glific.org/v1alpha1", "Organisation", "", "asha")
	for policy, probe := range map[string]struct {
		who client.Client
		try act
	}{
		"organisation-operator-namespaces":    {operator, create(tenantNamespace("prod"))},
		"organisation-operator-writes":        {operator, create(object("v1", "Secret", own, "a"))},
		"organisation-operator-role-bindings": {operator, create(binding(tenant, "a", "ClusterRole", "organisation-tenant-viewer", person("Group", "system:authenticated")))},
		"organisation-operator-kinds":         {operator, patch(organisation, `{"spec":{"power":"Suspended"}}`)},
		"organisation-tenant-namespaces":      {engineer, create(tenantNamespace("org-forged"))},
	} {
		refused := func() bool {
			err := probe.try(ctx, probe.who)
			return apierrors.IsForbidden(err) && strings.Contains(err.Error(), "ValidatingAdmissionPolicy '"+policy+"'")
		}
		if err := until(ctx, refused); err != nil {
			return fmt.Errorf("waiting for policy %s: %w", policy, err)
		}
	}
	return nil
}

// until repeats a question until the answer is yes.
func until(ctx context.Context, yes func() bool) error {
	every := time.NewTicker(20 * time.Millisecond)
	defer every.Stop()
	for !yes() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-every.C:
		}
	}
	return nil
}

// prepare makes a tenant's namespace as the operator does, and a plain one.
func prepare(ctx context.Context) error {
	namespace := tenantNamespace(tenant)
	if err := operator.Create(ctx, namespace); err != nil {
		return err
	}
	if err := operator.Create(ctx, operatorBinding(tenant)); err != nil {
		return err
	}
	for _, object := range []*unstructured.Unstructured{
		object("v1", "Namespace", "", plain), object("v1", "Namespace", "", "others"), object("v1", "ServiceAccount", tenant, "default"),
		object("rbac.authorization.k8s.io/v1", "Role", tenant, "weak"),
		object("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "", "platform", fields{
			"roleRef":  fields{"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"},
			"subjects": []any{person("Group", "platform")},
		}),
		object("v1", "Secret", plain, "theirs"), object("v1", "Secret", "default", "theirs"), object("v1", "Secret", "kube-system", "theirs"),
		object("v1", "Secret", tenant, "theirs"), object("v1", "ConfigMap", own, "theirs"),
	} {
		if err := admin.Create(ctx, object); err != nil {
			return err
		}
	}
	return nil
}
