// Package alerts fires and silences every alert of the chart on Prometheus' own engine,
// and looks at what alerts and dashboards ask for. The module is its own, so that the
// operator does not depend on Prometheus.
package alerts

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/promql/promqltest"
	"github.com/prometheus/prometheus/rules"
	"sigs.k8s.io/yaml"
)

const (
	root   = "../.."
	chart  = root + "/charts/organisation-operator/files"
	silent = 0
)

type alert struct {
	Alert       string
	Expr        string
	For         string
	Labels      map[string]string
	Annotations map[string]string
}

func load(t *testing.T) map[string]alert {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(chart, "alerts.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Groups []struct {
			Name  string
			Rules []alert
		}
	}
	if err := yaml.UnmarshalStrict(text, &file); err != nil {
		t.Fatal(err)
	}
	all := map[string]alert{}
	for _, group := range file.Groups {
		for _, a := range group.Rules {
			all[a.Alert] = a
		}
	}
	return all
}

// firing plays series, one sample a minute, and returns how many alerts fire at the end.
func firing(t *testing.T, a alert, series string, minutes int) int {
	t.Helper()
	store := promqltest.LoadedStorage(t, "load 1m\n"+indented(series))
	engine := promqltest.NewTestEngineWithOpts(t, promql.EngineOpts{MaxSamples: 100000, Timeout: time.Minute, LookbackDelta: 5 * time.Minute})
	expression, err := parser.NewParser(parser.Options{}).ParseExpr(a.Expr)
	if err != nil {
		t.Fatalf("%s: %v", a.Alert, err)
	}
	hold, err := model.ParseDuration(a.For)
	if err != nil {
		t.Fatal(err)
	}
	rule := rules.NewAlertingRule(a.Alert, expression, time.Duration(hold), 0, labels.FromMap(a.Labels), labels.FromMap(a.Annotations), labels.EmptyLabels(), "", true, nil)
	for minute := range minutes + 1 {
		at := time.Unix(0, 0).Add(time.Duration(minute) * time.Minute)
		if _, err := rule.Eval(t.Context(), 0, at, rules.EngineQueryFunc(engine, store), nil, 0); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	for _, active := range rule.ActiveAlerts() {
		if active.State == rules.StateFiring {
			n++
			said := active.Annotations.Get("summary") + active.Annotations.Get("description")
			if said == "" || strings.Contains(said, "{{") || strings.Contains(said, "<error") {
				t.Errorf("%s says %q", a.Alert, said)
			}
		}
	}
	return n
}

func indented(series string) string {
	var text strings.Builder
	for line := range strings.Lines(strings.TrimSpace(series)) {
		text.WriteString("  " + strings.TrimSpace(line) + "\n")
	}
	return text.String()
}

func TestEveryAlertFiresAndIsSilent(t *testing.T) {
	all := load(t)
	for name, a := range all {
		cases, ok := stories[name]
		if !ok || cases.fires == "" || cases.silent == "" {
			t.Errorf("%s has no story in which it fires, or none in which it is silent", name)
			continue
		}
		t.Run(name, func(t *testing.T) {
			if n := firing(t, a, cases.fires, cases.minutes); n != 1 {
				t.Errorf("%d alerts fire, want 1", n)
			}
			if n := firing(t, a, cases.silent, cases.minutes); n != silent {
				t.Errorf("%d alerts fire where all is well", n)
			}
		})
	}
	for name := range stories {
		if _, ok := all[name]; !ok {
			t.Errorf("there is a story of %s, which is no alert", name)
		}
	}
}

// Whoever is woken finds what to do.
func TestEveryAlertHasARunbook(t *testing.T) {
	for name, a := range load(t) {
		page := filepath.Base(a.Annotations["runbook_url"])
		text, err := os.ReadFile(filepath.Join(root, "docs", "runbooks", page))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, part := range []string{"# " + name, "## What it means", "## What to do"} {
			if !strings.Contains(string(text), part) {
				t.Errorf("%s lacks %q", page, part)
			}
		}
		if severity := a.Labels["severity"]; severity != "critical" && severity != "warning" && severity != "info" {
			t.Errorf("%s: severity %q", name, severity)
		}
	}
}
