package views

import (
	"crypto/sha256"
	"encoding/hex"
	"math/rand/v2"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/keyring"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/login"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/plan"
	"github.com/glific/organisation-operator/internal/postgres"
	"github.com/glific/organisation-operator/internal/settings"
	"github.com/glific/organisation-operator/internal/snapshot"
)

// Now is the moment at which every View is taken.
var Now = time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)

// oid of the tenant's database; any number but 0.
const oid = 16384

func ordinary(t testing.TB) *World {
	keys := Keys(t)
	return &World{
		Org: &v1alpha1.Organisation{
			ObjectMeta: metav1.ObjectMeta{
				Name: Organisation, UID: UID, Generation: 1, CreationTimestamp: metav1.NewTime(Now),
				Finalizers:  []string{v1alpha1.Finalizer},
				Annotations: map[string]string{v1alpha1.AnnotationServer: Server},
			},
			Spec: v1alpha1.OrganisationSpec{Profile: Profile, Power: v1alpha1.PowerRunning},
		},
		Profile:    profile(),
		Release:    release(),
		Server:     server(),
		Keys:       &keys,
		Given:      map[string]*corev1.Secret{},
		Namespaced: true,
		Projected:  true,
		Offers:     func(schema.GroupVersionKind) bool { return true },
	}
}

func profile() *v1alpha1.OrganisationProfile {
	return &v1alpha1.OrganisationProfile{
		ObjectMeta: metav1.ObjectMeta{Name: Profile},
		Spec: v1alpha1.OrganisationProfileSpec{
			BaseDomain: "ngo.example.org",
			Release:    &v1alpha1.ReleaseReference{Name: Release},
			Env:        []v1alpha1.EnvVar{Var("GLIFIC_BASE_DOMAIN", "ngo.example.org")},
		},
	}
}

func release() *v1alpha1.Release {
	return &v1alpha1.Release{
		ObjectMeta: metav1.ObjectMeta{Name: Release},
		Spec: v1alpha1.ReleaseSpec{
			Version: "8.10.1",
			Images:  v1alpha1.ReleaseImages{Backend: BackendImage},
			Binary:  "/app/bin/prod",
			Commands: v1alpha1.ReleaseCommands{
				Bootstrap:     []string{"eval", "Glific.Release.bootstrap()"},
				Migrate:       []string{"eval", "Glific.Release.migrate()"},
				AdminPassword: []string{"eval", "Glific.Release.set_admin_password()"},
			},
			HTTP: v1alpha1.HTTPSpec{
				WebsocketPaths: []string{"/live", "/socket"},
				BackendPaths:   []string{"/api", "/gupshup"},
			},
			Env: []v1alpha1.EnvVar{Var("HACKNEY_POOL_SIZE", "50")},
		},
	}
}

func server() *v1alpha1.DatabaseServer {
	return &v1alpha1.DatabaseServer{
		ObjectMeta: metav1.ObjectMeta{Name: Server, Labels: map[string]string{"tier": "shared"}},
		Spec: v1alpha1.DatabaseServerSpec{
			Type: "PostgreSQL",
			PostgreSQL: &v1alpha1.PostgreSQLServer{
				Host: "postgres.example.org", Port: 5432,
				Credentials: v1alpha1.SecretReference{Name: "shared-1-admin"},
			},
		},
	}
}

// Keys are the same in every test.
func Keys(t testing.TB) keyring.Keyring {
	t.Helper()
	keys, err := keyring.Generate(rand.NewChaCha8([32]byte{1}))
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := login.Verifier(keys.DatabasePassword(), make([]byte, login.SaltSize), login.Iterations)
	if err != nil {
		t.Fatal(err)
	}
	return keys.WithVerifier(verifier)
}

func (w *World) ledger(live *snapshot.Snapshot) {
	live.Ledger.CA, live.Ledger.Err = w.CA, w.LedgerErr
	if w.LedgerErr != nil || w.Server == nil || w.Org.Annotations[v1alpha1.AnnotationServer] == "" {
		return
	}
	live.Ledger.Tenant = w.row(live.Settings, live.Release)
	for _, change := range w.tenant {
		change(live.Ledger.Tenant)
	}
}

