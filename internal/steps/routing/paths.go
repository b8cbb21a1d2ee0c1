package routing

import (
	"slices"
	"strings"

	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/step"
)

// target is a Service and the paths below which it answers.
type target struct {
	service string
	port    int32
	paths   []string
	// sockets stay open for hours, so no time-out may end them.
	sockets bool
}

// targets of a host. The back end is reached at the paths that the Release lists and
// at no other, so that an app's own dashboards, which only a password protects, are
// not on the internet unless a Release lists them. Everything else is the front
// end's. Only where a Release lists no paths, and there is no front end, is the back
// end reached at every path.
func targets(v step.View, api bool) []target {
	http := v.Live.Release.Spec.HTTP
	port, frontend := servicePort(v, names.Backend), servicePort(v, names.Frontend)
	sockets := clean(http.WebsocketPaths)
	paths := slices.DeleteFunc(clean(http.BackendPaths), func(p string) bool { return slices.Contains(sockets, p) })
	var all []target
	if len(sockets) > 0 {
		all = append(all, target{names.Backend, port, sockets, true})
	}
	if len(http.BackendPaths) == 0 && (api || frontend == 0) {
		paths = []string{"/"}
	}
	if len(paths) > 0 {
		all = append(all, target{names.Backend, port, paths, false})
	}
	if frontend != 0 && !api && !slices.Contains(paths, "/") && !slices.Contains(sockets, "/") {
		all = append(all, target{names.Frontend, frontend, []string{"/"}, false})
	}
	return all
}

// clean drops slashes at the end, which mean nothing in a prefix, and repetitions.
func clean(paths []string) []string {
	var all []string
	for _, path := range paths {
		path = "/" + strings.Trim(path, "/")
		if !slices.Contains(all, path) {
			all = append(all, path)
		}
	}
	return all
}
