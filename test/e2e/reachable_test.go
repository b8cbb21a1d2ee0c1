package e2e

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"sigs.k8s.io/controller-runtime/pkg/client"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/test/e2e/platform"
)

// strikes is how long three strikes may take on a busy machine; five seconds lie between
// two of them.
const strikes = time.Minute

// Whatever breaks between an NGO and its users turns Reachable false within its strikes,
// and by the name of the broken link; once cured, it is true again.
func TestABrokenLinkIsNamed(t *testing.T) {
	p := start(t)
	n := found(t, p, "indu", pinned("standin-0.2.0"))
	n.becomes(v1alpha1.Reachable, "True/Ready", time.Minute)
	for _, chapter := range []struct {
		name   string
		broken func(ngo)
		reason v1alpha1.Reason
		says   string
		cured  func(ngo)
		// rollout is how long it may take until what is broken serves.
		rollout time.Duration
	}{
		{"the certificate has ended", ngo.endCertificate, v1alpha1.ReasonCertificateInvalid, "expired", ngo.renewCertificate, 0},
		{"the gateway takes no routes of its namespace", ngo.closeGateway, v1alpha1.ReasonHTTPFailed, "404", ngo.openGateway, 0},
		{"the gateway is stopped", ngo.stopGateway, v1alpha1.ReasonGatewayUnreachable, "the gateway does not answer", ngo.startGateway, 0},
		{"its password is changed while it is held", ngo.changePassword, v1alpha1.ReasonLoginRefused, "wrong password", func(n ngo) { n.annotate(v1alpha1.AnnotationHold, "") }, 0},
		{"its websocket refuses its Origin", func(n ngo) { n.edit(pinned("standin-0.2.0-badorigin")) }, v1alpha1.ReasonWebsocketRefused, "refuses the Origin",
			func(n ngo) { n.edit(pinned("standin-0.2.0")) }, patience},
	} {
		t.Run(chapter.name, func(t *testing.T) {
			n := ngo{t, p, n.name}
			chapter.broken(n)
			t.Cleanup(func() {
				if t.Failed() {
					chapter.cured(n)
				}
			})
			n.look()
			org := n.becomes(v1alpha1.Reachable, "False/"+chapter.reason, strikes+chapter.rollout)
			if said := meta.FindStatusCondition(org.Status.Conditions, v1alpha1.Reachable).Message; !strings.Contains(said, chapter.says) {
				t.Errorf("it does not say %q", chapter.says)
			}
			n.says(org, v1alpha1.Ready, "False")
			chapter.cured(n)
			if chapter.reason != v1alpha1.ReasonCertificateInvalid {
				n.look() // without it, once a minute while it is broken
			}
			n.becomes(v1alpha1.Reachable, "True/Ready", 2*time.Minute)
			n.becomes(v1alpha1.Ready, "True", patience)
		})
	}
}

// A password that was changed is set back by the operator before anybody is told.
func TestAChangedPasswordIsSetBack(t *testing.T) {
	p := start(t)
	n := found(t, p, "jaya", pinned("standin-0.2.0"))
	role := n.read().Status.Database.Name
	before := n.verifier(role)
	n.sql(fmt.Sprintf("ALTER ROLE %q PASSWORD 'the-app-s-own'", role))
	if n.verifier(role) == before {
		t.Fatal("the password is not changed")
	}
	began := time.Now()
	n.look()
	n.until("the password is that of before", time.Minute, func() bool { return n.verifier(role) == before })
	t.Logf("set back %.1f s after somebody looked", time.Since(began).Seconds())
	n.becomes(v1alpha1.Reachable, "True/Ready", time.Minute)
}

func (n ngo) verifier(role string) string {
	n.t.Helper()
	return n.sql(fmt.Sprintf("SELECT rolpassword FROM pg_authid WHERE rolname = '%s'", role))
}

func (n ngo) changePassword() {
	n.t.Helper()
	n.annotate(v1alpha1.AnnotationHold, "a look at the database")
	n.sql(fmt.Sprintf("ALTER ROLE %q PASSWORD 'the-app-s-own'", n.read().Status.Database.Name))
}

// keptPrefix marks what is kept in the Gateway's own Secret while another certificate stands in.
const keptPrefix = "kept-"

func (n ngo) endCertificate() {
	n.t.Helper()
	certificate, key, err := platform.EndedCertificate()
	if err != nil {
		n.t.Fatal(err)
	}
	n.certificate(func(data map[string][]byte) {
		for name, content := range maps.Clone(data) {
			if !strings.HasPrefix(name, keptPrefix) && data[keptPrefix+name] == nil {
				data[keptPrefix+name] = content
			}
		}
		data[corev1.TLSCertKey], data[corev1.TLSPrivateKeyKey] = certificate, key
	})
	n.until("the gateway shows it", time.Minute, func() bool { return !n.answers() })
}

func (n ngo) renewCertificate() {
	n.t.Helper()
	n.certificate(func(data map[string][]byte) {
		for name, content := range maps.Clone(data) {
			if whole, kept := strings.CutPrefix(name, keptPrefix); kept {
				data[whole] = content
				delete(data, name)
			}
		}
	})
}

func (n ngo) certificate(edit func(map[string][]byte)) {
	n.t.Helper()
	secret := &corev1.Secret{}
	if err := n.p.Client.Get(n.ctx(), client.ObjectKey{Namespace: "gateway", Name: "wildcard"}, secret); err != nil {
		n.t.Fatal(err)
	}
	edit(secret.Data)
	if err := n.p.Client.Update(n.ctx(), secret); err != nil {
		n.t.Fatal(err)
	}
}

// closeGateway waits like the others: who looks before the gateway knows finds nothing
// broken, and looks again in minutes.
func (n ngo) closeGateway() {
	n.t.Helper()
	n.gateway(gatewayv1.NamespacesFromSame)
	n.until("the gateway refuses the host", time.Minute, func() bool { return !n.answers() })
}

func (n ngo) openGateway() { n.t.Helper(); n.gateway(gatewayv1.NamespacesFromAll) }

// gateway takes routes from these namespaces: a foreign hand at what is not the operator's.
func (n ngo) gateway(from gatewayv1.FromNamespaces) {
	n.t.Helper()
	gateway := &gatewayv1.Gateway{}
	if err := n.p.Client.Get(n.ctx(), client.ObjectKey{Namespace: "gateway", Name: "public"}, gateway); err != nil {
		n.t.Fatal(err)
	}
	for i := range gateway.Spec.Listeners {
		gateway.Spec.Listeners[i].AllowedRoutes.Namespaces.From = &from
	}
	if err := n.p.Client.Update(n.ctx(), gateway); err != nil {
		n.t.Fatal(err)
	}
}

func (n ngo) stopGateway() {
	n.t.Helper()
	n.kubectl("--namespace=gateway", "scale", "deployment/traefik", "--replicas=0")
	n.until("it does not answer", time.Minute, func() bool { return !n.answers() })
}

func (n ngo) startGateway() {
	n.t.Helper()
	n.kubectl("--namespace=gateway", "scale", "deployment/traefik", "--replicas=1")
}
