package alerts

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"github.com/glific/organisation-operator/internal/metrics"
)

// others are metrics that libraries in the operator export.
var others = []string{
	"controller_runtime_reconcile_total", "controller_runtime_reconcile_errors_total",
	"leader_election_master_status", "rest_client_requests_total", "workqueue_depth",
}

// asked are the names of the metrics in an expression.
func asked(t *testing.T, expression string) (names []string) {
	t.Helper()
	parsed, err := parser.NewParser(parser.Options{}).ParseExpr(expression)
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	for _, selectors := range parser.ExtractSelectors(parsed) {
		for _, matcher := range selectors {
			if matcher.Name == labels.MetricName {
				names = append(names, matcher.Value)
			}
		}
	}
	return names
}

func exported(name string) bool {
	for _, suffix := range []string{"", "_bucket", "_count", "_sum"} {
		if plain, ok := strings.CutSuffix(name, suffix); ok && slices.Contains(slices.Concat(metrics.Names(), others), plain) {
			return true
		}
	}
	return false
}

func TestEveryPanelAsksForWhatIsExported(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(chart, "dashboards", "*.json"))
	if err != nil || len(files) < 2 {
		t.Fatalf("%d dashboards: %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var dashboard struct {
			Panels []struct {
				Title   string
				Targets []struct{ Expr string }
			}
		}
		if err := json.Unmarshal(text, &dashboard); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, panel := range dashboard.Panels {
			for _, target := range panel.Targets {
				for _, name := range asked(t, target.Expr) {
					if !exported(name) {
						t.Errorf("%s: panel %q asks for %s", filepath.Base(file), panel.Title, name)
					}
				}
			}
			if len(panel.Targets) == 0 {
				t.Errorf("%s: panel %q shows nothing", filepath.Base(file), panel.Title)
			}
		}
	}
}

func TestEveryAlertAsksForWhatIsExported(t *testing.T) {
	for name, a := range load(t) {
		for _, metric := range asked(t, a.Expr) {
			if !exported(metric) {
				t.Errorf("%s asks for %s", name, metric)
			}
		}
	}
}
