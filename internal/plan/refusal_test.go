package plan_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/plan"
	"github.com/glific/organisation-operator/internal/snapshot"
	"github.com/glific/organisation-operator/internal/testkit/views"
)

const (
	host    = "asha.ngo.example.org"
	another = "00000000-0000-4000-8000-000000000001"
)

type world = []views.Option

// server is what one server says before an Organisation is placed.
func server(name string, changes ...func(*snapshot.Survey)) snapshot.Survey {
	answer := snapshot.Survey{Server: &v1alpha1.DatabaseServer{ObjectMeta: metav1.ObjectMeta{Name: name}}, Matches: true, Capacity: ledger.Capacity{MaxConnections: 100, Reserved: 13}}
	meta.SetStatusCondition(&answer.Server.Status.Conditions, metav1.Condition{Type: v1alpha1.Ready, Status: metav1.ConditionTrue})
	for _, change := range changes {
		change(&answer)
	}
	return answer
}

func unready(s *snapshot.Survey)    { s.Server.Status.Conditions = nil }
func mismatched(s *snapshot.Survey) { s.Matches = false }
func cordoned(s *snapshot.Survey)   { s.Server.Spec.Scheduling = v1alpha1.SchedulingCordoned }
func silent(s *snapshot.Survey)     { s.Err = errors.New("connection refused") }
func full(s *snapshot.Survey)       { s.Capacity.Granted = 70 } // 17 are left: no limit of 20 and 3 for the operator
func adopting(s *snapshot.Survey)   { s.Adoption = true }
func ours(s *snapshot.Survey)       { s.Tenant = &ledger.Tenant{} }

func going(s *snapshot.Survey) { s.Server.DeletionTimestamp = new(metav1.NewTime(views.Now)) }

func tenants(n int32) func(*snapshot.Survey) {
	return func(s *snapshot.Survey) { s.Server.Status.Tenants = n }
}

// keeping is a server with retained data of an Organisation.
func keeping(organisation, identity string) func(*snapshot.Survey) {
	return func(s *snapshot.Survey) {
		s.Shadowed = append(s.Shadowed, ledger.Row{
			Identity: identity, Organisation: organisation, Database: organisation + "-12345678-1",
			State: ledger.Retained, CreatedAt: views.Now.AddDate(-1, 0, 0), RetiredAt: new(views.Now),
		})
	}
}

func adopt(uid string) views.Option {
	return views.Spec(func(s *v1alpha1.OrganisationSpec) { s.Adopt = &v1alpha1.AdoptSpec{UID: uid} })
}

func fresh() views.Option {
	return views.Spec(func(s *v1alpha1.OrganisationSpec) { s.Adopt = &v1alpha1.AdoptSpec{Fresh: new(true)} })
}

// labelled replaces the labels of the tenant's namespace.
func labelled(change func(*corev1.Namespace)) views.Option {
	return views.Snapshot(func(s *snapshot.Snapshot) { change(s.Namespace) })
}

// claim is somebody's lock on a host. The holder is "" for one without labels.
func claim(on, holder string) corev1.ConfigMap {
	c := corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: names.HostClaim(on)}, Data: map[string]string{plan.HostKey: on}}
	if holder != "" {
		c.Labels = map[string]string{v1alpha1.LabelOrganisation: holder, v1alpha1.LabelIdentity: another}
	}
	return c
}

// held lets somebody else hold a host that is the Organisation's own in other worlds.
func held(locks ...corev1.ConfigMap) views.Option {
	return views.Snapshot(func(s *snapshot.Snapshot) { s.Claims = locks })
}

