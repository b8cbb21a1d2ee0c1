package probe

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

const (
	// patience bounds one question; a user gives up about then.
	patience = 10 * time.Second
	// foreignOrigin belongs to nobody (RFC 2606).
	foreignOrigin = "https://foreign-origin.invalid"
)

// Prober walks the chain.
type Prober struct {
	// Now is the time at which certificates must be valid; time.Now without it.
	Now func() time.Time
	// Lookup finds the addresses of a host; the system's resolver without it.
	Lookup func(ctx context.Context, host string) ([]string, error)
}

// Probe walks the chain once, and stops at the first link that does not hold.
func (p Prober) Probe(ctx context.Context, t Target) Answer {
	w := &walk{Prober: p, ctx: ctx, target: t}
	for _, part := range []func() error{w.way, w.names, w.login} {
		if err := part(); err != nil {
			return w.broken(err)
		}
	}
	w.answer.Message = w.url("http", t.Host, "") + " answers"
	if !t.DNS {
		w.answer.Message += "; DNS is not asked, since the profile names the gateway's address"
	}
	return w.answer
}

// way from the gateway to the app.
func (w *walk) way() error {
	if w.target.Address == "" {
		return nil
	}
	for _, host := range w.hosts() {
		for _, link := range []func(string) error{w.certificate, w.page} {
			if err := link(host); err != nil {
				return err
			}
		}
	}
	for _, path := range w.target.Websockets {
		if err := w.websocket(path); err != nil {
			return err
		}
	}
	return nil
}

type walk struct {
	Prober
	ctx    context.Context
	target Target
	answer Answer
}

// fault is an error at a link.
type fault struct {
	link Link
	err  error
}

func (f fault) Error() string { return f.err.Error() }

func at(link Link, format string, args ...any) error {
	return fault{link, fmt.Errorf(format, args...)}
}

func (w *walk) broken(err error) Answer {
	var f fault
	if errors.As(err, &f) {
		w.answer.Broken = f.link
	}
	w.answer.Message = err.Error()
	return w.answer
}

func (w *walk) dial(ctx context.Context, network, _ string) (net.Conn, error) {
	return (&net.Dialer{Timeout: patience}).DialContext(ctx, network, w.target.Address)
}

func (w *walk) config(host string) *tls.Config {
	return &tls.Config{ServerName: host, RootCAs: w.target.Roots, Time: w.Now, MinVersion: tls.VersionTLS12}
}

// certificate also finds a gateway that does not answer at all.
func (w *walk) certificate(host string) error {
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	conn, err := w.dial(ctx, "tcp", "")
	if err != nil {
		return at(Gateway, "the gateway does not answer: %w", err)
	}
	defer conn.Close()
	if !w.target.TLS {
		return nil
	}
	secured := tls.Client(conn, w.config(host))
	if err := secured.HandshakeContext(ctx); err != nil {
		return at(Certificate, "the gateway's certificate for %s: %w", host, err)
	}
	leaf := secured.ConnectionState().PeerCertificates[0]
	if w.answer.CertificateUntil.IsZero() || leaf.NotAfter.Before(w.answer.CertificateUntil) {
		w.answer.CertificateUntil = leaf.NotAfter
	}
	return nil
}

func (w *walk) url(scheme, host, path string) string {
	if w.target.TLS {
		scheme += "s"
	}
	return scheme + "://" + host + path
}

func (w *walk) page(host string) error {
	url := w.url("http", host, w.target.Path)
	client := &http.Client{
		Timeout:       patience,
		Transport:     &http.Transport{DialContext: w.dial, TLSClientConfig: w.config(host), DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	request, err := http.NewRequestWithContext(w.ctx, http.MethodGet, url, nil)
	if err != nil {
		return at(HTTP, "%w", err)
	}
	request.Header.Set("User-Agent", "organisation-operator")
	response, err := client.Do(request)
	if err != nil {
		return at(HTTP, "%w", err)
	}
	defer response.Body.Close()
	_, _ = io.CopyN(io.Discard, response.Body, 1<<20)
	if s := response.StatusCode; s >= 500 || s == http.StatusForbidden || s == http.StatusNotFound {
		return at(HTTP, "GET %s answers %s", url, response.Status)
	}
	return nil
}

// websocket must be opened for the NGO's own Origin, and refused to a foreign one.
// Phoenix serves a socket at its path, or at websocket below it.
func (w *walk) websocket(path string) error {
	own := w.url("http", w.target.Host, "")
	status, err := w.upgrade(path, own)
	if status == http.StatusNotFound {
		path = strings.TrimSuffix(path, "/") + "/websocket"
		status, err = w.upgrade(path, own)
	}
	if err != nil {
		return at(Websocket, "websocket %s refuses the Origin %s (%s)", w.url("ws", w.target.Host, path), own, said(status, err))
	}
	if _, err := w.upgrade(path, foreignOrigin); err == nil {
		return at(ForeignOrigin, "websocket %s accepts the foreign Origin %s: any page could speak in a user's name", w.url("ws", w.target.Host, path), foreignOrigin)
	}
	return nil
}

func (w *walk) upgrade(path, origin string) (status int, err error) {
	dialer := websocket.Dialer{NetDialContext: w.dial, TLSClientConfig: w.config(w.target.Host), HandshakeTimeout: patience}
	conn, response, err := dialer.DialContext(w.ctx, w.url("ws", w.target.Host, path), http.Header{"Origin": {origin}})
	if response != nil {
		status = response.StatusCode
		response.Body.Close()
	}
	if err != nil {
		return status, err
	}
	return status, conn.Close()
}

func said(status int, err error) string {
	if status != 0 {
		return fmt.Sprintf("it answers %d %s", status, http.StatusText(status))
	}
	return err.Error()
}
