package show

import (
	"bytes"
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/doctor"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/world"
	"github.com/glific/organisation-operator/internal/environment"
	"github.com/glific/organisation-operator/internal/settings"
	"github.com/glific/organisation-operator/internal/testkit/golden"
)

const uid = "2f6c0a4e-7a52-4b0e-9a4d-0d3a6a1d2f11"

func TestWhatIsKept(t *testing.T) {
	for name, kept := range map[string]*world.Kept{
		"retained": {
			Servers: []world.KeptServer{{Name: "shared-1", Databases: 41, Living: 39, Known: true}, {Name: "shared-2", Living: 3, Warning: "DropBlocked: database x-1 cannot be dropped"}},
			Keys: []world.KeptKeys{
				{Organisation: "asha", Identity: uid, Secret: "keys-" + uid, Since: now.Add(-72 * time.Hour)},
				{Organisation: "sneha", Identity: strings.Replace(uid, "2f", "3a", 1), Secret: "keys-" + strings.Replace(uid, "2f", "3a", 1), Since: now.Add(-time.Hour)},
			},
			Found: []world.Found{{Organisation: "asha", Message: "DatabaseServer shared-1 keeps database asha-780dcec0-1 (retained since 2026-11-24)"}},
		},
		"retained-nothing":   {Servers: []world.KeptServer{{Name: "shared-1", Databases: 2, Living: 2, Known: true}}},
		"retained-forbidden": {Missing: []string{"the Secrets keys-… in namespace organisation-system, which say whose data is kept: forbidden"}},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			Retained(&out, kept, now)
			golden.Assert(t, "testdata/"+name+".golden", out.String())
		})
	}
}

// secretValue must not be printed by anything.
const secretValue = "do-not-print-me"

func configuration() *world.Config {
	shared, own := settings.LayerSharedSecret, settings.LayerOwnSecret
	return &world.Config{
		Environment: environment.Environment{Values: []environment.Value{
			{Name: "BASE_URL", Value: "asha.ngo.example.org", Layer: settings.LayerOperator},
			{Name: "DATABASE_URL", Value: secretValue, Layer: settings.LayerOperator, Secret: true},
			{Name: "DISCORD_WEBHOOK_URL", Value: secretValue, Layer: own, Secret: true, Source: "gupshup"},
			{Name: "GCS_FILE_COUNT", Value: "10", Layer: settings.LayerOrganisation},
			{Name: "HACKNEY_POOL_SIZE", Value: "50", Layer: settings.LayerRelease},
			{Name: "STRIPE_API_KEY", Value: secretValue, Layer: shared, Secret: true, Source: "shared-providers"},
		}},
		Added: []string{"RELEASE_NODE", "POD_IP"},
		Declared: map[string][]settings.Layer{
			"GCS_FILE_COUNT": {settings.LayerRelease, settings.LayerProfile, settings.LayerOrganisation}, "HACKNEY_POOL_SIZE": {settings.LayerRelease},
		},
	}
}

func TestConfigSaysWhereEachKeyComesFromAndHidesSecrets(t *testing.T) {
	incomplete, unread := configuration(), configuration()
	incomplete.Environment.Problems = []environment.Problem{{Reason: v1alpha1.ReasonConfigIncomplete, Message: "key GUPSHUP_WEBHOOK_IPS is missing or empty; set it"}}
	unread.Environment.Problems = incomplete.Environment.Problems
	unread.Unread = []string{"Secret shared-providers: you may not read it in namespace organisation-system"}
	for name, test := range map[string]struct {
		config *world.Config
		values bool
	}{
		"config": {configuration(), false}, "config-values": {configuration(), true}, "config-incomplete": {incomplete, false}, "config-unread": {unread, false},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			Config(&out, test.config, test.values)
			if strings.Contains(out.String(), secretValue) {
				t.Fatalf("a secret value is printed:\n%s", out.String())
			}
			golden.Assert(t, "testdata/"+name+".golden", out.String())
		})
	}
}

func TestNewPrintsTheSmallestManifest(t *testing.T) {
	for name, draft := range map[string]Draft{
		"new": {Name: "asha", Profile: "standard"},
		"new-full": {
			Name: "asha", Profile: "standard", DisplayName: `Asha "for" Education: all`, Hostname: "asha.example.org",
			Channel: "stable", Size: "small", AdoptUID: uid, Suspended: true,
		},
		"new-pinned": {Name: "on", Profile: "no", Release: "glific-8.10.1", DisplayName: "Yes"},
	} {
		golden.Assert(t, "testdata/"+name+".golden", draft.Manifest())
	}
}

