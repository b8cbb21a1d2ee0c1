package snapshot

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"

	appsv1 "k8s.io/api/apps/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"sigs.k8s.io/controller-runtime/pkg/client"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/keyring"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/probe"
)

// Reach is what is known of an Organisation's hosts, as their users meet them.
type Reach struct {
	// Unasked says why no host is asked now; "" if one is. The database may be asked
	// nevertheless.
	Unasked string
	// Standing is what is known; Known is false until a first answer counts.
	Standing probe.Standing
	Known    bool
}

// reach asks the hosts that are routed, in the background, and takes what is known. While
// nothing is to be expected of a host, nobody asks.
func (l *Loader) reach(ctx context.Context, org *v1alpha1.Organisation, s *Snapshot) error {
	if l.Reach == nil {
		s.Reach.Unasked = "nobody probes"
		return nil
	}
	target, unasked, err := l.target(ctx, org, s)
	target.Login = login(org, s)
	target.Version += "/" + org.Annotations[v1alpha1.AnnotationReconcileAt] // a person wants to know now
	target.Settled = settled(org)
	s.Reach.Unasked = unasked
	if err != nil || (unasked != "" && target.Login == nil) {
		return err
	}
	s.Reach.Standing, s.Reach.Known = l.Reach.Standing(ctx, org.Name, target)
	return nil
}

// Forget what is known of an Organisation that is no more.
func (l *Loader) Forget(organisation string) {
	if l.Reach != nil {
		l.Reach.Forget(organisation)
	}
}

// idle is one text for both, so that an NGO on its way to Ready is not written for it.
const idle = "nobody is asked before a route exists and a pod serves; see conditions RouteReady and MessagingReady"

func (l *Loader) target(ctx context.Context, org *v1alpha1.Organisation, s *Snapshot) (t probe.Target, unasked string, err error) {
	hosts := s.RoutedHosts()
	backend := Find[*appsv1.Deployment](s, "Deployment", s.Settings.Namespace, names.Backend)
	switch {
	case s.Profile == nil || s.Release == nil || s.Settings.Routing.Type == v1alpha1.RoutingNone:
		return t, "nothing is routed by the operator", nil
	case !slices.Contains(hosts, s.Settings.Host):
		return t, idle, nil
	case backend == nil || backend.Status.AvailableReplicas == 0 || s.Settings.Power == v1alpha1.PowerSuspended || !org.DeletionTimestamp.IsZero():
		return t, idle, nil
	case s.Ledger.Err != nil:
		return t, "the DatabaseServer cannot be asked, so what the app answers says nothing of the app", nil //nolint:nilerr // the ledger's step tells it
	}
	t = probe.Target{
		Host: s.Settings.Host, Path: "/", Websockets: s.Release.Spec.HTTP.WebsocketPaths,
		TLS:     s.Settings.Routing.TLS == nil || s.Settings.Routing.TLS.Type != v1alpha1.TLSNone,
		Aliases: among(s.Settings.Aliases, hosts),
		Version: version(org, backend),
	}
	if t.Address, err = l.address(ctx, s, t.TLS); err != nil {
		return t, "", err
	}
	if t.Address == "" {
		return t, "the gateway reports no address: name one in spec.routing.probe.address of OrganisationProfile " + s.Profile.Name, nil
	}
	t.DNS = s.Settings.Routing.Probe == nil || s.Settings.Routing.Probe.Address == ""
	t.Roots, err = l.roots(ctx, s)
	return t, "", err
}

// login as the app, once its database is filled and while it may be let in. A tenant
// chooses how long its password takes to check, so only a refusal and no answer at all
// are told apart from what says nothing of it.
func login(org *v1alpha1.Organisation, s *Snapshot) probe.Login {
	server, tenant := s.Ledger.Connection, s.Ledger.Tenant
	if s.Ledger.Err != nil || tenant == nil || s.Secrets.Keys == nil || !org.DeletionTimestamp.IsZero() ||
		tenant.State != ledger.Active || tenant.Bootstrap != ledger.Bootstrapped {
		return nil
	}
	keys, err := keyring.Parse(s.Secrets.Keys.Data)
	if err != nil {
		return nil // the step of the keys tells it
	}
	database, role := tenant.Database, tenant.LoginRole
	return func(ctx context.Context) error {
		err := server.TryLogin(ctx, database, role, keys.DatabasePassword())
		if errors.Is(err, ledger.ErrUnreachable) || errors.Is(err, ledger.ErrNoConnectionLeft) {
			return fmt.Errorf("%w: %w", probe.ErrNotTold, err)
		}
		return err
	}
}

