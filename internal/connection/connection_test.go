package connection

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/postgres"
)

const namespace = "organisation-system"

// vault holds the Secrets of servers, and counts how often they are read.
type vault struct {
	client.WithWatch
	reads int
}

func newVault(secrets ...*corev1.Secret) *vault {
	v := &vault{}
	builder := fake.NewClientBuilder()
	for _, secret := range secrets {
		builder = builder.WithObjects(secret)
	}
	v.WithWatch = interceptor.NewClient(builder.Build(), interceptor.Funcs{
		Get: func(ctx context.Context, c client.WithWatch, key client.ObjectKey, o client.Object, options ...client.GetOption) error {
			v.reads++
			return c.Get(ctx, key, o, options...)
		},
	})
	return v
}

func (v *vault) pool(t *testing.T) *Pool {
	t.Helper()
	servers := postgres.NewServers(postgres.Options{Installation: "installation"})
	t.Cleanup(func() { servers.Forget("shared-1") })
	return &Pool{Secrets: v, Namespace: namespace, Servers: servers}
}

func secret(name string, pairs ...string) *corev1.Secret {
	s := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: namespace}, Data: map[string][]byte{}}
	for i := 0; i < len(pairs); i += 2 {
		s.Data[pairs[i]] = []byte(pairs[i+1])
	}
	return s
}

func admin() *corev1.Secret {
	return secret("admin", "username", "organisation_operator", "password", "canary")
}

func server(changes ...func(*v1alpha1.PostgreSQLServer)) *v1alpha1.DatabaseServer {
	s := &v1alpha1.DatabaseServer{
		ObjectMeta: metav1.ObjectMeta{Name: "shared-1", UID: "one", Generation: 1},
		Spec: v1alpha1.DatabaseServerSpec{PostgreSQL: &v1alpha1.PostgreSQLServer{
			Host: "db.example.org", Port: 6432, Credentials: v1alpha1.SecretReference{Name: "admin"},
		}},
	}
	for _, change := range changes {
		change(s.Spec.PostgreSQL)
	}
	return s
}

func tls(mode v1alpha1.DatabaseTLSMode, ca string) func(*v1alpha1.PostgreSQLServer) {
	return func(p *v1alpha1.PostgreSQLServer) {
		p.TLS = &v1alpha1.DatabaseTLS{Mode: mode}
		if ca != "" {
			p.TLS.CA = &v1alpha1.SecretReference{Name: ca}
		}
	}
}

func TestConfigOfAServer(t *testing.T) {
	full := func(change func(*postgres.Config)) postgres.Config {
		c := postgres.Config{Host: "db.example.org", Port: 6432, Username: "organisation_operator", Password: "canary", SSLMode: postgres.VerifyFull}
		change(&c)
		return c
	}
	for sentence, test := range map[string]struct {
		server *v1alpha1.DatabaseServer
		want   postgres.Config
	}{
		"verified in full without a word":   {server(), full(func(*postgres.Config) {})},
		"verified in full by its name":      {server(tls(v1alpha1.DatabaseTLSVerifyFull, "")), full(func(*postgres.Config) {})},
		"verified in full without a mode":   {server(tls("", "")), full(func(*postgres.Config) {})},
		"against an authority of its own":   {server(tls("", "ca")), full(func(c *postgres.Config) { c.CA = []byte("PEM") })},
		"in the clear, if that is said":     {server(tls(v1alpha1.DatabaseTLSDisabled, "")), full(func(c *postgres.Config) { c.SSLMode = postgres.Disable })},
		"a port that is left to PostgreSQL": {server(func(p *v1alpha1.PostgreSQLServer) { p.Port = 0 }), full(func(c *postgres.Config) { c.Port = 0 })},
	} {
		t.Run(sentence, func(t *testing.T) {
			got, err := newVault(admin(), secret("ca", CAKey, "PEM")).pool(t).config(t.Context(), test.server)
			if err != nil || !cmp.Equal(test.want, got) {
				t.Errorf("error %v; another host, port, mode or authority: %s:%d %s, %d bytes", err, got.Host, got.Port, got.SSLMode, len(got.CA))
			}
		})
	}
}