func TestWhyNothingMayBeClaimed(t *testing.T) {
	const open, curable, unknown = 0, 1, 2
	tests := map[string]struct {
		world  world
		reason string
		kind   int
		says   []string
	}{
		"all is well":               {nil, "", open, nil},
		"nobody was asked to place": {world{views.Unplaced(server("a"))}, "", open, nil},

		"the profile is missing": {world{views.WithoutProfile()}, v1alpha1.ReasonProfileNotFound, curable,
			[]string{`OrganisationProfile "standard"`, "create it", "spec.profile"}},
		"the size is none": {world{views.Spec(func(s *v1alpha1.OrganisationSpec) { s.Size = "huge" })}, v1alpha1.ReasonInvalidSpec, open,
			[]string{"spec.size", `"huge"`}},

		"the namespace is nobody's": {world{labelled(func(n *corev1.Namespace) { n.Labels = nil })}, v1alpha1.ReasonNameConflict, curable,
			[]string{"Namespace org-asha", views.UID, "nothing was changed", "another name"}},
		"the namespace is another manager's":  {world{labelled(func(n *corev1.Namespace) { n.Labels[v1alpha1.LabelManagedBy] = "Helm" })}, v1alpha1.ReasonNameConflict, curable, nil},
		"the namespace is another identity's": {world{labelled(func(n *corev1.Namespace) { n.Labels[v1alpha1.LabelIdentity] = another })}, v1alpha1.ReasonNameConflict, curable, nil},
		"the predecessor's namespace goes": {world{labelled(func(n *corev1.Namespace) {
			n.Labels[v1alpha1.LabelIdentity], n.DeletionTimestamp = another, new(metav1.NewTime(views.Now))
		})}, v1alpha1.ReasonNamespaceTerminating, curable, []string{"Namespace org-asha", "earlier Organisation asha", "still being deleted"}},
		"a foreign namespace goes": {world{labelled(func(n *corev1.Namespace) {
			n.Labels, n.DeletionTimestamp = nil, new(metav1.NewTime(views.Now))
		})}, v1alpha1.ReasonNameConflict, curable, nil},
		"its own namespace goes": {world{labelled(func(n *corev1.Namespace) { n.DeletionTimestamp = new(metav1.NewTime(views.Now)) })}, "", open, nil},

		"another Organisation holds the host": {world{held(claim(host, "sneha"))}, v1alpha1.ReasonHostnameTaken, curable,
			[]string{"host " + host, "held by sneha", names.HostClaim(host), "spec.hostname", "spec.aliases"}},
		"somebody without labels holds it": {world{held(claim(host, ""))}, v1alpha1.ReasonHostnameTaken, curable, []string{"somebody unknown"}},
		"somebody holds it and does not say what": {world{held(func() corev1.ConfigMap {
			c := claim(host, "sneha")
			c.Data = nil
			return c
		}())}, v1alpha1.ReasonHostnameTaken, curable, []string{"host " + host}},
		"somebody holds it and says it is another": {world{held(func() corev1.ConfigMap {
			c := claim(host, "sneha")
			c.Data[plan.HostKey] = "harmless.example.org"
			return c
		}())}, v1alpha1.ReasonHostnameTaken, curable, []string{"host " + host}},
		"somebody says it is the host, with another lock": {world{views.Claimed(func() corev1.ConfigMap {
			c := claim("harmless.example.org", "sneha")
			c.Data[plan.HostKey] = host
			return c
		}())}, "", open, nil},
		"another holds an alias": {world{views.Spec(func(s *v1alpha1.OrganisationSpec) { s.Aliases = []string{"asha.org"} }),
			held(claim("asha.org", "sneha"))}, v1alpha1.ReasonHostnameTaken, curable, []string{"host asha.org"}},
		"another holds the host of the API": {world{views.ReleaseSpec(func(r *v1alpha1.ReleaseSpec) { r.HTTP.APIHost = v1alpha1.APIHostServed }),
			held(claim("api."+host, "sneha"))}, v1alpha1.ReasonHostnameTaken, curable, []string{"host api." + host}},
		"the API is not served, so its host is free": {world{views.Claimed(claim("api."+host, "sneha"))}, "", open, nil},
		"all that are taken are told": {world{views.Spec(func(s *v1alpha1.OrganisationSpec) { s.Aliases = []string{"asha.org"} }),
			held(claim("asha.org", "sneha"), claim(host, "meera"))}, v1alpha1.ReasonHostnameTaken, curable, []string{host + " is held by meera", "asha.org is held by sneha"}},

		"adopted data is on no server": {world{adopt(another), views.Unplaced(server("a"))}, v1alpha1.ReasonNothingToAdopt, open,
			[]string{"spec.adopt.uid", another, "adopt.fresh: true"}},
		"adopted data is gone from its server": {world{adopt(another), views.Unclaimed()}, v1alpha1.ReasonNothingToAdopt, open, nil},
		"adopted data is there":                {world{adopt(another), views.Unplaced(server("a", ours))}, "", open, nil},
		"adopted data may be on a server that is silent": {world{adopt(another), views.Unplaced(server("a"), server("b", silent))}, v1alpha1.ReasonServerUnreachable, unknown,
			[]string{"DatabaseServer b", "connection refused"}},
		"adopted data may be on a silent server of another tier": {world{adopt(another), views.Unplaced(server("a"), server("b", silent, mismatched))},
			v1alpha1.ReasonServerUnreachable, unknown, []string{"DatabaseServer b"}},
		"adopted data lies on a server that is silent now": {world{adopt(another), views.ServerUnreachable()}, "", open, nil},

		"data of the same name is kept": {world{views.Unplaced(server("a", keeping("asha", another)))}, v1alpha1.ReasonRetainedDataFound, open,
			[]string{"DatabaseServer a", "database asha-12345678-1", "retained since 2026-11-24", "Organisation asha", "spec.adopt.uid: " + another, "spec.adopt.fresh: true"}},
		"data of the same host is kept":                  {world{views.Unplaced(server("a", keeping("sneha", another)))}, v1alpha1.ReasonRetainedDataFound, open, []string{"Organisation sneha"}},
		"data is kept on a server that does not match":   {world{views.Unplaced(server("a"), server("b", mismatched, keeping("asha", another)))}, v1alpha1.ReasonRetainedDataFound, open, []string{"DatabaseServer b"}},
		"data is kept, and beginning empty is asked for": {world{fresh(), views.Unplaced(server("a", keeping("asha", another)))}, "", open, nil},
		"data is kept, and its server lets names adopt":  {world{views.Unplaced(server("a", adopting, keeping("asha", another)))}, "", open, nil},
		"another's data of the host is not a name's":     {world{views.Unplaced(server("a", adopting, keeping("sneha", another)))}, v1alpha1.ReasonRetainedDataFound, open, []string{"Organisation sneha"}},
		"another server lets names adopt":                {world{views.Unplaced(server("a", keeping("asha", another)), server("b", adopting))}, v1alpha1.ReasonRetainedDataFound, open, []string{"DatabaseServer a"}},
		"data is kept beside its own":                    {world{views.Unplaced(server("a", ours, keeping("asha", another)))}, "", open, nil},
		"a row that lives has no date of its retirement": {world{views.Unplaced(server("a", living))}, v1alpha1.ReasonRetainedDataFound, open, []string{"active since 2025-11-24"}},
		"a server that could have kept data is silent":   {world{views.Unplaced(server("a"), server("b", silent))}, v1alpha1.ReasonServerUnreachable, unknown, []string{"DatabaseServer b", "connection refused"}},
		"the only server is silent":                      {world{views.Unplaced(server("a", silent))}, v1alpha1.ReasonServerUnreachable, unknown, nil},
		"a server of another tier is silent":             {world{views.Unplaced(server("a"), server("b", silent, mismatched))}, v1alpha1.ReasonServerUnreachable, unknown, []string{"DatabaseServer b"}},
		"it is silent, and beginning empty is asked for": {world{fresh(), views.Unplaced(server("a"), server("b", silent, mismatched))}, "", open, nil},
		"one that matches is, and empty is asked for":    {world{fresh(), views.Unplaced(server("a"), server("b", silent))}, v1alpha1.ReasonServerUnreachable, unknown, nil},
		"the only server is going":                       {world{views.Unplaced(server("a", going))}, v1alpha1.ReasonNoServer, curable, nil},
		"a server that goes keeps data":                  {world{views.Unplaced(server("a"), server("b", going, keeping("asha", another)))}, v1alpha1.ReasonRetainedDataFound, open, []string{"DatabaseServer b"}},
		"a server is silent, its own data on another":    {world{views.Unplaced(server("a", ours), server("b", silent))}, "", open, nil},
		"its own server is silent once it was chosen":    {world{views.ServerUnreachable()}, "", open, nil},
		"no server at all":                               {world{views.Unplaced()}, v1alpha1.ReasonNoServer, curable, []string{"spec.database.serverSelector", "create one", "uncordon"}},
		"no server matches":                              {world{views.Unplaced(server("a", mismatched))}, v1alpha1.ReasonNoServer, curable, nil},
		"all that match are not Ready yet":               {world{views.Unplaced(server("a", unready))}, v1alpha1.ReasonNoServer, curable, []string{"Ready"}},
		"all that match are cordoned":                    {world{views.Unplaced(server("a", cordoned))}, v1alpha1.ReasonNoServer, curable, nil},
		"the only one that matches is full": {world{views.Unplaced(server("a", full), server("b", cordoned), server("c", mismatched))}, v1alpha1.ReasonConnectionBudgetExceeded, curable,
			[]string{"a (70 of 87 connections granted, 17 free)", "limit of 20 connections", "max_connections", "add a DatabaseServer", "spec.database.connectionLimit"}},
		"its own data is on a full server":                {world{views.Unplaced(server("a", full, ours))}, "", open, nil},
		"the chosen one has become full, like the rest":   {world{replacing(server("a", full))}, v1alpha1.ReasonConnectionBudgetExceeded, curable, nil},
		"its own data is on a server that is cordoned":    {world{views.Unplaced(server("a", cordoned, ours))}, "", open, nil},
		"its own data is on a server that does not match": {world{views.Unplaced(server("a", mismatched, ours))}, "", open, nil},
	}
	for sentence, test := range tests {
		t.Run(sentence, func(t *testing.T) {
			got := views.New(t, test.world...).Plan.Refusal
			if got == nil || test.reason == "" {
				if got != nil || test.reason != "" {
					t.Fatalf("got %+v, want %q", got, test.reason)
				}
				return
			}
			type verdict struct {
				Reason           string
				Curable, Unknown bool
			}
			want := verdict{test.reason, test.kind >= curable, test.kind == unknown}
			if diff := cmp.Diff(want, verdict{got.Reason, got.Curable, got.Unknown}); diff != "" {
				t.Error(diff)
			}
			for _, words := range test.says {
				if !strings.Contains(got.Message, words) {
					t.Errorf("%q is missing in: %s", words, got.Message)
				}
			}
		})
	}
}

