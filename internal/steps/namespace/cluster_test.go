package namespace

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/apply"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/snapshot"
	"github.com/glific/organisation-operator/internal/step"
	"github.com/glific/organisation-operator/internal/testkit/controlplane"
	"github.com/glific/organisation-operator/internal/testkit/manifests"
	"github.com/glific/organisation-operator/internal/testkit/traffic"
	"github.com/glific/organisation-operator/internal/testkit/views"
)

// cluster is a real API server with the operator's real rights and policies. The
// step acts as the operator; admin is everybody else.
type cluster struct {
	*testing.T
	ctx      context.Context
	admin    client.Client
	step     *Step
	requests *traffic.Recorder
}

func TestCluster(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	t.Cleanup(cancel)
	cp, err := controlplane.Start(ctx, controlplane.Options{ControllerManager: true, Controllers: []string{"namespace-controller"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cp.Stop() })
	files := "../../../config/"
	if err := manifests.ApplyFiles(ctx, cp.Config(), files+"default/namespace.yaml", files+"rbac", files+"admission"); err != nil {
		t.Fatal(err)
	}
	operator := types.NamespacedName{Namespace: "organisation-system", Name: "organisation-operator"}
	account := cp.ConfigFor("system:serviceaccount:"+operator.Namespace+":"+operator.Name, "system:serviceaccounts", "system:authenticated")
	cluster{T: t, ctx: ctx}.fenced(newClient(t, account))
	for sentence, test := range map[string]func(cluster){
		"a namespace is made, let into, furnished, and then left alone": made,
		"a namespace that the cache does not show yet is found":         found,
		"a foreign namespace is not touched":                            foreign,
		"a foreign namespace behind an old cache is not touched":        replaced,
		"labels that were lost are put back":                            relabelled,
		"labels of another namespace of that name are not written":      otherUID,
		"access that was lost is given anew":                            reentered,
		"a namespace that is deleted is made anew once it is gone":      rebuilt,
		"finalizing deletes what is ours, and waits":                    finalized,
		"finalizing leaves a foreign namespace alone":                   spared,
		"finalizing cannot take an error for absence":                   unread,
	} {
		t.Run(sentence, func(t *testing.T) {
			t.Parallel()
			recorder := &traffic.Recorder{}
			c := newClient(t, recorder.Wrap(account))
			test(cluster{
				T: t, ctx: ctx, admin: newClient(t, cp.Config()), requests: recorder,
				step: &Step{Client: c, Reader: c, Operator: operator, Applier: &apply.Applier{Client: c, Scheme: views.Scheme}},
			})
		})
	}
}

// fenced waits until the API server knows the policies: it learns of them a moment
// after they were made.
func (c cluster) fenced(operator client.Client) {
	c.Helper()
	c.until(func() error {
		ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "not-a-tenant"}}
		if err := operator.Create(c.ctx, ns, client.DryRunAll); !apierrors.IsForbidden(err) {
			return fmt.Errorf("the operator may make namespace %s: %w", ns.Name, err)
		}
		return nil
	})
}

