package command

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// eventNamespace is where the API server keeps Events of cluster-scoped objects.
const eventNamespace = metav1.NamespaceDefault

// record leaves an Event that says who asked for what. The change is made already, so
// that an Event that may not be written is only told of.
func (s *Session) record(ctx context.Context, c client.Client, org *v1alpha1.Organisation, reason, told string) {
	who := s.who(ctx, c)
	event := &eventsv1.Event{
		ObjectMeta:          metav1.ObjectMeta{Name: fmt.Sprintf("%s.%x", org.Name, s.Now().UnixNano()), Namespace: eventNamespace},
		EventTime:           metav1.NewMicroTime(s.Now()),
		ReportingController: "tenancy.glific.org/kubectl-glific",
		ReportingInstance:   bounded(who, 128),
		Action:              "Request",
		Reason:              reason,
		Type:                corev1.EventTypeNormal,
		Note:                bounded(told+" by "+who, 1024),
		Regarding: corev1.ObjectReference{
			APIVersion: v1alpha1.GroupVersion.String(), Kind: "Organisation", Name: org.Name, UID: org.UID, ResourceVersion: org.ResourceVersion,
		},
	}
	if err := c.Create(ctx, event, fieldManager); err != nil {
		s.tell("Warning: done, but no Event says that it was you: %v", err)
	}
}

// bounded keeps to the API's limits on Events (events.k8s.io/v1, Event).
func bounded(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	return text[:limit]
}
