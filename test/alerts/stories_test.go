package alerts

// story is what an alert is shown: series in the notation of Prometheus' own tests, one
// sample a minute.
type story struct {
	fires, silent string
	minutes       int
}

var stories = map[string]story{
	"OrganisationUnavailable": {
		fires: `organisation_status_condition{organisation="asha",condition="Available",status="False",reason="Unavailable"} 1x20
			organisation_info{organisation="asha",release="glific-1"} 1x20`,
		silent: `organisation_status_condition{organisation="asha",condition="Available",status="False",reason="Suspended"} 1x20
			organisation_info{organisation="asha",release="glific-1"} 1x20
			organisation_status_condition{organisation="new",condition="Available",status="False",reason="Unavailable"} 1x20
			organisation_info{organisation="new",release=""} 1x20
			organisation_status_condition{organisation="brief",condition="Available",status="False",reason="Unavailable"} _x16 1x4
			organisation_info{organisation="brief",release="glific-1"} 1x20`,
		minutes: 20,
	},
	"OrganisationUnreachable": {
		fires:   `organisation_status_condition{organisation="asha",condition="Reachable",status="False",reason="WebsocketRefused"} 1x20`,
		silent:  `organisation_status_condition{organisation="asha",condition="Reachable",status="Unknown",reason="NotProbed"} 1x20`,
		minutes: 20,
	},
	"OrganisationCertificateEnds": {
		fires:   `organisation_certificate_expiry_timestamp_seconds{organisation="asha"} 600000x90`,
		silent:  `organisation_certificate_expiry_timestamp_seconds{organisation="asha"} 700000x90`,
		minutes: 90,
	},
	"OrganisationNotReady": {
		fires: `organisation_status_condition{organisation="asha",condition="Ready",status="False",reason="Progressing"} 1x60`,
		silent: `organisation_status_condition{organisation="asha",condition="Ready",status="True",reason="Ready"} 1x60
			organisation_status_condition{organisation="held",condition="Ready",status="False",reason="Held"} 1x60
			organisation_status_condition{organisation="new",condition="Ready",status="False",reason="Progressing"} 1x20 _x40`,
		minutes: 60,
	},
	"OrganisationStalled": {
		fires:   `organisation_status_condition{organisation="asha",condition="Stalled",status="True",reason="NeverHealthy"} 1x20`,
		silent:  `organisation_status_condition{organisation="asha",condition="Ready",status="True",reason="Ready"} 1x20`,
		minutes: 20,
	},
	"OrganisationMigrationFailed": {
		fires:   `organisation_status_condition{organisation="asha",condition="Migrated",status="False",reason="MigrationFailed"} 1x20`,
		silent:  `organisation_status_condition{organisation="asha",condition="Migrated",status="False",reason="Progressing"} 1x20`,
		minutes: 20,
	},
	"OrganisationKeysMissing": {
		fires:   `organisation_status_condition{organisation="asha",condition="KeysReady",status="False",reason="KeyLost"} 1x20`,
		silent:  `organisation_status_condition{organisation="asha",condition="KeysReady",status="False",reason="Pending"} 1x20`,
		minutes: 20,
	},
	"OrganisationDeletionStuck": {
		fires:   `organisation_deleting{organisation="asha"} 1x90`,
		silent:  `organisation_deleting{organisation="asha"} 0x45 1x45`,
		minutes: 90,
	},
	"OrganisationHeldForLong": {
		fires:   `organisation_held{organisation="asha"} 1x1500`,
		silent:  `organisation_held{organisation="asha"} 1x700 0x10 1x790`,
		minutes: 1500,
	},
	"OrganisationRolloutHalted": {
		fires:   `organisation_channel_status_condition{channel="stable",condition="Stalled",status="True",reason="Halted"} 1x20`,
		silent:  `organisation_channel_status_condition{channel="stable",condition="Reconciling",status="True",reason="WaitingForApproval"} 1x20`,
		minutes: 20,
	},
	"OrganisationRolloutStuck": {
		fires: `organisation_channel_organisations{channel="stable",state="in_flight"} 2x200
			organisation_channel_organisations{channel="stable",state="current"} 7x200
			organisation_channel_organisations{channel="stable",state="failed"} 0x200`,
		silent: `organisation_channel_organisations{channel="stable",state="in_flight"} 2x200
			organisation_channel_organisations{channel="stable",state="current"} 7+1x200
			organisation_channel_organisations{channel="stable",state="failed"} 0x200
			organisation_channel_organisations{channel="soaking",state="in_flight"} 0x200
			organisation_channel_organisations{channel="soaking",state="current"} 7x200
			organisation_channel_organisations{channel="soaking",state="failed"} 0x200`,
		minutes: 200,
	},
	"OrganisationDatabaseServerUnreachable": {
		fires:   `organisation_database_server_status_condition{server="shared-1",condition="Ready",status="Unknown",reason="ServerUnreachable"} 1x20`,
		silent:  `organisation_database_server_status_condition{server="shared-1",condition="Ready",status="True",reason="Cordoned"} 1x20`,
		minutes: 20,
	},
	"OrganisationDatabaseServerUnusable": {
		fires:   `organisation_database_server_status_condition{server="shared-1",condition="Stalled",status="True",reason="LedgerChanged"} 1x20`,
		silent:  `organisation_database_server_status_condition{server="shared-1",condition="LeastPrivilege",status="False",reason="OverPrivileged"} 1x20`,
		minutes: 20,
	},
	"OrganisationOperatorDown": {
		fires:   `up{job="something-else"} 1x20`,
		silent:  `organisation_operator_build_info{version="v0.1.0"} 1x20`,
		minutes: 20,
	},
	"OrganisationOperatorLeaderless": {
		fires: `leader_election_master_status{name="organisation-operator",pod="a"} 0x20
			leader_election_master_status{name="organisation-operator",pod="b"} 0x20`,
		silent: `leader_election_master_status{name="organisation-operator",pod="a"} 0x20
			leader_election_master_status{name="organisation-operator",pod="b"} 1x20`,
		minutes: 20,
	},
	"OrganisationOperatorErrors": {
		fires: `controller_runtime_reconcile_errors_total{controller="organisation"} 0+10x60
			controller_runtime_reconcile_total{controller="organisation",result="error"} 0+10x60
			controller_runtime_reconcile_total{controller="organisation",result="success"} 0+20x60`,
		silent: `controller_runtime_reconcile_errors_total{controller="organisation"} 0+1x60
			controller_runtime_reconcile_total{controller="organisation",result="error"} 0+1x60
			controller_runtime_reconcile_total{controller="organisation",result="success"} 0+20x60`,
		minutes: 60,
	},
}
