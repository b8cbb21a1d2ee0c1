// Package probe asks an NGO's host what a user would ask it, from outside in: the
// gateway, its certificate, a page, a websocket with the NGO's own Origin, and one with
// a foreign Origin, which must be refused. It dials the gateway itself with the host's
// name, never a public name's address. What lies beside that way comes after it: whether
// the host's name leads anywhere, and whether the database lets the app in.
package probe

import (
	"context"
	"crypto/x509"
	"errors"
	"time"
)

// Target is what is asked, and where.
type Target struct {
	// Address of the gateway, host:port; without it only the login is asked.
	Address string
	// Host is asked everything; Aliases only for their certificate and a page.
	Host    string
	Aliases []string
	// TLS tells whether the gateway speaks TLS for these hosts.
	TLS bool
	// Path of a page that answers below 500 at the NGO's own host, and is not 403 or 404:
	// Glific answers 403 to a host that it does not know.
	Path string
	// Websockets are the paths of websockets that check the Origin.
	Websockets []string
	// DNS tells whether the names of the hosts must have addresses.
	DNS bool
	// Login as the app does to its database; nil if nobody should be let in now.
	Login Login
	// Roots that certificates are checked against; nil takes the system's.
	Roots *x509.CertPool
	// Settled: the last answer that is known was good, though not to this process. After a
	// restart such a host is asked in its own share of the time, so that the operator does
	// not ask a whole fleet and log in as every app at once.
	Settled bool
	// Version is whatever makes an older answer worthless: the release, the routes.
	Version string
}

// Login logs in as the app does, and out again. It returns ErrNotTold if that says nothing
// of the credentials, and any other error if they do not let the app in.
type Login func(context.Context) error

// ErrNotTold: the database could not be asked, or has no connection left.
var ErrNotTold = errors.New("the login could not be tried")

// Link is one part of the chain from a user to the app.
type Link string

// The links, from outside in.
const (
	Gateway       Link = "Gateway"
	Certificate   Link = "Certificate"
	HTTP          Link = "HTTP"
	Websocket     Link = "Websocket"
	ForeignOrigin Link = "ForeignOrigin"
	DNS           Link = "DNS"
	Database      Link = "Database"
)

// Beside tells whether a link lies beside the way from the gateway to the app: when it is
// the first that does not hold, the release on that way answered as it must.
func (l Link) Beside() bool { return l == DNS || l == Database }

// Answer is what one walk along the chain met.
type Answer struct {
	// Broken is the first link that did not hold; "" if all did.
	Broken Link
	// Message says what was asked and what came back.
	Message string
	// CertificateUntil is when the first of the certificates ends; zero without TLS.
	CertificateUntil time.Time
}

// OK tells whether every link held.
func (a Answer) OK() bool { return a.Broken == "" }
