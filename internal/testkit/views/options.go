package views

import (
	"maps"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/snapshot"
	"github.com/glific/organisation-operator/internal/step"
)

// Option makes one thing different. Options apply in order.
type Option func(*World)

// Named gives the Organisation another name and identity.
func Named(name, uid string) Option {
	return func(w *World) { w.Org.Name, w.Org.UID = name, types.UID(uid) }
}

// Spec changes what the Organisation declares.
func Spec(change func(*v1alpha1.OrganisationSpec)) Option {
	return func(w *World) { change(&w.Org.Spec) }
}

// Messaging changes what the Organisation declares about its deployment.
func Messaging(change func(*v1alpha1.MessagingSpec)) Option {
	return func(w *World) {
		if w.Org.Spec.Messaging == nil {
			w.Org.Spec.Messaging = &v1alpha1.MessagingSpec{}
		}
		change(w.Org.Spec.Messaging)
	}
}

// ProfileSpec changes what the profile declares.
func ProfileSpec(change func(*v1alpha1.OrganisationProfileSpec)) Option {
	return func(w *World) { change(&w.Profile.Spec) }
}

// ReleaseSpec changes what the Release declares.
func ReleaseSpec(change func(*v1alpha1.ReleaseSpec)) Option {
	return func(w *World) { change(&w.Release.Spec) }
}

// PostgreSQL changes what the DatabaseServer declares.
func PostgreSQL(change func(*v1alpha1.PostgreSQLServer)) Option {
	return func(w *World) { change(w.Server.Spec.PostgreSQL) }
}

// Annotated puts an annotation on the Organisation, as a person would.
func Annotated(key, value string) Option {
	return func(w *World) {
		annotations := maps.Clone(w.Org.Annotations)
		annotations[key] = value
		w.Org.Annotations = annotations
	}
}

// Replicas of the back end; more than two need a higher connection limit.
func Replicas(n int32) Option {
	return Messaging(func(m *v1alpha1.MessagingSpec) { m.Replicas = n })
}

// Suspended takes away the power, in spec and in the ledger.
func Suspended() Option {
	return Spec(func(s *v1alpha1.OrganisationSpec) { s.Power = v1alpha1.PowerSuspended })
}

// Frontend gives the Release a front-end image.
func Frontend() Option {
	return ReleaseSpec(func(r *v1alpha1.ReleaseSpec) { r.Images.Frontend = FrontendImage })
}

// ReleaseNamed makes the profile ask for a Release of another name and back-end image.
func ReleaseNamed(name, image string) Option {
	return func(w *World) {
		w.Release.Name, w.Release.Spec.Images.Backend = name, image
		w.Profile.Spec.Release = &v1alpha1.ReleaseReference{Name: name}
	}
}

// WithoutRelease removes the Release that is asked for.
func WithoutRelease() Option { return func(w *World) { w.Release = nil } }

// WithoutProfile removes the profile.
func WithoutProfile() Option { return func(w *World) { w.Profile = nil } }

// Unplaced is an Organisation for which no server was chosen yet; the survey is what
// the servers say.
func Unplaced(survey ...snapshot.Survey) Option {
	return func(w *World) {
		annotations := maps.Clone(w.Org.Annotations)
		delete(annotations, v1alpha1.AnnotationServer)
		w.Org.Annotations, w.Server, w.Survey = annotations, nil, survey
	}
}

// ServerUnreachable makes the ledger's answer an error.
func ServerUnreachable() Option {
	return func(w *World) {
		w.LedgerErr = &ledger.UnreachableError{Server: Server, Reason: "connection refused"}
	}
}

// Unclaimed makes the ledger answer that it has no row.
func Unclaimed() Option {
	return Snapshot(func(s *snapshot.Snapshot) { s.Ledger.Tenant = nil })
}

// Tenant changes what the ledger says.
func Tenant(change func(*ledger.Tenant)) Option {
	return func(w *World) { w.tenant = append(w.tenant, change) }
}

// NotBootstrapped is a database that was just made: nothing ran in it.
func NotBootstrapped() Option {
	return Tenant(func(t *ledger.Tenant) {
		t.Bootstrap, t.AdminDigest, t.AdminAt, t.Runs = ledger.NotBootstrapped, "", nil, nil
	})
}

// NotMigrated is a filled database in which no migration ran.
func NotMigrated() Option {
	return Tenant(func(t *ledger.Tenant) {
		var kept []ledger.Run
		for _, run := range t.Runs {
			if run.Kind != ledger.RunMigration {
				kept = append(kept, run)
			}
		}
		t.Runs = kept
	})
}

