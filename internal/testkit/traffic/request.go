// Package traffic counts what a program asks of the Kubernetes API: every
// request by verb and resource, reads apart from writes.
package traffic

import (
	"net/http"
	"net/url"
	"strings"
)

// Request is one request to the API server, in the words of its authorizer:
// https://kubernetes.io/docs/reference/access-authn-authz/authorization/#determine-the-request-verb
type Request struct {
	Verb        string // get list watch create update patch apply delete deletecollection; lower-case method for other paths
	Group       string // "" for the core group
	Version     string
	Resource    string // for example "deployments"; "" if the path is no resource's
	Subresource string // for example "status"
	Namespace   string
	Name        string // "" when creating or reading many
	Path        string
	DryRun      bool
}

// String names verb and object, for example "apply apps/deployments org-asha/backend".
func (r Request) String() string {
	if r.Resource == "" {
		return r.Verb + " " + r.Path
	}
	return strings.TrimSpace(r.Verb + " " + r.Kind() + " " + strings.Trim(r.Namespace+"/"+r.Name, "/"))
}

// Kind names group, resource and subresource: "apps/deployments/status", "secrets".
func (r Request) Kind() string {
	kind := r.Resource
	if r.Group != "" {
		kind = r.Group + "/" + kind
	}
	if r.Subresource != "" {
		kind += "/" + r.Subresource
	}
	return kind
}

// Writes reports whether the request can change stored objects. A token request
// and the reviews of authentication and authorization are created but not stored.
func (r Request) Writes() bool {
	switch r.Verb {
	case "create", "update", "patch", "apply", "delete", "deletecollection":
	default:
		return false
	}
	review := r.Group == "authorization.k8s.io" || r.Group == "authentication.k8s.io"
	return r.Resource != "" && !r.DryRun && !review && r.Subresource != "token"
}

// Parse reads what an HTTP request asks of the API server.
func Parse(req *http.Request) Request {
	query := req.URL.Query()
	r := Request{Path: req.URL.Path, DryRun: query.Has("dryRun")}
	parts := strings.Split(strings.Trim(req.URL.Path, "/"), "/")
	switch {
	case len(parts) >= 3 && parts[0] == "api":
		r.Version, parts = parts[1], parts[2:]
	case len(parts) >= 4 && parts[0] == "apis":
		r.Group, r.Version, parts = parts[1], parts[2], parts[3:]
	default:
		r.Verb = strings.ToLower(req.Method)
		return r
	}
	r.object(parts)
	r.Verb = verb(req, query, r.Name != "")
	return r
}

// object reads "[namespaces/<namespace>/]<resource>[/<name>[/<subresource>]]".
// A path of exactly namespaces/<name>, or of its two subresources, is the
// Namespace itself.
func (r *Request) object(parts []string) {
	namespaced := parts[0] == "namespaces" && len(parts) >= 3 && parts[2] != "status" && parts[2] != "finalize"
	if namespaced {
		r.Namespace, parts = parts[1], parts[2:]
	}
	r.Resource = parts[0]
	if len(parts) > 1 {
		r.Name = parts[1]
	}
	if len(parts) > 2 {
		r.Subresource = strings.Join(parts[2:], "/")
	}
}

func verb(req *http.Request, query url.Values, named bool) string {
	switch req.Method {
	case http.MethodPost:
		return "create"
	case http.MethodPut:
		return "update"
	case http.MethodPatch:
		if strings.HasPrefix(req.Header.Get("Content-Type"), "application/apply-patch") {
			return "apply"
		}
		return "patch"
	case http.MethodDelete:
		if named {
			return "delete"
		}
		return "deletecollection"
	}
	if watch := query.Get("watch"); watch == "true" || watch == "1" {
		return "watch"
	}
	if named {
		return "get"
	}
	return "list"
}
