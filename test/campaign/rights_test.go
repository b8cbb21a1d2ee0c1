package campaign

import (
	"fmt"
	"net/http"

	"k8s.io/client-go/rest"

	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/testkit/traffic"
)

// waitForRights answers the operator's RoleBinding in a new namespace only when it has
// taken effect. The API server's authorizer learns of it a moment later, and within
// that moment the operator's next write would be refused and sent again: then the
// number of a write would not always mean the same one.
func waitForRights(config *rest.Config) *rest.Config {
	wrapped := rest.CopyConfig(config)
	wrapped.Wrap(func(next http.RoundTripper) http.RoundTripper { return rights{next} })
	return wrapped
}

type rights struct{ next http.RoundTripper }

// RoundTrip asks for Secrets until that is allowed.
func (r rights) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := r.next.RoundTrip(req)
	asked := traffic.Parse(req)
	if err != nil || asked.Verb != "apply" || asked.Resource != "rolebindings" || asked.Name != names.OperatorAccess || resp.StatusCode >= 300 {
		return resp, err
	}
	for {
		allowed, err := r.allowed(req, asked.Namespace)
		if allowed || err != nil {
			return resp, err
		}
	}
}

func (r rights) allowed(like *http.Request, namespace string) (bool, error) {
	url := *like.URL
	url.Path, url.RawQuery = fmt.Sprintf("/api/v1/namespaces/%s/secrets", namespace), "limit=1"
	probe, err := http.NewRequestWithContext(like.Context(), http.MethodGet, url.String(), nil)
	if err != nil {
		return false, err
	}
	probe.Header.Set("Authorization", like.Header.Get("Authorization"))
	resp, err := r.next.RoundTrip(probe)
	if err != nil {
		return false, err
	}
	return resp.StatusCode == http.StatusOK, resp.Body.Close()
}