func newClient(t *testing.T, config *rest.Config) client.Client {
	t.Helper()
	c, err := client.New(config, client.Options{Scheme: views.Scheme})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// look is the View of an Organisation as the API server has it.
func (c cluster) look(name string) step.View {
	c.Helper()
	v := views.New(c, views.Named(name, "identity-of-"+name), views.WithoutNamespace())
	ns := &corev1.Namespace{}
	err := c.admin.Get(c.ctx, client.ObjectKey{Name: v.Settings.Namespace}, ns)
	if apierrors.IsNotFound(err) {
		return v
	}
	c.must(err)
	v.Live.Namespace = ns
	for _, kind := range snapshot.Kinds() {
		if kind.Optional {
			continue
		}
		c.must(c.admin.List(c.ctx, kind.List, client.InNamespace(ns.Name), client.MatchingLabels{v1alpha1.LabelManagedBy: v1alpha1.ManagedBy}))
		c.must(meta.EachListItem(kind.List, func(o runtime.Object) error {
			v.Live.Put(kind.Kind, o.(client.Object))
			return nil
		}))
	}
	return v
}

func (c cluster) must(err error) {
	c.Helper()
	if err != nil {
		c.Fatal(err)
	}
}

// expect fails unless the outcome has this kind and reason.
func (c cluster) expect(out step.Outcome, kind step.Kind, reason string) {
	c.Helper()
	if out.Kind != kind || out.Reason != reason {
		c.Fatalf("got %+v, want kind %v, reason %q", out, kind, reason)
	}
}

// writes fails unless exactly these requests could change something; then it forgets them.
func (c cluster) writes(want ...string) {
	c.Helper()
	var got []string
	for _, r := range c.requests.Requests(traffic.Writes) {
		got = append(got, r.String())
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		c.Fatalf("written:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	c.requests.Reset()
}

// furnish converges; RBAC may need a moment to hear of the RoleBinding.
func (c cluster) furnish(v step.View) {
	c.Helper()
	c.until(func() error {
		err := c.step.Applier.Converge(c.ctx, v, c.step, views.Render(c, v, c.step))
		if _, settling := Settling(err, v.Live.Namespace, time.Now()); err != nil && !settling {
			c.Fatal(err)
		} else if settling {
			c.Log(err)
		}
		return err
	})
}

// until repeats try until it succeeds or the test's time is over.
func (c cluster) until(try func() error) {
	c.Helper()
	every := time.NewTicker(50 * time.Millisecond)
	defer every.Stop()
	for {
		err := try()
		if err == nil {
			return
		}
		select {
		case <-c.ctx.Done():
			c.Fatalf("still: %v", err)
		case <-every.C:
		}
	}
}

func (c cluster) create(name string, labels map[string]string) *corev1.Namespace {
	c.Helper()
	ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: labels}}
	c.must(c.admin.Create(c.ctx, ns))
	return ns
}

func (c cluster) namespace(name string) *corev1.Namespace {
	c.Helper()
	ns := &corev1.Namespace{}
	c.must(c.admin.Get(c.ctx, client.ObjectKey{Name: name}, ns))
	return ns
}

func made(c cluster) {
	v := c.look("made")
	c.expect(c.step.Act(c.ctx, v), step.KindDone, "")
	c.writes("create namespaces", "apply rbac.authorization.k8s.io/rolebindings org-made/organisation-operator")
	ns := c.namespace("org-made")
	for key, value := range wantedLabels(v) {
		if ns.Labels[key] != value {
			c.Errorf("label %s is %q, want %q", key, ns.Labels[key], value)
		}
	}
	if len(ns.OwnerReferences) > 0 {
		c.Errorf("the namespace has owners, and would be collected with them: %v", ns.OwnerReferences)
	}
	c.furnish(v)
	c.expect(c.step.Observe(v), step.KindDone, v1alpha1.ReasonReady)

	c.requests.Reset()
	for range 2 { // with the memory of the first pass, and after a restart without it
		v = c.look("made")
		c.expect(c.step.Act(c.ctx, v), step.KindDone, "")
		c.furnish(v)
		c.expect(c.step.Observe(v), step.KindDone, v1alpha1.ReasonReady)
		c.step.Applier = &apply.Applier{Client: c.step.Client, Scheme: views.Scheme}
	}
	if got := c.requests.Count(); got.Total() > 0 {
		c.Errorf("a settled namespace costs requests:\n%s", got)
	}
}

func found(c cluster) {
	v := c.look("found")
	c.create("org-found", wantedLabels(v))
	c.expect(c.step.Act(c.ctx, v), step.KindDone, "")
	c.writes("create namespaces", "apply rbac.authorization.k8s.io/rolebindings org-found/organisation-operator")
	if v.Live.Namespace == nil {
		c.Error("the namespace was not noted")
	}
}

func foreign(c cluster) {
	for kind, labels := range map[string]map[string]string{
		"unlabelled": nil,
		"forged":     {v1alpha1.LabelManagedBy: v1alpha1.ManagedBy, v1alpha1.LabelOrganisation: "foreign-forged", v1alpha1.LabelIdentity: "another", v1alpha1.LabelTenant: "true"},
		"missing":    {v1alpha1.LabelManagedBy: v1alpha1.ManagedBy, v1alpha1.LabelOrganisation: "foreign-missing"},
	} {
		unseen := c.look("foreign-" + kind)
		before := c.create("org-foreign-"+kind, labels)
		for _, v := range []step.View{unseen, c.look("foreign-" + kind)} {
			v.Plan.Refusal = nil // as if the plan had not noticed
			c.expect(c.step.Act(c.ctx, v), step.KindWaiting, v1alpha1.ReasonNameConflict)
		}
		if after := c.namespace(before.Name); after.ResourceVersion != before.ResourceVersion {
			c.Errorf("%s was written: %v", before.Name, after.ManagedFields)
		}
		c.writes("create namespaces")
	}
}

// replaced: the cache still shows our namespace, but somebody made another since.
func replaced(c cluster) {
	v := c.look("replaced")
	c.create("org-replaced", nil)
	v.Live.Namespace = &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "org-replaced", UID: "gone", Labels: wantedLabels(v)}}
	c.expect(c.step.Act(c.ctx, v), step.KindWaiting, v1alpha1.ReasonNameConflict)
	c.writes()
}

