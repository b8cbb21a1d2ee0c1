package metrics

import (
	"cmp"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

var (
	// Updates counts those that a channel began and that have ended.
	Updates = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "organisation_updates_total",
		Help: "Updates that have ended, by how the release got into the pods (Hot or Rolling) and by outcome.",
	}, []string{"mode", "outcome"})
	// HotUpgrades counts them by how they ended; a refusal has its reason.
	HotUpgrades = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "organisation_hot_upgrades_total",
		Help: "Upgrades of running pods of an Organisation that ended, by engine, state (Complete, Refused or Failed) and reason.",
	}, []string{"engine", "state", "reason"})
	// HotSeconds are those of all pods of one Organisation together, the soak included.
	HotSeconds = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "organisation_hot_upgrade_duration_seconds",
		Help:    "How long upgrades of running pods took that were completed, the soak included.",
		Buckets: []float64{15, 30, 45, 60, 90, 120, 300, 600, 1200},
	}, []string{"engine"})
	// HotProcesses counts what was suspended and given new code and state.
	HotProcesses = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "organisation_hot_upgrade_processes_total",
		Help: "Erlang processes whose state was converted while they lived.",
	}, []string{"engine"})
)

// counters are what Ended counts.
var counters = []prometheus.Collector{Updates, HotUpgrades, HotSeconds, HotProcesses}

// Ended counts what ended between two statuses of one Organisation, the second of which
// was written: a pass that is made again counts nothing twice.
func Ended(was, is v1alpha1.OrganisationStatus) {
	if u := is.Update; u != nil && u.Outcome != "" && u.Stage == v1alpha1.StageEnded && !ended(was.Update, u) {
		Updates.WithLabelValues(cmp.Or(string(u.Mode), "None"), string(u.Outcome)).Inc()
	}
	h := is.Hot
	if h == nil || h.EndedAt == nil || was.Hot != nil && was.Hot.State == h.State && was.Hot.Revision == h.Revision && was.Hot.EndedAt.Equal(h.EndedAt) {
		return
	}
	engine := cmp.Or(string(h.Engine), "None")
	HotUpgrades.WithLabelValues(engine, string(h.State), h.Reason).Inc()
	if h.State == v1alpha1.HotComplete && h.StartedAt != nil {
		HotSeconds.WithLabelValues(engine).Observe(h.EndedAt.Sub(h.StartedAt.Time).Seconds())
	}
	HotProcesses.WithLabelValues(engine).Add(float64(h.Processes))
}

func ended(was, is *v1alpha1.UpdateStatus) bool {
	return was != nil && was.Token == is.Token && was.Stage == v1alpha1.StageEnded
}
