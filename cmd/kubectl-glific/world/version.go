package world

import (
	"context"
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// Operator is the operator as it is installed.
type Operator struct {
	Image string `json:"image"`
	Ready int32  `json:"ready"`
	Pods  int32  `json:"pods"`
}

// operatorLabel is on the operator's Deployment, whatever its name.
const operatorLabel = "app.kubernetes.io/name"

// ReadOperator finds the operator's Deployment.
func ReadOperator(ctx context.Context, c client.Reader, namespace string) (*Operator, error) {
	var list appsv1.DeploymentList
	err := c.List(ctx, &list, client.InNamespace(namespace), client.MatchingLabels{operatorLabel: "organisation-operator"})
	switch {
	case apierrors.IsForbidden(err):
		return nil, fmt.Errorf("the operator's Deployment in namespace %s may not be read by you", namespace)
	case err != nil:
		return nil, fmt.Errorf("looking for the operator in namespace %s: %w", namespace, err)
	case len(list.Items) == 0:
		return nil, fmt.Errorf("no operator in namespace %s; say where it is with --operator-namespace", namespace)
	}
	d := list.Items[0]
	operator := &Operator{Ready: d.Status.ReadyReplicas, Pods: d.Status.Replicas}
	for _, container := range d.Spec.Template.Spec.Containers {
		operator.Image = container.Image
	}
	return operator, nil
}
