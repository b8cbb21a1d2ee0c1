package snapshot

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/connection"
	"github.com/glific/organisation-operator/internal/fleet"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/optional"
	"github.com/glific/organisation-operator/internal/postgres"
	"github.com/glific/organisation-operator/internal/probe"
	"github.com/glific/organisation-operator/internal/settings"
)

// Loader reads the world of an Organisation.
type Loader struct {
	// Cache reads the operator's own kinds of objects from informers.
	Cache client.Reader
	// Live reads Secrets from the API server.
	Live client.Reader
	// Databases opens DatabaseServers.
	Databases *connection.Pool
	// APIs knows which optional kinds exist.
	APIs *optional.APIs
	// Namespace is the operator's own.
	Namespace string
	// Installation is the UID of the namespace kube-system.
	Installation string
	// Reach asks the NGOs' hosts.
	Reach *probe.Desk
	// Clock bounds spec.adoption of a server.
	Clock clock.PassiveClock

	gateways gateways
}

// Load reads everything, once. An error means that nothing may be concluded.
func (l *Loader) Load(ctx context.Context, org *v1alpha1.Organisation) (*Snapshot, error) {
	s := &Snapshot{Offered: l.APIs.Offers}
	for _, read := range []func(context.Context, *v1alpha1.Organisation, *Snapshot) error{
		l.declared, l.placement, l.claims, l.namespace, l.secrets, l.replacement, l.reach,
	} {
		if err := read(ctx, org, s); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (l *Loader) declared(ctx context.Context, org *v1alpha1.Organisation, s *Snapshot) (err error) {
	s.Profile, err = get(ctx, l.Cache, client.ObjectKey{Name: org.Spec.Profile}, &v1alpha1.OrganisationProfile{})
	if err != nil {
		return err
	}
	s.Settings, s.Invalid = settings.Resolve(org, s.Profile)
	if err := l.channel(ctx, org, s); err != nil {
		return err
	}
	if s.Settings.Release == "" {
		return nil
	}
	s.Release, err = get(ctx, l.Cache, client.ObjectKey{Name: s.Settings.Release}, &v1alpha1.Release{})
	return err
}

// channel finds the Release that a channel lets the Organisation aim at. While the channel
// cannot be found, that is what it aimed at before.
func (l *Loader) channel(ctx context.Context, org *v1alpha1.Organisation, s *Snapshot) (err error) {
	if s.Settings.Channel == "" {
		return nil
	}
	s.Settings.Release = org.Status.Release.Target
	s.Channel, err = get(ctx, l.Cache, client.ObjectKey{Name: s.Settings.Channel}, &v1alpha1.ReleaseChannel{})
	if s.Channel != nil {
		s.Settings.Release = fleet.Aim(s.Channel, org)
	}
	return err
}

// Placed is the DatabaseServer that was chosen for an Organisation; "" before that.
func Placed(org *v1alpha1.Organisation) string {
	if !controllerutil.ContainsFinalizer(org, v1alpha1.Finalizer) {
		return ""
	}
	return org.Annotations[v1alpha1.AnnotationServer]
}

// placement asks the chosen server's ledger; before a server is chosen, all.
func (l *Loader) placement(ctx context.Context, org *v1alpha1.Organisation, s *Snapshot) error {
	name := Placed(org)
	if name == "" {
		return l.survey(ctx, org, s)
	}
	server, err := get(ctx, l.Cache, client.ObjectKey{Name: name}, &v1alpha1.DatabaseServer{})
	if err != nil {
		return err
	}
	s.Server = server
	if server == nil {
		s.Ledger.Err = &ledger.UnreachableError{Server: name, Reason: "no DatabaseServer of this name exists"}
		return nil
	}
	s.Ledger.Adoption = l.adoption(server)
	s.Ledger.Connection, s.Ledger.CA, s.Ledger.Err = l.Databases.For(ctx, server)
	if s.Ledger.Err == nil {
		s.Ledger.Tenant, s.Ledger.Err = s.Ledger.Connection.Read(ctx, org.Identity())
	}
	if t := s.Ledger.Tenant; t != nil && (t.Installation != l.Installation || t.Organisation != org.Name) {
		s.Ledger.Tenant, s.Ledger.Foreign = nil, t
	}
	return nil
}

func (l *Loader) survey(ctx context.Context, org *v1alpha1.Organisation, s *Snapshot) error {
	var servers v1alpha1.DatabaseServerList
	if err := l.Cache.List(ctx, &servers); err != nil {
		return fmt.Errorf("listing DatabaseServers: %w", err)
	}
	for i := range servers.Items {
		server := &servers.Items[i]
		s.Survey = append(s.Survey, l.ask(ctx, org, s.Settings, server))
	}
	return nil
}

func (l *Loader) ask(ctx context.Context, org *v1alpha1.Organisation, set settings.Settings, server *v1alpha1.DatabaseServer) Survey {
	answer := Survey{
		Server:   server,
		Matches:  set.ServerSelector != nil && set.ServerSelector.Matches(labels.Set(server.Labels)),
		Adoption: l.adoption(server),
	}
	open, _, err := l.Databases.For(ctx, server)
	if err != nil {
		answer.Err = err
		return answer
	}
	answer.Tenant, answer.Err = open.Read(ctx, org.Identity())
	if answer.Err == nil {
		answer.Shadowed, answer.Err = open.Shadowing(ctx, postgres.Subject{
			Identity: org.Identity(), Organisation: org.Name, Hosts: set.Hosts(""),
		})
	}
	if answer.Err == nil && answer.Matches {
		answer.Capacity, answer.Err = open.Capacity(ctx)
	}
	return answer
}

// replacement asks all servers again if the chosen one has become full before anything
// was claimed there.
func (l *Loader) replacement(ctx context.Context, org *v1alpha1.Organisation, s *Snapshot) error {
	if !movable(org, s) {
		return nil
	}
	room, err := s.Ledger.Connection.Capacity(ctx)
	s.Ledger.Err = err
	if err == nil && room.Fits(int(s.Settings.ConnectionLimit)) < 1 {
		s.Replacing = true
		return l.survey(ctx, org, s)
	}
	return nil
}

// movable: the chosen server answered that nothing of the Organisation is there, and
// nothing that exists says otherwise or asks for data of another identity.
func movable(org *v1alpha1.Organisation, s *Snapshot) bool {
	at := &s.Ledger
	answered := at.Connection != nil && at.Err == nil
	claimed := at.Tenant != nil || at.Foreign != nil || s.Secrets.Keys != nil || org.Status.Identity != ""
	adopts := org.Annotations[v1alpha1.AnnotationAdopted] != "" || (org.Spec.Adopt != nil && org.Spec.Adopt.UID != "")
	return answered && !claimed && !adopts
}

// adoption tells whether spec.adoption of a server is in force.
func (l *Loader) adoption(server *v1alpha1.DatabaseServer) bool {
	return server.Spec.Adoption != nil && l.Clock.Now().Before(server.Spec.Adoption.SameNameUntil.Time)
}

func (l *Loader) claims(ctx context.Context, org *v1alpha1.Organisation, s *Snapshot) error {
	var held corev1.ConfigMapList
	err := l.Cache.List(ctx, &held, client.InNamespace(l.Namespace), client.MatchingLabels{v1alpha1.LabelIdentity: org.Identity()})
	if err != nil {
		return fmt.Errorf("listing host claims: %w", err)
	}
	s.Claims = held.Items
	set := s.Settings
	if set.Host == "" {
		return nil
	}
	for _, host := range set.Hosts(APIHost(s.Release)) {
		claim, err := get(ctx, l.Cache, client.ObjectKey{Namespace: l.Namespace, Name: names.HostClaim(host)}, &corev1.ConfigMap{})
		if err != nil {
			return err
		}
		if claim != nil && claim.Labels[v1alpha1.LabelIdentity] != org.Identity() {
			s.Claims = append(s.Claims, *claim)
		}
	}
	return nil
}

// APIHost of a release that may be nil.
func APIHost(release *v1alpha1.Release) v1alpha1.APIHost {
	if release == nil {
		return v1alpha1.APIHostAbsent
	}
	return release.Spec.HTTP.APIHost
}

func (l *Loader) namespace(ctx context.Context, _ *v1alpha1.Organisation, s *Snapshot) (err error) {
	s.Namespace, err = get(ctx, l.Cache, client.ObjectKey{Name: s.Settings.Namespace}, &corev1.Namespace{})
	if err != nil || s.Namespace == nil {
		return err
	}
	return l.objects(ctx, s.Settings.Namespace, s)
}

// get reads an object that may be absent: nil without an error says that it is.
func get[T client.Object](ctx context.Context, reader client.Reader, key client.ObjectKey, into T) (T, error) {
	var none T
	err := reader.Get(ctx, key, into)
	switch {
	case apierrors.IsNotFound(err):
		return none, nil
	case err != nil:
		return none, fmt.Errorf("reading %T %s: %w", into, key, err)
	}
	return into, nil
}
