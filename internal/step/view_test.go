package step_test

import (
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/environment"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/snapshot"
	"github.com/glific/organisation-operator/internal/testkit/views"
)

type world = []views.Option

func variable(env environment.Environment, name string) environment.Value {
	for _, value := range env.Values {
		if value.Name == name {
			return value
		}
	}
	return environment.Value{}
}

func TestThereIsNoEnvironmentBeforeEverythingIsKnown(t *testing.T) {
	damaged := views.Snapshot(func(s *snapshot.Snapshot) { delete(s.Secrets.Keys.Data, "cipher-key") })
	for sentence, test := range map[string]struct {
		world world
		want  bool
	}{
		"all is known":            {nil, true},
		"the keys are missing":    {world{views.WithoutKeys()}, false},
		"the keys are damaged":    {world{damaged}, false},
		"the Release is missing":  {world{views.WithoutRelease()}, false},
		"the profile is missing":  {world{views.WithoutProfile()}, false},
		"the spec is invalid":     {world{views.Spec(func(s *v1alpha1.OrganisationSpec) { s.Size = "huge" })}, false},
		"there is no row":         {world{views.Unclaimed()}, false},
		"the server is silent":    {world{views.ServerUnreachable()}, false},
		"there is no server":      {world{views.Unplaced()}, false},
		"too few connections":     {world{views.Replicas(9)}, false},
		"an own Secret is absent": {world{views.OwnSecret("gupshup", nil)}, true},
	} {
		t.Run(sentence, func(t *testing.T) {
			v := views.New(t, test.world...)
			if _, ok := v.Environment(); ok != test.want {
				t.Errorf("environment: %v", ok)
			}
			if _, ok := v.EnvironmentSecret(); ok != test.want {
				t.Errorf("its Secret: %v", ok)
			}
		})
	}
}

func TestTheEnvironmentIsThatOfTheLedgersDatabase(t *testing.T) {
	password := views.Keys(t).DatabasePassword()
	restored := views.Tenant(func(t *ledger.Tenant) { t.Database, t.LoginRole = "asha-12345678-2", "asha-12345678-2" })
	tls := func(mode v1alpha1.DatabaseTLSMode) views.Option {
		return views.PostgreSQL(func(p *v1alpha1.PostgreSQLServer) { p.TLS = &v1alpha1.DatabaseTLS{Mode: mode} })
	}
	for sentence, test := range map[string]struct {
		world      world
		name, want string
	}{
		"name and role are the ledger's":     {world{restored}, "DATABASE_URL", "ecto://asha-12345678-2:" + password + "@postgres.example.org:5432/asha-12345678-2"},
		"a port that is not said":            {world{restored, views.PostgreSQL(func(p *v1alpha1.PostgreSQLServer) { p.Port = 0 })}, "DATABASE_URL", "ecto://asha-12345678-2:" + password + "@postgres.example.org:5432/asha-12345678-2"},
		"TLS unless somebody says otherwise": {nil, "ENABLE_DB_SSL", "true"},
		"TLS of a mode that is not said":     {world{tls("")}, "ENABLE_DB_SSL", "true"},
		"no TLS":                             {world{tls(v1alpha1.DatabaseTLSDisabled)}, "ENABLE_DB_SSL", "false"},
		"the server's authority":             {world{views.DatabaseTLS("PEM")}, "PRIMARY_CACERT_ENCODED", "UEVN"},
		"the pool of one pod":                {world{views.Replicas(2)}, "POOL_SIZE", "2"},
		"an own Secret":                      {world{views.OwnSecret("gupshup", map[string]string{"A": "own"}), views.SharedSecret("providers", map[string]string{"A": "shared"})}, "A", "own"},
		"a pull secret is no variable":       {world{views.PullSecret("registry", "{}")}, corev1.DockerConfigJsonKey, ""},
		"a certificate is no variable":       {world{views.TLSSecret("asha-tls", "c", "k")}, corev1.TLSPrivateKeyKey, ""},
	} {
		t.Run(sentence, func(t *testing.T) {
			env, ok := views.New(t, test.world...).Environment()
			if !ok {
				t.Fatal("no environment")
			}
			if got := variable(env, test.name).Value; got != test.want {
				t.Errorf("%s is not as it should be (%d characters, want %d)", test.name, len(got), len(test.want))
			}
		})
	}
}

func TestCopiesOfSecrets(t *testing.T) {
	v := views.New(t, views.PullSecret("registry", "{}"), views.PullSecret("mirror", "{}"), views.PullSecret("absent", ""), views.TLSSecret("asha-tls", "c", "k"))
	pulls := v.PullSecrets()
	tls, ok := v.TLSSecret()
	admin, _ := v.AdminSecret()
	if len(pulls) != 2 || !ok {
		t.Fatalf("%d pull secrets, certificate %v", len(pulls), ok)
	}
	for form, secret := range map[string]struct {
		name string
		kind corev1.SecretType
		data map[string][]byte
		want map[string][]byte
	}{
		`^pull-registry-[0-9a-f]{10}$`: {pulls[0].Name, pulls[0].Type, pulls[0].Data, map[string][]byte{corev1.DockerConfigJsonKey: []byte("{}")}},
		`^pull-mirror-[0-9a-f]{10}$`:   {pulls[1].Name, pulls[1].Type, pulls[1].Data, map[string][]byte{corev1.DockerConfigJsonKey: []byte("{}")}},
		`^tls-[0-9a-f]{10}$`:           {tls.Name, tls.Type, tls.Data, map[string][]byte{corev1.TLSCertKey: []byte("c"), corev1.TLSPrivateKeyKey: []byte("k")}},
		`^admin-[0-9a-f]{10}$`:         {admin.Name, admin.Type, admin.Data, map[string][]byte{"ADMIN_PASSWORD": []byte(views.Keys(t).AdminPassword())}},
	} {
		if !regexp.MustCompile(form).MatchString(secret.name) {
			t.Errorf("Secret %s, want %s", secret.name, form)
		}
		if !cmp.Equal(secret.want, secret.data) {
			t.Errorf("Secret %s of type %s has other data", secret.name, secret.kind)
		}
	}
	bare := views.New(t, views.WithoutKeys(), views.PullSecret("registry", "{}"), views.TLSSecret("asha-tls", "c", "k"))
	_, hasTLS := bare.TLSSecret()
	_, hasAdmin := bare.AdminSecret()
	if len(bare.PullSecrets()) > 0 || hasTLS || hasAdmin {
		t.Error("without keys, a name would show what is in a Secret")
	}
}
