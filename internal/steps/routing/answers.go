package routing

import (
	"fmt"
	"strings"

	certmanagerv1 "github.com/cert-manager/cert-manager/pkg/apis/certmanager/v1"
	certmanagermetav1 "github.com/cert-manager/cert-manager/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/optional"
	"github.com/glific/organisation-operator/internal/snapshot"
	"github.com/glific/organisation-operator/internal/step"
)

// certificateIssued tells what cert-manager answered.
func certificateIssued(v step.View, c certificates) step.Outcome {
	if len(c.issued) == 0 {
		return step.Done("", "")
	}
	live := snapshot.Find[*certmanagerv1.Certificate](v.Live, optional.Certificate.Kind, v.Settings.Namespace, names.Certificate)
	if live == nil {
		return step.Waiting(v1alpha1.ReasonProgressing, fmt.Sprintf("Certificate %s is not there yet", names.Certificate), 0)
	}
	if fault := ready(live); fault != "" {
		return step.Waiting(v1alpha1.ReasonCertificatePending, fmt.Sprintf("Certificate %s/%s for %s is not issued: %s",
			live.Namespace, live.Name, strings.Join(live.Spec.DNSNames, ", "), fault), 0)
	}
	return step.Done("", "")
}

// ready says why a Certificate is not issued, in cert-manager's own words; "" if it is.
func ready(live *certmanagerv1.Certificate) string {
	issuer := fmt.Sprintf("%s %s", live.Spec.IssuerRef.Kind, live.Spec.IssuerRef.Name)
	silent := fmt.Sprintf("cert-manager has not answered yet; see %s", issuer)
	var last string
	for _, condition := range live.Status.Conditions {
		switch {
		case condition.Type == certmanagerv1.CertificateConditionIssuing && condition.Status != certmanagermetav1.ConditionTrue && condition.Reason != "":
			last = fmt.Sprintf(" (last attempt: %s)", condition.Message)
		case condition.Type != certmanagerv1.CertificateConditionReady || condition.ObservedGeneration < live.Generation:
		case condition.Status == certmanagermetav1.ConditionTrue:
			return ""
		default:
			silent = fmt.Sprintf("%s; see %s", condition.Message, issuer)
		}
	}
	return silent + last
}

// accepted tells what the gateway answered about listeners and routes.
func accepted(v step.View) step.Outcome {
	set := snapshot.Find[*gatewayv1.ListenerSet](v.Live, optional.ListenerSet.Kind, v.Settings.Namespace, names.Certificate)
	if set != nil && set.DeletionTimestamp.IsZero() {
		if out := attached(v, set); !out.IsDone() {
			return out
		}
	}
	for _, name := range []string{names.Backend, apiRoute} {
		route := snapshot.Find[*gatewayv1.HTTPRoute](v.Live, optional.HTTPRoute.Kind, v.Settings.Namespace, name)
		if route == nil {
			continue
		}
		for _, parent := range route.Spec.ParentRefs {
			if out := answered(v, route, parent); !out.IsDone() {
				return out
			}
		}
	}
	return step.Done("", "")
}

// attached tells whether the Gateway took up the tenant's listeners.
func attached(v step.View, set *gatewayv1.ListenerSet) step.Outcome {
	where := fmt.Sprintf("ListenerSet %s/%s", set.Namespace, set.Name)
	cure := fmt.Sprintf("the Gateway's spec.allowedListeners must admit namespaces with the label %s=true", v1alpha1.LabelTenant)
	for _, kind := range []gatewayv1.ListenerSetConditionType{gatewayv1.ListenerSetConditionAccepted, gatewayv1.ListenerSetConditionProgrammed} {
		condition := meta.FindStatusCondition(set.Status.Conditions, string(kind))
		switch {
		case condition == nil || condition.Status == metav1.ConditionUnknown || condition.ObservedGeneration < set.Generation:
			return silent(v, where, cure+", and its controller must know ListenerSets")
		case condition.Status == metav1.ConditionFalse:
			return refused(v, where, condition, cure)
		}
	}
	for _, listener := range set.Status.Listeners {
		for i := range listener.Conditions {
			c := &listener.Conditions[i]
			conflicted := c.Type == string(gatewayv1.ListenerConditionConflicted) && c.Status == metav1.ConditionTrue
			if conflicted || c.Type != string(gatewayv1.ListenerConditionConflicted) && c.Status == metav1.ConditionFalse {
				return refused(v, fmt.Sprintf("listener %s of %s", listener.Name, where), c, "see the status of that ListenerSet")
			}
		}
	}
	return step.Done("", "")
}

// answered tells what one parent says about a route.
func answered(v step.View, route *gatewayv1.HTTPRoute, parent gatewayv1.ParentReference) step.Outcome {
	where := fmt.Sprintf("HTTPRoute %s/%s", route.Namespace, route.Name)
	cure := fmt.Sprintf("the listeners of that Gateway must allow routes from namespaces with the label %s=true, for these hosts", v1alpha1.LabelTenant)
	for _, kind := range []gatewayv1.RouteConditionType{gatewayv1.RouteConditionAccepted, gatewayv1.RouteConditionResolvedRefs} {
		var found *metav1.Condition
		for _, status := range route.Status.Parents {
			if sameParent(status.ParentRef, parent, route.Namespace) {
				found = meta.FindStatusCondition(status.Conditions, string(kind))
			}
		}
		switch {
		case found == nil || found.Status == metav1.ConditionUnknown || found.ObservedGeneration < route.Generation:
			return silent(v, where, "it must exist, a controller must serve its class, and "+cure)
		case found.Status == metav1.ConditionFalse:
			return refused(v, where, found, cure)
		}
	}
	return step.Done("", "")
}

func silent(v step.View, where, cure string) step.Outcome {
	return step.Waiting(v1alpha1.ReasonProgressing, fmt.Sprintf("%s has not answered %s yet: %s", gatewayName(v), where, cure), 0)
}

func refused(v step.View, where string, c *metav1.Condition, cure string) step.Outcome {
	return step.Waiting(v1alpha1.ReasonNotAccepted,
		fmt.Sprintf("%s did not accept %s: %s=%s, %s: %s; %s", gatewayName(v), where, c.Type, c.Status, c.Reason, c.Message, cure), 0)
}

func gatewayName(v step.View) string {
	declared := v.Settings.Routing.Gateway
	return fmt.Sprintf("Gateway %s/%s", declared.GatewayNamespace, declared.Name)
}

// sameParent compares what was asked for with what was answered: a controller may
// write out what was left to defaults.
func sameParent(a, b gatewayv1.ParentReference, namespace string) bool {
	return value(a.Kind, "Gateway") == value(b.Kind, "Gateway") &&
		value(a.Namespace, gatewayv1.Namespace(namespace)) == value(b.Namespace, gatewayv1.Namespace(namespace)) &&
		a.Name == b.Name && value(a.SectionName, "") == value(b.SectionName, "")
}

func value[T any](pointer *T, otherwise T) T {
	if pointer == nil {
		return otherwise
	}
	return *pointer
}
