package traffic

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func request(t *testing.T, method, target, contentType string) *http.Request {
	t.Helper()
	req := httptest.NewRequest(method, "https://127.0.0.1"+target, nil)
	req.Header.Set("Content-Type", contentType)
	return req
}

func TestParse(t *testing.T) {
	const apply, merge = "application/apply-patch+yaml", "application/merge-patch+json"
	for _, c := range []struct {
		does, method, target, contentType, want string
		writes                                  bool
	}{
		{"creates in the core group", "POST", "/api/v1/namespaces/org-a/secrets", "", "create secrets org-a", true},
		{"creates a namespace", "POST", "/api/v1/namespaces", "", "create namespaces", true},
		{"applies in another group", "PATCH", "/apis/apps/v1/namespaces/org-a/deployments/web?fieldManager=x", apply, "apply apps/deployments org-a/web", true},
		{"applies CBOR", "PATCH", "/api/v1/namespaces/a", "application/apply-patch+cbor", "apply namespaces a", true},
		{"patches a status", "PATCH", "/apis/tenancy.glific.org/v1alpha1/organisations/a/status", merge, "patch tenancy.glific.org/organisations/status a", true},
		{"updates", "PUT", "/api/v1/namespaces/org-a/configmaps/c", "", "update configmaps org-a/c", true},
		{"finalises a namespace", "PUT", "/api/v1/namespaces/org-a/finalize", "", "update namespaces/finalize org-a", true},
		{"deletes a namespace", "DELETE", "/api/v1/namespaces/org-a", "", "delete namespaces org-a", true},
		{"deletes many", "DELETE", "/api/v1/namespaces/org-a/pods", "", "deletecollection pods org-a", true},
		{"only tries", "PATCH", "/api/v1/namespaces/org-a/secrets/s?dryRun=All", merge, "patch secrets org-a/s", false},
		{"asks for a token", "POST", "/api/v1/namespaces/n/serviceaccounts/s/token", "", "create serviceaccounts/token n/s", false},
		{"asks what it may do", "POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", "", "create authorization.k8s.io/selfsubjectaccessreviews", false},
		{"gets", "GET", "/api/v1/nodes/n", "", "get nodes n", false},
		{"lists", "GET", "/apis/batch/v1/jobs?watch=false", "", "list batch/jobs", false},
		{"watches", "GET", "/apis/batch/v1/namespaces/n/jobs?watch=true", "", "watch batch/jobs n", false},
		{"discovers", "GET", "/apis/apps/v1", "", "get /apis/apps/v1", false},
		{"checks health", "GET", "/readyz", "", "get /readyz", false},
	} {
		t.Run(c.does, func(t *testing.T) {
			got := Parse(request(t, c.method, c.target, c.contentType))
			if got.String() != c.want || got.Writes() != c.writes {
				t.Errorf("got %q (writes: %v), want %q (%v)", got, got.Writes(), c.want, c.writes)
			}
		})
	}
}

func TestRecorderCountsWhatPassed(t *testing.T) {
	lost := errors.New("lost")
	server := roundTripper(func(req *http.Request) (*http.Response, error) {
		if strings.HasSuffix(req.URL.Path, "/lost") {
			return nil, lost
		}
		return &http.Response{StatusCode: http.StatusCreated}, nil
	})
	var r Recorder
	transport := r.Transport(server)
	send := func(method, target string) {
		_, _ = transport.RoundTrip(request(t, method, target, ""))
	}
	send("POST", "/before/reset")
	r.Reset()
	send("POST", "/api/v1/namespaces/a/secrets")
	send("POST", "/api/v1/namespaces/a/secrets")
	send("DELETE", "/api/v1/namespaces/a/secrets/lost")
	send("GET", "/api/v1/namespaces/a/secrets/s")
	send("PUT", "/apis/coordination.k8s.io/v1/namespaces/a/leases/l")

	want := Counts{"create secrets": 2, "delete secrets": 1}
	if diff := cmp.Diff(want, r.Count(Writes, Except("leases"))); diff != "" {
		t.Error(diff)
	}
	if got := r.Count(Live).Total(); got != 1 {
		t.Errorf("%d live reads, want 1", got)
	}
	failed := r.Requests(func(a Answered) bool { return a.Err != nil })
	if len(failed) != 1 || failed[0].Name != "lost" || !errors.Is(failed[0].Err, lost) {
		t.Errorf("failed: %v", failed)
	}
	table := "create secrets  2\ndelete secrets  1\ntotal           3\n"
	if got := r.Count(Writes, Kinds("secrets")).String(); got != table {
		t.Errorf("got\n%swant\n%s", got, table)
	}
}
