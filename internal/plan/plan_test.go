package plan_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/plan"
	"github.com/glific/organisation-operator/internal/snapshot"
	"github.com/glific/organisation-operator/internal/testkit/views"
)

func TestPlacement(t *testing.T) {
	const third = "00000000-0000-4000-8000-000000000003"
	tests := map[string]struct {
		world world
		want  *plan.Placement
	}{
		"one was chosen already":                          {nil, nil},
		"the only one":                                    {world{views.Unplaced(server("a"))}, &plan.Placement{Server: "a"}},
		"the one with the fewest tenants":                 {world{views.Unplaced(server("a", tenants(3)), server("b", tenants(1)), server("c", tenants(2)))}, &plan.Placement{Server: "b"}},
		"the name breaks a tie":                           {world{views.Unplaced(server("b"), server("a"), server("c"))}, &plan.Placement{Server: "a"}},
		"not one that is not Ready":                       {world{views.Unplaced(server("a", unready), server("b", tenants(9)))}, &plan.Placement{Server: "b"}},
		"not one that goes":                               {world{views.Unplaced(server("a", going), server("b", tenants(9)))}, &plan.Placement{Server: "b"}},
		"not one that is cordoned":                        {world{views.Unplaced(server("a", cordoned), server("b", tenants(9)))}, &plan.Placement{Server: "b"}},
		"not one that does not match":                     {world{views.Unplaced(server("a", mismatched), server("b", tenants(9)))}, &plan.Placement{Server: "b"}},
		"not one that is full":                            {world{views.Unplaced(server("a", full), server("b", tenants(9)))}, &plan.Placement{Server: "b"}},
		"nowhere if all are full":                         {world{views.Unplaced(server("a", full), server("b", full))}, nil},
		"where its own data lies, though full":            {world{views.Unplaced(server("a"), server("b", full, ours))}, &plan.Placement{Server: "b"}},
		"another, if the chosen one has become full":      {world{replacing(server("a", full), server("b", tenants(9)))}, &plan.Placement{Server: "b"}},
		"where its data is, though another was chosen":    {world{replacing(server("a", full), server("b"), server("c", full, ours))}, &plan.Placement{Server: "c"}},
		"where its own data lies, however many are there": {world{views.Unplaced(server("a"), server("b", tenants(9), ours))}, &plan.Placement{Server: "b"}},
		"where its own data lies, though cordoned":        {world{views.Unplaced(server("a"), server("b", cordoned, ours))}, &plan.Placement{Server: "b"}},
		"where its own data lies, though not matching":    {world{views.Unplaced(server("a"), server("b", mismatched, ours))}, &plan.Placement{Server: "b"}},
		"where its own data lies, though another is mute": {world{views.Unplaced(server("a", silent), server("b", ours))}, &plan.Placement{Server: "b"}},
		"where adopted data lies":                         {world{adopt(another), views.Unplaced(server("a"), server("b", ours))}, &plan.Placement{Server: "b"}},
		"nowhere while adopted data may be out of sight":  {world{adopt(another), views.Unplaced(server("a"), server("b", mismatched, silent))}, nil},
		"where a fleet is adopted by name":                {world{views.Unplaced(server("a"), server("b", adopting, keeping("asha", another)))}, &plan.Placement{Server: "b", Identity: another}},
		"the newest of several of that name":              {world{views.Unplaced(server("a", adopting, keeping("asha", another), keeping("asha", third)))}, &plan.Placement{Server: "a", Identity: another}},
		"never another's, though it had the host":         {world{views.Unplaced(server("a", adopting, keeping("sneha", another), keeping("asha", third)))}, &plan.Placement{Server: "a", Identity: third}},
		"its own before that of its name":                 {world{views.Unplaced(server("a", adopting, keeping("asha", another)), server("b", ours))}, &plan.Placement{Server: "b"}},
		"empty beside what is kept, if that is asked for": {world{fresh(), views.Unplaced(server("a", adopting, keeping("asha", another)))}, &plan.Placement{Server: "a"}},
		"nowhere while something is refused":              {world{views.Unplaced(server("a"), server("b", silent))}, nil},
		"nowhere while a host is taken":                   {world{views.Unplaced(server("a")), held(claim(host, "sneha"))}, nil},
	}
	for sentence, test := range tests {
		t.Run(sentence, func(t *testing.T) {
			if diff := cmp.Diff(test.want, views.New(t, test.world...).Plan.Place); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSuspended(t *testing.T) {
	suspended := views.Suspended()
	state := func(s ledger.State) views.Option {
		return views.Tenant(func(t *ledger.Tenant) { t.State = s })
	}
	admitted := views.Snapshot(func(s *snapshot.Snapshot) { s.Ledger.SuspensionAdmitted = true })
	for sentence, test := range map[string]struct {
		world world
		want  bool
	}{
		"running": {nil, false},
		"its login is still off, so pods could not":   {world{state(ledger.Suspended)}, true},
		"suspended in the ledger, too":                {world{suspended}, true},
		"the breaker was not asked yet":               {world{suspended, state(ledger.Active)}, false},
		"the breaker lets it":                         {world{suspended, state(ledger.Active), admitted}, true},
		"nothing is served yet, so nobody is asked":   {world{suspended, state(ledger.Active), views.NotBootstrapped()}, true},
		"the first filling is under way":              {world{suspended, state(ledger.Active), views.Tenant(func(t *ledger.Tenant) { t.Bootstrap = ledger.Bootstrapping })}, false},
		"the server cannot be asked, so spec decides": {world{suspended, views.ServerUnreachable()}, true},
		"there is no row yet, and nothing else":       {world{suspended, views.Unclaimed(), views.WithoutNamespace()}, true},
		"there is no row, and pods may serve":         {world{suspended, views.Unclaimed()}, false},
		"somebody else serves that database now":      {world{served(ledger.Active)}, true},
		"somebody else has suspended it":              {world{served(ledger.Suspended)}, true},
		"somebody else has given it up":               {world{served(ledger.Retained)}, false},
		"an admission alone suspends nobody":          {world{admitted}, false},
	} {
		t.Run(sentence, func(t *testing.T) {
			if got := views.New(t, test.world...).Plan.Suspended; got != test.want {
				t.Errorf("suspended: %v", got)
			}
		})
	}
}

// served lets another Organisation have the row of this identity.
func served(state ledger.State) views.Option {
	return views.Snapshot(func(s *snapshot.Snapshot) {
		s.Ledger.Foreign, s.Ledger.Tenant = s.Ledger.Tenant, nil
		s.Ledger.Foreign.State = state
	})
}

func TestHosts(t *testing.T) {
	moved := views.Spec(func(s *v1alpha1.OrganisationSpec) { s.Hostname = "asha.org" })
	before := views.Tenant(func(t *ledger.Tenant) { t.Hosts = []string{host, "old.org"} })
	for sentence, test := range map[string]struct {
		world world
		want  []string
	}{
		"those that are wanted":                              {nil, []string{host}},
		"the new ones as soon as nobody else holds them":     {world{moved, before}, []string{"asha.org"}},
		"the old ones while somebody holds the new":          {world{moved, before, held(claim("asha.org", "sneha"))}, []string{host, "old.org"}},
		"all the old ones though only one of the new is not": {world{before, views.Spec(func(s *v1alpha1.OrganisationSpec) { s.Aliases = []string{"asha.org"} }), held(claim("asha.org", "sneha"))}, []string{host, "old.org"}},
		"the old ones while the spec is invalid":             {world{before, views.Spec(func(s *v1alpha1.OrganisationSpec) { s.Size = "huge" })}, []string{host, "old.org"}},
		"the old ones while the profile is missing":          {world{before, views.WithoutProfile()}, []string{host, "old.org"}},
		"none while nothing can be known":                    {world{views.WithoutProfile(), views.ServerUnreachable()}, nil},
		"none where none was ever had":                       {world{views.Unclaimed(), held(claim(host, "sneha"))}, nil},
		"with the API's where the Release serves it":         {world{views.ReleaseSpec(func(r *v1alpha1.ReleaseSpec) { r.HTTP.APIHost = v1alpha1.APIHostServed })}, []string{host, "api." + host}},
	} {
		t.Run(sentence, func(t *testing.T) {
			if diff := cmp.Diff(test.want, views.New(t, test.world...).Plan.Hosts); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// pods are those of the back end: the host that they answer to, and how far they rolled.
func pods(baseURL string, change func(*appsv1.Deployment)) views.Option {
	d := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Name: names.Backend, Namespace: "org-asha", Generation: 2}}
	d.Spec.Replicas = new(int32(1))
	d.Spec.Template.Spec.Containers = []corev1.Container{{Env: []corev1.EnvVar{{Name: "POOL_SIZE", Value: "3"}, {Name: "BASE_URL", Value: baseURL}}}}
	d.Status = appsv1.DeploymentStatus{ObservedGeneration: 2, Replicas: 1, UpdatedReplicas: 1, AvailableReplicas: 1}
	change(d)
	return views.With(d)
}

// own is the Organisation's lock on a host; lying is one that says it is of another.
func own(on string) corev1.ConfigMap {
	c := claim(on, views.Organisation)
	c.Labels[v1alpha1.LabelIdentity] = views.UID
	return c
}

func lying(host string) corev1.ConfigMap {
	c := own("harmless.example.org")
	c.Data[plan.HostKey] = host
	return c
}

// A host whose websockets the pods would refuse gets no visitors, and none is given up
// that pods still answer to.
func TestHostsWhilePodsMoveToAnother(t *testing.T) {
	const next = "asha.org"
	moved := views.Spec(func(s *v1alpha1.OrganisationSpec) { s.Hostname = next })
	known := func(hosts ...string) views.Option {
		return views.Tenant(func(t *ledger.Tenant) { t.Hosts = hosts })
	}
	rolled := func(*appsv1.Deployment) {}
	for sentence, test := range map[string]struct {
		world world
		want  []string
	}{
		"at rest":                                     {world{known(host), pods(host, rolled)}, []string{host}},
		"an alias is claimed at once":                 {world{known(host), pods(host, rolled), views.Spec(func(s *v1alpha1.OrganisationSpec) { s.Aliases = []string{next} })}, []string{host, next}},
		"pods answer to the old host":                 {world{moved, known(host), pods(host, rolled)}, []string{host, next}},
		"the new host is claimed":                     {world{moved, known(host, next), pods(host, rolled)}, []string{host, next}},
		"the Deployment was just changed":             {world{moved, known(host, next), pods(next, func(d *appsv1.Deployment) { d.Generation++ })}, []string{next, host}},
		"an old pod is left":                          {world{moved, known(host, next), pods(next, func(d *appsv1.Deployment) { d.Status.Replicas = 2 })}, []string{next, host}},
		"the new pod is not ready":                    {world{moved, known(host, next), pods(next, func(d *appsv1.Deployment) { d.Status.AvailableReplicas = 0 })}, []string{next, host}},
		"all pods answer to the new host":             {world{moved, known(next, host), pods(next, rolled)}, []string{next}},
		"no pods are wanted":                          {world{moved, known(host), pods(host, func(d *appsv1.Deployment) { d.Spec.Replicas = new(int32(0)) })}, []string{next}},
		"pods answer to what was never ours":          {world{moved, known(host), pods("stranger.org", rolled)}, []string{host, next}},
		"somebody else has the new host":              {world{moved, known(host), pods(host, rolled), held(claim(next, "sneha"))}, []string{host}},
		"only what is claimed, while it is silent":    {world{moved, pods(host, rolled), views.ServerUnreachable(), held(own(host))}, []string{host}},
		"what is claimed, the served first":           {world{moved, pods(host, rolled), views.ServerUnreachable(), held(own(next), own(host))}, []string{host, next}},
		"what is claimed, in the order of the spec":   {world{pods(host, rolled), views.ServerUnreachable(), views.Spec(func(s *v1alpha1.OrganisationSpec) { s.Aliases = []string{"z.org", "a.org"} }), held(own("a.org"), own(host), own("z.org"))}, []string{host, "z.org", "a.org"}},
		"no alias that is not claimed, while silent":  {world{pods(host, rolled), views.ServerUnreachable(), views.Spec(func(s *v1alpha1.OrganisationSpec) { s.Aliases = []string{next} }), held(own(host))}, []string{host}},
		"a lock that lies about its host is none":     {world{moved, pods(host, rolled), views.ServerUnreachable(), held(own(host), lying(next))}, []string{host}},
		"the old ones while silent, the spec invalid": {world{pods(host, rolled), views.ServerUnreachable(), views.Spec(func(s *v1alpha1.OrganisationSpec) { s.Size = "huge" }), held(own(host))}, []string{host}},
		"pods that say no host are not served":        {world{moved, known(host), pods("", rolled)}, []string{next}},
	} {
		t.Run(sentence, func(t *testing.T) {
			if diff := cmp.Diff(test.want, views.New(t, test.world...).Plan.Hosts); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFrozen(t *testing.T) {
	for sentence, test := range map[string]struct {
		world world
		want  bool
	}{
		"all is well":                   {nil, false},
		"the profile is missing":        {world{views.WithoutProfile()}, true},
		"the spec is invalid":           {world{views.Spec(func(s *v1alpha1.OrganisationSpec) { s.Size = "huge" })}, true},
		"the namespace is another's":    {world{labelled(func(n *corev1.Namespace) { n.Labels = nil })}, true},
		"a host is taken":               {world{held(claim(host, "sneha"))}, false},
		"the server is silent":          {world{views.ServerUnreachable()}, false},
		"the Release is missing":        {world{views.WithoutRelease()}, false},
		"there is no namespace as yet":  {world{views.WithoutNamespace()}, false},
		"there is no server to be had":  {world{views.Unplaced()}, false},
		"the namespace is being undone": {world{labelled(func(n *corev1.Namespace) { n.DeletionTimestamp = &n.CreationTimestamp })}, false},
	} {
		t.Run(sentence, func(t *testing.T) {
			if got := views.New(t, test.world...).Plan.Frozen; got != test.want {
				t.Errorf("frozen: %v", got)
			}
		})
	}
}

func TestAnnotationsReachThePlan(t *testing.T) {
	v := views.New(t, views.Annotated(v1alpha1.AnnotationHold, "investigating"),
		views.Annotated(v1alpha1.AnnotationRetryAt, "1"), views.Annotated(v1alpha1.AnnotationRestartAt, "2"))
	type asked struct{ Held, Retry, Restart string }
	want := asked{"investigating", "1", "2"}
	if diff := cmp.Diff(want, asked{v.Plan.Held, v.Plan.RetryAt, v.Plan.RestartAt}); diff != "" {
		t.Error(diff)
	}
}

func TestAdmitted(t *testing.T) {
	for sentence, test := range map[string]struct {
		world world
		want  bool
	}{
		"filled, replaced and migrated":      {nil, true},
		"the database is empty":              {world{views.NotBootstrapped()}, false},
		"the database is being filled":       {world{views.Tenant(func(t *ledger.Tenant) { t.Bootstrap = ledger.Bootstrapping })}, false},
		"the published password still holds": {world{views.Tenant(func(t *ledger.Tenant) { t.AdminDigest = "" })}, false},
		"the schema is an earlier one":       {world{views.NotMigrated()}, false},
		"the server is silent":               {world{views.ServerUnreachable()}, false},
		"there is no row":                    {world{views.Unclaimed()}, false},
		"the Release is missing":             {world{views.WithoutRelease()}, false},
		"the Release migrates nothing": {world{views.NotMigrated(),
			views.ReleaseSpec(func(r *v1alpha1.ReleaseSpec) { r.Commands.Migrate = nil })}, true},
	} {
		t.Run(sentence, func(t *testing.T) {
			if got := plan.Admitted(views.New(t, test.world...).Live); got != test.want {
				t.Errorf("admitted: %v", got)
			}
		})
	}
}

func TestMigrated(t *testing.T) {
	release := &v1alpha1.Release{}
	release.Spec.Images.Backend, release.Spec.Commands.Migrate = views.BackendImage, []string{"eval", "migrate()"}
	digest := plan.RunDigest(views.BackendImage, []string{"eval", "migrate()"})
	run := func(kind ledger.RunKind, digest string, state ledger.RunState) []ledger.Run {
		return []ledger.Run{{Kind: kind, Digest: digest, State: state}}
	}
	for sentence, test := range map[string]struct {
		runs []ledger.Run
		want bool
	}{
		"nothing ran":             {nil, false},
		"it succeeded":            {run(ledger.RunMigration, digest, ledger.RunSucceeded), true},
		"it runs":                 {run(ledger.RunMigration, digest, ledger.RunStarted), false},
		"it failed":               {run(ledger.RunMigration, digest, ledger.RunFailed), false},
		"a second try succeeded":  {append(run(ledger.RunMigration, digest, ledger.RunFailed), run(ledger.RunMigration, digest+".1a2b3c4d", ledger.RunSucceeded)...), true},
		"another's succeeded":     {run(ledger.RunMigration, digest[:31]+"x", ledger.RunSucceeded), false},
		"another kind succeeded":  {run(ledger.RunBootstrap, digest, ledger.RunSucceeded), false},
		"one that begins like it": {run(ledger.RunMigration, digest+"0", ledger.RunSucceeded), false},
	} {
		t.Run(sentence, func(t *testing.T) {
			if got := plan.Migrated(&ledger.Tenant{Runs: test.runs}, release); got != test.want {
				t.Errorf("migrated: %v", got)
			}
		})
	}
}

// The same command of the same image is one digest, whatever Release names it; anything
// else is another.
func TestRunDigest(t *testing.T) {
	base := plan.RunDigest("image", []string{"eval", "a b"})
	if base != plan.RunDigest("image", []string{"eval", "a b"}) || len(base) != 32 {
		t.Errorf("digest %s", base)
	}
	for sentence, other := range map[string]string{
		"another image":           plan.RunDigest("image2", []string{"eval", "a b"}),
		"another command":         plan.RunDigest("image", []string{"eval", "a c"}),
		"other arguments":         plan.RunDigest("image", []string{"eval", "a", "b"}),
		"arguments run together":  plan.RunDigest("image", []string{"evala b"}),
		"the image an argument":   plan.RunDigest("", []string{"image", "eval", "a b"}),
		"no command at all":       plan.RunDigest("image", nil),
		"one argument more":       plan.RunDigest("image", []string{"eval", "a b", ""}),
		"arguments in turn":       plan.RunDigest("image", []string{"a b", "eval"}),
		"the image and argument,": plan.RunDigest("imageeval", []string{"a b"}),
	} {
		if other == base {
			t.Errorf("%s has the same digest", sentence)
		}
	}
}

func TestIsAttemptOf(t *testing.T) {
	for sentence, test := range map[string]struct {
		run  string
		want bool
	}{
		"the first try":       {"abc", true},
		"a later try":         {"abc.12345678", true},
		"of another":          {"abd", false},
		"of a longer digest":  {"abcd", false},
		"of a longer, later":  {"abcd.12345678", false},
		"of a shorter digest": {"ab", false},
		"nothing":             {"", false},
	} {
		t.Run(sentence, func(t *testing.T) {
			if got := plan.IsAttemptOf(test.run, "abc"); got != test.want {
				t.Errorf("%s is an attempt of abc: %v", test.run, got)
			}
		})
	}
}
