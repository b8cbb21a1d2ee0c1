package doctor

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

var now = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

const host = "asha.ngo.example.org"

// app answers as Glific does, unless a test disturbs it.
type app struct {
	health, login, websocket int
	// anyOrigin opens websockets for everybody.
	anyOrigin bool
	// below puts websockets below the path, as Phoenix does.
	below bool
}

func (a app) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Host != host:
		w.WriteHeader(http.StatusTeapot)
	case strings.HasPrefix(r.URL.Path, "/socket"):
		a.upgrade(w, r)
	case r.URL.Path == sessionPath:
		w.WriteHeader(a.session(r))
	default:
		w.WriteHeader(a.health)
	}
}

func (a app) upgrade(w http.ResponseWriter, r *http.Request) {
	switch {
	case a.below && r.URL.Path == "/socket":
		w.WriteHeader(http.StatusNotFound)
	case r.Header.Get("Upgrade") != "websocket" || r.Header.Get("Sec-WebSocket-Version") != "13":
		w.WriteHeader(http.StatusBadRequest)
	case r.Header.Get("Origin") != "https://"+host && !a.anyOrigin:
		w.WriteHeader(http.StatusForbidden)
	default:
		w.WriteHeader(a.websocket)
	}
}

// session answers 200 to the right login only.
func (a app) session(r *http.Request) int {
	body := make([]byte, 4096)
	n, _ := r.Body.Read(body)
	if a.login == http.StatusUnauthorized && strings.Contains(string(body[:n]), `{"user":{"password":"right","phone":"91"}}`) {
		return http.StatusOK
	}
	return a.login
}

var healthy = app{http.StatusOK, http.StatusUnauthorized, http.StatusSwitchingProtocols, false, false}

// gateway serves an app behind a certificate for some host, valid for some days.
func gateway(t *testing.T, a app, name string, days int) (address string, roots *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test authority"}, DNSNames: []string{name}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(0, 0, days).Add(time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(a)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	server.StartTLS()
	t.Cleanup(server.Close)
	roots = x509.NewCertPool()
	roots.AddCert(cert)
	return server.Listener.Addr().String(), roots
}

// look tells every link as "Link verdict: text".
func look(t *testing.T, address string, roots *x509.CertPool, change func(*Doctor, *Patient)) (last Finding, told string) {
	t.Helper()
	d := &Doctor{
		Lookup: func(context.Context, string) ([]string, error) { return []string{"192.0.2.7"}, nil },
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, address)
		},
		Roots: roots, Now: func() time.Time { return now }, Patience: 20 * time.Second,
	}
	p := Patient{
		Name: "asha", Host: host, HealthPath: "/", WebsocketPath: "/socket",
		Routed: func() Finding { return Finding{Text: "routed"} },
		Asked:  func(context.Context) (string, error) { return "default running 0\nbroadcast running 2\n", nil },
	}
	if change != nil {
		change(d, &p)
	}
	last = d.Look(t.Context(), p, func(f Finding) { told += fmt.Sprintf("%s %d: %s\n", f.Link, f.Verdict, f.Text) })
	return last, told
}

func TestAHealthyNGOIsWholeFromEndToEnd(t *testing.T) {
	for _, a := range []app{healthy, {http.StatusOK, http.StatusUnauthorized, http.StatusSwitchingProtocols, false, true}} {
		address, roots := gateway(t, a, host, 60)
		last, told := look(t, address, roots, nil)
		if last.Link != Queue || last.Code() != 0 || strings.Count(told, " 0: ") != len(Links()) {
			t.Fatalf("not whole:\n%s", told)
		}
		for _, word := range []string{"192.0.2.7", "good for 60 days", "answers 200", "for no other", "wrong login is refused", "2 queues run: default, broadcast"} {
			if !strings.Contains(told, word) {
				t.Errorf("%q is not told:\n%s", word, told)
			}
		}
	}
}

