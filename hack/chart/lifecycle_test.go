package main

import (
	"strings"
	"testing"
	"time"

	"helm.sh/helm/v4/pkg/action"
	chartv2 "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/kube"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"

	"github.com/glific/organisation-operator/internal/testkit/controlplane"
)

// previous is the chart before this one, as it was packaged.
const previous = "testdata/organisation-operator-0.1.0.tgz"

var (
	organisations   = schema.GroupVersionResource{Group: group, Version: "v1alpha1", Resource: "organisations"}
	databaseServers = schema.GroupVersionResource{Group: group, Version: "v1alpha1", Resource: "databaseservers"}
	definitions     = schema.GroupVersionResource{Group: "apiextensions.k8s.io", Version: "v1", Resource: "customresourcedefinitions"}
)

// cluster is a real API server, and Helm beside it.
type cluster struct {
	t          *testing.T
	kubeconfig string
	clients    kubernetes.Interface
	dynamic    dynamic.Interface
	// release and namespace are what the person who installs calls them.
	release, namespace string
}

func newCluster(t *testing.T, release, namespace string) *cluster {
	t.Helper()
	cp, err := controlplane.Start(t.Context(), controlplane.Options{ControllerManager: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cp.Stop(); err != nil {
			t.Error(err)
		}
	})
	kubeconfig, err := cp.Kubeconfig("admin", cp.Config())
	if err != nil {
		t.Fatal(err)
	}
	clients, err := kubernetes.NewForConfig(cp.Config())
	if err != nil {
		t.Fatal(err)
	}
	objects, err := dynamic.NewForConfig(cp.Config())
	if err != nil {
		t.Fatal(err)
	}
	return &cluster{t: t, kubeconfig: kubeconfig, clients: clients, dynamic: objects, release: release, namespace: namespace}
}

// helm is a fresh process of Helm, as far as its caches go.
func (c *cluster) helm() *action.Configuration {
	c.t.Helper()
	flags := genericclioptions.NewConfigFlags(false)
	flags.KubeConfig, flags.Namespace = &c.kubeconfig, &c.namespace
	configuration := action.NewConfiguration()
	if err := configuration.Init(flags, c.namespace, "secret"); err != nil {
		c.t.Fatal(err)
	}
	return configuration
}

func (c *cluster) must(what string, err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatalf("%s: %v", what, err)
	}
}

func current(t *testing.T) *chartv2.Chart {
	t.Helper()
	loaded, err := loader.LoadDir(chart)
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

func (c *cluster) install(what *chartv2.Chart, with values) {
	c.t.Helper()
	install := action.NewInstall(c.helm())
	install.ReleaseName, install.Namespace, install.CreateNamespace = c.release, c.namespace, true
	install.WaitStrategy, install.ServerSideApply, install.Timeout = kube.HookOnlyStrategy, true, time.Minute
	_, err := install.Run(what, with)
	c.must("install", err)
}

func (c *cluster) upgrade(what *chartv2.Chart, with values) {
	c.t.Helper()
	upgrade := action.NewUpgrade(c.helm())
	upgrade.Namespace, upgrade.WaitStrategy, upgrade.ServerSideApply, upgrade.Timeout = c.namespace, kube.HookOnlyStrategy, "auto", time.Minute
	_, err := upgrade.Run(c.release, what, with)
	c.must("upgrade", err)
}

func (c *cluster) rollback() {
	c.t.Helper()
	rollback := action.NewRollback(c.helm())
	rollback.WaitStrategy, rollback.ServerSideApply, rollback.Timeout = kube.HookOnlyStrategy, "auto", time.Minute
	c.must("rollback", rollback.Run(c.release))
}

func (c *cluster) uninstall() {
	c.t.Helper()
	uninstall := action.NewUninstall(c.helm())
	uninstall.WaitStrategy, uninstall.Timeout = kube.HookOnlyStrategy, time.Minute
	_, err := uninstall.Run(c.release)
	c.must("uninstall", err)
}

// version of the chart that the Deployment was last made by; "" without one.
func (c *cluster) version() string {
	c.t.Helper()
	found, err := c.clients.AppsV1().Deployments(c.namespace).Get(c.t.Context(), "organisation-operator", metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return ""
	}
	c.must("reading the Deployment", err)
	return strings.TrimPrefix(found.Labels["helm.sh/chart"], "organisation-operator-")
}

func (c *cluster) wantVersion(want string) {
	c.t.Helper()
	if got := c.version(); got != want {
		c.t.Errorf("the Deployment is of chart %q, want %q", got, want)
	}
}

// data is what no installation, upgrade or uninstallation may touch, by name.
func (c *cluster) data() map[string]types.UID {
	c.t.Helper()
	ctx := c.t.Context()
	all := map[string]types.UID{}
	note := func(kind string, o metav1.Object, err error) {
		c.t.Helper()
		c.must("reading "+kind, err)
		if o.GetDeletionTimestamp() != nil {
			c.t.Errorf("%s %s is being deleted", kind, o.GetName())
		}
		all[kind] = o.GetUID()
	}
	org, err := c.dynamic.Resource(organisations).Get(ctx, "asha", metav1.GetOptions{})
	note("Organisation", org, err)
	keys, err := c.clients.CoreV1().Secrets(c.namespace).Get(ctx, "keys-1", metav1.GetOptions{})
	note("Secret", keys, err)
	host, err := c.clients.CoreV1().ConfigMaps(c.namespace).Get(ctx, "host-1", metav1.GetOptions{})
	note("ConfigMap", host, err)
	crd, err := c.dynamic.Resource(definitions).Get(ctx, "organisations.tenancy.glific.org", metav1.GetOptions{})
	note("CustomResourceDefinition", crd, err)
	return all
}

// makeData stands for what the operator would have made for an Organisation.
func (c *cluster) makeData() map[string]types.UID {
	c.t.Helper()
	ctx := c.t.Context()
	asha := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": group + "/v1alpha1", "kind": "Organisation",
		"metadata": map[string]any{"name": "asha", "finalizers": []any{group + "/organisation"}}, "spec": map[string]any{"profile": "standard"},
	}}
	_, err := c.dynamic.Resource(organisations).Create(ctx, asha, metav1.CreateOptions{})
	c.must("creating an Organisation", err)
	_, err = c.clients.CoreV1().Secrets(c.namespace).Create(ctx, &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "keys-1"}}, metav1.CreateOptions{})
	c.must("creating a Secret", err)
	_, err = c.clients.CoreV1().ConfigMaps(c.namespace).Create(ctx, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "host-1"}}, metav1.CreateOptions{})
	c.must("creating a ConfigMap", err)
	return c.data()
}

