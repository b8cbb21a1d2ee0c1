package change

import (
	"fmt"

	"sigs.k8s.io/controller-runtime/pkg/client"
)

// Marks that GitOps tools leave on what they apply.
const (
	// argoTracking is Argo CD's annotation <application>:<group>/<kind>:<namespace>/<name>.
	argoTracking = "argocd.argoproj.io/tracking-id"
	// argoInstance and instance are Argo CD's labels, if it is told to track by label.
	argoInstance = "argocd.argoproj.io/instance"
	instance     = "app.kubernetes.io/instance"
	// Flux' labels of kustomize-controller and helm-controller.
	fluxKustomization          = "kustomize.toolkit.fluxcd.io/name"
	fluxKustomizationNamespace = "kustomize.toolkit.fluxcd.io/namespace"
	fluxRelease                = "helm.toolkit.fluxcd.io/name"
	fluxReleaseNamespace       = "helm.toolkit.fluxcd.io/namespace"
)

// GitOwner names the GitOps object that owns an object, so that a change of spec
// would be reverted; "" if there is none.
func GitOwner(object client.Object) string {
	labels, annotations := object.GetLabels(), object.GetAnnotations()
	switch {
	case annotations[argoTracking] != "":
		return fmt.Sprintf("Argo CD (tracking-id %s)", annotations[argoTracking])
	case labels[argoInstance] != "":
		return fmt.Sprintf("Argo CD Application %s", labels[argoInstance])
	case labels[fluxKustomization] != "":
		return fmt.Sprintf("Flux Kustomization %s/%s", labels[fluxKustomizationNamespace], labels[fluxKustomization])
	case labels[fluxRelease] != "":
		return fmt.Sprintf("Flux HelmRelease %s/%s", labels[fluxReleaseNamespace], labels[fluxRelease])
	case labels[instance] != "":
		return fmt.Sprintf("Argo CD or Helm (label %s: %s)", instance, labels[instance])
	}
	return ""
}
