package messaging

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	corev1ac "k8s.io/client-go/applyconfigurations/core/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/snapshot"
	"github.com/glific/organisation-operator/internal/step"
	"github.com/glific/organisation-operator/internal/testkit/views"
)

// another image than the one that serves.
var another = "registry.example.org/glific@sha256:" + "1111111111111111111111111111111111111111111111111111111111111111"

func env(name, value string) views.Option {
	return views.Messaging(func(m *v1alpha1.MessagingSpec) { m.Env = append(m.Env, views.Var(name, value)) })
}

func pinned(name string) views.Option {
	return views.Spec(func(s *v1alpha1.OrganisationSpec) { s.Release = &v1alpha1.OrganisationRelease{Name: name} })
}

func sizes(memory string) views.Option {
	return views.ProfileSpec(func(p *v1alpha1.OrganisationProfileSpec) {
		p.Sizes = []v1alpha1.Size{{Name: "roomy", Resources: v1alpha1.Resources{
			Limits: corev1.ResourceList{corev1.ResourceMemory: resource.MustParse(memory)},
		}}}
	})
}

func sized(name string) views.Option {
	return views.Spec(func(s *v1alpha1.OrganisationSpec) { s.Size = name })
}

// What was declared before, what changed since, and what becomes of the pods.
func TestEveryChangeHasItsCause(t *testing.T) {
	type world []views.Option
	tests := map[string]struct {
		before, change world
		pending        []string // nil: not waiting
		rolls          bool
	}{
		"nothing changed":                         {},
		"own environment":                         {change: world{env("NEW", "1")}, rolls: true},
		"own Secret":                              {change: world{views.OwnSecret("gupshup", map[string]string{"A": "1"})}, rolls: true},
		"content of an own Secret":                {before: world{views.OwnSecret("gupshup", map[string]string{"A": "1"})}, change: world{replaced("gupshup", "A", "2")}, rolls: true},
		"own host":                                {change: world{views.Spec(func(s *v1alpha1.OrganisationSpec) { s.Hostname = "asha.org" })}, rolls: true},
		"own alias":                               {change: world{views.Spec(func(s *v1alpha1.OrganisationSpec) { s.Aliases = []string{"asha.org"} })}, rolls: true},
		"replicas that change the pool size":      {change: world{views.Replicas(2)}, rolls: true},
		"replicas that leave the pool size":       {before: world{limit(200), views.Replicas(19), views.Messaging(brief)}, change: world{views.Replicas(18)}, rolls: false},
		"own connection limit":                    {change: world{limit(80)}, rolls: true},
		"own size":                                {change: world{sized("large")}, rolls: true},
		"a pinned release":                        {change: world{views.ReleaseNamed("glific-8.10.2", another), pinned("glific-8.10.2")}, rolls: true},
		"pinning what is served already":          {change: world{pinned(views.Release)}, rolls: false},
		"removing a pin":                          {before: world{pinned(views.Release)}, change: world{views.ReleaseNamed("glific-8.10.2", another), unpinned}, rolls: true},
		"another database after a restore":        {change: world{views.Tenant(func(t *ledger.Tenant) { t.Database, t.LoginRole = "asha-2", "asha-2" })}, rolls: true},
		"the profile's environment":               {change: world{profileChanged()}, pending: []string{CauseProfile}},
		"a profile's value that is overridden":    {before: world{env("NEW", "own")}, change: world{profileChanged()}, rolls: false},
		"the profile's labels":                    {change: world{views.ProfileSpec(func(p *v1alpha1.OrganisationProfileSpec) { p.Labels = map[string]string{"a": "b"} })}, pending: []string{CauseProfile}},
		"the profile's base domain":               {change: world{views.ProfileSpec(func(p *v1alpha1.OrganisationProfileSpec) { p.BaseDomain = "new.example.org" })}, pending: []string{CauseProfile}},
		"what a size of the profile stands for":   {before: world{sizes("1Gi"), sized("roomy")}, change: world{sizes("2Gi")}, pending: []string{CauseProfile}},
		"a size of the profile that others have":  {before: world{sizes("1Gi")}, change: world{sizes("2Gi")}, rolls: false},
		"a shared Secret":                         {change: world{views.SharedSecret("providers", map[string]string{"A": "1"})}, pending: []string{CauseSharedSecret}},
		"content of a shared Secret":              {before: world{views.SharedSecret("providers", map[string]string{"A": "1"})}, change: world{replaced("providers", "A", "2")}, pending: []string{CauseSharedSecret}},
		"content of a pull secret":                {before: world{views.PullSecret("registry", "{}")}, change: world{replaced("registry", corev1.DockerConfigJsonKey, "{ }")}, pending: []string{CauseSharedSecret}},
		"the profile's default release":           {change: world{views.ReleaseNamed("glific-8.10.2", another)}, pending: []string{CauseRelease}},
		"the address of the server":               {change: world{views.PostgreSQL(func(p *v1alpha1.PostgreSQLServer) { p.Host = "other.example.org" })}, pending: []string{CauseDatabaseServer}},
		"the authority of the server":             {change: world{views.DatabaseTLS("new")}, pending: []string{CauseDatabaseServer}},
		"profile and release together":            {change: world{profileChanged(), views.ReleaseNamed("glific-8.10.2", another)}, pending: []string{CauseProfile, CauseRelease}},
		"what waits travels with an own change":   {change: world{profileChanged(), env("OWN", "1")}, rolls: true},
		"a restart releases what waits":           {change: world{profileChanged(), restart("1")}, rolls: true},
		"a restart with nothing to release":       {change: world{restart("1")}, rolls: true},
		"a restart that was answered":             {before: world{restart("1")}, change: world{profileChanged()}, pending: []string{CauseProfile}},
		"removing an answered restart":            {before: world{restart("1")}, change: world{restart("")}, rolls: false},
		"an own Secret that vanished":             {before: world{views.OwnSecret("gupshup", map[string]string{"A": "1"})}, change: world{vanished("gupshup"), env("NEW", "1")}, rolls: false},
		"an own change while the server is down":  {change: world{env("NEW", "1"), views.ServerUnreachable()}, rolls: false},
		"an own change while not migrated":        {change: world{env("NEW", "1"), views.NotMigrated()}, rolls: false},
		"an own change while the Release is gone": {change: world{env("NEW", "1"), views.WithoutRelease()}, rolls: false},
		"a host that somebody else holds": {
			change: world{views.Spec(func(s *v1alpha1.OrganisationSpec) { s.Hostname = "taken.org" }), views.Snapshot(foreignClaim("taken.org"))},
			rolls:  false,
		},
	}
	for sentence, test := range tests {
		t.Run(sentence, func(t *testing.T) {
			options := append(world{serving(t, test.before...)}, test.before...)
			v := views.New(t, append(options, test.change...)...)
			before := current(v.Live)
			if diff := cmp.Diff(test.pending, Pending(v)); diff != "" {
				t.Errorf("pending:\n%s", diff)
			}
			template := templateOf(t, v)
			views.Apply(t, v, New())
			after := current(v.Live)
			if rolled := after.name != before.name; rolled != test.rolls {
				t.Errorf("another revision: %v, want %v", rolled, test.rolls)
			}
			if rolled := templateOf(t, v) != template; rolled != test.rolls {
				t.Errorf("pods roll: %v, want %v", rolled, test.rolls)
			}
			if diff := cmp.Diff(test.pending, Pending(v)); diff != "" {
				t.Errorf("pending once applied:\n%s", diff)
			}
		})
	}
}