func relabelled(c cluster) {
	v := c.look("relabelled")
	c.expect(c.step.Act(c.ctx, v), step.KindDone, "")
	c.requests.Reset()
	ns := c.namespace("org-relabelled")
	ns.Labels["pod-security.kubernetes.io/enforce"] = "privileged"
	delete(ns.Labels, "pod-security.kubernetes.io/warn")
	ns.Labels["team"] = "web"
	c.must(c.admin.Update(c.ctx, ns))
	v = c.look("relabelled")
	c.expect(c.step.Act(c.ctx, v), step.KindDone, "")
	c.writes("patch namespaces org-relabelled")
	if got := c.namespace("org-relabelled").Labels; got["pod-security.kubernetes.io/enforce"] != "restricted" || got["pod-security.kubernetes.io/warn"] != "restricted" || got["team"] != "web" {
		c.Errorf("labels are %v", got)
	}

	ns = c.namespace("org-relabelled")
	delete(ns.Labels, v1alpha1.LabelTenant)
	c.must(c.admin.Update(c.ctx, ns))
	out := c.step.Act(c.ctx, c.look("relabelled"))
	c.expect(out, step.KindFailed, v1alpha1.ReasonError)
	if cure := "kubectl label namespace org-relabelled --overwrite " + v1alpha1.LabelTenant + "=true"; !strings.Contains(out.Message, cure) {
		c.Errorf("a label that only an administrator can put back: %s", out.Message)
	}
}

func otherUID(c cluster) {
	v := c.look("other-uid")
	c.expect(c.step.Act(c.ctx, v), step.KindDone, "")
	before := c.namespace("org-other-uid")
	v = c.look("other-uid")
	v.Live.Namespace.UID = "another"
	delete(v.Live.Namespace.Labels, v1alpha1.LabelTenant)
	c.expect(c.step.Act(c.ctx, v), step.KindFailed, v1alpha1.ReasonError)
	if after := c.namespace("org-other-uid"); after.ResourceVersion != before.ResourceVersion {
		c.Errorf("the namespace was written: %v", after.Labels)
	}
}

