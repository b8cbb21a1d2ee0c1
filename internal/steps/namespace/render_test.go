package namespace

import (
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/snapshot"
	"github.com/glific/organisation-operator/internal/step"
	"github.com/glific/organisation-operator/internal/testkit/golden"
	"github.com/glific/organisation-operator/internal/testkit/views"
)

func newStep() *Step {
	return &Step{Operator: types.NamespacedName{Namespace: views.OperatorNamespace, Name: "organisation-operator"}}
}

func profile(change func(*v1alpha1.OrganisationProfileSpec)) views.Option {
	return views.ProfileSpec(change)
}

func TestRender(t *testing.T) {
	for name, options := range map[string][]views.Option{
		"nothing-declared": nil,
		"access": {
			profile(func(p *v1alpha1.OrganisationProfileSpec) {
				p.Access = []v1alpha1.AccessGrant{{Kind: v1alpha1.SubjectGroup, Name: "platform", Role: v1alpha1.RoleEngineer}}
			}),
			views.Spec(func(s *v1alpha1.OrganisationSpec) {
				s.Access = []v1alpha1.AccessGrant{
					{Kind: v1alpha1.SubjectGroup, Name: "asha-support", Role: v1alpha1.RoleSupport},
					{Kind: v1alpha1.SubjectUser, Name: "Meera@Pratham.example.org", Role: v1alpha1.RoleViewer},
				}
			}),
		},
		"network-declared": {
			profile(func(p *v1alpha1.OrganisationProfileSpec) {
				p.Routing = &v1alpha1.RoutingSpec{
					Type:    v1alpha1.RoutingGateway,
					Gateway: &v1alpha1.GatewayRouting{Name: "public", GatewayNamespace: "gateways"},
					From: []v1alpha1.NetworkPeer{
						{Namespaces: []string{"gateways"}, PodLabels: map[string]string{"app": "envoy"}},
						{CIDRs: []string{"203.0.113.0/24"}},
					},
				}
				p.Network = &v1alpha1.NetworkSpec{
					DNS: &v1alpha1.DNSAllowance{To: []v1alpha1.NetworkPeer{{CIDRs: []string{"169.254.20.10/32"}}}},
					Egress: []v1alpha1.EgressAllowance{
						{CIDRs: []string{"0.0.0.0/0", "198.51.100.7/24"}, Except: []string{"198.51.100.128/25"}, Ports: []int32{443, 8443}},
					},
				}
			}),
			views.ReleaseSpec(func(r *v1alpha1.ReleaseSpec) {
				r.Distribution = v1alpha1.DistributionSpec{MinPort: 9200, MaxPort: 9210}
			}),
			func(w *views.World) {
				w.Server.Spec.Network = &v1alpha1.DatabaseNetwork{CIDRs: []string{"10.20.0.7/32"}}
				w.Server.Spec.PostgreSQL.Port = 6432
			},
		},
		"gateway-without-from-and-a-server-at-an-address": {
			profile(func(p *v1alpha1.OrganisationProfileSpec) {
				p.Routing = &v1alpha1.RoutingSpec{
					Type:    v1alpha1.RoutingGateway,
					Gateway: &v1alpha1.GatewayRouting{Name: "public", GatewayNamespace: "gateways"},
				}
			}),
			views.PostgreSQL(func(pg *v1alpha1.PostgreSQLServer) { pg.Host, pg.Port = "2001:db8::7", 0 }),
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, v := newStep(), views.New(t, options...)
			objects := []any{s.operatorAccess(v)}
			for _, object := range views.Render(t, v, s) {
				objects = append(objects, object)
			}
			golden.AssertYAML(t, "testdata/"+name+".yaml", objects...)
		})
	}
}

func TestWhatCannotBeFoundCutsNobodyOff(t *testing.T) {
	custom := views.ReleaseSpec(func(r *v1alpha1.ReleaseSpec) { r.Distribution.MinPort, r.Distribution.MaxPort = 9200, 9210 })
	before := views.New(t, custom)
	views.Apply(t, before, newStep())
	want := policySpecs(t, before)

	after := views.New(t, views.WithoutRelease(), func(w *views.World) { w.Server = nil }, views.After(before, "namespace"))
	got := policySpecs(t, after)
	for _, name := range []string{allowDistribution, allowDatabase} {
		if got[name] == "" || got[name] != want[name] {
			t.Errorf("%s is now\n%s\nbut was\n%s", name, got[name], want[name])
		}
	}
	unknown := policySpecs(t, views.New(t, views.WithoutRelease(), func(w *views.World) { w.Server = nil }))
	for _, name := range []string{allowDistribution, allowDatabase} {
		if unknown[name] != "" {
			t.Errorf("%s was made up from nothing:\n%s", name, unknown[name])
		}
	}
}

func policySpecs(t *testing.T, v step.View) map[string]string {
	t.Helper()
	specs := map[string]string{}
	for _, p := range rendered(t, v) {
		text, err := golden.YAML(p.Spec)
		if err != nil {
			t.Fatal(err)
		}
		specs[p.Name] = text
	}
	return specs
}

