package names

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/testkit/golden"
)

const (
	asha  = "asha"
	uid   = "2f6c0a4e-7a52-4b0e-9a4d-0d3a6a1d2f11"
	other = "00000000-0000-4000-8000-000000000001"
)

// longest is the longest name that admission accepts.
var longest = strings.Repeat("a-", 28) + "zz"

// If a line of this file changes, operators that are upgraded no longer find what they
// made: databases, keys and host locks of every NGO. Add lines; never change one.
func TestGeneratedNamesNeverChange(t *testing.T) {
	var lines strings.Builder
	line := func(what, name string) { fmt.Fprintf(&lines, "%-40s %s\n", what, name) }
	line("namespace", Namespace(asha))
	line("namespace of the longest name", Namespace(longest))
	line("digest", Digest(64, "ab", "c"))
	line("digest of nothing", Digest(8))
	line("database", Database(asha, uid, 1))
	line("database, second incarnation", Database(asha, uid, 2))
	line("database of another identity", Database(asha, other, 1))
	line("database of the longest name", Database(longest, uid, 1))
	line("database cut at a hyphen", Database(strings.Repeat("a", 29)+"-b", uid, 1))
	line("keys", Keys(uid))
	line("host claim", HostClaim("asha.ngo.example.org"))
	line("host claim in upper case", HostClaim("ASHA.ngo.example.org"))
	line("source secret", SourceSecret(asha, "gupshup"))
	line("environment", Environment("0123456789"))
	line("admin", Admin("0123456789"))
	line("pull secret", PullSecret("registry", "0123456789"))
	line("pull secret of a long name", PullSecret(strings.Repeat("registry.", 20)+"x", "0123456789"))
	line("TLS secret", TLSSecret("0123456789"))
	line("job", Job("migration", "0123456789abcdef", "16384"))
	line("revision", Revision("0123456789"))
	golden.Assert(t, "testdata/names.golden", lines.String())
}

func TestNamesOfOneTenantAreNotThoseOfAnother(t *testing.T) {
	for sentence, pair := range map[string][2]string{
		"databases of two identities of one name":  {Database(asha, uid, 1), Database(asha, other, 1)},
		"databases of two incarnations":            {Database(asha, uid, 1), Database(asha, uid, 11)},
		"databases of names that are cut alike":    {Database(longest, uid, 1), Database(longest[:40], other, 1)},
		"claims of two hosts":                      {HostClaim("asha.org"), HostClaim("asha.orgs")},
		"pull secrets of names that are cut alike": {PullSecret(strings.Repeat("a", 50)+"b", "0"), PullSecret(strings.Repeat("a", 50)+"c", "0")},
		"pull secrets of two contents":             {PullSecret("registry", "0"), PullSecret("registry", "1")},
		"jobs of two attempts":                     {Job("migration", "digest", "1"), Job("migration", "digest", "2")},
		"jobs of two kinds":                        {Job("migration", "digest", "1"), Job("bootstrap", "digest", "1")},
		"jobs whose parts run together":            {Job("migration", "a", "bc"), Job("migration", "ab", "c")},
		"digests whose parts run together":         {Digest(64, "ab", "c"), Digest(64, "a", "bc")},
		"digests of one part and of two":           {Digest(64, "a"), Digest(64, "a", "")},
	} {
		t.Run(sentence, func(t *testing.T) {
			if pair[0] == pair[1] {
				t.Errorf("both are %s", pair[0])
			}
		})
	}
	if HostClaim("Asha.ORG") != HostClaim("asha.org") {
		t.Error("a host in upper case has a lock of its own")
	}
}

// valid turns fuzzed bytes into a name that admission accepts; "" if that cannot be.
func valid(raw, letters string, max int) string {
	var name strings.Builder
	for i := 0; i < len(raw) && name.Len() < max; i++ {
		name.WriteByte(letters[int(raw[i])%len(letters)])
	}
	return name.String()
}

const (
	label     = "abcxyz0189-"
	subdomain = label + "."
)