// replacing is an Organisation whose server has become full before it had a row there.
func replacing(survey ...snapshot.Survey) views.Option {
	return views.Snapshot(func(s *snapshot.Snapshot) {
		s.Ledger.Tenant, s.Secrets.Keys, s.Replacing, s.Survey = nil, nil, true, survey
	})
}

func living(s *snapshot.Survey) {
	keeping("asha", another)(s)
	s.Shadowed[0].State, s.Shadowed[0].RetiredAt = ledger.Active, nil
}

// Each trouble is added to all the later ones; the first is told.
func TestWhatMustBeMendedFirstIsToldFirst(t *testing.T) {
	troubles := []struct {
		reason string
		cause  views.Option
	}{
		{v1alpha1.ReasonProfileNotFound, views.WithoutProfile()},
		{v1alpha1.ReasonInvalidSpec, views.Spec(func(s *v1alpha1.OrganisationSpec) { s.Size = "huge" })},
		{v1alpha1.ReasonNameConflict, labelled(func(n *corev1.Namespace) { n.Labels = nil })},
		{v1alpha1.ReasonHostnameTaken, held(claim(host, "sneha"))},
		{v1alpha1.ReasonRetainedDataFound, views.Snapshot(func(s *snapshot.Snapshot) { keeping("asha", another)(&s.Survey[1]) })},
		{v1alpha1.ReasonServerUnreachable, views.Snapshot(func(s *snapshot.Snapshot) { silent(&s.Survey[0]) })},
		{v1alpha1.ReasonNoServer, views.Snapshot(func(s *snapshot.Snapshot) { cordoned(&s.Survey[0]); mismatched(&s.Survey[1]) })},
	}
	options := world{views.Unplaced(server("a"), server("b"))}
	for i := len(troubles) - 1; i >= 0; i-- {
		options = append(options, troubles[i].cause)
		if got := views.New(t, options...).Plan.Refusal; got == nil || got.Reason != troubles[i].reason {
			t.Fatalf("with everything from %s on: %+v", troubles[i].reason, got)
		}
	}
}

func TestNothingToAdoptIsToldBeforeAnEmptyDatabaseCouldBeMade(t *testing.T) {
	v := views.New(t, adopt(another), views.Unplaced(server("a", keeping("asha", views.UID)), server("b")))
	if v.Plan.Refusal == nil || v.Plan.Refusal.Reason != v1alpha1.ReasonNothingToAdopt || v.Plan.Place != nil {
		t.Errorf("%+v, %+v", v.Plan.Refusal, v.Plan.Place)
	}
}
