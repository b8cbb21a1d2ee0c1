package show

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

func TestConditionsInTheirOrderWithAdvice(t *testing.T) {
	org := &v1alpha1.Organisation{}
	org.Name = "asha"
	add := func(kind string, status metav1.ConditionStatus, reason string) {
		org.Status.Conditions = append(org.Status.Conditions, metav1.Condition{Type: kind, Status: status, Reason: reason, LastTransitionTime: metav1.Unix(17, 0)})
	}
	add(v1alpha1.Migrated, metav1.ConditionFalse, v1alpha1.ReasonMigrationFailed)
	add(v1alpha1.Claimed, metav1.ConditionTrue, v1alpha1.ReasonReady)
	add(v1alpha1.Stalled, metav1.ConditionTrue, v1alpha1.ReasonMigrationFailed)
	add(v1alpha1.Reconciling, metav1.ConditionFalse, v1alpha1.ReasonReady)
	add(v1alpha1.Ready, metav1.ConditionFalse, v1alpha1.ReasonMigrationFailed)
	var got []string
	for _, c := range Conditions(org) {
		advised := ""
		if c.Next != "" {
			advised = " advised"
		}
		got = append(got, string(c.Mark)+" "+c.Type+advised)
	}
	want := []string{"✗ Ready advised", "✗ Stalled advised", "✓ Reconciling", "✓ Claimed", "✗ Migrated advised"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
