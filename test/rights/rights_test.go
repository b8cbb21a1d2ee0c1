// Package rights compares what the operator may do with what it does: it runs the
// operator through everything that it is for, and finds no right that was not used.
package rights

import (
	"context"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/go-logr/logr"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/testkit/controlplane"
	"github.com/glific/organisation-operator/internal/testkit/lane"
	"github.com/glific/organisation-operator/test/fencing"
)

func TestMain(m *testing.M) {
	log.SetLogger(logr.Discard())
	os.Exit(m.Run())
}

const identity = "system:serviceaccount:" + lane.Namespace + ":" + lane.ServiceAccount

func TestEveryRightIsUsedAndNoneIsMissing(t *testing.T) {
	l := start(t)
	everything(t, l)
	events, err := l.ControlPlane.AuditEvents(func(e controlplane.AuditEvent) bool { return e.User.Username == identity })
	if err != nil {
		t.Fatal(err)
	}
	refused := 0
	for _, e := range events {
		if e.ResponseStatus.Code == 403 && !settling(e) {
			refused++
			t.Errorf("refused: %s %+v", e.Verb, e.ObjectRef)
		}
	}
	granted, err := fencing.Granted(t.Context(), l.Admin, client.ObjectKey{Namespace: lane.Namespace, Name: lane.ServiceAccount})
	if err != nil {
		t.Fatal(err)
	}
	unused := slices.DeleteFunc(fencing.Unused(granted, events), elsewhere)
	for _, rule := range unused {
		t.Errorf("granted and never used: %s", rule)
	}
	t.Logf("%d requests, %d rights granted, %d unused, %d refused", len(events), len(granted), len(unused), refused)
}

// elsewhere are rights whose use this test cannot see: caches list only on API servers
// that do not stream their first state, metrics ask who is calling, and an Event is
// patched only if it happens again.
func elsewhere(r fencing.Rule) bool {
	return r.Verb == "list" || (r.Verb == "patch" && r.Resource == "events") || r.Resource == "tokenreviews" || r.Resource == "subjectaccessreviews"
}

// settling forgives the moment before a new namespace's RoleBinding takes effect.
func settling(e controlplane.AuditEvent) bool {
	return len(e.ObjectRef.Namespace) > 4 && e.ObjectRef.Namespace[:4] == "org-"
}

func start(t *testing.T) *lane.Lane {
	t.Helper()
	l, err := lane.Start(t.Context(), lane.Options{Audit: true, OptionalAPIs: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Stop(); err != nil {
			t.Error(err)
		}
	})
	if err := l.Furnish(t.Context()); err != nil {
		t.Fatal(err)
	}
	manager, err := l.SteppedManager(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := manager.Stop(); err != nil {
			t.Error(err)
		}
	})
	return l
}

// everything that the operator is for, one Organisation's life long.
func everything(t *testing.T, l *lane.Lane) {
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	for _, act := range []func(context.Context, *testing.T, *lane.Lane){
		born, grown, moved, suspended, shrunk, purged,
	} {
		act(ctx, t, l)
	}
}

func create(ctx context.Context, t *testing.T, l *lane.Lane, objects ...client.Object) {
	t.Helper()
	for _, object := range objects {
		if err := l.Admin.Create(ctx, object); err != nil {
			t.Fatalf("creating %T %s: %v", object, object.GetName(), err)
		}
	}
}

func change[T client.Object](ctx context.Context, t *testing.T, l *lane.Lane, name string, into T, edit func(T)) {
	t.Helper()
	if err := l.Admin.Get(ctx, client.ObjectKey{Name: name}, into); err != nil {
		t.Fatal(err)
	}
	before := into.DeepCopyObject().(T)
	edit(into)
	if err := l.Admin.Patch(ctx, into, client.MergeFrom(before)); err != nil {
		t.Fatal(err)
	}
}