func TestNamesAreCheckedBeforeAnythingIsPrinted(t *testing.T) {
	for sentence, test := range map[string]struct {
		draft Draft
		want  string
	}{
		"a good name":          {Draft{Name: "asha-2"}, ""},
		"the longest":          {Draft{Name: strings.Repeat("a", 58)}, ""},
		"too long":             {Draft{Name: strings.Repeat("a", 59)}, "at most 58"},
		"upper case":           {Draft{Name: "Asha"}, "lower-case"},
		"a hyphen at the end":  {Draft{Name: "asha-"}, "lower-case"},
		"release and channel":  {Draft{Name: "asha", Release: "r", Channel: "c"}, "give one of them"},
		"nothing":              {Draft{}, "lower-case"},
		"a line break":         {Draft{Name: "a\nb"}, "lower-case"},
		"a dot":                {Draft{Name: "asha.org"}, "lower-case"},
		"a name that is a key": {Draft{Name: "on"}, ""},
	} {
		err := test.draft.Check()
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: got %v, want %q", sentence, err, test.want)
		}
	}
}

func TestWhatWasPutInForce(t *testing.T) {
	revision := func(number int64, data string) appsv1.ControllerRevision {
		r := appsv1.ControllerRevision{Revision: number, Data: runtime.RawExtension{Raw: []byte(data)}}
		r.CreationTimestamp = metav1.NewTime(now.Add(time.Duration(number-10) * time.Hour))
		r.Labels = map[string]string{v1alpha1.LabelRelease: "glific-8.9.0"}
		return r
	}
	w := &world.World{Revisions: []appsv1.ControllerRevision{
		revision(1, `{`),
		revision(3, `{"release":"glific-8.10.1","backend":{"metadata":{"annotations":{"tenancy.glific.org/restarted-at":"2026-11-24T10:00:00Z"}},"spec":{"containers":[{"image":"registry.example.org/glific@sha256:0123456789abcdef"}]}}}`),
		revision(2, `{"release":"glific-8.10.0","backend":{"spec":{"containers":[{"image":"registry.example.org/glific@sha256:fedcba9876543210"}]}}}`),
	}}
	var out bytes.Buffer
	Releases(&out, w, now)
	golden.Assert(t, "testdata/releases.golden", out.String())
}

// waits is an NGO for which a change of its profile and another Release wait.
func waits() *world.World {
	w := &world.World{Organisation: &v1alpha1.Organisation{}, Release: &v1alpha1.Release{}}
	w.Organisation.Name, w.Organisation.Spec.Profile = "asha", "standard"
	w.Organisation.Status.PendingChanges = []string{"Operator", "Profile", "Release"}
	w.Release.Name, w.Release.Spec.Images.Backend = "glific-8.10.1", "registry.example.org/glific@sha256:1"
	d := appsv1.Deployment{}
	d.Name = "backend"
	d.Spec.Template.Labels = map[string]string{v1alpha1.LabelRelease: "glific-8.10.0"}
	d.Spec.Template.Spec.Containers = []corev1.Container{{Name: "backend", Image: "registry.example.org/glific@sha256:0", Env: []corev1.EnvVar{
		{Name: "GCS_FILE_COUNT", Value: "5"}, {Name: "HACKNEY_POOL_SIZE", Value: "50"}, {Name: "DOLLARS", Value: "$$1"}, {Name: "GONE", Value: secretValue},
		{Name: "POD_IP", ValueFrom: &corev1.EnvVarSource{}}, {Name: "RELEASE_NODE", Value: "prod@$(POD_IP)"},
	}}}
	w.Deployments = []appsv1.Deployment{d}
	return w
}

func TestWhatARestartWouldChange(t *testing.T) {
	config := configuration()
	config.Environment.Values = append(config.Environment.Values, environment.Value{Name: "DOLLARS", Value: "$1", Layer: settings.LayerProfile})
	var out bytes.Buffer
	if !Diff(&out, waits(), config) {
		t.Error("something waits, and it says that nothing does")
	}
	if strings.Contains(out.String(), secretValue) {
		t.Errorf("a value is printed:\n%s", out.String())
	}
	golden.Assert(t, "testdata/diff.golden", out.String())
	out.Reset()
	Diff(&out, waits(), nil)
	golden.Assert(t, "testdata/diff-causes.golden", out.String())
	settled := waits()
	settled.Organisation.Status.PendingChanges = nil
	out.Reset()
	if Diff(&out, settled, config) || !strings.Contains(out.String(), "Nothing waits") {
		t.Errorf("nothing waits, and it says:\n%s", out.String())
	}
}

func TestADiagnosis(t *testing.T) {
	var out bytes.Buffer
	for _, f := range []doctor.Finding{
		{Link: doctor.DNS, Text: "asha.ngo.example.org is 192.0.2.7"}, {Link: doctor.Login, Verdict: doctor.Unasked, Text: "not\nasked"},
		{Link: doctor.Websocket, Verdict: doctor.Broken, Text: "/socket answers 403"},
	} {
		Finding(&out, f, Paint{})
	}
	Diagnosis(&out, "asha", doctor.Finding{Link: doctor.Websocket, Verdict: doctor.Broken, Next: "kubectl glific config asha"}, Paint{})
	Diagnosis(&out, "asha", doctor.Finding{Link: doctor.Queue}, Paint{})
	golden.Assert(t, "testdata/doctor.golden", out.String())
}
