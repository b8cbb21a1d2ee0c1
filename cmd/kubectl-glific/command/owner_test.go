package command

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
		if got := gitOwner(org); (test.want == "") != (got == "") || !strings.Contains(got, test.want) {
			t.Errorf("%s: got %q, want %q", sentence, got, test.want)
		}
	}
}

func TestColourOnlyWhereItIsWanted(t *testing.T) {
	for sentence, test := range map[string]struct {
		terminal    bool
		environment map[string]string
		want        bool
	}{
		"a terminal": {true, nil, true},
		"a pipe":     {false, nil, false},
		"NO_COLOR":   {true, map[string]string{"NO_COLOR": "1"}, false},
		"a dumb one": {true, map[string]string{"TERM": "dumb"}, false},
	} {
		s := &Session{Terminal: test.terminal, Environ: func(key string) string { return test.environment[key] }}
		if got := s.Paint().On; got != test.want {
			t.Errorf("%s: coloured is %v", sentence, got)
		}
	}
}
