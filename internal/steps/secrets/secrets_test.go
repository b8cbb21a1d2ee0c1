package secrets

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	testingclock "k8s.io/utils/clock/testing"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/step"
	"github.com/glific/organisation-operator/internal/testkit/views"
)

type world = []views.Option

func requiring(env ...v1alpha1.RequiredEnv) views.Option {
	return views.ReleaseSpec(func(r *v1alpha1.ReleaseSpec) { r.RequiredEnv = env })
}

func TestObserve(t *testing.T) {
	const sharedMissing = `Secret "providers" of OrganisationProfile standard does not exist: create it in the operator's namespace`
	const ownMissing = `Secret "gupshup" does not exist: create it in namespace org-asha, or as asha.gupshup in the operator's namespace`
	pin := views.Spec(func(s *v1alpha1.OrganisationSpec) { s.Release = &v1alpha1.OrganisationRelease{Name: "glific-9"} })
	tests := map[string]struct {
		world world
		want  step.Outcome
	}{
		"all are there": {nil, step.Done("Ready", "2 Secrets are in namespace org-asha")},
		"all kinds are there": {world{views.PullSecret("registry", "{}"), views.TLSSecret("asha-tls", "c", "k"), views.OwnSecret("gupshup", map[string]string{"A": "1"})},
			step.Done("Ready", "4 Secrets are in namespace org-asha")},
		"the server cannot be asked": {world{views.ServerUnreachable()},
			step.WaitingUnknown("ServerUnreachable", "database server shared-1 could not be asked: connection refused", retry)},
		"a shared Secret is missing":      {world{views.SharedSecret("providers", nil)}, step.Waiting("SecretNotFound", sharedMissing, retry)},
		"an own Secret is missing":        {world{views.OwnSecret("gupshup", nil)}, step.Waiting("SecretNotFound", ownMissing, retry)},
		"both are missing, and both told": {world{views.SharedSecret("providers", nil), views.OwnSecret("gupshup", nil)}, step.Waiting("SecretNotFound", sharedMissing+"; "+ownMissing, retry)},
		"a pull secret is missing": {world{views.PullSecret("registry", "")},
			step.Waiting("SecretNotFound", `Secret "registry" of OrganisationProfile standard does not exist: create it in the operator's namespace`, retry)},
		"its own certificate is missing": {world{views.TLSSecret("asha-tls", "", "")},
			step.Waiting("SecretNotFound", `Secret "asha-tls" does not exist: create it in namespace org-asha, or as asha.asha-tls in the operator's namespace`, retry)},
		"the Release does not exist": {world{pin},
			step.Waiting("ReleaseNotFound", `Release "glific-9" does not exist: create it, or name another; what serves goes on`, 0)},
		"no Release is named": {world{views.ProfileSpec(func(p *v1alpha1.OrganisationProfileSpec) { p.Release = nil })},
			step.Waiting("ReleaseNotFound", "no Release is named: set spec.release.name, or spec.release in OrganisationProfile standard", 0)},
		"the limit is too small for the pods": {world{views.Replicas(9)},
			step.Stalled("ConnectionBudgetExceeded", "spec.database.connectionLimit: 20 connections are too few for 10 pods at once (replicas and surge); at least 54 are needed, or fewer replicas")},
		"there are no keys":   {world{views.WithoutKeys()}, step.Waiting("Pending", "the environment is made after claim, keys and database", 0)},
		"there is no row yet": {world{views.Unclaimed()}, step.Waiting("Pending", "the environment is made after claim, keys and database", 0)},
		"a shared Secret brings a reserved key": {world{views.SharedSecret("providers", map[string]string{"CIPHER_KEY": "canary"})},
			step.Stalled("ReservedKey", "key CIPHER_KEY in Secret providers is derived by the operator; remove it there")},
		"a required key is missing": {world{requiring(v1alpha1.RequiredEnv{Name: "STRIPE_API_KEY"})},
			step.Stalled("ConfigIncomplete", "key STRIPE_API_KEY is missing or empty; set it in the profile's or the Organisation's env or envFrom")},
		"several problems are told at once, the first names them": {world{
			requiring(v1alpha1.RequiredEnv{Name: "STRIPE_API_KEY"}), views.OwnSecret("gupshup", map[string]string{"POOL_SIZE": "9"})},
			step.Stalled("ReservedKey", "key POOL_SIZE in Secret gupshup is derived by the operator; remove it there; key STRIPE_API_KEY is missing or empty; set it in the profile's or the Organisation's env or envFrom")},
	}
	for sentence, test := range tests {
		t.Run(sentence, func(t *testing.T) {
			if diff := cmp.Diff(test.want, (&Step{}).Observe(views.New(t, test.world...))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestObserveNamesASecretThatIsNotThereYet(t *testing.T) {
	v := views.New(t, views.Unprojected())
	env, _ := v.EnvironmentSecret()
	if diff := cmp.Diff(step.Waiting("Progressing", "Secret "+env.Name+" is not there yet", 0), (&Step{}).Observe(v)); diff != "" {
		t.Error(diff)
	}
}

// cluster is an API server that holds what the tenant's namespace has in a View, and
// remembers what was written.
type cluster struct {
	client.WithWatch
	wrote   []string
	deleted []client.DeleteOptions
	refuse  error
}

func newCluster(v step.View) *cluster {
	c := &cluster{}
	builder := fake.NewClientBuilder().WithScheme(views.Scheme)
	for i := range v.Live.Secrets.Tenant {
		builder = builder.WithObjects(v.Live.Secrets.Tenant[i].DeepCopy())
	}
	c.WithWatch = interceptor.NewClient(builder.Build(), interceptor.Funcs{
		Create: func(ctx context.Context, inner client.WithWatch, o client.Object, options ...client.CreateOption) error {
			c.wrote = append(c.wrote, "create "+kindOf(o.GetName()))
			if c.refuse != nil {
				return c.refuse
			}
			return inner.Create(ctx, o, options...)
		},
		Delete: func(ctx context.Context, inner client.WithWatch, o client.Object, options ...client.DeleteOption) error {
			c.wrote = append(c.wrote, "delete "+kindOf(o.GetName()))
			var asked client.DeleteOptions
			asked.ApplyOptions(options)
			c.deleted = append(c.deleted, asked)
			if c.refuse != nil {
				return c.refuse
			}
			return inner.Delete(ctx, o, options...)
		},
	})
	return c
}

// kindOf is what a Secret is for: its name without the digest.
func kindOf(name string) string { return name[:strings.LastIndex(name, "-")] }

func (c *cluster) act(t *testing.T, v step.View) step.Outcome {
	t.Helper()
	return (&Step{Client: c, Clock: testingclock.NewFakePassiveClock(views.Now)}).Act(t.Context(), v)
}

func (c *cluster) took() []string {
	wrote := slices.Sorted(slices.Values(c.wrote))
	c.wrote = nil
	return wrote
}

func TestSecretsAreMadeOnce(t *testing.T) {
	v := views.New(t, views.Unprojected(), views.PullSecret("registry", `{"auths":{}}`), views.TLSSecret("asha-tls", "certificate", "key"))
	c := newCluster(v)
	if out := c.act(t, v); !out.IsDone() {
		t.Fatal(out)
	}
	want := []string{"create admin", "create environment", "create pull-registry", "create tls"}
	if diff := cmp.Diff(want, c.took()); diff != "" {
		t.Error(diff)
	}
	if out := (&Step{}).Observe(v); !out.IsDone() {
		t.Errorf("what was made is not seen: %v", out)
	}
	if out := c.act(t, v); !out.IsDone() || c.wrote != nil {
		t.Errorf("%v, %v", out, c.wrote)
	}
}

// What is on the server under a name that is wanted, and not found by its labels.
func TestASecretOfAWantedNameThatIsNotFoundByItsLabels(t *testing.T) {
	for sentence, test := range map[string]struct {
		change func(*corev1.Secret)
		wrote  []string // by the first pass; the next one writes nothing, or the same attempt
		reason string   // "": it is done
	}{
		"its labels are lost, and it is made anew once": {func(s *corev1.Secret) { s.Labels = nil },
			[]string{"create environment", "create environment", "delete environment"}, ""},
		"another identity's label is lost labels, too": {func(s *corev1.Secret) { s.Labels[v1alpha1.LabelIdentity] = "another" },
			[]string{"create environment", "create environment", "delete environment"}, ""},
		"it came while the pass went on": {func(*corev1.Secret) {}, []string{"create environment"}, ""},
		"it says something else, so it is somebody else's": {func(s *corev1.Secret) { s.Labels, s.Data = nil, map[string][]byte{"A": []byte("1")} },
			[]string{"create environment"}, v1alpha1.ReasonNameConflict},
		"it is of another type, so it is somebody else's": {func(s *corev1.Secret) { s.Labels, s.Type = nil, "example.org/other" },
			[]string{"create environment"}, v1alpha1.ReasonNameConflict},
	} {
		t.Run(sentence, func(t *testing.T) {
			v := views.New(t)
			env, _ := v.EnvironmentSecret()
			there := v.Live.Secrets.TenantSecret(env.Name)
			test.change(there)
			c := newCluster(v)
			v.Live.Secrets.Tenant = slices.DeleteFunc(v.Live.Secrets.Tenant, func(s corev1.Secret) bool { return s.Name == env.Name })
			out := c.act(t, v)
			if got := c.took(); !slices.Equal(got, test.wrote) || out.IsDone() != (test.reason == "") || out.Reason != test.reason {
				t.Errorf("wrote %v, want %v: %+v", got, test.wrote, out)
			}
			if test.reason != "" {
				return
			}
			var now corev1.Secret
			if err := c.Get(t.Context(), client.ObjectKey{Namespace: "org-asha", Name: env.Name}, &now); err != nil || !names.Owned(v.Org, now.Labels) {
				t.Errorf("labels %v, %v", now.Labels, err)
			}
			if c.act(t, v); len(c.wrote) > 0 {
				t.Errorf("and again %v", c.wrote)
			}
		})
	}
}

func TestASecretIsImmutableAndProvesWhoseItIs(t *testing.T) {
	v := views.New(t, views.Unprojected(), views.PullSecret("registry", `{"auths":{}}`), views.TLSSecret("asha-tls", "certificate", "key"))
	c := newCluster(v)
	c.act(t, v)
	var list corev1.SecretList
	if err := c.List(t.Context(), &list, client.InNamespace("org-asha")); err != nil {
		t.Fatal(err)
	}
	kinds := map[string]corev1.SecretType{
		"admin": corev1.SecretTypeOpaque, "environment": corev1.SecretTypeOpaque,
		"pull-registry": corev1.SecretTypeDockerConfigJson, "tls": corev1.SecretTypeTLS,
	}
	labels := names.Labels(v.Org)
	labels[v1alpha1.LabelStep] = "secrets"
	for _, secret := range list.Items {
		if secret.Type != kinds[kindOf(secret.Name)] || secret.Immutable == nil || !*secret.Immutable || len(secret.Data) == 0 {
			t.Errorf("Secret %s: type %s, immutable %v, %d keys", secret.Name, secret.Type, secret.Immutable, len(secret.Data))
		}
		if diff := cmp.Diff(labels, secret.Labels); diff != "" {
			t.Errorf("Secret %s:\n%s", secret.Name, diff)
		}
	}
	if len(list.Items) != len(kinds) {
		t.Errorf("%d Secrets", len(list.Items))
	}
}

// stale is a Secret that an earlier pass made and nothing wants any more.
func stale(v step.View, by string) corev1.Secret {
	labels := names.Labels(v.Org)
	labels[v1alpha1.LabelStep] = by
	return corev1.Secret{ObjectMeta: metav1.ObjectMeta{
		Name: "environment-0000000000", Namespace: "org-asha", UID: "uid-of-old", Labels: labels,
		CreationTimestamp: metav1.NewTime(views.Now.Add(-unsettled)),
	}}
}

func TestASecretGoesWhenNothingNamesIt(t *testing.T) {
	naming := &batchv1.Job{ObjectMeta: metav1.ObjectMeta{Name: "migration-1", Namespace: "org-asha"}}
	naming.Spec.Template.Spec.Containers = []corev1.Container{{EnvFrom: []corev1.EnvFromSource{
		{SecretRef: &corev1.SecretEnvSource{LocalObjectReference: corev1.LocalObjectReference{Name: "environment-0000000000"}}},
	}}}
	for sentence, test := range map[string]struct {
		by     string
		naming world
		wrote  []string
	}{
		"nothing names it":      {"secrets", nil, []string{"delete environment"}},
		"a Job still names it":  {"secrets", world{views.With(naming)}, nil},
		"a person made it":      {"", nil, nil},
		"another step made it":  {"elsewhere", nil, nil},
		"something is at fault": {"secrets", world{views.OwnSecret("gupshup", nil)}, nil},
	} {
		t.Run(sentence, func(t *testing.T) {
			v := views.New(t, test.naming...)
			v.Live.Secrets.Tenant = append(v.Live.Secrets.Tenant, stale(v, test.by))
			c := newCluster(v)
			c.act(t, v)
			if diff := cmp.Diff(test.wrote, c.took()); diff != "" {
				t.Error(diff)
			}
			if left := v.Live.Secrets.TenantSecret("environment-0000000000") != nil; left != (test.wrote == nil) {
				t.Errorf("it is seen after: %v", left)
			}
			for _, options := range c.deleted {
				if p := options.Preconditions; p == nil || p.UID == nil || *p.UID != types.UID("uid-of-old") {
					t.Errorf("deleted without its UID: %+v", options)
				}
			}
		})
	}
}

// What names a Secret may be in no cache yet, so a young one is never taken for unused.
func TestAYoungSecretStays(t *testing.T) {
	v := views.New(t)
	young := stale(v, "secrets")
	young.CreationTimestamp = metav1.NewTime(views.Now.Add(time.Second - unsettled))
	v.Live.Secrets.Tenant = append(v.Live.Secrets.Tenant, young)
	c := newCluster(v)
	if out := c.act(t, v); !out.IsDone() || c.wrote != nil {
		t.Errorf("%+v, %v", out, c.wrote)
	}
}

// Without its RoleBinding the operator sees no Secret, and must not take that for none.
func TestUnreadableSecretsAreNotAbsent(t *testing.T) {
	v := views.New(t, views.Unprojected(), views.OwnSecret("gupshup", nil))
	v.Live.Secrets.Unreadable = true
	c := newCluster(v)
	out := c.act(t, v)
	if out.Kind != step.KindWaiting || out.Reason != v1alpha1.ReasonProgressing || !strings.Contains(out.Message, "RoleBinding organisation-operator in namespace org-asha was gone") {
		t.Errorf("%+v", out)
	}
	if c.wrote != nil {
		t.Errorf("wrote %v", c.wrote)
	}
}

// Another environment is another Secret: pods that keep an old template keep its values.
func TestAChangedValueIsAnotherSecret(t *testing.T) {
	name := func(options ...views.Option) string {
		secret, ok := views.New(t, options...).EnvironmentSecret()
		if !ok {
			t.Fatal("no environment")
		}
		return secret.Name
	}
	gupshup := func(value string) views.Option {
		return views.OwnSecret("gupshup", map[string]string{"GUPSHUP": value})
	}
	base := name(gupshup("1"))
	if base != name(gupshup("1")) {
		t.Error("the same environment has two names")
	}
	for sentence, other := range map[string]string{
		"another value":      name(gupshup("2")),
		"a value less":       name(),
		"another tenant":     name(gupshup("1"), views.Named("sneha", "00000000-0000-4000-8000-000000000001")),
		"another database":   name(gupshup("1"), views.Tenant(func(t *ledger.Tenant) { t.Database = "asha-2" })),
		"the server's name":  name(gupshup("1"), views.PostgreSQL(func(p *v1alpha1.PostgreSQLServer) { p.Host = "other.example.org" })),
		"a key named alike,": name(views.OwnSecret("gupshup", map[string]string{"GUPSHUP1": ""})),
	} {
		if other == base {
			t.Errorf("%s has the same Secret", sentence)
		}
	}
	if base != name(gupshup("1"), views.Messaging(func(m *v1alpha1.MessagingSpec) { m.Env = append(m.Env, views.Var("PLAIN", "1")) })) {
		t.Error("a plain variable is part of the Secret")
	}
}

func TestWhatWentWrong(t *testing.T) {
	secrets := schema.GroupResource{Resource: "secrets"}
	for sentence, test := range map[string]struct {
		err  error
		want string
	}{
		"a refused create names the Secret":        {errors.New("quota"), "creating Secret environment-"},
		"a namespace that goes refuses everything": {apierrors.NewForbidden(secrets, "x", errors.New("terminating")), "creating Secret"},
	} {
		t.Run(sentence, func(t *testing.T) {
			v := views.New(t, views.Unprojected())
			c := newCluster(v)
			c.refuse = test.err
			out := c.act(t, v)
			if out.IsDone() || !strings.Contains(out.Message, test.want) {
				t.Fatalf("got %+v", out)
			}
			if !out.IsDone() && (out.Kind != step.KindFailed || !errors.Is(out.Err, test.err)) {
				t.Errorf("got %+v", out)
			}
			if strings.Contains(out.Message, views.Keys(t).DatabasePassword()) {
				t.Error("a secret value is shown")
			}
		})
	}
	t.Run("a refused removal names the Secret", func(t *testing.T) {
		v := views.New(t)
		v.Live.Secrets.Tenant = append(v.Live.Secrets.Tenant, stale(v, "secrets"))
		c := newCluster(v)
		c.refuse = errors.New("webhook says no")
		if out := c.act(t, v); out.Kind != step.KindFailed || !strings.Contains(out.Message, "removing Secret environment-0000000000") {
			t.Errorf("got %+v", out)
		}
	})
	t.Run("what is at fault is told before anything is written", func(t *testing.T) {
		v := views.New(t, views.Unprojected(), requiring(v1alpha1.RequiredEnv{Name: "STRIPE_API_KEY"}))
		c := newCluster(v)
		if out := c.act(t, v); out.Reason != v1alpha1.ReasonConfigIncomplete || c.wrote != nil {
			t.Errorf("%+v, %v", out, c.wrote)
		}
	})
}

func TestTheStepsPlace(t *testing.T) {
	s := &Step{}
	if rendered, err := s.Render(views.New(t)); rendered != nil || err != nil {
		t.Errorf("Secrets are rendered, so a value would be applied: %v, %v", rendered, err)
	}
	if s.Name() != "secrets" || s.Condition() != v1alpha1.SecretsReady || !slices.Contains(s.Needs(), v1alpha1.NamespaceReady) {
		t.Errorf("%s, %s, %v", s.Name(), s.Condition(), s.Needs())
	}
	if retry > time.Minute {
		t.Errorf("a Secret that was missing, and is not watched, is found after %v", retry)
	}
}
