package messaging

import (
	"context"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/apply"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/step"
	"github.com/glific/organisation-operator/internal/testkit/controlplane"
	"github.com/glific/organisation-operator/internal/testkit/traffic"
	"github.com/glific/organisation-operator/internal/testkit/views"
)

// cluster is a real API server with the real Deployment controller and a simulated
// node, in which one tenant's namespace is guarded as it will be.
type cluster struct {
	*testing.T
	ctx      context.Context
	client   client.Client
	requests *traffic.Recorder
	config   *rest.Config
}

// TestCluster tells one story: released, looked at again, changed, changed back,
// relabelled, scaled, suspended.
func TestCluster(t *testing.T) {
	c := start(t)
	ordinary := []views.Option{views.Frontend(), views.PullSecret("registry", `{"auths":{}}`)}

	first := c.converge(ordinary...)
	c.eventually(first, v1alpha1.ReasonReady)
	c.nothingIsWritten(ordinary...)

	own := append(ordinary, env("NEW", "1"))
	second := c.converge(own...)
	if current(second.Live).number != 2 {
		t.Errorf("revision %d, want 2", current(second.Live).number)
	}
	c.eventually(second, v1alpha1.ReasonReady)
	c.nothingIsWritten(own...)

	back := c.converge(ordinary...)
	if got, want := current(back.Live), current(first.Live); got.name != want.name || got.number != 3 {
		t.Errorf("going back is revision %s number %d, want %s number 3", got.name, got.number, want.name)
	}
	c.nothingIsWritten(ordinary...)

	relabelled := append(ordinary, views.ProfileSpec(func(p *v1alpha1.OrganisationProfileSpec) { p.Labels = map[string]string{"cost-centre": "ngo"} }))
	c.eventually(c.converge(relabelled...), v1alpha1.ReasonReady)
	for _, revision := range stored(c.view(relabelled...).Live) {
		if revision.Labels["cost-centre"] != "ngo" {
			t.Errorf("ControllerRevision %s has not got the profile's label", revision.Name)
		}
	}
	c.nothingIsWritten(relabelled...)

	scaled := append(ordinary, views.Replicas(2))
	c.eventually(c.converge(scaled...), v1alpha1.ReasonReady)
	c.nothingIsWritten(scaled...)

	suspended := append(scaled, views.Suspended())
	c.eventually(c.converge(suspended...), v1alpha1.ReasonSuspended)
	c.nothingIsWritten(suspended...)
}

func start(t *testing.T) *cluster {
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	t.Cleanup(cancel)
	cp, err := controlplane.Start(ctx, controlplane.Options{ControllerManager: true, Nodes: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cp.Stop(); err != nil {
			t.Error(err)
		}
	})
	c := &cluster{T: t, ctx: ctx, requests: &traffic.Recorder{}, config: cp.Config()}
	c.client, err = client.New(c.requests.Wrap(cp.Config()), client.Options{Scheme: views.Scheme})
	if err != nil {
		t.Fatal(err)
	}
	c.create(&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: names.Namespace(views.Organisation), Labels: map[string]string{
		"pod-security.kubernetes.io/enforce": "restricted",
	}}})
	c.create(&corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: names.ServiceAccount, Namespace: names.Namespace(views.Organisation)}})
	return c
}

func (c *cluster) create(object client.Object) {
	c.Helper()
	if err := c.client.Create(c.ctx, object); err != nil {
		c.Fatal(err)
	}
}

// view is what a pass would be shown now.
func (c *cluster) view(options ...views.Option) step.View {
	c.Helper()
	return views.New(c, append([]views.Option{views.With(c.objects()...)}, options...)...)
}

func (c *cluster) objects() []client.Object {
	c.Helper()
	var found []client.Object
	for _, list := range []client.ObjectList{
		&appsv1.DeploymentList{}, &appsv1.ControllerRevisionList{}, &corev1.ServiceList{}, &policyv1.PodDisruptionBudgetList{},
	} {
		err := c.client.List(c.ctx, list, client.InNamespace(names.Namespace(views.Organisation)), client.MatchingLabels{v1alpha1.LabelManagedBy: v1alpha1.ManagedBy})
		if err != nil {
			c.Fatal(err)
		}
		_ = meta.EachListItem(list, func(object runtime.Object) error {
			found = append(found, object.(client.Object))
			return nil
		})
	}
	return found
}

// converge makes one pass of an operator that remembers nothing.
func (c *cluster) converge(options ...views.Option) step.View {
	c.Helper()
	v := c.view(options...)
	applier := &apply.Applier{Client: c.client, Scheme: views.Scheme}
	if err := applier.Converge(c.ctx, v, New(), views.Render(c, v, New())); err != nil {
		c.Fatal(err)
	}
	return v
}

func (c *cluster) nothingIsWritten(options ...views.Option) {
	c.Helper()
	c.requests.Reset()
	c.converge(options...)
	if counts := c.requests.Count(traffic.Writes); counts.Total() > 0 {
		c.Errorf("another pass wrote:\n%v", counts)
	}
}

// eventually looks again until the step gives a reason.
func (c *cluster) eventually(v step.View, reason string) {
	c.Helper()
	every := time.NewTicker(50 * time.Millisecond)
	defer every.Stop()
	for {
		v = step.View{Org: v.Org, Settings: v.Settings, Plan: v.Plan, Live: v.Live}
		for _, object := range c.objects() {
			kinds, _, err := views.Scheme.ObjectKinds(object)
			if err != nil {
				c.Fatal(err)
			}
			v.Live.Put(kinds[0].Kind, object)
		}
		outcome := New().Observe(v)
		if outcome.Reason == reason {
			return
		}
		select {
		case <-c.ctx.Done():
			c.Fatalf("still %s: %s", outcome.Reason, outcome.Message)
		case <-every.C:
		}
	}
}
