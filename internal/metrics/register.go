package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	ctrl "sigs.k8s.io/controller-runtime"
)

// Register adds everything to a registry, for the manager whose caches are shown, and for
// whoever sees the NGOs' certificates.
func Register(registry prometheus.Registerer, mgr ctrl.Manager, certificates func() map[string]time.Time, version string) error {
	BuildInfo.WithLabelValues(version).Set(1)
	shown := append([]prometheus.Collector{&Collector{Reader: mgr.GetClient(), CertificateEnds: certificates, Elected: mgr.Elected()}, StepSeconds, BuildInfo}, counters...)
	for _, collector := range shown {
		if err := registry.Register(collector); err != nil {
			return err
		}
	}
	return nil
}
