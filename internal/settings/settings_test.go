package settings

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

type (
	orgSpec     = v1alpha1.OrganisationSpec
	profileSpec = v1alpha1.OrganisationProfileSpec
)

// organisation is the smallest valid one, changed.
func organisation(changes ...func(*orgSpec)) *v1alpha1.Organisation {
	org := &v1alpha1.Organisation{
		ObjectMeta: metav1.ObjectMeta{Name: "asha", UID: "2f6c0a4e-7a52-4b0e-9a4d-0d3a6a1d2f11"},
		Spec:       orgSpec{Profile: "standard"},
	}
	for _, change := range changes {
		change(&org.Spec)
	}
	return org
}

// profile is one under whose domain Organisations are served, changed.
func profile(changes ...func(*profileSpec)) *v1alpha1.OrganisationProfile {
	p := &v1alpha1.OrganisationProfile{
		ObjectMeta: metav1.ObjectMeta{Name: "standard"},
		Spec:       profileSpec{BaseDomain: "ngo.example.org"},
	}
	for _, change := range changes {
		change(&p.Spec)
	}
	return p
}

func resolve(t *testing.T, org *v1alpha1.Organisation, p *v1alpha1.OrganisationProfile) Settings {
	t.Helper()
	set, err := Resolve(org, p)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func requests(cpu string) *v1alpha1.Resources {
	return &v1alpha1.Resources{Requests: corev1.ResourceList{corev1.ResourceCPU: resource.MustParse(cpu)}}
}

func selecting(tier string) *metav1.LabelSelector {
	return &metav1.LabelSelector{MatchLabels: map[string]string{"tier": tier}}
}

// What was declared, and which setting and which layer came of it.
func TestEverySettingComesFromTheLastLayerThatSaysIt(t *testing.T) {
	type own = func(*orgSpec)
	type shared = func(*profileSpec)
	tiny := func(p *profileSpec) {
		p.Size, p.Sizes = "tiny", []v1alpha1.Size{
			{Name: "tiny", Resources: *requests("100m"), ConnectionLimit: 12, Schedulers: new(int32(2))},
			{Name: "huge", Resources: *requests("8"), ConnectionLimit: 400},
		}
	}
	tests := map[string]struct {
		own       own
		shared    shared
		get       func(Settings) any
		want      any
		layerOf   string
		wantLayer Layer
	}{
		"host: below the profile's domain": {nil, nil, host, "asha.ngo.example.org", "hostname", LayerProfile},
		"host: the Organisation's own wins": {func(o *orgSpec) { o.Hostname = "asha.org" }, nil, host,
			"asha.org", "hostname", LayerOrganisation},
		"host: in lower case, as names of hosts are compared": {func(o *orgSpec) { o.Hostname = "Asha.ORG" }, nil, host,
			"asha.org", "hostname", LayerOrganisation},
		"aliases: in lower case too": {func(o *orgSpec) { o.Aliases = []string{"WWW.Asha.org"} }, nil,
			func(s Settings) any { return s.Aliases }, []string{"www.asha.org"}, "", ""},

		"release: nobody names one": {nil, nil, release, "", "release", ""},
		"release: the profile's": {nil, func(p *profileSpec) { p.Release = &v1alpha1.ReleaseReference{Name: "r1"} }, release,
			"r1", "release", LayerProfile},
		"release: a pin wins": {func(o *orgSpec) { o.Release = &v1alpha1.OrganisationRelease{Name: "r2"} },
			func(p *profileSpec) { p.Release = &v1alpha1.ReleaseReference{Name: "r1"} }, release, "r2", "release", LayerOrganisation},

		"release: a channel is the Organisation's own choice": {func(o *orgSpec) { o.Release = &v1alpha1.OrganisationRelease{Channel: "early"} },
			func(p *profileSpec) { p.Release = &v1alpha1.ReleaseReference{Channel: "stable"} }, channel, "early", "release", LayerOrganisation},
		"release: a pin leaves the profile's channel": {func(o *orgSpec) { o.Release = &v1alpha1.OrganisationRelease{Name: "r2"} },
			func(p *profileSpec) { p.Release = &v1alpha1.ReleaseReference{Channel: "stable"} }, channel, "", "release", LayerOrganisation},
		"release: to skip is not to leave the profile's channel": {func(o *orgSpec) { o.Release = &v1alpha1.OrganisationRelease{SkipUntil: &metav1.Time{}} },
			func(p *profileSpec) { p.Release = &v1alpha1.ReleaseReference{Channel: "stable"} }, channel, "stable", "release", LayerProfile},

		"size: small without a word":           {nil, nil, cpu, "250m", "size", LayerDefault},
		"size: the profile's":                  {nil, tiny, cpu, "100m", "size", LayerProfile},
		"size: the Organisation's wins":        {func(o *orgSpec) { o.Size = "huge" }, tiny, cpu, "8", "size", LayerOrganisation},
		"size: single resources win over it":   {func(o *orgSpec) { o.Messaging = &v1alpha1.MessagingSpec{Resources: requests("3")} }, tiny, cpu, "3", "resources", LayerOrganisation},
		"size: schedulers come with it":        {nil, tiny, func(s Settings) any { return s.Schedulers }, int32(2), "", ""},
		"size: without schedulers, all cores":  {nil, nil, func(s Settings) any { return s.Schedulers }, int32(0), "", ""},
		"connections: those of the size":       {nil, tiny, connections, int32(12), "connectionLimit", ""},
		"connections: a size may not say them": {nil, func(p *profileSpec) { p.Sizes = []v1alpha1.Size{{Name: "small"}} }, connections, int32(20), "connectionLimit", ""},
		"connections: the Organisation's win":  {func(o *orgSpec) { o.Database = &v1alpha1.DatabaseSpec{ConnectionLimit: 33} }, tiny, connections, int32(33), "connectionLimit", LayerOrganisation},

		"replicas: one without a word": {nil, nil, replicas, int32(1), "replicas", ""},
		"replicas: one, though other settings are given": {func(o *orgSpec) { o.Messaging = &v1alpha1.MessagingSpec{Disruption: v1alpha1.DisruptionBrief} }, nil,
			replicas, int32(1), "replicas", ""},
		"replicas: the Organisation's": {func(o *orgSpec) { o.Messaging = &v1alpha1.MessagingSpec{Replicas: 3} }, nil,
			replicas, int32(3), "replicas", LayerOrganisation},
		"disruption: none without a word": {nil, nil, func(s Settings) any { return s.Disruption }, v1alpha1.DisruptionNone, "", ""},
		"disruption: the Organisation's": {func(o *orgSpec) { o.Messaging = &v1alpha1.MessagingSpec{Disruption: v1alpha1.DisruptionBrief} }, nil,
			func(s Settings) any { return s.Disruption }, v1alpha1.DisruptionBrief, "", ""},

		"power: running without a word": {nil, nil, func(s Settings) any { return s.Power }, v1alpha1.PowerRunning, "", ""},
		"power: the Organisation's": {func(o *orgSpec) { o.Power = v1alpha1.PowerSuspended }, nil,
			func(s Settings) any { return s.Power }, v1alpha1.PowerSuspended, "", ""},

		"server: any without a word": {nil, nil, matches("gold", ""), []bool{true, true}, "", ""},
		"server: the profile's": {nil, func(p *profileSpec) {
			p.Database = &v1alpha1.ProfileDatabase{ServerSelector: selecting("gold")}
		}, matches("gold", "shared"), []bool{true, false}, "", ""},
		"server: the Organisation's wins": {func(o *orgSpec) { o.Database = &v1alpha1.DatabaseSpec{ServerSelector: selecting("shared")} },
			func(p *profileSpec) { p.Database = &v1alpha1.ProfileDatabase{ServerSelector: selecting("gold")} },
			matches("gold", "shared"), []bool{false, true}, "", ""},
		"server: a connection limit alone does not lift the profile's": {func(o *orgSpec) { o.Database = &v1alpha1.DatabaseSpec{ConnectionLimit: 40} },
			func(p *profileSpec) { p.Database = &v1alpha1.ProfileDatabase{ServerSelector: selecting("gold")} },
			matches("gold", "shared"), []bool{true, false}, "", ""},

		"routing: nothing routes without a word": {nil, nil, func(s Settings) any { return s.Routing.Type }, v1alpha1.RoutingNone, "", ""},
		"routing: the profile's": {nil, func(p *profileSpec) { p.Routing = &v1alpha1.RoutingSpec{Type: v1alpha1.RoutingIngress} },
			func(s Settings) any { return s.Routing.Type }, v1alpha1.RoutingIngress, "", ""},
		"network: the profile's": {nil, func(p *profileSpec) { p.Network = &v1alpha1.NetworkSpec{Egress: []v1alpha1.EgressAllowance{{}}} },
			func(s Settings) any { return len(s.Network.Egress) }, 1, "", ""},
		"labels: the profile's": {nil, func(p *profileSpec) { p.Labels = map[string]string{"cost-centre": "ngo"} },
			func(s Settings) any { return s.Labels }, map[string]string{"cost-centre": "ngo"}, "", ""},
		"certificate: the Organisation's own": {func(o *orgSpec) {
			o.TLS = &v1alpha1.OrganisationTLS{SecretRef: v1alpha1.SecretReference{Name: "asha-tls"}}
		}, nil, func(s Settings) any { return s.TLSSecret }, "asha-tls", "", ""},
		"pull secrets: the profile's, in order": {nil, func(p *profileSpec) { p.ImagePullSecrets = []v1alpha1.SecretReference{{Name: "b"}, {Name: "a"}} },
			func(s Settings) any { return s.PullSecrets }, []string{"b", "a"}, "", ""},
		"shared Secrets: the profile's, in order": {nil, func(p *profileSpec) { p.EnvFrom = sources("b", "a") },
			func(s Settings) any { return s.ProfileSecrets }, []string{"b", "a"}, "", ""},
		"own Secrets: the Organisation's, in order": {func(o *orgSpec) { o.Messaging = &v1alpha1.MessagingSpec{EnvFrom: sources("d", "c")} }, nil,
			func(s Settings) any { return s.OwnSecrets }, []string{"d", "c"}, "", ""},
	}
	for sentence, test := range tests {
		t.Run(sentence, func(t *testing.T) {
			org, p := organisation(), profile()
			if test.own != nil {
				test.own(&org.Spec)
			}
			if test.shared != nil {
				test.shared(&p.Spec)
			}
			set := resolve(t, org, p)
			if diff := cmp.Diff(test.want, test.get(set)); diff != "" {
				t.Error(diff)
			}
			if test.layerOf != "" && set.From[test.layerOf] != test.wantLayer {
				t.Errorf("%s is said to come from %q, want %q", test.layerOf, set.From[test.layerOf], test.wantLayer)
			}
		})
	}
}

func host(s Settings) any    { return s.Host }
func channel(s Settings) any { return s.Channel }

func release(s Settings) any     { return s.Release }
func replicas(s Settings) any    { return s.Replicas }
func connections(s Settings) any { return s.ConnectionLimit }
func cpu(s Settings) any         { return s.Resources.Requests.Cpu().String() }

// matches says which of some servers, by the label tier, the selector takes.
func matches(tiers ...string) func(Settings) any {
	return func(s Settings) any {
		var taken []bool
		for _, tier := range tiers {
			taken = append(taken, s.ServerSelector.Matches(labels.Set{"tier": tier}))
		}
		return taken
	}
}

func sources(secrets ...string) []v1alpha1.EnvSource {
	var all []v1alpha1.EnvSource
	for _, name := range secrets {
		all = append(all, v1alpha1.EnvSource{SecretRef: v1alpha1.SecretReference{Name: name}})
	}
	return all
}

func TestWhatCannotBeCombinedNamesTheField(t *testing.T) {
	tests := map[string]struct {
		org     *v1alpha1.Organisation
		profile *v1alpha1.OrganisationProfile
		want    []string
	}{
		"a size that nobody offers": {
			organisation(func(o *orgSpec) { o.Size = "gigantic" }), profile(func(p *profileSpec) { p.Sizes = []v1alpha1.Size{{Name: "tiny"}} }),
			[]string{"spec.size", `"gigantic"`, `"standard"`, "small, medium, large, tiny"},
		},
		"a selector that is none": {
			organisation(func(o *orgSpec) {
				o.Database = &v1alpha1.DatabaseSpec{ServerSelector: &metav1.LabelSelector{
					MatchExpressions: []metav1.LabelSelectorRequirement{{Key: "tier", Operator: "Near"}},
				}}
			}), profile(), []string{"spec.database.serverSelector", "Near"},
		},
		"no host and no domain":           {organisation(), profile(func(p *profileSpec) { p.BaseDomain = "" }), []string{"spec.hostname", "baseDomain", `"standard"`}},
		"the host as its own alias":       {organisation(func(o *orgSpec) { o.Aliases = []string{"asha.ngo.example.org"} }), profile(), []string{"spec.aliases", `"asha.ngo.example.org"`, "remove"}},
		"the host as its alias, in upper": {organisation(func(o *orgSpec) { o.Aliases = []string{"ASHA.ngo.example.org"} }), profile(), []string{"spec.aliases", `"asha.ngo.example.org"`, "remove"}},
		"the platform's own domain":       {organisation(func(o *orgSpec) { o.Hostname = "ngo.example.org" }), profile(), []string{"spec.hostname", `"ngo.example.org"`, "platform"}},
		"the platform's own as an alias":  {organisation(func(o *orgSpec) { o.Aliases = []string{"ngo.example.org"} }), profile(), []string{"spec.aliases", `"ngo.example.org"`, "platform"}},
	}
	for sentence, test := range tests {
		t.Run(sentence, func(t *testing.T) {
			_, err := Resolve(test.org, test.profile)
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is missing in: %v", want, err)
				}
			}
		})
	}
}

