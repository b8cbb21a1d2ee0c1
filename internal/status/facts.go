package status

import (
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// facts copies what a person wants to see beside the conditions.
func (s summary) facts() {
	status, view := &s.org.Status, s.pass.View
	status.TenantNamespace = view.Settings.Namespace
	status.Release.Target = view.Settings.Release
	if s.pass.Serving != "" {
		status.Release.Serving = s.pass.Serving
	}
	if len(view.Plan.Hosts) > 0 {
		status.Host = view.Plan.Hosts[0]
	}
	s.channel()
	s.database()
	s.requests()
}

// database is left as it is known while the server cannot be asked.
func (s summary) database() {
	live := s.pass.View.Live
	if live == nil || live.Ledger.Tenant == nil || live.Server == nil {
		return
	}
	tenant, db := live.Ledger.Tenant, &s.org.Status.Database
	s.org.Status.Identity = tenant.Identity
	db.Server, db.Name, db.ConnectionLimit = live.Server.Name, tenant.Database, int32(tenant.ConnectionLimit) //nolint:gosec // the ledger bounds it to 100000
	if live.Release != nil {
		if pool, err := s.pass.View.Settings.PoolSize(live.Release); err == nil {
			db.PoolSize = pool
		}
	}
}

// requests mirrors the annotations that people set, with the time at which each value
// was first seen.
func (s summary) requests() {
	requests := &s.org.Status.Requests
	for annotation, mirror := range map[string]**v1alpha1.Observation{
		v1alpha1.AnnotationHold:            &requests.Hold,
		v1alpha1.AnnotationRetryAt:         &requests.RetryAt,
		v1alpha1.AnnotationReconcileAt:     &requests.ReconcileAt,
		v1alpha1.AnnotationRestartAt:       &requests.RestartAt,
		v1alpha1.AnnotationSetAside:        &requests.SetAside,
		v1alpha1.AnnotationConfirmTeardown: &requests.ConfirmTeardown,
	} {
		*mirror = Observed(*mirror, s.org.Annotations[annotation], s.pass.Now)
	}
}

// maxRequest is the longest value that is mirrored, in bytes.
const maxRequest = 256

// Observed mirrors the value of an annotation, with the time at which it was first seen.
func Observed(known *v1alpha1.Observation, value string, now time.Time) *v1alpha1.Observation {
	if len(value) > maxRequest {
		value = strings.ToValidUTF8(value[:maxRequest], "") // half a character would differ in every pass
	}
	switch {
	case value == "":
		return nil
	case known != nil && known.Value == value:
		return known
	}
	return &v1alpha1.Observation{Value: value, ObservedAt: metav1.NewTime(now)}
}
