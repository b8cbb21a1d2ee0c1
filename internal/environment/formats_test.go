package environment

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/settings"
)

func TestRequiredKeysAreCheckedBeforeAPodStarts(t *testing.T) {
	key := base64.StdEncoding.EncodeToString([]byte("0123456789abcdef0123456789abcdef"))
	const (
		ok      = ""
		missing = "is missing or empty"
		cidr    = "neither an address nor a CIDR"
		network = "not a network address"
		base64  = "not the base64 of exactly 32 bytes"
		url     = "not an absolute URL"
	)
	tests := map[string]struct {
		format v1alpha1.EnvFormat
		value  string
		want   string
	}{
		"anything but nothing will do":           {"", "x", ok},
		"nothing will not":                       {"", "", missing},
		"any value":                              {v1alpha1.FormatNonEmpty, "x", ok},
		"no value":                               {v1alpha1.FormatNonEmpty, "", missing},
		"an address":                             {v1alpha1.FormatCIDRList, "192.0.2.10", ok},
		"a network":                              {v1alpha1.FormatCIDRList, "192.0.2.0/24", ok},
		"a single address as a network":          {v1alpha1.FormatCIDRList, "192.0.2.10/32", ok},
		"everything":                             {v1alpha1.FormatCIDRList, "0.0.0.0/0", ok},
		"several, with spaces":                   {v1alpha1.FormatCIDRList, "192.0.2.0/24, 198.51.100.7,2001:db8::/32", ok},
		"an address inside a network stops Boot": {v1alpha1.FormatCIDRList, "192.0.2.10/24", network},
		"the third stops it":                     {v1alpha1.FormatCIDRList, "192.0.2.1,192.0.2.0/24,192.0.2.10/24", "(number 3)"},
		"IPv6 inside its network":                {v1alpha1.FormatCIDRList, "2001:db8::1/32", network},
		"no list":                                {v1alpha1.FormatCIDRList, "", missing},
		"an empty entry":                         {v1alpha1.FormatCIDRList, "192.0.2.1,,192.0.2.2", cidr},
		"a comma at the end":                     {v1alpha1.FormatCIDRList, "192.0.2.1,", cidr},
		"a name":                                 {v1alpha1.FormatCIDRList, "gupshup.example.org", cidr},
		"too many bits":                          {v1alpha1.FormatCIDRList, "192.0.2.0/33", cidr},
		"too many octets":                        {v1alpha1.FormatCIDRList, "192.0.2.0.1", cidr},
		"semicolons":                             {v1alpha1.FormatCIDRList, "192.0.2.1;192.0.2.2", cidr},
		"32 bytes":                               {v1alpha1.FormatBase64Key32, key, ok},
		"31 bytes":                               {v1alpha1.FormatBase64Key32, "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZQ==", base64},
		"without padding":                        {v1alpha1.FormatBase64Key32, strings.TrimRight(key, "="), base64},
		"the URL's alphabet":                     {v1alpha1.FormatBase64Key32, strings.Replace(key, "M", "-", 1), base64},
		"32 characters that are no base64":       {v1alpha1.FormatBase64Key32, "0123456789abcdef0123456789abcdef", base64},
		"a newline at the end, as files have":    {v1alpha1.FormatBase64Key32, key + "\n", base64},
		"wrapped, as tools print it":             {v1alpha1.FormatBase64Key32, key[:20] + "\r\n" + key[20:], base64},
		"a space before":                         {v1alpha1.FormatBase64Key32, " " + key, base64},
		"a URL":                                  {v1alpha1.FormatURL, "https://hooks.example.org/x?y=z", ok},
		"a URL of any scheme":                    {v1alpha1.FormatURL, "ecto://u:p@db:5432/name", ok},
		"a path":                                 {v1alpha1.FormatURL, "/hooks", url},
		"a host alone":                           {v1alpha1.FormatURL, "hooks.example.org", url},
		"a scheme alone":                         {v1alpha1.FormatURL, "https://", url},
		"a host and a port":                      {v1alpha1.FormatURL, "hooks.example.org:443", url},
		"a control character":                    {v1alpha1.FormatURL, "https://hooks.example.org/\x7f", url},
		"a newline after a URL":                  {v1alpha1.FormatURL, "https://hooks.example.org\n", url},
	}
	for sentence, test := range tests {
		t.Run(sentence, func(t *testing.T) {
			d := declared{required: []v1alpha1.RequiredEnv{{Name: "KEY", Format: test.format}}, sources: []Source{source(settings.LayerOwnSecret, "own", "KEY", test.value)}}
			problems := d.build().Problems
			if test.want == ok {
				if len(problems) > 0 {
					t.Errorf("refused: %v", problems)
				}
				return
			}
			if len(problems) != 1 || problems[0].Reason != v1alpha1.ReasonConfigIncomplete ||
				!strings.HasPrefix(problems[0].Message, "key KEY ") || !strings.Contains(problems[0].Message, test.want) {
				t.Fatalf("got %v, want %q", problems, test.want)
			}
			if test.value != "" && strings.Contains(problems[0].Message, test.value) {
				t.Error("the value is repeated")
			}
		})
	}
}

func TestAMissingKeySaysWhereToSetIt(t *testing.T) {
	for sentence, test := range map[string]struct{ key, want string }{
		"anybody's":        {"STRIPE_API_KEY", "key STRIPE_API_KEY is missing or empty; set it in the profile's or the Organisation's env or envFrom"},
		"of an authority":  {"PRIMARY_CACERT_ENCODED", "key PRIMARY_CACERT_ENCODED is missing or empty; the operator derives it from spec.postgreSQL.tls of the DatabaseServer"},
		"of the server":    {"PRIMARY_DB_SERVER_NAME_INDICATION", "key PRIMARY_DB_SERVER_NAME_INDICATION is missing or empty; the operator derives it from spec.postgreSQL.tls of the DatabaseServer"},
		"of further hosts": {"REQUEST_ORIGIN_ALIASES", "key REQUEST_ORIGIN_ALIASES is missing or empty; the operator derives it from spec.aliases of the Organisation"},
	} {
		t.Run(sentence, func(t *testing.T) {
			d := declared{required: []v1alpha1.RequiredEnv{{Name: test.key}}}
			problems := d.build().Problems
			if len(problems) != 1 || problems[0].Message != test.want {
				t.Errorf("got %v, want %q", problems, test.want)
			}
		})
	}
}

// What a pod is told about itself is not part of what is built here.
func TestWhatThePodAddsIsNotMissing(t *testing.T) {
	for _, key := range []string{"POD_IP", "RELEASE_NODE", "RELEASE_DISTRIBUTION", "RELEASE_TMP"} {
		d := declared{required: []v1alpha1.RequiredEnv{{Name: key}}}
		if problems := d.build().Problems; len(problems) > 0 {
			t.Error(problems)
		}
	}
}
