package snapshot

import (
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

func TestWhatMakesEarlierAnswersWorthless(t *testing.T) {
	org, standing := &v1alpha1.Organisation{}, &appsv1.Deployment{Status: appsv1.DeploymentStatus{
		ObservedGeneration: 2, Replicas: 2, UpdatedReplicas: 2, AvailableReplicas: 2,
	}}
	before := version(org, standing)
	at := func(stage v1alpha1.UpdateStage) func(*v1alpha1.Organisation, *appsv1.Deployment) {
		return func(o *v1alpha1.Organisation, _ *appsv1.Deployment) {
			o.Status.Update = &v1alpha1.UpdateStatus{Token: "7", Stage: stage}
		}
	}
	for sentence, test := range map[string]struct {
		change    func(*v1alpha1.Organisation, *appsv1.Deployment)
		worthless bool
	}{
		"nothing changed":  {func(*v1alpha1.Organisation, *appsv1.Deployment) {}, false},
		"another template": {func(_ *v1alpha1.Organisation, d *appsv1.Deployment) { d.Status.ObservedGeneration++ }, true},
		"a pod is lost":    {func(_ *v1alpha1.Organisation, d *appsv1.Deployment) { d.Status.AvailableReplicas-- }, true},
		"an old pod still shuts down": {func(_ *v1alpha1.Organisation, d *appsv1.Deployment) {
			one := int32(1)
			d.Status.TerminatingReplicas = &one
		}, true},
		"it is told that none does": {func(_ *v1alpha1.Organisation, d *appsv1.Deployment) {
			none := int32(0)
			d.Status.TerminatingReplicas = &none
		}, false},
		"an update holds":               {at(v1alpha1.StageHolding), false},
		"an update is asked for proofs": {at(v1alpha1.StageProbing), true},
	} {
		o, d := org.DeepCopy(), standing.DeepCopy()
		test.change(o, d)
		if after := version(o, d); (after != before) != test.worthless {
			t.Errorf("%s: %s, before: %s", sentence, after, before)
		}
	}
}

func TestWhoWaitsForAnAnswerAfterARestart(t *testing.T) {
	for sentence, test := range map[string]struct {
		reachable metav1.ConditionStatus
		stage     v1alpha1.UpdateStage
		settled   bool
	}{
		"a new NGO":                           {metav1.ConditionUnknown, "", false},
		"one that was reachable":              {metav1.ConditionTrue, "", true},
		"one that was verified":               {metav1.ConditionTrue, v1alpha1.StageEnded, true},
		"one that was not":                    {metav1.ConditionFalse, "", false},
		"one whose update asks for its proof": {metav1.ConditionTrue, v1alpha1.StageProbing, false},
		"one whose update holds":              {metav1.ConditionTrue, v1alpha1.StageHolding, true},
	} {
		org := &v1alpha1.Organisation{}
		org.Status.Conditions = []metav1.Condition{{Type: v1alpha1.Reachable, Status: test.reachable}}
		if test.stage != "" {
			org.Status.Update = &v1alpha1.UpdateStatus{Token: "7", Stage: test.stage}
		}
		if got := settled(org); got != test.settled {
			t.Errorf("%s: settled %t, want %t", sentence, got, test.settled)
		}
	}
}