func TestASubdomainOfThePlatformIsNotThePlatform(t *testing.T) {
	for _, hostname := range []string{"a.ngo.example.org", "xngo.example.org", "example.org"} {
		if _, err := Resolve(organisation(func(o *orgSpec) { o.Hostname = hostname }), profile()); err != nil {
			t.Errorf("%s: %v", hostname, err)
		}
	}
}

// Deleting must work whatever is broken: namespace, identity and what becomes of the
// data are known although profile, size and host are not.
func TestWhatIsNeededToTearDownIsAlwaysKnown(t *testing.T) {
	broken := func(o *orgSpec) {
		o.Size = "gigantic"
		o.Deletion = &v1alpha1.DeletionSpec{Policy: v1alpha1.DeletionPurge, Confirm: "asha", GracePeriod: &metav1.Duration{Duration: time.Hour}}
	}
	set, err := Resolve(organisation(broken), nil)
	if err == nil {
		t.Error("nothing is broken, so this test could not fail")
	}
	type needed struct {
		Organisation, Identity, Namespace string
		Deletion                          v1alpha1.DeletionPolicy
		Grace                             time.Duration
	}
	want := needed{"asha", "2f6c0a4e-7a52-4b0e-9a4d-0d3a6a1d2f11", "org-asha", v1alpha1.DeletionPurge, time.Hour}
	if diff := cmp.Diff(want, needed{set.Organisation, set.Identity, set.Namespace, set.Deletion, set.GracePeriod}); diff != "" {
		t.Error(diff)
	}
}

