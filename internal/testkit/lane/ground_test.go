package lane

import (
	"errors"
	"os"
	"testing"

	"github.com/go-logr/logr"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

func TestMain(m *testing.M) {
	log.SetLogger(logr.Discard())
	os.Exit(m.Run())
}

// A whole Organisation is left behind, with its finalizer, and things of a person's.
func TestGroundIsClearedOfWhateverALaneLeftAndOfNothingElse(t *testing.T) {
	ctx := t.Context()
	ground, err := Break(ctx, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := ground.Stop(); err != nil {
			t.Error(err)
		}
	})
	first, err := Start(ctx, Options{On: ground})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(first.Furnish(ctx), first.Admin.Create(ctx, Organisation("asha"))); err != nil {
		t.Fatal(err)
	}
	op, err := first.Operator(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := op.Settle(ctx); err != nil {
		t.Fatal(err)
	}
	op.Stop()
	if err := first.Stop(); err != nil {
		t.Fatal(err)
	}
	left, err := ground.census.take(ctx)
	if err != nil || len(left) < len(ground.built)+20 {
		t.Fatalf("%d objects, %d of them were there before: %v", len(left), len(ground.built), err)
	}
	if err := ground.Clear(ctx); err != nil {
		t.Fatal(err)
	}
	if err := ground.Admin.Get(ctx, client.ObjectKey{Name: "asha"}, &v1alpha1.Organisation{}); client.IgnoreNotFound(err) != nil || err == nil {
		t.Errorf("the Organisation is still there: %v", err)
	}
	now, err := ground.census.take(ctx)
	if err != nil || len(now) != len(ground.built) {
		t.Errorf("%d objects are left of %d: %v", len(now), len(ground.built), err)
	}

	role := &rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: "organisation-operator"}}
	patch := client.RawPatch("application/merge-patch+json", []byte(`{"rules":[]}`))
	if err := ground.Admin.Patch(ctx, role, patch); err != nil {
		t.Fatal(err)
	}
	if err := ground.Clear(ctx); !errors.Is(err, ErrSpoiled) {
		t.Errorf("the operator's rights were changed, and nobody noticed: %v", err)
	}
	if err := ground.Admin.Get(ctx, client.ObjectKey{Name: Namespace}, &corev1.Namespace{}); err != nil {
		t.Errorf("what was installed must stay: %v", err)
	}
}