func brief(m *v1alpha1.MessagingSpec) { m.Disruption = v1alpha1.DisruptionBrief }

func limit(n int32) views.Option {
	return views.Spec(func(s *v1alpha1.OrganisationSpec) { s.Database = &v1alpha1.DatabaseSpec{ConnectionLimit: n} })
}

func restart(at string) views.Option { return views.Annotated(v1alpha1.AnnotationRestartAt, at) }

func unpinned(w *views.World) { w.Org.Spec.Release = nil }

func replaced(secret, key, value string) views.Option {
	return func(w *views.World) {
		given := w.Given[secret].DeepCopy()
		given.Data[key] = []byte(value)
		w.Given[secret] = given
	}
}

func vanished(secret string) views.Option {
	return func(w *views.World) { delete(w.Given, secret) }
}

func foreignClaim(host string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		for i := range s.Claims {
			if s.Claims[i].Data["host"] == host {
				s.Claims[i].Labels = map[string]string{v1alpha1.LabelOrganisation: "other", v1alpha1.LabelIdentity: "other"}
			}
		}
	}
}

func templateOf(t testing.TB, v step.View) string {
	t.Helper()
	d := deployment(v, names.Backend)
	if d == nil {
		t.Fatal("there is no Deployment")
	}
	return text(d.Spec.Template)
}