func FuzzNamesOfAnOrganisation(f *testing.F) {
	for _, seed := range []string{asha, longest, strings.Repeat("\n", 29) + "aa", "a", "9", strings.Repeat("z", 80), "\n\n\n"} {
		f.Add(seed, uid, uint8(1))
	}
	f.Add(longest, other, uint8(255))
	database := regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?-[0-9a-f]{8}-[0-9]+$`)
	f.Fuzz(func(t *testing.T, raw, identity string, incarnation uint8) {
		name := valid(raw, label, 58)
		if len(validation.IsDNS1123Label(name)) > 0 {
			t.Skip("admission refuses it")
		}
		if problems := validation.IsDNS1123Label(Namespace(name)); len(problems) > 0 {
			t.Errorf("namespace %s: %v", Namespace(name), problems)
		}
		made := Database(name, identity, int(incarnation))
		if !database.MatchString(made) {
			t.Errorf("database %s of Organisation %s", made, name)
		}
		// The owner role is called like the database, with "-owner".
		if len(made)+len("-owner") > MaxIdentifier {
			t.Errorf("database %s has %d bytes, and its owner more than %d", made, len(made), MaxIdentifier)
		}
		for _, secret := range []string{SourceSecret(name, strings.Repeat("s", 190)), Keys(uid)} {
			if problems := validation.IsDNS1123Subdomain(secret); len(problems) > 0 {
				t.Errorf("Secret %s: %v", secret, problems)
			}
		}
	})
}

func FuzzPullSecret(f *testing.F) {
	for _, seed := range []string{"registry", strings.Repeat("registry.", 10), strings.Repeat("a", 30) + "\x0b" + strings.Repeat("b", 20), strings.Repeat("a", 30) + "\n" + strings.Repeat("b", 20)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		name := valid(raw, subdomain, 190)
		if len(validation.IsDNS1123Subdomain(name)) > 0 {
			t.Skip("admission refuses it")
		}
		made := PullSecret(name, "0123456789")
		if problems := validation.IsDNS1123Subdomain(made); len(problems) > 0 {
			t.Errorf("Secret %s, a copy of %s: %v", made, name, problems)
		}
		if len(made) > 63 {
			t.Errorf("Secret %s has %d characters", made, len(made))
		}
	})
}

func FuzzDigestedNames(f *testing.F) {
	f.Add("asha.ngo.example.org", "migration")
	f.Add("", "admin-password")
	f.Add("ü\x00", "bootstrap")
	f.Fuzz(func(t *testing.T, text, other string) {
		if problems := validation.IsDNS1123Label(HostClaim(text)); len(problems) > 0 {
			t.Errorf("ConfigMap %s: %v", HostClaim(text), problems)
		}
		for _, kind := range []string{"bootstrap", "migration", "admin-password"} {
			// A Job's name becomes a label of its pods.
			if problems := validation.IsDNS1123Label(Job(kind, text, other)); len(problems) > 0 {
				t.Errorf("Job %s: %v", Job(kind, text, other), problems)
			}
		}
		digest := Digest(10, text, other)
		for _, name := range []string{Environment(digest), Admin(digest), TLSSecret(digest), Revision(digest)} {
			if problems := validation.IsDNS1123Label(name); len(problems) > 0 {
				t.Errorf("%s: %v", name, problems)
			}
		}
	})
}

func TestWhoOwnsWhatLabelsProve(t *testing.T) {
	org := &v1alpha1.Organisation{ObjectMeta: metav1.ObjectMeta{Name: asha, UID: uid}}
	adopting := &v1alpha1.Organisation{ObjectMeta: metav1.ObjectMeta{Name: asha, UID: other}, Spec: v1alpha1.OrganisationSpec{Adopt: &v1alpha1.AdoptSpec{UID: uid}}}
	with := func(key, value string) map[string]string {
		labels := Labels(org)
		labels[key] = value
		return labels
	}
	for sentence, test := range map[string]struct {
		org                *v1alpha1.Organisation
		labels             map[string]string
		owned, predecessor bool
	}{
		"its own":                             {org, Labels(org), true, false},
		"its own, with more labels":           {org, with("cost-centre", "ngo"), true, false},
		"no labels":                           {org, nil, false, false},
		"another's manager":                   {org, with(v1alpha1.LabelManagedBy, "Helm"), false, false},
		"another name":                        {org, with(v1alpha1.LabelOrganisation, "sneha"), false, false},
		"the same name, another identity":     {org, with(v1alpha1.LabelIdentity, other), false, true},
		"the same name, no identity":          {org, with(v1alpha1.LabelIdentity, ""), false, true},
		"of the Organisation that is adopted": {adopting, Labels(org), true, false},
		"of one that did not adopt":           {adopting, with(v1alpha1.LabelIdentity, other), false, true},
	} {
		t.Run(sentence, func(t *testing.T) {
			if got := Owned(test.org, test.labels); got != test.owned {
				t.Errorf("owned: %v", got)
			}
			if got := OwnedByPredecessor(test.org, test.labels); got != test.predecessor {
				t.Errorf("a predecessor's: %v", got)
			}
		})
	}
}

func TestLabelsAreLabels(t *testing.T) {
	org := &v1alpha1.Organisation{ObjectMeta: metav1.ObjectMeta{Name: longest, UID: uid}}
	labels := Labels(org)
	want := map[string]string{
		"app.kubernetes.io/managed-by": "organisation-operator", "app.kubernetes.io/part-of": "organisation",
		"tenancy.glific.org/organisation": longest, "tenancy.glific.org/identity": uid,
	}
	if diff := cmp.Diff(want, labels); diff != "" {
		t.Error(diff)
	}
	for key, value := range labels {
		if problems := append(validation.IsQualifiedName(key), validation.IsValidLabelValue(value)...); len(problems) > 0 {
			t.Errorf("%s=%s: %v", key, value, problems)
		}
	}
}

func TestRolesOfPeople(t *testing.T) {
	for role, want := range map[v1alpha1.AccessRole]string{
		v1alpha1.RoleViewer: "organisation-tenant-viewer", v1alpha1.RoleSupport: "organisation-tenant-support",
		v1alpha1.RoleEngineer: "organisation-tenant-engineer", "Unheard": "organisation-tenant-viewer",
	} {
		if got := RoleFor(role); got != want {
			t.Errorf("%s is bound to %s, want %s", role, got, want)
		}
	}
}