func TestWhatIsMissingNamesFieldAndSecret(t *testing.T) {
	for sentence, test := range map[string]struct {
		secrets []*corev1.Secret
		server  *v1alpha1.DatabaseServer
		says    []string
	}{
		"no credentials":            {nil, server(), []string{"spec.postgreSQL.credentials", "Secret admin", namespace, "not found"}},
		"no password":               {[]*corev1.Secret{secret("admin", "username", "canary")}, server(), []string{"spec.postgreSQL.credentials", "key password is missing", "Secret admin"}},
		"an empty username":         {[]*corev1.Secret{secret("admin", "username", "", "password", "canary")}, server(), []string{"key username is missing"}},
		"no authority":              {[]*corev1.Secret{admin()}, server(tls("", "ca")), []string{"spec.postgreSQL.tls.ca", "Secret ca", "not found"}},
		"an authority of no use":    {[]*corev1.Secret{admin(), secret("ca", "tls.crt", "PEM")}, server(tls("", "ca")), []string{"spec.postgreSQL.tls.ca", "key ca.crt is missing"}},
		"an authority that is none": {[]*corev1.Secret{admin(), secret("ca", CAKey, "canary")}, server(tls("", "ca")), []string{"opening database server shared-1"}},
	} {
		t.Run(sentence, func(t *testing.T) {
			open, _, err := newVault(test.secrets...).pool(t).For(t.Context(), test.server)
			if err == nil || open != nil {
				t.Fatal("no error")
			}
			for _, words := range test.says {
				if !strings.Contains(err.Error(), words) {
					t.Errorf("%q is missing in: %v", words, err)
				}
			}
			if strings.Contains(err.Error(), "canary") {
				t.Error("a secret value is shown")
			}
		})
	}
}

// A connection is kept while the declaration is the same; credentials that are rotated
// in place are found by Refresh.
func TestAConnectionIsKept(t *testing.T) {
	v := newVault(admin())
	p := v.pool(t)
	of := func(get func(context.Context, *v1alpha1.DatabaseServer) (*postgres.Server, []byte, error), s *v1alpha1.DatabaseServer) *postgres.Server {
		t.Helper()
		v.reads = 0
		open, _, err := get(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		return open
	}
	first := of(p.For, server())
	if again := of(p.For, server()); again != first || v.reads != 0 {
		t.Errorf("asked again: another connection %v, %d reads", again != first, v.reads)
	}
	if again := of(p.Refresh, server()); again != first || v.reads != 1 {
		t.Errorf("refreshed, nothing changed: another connection %v, %d reads", again != first, v.reads)
	}
	rotated := admin()
	rotated.Data["password"] = []byte("canary-2")
	if err := v.Update(t.Context(), rotated); err != nil {
		t.Fatal(err)
	}
	if of(p.For, server()) != first {
		t.Error("a rotation is found without being looked for")
	}
	second := of(p.Refresh, server())
	if second == first {
		t.Error("a rotation is not found")
	}
	changed := server()
	changed.Generation = 2
	if of(p.For, changed); v.reads != 1 {
		t.Error("a changed declaration is not read")
	}
	anew := server()
	anew.UID, anew.Generation = types.UID("two"), 2
	if of(p.For, anew); v.reads != 1 {
		t.Error("another server of the same name and generation is taken for the first")
	}
	p.Forget("shared-1")
	if of(p.For, anew); v.reads != 1 {
		t.Error("what was forgotten is still known")
	}
}

func TestTheAuthorityIsHandedOn(t *testing.T) {
	v := newVault(admin())
	p := v.pool(t)
	if _, ca, err := p.For(t.Context(), server()); err != nil || ca != nil {
		t.Errorf("%d bytes, %v", len(ca), err)
	}
}
