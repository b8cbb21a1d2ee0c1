// Package snapshot reads everything that one Organisation owns or depends on, once
// per pass. It is the only reader of the world; everything after it is shown the
// Snapshot and decides without reading again.
package snapshot

import (
	"encoding/json"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/postgres"
	"github.com/glific/organisation-operator/internal/settings"
)

// Snapshot is the world of one Organisation at the start of a pass. Those who write
// put the server's answers back into it, so that Observe judges what is there now.
type Snapshot struct {
	// Settings are spec and profile, merged; Invalid says why they cannot be used.
	Settings settings.Settings
	Invalid  error
	// Profile is nil if the named one does not exist.
	Profile *v1alpha1.OrganisationProfile
	// Release is the wanted one, nil if it does not exist or none is named.
	Release *v1alpha1.Release
	// Channel is the one that decides on the Release; nil if none does or it does not
	// exist.
	Channel *v1alpha1.ReleaseChannel
	// Server is the one on which the data is placed, nil before placement or if it
	// does not exist.
	Server *v1alpha1.DatabaseServer
	// Ledger is what that server's ledger says; asked once per pass.
	Ledger Ledger
	// Survey is what all servers' ledgers say; asked only before placement.
	Survey []Survey
	// Replacing: the chosen server has become full before anything was claimed there, so
	// that one is chosen again.
	Replacing bool
	// Namespace is the tenant's, whoever made it; nil if there is none.
	Namespace *corev1.Namespace
	// Claims are the host locks of the wanted hosts, whoever holds them, and those
	// that this identity holds on other hosts.
	Claims []corev1.ConfigMap
	// Secrets are read live.
	Secrets Secrets
	// Reach is what users of the NGO's hosts meet.
	Reach Reach
	// Offered tells which optional APIs the cluster has.
	Offered func(schema.GroupVersionKind) bool

	objects map[key]client.Object
}

// Ledger is the answer of the server on which an Organisation's data is placed.
type Ledger struct {
	// Connection is nil if the server cannot be asked.
	Connection *postgres.Server
	// Tenant is nil only if the server answered that it has no row, or Err is set.
	Tenant *ledger.Tenant
	// Foreign is a row of this identity that another installation or Organisation has;
	// then Tenant is nil, and nothing of it is ours to show or to write.
	Foreign *ledger.Tenant
	// CA is the server's authority in PEM, to be handed on to the app.
	CA []byte
	// Adoption tells whether the server lets retained data be taken over now.
	Adoption bool
	// SuspensionAdmitted: the breaker lets this Organisation be suspended.
	SuspensionAdmitted bool
	// Err says why the server could not be asked. It never means "absent".
	Err error
}

// Survey is the answer of one server before an Organisation is placed.
type Survey struct {
	Server *v1alpha1.DatabaseServer
	// Matches tells whether the Organisation's selector matches the server.
	Matches bool
	// Adoption tells whether the server lets the same name take over retained data now.
	Adoption bool
	// Tenant of the Organisation's own identity; nil if there is none.
	Tenant *ledger.Tenant
	// Shadowed are rows of the same name or host and another identity.
	Shadowed []ledger.Row
	// Capacity is the server's connection budget; asked only of servers that match.
	Capacity ledger.Capacity
	// Err says why the server could not be asked.
	Err error
}

// Secrets are the Secrets of one Organisation, read live once per pass.
type Secrets struct {
	// Keys is the master copy of the keys; nil if it does not exist.
	Keys *corev1.Secret
	// Sources are the Secrets that were named, in the order of precedence.
	Sources []Source
	// Tenant are the operator's Secrets in the tenant's namespace.
	Tenant []corev1.Secret
	// Unreadable: the operator's RoleBinding in the namespace is gone, so Tenant and the
	// Organisation's own Sources say nothing until the next pass.
	Unreadable bool
}

// Source is one Secret that a profile or an Organisation names.
type Source struct {
	// Name as it was declared.
	Name string
	// Use says what for.
	Use Use
	// Layer is SharedSecret or OwnSecret.
	Layer settings.Layer
	// Secret is nil if it does not exist.
	Secret *corev1.Secret
}

// Use is what a named Secret is used for.
type Use string

// The uses.
const (
	UseEnvironment Use = "Environment"
	UsePull        Use = "ImagePull"
	UseTLS         Use = "TLS"
)

// TenantSecret finds one of the operator's Secrets in the tenant's namespace.
func (s *Secrets) TenantSecret(name string) *corev1.Secret {
	for i := range s.Tenant {
		if s.Tenant[i].Name == name {
			return &s.Tenant[i]
		}
	}
	return nil
}

// SourcesOf lists the named Secrets of one use.
func (s *Secrets) SourcesOf(use Use) []Source {
	return slices.DeleteFunc(slices.Clone(s.Sources), func(src Source) bool { return src.Use != use })
}

type key struct {
	kind      string
	namespace string
	name      string
}

// Put notes an object as it is on the server now.
func (s *Snapshot) Put(kind string, obj client.Object) {
	if s.objects == nil {
		s.objects = map[key]client.Object{}
	}
	s.objects[key{kind, obj.GetNamespace(), obj.GetName()}] = obj
}

// Drop forgets an object that was deleted.
func (s *Snapshot) Drop(kind, namespace, name string) {
	delete(s.objects, key{kind, namespace, name})
}

// Object finds an owned object; nil if it does not exist.
func (s *Snapshot) Object(kind, namespace, name string) client.Object {
	return s.objects[key{kind, namespace, name}]
}

// Owned is an object and its kind.
type Owned struct {
	Kind string
	client.Object
}

// OwnedBy lists the objects that a step rendered, in the order of kind and name.
func (s *Snapshot) OwnedBy(step string) []Owned {
	var owned []Owned
	for k, obj := range s.objects {
		if obj.GetLabels()[v1alpha1.LabelStep] == step {
			owned = append(owned, Owned{Kind: k.kind, Object: obj})
		}
	}
	slices.SortFunc(owned, func(a, b Owned) int {
		return strings.Compare(a.Kind+"/"+a.GetName(), b.Kind+"/"+b.GetName())
	})
	return owned
}

// All lists the owned objects of a kind in the order of their names.
func (s *Snapshot) All(kind string) []client.Object {
	var all []client.Object
	for k, obj := range s.objects {
		if k.kind == kind {
			all = append(all, obj)
		}
	}
	slices.SortFunc(all, func(a, b client.Object) int { return strings.Compare(a.GetName(), b.GetName()) })
	return all
}

// Find finds an owned object of a type by its kind and name, in any namespace that
// this Organisation has; the zero value if it does not exist.
func Find[T client.Object](s *Snapshot, kind, namespace, name string) T {
	obj, _ := s.Object(kind, namespace, name).(T)
	return obj
}

// Mentions tells whether any owned object names a Secret: a pod template, a recorded
// revision of one, a Job, a route. It errs on the side of yes.
func (s *Snapshot) Mentions(secret string) bool {
	for _, obj := range s.objects {
		if content, err := json.Marshal(obj); err != nil || strings.Contains(string(content), `"`+secret+`"`) {
			return true
		}
	}
	return false
}
