// Package portal is what stands behind an NGO's host in tests without a node: a real
// HTTPS server with websockets, which decides by Host and by Origin as Glific does, and
// can be told to do so wrongly.
package portal

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Faults are what a portal does wrongly.
type Faults struct {
	// Status of every page; 200 without it.
	Status int
	// AnyOrigin accepts every Origin, NoOrigin none.
	AnyOrigin, NoOrigin bool
}

// Portal answers at its hosts.
type Portal struct {
	// Address, host:port.
	Address string
	// CA in PEM has signed the certificate.
	CA []byte

	server *httptest.Server
	hosts  []string
	mu     sync.Mutex
	faults Faults
	at     map[string]Faults
}

// Start a portal for hosts, with a certificate for them that ends at until.
func Start(until time.Time, hosts ...string) (*Portal, error) {
	certificate, ca, err := issue(until, hosts)
	if err != nil {
		return nil, fmt.Errorf("issuing a certificate for %v: %w", hosts, err)
	}
	p := &Portal{hosts: hosts, CA: ca}
	mux := http.NewServeMux()
	mux.HandleFunc("/", p.page)
	mux.HandleFunc("/socket", p.socket)
	mux.HandleFunc("/live", http.NotFound) // as Phoenix: the transport is below it
	mux.HandleFunc("/live/websocket", p.socket)
	p.server = httptest.NewUnstartedServer(mux)
	p.server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	p.server.Config.ErrorLog = log.New(io.Discard, "", 0) // refused handshakes are what tests are about
	p.server.StartTLS()
	p.Address = p.server.Listener.Addr().String()
	return p, nil
}

// Stop answering.
func (p *Portal) Stop() { p.server.Close() }

// Fail does wrongly from now on.
func (p *Portal) Fail(faults Faults) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults = faults
}

// FailAt does wrongly at one host, whatever the others do.
func (p *Portal) FailAt(host string, faults Faults) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.at == nil {
		p.at = map[string]Faults{}
	}
	p.at[host] = faults
}

func (p *Portal) now(host string) Faults {
	p.mu.Lock()
	defer p.mu.Unlock()
	if own, ok := p.at[host]; ok {
		return own
	}
	return p.faults
}

func (p *Portal) page(w http.ResponseWriter, r *http.Request) {
	switch status := p.now(r.Host).Status; {
	case !slices.Contains(p.hosts, r.Host):
		w.WriteHeader(http.StatusForbidden)
	case status != 0:
		w.WriteHeader(status)
	}
}

func (p *Portal) socket(w http.ResponseWriter, r *http.Request) {
	faults := p.now(r.Host)
	own := r.Header.Get("Origin") == "https://"+r.Host && slices.Contains(p.hosts, r.Host)
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return !faults.NoOrigin && (own || faults.AnyOrigin) }}
	if conn, err := upgrader.Upgrade(w, r, nil); err == nil {
		conn.Close()
	}
}

// issue signs a certificate by itself: it is its own authority.
func issue(until time.Time, hosts []string) (tls.Certificate, []byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "portal"}, DNSNames: hosts,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: until,
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, ca, nil
}
