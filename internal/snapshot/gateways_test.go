package snapshot

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
)

var public = client.ObjectKey{Namespace: "gateway", Name: "public"}

// reader holds the Gateway public at an address, and counts what is read.
func reader(t *testing.T, failing *atomic.Bool) (client.Reader, *atomic.Int32) {
	t.Helper()
	scheme := runtime.NewScheme()
	if err := gatewayv1.Install(scheme); err != nil {
		t.Fatal(err)
	}
	gateway := &gatewayv1.Gateway{}
	gateway.Namespace, gateway.Name = public.Namespace, public.Name
	gateway.Status.Addresses = []gatewayv1.GatewayStatusAddress{{Value: "192.0.2.1"}}
	reads := &atomic.Int32{}
	return fake.NewClientBuilder().WithScheme(scheme).WithObjects(gateway).WithInterceptorFuncs(interceptor.Funcs{
		Get: func(ctx context.Context, c client.WithWatch, key client.ObjectKey, obj client.Object, opts ...client.GetOption) error {
			reads.Add(1)
			if failing.Load() {
				return errors.New("the API server is away")
			}
			return c.Get(ctx, key, obj, opts...)
		},
	}).Build(), reads
}

func TestAGatewaysAddressIsReadOnceAMinute(t *testing.T) {
	var g gateways
	from, reads := reader(t, &atomic.Bool{})
	began := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, step := range []struct {
		after time.Duration
		reads int32
	}{{0, 1}, {59 * time.Second, 1}, {time.Minute, 2}} {
		address, err := g.address(t.Context(), from, public, began.Add(step.after))
		if err != nil || address != "192.0.2.1" || reads.Load() != step.reads {
			t.Errorf("after %s: %q, %v, %d reads; want 192.0.2.1 and %d reads", step.after, address, err, reads.Load(), step.reads)
		}
	}
}

func TestAnUnreadableGatewayIsNotAGatewayWithoutAddress(t *testing.T) {
	var g gateways
	failing := &atomic.Bool{}
	from, _ := reader(t, failing)
	failing.Store(true)
	if _, err := g.address(t.Context(), from, public, time.Time{}); err == nil {
		t.Error("no error, so the Gateway counts as absent")
	}
	failing.Store(false)
	if address, err := g.address(t.Context(), from, public, time.Time{}); err != nil || address == "" {
		t.Errorf("after the failure: %q, %v", address, err)
	}
	if address, err := g.address(t.Context(), from, client.ObjectKey{Namespace: "gateway", Name: "gone"}, time.Time{}); err != nil || address != "" {
		t.Errorf("a Gateway that does not exist: %q, %v", address, err)
	}
}
