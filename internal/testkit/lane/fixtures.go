package lane

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// Server is the name of the DatabaseServer that Furnish makes.
const Server = "shared-1"

// Furnish creates what Organisations share: a DatabaseServer, a Release, a profile and
// the Secrets that they name.
func (l *Lane) Furnish(ctx context.Context) error {
	for _, object := range []client.Object{
		l.secret("shared-1-admin", map[string]string{"username": dailyRole, "password": dailyPassword}),
		l.secret("shared-providers", map[string]string{"GUPSHUP_WEBHOOK_IPS": "192.0.2.0/24", "STRIPE_API_KEY": "dummy"}),
		l.DatabaseServer(Server), Release("r1", "1"), Profile("standard", "r1"),
	} {
		if err := l.Admin.Create(ctx, object); err != nil {
			return fmt.Errorf("creating %T %s: %w", object, object.GetName(), err)
		}
	}
	return nil
}

// DatabaseServer leads to the lane's PostgreSQL through the proxy.
func (l *Lane) DatabaseServer(name string) *v1alpha1.DatabaseServer {
	return &v1alpha1.DatabaseServer{
		ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"tier": "shared"}},
		Spec: v1alpha1.DatabaseServerSpec{
			Type: v1alpha1.DatabaseServerPostgreSQL,
			PostgreSQL: &v1alpha1.PostgreSQLServer{
				Host: "127.0.0.1", Port: int32(l.Proxy.Addr().Port), //nolint:gosec // a port
				Credentials: v1alpha1.SecretReference{Name: "shared-1-admin"},
				TLS:         &v1alpha1.DatabaseTLS{Mode: v1alpha1.DatabaseTLSDisabled},
			},
		},
	}
}

func (l *Lane) secret(name string, data map[string]string) *corev1.Secret {
	return &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: Namespace}, StringData: data}
}

// Release is one whose images differ by the digit.
func Release(name, digit string) *v1alpha1.Release {
	digest := ""
	for range 64 {
		digest += digit
	}
	return &v1alpha1.Release{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec: v1alpha1.ReleaseSpec{
			Version: name,
			Images:  v1alpha1.ReleaseImages{Backend: "registry.example.org/app@sha256:" + digest},
			Binary:  "/app/bin/prod",
			Commands: v1alpha1.ReleaseCommands{
				Bootstrap: []string{"eval", "App.bootstrap()"}, Migrate: []string{"eval", "App.migrate()"}, AdminPassword: []string{"eval", "App.admin()"},
			},
			HTTP:        v1alpha1.HTTPSpec{WebsocketPaths: []string{"/socket"}, APIHost: v1alpha1.APIHostServed},
			RequiredEnv: []v1alpha1.RequiredEnv{{Name: "GUPSHUP_WEBHOOK_IPS", Format: v1alpha1.FormatCIDRList}},
		},
	}
}

// Profile names a Release and routes by Ingress.
func Profile(name, release string) *v1alpha1.OrganisationProfile {
	return &v1alpha1.OrganisationProfile{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec: v1alpha1.OrganisationProfileSpec{
			BaseDomain: "ngo.example.org",
			Release:    &v1alpha1.ReleaseReference{Name: release},
			EnvFrom:    []v1alpha1.EnvSource{{SecretRef: v1alpha1.SecretReference{Name: "shared-providers"}}},
			Routing:    &v1alpha1.RoutingSpec{Type: v1alpha1.RoutingIngress},
		},
	}
}

// Organisation is the smallest there is.
func Organisation(name string) *v1alpha1.Organisation {
	return &v1alpha1.Organisation{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: v1alpha1.OrganisationSpec{Profile: "standard"}}
}
