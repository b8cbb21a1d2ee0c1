package metrics

import (
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

func TestEachUpdateIsCountedOnce(t *testing.T) {
	began := metav1.NewTime(time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC))
	end := metav1.NewTime(began.Add(42 * time.Second))
	holding := v1alpha1.OrganisationStatus{Update: &v1alpha1.UpdateStatus{Token: "1", Stage: v1alpha1.StageHolding, Mode: v1alpha1.UpdateHot}}
	verified := v1alpha1.OrganisationStatus{
		Update: &v1alpha1.UpdateStatus{Token: "1", Stage: v1alpha1.StageEnded, Outcome: v1alpha1.OutcomeVerified, Mode: v1alpha1.UpdateHot},
		Hot:    &v1alpha1.HotStatus{Revision: "a", State: v1alpha1.HotComplete, Engine: v1alpha1.HotRelup, Processes: 100, StartedAt: &began, EndedAt: &end},
	}
	refused := v1alpha1.OrganisationStatus{Hot: &v1alpha1.HotStatus{Revision: "b", State: v1alpha1.HotRefused, Reason: "ErtsChanged", StartedAt: &began, EndedAt: &end}}
	Ended(holding, holding)
	Ended(holding, verified)
	Ended(verified, verified)
	Ended(verified, refused)
	for want, metric := range map[string]float64{
		"updates": testutil.ToFloat64(Updates.WithLabelValues("Hot", "Verified")),
		"hot":     testutil.ToFloat64(HotUpgrades.WithLabelValues("Relup", "Complete", "")),
		"refused": testutil.ToFloat64(HotUpgrades.WithLabelValues("None", "Refused", "ErtsChanged")),
	} {
		if metric != 1 {
			t.Errorf("%s: %v, want 1", want, metric)
		}
	}
	if got := testutil.ToFloat64(HotProcesses.WithLabelValues("Relup")); got != 100 {
		t.Errorf("%v processes", got)
	}
	if err := testutil.CollectAndCompare(HotSeconds, strings.NewReader(`
# HELP organisation_hot_upgrade_duration_seconds How long upgrades of running pods took that were completed, the soak included.
# TYPE organisation_hot_upgrade_duration_seconds histogram
organisation_hot_upgrade_duration_seconds_bucket{engine="Relup",le="15"} 0
organisation_hot_upgrade_duration_seconds_bucket{engine="Relup",le="30"} 0
organisation_hot_upgrade_duration_seconds_bucket{engine="Relup",le="45"} 1
organisation_hot_upgrade_duration_seconds_bucket{engine="Relup",le="60"} 1
organisation_hot_upgrade_duration_seconds_bucket{engine="Relup",le="90"} 1
organisation_hot_upgrade_duration_seconds_bucket{engine="Relup",le="120"} 1
organisation_hot_upgrade_duration_seconds_bucket{engine="Relup",le="300"} 1
organisation_hot_upgrade_duration_seconds_bucket{engine="Relup",le="600"} 1
organisation_hot_upgrade_duration_seconds_bucket{engine="Relup",le="1200"} 1
organisation_hot_upgrade_duration_seconds_bucket{engine="Relup",le="+Inf"} 1
organisation_hot_upgrade_duration_seconds_sum{engine="Relup"} 42
organisation_hot_upgrade_duration_seconds_count{engine="Relup"} 1
`)); err != nil {
		t.Error(err)
	}
}
