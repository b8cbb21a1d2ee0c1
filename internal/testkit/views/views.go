// Package views builds what a step is shown: one Organisation with its profile,
// Release, server, ledger, keys and Secrets, all in order, for tests to disturb. No
// cluster and no database is needed, and nothing is left to chance.
//
//	v := views.New(t)                                   // everything is in order
//	v = views.New(t, views.Replicas(2), views.Frontend()) // something is different
//	views.Apply(t, v, messaging.New())                  // what the step renders is there
//	v = views.New(t, views.After(v, "messaging"), views.ServerUnreachable())
package views

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/keyring"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/plan"
	"github.com/glific/organisation-operator/internal/settings"
	"github.com/glific/organisation-operator/internal/snapshot"
	"github.com/glific/organisation-operator/internal/step"
)

// Names that every View has, unless an Option changes them.
const (
	Organisation      = "asha"
	UID               = "2f6c0a4e-7a52-4b0e-9a4d-0d3a6a1d2f11"
	Profile           = "standard"
	Release           = "glific-8.10.1"
	Server            = "shared-1"
	OperatorNamespace = "organisation-system"
)

// Images by digest, as a Release must name them.
var (
	BackendImage  = "registry.example.org/glific@sha256:" + strings.Repeat("0", 63) + "1"
	FrontendImage = "registry.example.org/glific-frontend@sha256:" + strings.Repeat("0", 63) + "2"
)

// World is what a View is made from. An Option may change any of it; a nil pointer
// means that the object does not exist.
type World struct {
	Org     *v1alpha1.Organisation
	Profile *v1alpha1.OrganisationProfile
	Release *v1alpha1.Release
	Server  *v1alpha1.DatabaseServer
	// CA of the server, in PEM.
	CA []byte
	// LedgerErr says that the server cannot be asked.
	LedgerErr error
	// Keys are those of a fixed seed; nil means that no master copy exists.
	Keys *keyring.Keyring
	// Given are Secrets that profile or Organisation name, by name as it was declared.
	Given map[string]*corev1.Secret
	// Namespaced tells whether the tenant's namespace exists.
	Namespaced bool
	// Projected tells whether the Secrets that the pods need are in that namespace.
	Projected bool
	// Objects that the Organisation owns already.
	Objects []client.Object
	// Secrets of the operator in the tenant's namespace, besides the projected ones.
	Secrets []corev1.Secret
	// Claims on hosts, besides the Organisation's own.
	Claims []corev1.ConfigMap
	// Survey is what servers say before placement.
	Survey []snapshot.Survey
	// Offers says which optional APIs the cluster has.
	Offers func(schema.GroupVersionKind) bool

	// tenant and snapshot hold changes to what is derived from all of the above.
	tenant   []func(*ledger.Tenant)
	snapshot []func(*snapshot.Snapshot)
}

// New builds a View: an Organisation that is claimed, whose database is filled and
// migrated, and whose Secrets are projected; nothing that steps render is there yet.
func New(t testing.TB, options ...Option) step.View {
	t.Helper()
	w := ordinary(t)
	for _, option := range options {
		option(w)
	}
	live := &snapshot.Snapshot{
		Profile: w.Profile, Release: w.wanted(), Server: w.Server, Survey: w.Survey, Offered: w.Offers,
	}
	live.Settings, live.Invalid = settings.Resolve(w.Org, w.Profile)
	w.ledger(live)
	w.claims(live)
	w.secrets(live)
	w.namespace(live)
	for _, object := range w.Objects {
		live.Put(kindOf(t, object), object)
	}
	for _, change := range w.snapshot {
		change(live)
	}
	v := step.View{Org: w.Org, Settings: live.Settings, Live: live}
	v.Plan = plan.Decide(w.Org, live)
	if w.Namespaced && w.Projected {
		project(v)
	}
	return v
}

// wanted is the Release if it is the one that is asked for.
func (w *World) wanted() *v1alpha1.Release {
	set, _ := settings.Resolve(w.Org, w.Profile)
	if w.Release == nil || set.Release != w.Release.Name {
		return nil
	}
	return w.Release
}

func (w *World) claims(live *snapshot.Snapshot) {
	for _, host := range live.Settings.Hosts(snapshot.APIHost(live.Release)) {
		live.Claims = append(live.Claims, corev1.ConfigMap{
			ObjectMeta: metav1.ObjectMeta{
				Name: names.HostClaim(host), Namespace: OperatorNamespace, Labels: names.Labels(w.Org),
			},
			Data: map[string]string{plan.HostKey: host},
		})
	}
	live.Claims = append(live.Claims, w.Claims...)
}

func (w *World) namespace(live *snapshot.Snapshot) {
	if !w.Namespaced {
		return
	}
	labels := names.Labels(w.Org)
	labels[v1alpha1.LabelTenant] = "true"
	name := live.Settings.Namespace
	live.Namespace = &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{
		Name: name, UID: types.UID("uid-of-" + name), Labels: labels,
	}}
}

// project puts every Secret that the View asks for into the tenant's namespace.
func project(v step.View) {
	wanted := v.PullSecrets()
	for _, one := range []func() (step.Projected, bool){v.EnvironmentSecret, v.AdminSecret, v.TLSSecret} {
		if secret, ok := one(); ok {
			wanted = append(wanted, secret)
		}
	}
	for _, secret := range wanted {
		if v.Live.Secrets.TenantSecret(secret.Name) != nil {
			continue
		}
		v.Live.Secrets.Tenant = append(v.Live.Secrets.Tenant, corev1.Secret{
			ObjectMeta: metav1.ObjectMeta{Name: secret.Name, Namespace: v.Settings.Namespace, Labels: names.Labels(v.Org)},
			Type:       secret.Type, Data: secret.Data,
		})
	}
}