func TestTheFirstBrokenLinkIsNamed(t *testing.T) {
	with := func(change func(*app)) app { a := healthy; change(&a); return a }
	for sentence, test := range map[string]struct {
		app    app
		name   string
		days   int
		change func(*Doctor, *Patient)
		code   int
		text   string
	}{
		"no DNS record": {change: func(d *Doctor, _ *Patient) {
			d.Lookup = func(context.Context, string) ([]string, error) { return nil, errors.New("no such host") }
		}, code: 10, text: "no such host"},
		"nobody listens": {change: func(d *Doctor, _ *Patient) {
			d.Dial = func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("connection refused") }
		}, code: 11, text: "connection refused"},
		"another's certificate":  {name: "other.example.org", code: 11, text: "not " + host},
		"an ended certificate":   {days: -3, code: 11, text: "expired"},
		"an unknown authority":   {change: func(d *Doctor, _ *Patient) { d.Roots = x509.NewCertPool() }, code: 11, text: "unknown authority"},
		"no route":               {change: func(_ *Doctor, p *Patient) { p.Routed = func() Finding { return broken("x", "NotAccepted") } }, code: 12, text: "NotAccepted"},
		"an unseeded database":   {app: with(func(a *app) { a.health = 403 }), code: 13, text: "403"},
		"no pods":                {app: with(func(a *app) { a.health = 503 }), code: 13, text: "503"},
		"a redirect":             {app: with(func(a *app) { a.health = 302 }), code: 13, text: "302"},
		"upgrades are swallowed": {app: with(func(a *app) { a.websocket = 400 }), code: 14, text: "instead of 101"},
		"the origin is refused":  {app: with(func(a *app) { a.websocket = 403 }), code: 14, text: "403 to Origin https://" + host},
		"any origin is let in":   {app: with(func(a *app) { a.anyOrigin = true }), code: 14, text: "foreign Origin"},
		"the database is silent": {app: with(func(a *app) { a.login = 503 }), code: 15, text: "503"},
		"a login is forbidden":   {app: with(func(a *app) { a.login = 403 }), code: 15, text: "403"},
		"a person's password is wrong": {
			change: func(_ *Doctor, p *Patient) { p.Phone, p.Password = "91", "wrong" }, code: 15, text: "the login of 91 is refused"},
		"a queue is paused": {change: func(_ *Doctor, p *Patient) {
			p.Asked = func(context.Context) (string, error) { return "default running 0\nbsp paused 0\n", nil }
		}, code: 16, text: "bsp is paused"},
	} {
		t.Run(sentence, func(t *testing.T) {
			if test.app == (app{}) {
				test.app = healthy
			}
			if test.name == "" {
				test.name = host
			}
			if test.days == 0 {
				test.days = 60
			}
			address, roots := gateway(t, test.app, test.name, test.days)
			last, told := look(t, address, roots, test.change)
			if last.Code() != test.code || last.Next == "" || !strings.Contains(last.Text, test.text) {
				t.Errorf("code %d, want %d with %q and a next step (%q):\n%s", last.Code(), test.code, test.text, last.Next, told)
			}
			if want := test.code - firstCode + 1; strings.Count(told, "\n") != want {
				t.Errorf("%d links are told, want %d:\n%s", strings.Count(told, "\n"), want, told)
			}
		})
	}
}

func TestWhatCannotBeAskedIsNotBroken(t *testing.T) {
	noSessions := healthy
	noSessions.login = http.StatusNotFound
	address, roots := gateway(t, noSessions, host, 5)
	last, told := look(t, address, roots, func(_ *Doctor, p *Patient) {
		p.Address, p.WebsocketPath = "127.0.0.1:443", ""
		p.Asked = func(context.Context) (string, error) { return "", errors.New("forbidden") }
	})
	if last.Code() != 0 {
		t.Fatalf("broken:\n%s", told)
	}
	for _, word := range []string{"DNS 2: not asked", "Certificate 0: ENDS in 5 days", "Websocket 2:", "Login 2:", "Queue 2: not asked", "forbidden"} {
		if !strings.Contains(told, word) {
			t.Errorf("%q is not told:\n%s", word, told)
		}
	}
}

func TestARightLogin(t *testing.T) {
	address, roots := gateway(t, healthy, host, 60)
	last, told := look(t, address, roots, func(_ *Doctor, p *Patient) {
		p.Phone, p.Password = "91", "right"
		p.Asked = func(context.Context) (string, error) { return "none\n", nil }
	})
	if last.Code() != 0 || !strings.Contains(told, "91 can log in") || !strings.Contains(told, "names no Oban queue") {
		t.Errorf("told:\n%s", told)
	}
	if strings.Contains(told, "right") {
		t.Errorf("the password is told:\n%s", told)
	}
}
