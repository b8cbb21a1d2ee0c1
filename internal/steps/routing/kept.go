package routing

import (
	"encoding/json"
	"fmt"

	certmanagerv1 "github.com/cert-manager/cert-manager/pkg/apis/certmanager/v1"
	certmanagerv1ac "github.com/cert-manager/cert-manager/pkg/client/applyconfigurations/certmanager/v1"
	networkingv1 "k8s.io/api/networking/v1"
	networkingv1ac "k8s.io/client-go/applyconfigurations/networking/v1"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
	gatewayv1ac "sigs.k8s.io/gateway-api/applyconfiguration/apis/v1"

	"github.com/glific/organisation-operator/internal/snapshot"
	"github.com/glific/organisation-operator/internal/step"
)

// kept is what is routed now, for when what routes follow from cannot be found: what
// serves goes on as it is.
func kept(v step.View) ([]step.Applicable, error) {
	var objects []step.Applicable
	for _, owned := range v.Live.OwnedBy("routing") {
		object, err := again(v, owned)
		if err != nil {
			return nil, fmt.Errorf("keeping %s %s as it is: %w", owned.Kind, owned.GetName(), err)
		}
		objects = append(objects, object)
	}
	return objects, nil
}

// again declares a live object's own spec.
func again(v step.View, owned snapshot.Owned) (step.Applicable, error) {
	switch live := owned.Object.(type) {
	case *gatewayv1.HTTPRoute:
		spec := gatewayv1ac.HTTPRouteSpec()
		return gatewayv1ac.HTTPRoute(live.Name, live.Namespace).WithSpec(spec), mirror(live.Spec, spec)
	case *gatewayv1.ListenerSet:
		spec := gatewayv1ac.ListenerSetSpec()
		return gatewayv1ac.ListenerSet(live.Name, live.Namespace).WithSpec(spec), mirror(live.Spec, spec)
	case *certmanagerv1.Certificate:
		spec := certmanagerv1ac.CertificateSpec()
		return certmanagerv1ac.Certificate(live.Name, live.Namespace).WithSpec(spec), mirror(live.Spec, spec)
	case *networkingv1.Ingress:
		spec := networkingv1ac.IngressSpec()
		err := mirror(live.Spec, spec)
		return dressed(v, spec), err
	}
	return nil, fmt.Errorf("%T is not a kind that routes consist of", owned.Object)
}

// mirror fills an apply configuration from the type whose fields it has.
func mirror(spec, config any) error {
	content, err := json.Marshal(spec)
	if err != nil {
		return err
	}
	return json.Unmarshal(content, config)
}
