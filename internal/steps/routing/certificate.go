package routing

import (
	"crypto/x509"
	"encoding/pem"
	"slices"
	"strings"

	certmanagerv1 "github.com/cert-manager/cert-manager/pkg/apis/certmanager/v1"
	certmanagerv1ac "github.com/cert-manager/cert-manager/pkg/client/applyconfigurations/certmanager/v1"
	certmanagermetav1ac "github.com/cert-manager/cert-manager/pkg/client/applyconfigurations/meta/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/optional"
	"github.com/glific/organisation-operator/internal/snapshot"
	"github.com/glific/organisation-operator/internal/step"
)

// certificates says how each host gets its certificate.
type certificates struct {
	// secrets in the tenant's namespace, by the host that they serve.
	secrets map[string]string
	// issued are the hosts for which cert-manager is asked.
	issued []string
	// bare are hosts that need a certificate and have none.
	bare []string
	// own tells whether the NGO's own certificate was found and names one of the hosts.
	own bool
	// missing are optional APIs without which hosts stay as they are.
	missing []schema.GroupVersionKind
}

// certify decides host by host: the NGO's own certificate if it names the host, the
// platform's wildcard if it covers the host, else one that cert-manager issues.
func certify(v step.View) certificates {
	c := certificates{secrets: map[string]string{}}
	name, own := ownCertificate(v)
	tls := v.Settings.Routing.TLS
	app, api := hosts(v)
	for _, host := range append(app, api...) {
		switch {
		case own != nil && own.VerifyHostname(host) == nil:
			c.own = true
			if c.has(v, optional.ListenerSet) {
				c.secrets[host] = name
			}
		case tls == nil || tls.Type == v1alpha1.TLSNone:
		case tls.Type == v1alpha1.TLSWildcard && covered(v, host):
		case tls.Issuer == nil:
			c.bare = append(c.bare, host)
		case c.has(v, optional.Certificate) && c.has(v, optional.ListenerSet):
			c.issue(v, host)
		}
	}
	return c
}

// issue asks for a certificate. A host that the platform's wildcard may serve stays
// with that until the certificate is there: a change of the profile must not take
// hundreds of hosts off the air while an authority counts requests.
func (c *certificates) issue(v step.View, host string) {
	c.issued = append(c.issued, host)
	if !covered(v, host) || issued(v, host) {
		c.secrets[host] = names.Certificate
	}
}

// issued tells whether cert-manager's certificate serves a host already, or can.
func issued(v step.View, host string) bool {
	ns := v.Settings.Namespace
	if set := snapshot.Find[*gatewayv1.ListenerSet](v.Live, optional.ListenerSet.Kind, ns, names.Certificate); set != nil {
		for _, l := range set.Spec.Listeners {
			if string(l.Name) == host {
				return true
			}
		}
	}
	if in := snapshot.Find[*networkingv1.Ingress](v.Live, "Ingress", ns, names.Backend); in != nil {
		for _, tls := range in.Spec.TLS {
			if tls.SecretName == names.Certificate && slices.Contains(tls.Hosts, host) {
				return true
			}
		}
	}
	live := snapshot.Find[*certmanagerv1.Certificate](v.Live, optional.Certificate.Kind, ns, names.Certificate)
	return live != nil && slices.Contains(live.Spec.DNSNames, host) && ready(live) == ""
}

// has tells whether the cluster offers an API that the way of routing needs, and
// notes it if not: then hosts stay with the gateway's own certificate.
func (c *certificates) has(v step.View, api schema.GroupVersionKind) bool {
	unneeded := api == optional.ListenerSet && v.Settings.Routing.Type != v1alpha1.RoutingGateway
	if unneeded || v.Live.Offered(api) {
		return true
	}
	if !slices.Contains(c.missing, api) {
		c.missing = append(c.missing, api)
	}
	return false
}

// covered: a wildcard stands for exactly one label (RFC 6125, section 6.4.3).
func covered(v step.View, host string) bool {
	if v.Live.Profile == nil || v.Live.Profile.Spec.BaseDomain == "" {
		return false
	}
	label, found := strings.CutSuffix(host, "."+v.Live.Profile.Spec.BaseDomain)
	return found && label != "" && !strings.Contains(label, ".")
}

// ownCertificate is the copy of the certificate that the NGO brings, and the name of
// that copy. If the original was taken away, the copy that routes use goes on.
func ownCertificate(v step.View) (string, *x509.Certificate) {
	if v.Settings.TLSSecret == "" {
		return "", nil
	}
	if copied, ok := v.TLSSecret(); ok {
		return copied.Name, parse(copied.Data)
	}
	for _, secret := range v.Live.Secrets.Tenant {
		if strings.HasPrefix(secret.Name, names.TLSSecret("")) && v.Live.Mentions(secret.Name) {
			return secret.Name, parse(secret.Data)
		}
	}
	return "", nil
}

// parse reads the first certificate, the server's own; nil if there is none.
func parse(data map[string][]byte) *x509.Certificate {
	block, _ := pem.Decode(data[corev1.TLSCertKey])
	if block == nil {
		return nil
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil
	}
	return certificate
}

// certificate asks cert-manager for one certificate with all names that need one:
// Let's Encrypt counts certificates per registered domain.
func certificate(v step.View, c certificates) step.Applicable {
	if len(c.issued) == 0 {
		return nil
	}
	issuer := v.Settings.Routing.TLS.Issuer
	return certmanagerv1ac.Certificate(names.Certificate, v.Settings.Namespace).
		WithSpec(certmanagerv1ac.CertificateSpec().
			WithSecretName(names.Certificate).
			WithDNSNames(c.issued...).
			WithIssuerRef(certmanagermetav1ac.IssuerReference().
				WithGroup(optional.Certificate.Group).WithKind(string(issuer.Kind)).WithName(issuer.Name)))
}
