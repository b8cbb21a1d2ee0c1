package optional

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
)

// cluster answers which kinds a group has; it counts what it is asked.
type cluster struct {
	discovery.ServerResourcesInterface
	kinds map[string][]string
	err   error
	asked int
}

func (c *cluster) ServerResourcesForGroupVersion(groupVersion string) (*metav1.APIResourceList, error) {
	c.asked++
	kinds, ok := c.kinds[groupVersion]
	switch {
	case c.err != nil:
		return nil, c.err
	case !ok:
		return nil, apierrors.NewNotFound(schema.GroupResource{}, groupVersion)
	}
	list := &metav1.APIResourceList{GroupVersion: groupVersion}
	for _, kind := range kinds {
		list.APIResources = append(list.APIResources, metav1.APIResource{Kind: kind})
	}
	return list, nil
}

func refresh(t *testing.T, a *APIs) []string {
	t.Helper()
	appeared, err := a.Discover()
	if err != nil {
		t.Fatal(err)
	}
	for _, gvk := range appeared {
		if a.Offers(gvk) {
			t.Errorf("%s is offered before anybody can read it", gvk.Kind)
		}
	}
	a.Offer(appeared...)
	var kinds []string
	for _, gvk := range appeared {
		kinds = append(kinds, gvk.Kind)
	}
	return kinds
}

// An API that is installed later is found without a restart, and told once.
func TestAPIsAppear(t *testing.T) {
	c := &cluster{kinds: map[string][]string{}}
	a := New(c)
	story := []struct {
		sentence string
		install  func()
		appeared []string
	}{
		{"nothing is installed", func() {}, nil},
		{"an older Gateway API is", func() { c.kinds["gateway.networking.k8s.io/v1"] = []string{"Gateway", "HTTPRoute"} }, []string{"HTTPRoute"}},
		{"nothing more is", func() {}, nil},
		{"it is upgraded", func() {
			c.kinds["gateway.networking.k8s.io/v1"] = []string{"HTTPRoute", "ListenerSet"}
		}, []string{"ListenerSet"}},
		{"cert-manager is installed", func() { c.kinds["cert-manager.io/v1"] = []string{"Issuer", "Certificate"} }, []string{"Certificate"}},
		{"a CRD is removed: calls will fail, and say so", func() { delete(c.kinds, "cert-manager.io/v1") }, nil},
	}
	for _, chapter := range story {
		chapter.install()
		if diff := cmp.Diff(chapter.appeared, refresh(t, a)); diff != "" {
			t.Fatalf("%s:\n%s", chapter.sentence, diff)
		}
	}
	for _, gvk := range Kinds() {
		if !a.Offers(gvk) {
			t.Errorf("%s is forgotten", gvk.Kind)
		}
	}
	if c.asked = 0; refresh(t, a) != nil || c.asked != 0 {
		t.Errorf("what is known is asked for %d times", c.asked)
	}
}

func TestAClusterThatDoesNotAnswerChangesNothing(t *testing.T) {
	c := &cluster{kinds: map[string][]string{"gateway.networking.k8s.io/v1": {"HTTPRoute"}}}
	a := New(c)
	refresh(t, a)
	c.err = errors.New("the server is overloaded")
	_, err := a.Discover()
	if !errors.Is(err, c.err) || !strings.Contains(err.Error(), "looking for API gateway.networking.k8s.io/v1") {
		t.Errorf("error: %v", err)
	}
	if !a.Offers(HTTPRoute) || a.Offers(Certificate) {
		t.Error("what is offered changed")
	}
}