func reentered(c cluster) {
	v := c.look("reentered")
	c.expect(c.step.Act(c.ctx, v), step.KindDone, "")
	c.must(c.admin.Delete(c.ctx, v.Live.Object("RoleBinding", "org-reentered", names.OperatorAccess)))
	c.requests.Reset()
	c.expect(c.step.Act(c.ctx, c.look("reentered")), step.KindDone, "")
	c.writes("apply rbac.authorization.k8s.io/rolebindings org-reentered/organisation-operator")
}

// hindrance is an object whose finalizer keeps a namespace from going.
func (c cluster) hindrance(namespace string) (release func()) {
	c.Helper()
	held := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "held", Namespace: namespace, Finalizers: []string{"example.org/held"}}}
	c.must(c.admin.Create(c.ctx, held))
	return func() {
		c.must(c.admin.Patch(c.ctx, held, client.RawPatch(types.MergePatchType, []byte(`{"metadata":{"finalizers":null}}`))))
	}
}

func rebuilt(c cluster) {
	c.expect(c.step.Act(c.ctx, c.look("rebuilt")), step.KindDone, "")
	first := c.namespace("org-rebuilt").UID
	release := c.hindrance("org-rebuilt")
	c.must(c.admin.Delete(c.ctx, c.namespace("org-rebuilt")))
	c.until(func() error {
		out := c.step.Act(c.ctx, c.look("rebuilt"))
		c.expect(out, step.KindWaiting, v1alpha1.ReasonNamespaceTerminating)
		if !strings.Contains(out.Message, "example.org/held") {
			return fmt.Errorf("the message does not name the hindrance: %s", out.Message)
		}
		return nil
	})
	release()
	c.until(func() error {
		if out := c.step.Act(c.ctx, c.look("rebuilt")); !out.IsDone() {
			return fmt.Errorf("%s", out.Message)
		}
		return nil
	})
	if c.namespace("org-rebuilt").UID == first {
		c.Error("the namespace is still the old one")
	}
}

func finalized(c cluster) {
	c.expect(c.step.Act(c.ctx, c.look("finalized")), step.KindDone, "")
	release := c.hindrance("org-finalized")
	unseen := views.New(c, views.Named("finalized", "identity-of-finalized"), views.WithoutNamespace())
	c.requests.Reset()
	c.expect(c.step.Finalize(c.ctx, unseen), step.KindWaiting, v1alpha1.ReasonDeleting)
	c.writes("delete namespaces org-finalized")
	c.until(func() error {
		out := c.step.Finalize(c.ctx, c.look("finalized"))
		c.expect(out, step.KindWaiting, v1alpha1.ReasonDeleting)
		if !strings.Contains(out.Message, "example.org/held") {
			return fmt.Errorf("the message does not name the hindrance: %s", out.Message)
		}
		return nil
	})
	release()
	c.until(func() error {
		if out := c.step.Finalize(c.ctx, c.look("finalized")); !out.IsDone() {
			return fmt.Errorf("%s", out.Message)
		}
		return nil
	})
	c.writes() // waiting repeats nothing
	if v := c.look("finalized"); v.Live.Namespace != nil {
		c.Error("the namespace is still there")
	}
}

func spared(c cluster) {
	before := c.create("org-spared", nil)
	c.expect(c.step.Finalize(c.ctx, c.look("spared")), step.KindDone, v1alpha1.ReasonReady)
	if after := c.namespace("org-spared"); !after.DeletionTimestamp.IsZero() || after.ResourceVersion != before.ResourceVersion {
		c.Error("a foreign namespace was touched")
	}
	c.writes()
}

func unread(c cluster) {
	v := c.look("unread")
	c.expect(c.step.Act(c.ctx, v), step.KindDone, "")
	c.requests.Reset()
	ended, cancel := context.WithCancel(c.ctx)
	cancel()
	c.expect(c.step.Finalize(ended, c.look("unread")), step.KindFailed, v1alpha1.ReasonError)
	c.writes()
	if !c.namespace("org-unread").DeletionTimestamp.IsZero() {
		c.Error("the namespace was deleted")
	}
}
