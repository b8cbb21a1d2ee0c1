package doctor

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"strings"
	"time"
)

func (d *Doctor) dns(ctx context.Context, p Patient) Finding {
	if p.Address != "" {
		return unasked("not asked: %s is dialled instead", p.Address)
	}
	addresses, err := d.Lookup(ctx, p.Host)
	if err != nil || len(addresses) == 0 {
		return broken("create the DNS record of "+p.Host+" that leads to the gateway or load balancer; api."+p.Host+" and aliases need theirs, too",
			"%s has no address: %v", p.Host, err)
	}
	return whole("%s is %s", p.Host, strings.Join(addresses, ", "))
}

// soon is how long before its end a certificate is worth a word.
const soon = 14 * 24 * time.Hour

// certificate shakes hands without checking, so that what is wrong can be told, and
// then checks as a browser does.
func (d *Doctor) certificate(ctx context.Context, p Patient) Finding {
	conn, err := d.Dial(ctx, "tcp", p.address())
	if err != nil {
		return broken("see that the gateway or ingress controller runs, has this address and lets you in", "%s does not answer: %v", p.address(), err)
	}
	defer conn.Close()
	secure := tls.Client(conn, &tls.Config{ServerName: p.Host, InsecureSkipVerify: true}) //nolint:gosec // checked below, with a reason
	if err := secure.HandshakeContext(ctx); err != nil {
		return broken("see that the gateway has a TLS listener for "+p.Host, "%s does not speak TLS for %s: %v", p.address(), p.Host, err)
	}
	chain := secure.ConnectionState().PeerCertificates
	if err := d.verify(chain, p.Host); err != nil {
		return broken(cure(p, err), "the certificate is not good for %s: %v", p.Host, err)
	}
	left := chain[0].NotAfter.Sub(d.Now())
	text := "good for %d days, by %s"
	if left < soon {
		text = "ENDS in %d days, by %s; see why it is not renewed: kubectl describe certificates -n org-" + p.Name
	}
	return whole(text, int(left.Hours()/24), issuer(chain[0]))
}

// issuer is an organisation or a common name.
func issuer(cert *x509.Certificate) string {
	return cmp.Or(strings.Join(cert.Issuer.Organization, " "), cert.Issuer.CommonName)
}

func (d *Doctor) verify(chain []*x509.Certificate, host string) error {
	between := x509.NewCertPool()
	for _, cert := range chain[1:] {
		between.AddCert(cert)
	}
	_, err := chain[0].Verify(x509.VerifyOptions{DNSName: host, Roots: d.Roots, Intermediates: between, CurrentTime: d.Now()})
	return err
}

func cure(p Patient, err error) string {
	var name x509.HostnameError
	var authority x509.UnknownAuthorityError
	switch {
	case errors.As(err, &name):
		return "the gateway serves another certificate: see spec.routing.tls of the profile, or spec.tls of Organisation " + p.Name
	case errors.As(err, &authority):
		return "the gateway serves a certificate that no browser trusts, perhaps its own placeholder: kubectl describe certificates -n org-" + p.Name
	}
	return "renew it: kubectl describe certificates -n org-" + p.Name
}

func (p Patient) address() string { return cmp.Or(p.Address, net.JoinHostPort(p.Host, "443")) }