func TestNamesOfRoleBindings(t *testing.T) {
	long := "a-group-whose-name-goes-on-and-on-and-on-until-nobody-reads-it"
	seen := map[string]bool{}
	for _, test := range []struct {
		grant v1alpha1.AccessGrant
		want  string
	}{
		{v1alpha1.AccessGrant{Kind: "Group", Name: "asha-support", Role: "Support"}, "support-asha-support-"},
		{v1alpha1.AccessGrant{Kind: "User", Name: "asha-support", Role: "Support"}, "support-asha-support-"},
		{v1alpha1.AccessGrant{Kind: "Group", Name: "asha-support", Role: "Viewer"}, "viewer-asha-support-"},
		{v1alpha1.AccessGrant{Kind: "User", Name: "Meera@x.org", Role: "Engineer"}, "engineer-meera-x-org-"},
		{v1alpha1.AccessGrant{Kind: "User", Name: "आशा", Role: "Viewer"}, "viewer--"},
		{v1alpha1.AccessGrant{Kind: "Group", Name: long, Role: "Viewer"}, "viewer-a-group-whose-name-goes-on-and-on-and-on-"},
	} {
		got := grantName(test.grant)
		if len(got) != len(test.want)+8 || got[:len(test.want)] != test.want {
			t.Errorf("%+v is named %s, want %s<digest>", test.grant, got, test.want)
		}
		if seen[got] {
			t.Errorf("%s names two grants", got)
		}
		seen[got] = true
	}
}

// running is a Deployment of the back end with one container of this memory.
func running(request, limit string, replicas int32, status appsv1.DeploymentStatus) views.Option {
	container := corev1.Container{Name: "app", Resources: corev1.ResourceRequirements{
		Requests: corev1.ResourceList{corev1.ResourceCPU: resource.MustParse("100m"), corev1.ResourceMemory: resource.MustParse(request)},
	}}
	if limit != "" {
		container.Resources.Limits = corev1.ResourceList{corev1.ResourceMemory: resource.MustParse(limit)}
	}
	return views.With(&appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Name: names.Backend, Namespace: "org-asha", Generation: 2},
		Spec: appsv1.DeploymentSpec{Replicas: &replicas, Template: corev1.PodTemplateSpec{
			Spec: corev1.PodSpec{Containers: []corev1.Container{container}},
		}},
		Status: status,
	})
}

func TestQuota(t *testing.T) {
	settled := appsv1.DeploymentStatus{ObservedGeneration: 2, Replicas: 1, UpdatedReplicas: 1}
	updating := appsv1.DeploymentStatus{ObservedGeneration: 2, Replicas: 2, UpdatedReplicas: 1}
	leaving := appsv1.DeploymentStatus{ObservedGeneration: 2, Replicas: 1, UpdatedReplicas: 1, TerminatingReplicas: new(int32(1))}
	unseen := appsv1.DeploymentStatus{ObservedGeneration: 1, Replicas: 1, UpdatedReplicas: 1}
	large := views.With(&corev1.ResourceQuota{
		ObjectMeta: metav1.ObjectMeta{Name: quotaName, Namespace: "org-asha"},
		Spec:       corev1.ResourceQuotaSpec{Hard: corev1.ResourceList{corev1.ResourceLimitsMemory: resource.MustParse("32Gi")}},
	})
	resources := func(r v1alpha1.Resources) views.Option {
		return views.Messaging(func(m *v1alpha1.MessagingSpec) { m.Resources = &r })
	}
	for sentence, test := range map[string]struct {
		options                []views.Option
		pods, memory, standard string
	}{
		"one replica: itself, its successor, one that ends, front end and tasks": {nil, "8", "8Gi", "1Gi"},
		"each further replica may have one that ends":                            {[]views.Option{views.Replicas(2)}, "12", "12Gi", "1Gi"},
		"replicas that still run count although fewer are declared":              {[]views.Option{running("512Mi", "1Gi", 4, settled)}, "16", "16Gi", "1Gi"},
		"pods keep room for the size that they were started with":                {[]views.Option{running("2Gi", "4Gi", 1, settled)}, "8", "32Gi", "4Gi"},
		"an old size without a limit stays possible":                             {[]views.Option{running("2Gi", "", 1, settled)}, "8", "16Gi", "2Gi"},
		"a smaller size waits until the larger pods are gone":                    {[]views.Option{large, running("512Mi", "1Gi", 1, updating)}, "8", "32Gi", "1Gi"},
		"pods that shut down count":                                              {[]views.Option{large, running("512Mi", "1Gi", 1, leaving)}, "8", "32Gi", "1Gi"},
		"a Deployment that was not seen yet counts as updating":                  {[]views.Option{large, running("512Mi", "1Gi", 1, unseen)}, "8", "32Gi", "1Gi"},
		"then the quota shrinks":                                                 {[]views.Option{large, running("512Mi", "1Gi", 1, settled)}, "8", "8Gi", "1Gi"},
		"without a memory limit memory is not limited": {[]views.Option{resources(v1alpha1.Resources{
			Requests: corev1.ResourceList{corev1.ResourceMemory: resource.MustParse("1Gi")},
		})}, "8", "", ""},
	} {
		t.Run(sentence, func(t *testing.T) {
			v := views.New(t, test.options...)
			views.Apply(t, v, newStep())
			hard := snapshot.Find[*corev1.ResourceQuota](v.Live, "ResourceQuota", "org-asha", quotaName).Spec.Hard
			defaults := snapshot.Find[*corev1.LimitRange](v.Live, "LimitRange", "org-asha", limitsName).Spec.Limits[0].Default
			check := func(what string, list corev1.ResourceList, name corev1.ResourceName, want string) {
				q, ok := list[name]
				if ok != (want != "") || ok && q.Cmp(resource.MustParse(want)) != 0 {
					t.Errorf("%s is %s, want %q", what, q.String(), want)
				}
			}
			check("pods", hard, corev1.ResourcePods, test.pods)
			check("limits.memory", hard, corev1.ResourceLimitsMemory, test.memory)
			check("default limit", defaults, corev1.ResourceMemory, test.standard)
			check("load balancers", hard, corev1.ResourceServicesLoadBalancers, "0")
			check("node ports", hard, corev1.ResourceServicesNodePorts, "0")
		})
	}
}