// until waits for a condition of the Organisation at its newest generation.
func until(ctx context.Context, t *testing.T, l *lane.Lane, condition string, status metav1.ConditionStatus) {
	t.Helper()
	org := &v1alpha1.Organisation{}
	err := l.Until(ctx, func() (bool, error) {
		var err error
		if org, err = l.Organisation(ctx, "asha"); err != nil {
			return false, err
		}
		c := meta.FindStatusCondition(org.Status.Conditions, condition)
		return c != nil && c.Status == status && c.ObservedGeneration == org.Generation, nil
	})
	if err != nil {
		t.Fatalf("waiting for %s=%s: %v\n%s", condition, status, err, fmt.Sprint(org.Status.Conditions))
	}
}

func born(ctx context.Context, t *testing.T, l *lane.Lane) {
	org := lane.Organisation("asha")
	org.Spec.Deletion = &v1alpha1.DeletionSpec{Policy: v1alpha1.DeletionPurge, Confirm: "asha"}
	create(ctx, t, l, org, &v1alpha1.ReleaseChannel{ObjectMeta: metav1.ObjectMeta{Name: "stable"}, Spec: v1alpha1.ReleaseChannelSpec{Release: "r1"}})
	until(ctx, t, l, v1alpha1.Ready, metav1.ConditionTrue)
}

// grown has replicas, people and hosts of its own, a certificate, and routes.
func grown(ctx context.Context, t *testing.T, l *lane.Lane) {
	change(ctx, t, l, "standard", &v1alpha1.OrganisationProfile{}, func(p *v1alpha1.OrganisationProfile) {
		p.Spec.Routing = &v1alpha1.RoutingSpec{
			Type: v1alpha1.RoutingGateway, Gateway: &v1alpha1.GatewayRouting{Name: "public", GatewayNamespace: "gateways"},
			TLS: &v1alpha1.RoutingTLS{Type: v1alpha1.TLSCertManager, Issuer: &v1alpha1.IssuerReference{Kind: "ClusterIssuer", Name: "letsencrypt"}},
		}
	})
	r2 := lane.Release("r2", "2")
	r2.Spec.Images.Frontend, r2.Spec.Frontend = r2.Spec.Images.Backend, &v1alpha1.FrontendSpec{}
	create(ctx, t, l, r2, &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: "org-asha", Name: "gupshup"}, StringData: map[string]string{"ROUND": "0"}})
	change(ctx, t, l, "asha", &v1alpha1.Organisation{}, func(o *v1alpha1.Organisation) {
		o.Spec.Release = &v1alpha1.OrganisationRelease{Name: "r2"}
		o.Spec.Aliases = []string{"asha.org"}
		o.Spec.Messaging = &v1alpha1.MessagingSpec{Replicas: 2, EnvFrom: []v1alpha1.EnvSource{{SecretRef: v1alpha1.SecretReference{Name: "gupshup"}}}}
		o.Spec.Access = []v1alpha1.AccessGrant{
			{Kind: v1alpha1.SubjectGroup, Name: "viewers", Role: v1alpha1.RoleViewer},
			{Kind: v1alpha1.SubjectGroup, Name: "support", Role: v1alpha1.RoleSupport},
			{Kind: v1alpha1.SubjectUser, Name: "meera", Role: v1alpha1.RoleEngineer},
		}
	})
	until(ctx, t, l, v1alpha1.MessagingReady, metav1.ConditionTrue)
	until(ctx, t, l, v1alpha1.RouteReady, metav1.ConditionFalse)
}

