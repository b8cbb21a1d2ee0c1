// Package optional knows which APIs a cluster offers that the operator can use but
// does not need: the Gateway API and cert-manager. An API that appears later is
// noticed without a restart.
package optional

import (
	"fmt"
	"sync"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
)

// The kinds that are optional.
var (
	HTTPRoute = schema.GroupVersionKind{Group: "gateway.networking.k8s.io", Version: "v1", Kind: "HTTPRoute"}
	// ListenerSet adds a tenant's listeners to a shared Gateway (Gateway API 1.5).
	ListenerSet = schema.GroupVersionKind{Group: "gateway.networking.k8s.io", Version: "v1", Kind: "ListenerSet"}
	Certificate = schema.GroupVersionKind{Group: "cert-manager.io", Version: "v1", Kind: "Certificate"}
)

// Kinds lists every optional kind.
func Kinds() []schema.GroupVersionKind {
	return []schema.GroupVersionKind{HTTPRoute, ListenerSet, Certificate}
}

// APIs remembers which optional kinds were found and may be used. An API that was
// offered once is taken to stay: removing its CRD shows as failing calls, not as silence.
type APIs struct {
	discovery discovery.ServerResourcesInterface

	mu      sync.RWMutex
	offered map[schema.GroupVersionKind]bool
}

// New offers no API until Offer is called.
func New(d discovery.ServerResourcesInterface) *APIs {
	return &APIs{discovery: d, offered: map[schema.GroupVersionKind]bool{}}
}

// Offers tells whether a kind may be used.
func (a *APIs) Offers(gvk schema.GroupVersionKind) bool {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return a.offered[gvk]
}

// Discover asks the API server which kinds exist that are not offered yet. Whoever
// reads them through a cache offers them when that cache is filled: before, a read
// would keep everybody waiting. What was found before an error is returned with it.
func (a *APIs) Discover() ([]schema.GroupVersionKind, error) {
	var appeared []schema.GroupVersionKind
	for _, gvk := range Kinds() {
		if a.Offers(gvk) {
			continue
		}
		there, err := a.ask(gvk)
		if err != nil {
			return appeared, err
		}
		if there {
			appeared = append(appeared, gvk)
		}
	}
	return appeared, nil
}

func (a *APIs) ask(gvk schema.GroupVersionKind) (bool, error) {
	resources, err := a.discovery.ServerResourcesForGroupVersion(gvk.GroupVersion().String())
	if apierrors.IsNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("looking for API %s: %w", gvk.GroupVersion(), err)
	}
	for _, r := range resources.APIResources {
		if r.Kind == gvk.Kind {
			return true, nil
		}
	}
	return false, nil
}

// Offer lets kinds be used from now on.
func (a *APIs) Offer(kinds ...schema.GroupVersionKind) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, gvk := range kinds {
		a.offered[gvk] = true
	}
}
