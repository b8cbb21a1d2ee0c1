package metrics

import "github.com/prometheus/client_golang/prometheus"

// family is one metric with its labels; all are gauges.
type family struct {
	name string
	desc *prometheus.Desc
}

var families []family

func gauge(name, help string, labels ...string) family {
	f := family{name: name, desc: prometheus.NewDesc(name, help, labels, nil)}
	families = append(families, f)
	return f
}

func (f family) send(out chan<- prometheus.Metric, value float64, labels ...string) {
	out <- prometheus.MustNewConstMetric(f.desc, prometheus.GaugeValue, value, labels...)
}

var (
	organisationInfo = gauge("organisation_info",
		"An Organisation: the Release that serves, the one that is wanted, and where it is.",
		"organisation", "profile", "release", "target", "channel", "wave", "server")
	organisationCondition = gauge("organisation_status_condition",
		"A condition of an Organisation, with its present status and reason. docs/conditions.md lists them.",
		"organisation", "condition", "status", "reason")
	organisationTransition = gauge("organisation_ready_transition_timestamp_seconds",
		"When Ready of an Organisation last changed.", "organisation")
	organisationSuspended = gauge("organisation_suspended",
		"Whether spec.power is Suspended.", "organisation")
	organisationHeld = gauge("organisation_held",
		"Whether a person holds the Organisation.", "organisation")
	organisationDeleting = gauge("organisation_deleting",
		"Whether the Organisation is being torn down.", "organisation")
	organisationPending = gauge("organisation_pending_changes",
		"Changes that wait for a restart of the pods.", "organisation")
	organisationConnections = gauge("organisation_database_connection_limit",
		"Connections that the Organisation may open to its database.", "organisation", "server")
	organisationCertificate = gauge("organisation_certificate_expiry_timestamp_seconds",
		"When the first certificate ends that the Organisation's hosts showed.", "organisation")

	channelInfo = gauge("organisation_channel_info",
		"A ReleaseChannel: the Release that it wants, the last that all have verified, and the last open wave.",
		"channel", "release", "verified", "wave")
	channelCondition = gauge("organisation_channel_status_condition",
		"A condition of a ReleaseChannel, with its present status and reason.",
		"channel", "condition", "status", "reason")
	channelTransition = gauge("organisation_channel_ready_transition_timestamp_seconds",
		"When Ready of a ReleaseChannel last changed.", "channel")
	channelOrganisations = gauge("organisation_channel_organisations",
		"Organisations of a ReleaseChannel by how they stand to its Release.", "channel", "state")

	serverInfo = gauge("organisation_database_server_info",
		"A DatabaseServer and the version that it answers with.", "server", "version")
	serverCondition = gauge("organisation_database_server_status_condition",
		"A condition of a DatabaseServer, with its present status and reason.",
		"server", "condition", "status", "reason")
	serverTransition = gauge("organisation_database_server_ready_transition_timestamp_seconds",
		"When Ready of a DatabaseServer last changed.", "server")
	serverTenants = gauge("organisation_database_server_tenants",
		"Databases on a DatabaseServer, those included that are kept after their Organisation.", "server")
)

// StepSeconds is how long each step of a pass took, by what came of it.
var StepSeconds = prometheus.NewHistogramVec(prometheus.HistogramOpts{
	Name:    "organisation_step_duration_seconds",
	Help:    "How long a step of a pass over an Organisation took, by what came of it.",
	Buckets: []float64{.001, .005, .02, .1, .5, 2, 10, 60},
}, []string{"step", "outcome"})

// BuildInfo names the version that runs.
var BuildInfo = prometheus.NewGaugeVec(prometheus.GaugeOpts{
	Name: "organisation_operator_build_info",
	Help: "The version of the operator that runs.",
}, []string{"version"})

// Names are those of every metric that the operator exports of its own.
func Names() []string {
	names := []string{
		"organisation_step_duration_seconds", "organisation_operator_build_info", "organisation_updates_total",
		"organisation_hot_upgrades_total", "organisation_hot_upgrade_duration_seconds", "organisation_hot_upgrade_processes_total",
	}
	for _, f := range families {
		names = append(names, f.name)
	}
	return names
}
