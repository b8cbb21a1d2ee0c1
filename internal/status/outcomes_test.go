package status

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus/testutil"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/metrics"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// Each end of an update is one Event and one count, whatever is written afterwards.
func TestTheEndOfAnUpdateIsToldOnce(t *testing.T) {
	ready := func(status metav1.ConditionStatus, reason string) []metav1.Condition {
		return []metav1.Condition{{Type: v1alpha1.Ready, Status: status, Reason: reason, Message: "Ready is " + reason}}
	}
	for sentence, test := range map[string]struct {
		is         *v1alpha1.UpdateStatus
		conditions []metav1.Condition
		counts     string
		events     []string
	}{
		"accepted":                              {at(v1alpha1.StagePreflight), ready("False", "Updating"), "", []string{"Normal Updating Ready is Updating"}},
		"verified":                              {finished(v1alpha1.OutcomeVerified), ready("True", "Ready"), "Verified", []string{"Normal Verified told"}},
		"rolled back, which Ready says as well": {finished(v1alpha1.OutcomeRolledBack), ready("False", "RolledBack"), "RolledBack", []string{"Warning RolledBack told"}},
		"never healthy":                         {finished(v1alpha1.OutcomeNeverHealthy), ready("False", "NeverHealthy"), "NeverHealthy", []string{"Warning NeverHealthy told"}},
		"verified, while something else broke":  {finished(v1alpha1.OutcomeVerified), ready("False", "HTTPFailed"), "Verified", []string{"Normal Verified told", "Warning HTTPFailed Ready is HTTPFailed"}},
		"superseded":                            {finished(v1alpha1.OutcomeSuperseded), nil, "Superseded", []string{"Normal Superseded told"}},
		"declined for a missing key":            {declined(v1alpha1.ReasonConfigIncomplete), nil, "Declined", []string{"Warning ConfigIncomplete told"}},
		"declined for a pause":                  {declined(v1alpha1.ReasonPaused), nil, "Declined", []string{"Normal Paused told"}},
	} {
		t.Run(sentence, func(t *testing.T) {
			outcomes.Reset()
			s, org := newServer(t)
			w, recorder := newWriter(s)
			after := org.DeepCopy()
			after.Status.Update, after.Status.Conditions = test.is, test.conditions
			if err := w.Write(t.Context(), org, after); err != nil {
				t.Fatal(err)
			}
			again := after.DeepCopy()
			again.Status.Update.Message, again.Status.Host = "told again", "asha.org"
			if err := w.Write(t.Context(), after, again); err != nil {
				t.Fatal(err)
			}
			close(recorder.Events)
			var told []string
			for event := range recorder.Events {
				told = append(told, event)
			}
			if diff := cmp.Diff(test.events, told); diff != "" {
				t.Errorf("Events: %s", diff)
			}
			want := 0.0
			if test.counts != "" {
				want = 1
			}
			if got := testutil.ToFloat64(outcomes.WithLabelValues("stable", test.counts)); got != want {
				t.Errorf("%s counted %v times, want %v", test.counts, got, want)
			}
		})
	}
}

func TestTheMetricIsWellNamed(t *testing.T) {
	outcomes.WithLabelValues("stable", "Verified").Inc()
	problems, err := testutil.GatherAndLint(metrics.Registry, "organisation_update_outcomes_total")
	if err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
	if n, err := testutil.GatherAndCount(metrics.Registry, "organisation_update_outcomes_total"); err != nil || n == 0 {
		t.Errorf("%d series, %v", n, err)
	}
}