// DatabaseTLS gives the server an authority of its own, in PEM.
func DatabaseTLS(ca string) Option {
	return func(w *World) {
		w.CA = []byte(ca)
		w.Server.Spec.PostgreSQL.TLS = &v1alpha1.DatabaseTLS{
			Mode: v1alpha1.DatabaseTLSVerifyFull, CA: &v1alpha1.SecretReference{Name: "shared-1-ca"},
		}
	}
}

// WithoutKeys removes the master copy of the keys.
func WithoutKeys() Option { return func(w *World) { w.Keys = nil } }

// WithoutNamespace removes the tenant's namespace, and with it all that lies in it.
func WithoutNamespace() Option { return func(w *World) { w.Namespaced = false } }

// Unprojected leaves the tenant's namespace without the Secrets that the pods need.
func Unprojected() Option { return func(w *World) { w.Projected = false } }

// SharedSecret lets the profile name a Secret of variables; nil data means that the
// Secret does not exist.
func SharedSecret(name string, data map[string]string) Option {
	return func(w *World) {
		w.Profile.Spec.EnvFrom = append(w.Profile.Spec.EnvFrom, v1alpha1.EnvSource{SecretRef: v1alpha1.SecretReference{Name: name}})
		w.give(name, OperatorNamespace, corev1.SecretTypeOpaque, data)
	}
}

// OwnSecret lets the Organisation name a Secret of variables; nil data means that the
// Secret does not exist.
func OwnSecret(name string, data map[string]string) Option {
	return func(w *World) {
		Messaging(func(m *v1alpha1.MessagingSpec) {
			m.EnvFrom = append(m.EnvFrom, v1alpha1.EnvSource{SecretRef: v1alpha1.SecretReference{Name: name}})
		})(w)
		w.give(name, "org-"+w.Org.Name, corev1.SecretTypeOpaque, data)
	}
}

// PullSecret lets the profile name an image pull secret; empty content means that the
// Secret does not exist.
func PullSecret(name, content string) Option {
	return func(w *World) {
		w.Profile.Spec.ImagePullSecrets = append(w.Profile.Spec.ImagePullSecrets, v1alpha1.SecretReference{Name: name})
		var data map[string]string
		if content != "" {
			data = map[string]string{corev1.DockerConfigJsonKey: content}
		}
		w.give(name, OperatorNamespace, corev1.SecretTypeDockerConfigJson, data)
	}
}

// TLSSecret lets the Organisation bring a certificate of its own; empty parts mean
// that the Secret does not exist.
func TLSSecret(name, certificate, key string) Option {
	return func(w *World) {
		w.Org.Spec.TLS = &v1alpha1.OrganisationTLS{SecretRef: v1alpha1.SecretReference{Name: name}}
		var data map[string]string
		if certificate != "" {
			data = map[string]string{corev1.TLSCertKey: certificate, corev1.TLSPrivateKeyKey: key}
		}
		w.give(name, "org-"+w.Org.Name, corev1.SecretTypeTLS, data)
	}
}

func (w *World) give(name, namespace string, kind corev1.SecretType, data map[string]string) {
	if data == nil {
		return
	}
	bytes := map[string][]byte{}
	for key, value := range data {
		bytes[key] = []byte(value)
	}
	w.Given[name] = &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: namespace}, Type: kind, Data: bytes,
	}
}

// Claimed adds a claim on a host, whoever holds it.
func Claimed(claim corev1.ConfigMap) Option {
	return func(w *World) { w.Claims = append(w.Claims, claim) }
}

// Offering limits the optional APIs of the cluster to the given kinds.
func Offering(kinds ...schema.GroupVersionKind) Option {
	return func(w *World) {
		w.Offers = func(asked schema.GroupVersionKind) bool {
			for _, kind := range kinds {
				if kind == asked {
					return true
				}
			}
			return false
		}
	}
}

// With puts objects where the Organisation's own are.
func With(objects ...client.Object) Option {
	return func(w *World) { w.Objects = append(w.Objects, objects...) }
}

// After continues from an earlier View: what the named steps rendered, and every
// Secret that was projected, is still there.
func After(earlier step.View, steps ...string) Option {
	return func(w *World) {
		for _, name := range steps {
			for _, owned := range earlier.Live.OwnedBy(name) {
				w.Objects = append(w.Objects, owned.DeepCopyObject().(client.Object))
			}
		}
		w.Secrets = append(w.Secrets, earlier.Live.Secrets.Tenant...)
	}
}

// Snapshot changes anything else, before the plan is made.
func Snapshot(change func(*snapshot.Snapshot)) Option {
	return func(w *World) { w.snapshot = append(w.snapshot, change) }
}