// row is what the ledger says about a tenant that is in order.
func (w *World) row(set settings.Settings, release *v1alpha1.Release) *ledger.Tenant {
	database := names.Database(w.Org.Name, w.Org.Identity(), 1)
	limit := int(set.ConnectionLimit)
	tenant := &ledger.Tenant{
		Row: ledger.Row{
			Identity: w.Org.Identity(), Installation: "installation", Organisation: w.Org.Name,
			Hosts:    set.Hosts(snapshot.APIHost(release)),
			Database: database, OwnerRole: postgres.OwnerRole(database), LoginRole: database, Incarnation: 1,
			ConnectionLimit: limit, State: ledger.Active, Epoch: 1,
			Bootstrap: ledger.Bootstrapped, AdminDigest: "unset", AdminAt: &Now,
			PreparedOID: oid, CreatedAt: Now,
		},
		Facts: ledger.Facts{
			Owner: ledger.RoleFacts{Exists: true, Ours: true, Limit: -1, Member: true},
			Login: ledger.RoleFacts{Exists: true, Ours: true, CanLogin: true, Limit: limit, Member: true},
			Database: ledger.DatabaseFacts{
				Exists: true, OID: oid, Owned: true, AllowConnections: true, Limit: limit + ledger.OperatorShare, Closed: true,
			},
			Now: Now,
		},
	}
	if set.Power == v1alpha1.PowerSuspended {
		tenant.State, tenant.Facts.Login.CanLogin = ledger.Suspended, false
	}
	if w.Keys != nil {
		tenant.KeyFingerprint = w.Keys.Fingerprint()
		sum := sha256.Sum256([]byte(w.Keys.DatabaseVerifier()))
		tenant.VerifierDigest = hex.EncodeToString(sum[:])
	}
	if release != nil {
		tenant.AdminDigest = plan.RunDigest(release.Spec.Images.Backend, release.Spec.Commands.AdminPassword)
		tenant.Runs = runs(release)
	}
	return tenant
}

func runs(release *v1alpha1.Release) []ledger.Run {
	image, commands := release.Spec.Images.Backend, release.Spec.Commands
	succeeded := func(kind ledger.RunKind, command []string) ledger.Run {
		return ledger.Run{Kind: kind, Digest: plan.RunDigest(image, command), State: ledger.RunSucceeded, At: Now}
	}
	all := []ledger.Run{
		succeeded(ledger.RunBootstrap, commands.Bootstrap),
		succeeded(ledger.RunAdminPassword, commands.AdminPassword),
	}
	if len(commands.Migrate) > 0 {
		all = append(all, succeeded(ledger.RunMigration, commands.Migrate))
	}
	return all
}

func (w *World) secrets(live *snapshot.Snapshot) {
	live.Secrets.Tenant = w.Secrets
	if w.Keys != nil {
		live.Secrets.Keys = &corev1.Secret{
			ObjectMeta: metav1.ObjectMeta{Name: names.Keys(w.Org.Identity()), Namespace: OperatorNamespace, Labels: names.Labels(w.Org)},
			Data:       w.Keys.Data(),
		}
	}
	set := live.Settings
	for _, name := range set.ProfileSecrets {
		live.Secrets.Sources = append(live.Secrets.Sources, w.source(name, snapshot.UseEnvironment, settings.LayerSharedSecret))
	}
	for _, name := range set.PullSecrets {
		live.Secrets.Sources = append(live.Secrets.Sources, w.source(name, snapshot.UsePull, settings.LayerSharedSecret))
	}
	for _, name := range set.OwnSecrets {
		live.Secrets.Sources = append(live.Secrets.Sources, w.source(name, snapshot.UseEnvironment, settings.LayerOwnSecret))
	}
	if set.TLSSecret != "" {
		live.Secrets.Sources = append(live.Secrets.Sources, w.source(set.TLSSecret, snapshot.UseTLS, settings.LayerOwnSecret))
	}
}

func (w *World) source(name string, use snapshot.Use, layer settings.Layer) snapshot.Source {
	return snapshot.Source{Name: name, Use: use, Layer: layer, Secret: w.Given[name]}
}

func text(s string) *string { return &s }

// Var is a variable with a plain value.
func Var(name, value string) v1alpha1.EnvVar { return v1alpha1.EnvVar{Name: name, Value: text(value)} }
