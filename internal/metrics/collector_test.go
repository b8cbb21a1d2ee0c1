package metrics

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/prometheus/common/expfmt"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
	"sigs.k8s.io/yaml"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/testkit/golden"
)

// states are objects as the operator's own tests show them.
func states(t *testing.T) []client.Object {
	t.Helper()
	var all []client.Object
	for path, object := range map[string]client.Object{
		"../status/testdata/serving-while-a-change-waits.yaml":                &v1alpha1.Organisation{},
		"../fleet/testdata/states/somebody-is-updated.yaml":                   &v1alpha1.ReleaseChannel{},
		"../../controllers/testdata/databaseserver/it-answers.yaml":           &v1alpha1.DatabaseServer{},
		"../status/testdata/migration-failed-and-the-old-release-serves.yaml": &v1alpha1.Organisation{},
	} {
		text, err := os.ReadFile(filepath.FromSlash(path))
		if err == nil {
			err = yaml.UnmarshalStrict(text, object)
		}
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(path, "migration") {
			object.SetName("sneha")
		}
		all = append(all, object)
	}
	return all
}

func world(t *testing.T, fails error, objects ...client.Object) client.WithWatch {
	t.Helper()
	scheme := runtime.NewScheme()
	if err := v1alpha1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	return fake.NewClientBuilder().WithScheme(scheme).WithObjects(objects...).WithInterceptorFuncs(interceptor.Funcs{
		List: func(ctx context.Context, c client.WithWatch, list client.ObjectList, options ...client.ListOption) error {
			if fails != nil {
				return fails
			}
			return c.List(ctx, list, options...)
		},
	}).Build()
}

func leading() <-chan struct{} {
	elected := make(chan struct{})
	close(elected)
	return elected
}

func scrape(t *testing.T, c *Collector) string {
	t.Helper()
	text, err := testutil.CollectAndFormat(c, expfmt.TypeTextPlain, Names()...)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func ends() map[string]time.Time { return map[string]time.Time{"asha": time.Unix(1795000000, 0)} }

func TestTheFleetAsPrometheusSeesIt(t *testing.T) {
	golden.Assert(t, "testdata/fleet.prom", scrape(t, &Collector{Reader: world(t, nil, states(t)...), CertificateEnds: ends, Elected: leading()}))
}

func TestNamesAndLabelsAreAsTheLinterWantsThem(t *testing.T) {
	StepSeconds.WithLabelValues("claim", "Done").Observe(1)
	BuildInfo.WithLabelValues("v0").Set(1)
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(&Collector{Reader: world(t, nil, states(t)...), CertificateEnds: ends, Elected: leading()}, StepSeconds, BuildInfo)
	problems, err := testutil.GatherAndLint(registry)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

func TestWhatIsGoneLeavesNoSeries(t *testing.T) {
	reader := world(t, nil, states(t)...)
	c := &Collector{Reader: reader, Elected: leading()}
	if !strings.Contains(scrape(t, c), `organisation="sneha"`) {
		t.Fatal("sneha is not there to begin with")
	}
	for _, object := range states(t) {
		key := client.ObjectKeyFromObject(object)
		if err := reader.Get(t.Context(), key, object); err != nil {
			t.Fatal(err)
		}
		object.SetFinalizers(nil)
		if err := reader.Update(t.Context(), object); err != nil {
			t.Fatal(err)
		}
		if err := reader.Delete(t.Context(), object); err != nil {
			t.Fatal(err)
		}
	}
	if left := scrape(t, c); left != "" {
		t.Errorf("%s", left)
	}
}

func TestOnlyTheLeaderShowsObjects(t *testing.T) {
	if got := scrape(t, &Collector{Reader: world(t, nil, states(t)...), Elected: make(chan struct{})}); got != "" {
		t.Error(got)
	}
}

func TestAScrapeThatCannotReadFails(t *testing.T) {
	c := &Collector{Reader: world(t, errors.New("the cache is not synced")), Elected: leading()}
	if _, err := testutil.CollectAndFormat(c, expfmt.TypeTextPlain); err == nil || !strings.Contains(err.Error(), "listing Organisations") {
		t.Errorf("%v", err)
	}
}
