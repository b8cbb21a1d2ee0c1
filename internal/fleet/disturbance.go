package fleet

import (
	"fmt"

	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// Disturbance says what ails a DatabaseServer, so that nothing is blamed on a release; "" if
// nothing does, or nobody may look.
func Disturbance(server *v1alpha1.DatabaseServer) string {
	switch {
	case server == nil:
		return ""
	case server.Spec.Scheduling == v1alpha1.SchedulingCordoned:
		return "DatabaseServer " + server.Name + " is cordoned"
	}
	if ready := meta.FindStatusCondition(server.Status.Conditions, v1alpha1.Ready); ready != nil && ready.Status != "True" {
		return fmt.Sprintf("DatabaseServer %s is not Ready (%s): %s", server.Name, ready.Reason, ready.Message)
	}
	return ""
}
