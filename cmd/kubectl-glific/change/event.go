package change

import (
	"context"
	"fmt"
	"reflect"
	"strings"

	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// EventNamespace is where the API server keeps Events of cluster-scoped objects.
const EventNamespace = metav1.NamespaceDefault

// Record leaves an Event that says who asked for what. The change is made already, so
// that its error is only something to tell.
func (a Author) Record(ctx context.Context, object client.Object, reason, told string) error {
	who := a.Who(ctx)
	event := &eventsv1.Event{
		ObjectMeta:          metav1.ObjectMeta{Name: fmt.Sprintf("%s.%x", object.GetName(), a.Now().UnixNano()), Namespace: EventNamespace},
		EventTime:           metav1.NewMicroTime(a.Now()),
		ReportingController: "tenancy.glific.org/kubectl-glific",
		ReportingInstance:   bounded(who, 128),
		Action:              "Request",
		Reason:              reason,
		Type:                corev1.EventTypeNormal,
		Note:                bounded(told+" by "+who, 1024),
		Regarding: corev1.ObjectReference{
			APIVersion: v1alpha1.GroupVersion.String(), Kind: kind(object), Name: object.GetName(), UID: object.GetUID(), ResourceVersion: object.GetResourceVersion(),
		},
	}
	if err := a.Client.Create(ctx, event, FieldManager); err != nil {
		return fmt.Errorf("done, but no Event says that it was you: %w", err)
	}
	return nil
}

// kind of an object of the operator's API: its Go type has the same name.
func kind(object client.Object) string { return reflect.TypeOf(object).Elem().Name() }

func called(object client.Object) string { return kind(object) + " " + object.GetName() }

// bounded keeps to the API's limits on Events (events.k8s.io/v1, Event).
func bounded(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	return strings.ToValidUTF8(text[:limit], "")
}