func TestDataIsKeptUnlessSomebodySaysOtherwise(t *testing.T) {
	type answer struct {
		Policy v1alpha1.DeletionPolicy
		Grace  time.Duration
	}
	hour := metav1.Duration{Duration: time.Hour}
	for sentence, test := range map[string]struct {
		spec *v1alpha1.DeletionSpec
		want answer
	}{
		"without a word":         {nil, answer{v1alpha1.DeletionRetain, 168 * time.Hour}},
		"retain":                 {&v1alpha1.DeletionSpec{Policy: v1alpha1.DeletionRetain}, answer{v1alpha1.DeletionRetain, 168 * time.Hour}},
		"purge, in a week":       {&v1alpha1.DeletionSpec{Policy: v1alpha1.DeletionPurge, Confirm: "asha"}, answer{v1alpha1.DeletionPurge, 168 * time.Hour}},
		"purge, after some time": {&v1alpha1.DeletionSpec{Policy: v1alpha1.DeletionPurge, Confirm: "asha", GracePeriod: &hour}, answer{v1alpha1.DeletionPurge, time.Hour}},
	} {
		t.Run(sentence, func(t *testing.T) {
			set := resolve(t, organisation(func(o *orgSpec) { o.Deletion = test.spec }), profile())
			if diff := cmp.Diff(test.want, answer{set.Deletion, set.GracePeriod}); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestIdentityIsTheAdoptedOneOrTheObjectsOwn(t *testing.T) {
	const uid, adopted, fleet = "2f6c0a4e-7a52-4b0e-9a4d-0d3a6a1d2f11", "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"
	annotated := func(o *v1alpha1.Organisation) *v1alpha1.Organisation {
		o.Annotations = map[string]string{v1alpha1.AnnotationAdopted: fleet}
		return o
	}
	for sentence, test := range map[string]struct {
		org  *v1alpha1.Organisation
		want string
	}{
		"its own":                       {organisation(), uid},
		"fresh is its own":              {organisation(func(o *orgSpec) { o.Adopt = &v1alpha1.AdoptSpec{Fresh: new(true)} }), uid},
		"adopted by name":               {organisation(func(o *orgSpec) { o.Adopt = &v1alpha1.AdoptSpec{UID: adopted} }), adopted},
		"adopted with the fleet":        {annotated(organisation()), fleet},
		"adopted by name wins over all": {annotated(organisation(func(o *orgSpec) { o.Adopt = &v1alpha1.AdoptSpec{UID: adopted} })), adopted},
	} {
		t.Run(sentence, func(t *testing.T) {
			if got := resolve(t, test.org, profile()).Identity; got != test.want {
				t.Errorf("identity %s, want %s", got, test.want)
			}
		})
	}
}

func TestHostsAreClaimedOnceEach(t *testing.T) {
	aliases := func(hosts ...string) *v1alpha1.Organisation {
		return organisation(func(o *orgSpec) { o.Aliases = hosts })
	}
	for sentence, test := range map[string]struct {
		org  *v1alpha1.Organisation
		api  v1alpha1.APIHost
		want []string
	}{
		"the host":                   {organisation(), v1alpha1.APIHostAbsent, []string{"asha.ngo.example.org"}},
		"nothing said of an API":     {organisation(), "", []string{"asha.ngo.example.org"}},
		"and its aliases":            {aliases("asha.org", "www.asha.org"), v1alpha1.APIHostAbsent, []string{"asha.ngo.example.org", "asha.org", "www.asha.org"}},
		"and the API's":              {aliases("asha.org"), v1alpha1.APIHostServed, []string{"asha.ngo.example.org", "asha.org", "api.asha.ngo.example.org"}},
		"the API's is an alias, too": {aliases("api.asha.ngo.example.org"), v1alpha1.APIHostServed, []string{"asha.ngo.example.org", "api.asha.ngo.example.org"}},
	} {
		t.Run(sentence, func(t *testing.T) {
			if diff := cmp.Diff(test.want, resolve(t, test.org, profile()).Hosts(test.api)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestHostsDoNotWriteIntoTheSpec(t *testing.T) {
	aliases := make([]string, 1, 8)
	aliases[0] = "asha.org"
	set := resolve(t, organisation(func(o *orgSpec) { o.Aliases = aliases }), profile())
	set.Hosts(v1alpha1.APIHostServed)
	if diff := cmp.Diff([]string{"asha.org", ""}, aliases[:2]); diff != "" {
		t.Error(diff)
	}
}

func TestAnOwnGrantReplacesTheProfilesForTheSameSubject(t *testing.T) {
	grant := func(kind v1alpha1.SubjectKind, name string, role v1alpha1.AccessRole) v1alpha1.AccessGrant {
		return v1alpha1.AccessGrant{Kind: kind, Name: name, Role: role}
	}
	platform := grant(v1alpha1.SubjectGroup, "platform", v1alpha1.RoleEngineer)
	for sentence, test := range map[string]struct{ shared, own, want []v1alpha1.AccessGrant }{
		"nobody":                       {nil, nil, nil},
		"the profile's":                {[]v1alpha1.AccessGrant{platform}, nil, []v1alpha1.AccessGrant{platform}},
		"its own":                      {nil, []v1alpha1.AccessGrant{platform}, []v1alpha1.AccessGrant{platform}},
		"both":                         {[]v1alpha1.AccessGrant{platform}, []v1alpha1.AccessGrant{grant(v1alpha1.SubjectUser, "meera", v1alpha1.RoleViewer)}, []v1alpha1.AccessGrant{grant(v1alpha1.SubjectUser, "meera", v1alpha1.RoleViewer), platform}},
		"the same subject, less":       {[]v1alpha1.AccessGrant{platform}, []v1alpha1.AccessGrant{grant(v1alpha1.SubjectGroup, "platform", v1alpha1.RoleViewer)}, []v1alpha1.AccessGrant{grant(v1alpha1.SubjectGroup, "platform", v1alpha1.RoleViewer)}},
		"a user named like the group":  {[]v1alpha1.AccessGrant{platform}, []v1alpha1.AccessGrant{grant(v1alpha1.SubjectUser, "platform", v1alpha1.RoleViewer)}, []v1alpha1.AccessGrant{grant(v1alpha1.SubjectUser, "platform", v1alpha1.RoleViewer), platform}},
		"the same subject and no more": {[]v1alpha1.AccessGrant{platform}, []v1alpha1.AccessGrant{platform}, []v1alpha1.AccessGrant{platform}},
	} {
		t.Run(sentence, func(t *testing.T) {
			set := resolve(t, organisation(func(o *orgSpec) { o.Access = test.own }), profile(func(p *profileSpec) { p.Access = test.shared }))
			if diff := cmp.Diff(test.want, set.Access); diff != "" {
				t.Error(diff)
			}
		})
	}
}
