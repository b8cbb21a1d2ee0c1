package environment

import (
	"encoding/base64"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/keyring"
	"github.com/glific/organisation-operator/internal/settings"
)

const authority = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"

func keys(t testing.TB) keyring.Keyring {
	t.Helper()
	k, err := keyring.Generate(rand.NewChaCha8([32]byte{1}))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func server(change func(*Database)) Database {
	db := Database{Host: "db.example.org", Port: 5432, Name: "asha-1f2e3d4c-1", Username: "asha-1f2e3d4c-1", TLS: true, CA: []byte(authority)}
	if change != nil {
		change(&db)
	}
	return db
}

// derivedFor says what is derived for asha.example.org, by name.
func derivedFor(t testing.TB, db Database, release *v1alpha1.Release, aliases ...string) map[string]Value {
	t.Helper()
	found := map[string]Value{}
	for _, v := range Derive(settings.Settings{Host: "asha.example.org", Aliases: aliases}, release, db, keys(t), 3) {
		if _, twice := found[v.Name]; twice {
			t.Errorf("%s is derived twice", v.Name)
		}
		found[v.Name] = v
	}
	return found
}

func TestDerivedKeys(t *testing.T) {
	k := keys(t)
	always := map[string]string{
		"DATABASE_URL":              "ecto://asha-1f2e3d4c-1:" + k.DatabasePassword() + "@db.example.org:5432/asha-1f2e3d4c-1",
		"READ_REPLICA_DATABASE_URL": "ecto://asha-1f2e3d4c-1:" + k.DatabasePassword() + "@db.example.org:5432/asha-1f2e3d4c-1",
		"POOL_SIZE":                 "3",
		"BASE_URL":                  "asha.example.org",
		"REQUEST_ORIGIN":            "https://asha.example.org",
		"REQUEST_ORIGIN_WILDCARD":   "https://asha.example.org",
		"HTTP_PORT":                 "4000",
	}
	for name, value := range k.Environment() {
		always[name] = value
	}
	encoded := base64.StdEncoding.EncodeToString([]byte(authority))
	for sentence, test := range map[string]struct {
		db      Database
		port    int32
		aliases []string
		want    map[string]string
	}{
		"TLS with an authority": {server(nil), 0, nil, map[string]string{
			"ENABLE_DB_SSL": "true", "PRIMARY_DB_SERVER_NAME_INDICATION": "db.example.org", "PRIMARY_CACERT_ENCODED": encoded}},
		"TLS with the image's own authorities": {server(func(d *Database) { d.CA = nil }), 0, nil, map[string]string{
			"ENABLE_DB_SSL": "true", "PRIMARY_DB_SERVER_NAME_INDICATION": "db.example.org"}},
		"no TLS is said, since it is Glific's default": {server(func(d *Database) { d.TLS = false }), 0, nil, map[string]string{"ENABLE_DB_SSL": "false"}},
		"aliases are origins and nothing else": {server(nil), 0, []string{"asha.org", "www.asha.org"}, map[string]string{
			"ENABLE_DB_SSL": "true", "PRIMARY_DB_SERVER_NAME_INDICATION": "db.example.org", "PRIMARY_CACERT_ENCODED": encoded,
			"REQUEST_ORIGIN_WILDCARD": "https://asha.org",
			"REQUEST_ORIGIN_ALIASES":  "https://asha.org,https://www.asha.org"}},
		"another port of the app": {server(func(d *Database) { d.TLS = false }), 4001, nil, map[string]string{
			"ENABLE_DB_SSL": "false", "HTTP_PORT": "4001"}},
		"another port of the server": {server(func(d *Database) { d.TLS, d.Port = false, 6432 }), 0, nil, map[string]string{
			"ENABLE_DB_SSL": "false",
			"DATABASE_URL":  "ecto://asha-1f2e3d4c-1:" + k.DatabasePassword() + "@db.example.org:6432/asha-1f2e3d4c-1", "READ_REPLICA_DATABASE_URL": "ecto://asha-1f2e3d4c-1:" + k.DatabasePassword() + "@db.example.org:6432/asha-1f2e3d4c-1"}},
		"a server by its IPv6 address": {server(func(d *Database) { d.TLS, d.Host = false, "2001:db8::7" }), 0, nil, map[string]string{
			"ENABLE_DB_SSL": "false",
			"DATABASE_URL":  "ecto://asha-1f2e3d4c-1:" + k.DatabasePassword() + "@[2001:db8::7]:5432/asha-1f2e3d4c-1", "READ_REPLICA_DATABASE_URL": "ecto://asha-1f2e3d4c-1:" + k.DatabasePassword() + "@[2001:db8::7]:5432/asha-1f2e3d4c-1"}},
	} {
		t.Run(sentence, func(t *testing.T) {
			want := map[string]string{}
			for _, values := range []map[string]string{always, test.want} {
				for name, value := range values {
					want[name] = value
				}
			}
			got := map[string]string{}
			release := &v1alpha1.Release{Spec: v1alpha1.ReleaseSpec{HTTP: v1alpha1.HTTPSpec{Port: test.port}}}
			for name, v := range derivedFor(t, test.db, release, test.aliases...) {
				got[name] = v.Value
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDerivedKeysThatAreSecret(t *testing.T) {
	want := []string{
		"AUTH_PASSWORD", "AUTH_USERNAME", "CIPHER_KEY", "DATABASE_URL", "OLD_CIPHER_KEY",
		"READ_REPLICA_DATABASE_URL", "RELEASE_COOKIE", "SECRET_KEY_BASE", "SIGNING_SALT",
	}
	var got []string
	for name, v := range derivedFor(t, server(nil), &v1alpha1.Release{}, "asha.org") {
		if v.Secret {
			got = append(got, name)
		}
		if v.Layer != settings.LayerOperator {
			t.Errorf("%s is said to come from %s", name, v.Layer)
		}
	}
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// What the operator derives, nobody else may set; what nobody else may set, and is not
// of a single pod, the operator derives.
func TestReservedKeysAreTheDerivedOnes(t *testing.T) {
	derived := derivedFor(t, server(nil), &v1alpha1.Release{}, "asha.org")
	for name := range derived {
		if !Reserved(name) {
			t.Errorf("%s is derived and anybody may set it", name)
		}
	}
	for _, name := range reserved {
		if _, ok := derived[name]; !ok && !ofThePod(name) {
			t.Errorf("%s is reserved and nobody sets it", name)
		}
	}
	for _, name := range []string{"RELEASE_VSN", "RELEASE_ANYTHING", "REQUEST_ORIGIN_ANYTHING"} {
		if !Reserved(name) {
			t.Errorf("anybody may set %s", name)
		}
	}
	for _, name := range []string{"GLIFIC_BASE_DOMAIN", "MY_CIPHER_KEY", "CIPHER_KEY_2", "RELEASE", "cipher_key", "DATABASE_URLS"} {
		if Reserved(name) {
			t.Errorf("nobody may set %s", name)
		}
	}
}

// Admission refuses in plain env what the operator refuses in Secrets.
func TestAdmissionReservesTheSameKeys(t *testing.T) {
	types, err := os.ReadFile("../../api/v1alpha1/shared_types.go")
	if err != nil {
		t.Fatal(err)
	}
	rule := regexp.MustCompile(`!\(self in \[([^]]*)\]\)([^"]*)"`).FindStringSubmatch(string(types))
	if rule == nil {
		t.Fatal("the rule of EnvVar.name is not there")
	}
	names := strings.Split(strings.ReplaceAll(rule[1], "'", ""), ",")
	slices.Sort(names)
	names = slices.DeleteFunc(names, func(name string) bool { return strings.HasPrefix(name, "REQUEST_ORIGIN") }) // also a prefix
	if diff := cmp.Diff(reserved, names); diff != "" {
		t.Errorf("(- operator, + admission)\n%s", diff)
	}
	if want := " && !self.startsWith('RELEASE_') && !self.startsWith('REQUEST_ORIGIN')"; rule[2] != want {
		t.Errorf("prefixes: %q, want %q", rule[2], want)
	}
}

// The variables without which Glific does not boot (research: mission, section 3.1):
// each is derived for every tenant, or the documented Release requires it of people.
func TestEveryVariableThatGlificNeedsToBootIsThere(t *testing.T) {
	const derived, required = "derived", "required"
	contract := map[string]string{
		"DATABASE_URL": derived, "SECRET_KEY_BASE": derived, "SIGNING_SALT": derived,
		"CIPHER_KEY": derived, "OLD_CIPHER_KEY": derived, "AUTH_USERNAME": derived, "AUTH_PASSWORD": derived,
		"BASE_URL": derived, "REQUEST_ORIGIN": derived, "REQUEST_ORIGIN_WILDCARD": derived,
		"ENABLE_DB_SSL": derived, "PRIMARY_CACERT_ENCODED": derived, "PRIMARY_DB_SERVER_NAME_INDICATION": derived,
		"GUPSHUP_WEBHOOK_IPS": required, "APPSIGNAL_HOSTNAME": required, "APPSIGNAL_PUSH_API_KEY": required,
		"STRIPE_API_KEY": required, "STRIPE_SIGNING_SECRET": required,
	}
	release := sampleRelease(t)
	given := derivedFor(t, server(nil), release)
	demanded := map[string]v1alpha1.EnvFormat{}
	for _, r := range release.Spec.RequiredEnv {
		demanded[r.Name] = r.Format
	}
	for name, from := range contract {
		_, isDerived := given[name]
		_, isRequired := demanded[name]
		if isDerived != (from == derived) || isRequired != (from == required) {
			t.Errorf("%s: derived %v, required of people %v; want it %s", name, isDerived, isRequired, from)
		}
		if isDerived && given[name].Value == "" {
			t.Errorf("%s is empty, which Glific refuses", name)
		}
	}
	if demanded["GUPSHUP_WEBHOOK_IPS"] != v1alpha1.FormatCIDRList {
		t.Error("GUPSHUP_WEBHOOK_IPS is not checked for what stops Glific's boot")
	}
}

// sampleRelease is the documented one.
func sampleRelease(t testing.TB) *v1alpha1.Release {
	t.Helper()
	text, err := os.ReadFile("../../config/samples/03-release.yaml")
	if err != nil {
		t.Fatal(err)
	}
	release := &v1alpha1.Release{}
	if err := yaml.UnmarshalStrict(text, release); err != nil {
		t.Fatal(err)
	}
	return release
}