// A change of the renderer has no cause among the inputs; another format of inputs
// must not be taken for a change of everything.
func TestAChangeOfTheOperatorWaits(t *testing.T) {
	for sentence, change := range map[string]func(*revision){
		"another renderer": func(r *revision) { r.name += "-earlier" },
		"another renderer and other inputs": func(r *revision) {
			r.name += "-earlier"
			r.inputs = inputs{formatKey: "0", CauseOrganisation: "of another kind"}
		},
		"inputs that cannot be read": func(r *revision) { r.name, r.inputs = r.name+"-earlier", nil },
	} {
		t.Run(sentence, func(t *testing.T) {
			v := views.New(t, serving(t))
			kept := *current(v.Live)
			change(&kept)
			got := choose(&kept, fresh(v, nil), situation{})
			if got.chosen.name != kept.name {
				t.Error("pods roll")
			}
			if diff := cmp.Diff([]string{CauseOperator}, got.pending); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestChoose(t *testing.T) {
	kept := &revision{name: "kept", number: 7, inputs: inputs{formatKey: inputsFormat, CauseProfile: "a", CauseOrganisation: "a"}}
	waits := &revision{name: "fresh", inputs: inputs{formatKey: inputsFormat, CauseProfile: "b", CauseOrganisation: "a"}}
	own := &revision{name: "fresh", inputs: inputs{formatKey: inputsFormat, CauseProfile: "b", CauseOrganisation: "b"}}
	same := &revision{name: "kept", inputs: inputs{formatKey: inputsFormat, CauseProfile: "b", CauseOrganisation: "b"}}
	type answer struct {
		name    string
		number  int64
		profile string
		pending []string
	}
	tests := map[string]struct {
		kept, fresh *revision
		situation   situation
		want        answer
	}{
		"nothing at all":                          {nil, nil, situation{}, answer{}},
		"the first":                               {nil, waits, situation{}, answer{"fresh", 1, "b", nil}},
		"nothing can be made now":                 {kept, nil, situation{restart: true, orphaned: true, idle: true}, answer{"kept", 7, "a", nil}},
		"equal templates take over the inputs":    {kept, same, situation{}, answer{"kept", 7, "b", nil}},
		"a shared change waits":                   {kept, waits, situation{}, answer{"kept", 7, "a", []string{CauseProfile}}},
		"an own change takes it along":            {kept, own, situation{}, answer{"fresh", 8, "b", nil}},
		"a restart releases":                      {kept, waits, situation{restart: true}, answer{"fresh", 8, "b", nil}},
		"templates that could not start give way": {kept, waits, situation{orphaned: true}, answer{"fresh", 8, "b", nil}},
		"where nothing runs nothing waits":        {kept, waits, situation{idle: true}, answer{"fresh", 8, "b", nil}},
	}
	for sentence, test := range tests {
		t.Run(sentence, func(t *testing.T) {
			decided := choose(test.kept, test.fresh, test.situation)
			got := answer{pending: decided.pending}
			if c := decided.chosen; c != nil {
				got.name, got.number, got.profile = c.name, c.number, c.inputs[CauseProfile]
			}
			if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(answer{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWhatInterruptsNobodyDoesNotWait(t *testing.T) {
	tests := map[string]struct {
		change func(step.View)
		rolls  bool
	}{
		"pods serve": {func(step.View) {}, false},
		"a Secret that the kept template names is gone": {func(v step.View) { v.Live.Secrets.Tenant = without(v, current(v.Live).secrets()[0]) }, true},
		"the Deployment was deleted":                    {func(v step.View) { v.Live.Drop("Deployment", v.Settings.Namespace, names.Backend) }, false},
		"nothing ever became ready": {func(v step.View) {
			d := deployment(v, names.Backend)
			d.Status.AvailableReplicas = 0
			d.Status.Conditions[0] = progressing(corev1.ConditionFalse, reasonDeadlineExceeded)
		}, true},
		"old pods serve though the new never became ready": {func(v step.View) {
			deployment(v, names.Backend).Status.Conditions[0] = progressing(corev1.ConditionFalse, reasonDeadlineExceeded)
		}, false},
		"pods that were ready are not for now": {func(v step.View) { deployment(v, names.Backend).Status.AvailableReplicas = 0 }, false},
		"suspended, and the last pod is gone": {func(v step.View) {
			deployment(v, names.Backend).Spec.Replicas = new(int32(0))
			rolledTo(v, 0)
		}, true},
		"suspended, and a pod is left": {func(v step.View) { deployment(v, names.Backend).Spec.Replicas = new(int32(0)) }, false},
	}
	for sentence, test := range tests {
		t.Run(sentence, func(t *testing.T) {
			v := views.New(t, serving(t), profileChanged(), views.SharedSecret("providers", map[string]string{"A": "1"}))
			before := current(v.Live).name
			test.change(v)
			if rolled := decide(v, current(v.Live)).chosen.name != before; rolled != test.rolls {
				t.Errorf("pods roll: %v, want %v", rolled, test.rolls)
			}
		})
	}
}

func without(v step.View, secret string) []corev1.Secret {
	var kept []corev1.Secret
	for _, s := range v.Live.Secrets.Tenant {
		if s.Name != secret {
			kept = append(kept, s)
		}
	}
	return kept
}

func TestScalingAndSuspendingNeverWait(t *testing.T) {
	invalid := sized("no-such-size")
	for sentence, test := range map[string]struct {
		options []views.Option
		want    int32
	}{
		"scaled while the server is down":          {[]views.Option{views.Replicas(2), views.ServerUnreachable()}, 2},
		"scaled while a migration is missing":      {[]views.Option{views.Replicas(2), views.NotMigrated()}, 2},
		"scaled while the Release is gone":         {[]views.Option{views.Replicas(2), views.WithoutRelease()}, 2},
		"suspended while the server is down":       {[]views.Option{views.Suspended(), views.ServerUnreachable()}, 0},
		"left as it is while the spec is invalid":  {[]views.Option{invalid}, 1},
		"suspended although the spec is invalid":   {[]views.Option{invalid, views.Suspended()}, 0},
		"suspended although the profile is gone":   {[]views.Option{views.WithoutProfile(), views.Suspended()}, 0},
		"suspended although the Release is broken": {[]views.Option{views.WithoutRelease(), views.Suspended()}, 0},
	} {
		t.Run(sentence, func(t *testing.T) {
			v := views.New(t, append([]views.Option{serving(t)}, test.options...)...)
			template := templateOf(t, v)
			views.Apply(t, v, New())
			if got := wanted(deployment(v, names.Backend)); got != test.want {
				t.Errorf("%d replicas, want %d", got, test.want)
			}
			if templateOf(t, v) != template {
				t.Error("pods roll")
			}
		})
	}
}

func TestTemplatesAreOrphanedOnlyByWhatIsKnownToBeGone(t *testing.T) {
	named := revision{content: content{Backend: corev1ac.PodTemplateSpec().WithSpec(corev1ac.PodSpec().WithContainers(
		corev1ac.Container().WithEnvFrom(corev1ac.EnvFromSource().WithSecretRef(corev1ac.SecretEnvSource().WithName("environment-1")))))}}
	there := corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "environment-1"}}
	for sentence, test := range map[string]struct {
		secrets  snapshot.Secrets
		orphaned bool
	}{
		"the Secret is there":       {snapshot.Secrets{Tenant: []corev1.Secret{there}}, false},
		"the Secret is gone":        {snapshot.Secrets{}, true},
		"Secrets could not be read": {snapshot.Secrets{Unreadable: true}, false},
	} {
		if got := orphaned(&test.secrets, named); got != test.orphaned {
			t.Errorf("%s: orphaned %v", sentence, got)
		}
	}
}
