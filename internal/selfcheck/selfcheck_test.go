package selfcheck

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func lease(holder string, renewed time.Time) *coordinationv1.Lease {
	return &coordinationv1.Lease{
		ObjectMeta: metav1.ObjectMeta{Namespace: "tenants", Name: Lease},
		Spec:       coordinationv1.LeaseSpec{HolderIdentity: &holder, RenewTime: &metav1.MicroTime{Time: renewed}},
	}
}

func TestCheck(t *testing.T) {
	for sentence, test := range map[string]struct {
		lease     *coordinationv1.Lease
		forbidden bool
		says      string // "" if all is well
	}{
		"all is well":                     {lease: lease("pod-1", noon.Add(-2*time.Second))},
		"nobody has ever led":             {says: "no replica has led yet"},
		"the leader let go":               {lease: lease("", noon), says: "nobody holds Lease organisation-operator in namespace tenants"},
		"the leader is silent":            {lease: lease("pod-1", noon.Add(-time.Minute)), says: "pod-1 leads and was last heard of 1m0s ago"},
		"kinds are missing or not to see": {lease: lease("pod-1", noon), forbidden: true, says: "kind DatabaseServer cannot be read"},
	} {
		t.Run(sentence, func(t *testing.T) {
			scheme := runtime.NewScheme()
			for _, add := range []func(*runtime.Scheme) error{coordinationv1.AddToScheme, v1alpha1.AddToScheme} {
				if err := add(scheme); err != nil {
					t.Fatal(err)
				}
			}
			builder := fake.NewClientBuilder().WithScheme(scheme).WithInterceptorFuncs(interceptor.Funcs{
				List: func(ctx context.Context, c client.WithWatch, list client.ObjectList, options ...client.ListOption) error {
					if test.forbidden {
						return errors.New("the server could not find the requested resource")
					}
					return c.List(ctx, list, options...)
				},
			})
			if test.lease != nil {
				builder.WithObjects(test.lease)
			}
			err := Check(t.Context(), builder.Build(), "tenants", noon)
			if (err == nil) != (test.says == "") || (err != nil && !strings.Contains(err.Error(), test.says)) {
				t.Errorf("%v, want %q", err, test.says)
			}
		})
	}
}
