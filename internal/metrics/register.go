package metrics

import (
	"github.com/prometheus/client_golang/prometheus"
	ctrl "sigs.k8s.io/controller-runtime"
)

// Register adds everything to a registry, for the manager whose caches are shown.
func Register(registry prometheus.Registerer, mgr ctrl.Manager, version string) error {
	BuildInfo.WithLabelValues(version).Set(1)
	shown := append([]prometheus.Collector{&Collector{Reader: mgr.GetClient(), Elected: mgr.Elected()}, StepSeconds, BuildInfo}, counters...)
	for _, collector := range shown {
		if err := registry.Register(collector); err != nil {
			return err
		}
	}
	return nil
}
