// Package dashboard serves the fleet page: one person's own view, with their own rights,
// from this machine to this machine. It keeps nothing: what the page shows is read from
// the API server, and what it changes is declared there.
package dashboard

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/cmd/kubectl-glific/change"
)

// assets are all that a browser loads.
//
//go:embed assets
var assets embed.FS

// Dashboard is the page of one person.
type Dashboard struct {
	// Client acts with the person's rights.
	Client client.WithWatch
	Author change.Author
	Now    func() time.Time
	// Cluster is the name of the kubeconfig's context.
	Cluster string
	// OperatorNamespace is where the Secrets of profiles lie.
	OperatorNamespace string
	// Look is how often an NGO that is looked at is read again.
	Look time.Duration

	fleet *Fleet
	// ended is closed when the program ends, so that streams end, too.
	ended <-chan struct{}
}

// Serve answers on the listener, which must be one of this machine only, until ctx
// ends. Ready is given the address that opens the page once.
func (d *Dashboard) Serve(ctx context.Context, listener net.Listener, ready func(address string)) error {
	d.fleet, d.ended = NewFleet(d.Now), ctx.Done()
	go d.fleet.Watch(ctx, d.Client)
	guard := newGuard(listener.Addr().String(), d.pages())
	server := &http.Server{Handler: guard, ReadHeaderTimeout: 10 * time.Second, BaseContext: func(net.Listener) context.Context { return ctx }}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	ready(guard.address())
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serving the page: %w", err)
	}
	return nil
}

// pages are the routes behind the guard.
func (d *Dashboard) pages() http.Handler {
	files, err := fs.Sub(assets, "assets")
	if err != nil {
		panic(err) // the folder is compiled in
	}
	mux := http.NewServeMux()
	mux.Handle("GET /", http.FileServerFS(files))
	mux.HandleFunc("GET /api/me", d.me)
	mux.HandleFunc("GET /api/fleet", d.streamFleet)
	mux.HandleFunc("GET /api/organisations/{name}", d.streamOrganisation)
	mux.HandleFunc("GET /api/organisations/{name}/config", d.showConfig)
	mux.HandleFunc("POST /api/organisations/{name}/config", d.changeConfig)
	return mux
}

// me says whose page it is.
func (d *Dashboard) me(w http.ResponseWriter, r *http.Request) {
	answer(w, http.StatusOK, map[string]string{"cluster": d.Cluster, "user": d.Author.Who(r.Context())})
}
