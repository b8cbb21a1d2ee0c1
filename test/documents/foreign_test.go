package documents

import (
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// kinds of other projects, which examples show beside ours. Their definitions are not part
// of any module here, so the API server takes them with any content: what is tested of
// them is that they are manifests.
var kinds = []struct{ group, version, kind string }{
	{"argoproj.io", "v1alpha1", "Application"},
	{"argoproj.io", "v1alpha1", "ApplicationSet"},
	{"argoproj.io", "v1alpha1", "AppProject"},
	{"external-secrets.io", "v1", "ExternalSecret"},
	{"helm.toolkit.fluxcd.io", "v2", "HelmRelease"},
	{"kustomize.toolkit.fluxcd.io", "v1", "Kustomization"},
	{"postgresql.cnpg.io", "v1", "Cluster"},
	{"source.toolkit.fluxcd.io", "v1", "OCIRepository"},
	{"networking.gke.io", "v1", "HealthCheckPolicy"},
}

func foreign() (all []*unstructured.Unstructured) {
	for _, k := range kinds {
		singular := strings.ToLower(k.kind)
		plural := singular + "s"
		if rest, ok := strings.CutSuffix(singular, "y"); ok {
			plural = rest + "ies"
		}
		all = append(all, &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
			"metadata": map[string]any{"name": plural + "." + k.group},
			"spec": map[string]any{
				"group": k.group, "scope": "Namespaced",
				"names": map[string]any{"kind": k.kind, "plural": plural, "singular": singular},
				"versions": []any{map[string]any{
					"name": k.version, "served": true, "storage": true,
					"schema": map[string]any{"openAPIV3Schema": map[string]any{"type": "object", "x-kubernetes-preserve-unknown-fields": true}},
				}},
			},
		}})
	}
	return all
}
