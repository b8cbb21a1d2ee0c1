// Package doctor looks at one NGO from outside, as its people and WhatsApp see it, link
// by link, and stops at the first that is broken.
package doctor

import (
	"context"
	"crypto/x509"
	"fmt"
	"net"
	"time"
)

// Link of the chain, in the order in which a request passes them.
type Link string

// The links.
const (
	DNS         Link = "DNS"
	Certificate Link = "Certificate"
	Route       Link = "Route"
	HTTP        Link = "HTTP"
	Websocket   Link = "Websocket"
	Login       Link = "Login"
	Queue       Link = "Queue"
)

// Verdict on a link.
type Verdict int

// The verdicts.
const (
	// Whole: the link holds.
	Whole Verdict = iota
	// Broken: the link does not hold.
	Broken
	// Unasked: the link could not be looked at, and nothing is known against it.
	Unasked
)

// Finding is what was seen of one link.
type Finding struct {
	Link    Link
	Verdict Verdict
	// Text is what was seen.
	Text string
	// Next is what a person can do; only of what is broken.
	Next string
}

// Code is the exit code that belongs to a broken link: 10 for the first of the chain.
func (f Finding) Code() int {
	for i, link := range Links() {
		if link == f.Link && f.Verdict == Broken {
			return firstCode + i
		}
	}
	return 0
}

const firstCode = 10

// Links in their order.
func Links() []Link { return []Link{DNS, Certificate, Route, HTTP, Websocket, Login, Queue} }

// Patient is what is looked at.
type Patient struct {
	// Name of the Organisation, and its Host.
	Name, Host string
	// Address to dial instead of the host's own, host:port; "" to go by DNS.
	Address string
	// HealthPath answers 200; WebsocketPath takes upgrades, "" if the app has none.
	HealthPath, WebsocketPath string
	// Phone and Password of a person of the NGO; without them, a wrong login must be refused.
	Phone, Password string
	// Routed is what the cluster says of the route.
	Routed func() Finding
	// Asked is what the app says of its queues; the error says why it could not be asked.
	Asked func(context.Context) (string, error)
}

// Doctor looks.
type Doctor struct {
	// Lookup resolves a host.
	Lookup func(ctx context.Context, host string) ([]string, error)
	// Dial opens connections.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Roots that are trusted; the machine's own if nil.
	Roots *x509.CertPool
	// Now is the time at which certificates must be valid.
	Now func() time.Time
	// Patience with each link.
	Patience time.Duration
}

// Look goes along the chain and tells of each link, until one is broken. It returns that
// one, or the last.
func (d *Doctor) Look(ctx context.Context, p Patient, tell func(Finding)) Finding {
	looks := map[Link]func(context.Context, Patient) Finding{
		DNS: d.dns, Certificate: d.certificate, Route: func(context.Context, Patient) Finding { return p.Routed() },
		HTTP: d.http, Websocket: d.websocket, Login: d.login, Queue: d.queue,
	}
	var found Finding
	for _, link := range Links() {
		found = d.patiently(ctx, p, looks[link])
		found.Link = link
		tell(found)
		if found.Verdict == Broken {
			break
		}
	}
	return found
}

func (d *Doctor) patiently(ctx context.Context, p Patient, look func(context.Context, Patient) Finding) Finding {
	ctx, cancel := context.WithTimeout(ctx, d.Patience)
	defer cancel()
	return look(ctx, p)
}

func broken(next, text string, args ...any) Finding {
	return Finding{Verdict: Broken, Text: fmt.Sprintf(text, args...), Next: next}
}

func whole(text string, args ...any) Finding { return Finding{Text: fmt.Sprintf(text, args...)} }

func unasked(text string, args ...any) Finding {
	return Finding{Verdict: Unasked, Text: fmt.Sprintf(text, args...)}
}