// moved drops what it had, so that everything that was made is removed once: routes by
// another kind of routing, old revisions, bindings, claims.
func moved(ctx context.Context, t *testing.T, l *lane.Lane) {
	change(ctx, t, l, "standard", &v1alpha1.OrganisationProfile{}, func(p *v1alpha1.OrganisationProfile) {
		p.Spec.Routing = &v1alpha1.RoutingSpec{Type: v1alpha1.RoutingNone}
	})
	l.Clock.SetTime(l.Clock.Now().Add(time.Hour)) // Secrets that nothing names stay for a while
	for i := range 8 {                            // more revisions than are kept
		change(ctx, t, l, "asha", &v1alpha1.Organisation{}, func(o *v1alpha1.Organisation) {
			o.Spec.Aliases, o.Spec.Access, o.Spec.Release = nil, nil, nil
			o.Spec.Messaging = &v1alpha1.MessagingSpec{
				Env:     []v1alpha1.EnvVar{{Name: "ROUND", Value: new(fmt.Sprint(i))}},
				EnvFrom: []v1alpha1.EnvSource{{SecretRef: v1alpha1.SecretReference{Name: "gupshup"}}},
			}
		})
		own := &corev1.Secret{}
		if err := l.Admin.Get(ctx, client.ObjectKey{Namespace: "org-asha", Name: "gupshup"}, own); err != nil {
			t.Fatal(err)
		}
		own.Data["ROUND"] = []byte(fmt.Sprint(i))
		if err := l.Admin.Update(ctx, own); err != nil {
			t.Fatal(err)
		}
		until(ctx, t, l, v1alpha1.MessagingReady, metav1.ConditionTrue)
	}
}

func suspended(ctx context.Context, t *testing.T, l *lane.Lane) {
	change(ctx, t, l, "asha", &v1alpha1.Organisation{}, func(o *v1alpha1.Organisation) { o.Spec.Power = v1alpha1.PowerSuspended })
	until(ctx, t, l, v1alpha1.Available, metav1.ConditionFalse)
	change(ctx, t, l, "asha", &v1alpha1.Organisation{}, func(o *v1alpha1.Organisation) { o.Spec.Power = v1alpha1.PowerRunning })
	until(ctx, t, l, v1alpha1.Available, metav1.ConditionTrue)
}

// shrunk loses labels of its namespace, which are put back.
func shrunk(ctx context.Context, t *testing.T, l *lane.Lane) {
	change(ctx, t, l, "org-asha", &corev1.Namespace{}, func(ns *corev1.Namespace) {
		ns.Labels["pod-security.kubernetes.io/warn"] = "baseline"
	})
	err := l.Until(ctx, func() (bool, error) {
		ns := &corev1.Namespace{}
		err := l.Admin.Get(ctx, client.ObjectKey{Name: "org-asha"}, ns)
		return ns.Labels["pod-security.kubernetes.io/warn"] == "restricted", err
	})
	if err != nil {
		t.Fatalf("waiting for the namespace's labels: %v", err)
	}
}

// purged is deleted, and its data dropped when its time has come.
func purged(ctx context.Context, t *testing.T, l *lane.Lane) {
	org, err := l.Organisation(ctx, "asha")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Admin.Delete(ctx, org); err != nil {
		t.Fatal(err)
	}
	err = l.Until(ctx, func() (bool, error) {
		_, err := l.Organisation(ctx, "asha")
		return apierrors.IsNotFound(err), client.IgnoreNotFound(err)
	})
	if err != nil {
		t.Fatalf("waiting for the deletion: %v", err)
	}
	if err := l.SQL(ctx, "organisation_operator", "UPDATE ledger.tenant SET purge_at = now() - interval '1 second'"); err != nil {
		t.Fatal(err)
	}
	change(ctx, t, l, lane.Server, &v1alpha1.DatabaseServer{}, func(s *v1alpha1.DatabaseServer) {
		s.Spec.Scheduling = v1alpha1.SchedulingCordoned // any change wakes the reaper
	})
	err = l.Until(ctx, func() (bool, error) {
		var keys corev1.SecretList
		err := l.Admin.List(ctx, &keys, client.InNamespace(lane.Namespace), client.MatchingLabels{v1alpha1.LabelManagedBy: v1alpha1.ManagedBy})
		return len(keys.Items) == 0, err
	})
	if err != nil {
		t.Fatalf("waiting for the purge: %v", err)
	}
}
