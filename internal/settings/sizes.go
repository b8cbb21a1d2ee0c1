package settings

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// DefaultConnectionLimit is the role limit L where no size says otherwise.
const DefaultConnectionLimit = 20

// builtin are the sizes that exist without a profile naming them.
var builtin = []v1alpha1.Size{
	size("small", "250m", "512Mi", "1Gi", 20),
	size("medium", "500m", "1Gi", "2Gi", 40),
	size("large", "1", "2Gi", "4Gi", 80),
}

func size(name, cpu, memory, limit string, connections int32) v1alpha1.Size {
	return v1alpha1.Size{
		Name: name,
		Resources: v1alpha1.Resources{
			Requests: corev1.ResourceList{
				corev1.ResourceCPU:    resource.MustParse(cpu),
				corev1.ResourceMemory: resource.MustParse(memory),
			},
			Limits: corev1.ResourceList{corev1.ResourceMemory: resource.MustParse(limit)},
		},
		ConnectionLimit: connections,
	}
}

// Sizes lists the built-in sizes, each replaced by a profile's of the same name,
// and then the profile's own.
func Sizes(profile *v1alpha1.OrganisationProfile) []v1alpha1.Size {
	if profile == nil {
		return builtin
	}
	var sizes []v1alpha1.Size
	for _, b := range builtin {
		if _, replaced := find(profile.Spec.Sizes, b.Name); !replaced {
			sizes = append(sizes, b)
		}
	}
	return append(sizes, profile.Spec.Sizes...)
}

func (s *Settings) size(org *v1alpha1.Organisation, shared v1alpha1.OrganisationProfileSpec) error {
	wanted, layer := "small", LayerDefault
	if shared.Size != "" {
		wanted, layer = shared.Size, LayerProfile
	}
	if org.Spec.Size != "" {
		wanted, layer = org.Spec.Size, LayerOrganisation
	}
	offered := Sizes(&v1alpha1.OrganisationProfile{Spec: shared})
	found, ok := find(offered, wanted)
	if !ok {
		return fmt.Errorf("spec.size: %q is not a size of profile %q; it offers %s", wanted, org.Spec.Profile, list(offered))
	}
	s.From["size"] = layer
	s.Resources = requirements(found.Resources)
	s.ConnectionLimit = DefaultConnectionLimit
	if found.ConnectionLimit > 0 {
		s.ConnectionLimit = found.ConnectionLimit
	}
	if found.Schedulers != nil {
		s.Schedulers = *found.Schedulers
	}
	return nil
}

func find(sizes []v1alpha1.Size, name string) (v1alpha1.Size, bool) {
	for _, s := range sizes {
		if s.Name == name {
			return s, true
		}
	}
	return v1alpha1.Size{}, false
}

func list(sizes []v1alpha1.Size) string {
	names := make([]string, 0, len(sizes))
	for _, s := range sizes {
		names = append(names, s.Name)
	}
	return strings.Join(names, ", ")
}
