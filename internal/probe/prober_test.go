package probe_test

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/glific/organisation-operator/internal/probe"
	"github.com/glific/organisation-operator/internal/testkit/portal"
)

const (
	host  = "asha.ngo.example.org"
	alias = "asha.example.org"
)

var until = time.Now().Add(24 * time.Hour).UTC().Truncate(time.Second)

func start(t *testing.T, faults portal.Faults) probe.Target {
	t.Helper()
	p, err := portal.Start(until, host, alias)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Stop)
	p.Fail(faults)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(p.CA)
	return probe.Target{Address: p.Address, Host: host, Aliases: []string{alias}, TLS: true, Path: "/", Websockets: []string{"/socket", "/live"}, Roots: roots}
}

func TestTheFirstBrokenLinkIsNamed(t *testing.T) {
	for sentence, test := range map[string]struct {
		faults portal.Faults
		target func(*probe.Target)
		now    time.Time
		lookup func(context.Context, string) ([]string, error)
		broken probe.Link
		says   string
	}{
		"all links hold":                     {},
		"an alias is asked, too":             {target: func(t *probe.Target) { t.Aliases = []string{"www.asha.org"} }, broken: probe.Certificate, says: "www.asha.org"},
		"the gateway does not answer":        {target: func(t *probe.Target) { t.Address = "127.0.0.1:1" }, broken: probe.Gateway, says: "connection refused"},
		"the certificate is for other hosts": {target: func(t *probe.Target) { t.Host = "pratham.example.org" }, broken: probe.Certificate, says: "pratham.example.org"},
		"nobody knows the authority":         {target: func(t *probe.Target) { t.Roots = x509.NewCertPool() }, broken: probe.Certificate, says: "unknown authority"},
		"the certificate has ended":          {now: until.Add(time.Second), broken: probe.Certificate, says: "expired"},
		"the app answers an error":           {faults: portal.Faults{Status: 502}, broken: probe.HTTP, says: "GET https://" + host + "/ answers 502 Bad Gateway"},
		"nothing is routed there":            {faults: portal.Faults{Status: 404}, broken: probe.HTTP, says: "404"},
		"the app does not know the host":     {faults: portal.Faults{Status: 403}, broken: probe.HTTP, says: "403"},
		"a redirect is an answer":            {faults: portal.Faults{Status: 302}},
		"the app refuses its own Origin": {faults: portal.Faults{NoOrigin: true}, broken: probe.Websocket,
			says: "websocket wss://" + host + "/socket refuses the Origin https://" + host + " (it answers 403 Forbidden)"},
		"there is no websocket": {target: func(t *probe.Target) { t.Websockets = []string{"/nowhere"} }, broken: probe.Websocket, says: "/nowhere"},
		"a host has no address": {target: func(t *probe.Target) { t.DNS = true }, lookup: knows(host), broken: probe.DNS, says: "the name " + alias + " has no address"},
		"every host has one":    {target: func(t *probe.Target) { t.DNS = true }, lookup: knows(host, alias), says: "https://" + host + " answers"},
		"a resolver that does not answer says nothing": {target: func(t *probe.Target) { t.DNS = true },
			lookup: func(context.Context, string) ([]string, error) { return nil, &net.DNSError{IsTimeout: true} }},
		"DNS is not asked where the profile names an address": {lookup: knows(), says: "DNS is not asked, since the profile names the gateway's address"},
		"what users are answered comes before DNS":            {faults: portal.Faults{Status: 502}, target: func(t *probe.Target) { t.DNS = true }, lookup: knows(), broken: probe.HTTP},
		"the database does not let the app in": {target: func(t *probe.Target) { t.Login = answers(errors.New("role asha: wrong password")) }, broken: probe.Database,
			says: "the database does not let the app in: role asha: wrong password"},
		"a database that cannot be asked says nothing": {target: func(t *probe.Target) { t.Login = answers(fmt.Errorf("%w: no route", probe.ErrNotTold)) }},
		"the database lets the app in":                 {target: func(t *probe.Target) { t.Login = answers(nil) }},
		"without an address only the login is asked": {faults: portal.Faults{Status: 502}, target: func(t *probe.Target) { t.Address, t.Login = "", answers(errors.New("refused")) },
			broken: probe.Database},
		"any Origin is accepted": {faults: portal.Faults{AnyOrigin: true}, broken: probe.ForeignOrigin, says: "foreign Origin"},
	} {
		t.Run(sentence, func(t *testing.T) {
			target := start(t, test.faults)
			if test.target != nil {
				test.target(&target)
			}
			prober := probe.Prober{Lookup: test.lookup}
			if !test.now.IsZero() {
				prober.Now = func() time.Time { return test.now }
			}
			answer := prober.Probe(t.Context(), target)
			if answer.Broken != test.broken || !strings.Contains(answer.Message, test.says) {
				t.Errorf("got %q: %s", answer.Broken, answer.Message)
			}
		})
	}
}

// knows is a DNS with these names in it.
func knows(hosts ...string) func(context.Context, string) ([]string, error) {
	return func(_ context.Context, host string) ([]string, error) {
		if slices.Contains(hosts, host) {
			return []string{"192.0.2.1"}, nil
		}
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
}

func answers(err error) probe.Login { return func(context.Context) error { return err } }

func TestTheCertificatesEndIsTold(t *testing.T) {
	answer := probe.Prober{}.Probe(t.Context(), start(t, portal.Faults{}))
	if !answer.OK() || !answer.CertificateUntil.Equal(until) {
		t.Errorf("%+v, want the end at %v", answer, until)
	}
}

func TestWithoutTLSNothingIsEncrypted(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer server.Close()
	answer := probe.Prober{}.Probe(t.Context(), probe.Target{Address: server.Listener.Addr().String(), Host: host, Path: "/"})
	if !answer.OK() || !answer.CertificateUntil.IsZero() {
		t.Errorf("%+v", answer)
	}
}
