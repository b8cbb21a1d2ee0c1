// Package traffic is what the world sends to an NGO's messaging server: requests,
// websockets that stay open, and webhooks of the WhatsApp provider. It counts what was
// answered, and what was not.
package traffic

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/gorilla/websocket"
)

// patience is how long one request may take: a client of Glific gives up after that.
const patience = 10 * time.Second

// Gateway is where requests enter the cluster. Every connection goes there, whatever the
// host, so nothing depends on public names.
type Gateway struct {
	// Address of the HTTPS listener, host:port.
	Address string
	// Roots trust the listener's certificate.
	Roots *x509.CertPool
}

func (g Gateway) dial(ctx context.Context, network, _ string) (net.Conn, error) {
	return (&net.Dialer{Timeout: patience}).DialContext(ctx, network, g.Address)
}

// Client makes requests to https://<host>/ through the gateway. With keepAlive it uses
// its connections again.
func (g Gateway) Client(keepAlive bool) *http.Client {
	return &http.Client{
		Timeout: patience,
		Transport: &http.Transport{
			DialContext: g.dial, DisableKeepAlives: !keepAlive,
			TLSClientConfig: &tls.Config{RootCAs: g.Roots, MinVersion: tls.VersionTLS12},
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Websocket opens a websocket with an Origin. The status is that of a refusal, 101 if it
// was accepted, 0 if nobody answered.
func (g Gateway) Websocket(ctx context.Context, host, path, origin string) (conn *websocket.Conn, status int, err error) {
	dialer := websocket.Dialer{
		NetDialContext: g.dial, HandshakeTimeout: patience,
		TLSClientConfig: &tls.Config{RootCAs: g.Roots, MinVersion: tls.VersionTLS12},
	}
	conn, answer, err := dialer.DialContext(ctx, "wss://"+host+path, http.Header{"Origin": {origin}})
	if answer != nil {
		status = answer.StatusCode
	}
	if err != nil {
		return nil, status, fmt.Errorf("opening websocket wss://%s%s as %s: %w", host, path, origin, err)
	}
	return conn, status, nil
}
