package messaging

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	appsv1ac "k8s.io/client-go/applyconfigurations/apps/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/step"
	"github.com/glific/organisation-operator/internal/testkit/golden"
	"github.com/glific/organisation-operator/internal/testkit/views"
)

// worlds are the cases of the golden files, and of every rule that must hold for all.
var worlds = map[string]func(testing.TB) step.View{
	"smallest": func(t testing.TB) step.View { return views.New(t) },
	"two-replicas-with-front-end": func(t testing.TB) step.View {
		return views.New(t, views.Replicas(2), views.Frontend(), views.ReleaseSpec(func(r *v1alpha1.ReleaseSpec) {
			r.Frontend = &v1alpha1.FrontendSpec{Port: 8081, HealthPath: "/index.html", Writable: []v1alpha1.EmptyDir{
				{Name: "cache", Path: "/var/cache/nginx", SizeLimit: resource.MustParse("64Mi")},
			}}
		}))
	},
	"everything-declared": func(t testing.TB) step.View { return views.New(t, everything()...) },
	"recreate": func(t testing.TB) step.View {
		return views.New(t, views.ReleaseSpec(func(r *v1alpha1.ReleaseSpec) {
			r.Update = v1alpha1.UpdateSpec{Strategy: v1alpha1.UpdateRecreate, ProgressDeadlineSeconds: 120}
		}))
	},
	"hot": func(t testing.TB) step.View {
		return views.New(t, views.Replicas(2), views.ReleaseSpec(func(r *v1alpha1.ReleaseSpec) {
			r.Update.Hot = &v1alpha1.HotSpec{SizeLimit: new(resource.MustParse("2Gi"))}
		}))
	},
	"brief-disruption": func(t testing.TB) step.View {
		return views.New(t, views.Messaging(func(m *v1alpha1.MessagingSpec) { m.Disruption = v1alpha1.DisruptionBrief }))
	},
	"suspended": func(t testing.TB) step.View { return views.New(t, views.Suspended(), views.Replicas(2)) },
	"aliases-tls-and-authority": func(t testing.TB) step.View {
		return views.New(t, views.DatabaseTLS("-----BEGIN CERTIFICATE-----\n"),
			views.Spec(func(s *v1alpha1.OrganisationSpec) { s.Aliases = []string{"asha.org", "www.asha.org"} }))
	},
	"pull-secrets": func(t testing.TB) step.View {
		return views.New(t, views.PullSecret("registry", `{"auths":{}}`), views.PullSecret("mirror", `{"auths":{"m":{}}}`))
	},
	"kept-while-the-profile-changed": func(t testing.TB) step.View { return views.New(t, serving(t), profileChanged()) },
	"kept-while-the-server-is-unreachable": func(t testing.TB) step.View {
		return views.New(t, serving(t), views.ServerUnreachable(), profileChanged())
	},
	"kept-while-nothing-is-left-but-the-namespace": func(t testing.TB) step.View {
		return views.New(t, serving(t), views.ServerUnreachable(), views.WithoutRelease(), views.WithoutKeys(), views.WithoutProfile(),
			views.Spec(func(s *v1alpha1.OrganisationSpec) { s.Hostname = "asha.ngo.example.org" }))
	},
}

// everything that a declaration can say about a pod.
func everything() []views.Option {
	return []views.Option{
		views.Replicas(2), views.Frontend(),
		views.PullSecret("registry", `{"auths":{}}`),
		views.SharedSecret("providers", map[string]string{"STRIPE_API_KEY": canary + "shared"}),
		views.OwnSecret("gupshup", map[string]string{"DISCORD_WEBHOOK_URL": canary + "own"}),
		views.Messaging(func(m *v1alpha1.MessagingSpec) {
			m.Env = []v1alpha1.EnvVar{views.Var("PRICE", "$5 or $(DATABASE_URL)"), views.Var("ELIXIR_ERL_OPTIONS", "+P 500000")}
		}),
		views.ProfileSpec(func(p *v1alpha1.OrganisationProfileSpec) {
			p.Labels = map[string]string{"cost-centre": "ngo"}
			p.Sizes = []v1alpha1.Size{{Name: "tight", ConnectionLimit: 40, Schedulers: new(int32(2)), Resources: v1alpha1.Resources{
				Requests: corev1.ResourceList{corev1.ResourceCPU: resource.MustParse("0.5"), corev1.ResourceMemory: resource.MustParse("1024Mi")},
				Limits:   corev1.ResourceList{corev1.ResourceMemory: resource.MustParse("2048Mi")},
			}}}
		}),
		views.Spec(func(s *v1alpha1.OrganisationSpec) { s.Size = "tight" }),
		views.Annotated(v1alpha1.AnnotationRestartAt, "2026-11-24T09:00:00Z"),
		views.ReleaseSpec(func(r *v1alpha1.ReleaseSpec) {
			r.HTTP.Port, r.HTTP.HealthPath, r.HTTP.HealthHost = 4001, "/health", "asha"
			r.Writable = []v1alpha1.EmptyDir{
				{Name: "mnesia", Path: "/app/mnesia", SizeLimit: resource.MustParse("256Mi")},
				{Name: "release", Path: "/app/release", SizeLimit: resource.MustParse("1024Ki")},
				{Name: "tmp", Path: "/app/tmp", SizeLimit: resource.MustParse("1Mi")},
				{Name: "more-tmp", Path: "/tmp", SizeLimit: resource.MustParse("1024Mi")},
			}
			r.Shutdown = v1alpha1.ShutdownSpec{GracePeriodSeconds: 120, PreStopSeconds: 5}
			r.Distribution = v1alpha1.DistributionSpec{MinPort: 9200, MaxPort: 9209}
			r.RunAsUser = 1001
		}),
	}
}

