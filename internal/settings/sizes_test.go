package settings

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

func TestSizesOfAProfileReplaceAndAdd(t *testing.T) {
	named := func(names ...string) *v1alpha1.OrganisationProfile {
		return profile(func(p *profileSpec) {
			for i, name := range names {
				p.Sizes = append(p.Sizes, v1alpha1.Size{Name: name, ConnectionLimit: int32(100 + i)})
			}
		})
	}
	for sentence, test := range map[string]struct {
		profile *v1alpha1.OrganisationProfile
		want    map[string]int32
	}{
		"built in":                  {nil, map[string]int32{"small": 20, "medium": 40, "large": 80}},
		"a profile without its own": {profile(), map[string]int32{"small": 20, "medium": 40, "large": 80}},
		"one more":                  {named("tiny"), map[string]int32{"small": 20, "medium": 40, "large": 80, "tiny": 100}},
		"one replaced":              {named("medium"), map[string]int32{"small": 20, "medium": 100, "large": 80}},
		"all replaced":              {named("large", "small", "medium"), map[string]int32{"large": 100, "small": 101, "medium": 102}},
	} {
		t.Run(sentence, func(t *testing.T) {
			got := map[string]int32{}
			for _, size := range Sizes(test.profile) {
				if _, twice := got[size.Name]; twice {
					t.Errorf("%s is offered twice", size.Name)
				}
				got[size.Name] = size.ConnectionLimit
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Whoever changes the built-in sizes changes what hundreds of pods ask for.
func TestBuiltInSizes(t *testing.T) {
	var got []string
	for _, size := range Sizes(nil) {
		requests, limits := size.Resources.Requests, size.Resources.Limits
		got = append(got, strings.Join([]string{size.Name, requests.Cpu().String(), requests.Memory().String(), limits.Memory().String()}, " "))
		if _, capped := limits["cpu"]; capped {
			t.Errorf("%s limits the CPU, which would throttle a BEAM node at its busiest", size.Name)
		}
	}
	want := []string{"small 250m 512Mi 1Gi", "medium 500m 1Gi 2Gi", "large 1 2Gi 4Gi"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestResolvingDoesNotChangeTheBuiltInSizes(t *testing.T) {
	set := resolve(t, organisation(), profile())
	delete(set.Resources.Requests, "cpu")
	if got := cpu(resolve(t, organisation(), profile())); got != "250m" {
		t.Errorf("the next Organisation of size small requests CPU %v", got)
	}
}
