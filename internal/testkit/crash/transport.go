package crash

import (
	"context"
	"io"
	"net/http"

	"k8s.io/client-go/rest"

	"github.com/glific/organisation-operator/internal/testkit/traffic"
)

// Wrap returns a copy of config whose clients live this life.
func (l *Life) Wrap(config *rest.Config) *rest.Config {
	wrapped := rest.CopyConfig(config)
	wrapped.Wrap(l.Transport)
	return wrapped
}

// Transport counts and hits the writes that pass through next. Events and Leases
// fail after the end like everything else but are not counted: they are sent by
// background goroutines, so their place in the order is chance.
func (l *Life) Transport(next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(req *http.Request) (*http.Response, error) {
		if l.ended() {
			return nil, ErrKilled
		}
		request := traffic.Parse(req)
		ctx, cancel := context.WithCancelCause(req.Context())
		stop := context.AfterFunc(l.alive, func() { cancel(ErrKilled) })
		resp, err := l.exchange(next, req.WithContext(ctx), request)
		if err != nil {
			stop()
			cancel(nil)
			return nil, err
		}
		resp.Body = &body{ReadCloser: resp.Body, life: l, watch: request.Verb == "watch", end: func() { stop(); cancel(nil) }}
		return resp, nil
	})
}

func (l *Life) exchange(next http.RoundTripper, req *http.Request, request traffic.Request) (*http.Response, error) {
	if !counted(request) {
		return next.RoundTrip(req)
	}
	var resp *http.Response
	err := l.Write(request.String(), func() (err error) {
		resp, err = next.RoundTrip(req) //nolint:bodyclose // closed below, or by the caller
		return err
	})
	if err != nil && resp != nil { // the answer came and is thrown away
		resp.Body.Close()
	}
	return resp, err
}

func counted(r traffic.Request) bool {
	return r.Writes() && r.Resource != "events" && r.Resource != "leases"
}

type roundTripper func(*http.Request) (*http.Response, error)

// RoundTrip calls f.
func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// body ends with the life, and holds back what a watch brings while told to.
type body struct {
	io.ReadCloser
	life  *Life
	watch bool
	end   func()
}

// Read fails once the life has ended.
func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.watch && n > 0 {
		if held := b.life.passGate(); held != nil {
			return 0, held
		}
	}
	if b.life.ended() {
		return 0, ErrKilled
	}
	return n, err
}

// Close also frees what waits for the life's end.
func (b *body) Close() error {
	defer b.end()
	return b.ReadCloser.Close()
}