// serving continues from an ordinary world in which the app was released.
func serving(t testing.TB, options ...views.Option) views.Option {
	v := views.New(t, options...)
	views.Apply(t, v, New())
	rolledTo(v, 1)
	return views.After(v, New().Name())
}

func profileChanged() views.Option {
	return views.ProfileSpec(func(p *v1alpha1.OrganisationProfileSpec) { p.Env = append(p.Env, views.Var("NEW", "1")) })
}

func TestRender(t *testing.T) {
	for name, world := range worlds {
		t.Run(name, func(t *testing.T) {
			var values []any
			for _, object := range views.Render(t, world(t), New()) {
				if revision, ok := object.(*appsv1ac.ControllerRevisionApplyConfiguration); ok && name != "smallest" {
					revision.Data = nil // the Deployments show it
				}
				values = append(values, object)
			}
			golden.AssertYAML(t, "testdata/"+name+".yaml", values...)
		})
	}
}

func TestRenderingTwiceGivesTheSameBytes(t *testing.T) {
	for name, world := range worlds {
		t.Run(name, func(t *testing.T) {
			v := world(t)
			first, second := asJSON(t, views.Render(t, v, New())), asJSON(t, views.Render(t, v, New()))
			if diff := cmp.Diff(first, second); diff != "" {
				t.Error(diff)
			}
			views.Apply(t, v, New())
			if diff := cmp.Diff(first, asJSON(t, views.Render(t, v, New()))); diff != "" {
				t.Errorf("what was rendered once it was applied differs:\n%s", diff)
			}
		})
	}
}

func TestNoSecretValueIsRendered(t *testing.T) {
	for name, world := range worlds {
		t.Run(name, func(t *testing.T) {
			v := world(t)
			text := asJSON(t, views.Render(t, v, New()))
			for _, secret := range secretValues(t, v) {
				if strings.Contains(text, secret) {
					t.Errorf("a secret value of %d characters is rendered", len(secret))
				}
			}
		})
	}
	if !strings.Contains(asJSON(t, views.Render(t, worlds["smallest"](t), New())), "asha.ngo.example.org") {
		t.Error("not even a plain value is rendered, so this test could not fail")
	}
}

// canary begins the values of Secrets that people name.
const canary = "canary-"

func secretValues(t testing.TB, v step.View) []string {
	values := []string{canary}
	for _, data := range []map[string][]byte{views.Keys(t).Data()} {
		for _, key := range slices.Sorted(maps.Keys(data)) {
			values = append(values, string(data[key]))
		}
	}
	if env, ok := v.EnvironmentSecret(); ok {
		for _, value := range env.Data {
			values = append(values, string(value))
		}
	}
	return values
}

// A quantity that is not written as the API server writes it would differ from the
// live object in every pass.
func TestQuantitiesAreWrittenAsTheServerWritesThem(t *testing.T) {
	text := asJSON(t, views.Render(t, worlds["everything-declared"](t), New()))
	for _, want := range []string{`"500m"`, `"1Gi"`, `"2Gi"`, `"1Mi"`} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is missing", want)
		}
	}
	for _, other := range []string{`"0.5"`, `"1024Mi"`, `"2048Mi"`, `"1024Ki"`} {
		if strings.Contains(text, other) {
			t.Errorf("%s is not the canonical form", other)
		}
	}
}

func TestNothingIsRenderedBeforeTheFirstReleaseMayStart(t *testing.T) {
	for sentence, options := range map[string][]views.Option{
		"the server is unreachable":           {views.ServerUnreachable()},
		"the database is empty":               {views.NotBootstrapped()},
		"the schema is not migrated":          {views.NotMigrated()},
		"the environment is not projected":    {views.Unprojected()},
		"there are no keys":                   {views.WithoutKeys()},
		"the Release is missing":              {views.WithoutRelease()},
		"the profile is missing":              {views.WithoutProfile()},
		"the size does not exist":             {views.Spec(func(s *v1alpha1.OrganisationSpec) { s.Size = "huge" })},
		"a pull secret is missing":            {views.PullSecret("registry", "")},
		"a shared Secret is missing":          {views.SharedSecret("providers", nil)},
		"suspended from birth, not filled":    {views.Suspended(), views.NotBootstrapped()},
		"a connection limit without any room": {views.Replicas(9)},
	} {
		t.Run(sentence, func(t *testing.T) {
			if got := views.Render(t, views.New(t, options...), New()); len(got) != 0 {
				t.Errorf("%d objects are rendered", len(got))
			}
		})
	}
}

func TestADeploymentWhoseRecordIsGoneIsNeverRemoved(t *testing.T) {
	v := views.New(t, serving(t), views.ServerUnreachable())
	for _, r := range revisions(v.Live) {
		v.Live.Drop("ControllerRevision", v.Settings.Namespace, r.name)
	}
	_, err := New().Render(v)
	if err == nil || !strings.Contains(err.Error(), "left as it is") || !strings.Contains(err.Error(), "connection refused") {
		t.Errorf("error: %v", err)
	}
}

func asJSON(t testing.TB, objects []step.Applicable) string {
	t.Helper()
	text, err := json.MarshalIndent(objects, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
