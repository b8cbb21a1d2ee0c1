package claim

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/plan"
	"github.com/glific/organisation-operator/internal/snapshot"
	"github.com/glific/organisation-operator/internal/step"
	"github.com/glific/organisation-operator/internal/testkit/views"
)

type world = []views.Option

const (
	host    = "asha.ngo.example.org"
	another = "00000000-0000-4000-8000-000000000001"
)

// served lets another Organisation have the row of this identity.
func served(state ledger.State) views.Option {
	return views.Snapshot(func(s *snapshot.Snapshot) {
		s.Ledger.Foreign, s.Ledger.Tenant = s.Ledger.Tenant, nil
		s.Ledger.Foreign.State, s.Ledger.Foreign.Installation, s.Ledger.Foreign.Organisation = state, "elsewhere", "sneha"
	})
}

func known(identity string) views.Option {
	return func(w *views.World) { w.Org.Status.Identity = identity }
}

// adoptable is a server, before any is chosen, that has the data of this identity.
func adoptable() views.Option {
	return views.Unplaced(snapshot.Survey{
		Server: &v1alpha1.DatabaseServer{ObjectMeta: metav1.ObjectMeta{Name: "a"}}, Matches: true, Tenant: &ledger.Tenant{},
	})
}

func TestObserve(t *testing.T) {
	lost := step.Stalled("DatabaseLost", "DatabaseServer shared-1 knows nothing of the database of this Organisation (identity "+views.UID+
		"), which existed: point spec.postgreSQL back at the server that has it, or restore its databases, organisation_operator among them; keep Secret keys-"+views.UID)
	foreign := func(state string) step.Outcome {
		return step.Waiting("RetainedDataFound", "database asha-780dcec0-1 belongs to Organisation sneha of installation elsewhere, and is "+state, step.Retry)
	}
	tests := map[string]struct {
		world world
		want  step.Outcome
	}{
		"all is claimed": {nil, step.Done("Ready", "database asha-780dcec0-1 on DatabaseServer shared-1 and host "+host+" are claimed")},
		"the profile is missing: cured by another object": {world{views.WithoutProfile()},
			step.Waiting("ProfileNotFound", `OrganisationProfile "standard" does not exist: create it, or name another in spec.profile`, step.Retry)},
		"the spec is invalid: cured by new input only": {world{views.Spec(func(s *v1alpha1.OrganisationSpec) { s.Hostname = "ngo.example.org" })},
			step.Stalled("InvalidSpec", `spec.hostname: "ngo.example.org" is the platform's own domain (baseDomain of profile "standard"); choose a host below it`)},
		"adopted data is nowhere": {world{views.Spec(func(s *v1alpha1.OrganisationSpec) { s.Adopt = &v1alpha1.AdoptSpec{UID: another} }), views.Unplaced()},
			step.Stalled("NothingToAdopt", "spec.adopt.uid: no DatabaseServer holds data of identity "+another+"; it may be purged already: correct the uid, or use adopt.fresh: true")},
		"a host is taken": {world{views.Snapshot(func(s *snapshot.Snapshot) { s.Claims[0].Labels = nil })},
			step.Waiting("HostnameTaken", "host "+host+" is held by somebody unknown (ConfigMap "+names.HostClaim(host)+"): choose another host in spec.hostname or spec.aliases, or free it there", step.Retry)},
		"no server is to be had": {world{views.Unplaced()},
			step.Waiting("NoServer", "no DatabaseServer matches spec.database.serverSelector (or the profile's) and is Ready and open for new databases: create one, see why it is not Ready, uncordon one, or change the selector", step.Retry)},
		"a server could not be asked before placement": {world{views.Unplaced(snapshot.Survey{Server: &v1alpha1.DatabaseServer{ObjectMeta: metav1.ObjectMeta{Name: "a"}}, Matches: true, Err: errors.New("no route")})},
			step.WaitingUnknown("ServerUnreachable", "DatabaseServer a could not be asked whether it keeps data of this Organisation: no route; mend it, delete the DatabaseServer if it is gone for good, or set spec.adopt.fresh: true", step.Retry)},
		"its server cannot be asked": {world{views.ServerUnreachable()},
			step.WaitingUnknown("ServerUnreachable", "database server shared-1 could not be asked: connection refused; what serves goes on, and nothing that needs the ledger is changed", step.Retry)},
		"there is no row yet":                              {world{views.Unclaimed(), views.WithoutKeys()}, step.Waiting("Progressing", "the ledger has no row of this Organisation yet", 0)},
		"there is no row, and keys of one":                 {world{views.Unclaimed()}, lost},
		"there is no row, and status has one":              {world{views.Unclaimed(), views.WithoutKeys(), known(views.UID)}, lost},
		"somebody else serves that data":                   {world{served(ledger.Active)}, foreign("active")},
		"somebody else gave it up":                         {world{served(ledger.Retained)}, foreign("retained")},
		"held before it was placed, though keys of it are": {world{adopted(views.UID), adoptable(), views.Annotated(v1alpha1.AnnotationHold, "wait")}, step.Waiting("Progressing", "no DatabaseServer is chosen yet", 0)},
		"held before it was placed":                        {world{adoptable(), views.WithoutKeys(), views.Annotated(v1alpha1.AnnotationHold, "wait")}, step.Waiting("Progressing", "no DatabaseServer is chosen yet", 0)},
	}
	for sentence, test := range tests {
		t.Run(sentence, func(t *testing.T) {
			if diff := cmp.Diff(test.want, (&Step{}).Observe(views.New(t, test.world...))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func adopted(uid string) views.Option {
	return views.Spec(func(s *v1alpha1.OrganisationSpec) { s.Adopt = &v1alpha1.AdoptSpec{UID: uid} })
}

// cluster holds the host claims, and remembers what was written.
type cluster struct {
	client.WithWatch
	wrote   []string
	deleted []client.DeleteOptions
	refuse  map[string]error
}

func newCluster(claims ...corev1.ConfigMap) *cluster {
	c := &cluster{refuse: map[string]error{}}
	builder := fake.NewClientBuilder().WithScheme(views.Scheme)
	for i := range claims {
		claims[i].Namespace = views.OperatorNamespace
		builder = builder.WithObjects(&claims[i])
	}
	c.WithWatch = interceptor.NewClient(builder.Build(), interceptor.Funcs{
		Create: func(ctx context.Context, inner client.WithWatch, o client.Object, options ...client.CreateOption) error {
			c.wrote = append(c.wrote, "claim "+o.(*corev1.ConfigMap).Data[plan.HostKey])
			if err := c.refuse["create"]; err != nil {
				return err
			}
			return inner.Create(ctx, o, options...)
		},
		Delete: func(ctx context.Context, inner client.WithWatch, o client.Object, options ...client.DeleteOption) error {
			c.wrote = append(c.wrote, "release "+o.(*corev1.ConfigMap).Data[plan.HostKey])
			var asked client.DeleteOptions
			asked.ApplyOptions(options)
			c.deleted = append(c.deleted, asked)
			if err := c.refuse["delete"]; err != nil {
				return err
			}
			return inner.Delete(ctx, o, options...)
		},
	})
	return c
}

func (c *cluster) step() *Step {
	return &Step{Client: c, Live: c, Namespace: views.OperatorNamespace, Installation: "installation"}
}

// lock is the Organisation's own on a host.
func lock(v step.View, on string) corev1.ConfigMap {
	return corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{Name: names.HostClaim(on), Namespace: views.OperatorNamespace, UID: types.UID("uid-of-" + on), Labels: names.Labels(v.Org)},
		Data:       map[string]string{plan.HostKey: on},
	}
}

func holding(hosts ...string) views.Option {
	return func(w *views.World) {
		views.Snapshot(func(s *snapshot.Snapshot) {
			s.Claims = nil
			for _, on := range hosts {
				s.Claims = append(s.Claims, lock(step.View{Org: w.Org}, on))
			}
		})(w)
	}
}

// aliased wants aliases, and the ledger knows of them.
func aliased(hosts ...string) views.Option {
	return views.Spec(func(s *v1alpha1.OrganisationSpec) { s.Aliases = hosts })
}

func TestHostsAreClaimedBeforeOldOnesAreReleased(t *testing.T) {
	routed := func(hosts ...string) views.Option {
		route := &networkingv1.Ingress{ObjectMeta: metav1.ObjectMeta{Name: "backend", Namespace: "org-asha", Labels: map[string]string{v1alpha1.LabelStep: "routing"}}}
		for _, on := range hosts {
			route.Spec.Rules = append(route.Spec.Rules, networkingv1.IngressRule{Host: on})
		}
		return views.With(route)
	}
	gateway := &gatewayv1.HTTPRoute{ObjectMeta: metav1.ObjectMeta{Name: "backend", Namespace: "org-asha", Labels: map[string]string{v1alpha1.LabelStep: "routing"}}}
	gateway.Spec.Hostnames = []gatewayv1.Hostname{host, "old.org"}
	tests := map[string]struct {
		world world
		wrote []string
	}{
		"at rest nothing is written":                   {world{holding(host)}, nil},
		"a lock that is missing is made":               {world{holding()}, []string{"claim " + host}},
		"each host has its own":                        {world{holding(), aliased("a.org", "b.org")}, []string{"claim " + host, "claim a.org", "claim b.org"}},
		"what is not wanted any more is released":      {world{holding(host, "old.org")}, []string{"release old.org"}},
		"not what is still routed by an Ingress":       {world{holding(host, "old.org"), routed(host, "old.org")}, nil},
		"not what is still routed by a Gateway":        {world{holding(host, "old.org"), views.With(gateway)}, nil},
		"the new is claimed, then the old is released": {world{holding(host, "old.org"), aliased("new.org"), routed(host)}, []string{"claim new.org", "release old.org"}},
	}
	for sentence, test := range tests {
		t.Run(sentence, func(t *testing.T) {
			v := views.New(t, test.world...)
			v.Live.Ledger.Tenant.Hosts = v.Plan.Hosts
			c := newCluster(v.Live.Claims...)
			if out := c.step().Act(t.Context(), v); !out.IsDone() {
				t.Fatal(out)
			}
			if diff := cmp.Diff(test.wrote, c.wrote); diff != "" {
				t.Error(diff)
			}
			for _, options := range c.deleted {
				if p := options.Preconditions; p == nil || p.UID == nil || *p.UID != "uid-of-old.org" {
					t.Errorf("released without its UID: %+v", options)
				}
			}
		})
	}
}

func TestALockProvesWhoseItIs(t *testing.T) {
	v := views.New(t, holding())
	c := newCluster()
	c.step().Act(t.Context(), v)
	var made corev1.ConfigMap
	if err := c.Get(t.Context(), client.ObjectKey{Namespace: views.OperatorNamespace, Name: names.HostClaim(host)}, &made); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(names.Labels(v.Org), made.Labels); diff != "" {
		t.Error(diff)
	}
	if made.Immutable == nil || !*made.Immutable || made.Data[plan.HostKey] != host {
		t.Errorf("immutable %v, data %v", made.Immutable, made.Data)
	}
}

func TestWhatWentWrong(t *testing.T) {
	maps := schema.GroupResource{Resource: "configmaps"}
	for sentence, test := range map[string]struct {
		world  world
		verb   string
		err    error
		kind   step.Kind
		reason string
		says   string
	}{
		"somebody was faster": {world{holding()}, "create", apierrors.NewAlreadyExists(maps, "x"), step.KindWaiting, v1alpha1.ReasonHostnameTaken,
			"host " + host + " has just been claimed by somebody else (ConfigMap " + names.HostClaim(host) + ")"},
		"a lock could not be made":                {world{holding()}, "create", errors.New("quota"), step.KindFailed, v1alpha1.ReasonError, "claiming host " + host},
		"a lock could not be released":            {world{holding(host, "old.org")}, "delete", errors.New("webhook"), step.KindFailed, v1alpha1.ReasonError, "releasing host old.org"},
		"a lock was released already":             {world{holding(host, "old.org")}, "delete", apierrors.NewNotFound(maps, "x"), step.KindDone, "", ""},
		"a lock was released, and is another now": {world{holding(host, "old.org")}, "delete", apierrors.NewConflict(maps, "x", errors.New("uid")), step.KindDone, "", ""},
	} {
		t.Run(sentence, func(t *testing.T) {
			v := views.New(t, test.world...)
			c := newCluster(v.Live.Claims...)
			c.refuse[test.verb] = test.err
			out := c.step().Act(t.Context(), v)
			if out.Kind != test.kind || out.Reason != test.reason || !strings.Contains(out.Message, test.says) {
				t.Errorf("got %+v", out)
			}
		})
	}
}

func TestNothingIsWrittenWhileItMayNotBe(t *testing.T) {
	for sentence, options := range map[string]world{
		"something is refused":     {views.WithoutProfile(), holding()},
		"the ledger cannot answer": {views.ServerUnreachable(), holding()},
		"data was lost":            {views.Unclaimed(), holding(host)},
	} {
		t.Run(sentence, func(t *testing.T) {
			v := views.New(t, options...)
			c := newCluster()
			if out := c.step().Act(t.Context(), v); out.IsDone() || c.wrote != nil {
				t.Errorf("%+v, wrote %v", out, c.wrote)
			}
			if diff := cmp.Diff(c.step().Observe(v), c.step().Act(t.Context(), v)); diff != "" {
				t.Errorf("Observe says something else than Act:\n%s", diff)
			}
		})
	}
}

func TestSuspendingIsCountedOnlyWhereSomethingServes(t *testing.T) {
	asked := errors.New("the fleet was counted")
	state := func(s ledger.State) views.Option {
		return views.Tenant(func(t *ledger.Tenant) { t.State = s })
	}
	for sentence, test := range map[string]struct {
		world world
		asks  bool
	}{
		"running":                          {nil, false},
		"suspended already":                {world{views.Suspended()}, false},
		"nothing was ever served":          {world{views.Suspended(), state(ledger.Active), views.NotBootstrapped()}, false},
		"what serves is to stop":           {world{views.Suspended(), state(ledger.Active)}, true},
		"though another change is refused": {world{views.Suspended(), state(ledger.Active), views.WithoutProfile()}, true},
		"resuming is free":                 {world{state(ledger.Suspended)}, false},
	} {
		t.Run(sentence, func(t *testing.T) {
			v := views.New(t, test.world...)
			s := newCluster().step()
			s.FleetSize = func(_ context.Context, server string) (int, error) {
				if server != views.Server {
					t.Errorf("the fleet of %s is counted", server)
				}
				return 0, asked
			}
			if out := s.Act(t.Context(), v); errors.Is(out.Err, asked) != test.asks {
				t.Errorf("got %+v", out)
			}
		})
	}
}

func TestFinalizeReleasesItsOwnLocksOnly(t *testing.T) {
	v := views.New(t)
	foreign := lock(v, "foreign.org")
	foreign.Labels[v1alpha1.LabelOrganisation] = "sneha"
	stranger := lock(v, "stranger.org")
	stranger.Labels[v1alpha1.LabelIdentity] = another
	for sentence, test := range map[string]struct {
		refuse error
		done   bool
	}{
		"all are released":               {nil, true},
		"one that is gone already":       {apierrors.NewNotFound(schema.GroupResource{}, "x"), true},
		"one that cannot be is reported": {errors.New("webhook"), false},
	} {
		t.Run(sentence, func(t *testing.T) {
			c := newCluster(lock(v, host), lock(v, "unseen.org"), foreign, stranger)
			c.refuse["delete"] = test.refuse
			if out := c.step().Finalize(t.Context(), v); out.IsDone() != test.done {
				t.Errorf("got %+v", out)
			}
			if len(c.wrote) != 2 || strings.Contains(fmt.Sprint(c.wrote), "foreign") || strings.Contains(fmt.Sprint(c.wrote), "stranger") {
				t.Errorf("wrote %v", c.wrote)
			}
		})
	}
}
