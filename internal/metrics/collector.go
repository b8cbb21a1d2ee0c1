// Package metrics shows the fleet to Prometheus. Everything about objects is read from the
// cache at each scrape, so that what is gone leaves no series behind. Only the leader
// shows objects: two replicas would count each NGO twice.
package metrics

import (
	"context"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// patience is how long a scrape waits for the cache.
const patience = 10 * time.Second

// Collector lists the cache at each scrape.
type Collector struct {
	// Reader reads from caches.
	Reader client.Reader
	// CertificateEnds are by Organisation; nil shows none.
	CertificateEnds func() map[string]time.Time
	// Elected is closed once this replica leads.
	Elected <-chan struct{}
}

// Describe says nothing beforehand: which series there are depends on the objects.
func (c *Collector) Describe(chan<- *prometheus.Desc) {}

// Collect sends the series of every object.
func (c *Collector) Collect(out chan<- prometheus.Metric) {
	select {
	case <-c.Elected:
	default:
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for _, collect := range []func(context.Context, chan<- prometheus.Metric) error{c.organisations, c.channels, c.servers} {
		if err := collect(ctx, out); err != nil {
			out <- prometheus.NewInvalidMetric(organisationInfo.desc, err)
		}
	}
	if c.CertificateEnds != nil {
		for name, end := range c.CertificateEnds() {
			organisationCertificate.send(out, float64(end.Unix()), name)
		}
	}
}

func (c *Collector) organisations(ctx context.Context, out chan<- prometheus.Metric) error {
	var list v1alpha1.OrganisationList
	if err := c.Reader.List(ctx, &list); err != nil {
		return fmt.Errorf("listing Organisations: %w", err)
	}
	for i := range list.Items {
		organisation(out, &list.Items[i])
	}
	return nil
}

func organisation(out chan<- prometheus.Metric, org *v1alpha1.Organisation) {
	status := org.Status
	organisationInfo.send(out, 1, org.Name, org.Spec.Profile, status.Release.Serving, status.Release.Target, status.Release.Channel, status.Release.Wave, status.Database.Server)
	organisationSuspended.send(out, truth(org.Spec.Power == v1alpha1.PowerSuspended), org.Name)
	organisationHeld.send(out, truth(org.Annotations[v1alpha1.AnnotationHold] != ""), org.Name)
	organisationDeleting.send(out, truth(!org.DeletionTimestamp.IsZero()), org.Name)
	organisationPending.send(out, float64(len(status.PendingChanges)), org.Name)
	if status.Database.Server != "" {
		organisationConnections.send(out, float64(status.Database.ConnectionLimit), org.Name, status.Database.Server)
	}
	conditions(out, organisationCondition, organisationTransition, org.Name, status.Conditions)
}

func (c *Collector) channels(ctx context.Context, out chan<- prometheus.Metric) error {
	var list v1alpha1.ReleaseChannelList
	if err := c.Reader.List(ctx, &list); err != nil {
		return fmt.Errorf("listing ReleaseChannels: %w", err)
	}
	for i := range list.Items {
		channel(out, &list.Items[i])
	}
	return nil
}

func channel(out chan<- prometheus.Metric, ch *v1alpha1.ReleaseChannel) {
	status := ch.Status
	channelInfo.send(out, 1, ch.Name, ch.Spec.Release, status.Verified, status.Wave)
	for state, count := range map[string]int32{
		"current": status.Counts.Current, "in_flight": status.Counts.InFlight, "waiting": status.Counts.Waiting, "failed": status.Counts.Failed,
		"set_aside": status.Counts.SetAside, "unreached": status.Counts.Unreached, "starting": status.Counts.Starting,
	} {
		channelOrganisations.send(out, float64(count), ch.Name, state)
	}
	conditions(out, channelCondition, channelTransition, ch.Name, status.Conditions)
}

func (c *Collector) servers(ctx context.Context, out chan<- prometheus.Metric) error {
	var list v1alpha1.DatabaseServerList
	if err := c.Reader.List(ctx, &list); err != nil {
		return fmt.Errorf("listing DatabaseServers: %w", err)
	}
	for i := range list.Items {
		server := &list.Items[i]
		serverInfo.send(out, 1, server.Name, server.Status.Version)
		serverTenants.send(out, float64(server.Status.Tenants), server.Name)
		conditions(out, serverCondition, serverTransition, server.Name, server.Status.Conditions)
	}
	return nil
}

// conditions sends each with its present status and reason, and when Ready last changed.
func conditions(out chan<- prometheus.Metric, condition, transition family, name string, all []metav1.Condition) {
	for _, c := range all {
		condition.send(out, 1, name, c.Type, string(c.Status), c.Reason)
		if c.Type == v1alpha1.Ready {
			transition.send(out, float64(c.LastTransitionTime.Unix()), name)
		}
	}
}

func truth(holds bool) float64 {
	if holds {
		return 1
	}
	return 0
}
