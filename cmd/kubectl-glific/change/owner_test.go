package change

import (
	"strings"
	"testing"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

func TestWhoOwnsAnOrganisationInGit(t *testing.T) {
	for sentence, test := range map[string]struct {
		labels, annotations map[string]string
		want                string
	}{
		"nobody":                          {nil, map[string]string{"team": "x"}, ""},
		"Argo CD, tracking by annotation": {nil, map[string]string{argoTracking: "ngos:tenancy.glific.org/Organisation:/asha"}, "Argo CD (tracking-id ngos:"},
		"Argo CD, tracking by its label":  {map[string]string{argoInstance: "ngos"}, nil, "Argo CD Application ngos"},
		"Argo CD's old label, or Helm":    {map[string]string{instance: "ngos"}, nil, "Argo CD or Helm"},
		"a Flux Kustomization":            {map[string]string{fluxKustomization: "ngos", fluxKustomizationNamespace: "flux-system"}, nil, "Kustomization flux-system/ngos"},
		"a Flux HelmRelease":              {map[string]string{fluxRelease: "ngos", fluxReleaseNamespace: "apps"}, nil, "HelmRelease apps/ngos"},
	} {
		org := &v1alpha1.Organisation{}
		org.Labels, org.Annotations = test.labels, test.annotations
		if got := GitOwner(org); (test.want == "") != (got == "") || !strings.Contains(got, test.want) {
			t.Errorf("%s: got %q, want %q", sentence, got, test.want)
		}
	}
}
