// Package names makes every name, label and annotation that the operator
// generates. Names derive from an Organisation's identity, never from chance, so
// that a pass that was cut off finds again what it had made.
package names

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// Names of objects that every tenant's namespace has.
const (
	// Backend is the Deployment, Service, disruption budget and route of the app.
	Backend = "backend"
	// BackendNodes is the headless Service through which BEAM nodes find each other.
	BackendNodes = "backend-nodes"
	// Frontend is the Deployment and Service of the single-page app.
	Frontend = "frontend"
	// ServiceAccount is what tenants' pods run as: no token, no rules.
	ServiceAccount = "tenant"
	// Certificate is the Certificate, and the Secret it fills.
	Certificate = "tls"
	// OperatorAccess is the RoleBinding that lets the operator write in a namespace.
	OperatorAccess = "organisation-operator"
	// OperatorHot is the RoleBinding that lets the operator into the pods there.
	OperatorHot = "organisation-operator-hot"
)

// ClusterRoles that are bound in tenants' namespaces; config/rbac defines them.
const (
	RoleOperator = "organisation-operator-tenant"
	RoleHot      = "organisation-operator-hot"
	RoleViewer   = "organisation-tenant-viewer"
	RoleSupport  = "organisation-tenant-support"
	RoleEngineer = "organisation-tenant-engineer"
)

const (
	maxSlug = 30
	// MaxIdentifier is PostgreSQL's limit: longer names are cut and would collide
	// (manual, "Identifiers and Key Words").
	MaxIdentifier = 63
)

// Namespace of the tenant. Names have at most 58 characters, so this is a label.
func Namespace(organisation string) string { return namespacePrefix + organisation }

const namespacePrefix = "org-"

// Tenant is the name of the Organisation that a namespace of this name would belong to;
// false if it is no tenant's.
func Tenant(namespace string) (organisation string, ok bool) {
	return strings.CutPrefix(namespace, namespacePrefix)
}

// Digest is the first n hexadecimal digits of the SHA-256 of the parts, which are
// separated so that ("ab","c") and ("a","bc") differ.
func Digest(n int, parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:])[:n]
}

// Database is the name of a tenant's database: <slug>-<hash8>-<incarnation>, at
// most 63 bytes. A restored or moved database is a new incarnation beside the old.
func Database(organisation, identity string, incarnation int) string {
	slug := organisation
	if len(slug) > maxSlug {
		slug = strings.TrimRight(slug[:maxSlug], "-")
	}
	return fmt.Sprintf("%s-%s-%d", slug, Digest(8, identity), incarnation)
}

// Keys is the Secret in the operator's namespace that holds the master copy of an
// identity's keys.
func Keys(identity string) string { return "keys-" + identity }

// HostClaim is the ConfigMap in the operator's namespace that locks a host.
func HostClaim(host string) string { return "host-" + Digest(32, strings.ToLower(host)) }

// SourceSecret is where an Organisation's Secret may be given before its namespace
// exists: in the operator's namespace.
func SourceSecret(organisation, name string) string { return organisation + "." + name }

// Environment is the Secret in the tenant's namespace with the secret part of the
// environment. The digest is of the content, so a Secret of this name never changes.
func Environment(digest string) string { return "environment-" + digest }

// Admin is the Secret in the tenant's namespace with the first admin password.
func Admin(digest string) string { return "admin-" + digest }

// PullSecret is the copy of an image pull secret in the tenant's namespace.
func PullSecret(name, digest string) string { return "pull-" + shorten(name, 40) + "-" + digest }

// TLSSecret is the copy of the NGO's own certificate in the tenant's namespace.
func TLSSecret(digest string) string { return "tls-" + digest }

// Job is the name of one run of a Release's command. Another digest or another
// attempt is another Job; the same is never created twice.
func Job(kind, image, attempt string) string {
	return kind + "-" + Digest(10, image, attempt)
}

// Revision is the ControllerRevision that records released pod templates.
func Revision(digest string) string { return "messaging-" + digest }

// shorten cuts a name to n characters, and never behind a dot: what follows begins with
// a hyphen, which no part of a DNS name may.
func shorten(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.TrimRight(s[:n-9], ".-") + "-" + Digest(8, s)
}

// RoleFor is the ClusterRole that is bound for an access role.
func RoleFor(role v1alpha1.AccessRole) string {
	switch role {
	case v1alpha1.RoleEngineer:
		return RoleEngineer
	case v1alpha1.RoleSupport:
		return RoleSupport
	default:
		return RoleViewer
	}
}

// Labels that prove to whom an object belongs, and select it into caches.
func Labels(org *v1alpha1.Organisation) map[string]string {
	return map[string]string{
		v1alpha1.LabelManagedBy:    v1alpha1.ManagedBy,
		v1alpha1.LabelPartOf:       v1alpha1.PartOf,
		v1alpha1.LabelOrganisation: org.Name,
		v1alpha1.LabelIdentity:     org.Identity(),
	}
}

// Owned tells whether labels carry this Organisation's name and identity.
func Owned(org *v1alpha1.Organisation, labels map[string]string) bool {
	return labels[v1alpha1.LabelManagedBy] == v1alpha1.ManagedBy &&
		labels[v1alpha1.LabelOrganisation] == org.Name &&
		labels[v1alpha1.LabelIdentity] == org.Identity()
}

// OwnedByPredecessor tells whether labels carry this Organisation's name and another
// identity: what an earlier Organisation of the same name left behind.
func OwnedByPredecessor(org *v1alpha1.Organisation, labels map[string]string) bool {
	return labels[v1alpha1.LabelManagedBy] == v1alpha1.ManagedBy &&
		labels[v1alpha1.LabelOrganisation] == org.Name &&
		labels[v1alpha1.LabelIdentity] != org.Identity()
}