// version of what answers: another template, the end of a rollout, or the end of the old
// pods, which a gateway may still ask for a moment, makes what was answered before
// worthless. An update is proved only by what is answered after its hold.
func version(org *v1alpha1.Organisation, d *appsv1.Deployment) string {
	s := d.Status
	alone := s.TerminatingReplicas == nil || *s.TerminatingReplicas == 0
	return fmt.Sprint(d.UID, "/", s.ObservedGeneration, "/", s.UpdatedReplicas == s.Replicas && s.AvailableReplicas == s.Replicas, "/", alone, "/", proof(org))
}

// proof is the token of the update that ends with the next answer; "" while none does.
func proof(org *v1alpha1.Organisation) string {
	switch u := org.Status.Update; {
	case u != nil && u.Stage == v1alpha1.StageProbing:
		return u.Token
	case u != nil && u.Stage == v1alpha1.StageRollingBack:
		return u.Token + "/back"
	}
	return ""
}

// settled tells whether a new operator may take its time to ask: the host was reachable
// and no update waits for the answer.
func settled(org *v1alpha1.Organisation) bool {
	return meta.IsStatusConditionTrue(org.Status.Conditions, v1alpha1.Reachable) && proof(org) == ""
}

func among(wanted, there []string) []string {
	return slices.DeleteFunc(slices.Clone(wanted), func(host string) bool { return !slices.Contains(there, host) })
}

// RoutedHosts are those of the live routes.
func (s *Snapshot) RoutedHosts() []string {
	var hosts []string
	for _, obj := range s.All("HTTPRoute") {
		for _, host := range obj.(*gatewayv1.HTTPRoute).Spec.Hostnames {
			hosts = append(hosts, string(host))
		}
	}
	for _, obj := range s.All("Ingress") {
		for _, rule := range obj.(*networkingv1.Ingress).Spec.Rules {
			hosts = append(hosts, rule.Host)
		}
	}
	return hosts
}

// address of the gateway, host:port; "" if nobody says.
func (l *Loader) address(ctx context.Context, s *Snapshot, tls bool) (string, error) {
	routing := s.Settings.Routing
	if routing.Probe != nil && routing.Probe.Address != "" {
		return routing.Probe.Address, nil
	}
	port := 80
	if tls {
		port = 443
	}
	host, err := l.reported(ctx, s)
	if err != nil || host == "" {
		return "", err
	}
	return net.JoinHostPort(host, strconv.Itoa(port)), nil
}

// reported by the Gateway or the Ingress.
func (l *Loader) reported(ctx context.Context, s *Snapshot) (string, error) {
	if gateway := s.Settings.Routing.Gateway; gateway != nil {
		return l.gateways.address(ctx, l.Live, client.ObjectKey{Namespace: gateway.GatewayNamespace, Name: gateway.Name}, l.Clock.Now())
	}
	for _, obj := range s.All("Ingress") {
		for _, entry := range obj.(*networkingv1.Ingress).Status.LoadBalancer.Ingress {
			return cmp.Or(entry.IP, entry.Hostname), nil
		}
	}
	return "", nil
}

// roots of the gateway's certificates; nil means the system's.
func (l *Loader) roots(ctx context.Context, s *Snapshot) (*x509.CertPool, error) {
	declared := s.Settings.Routing.Probe
	if declared == nil || declared.CA == nil {
		return nil, nil //nolint:nilnil // nil is the system's pool, as crypto/tls has it
	}
	secret, err := l.secret(ctx, l.Namespace, declared.CA.Name)
	if err != nil || secret == nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(secret.Data["ca.crt"])
	return pool, nil
}
