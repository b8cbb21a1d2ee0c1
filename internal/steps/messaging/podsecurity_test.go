package messaging

import (
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	podsecurity "k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"

	"github.com/glific/organisation-operator/internal/testkit/views"
)

// Namespaces of tenants enforce "restricted": a pod that it refuses never starts.
func TestEveryPodIsRestricted(t *testing.T) {
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		t.Fatal(err)
	}
	restricted := podsecurity.LevelVersion{Level: podsecurity.LevelRestricted, Version: podsecurity.LatestVersion()}
	refusal := func(d *appsv1.Deployment) string {
		result := policy.AggregateCheckResults(evaluator.EvaluatePod(restricted, &d.Spec.Template.ObjectMeta, &d.Spec.Template.Spec))
		return result.ForbiddenDetail()
	}
	for name, world := range worlds {
		t.Run(name, func(t *testing.T) {
			v := world(t)
			views.Apply(t, v, New())
			for _, object := range v.Live.All("Deployment") {
				d := object.(*appsv1.Deployment)
				if detail := refusal(d); detail != "" {
					t.Errorf("Deployment %s: %s", d.Name, detail)
				}
				d.Spec.Template.Spec.SecurityContext.RunAsNonRoot = new(false)
				if refusal(d) == "" {
					t.Error("a pod that may be root is not refused, so this test could not fail")
				}
			}
		})
	}
}