func (c *cluster) wantSame(when string, before map[string]types.UID) {
	c.t.Helper()
	for kind, uid := range c.data() {
		if before[kind] != uid {
			c.t.Errorf("%s: %s is another one", when, kind)
		}
	}
}

// The whole life of an installation under a name and a namespace that nobody foresaw.
func TestOrganisationsOutliveTheChart(t *testing.T) {
	c := newCluster(t, "my.ngos-v2", "ngo-platform")
	before, err := loader.LoadFile(previous)
	c.must("loading the previous chart", err)
	c.install(before, nil)
	c.wantVersion("0.1.0")
	data := c.makeData()

	c.upgrade(current(t), nil)
	c.wantVersion(current(t).Metadata.Version)
	c.wantSame("upgraded", data)
	c.rollback()
	c.wantVersion("0.1.0")
	c.wantSame("rolled back", data)
	c.upgrade(current(t), nil)
	c.uninstall()
	c.wantVersion("")
	c.wantSame("uninstalled", data)
	c.install(current(t), nil)
	c.wantVersion(current(t).Metadata.Version)
	c.wantSame("installed again", data)
}

// The server for development, its password and certificate are made once.
func TestTheDevelopmentDatabaseOutlivesTheChart(t *testing.T) {
	c := newCluster(t, "organisation-operator", "organisation-system")
	on := values{"postgresql": values{"enabled": true}}
	read := func(when string) (password string, uid types.UID) {
		t.Helper()
		secret, err := c.clients.CoreV1().Secrets(c.namespace).Get(t.Context(), "organisation-postgresql-admin", metav1.GetOptions{})
		c.must(when, err)
		server, err := c.dynamic.Resource(databaseServers).Get(t.Context(), "development", metav1.GetOptions{})
		c.must(when, err)
		if server.GetDeletionTimestamp() != nil {
			t.Errorf("%s: the DatabaseServer is being deleted", when)
		}
		return string(secret.Data["password"]), server.GetUID()
	}
	c.install(current(t), on)
	password, uid := read("installed")
	for _, step := range []struct {
		when string
		do   func()
	}{
		{"upgraded", func() { c.upgrade(current(t), on) }},
		{"switched off", func() { c.upgrade(current(t), nil) }},
		{"switched on again", func() { c.upgrade(current(t), on) }},
		{"uninstalled", c.uninstall},
		{"installed again", func() { c.install(current(t), on) }},
	} {
		step.do()
		if p, u := read(step.when); p != password || u != uid {
			t.Errorf("%s: the password or the DatabaseServer is another one", step.when)
		}
	}
}
