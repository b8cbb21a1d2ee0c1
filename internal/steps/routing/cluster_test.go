package routing

import (
	"context"
	"fmt"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/internal/apply"
	"github.com/glific/organisation-operator/internal/step"
	"github.com/glific/organisation-operator/internal/testkit/controlplane"
	"github.com/glific/organisation-operator/internal/testkit/manifests"
	"github.com/glific/organisation-operator/internal/testkit/traffic"
	"github.com/glific/organisation-operator/internal/testkit/views"
)

// TestTheAPIServerTakesWhatIsRendered proves every case against the real schemas of
// the Gateway API and cert-manager, and that a second pass has nothing to write.
func TestTheAPIServerTakesWhatIsRendered(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	t.Cleanup(cancel)
	cp, err := controlplane.Start(ctx, controlplane.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cp.Stop() })
	for _, definitions := range []func(context.Context) (string, error){manifests.GatewayAPI, manifests.CertManager} {
		path, err := definitions(ctx)
		if err == nil {
			err = manifests.ApplyFiles(ctx, cp.Config(), path)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	recorder := &traffic.Recorder{}
	c, err := client.New(recorder.Wrap(cp.Config()), client.Options{Scheme: views.Scheme})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "org-asha"}}); err != nil {
		t.Fatal(err)
	}
	for name, options := range cases(t) {
		t.Run(name, func(t *testing.T) {
			v := views.New(t, options...)
			converge(ctx, t, c, v)
			reload(ctx, t, c, v)
			if out := New().applied(v); !out.IsDone() {
				t.Error(out.Message)
			}
			recorder.Reset()
			converge(ctx, t, c, v) // with a new Applier: after a restart nothing is remembered
			if got := recorder.Count(traffic.Writes); got.Total() > 0 {
				t.Errorf("a second pass writes:\n%s", got)
			}
			for _, owned := range v.Live.OwnedBy("routing") {
				if err := c.Delete(ctx, owned.Object); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

func converge(ctx context.Context, t *testing.T, c client.Client, v step.View) {
	t.Helper()
	applier := &apply.Applier{Client: c, Scheme: views.Scheme}
	if err := applier.Converge(ctx, v, New(), views.Render(t, v, New())); err != nil {
		t.Fatal(err)
	}
}

// reload takes every object from the API server, as a cache would.
func reload(ctx context.Context, t *testing.T, c client.Client, v step.View) {
	t.Helper()
	for _, owned := range v.Live.OwnedBy("routing") {
		gvk, err := c.GroupVersionKindFor(owned.Object)
		if err != nil {
			t.Fatal(err)
		}
		var fresh runtime.Object
		if fresh, err = views.Scheme.New(gvk); err != nil {
			t.Fatal(err)
		}
		object := fresh.(client.Object)
		if err := c.Get(ctx, client.ObjectKeyFromObject(owned.Object), object); err != nil {
			t.Fatal(fmt.Errorf("reading %s: %w", owned.Kind, err))
		}
		v.Live.Put(owned.Kind, object)
	}
}
