// Package settings merges what an Organisation and its profile declare with the
// built-in defaults, once, and remembers from which layer each value came. It is
// pure: no client, no clock.
package settings

import (
	"fmt"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
)

// Layer is where a value comes from. Later layers win.
type Layer string

// The layers, in ascending precedence (DESIGN: configuration precedence).
const (
	LayerDefault      Layer = "Default"
	LayerRelease      Layer = "Release"
	LayerProfile      Layer = "Profile"
	LayerSharedSecret Layer = "SharedSecret"
	LayerOwnSecret    Layer = "OwnSecret"
	LayerOrganisation Layer = "Organisation"
	LayerOperator     Layer = "Operator"
)

// DefaultGracePeriod is how long purged data can be had back unless spec says otherwise.
const DefaultGracePeriod = 168 * time.Hour

// Settings is everything that was declared for one Organisation, merged.
type Settings struct {
	Organisation string
	Identity     string
	Namespace    string

	// Host is the NGO's host; Aliases are further ones. All lower-case.
	Host    string
	Aliases []string

	// Release that is wanted; empty if nobody names one. Of a Channel, it is what the
	// channel lets this Organisation aim at, filled in by whoever has read the channel.
	Release string
	// Channel that decides on the Release; empty if one is named.
	Channel string

	Power       v1alpha1.Power
	Replicas    int32
	Resources   corev1.ResourceRequirements
	Schedulers  int32
	Disruption  v1alpha1.Disruption
	Access      []v1alpha1.AccessGrant
	Labels      map[string]string
	Routing     v1alpha1.RoutingSpec
	TLSSecret   string
	Network     v1alpha1.NetworkSpec
	PullSecrets []string

	// ConnectionLimit is the role limit L, in connections.
	ConnectionLimit int32
	ServerSelector  labels.Selector

	Deletion    v1alpha1.DeletionPolicy
	GracePeriod time.Duration

	// ProfileEnv and OwnEnv are plain variables; ProfileSecrets and OwnSecrets name
	// Secrets whose keys become variables, in the order in which they were declared.
	ProfileEnv     []v1alpha1.EnvVar
	ProfileSecrets []string
	OwnEnv         []v1alpha1.EnvVar
	OwnSecrets     []string

	// From says from which layer a setting came, by its name in spec.
	From map[string]Layer
}

// Hosts lists every host that must be claimed, each once: host, aliases and, where the
// Release serves it, api.<host>.
func (s Settings) Hosts(apiHost v1alpha1.APIHost) []string {
	hosts := append([]string{s.Host}, s.Aliases...)
	if api := "api." + s.Host; apiHost == v1alpha1.APIHostServed && !slices.Contains(hosts, api) {
		hosts = append(hosts, api)
	}
	return hosts
}

// Resolve merges an Organisation with its profile. A nil profile yields what the
// Organisation says alone, which is enough to tear it down. The error names the
// field and the cure; it is cured by new input only.
func Resolve(org *v1alpha1.Organisation, profile *v1alpha1.OrganisationProfile) (Settings, error) {
	shared := v1alpha1.OrganisationProfileSpec{}
	if profile != nil {
		shared = profile.Spec
	}
	s := Settings{
		Organisation: org.Name,
		Identity:     org.Identity(),
		Namespace:    names.Namespace(org.Name),
		Aliases:      lower(org.Spec.Aliases),
		Access:       mergeAccess(shared.Access, org.Spec.Access),
		Labels:       shared.Labels,
		ProfileEnv:   shared.Env,
		From:         map[string]Layer{},
	}
	s.power(org)
	s.deletion(org)
	s.release(org, shared)
	s.environment(org, shared)
	s.platform(org, shared)
	if err := s.size(org, shared); err != nil {
		return s, err
	}
	s.messaging(org)
	s.database(org)
	if err := s.selector(org, shared); err != nil {
		return s, err
	}
	return s, s.hosts(org, shared)
}

func (s *Settings) power(org *v1alpha1.Organisation) {
	s.Power = v1alpha1.PowerRunning
	if org.Spec.Power != "" {
		s.Power = org.Spec.Power
	}
}

func (s *Settings) deletion(org *v1alpha1.Organisation) {
	s.Deletion, s.GracePeriod = v1alpha1.DeletionRetain, DefaultGracePeriod
	if d := org.Spec.Deletion; d != nil {
		s.Deletion = d.Policy
		if d.GracePeriod != nil {
			s.GracePeriod = d.GracePeriod.Duration
		}
	}
}

func (s *Settings) release(org *v1alpha1.Organisation, shared v1alpha1.OrganisationProfileSpec) {
	own := org.Spec.Release
	switch {
	case own != nil && (own.Name != "" || own.Channel != ""):
		s.Release, s.Channel, s.From["release"] = own.Name, own.Channel, LayerOrganisation
	case shared.Release != nil:
		s.Release, s.Channel, s.From["release"] = shared.Release.Name, shared.Release.Channel, LayerProfile
	}
}

func (s *Settings) environment(org *v1alpha1.Organisation, shared v1alpha1.OrganisationProfileSpec) {
	for _, from := range shared.EnvFrom {
		s.ProfileSecrets = append(s.ProfileSecrets, from.SecretRef.Name)
	}
	for _, pull := range shared.ImagePullSecrets {
		s.PullSecrets = append(s.PullSecrets, pull.Name)
	}
	if m := org.Spec.Messaging; m != nil {
		s.OwnEnv = m.Env
		for _, from := range m.EnvFrom {
			s.OwnSecrets = append(s.OwnSecrets, from.SecretRef.Name)
		}
	}
}

func (s *Settings) platform(org *v1alpha1.Organisation, shared v1alpha1.OrganisationProfileSpec) {
	s.Routing = v1alpha1.RoutingSpec{Type: v1alpha1.RoutingNone}
	if shared.Routing != nil {
		s.Routing = *shared.Routing
	}
	if shared.Network != nil {
		s.Network = *shared.Network
	}
	if org.Spec.TLS != nil {
		s.TLSSecret = org.Spec.TLS.SecretRef.Name
	}
}

func (s *Settings) messaging(org *v1alpha1.Organisation) {
	s.Replicas, s.Disruption = 1, v1alpha1.DisruptionNone
	m := org.Spec.Messaging
	if m == nil {
		return
	}
	if m.Replicas > 0 {
		s.Replicas, s.From["replicas"] = m.Replicas, LayerOrganisation
	}
	if m.Disruption != "" {
		s.Disruption = m.Disruption
	}
	if m.Resources != nil {
		s.Resources, s.From["resources"] = requirements(*m.Resources), LayerOrganisation
	}
}

func (s *Settings) database(org *v1alpha1.Organisation) {
	if d := org.Spec.Database; d != nil && d.ConnectionLimit > 0 {
		s.ConnectionLimit, s.From["connectionLimit"] = d.ConnectionLimit, LayerOrganisation
	}
}

func (s *Settings) selector(org *v1alpha1.Organisation, shared v1alpha1.OrganisationProfileSpec) error {
	var selector *metav1.LabelSelector
	if shared.Database != nil {
		selector = shared.Database.ServerSelector
	}
	if d := org.Spec.Database; d != nil && d.ServerSelector != nil {
		selector = d.ServerSelector
	}
	if selector == nil {
		s.ServerSelector = labels.Everything()
		return nil
	}
	parsed, err := metav1.LabelSelectorAsSelector(selector)
	if err != nil {
		return fmt.Errorf("spec.database.serverSelector: %w", err)
	}
	s.ServerSelector = parsed
	return nil
}

func (s *Settings) hosts(org *v1alpha1.Organisation, shared v1alpha1.OrganisationProfileSpec) error {
	s.Host, s.From["hostname"] = strings.ToLower(org.Spec.Hostname), LayerOrganisation
	if s.Host == "" && shared.BaseDomain != "" {
		s.Host, s.From["hostname"] = org.Name+"."+shared.BaseDomain, LayerProfile
	}
	switch {
	case s.Host == "":
		return fmt.Errorf("spec.hostname: needed, since profile %q has no baseDomain", org.Spec.Profile)
	case slices.Contains(s.Aliases, s.Host):
		return fmt.Errorf("spec.aliases: %q is the hostname itself; remove it", s.Host)
	}
	for field, hosts := range map[string][]string{"spec.hostname": {s.Host}, "spec.aliases": s.Aliases} {
		if slices.Contains(hosts, shared.BaseDomain) {
			return fmt.Errorf("%s: %q is the platform's own domain (baseDomain of profile %q); choose a host below it", field, shared.BaseDomain, org.Spec.Profile)
		}
	}
	return nil
}

// lower gives hosts the one form in which they are compared.
func lower(hosts []string) []string {
	var lowered []string
	for _, host := range hosts {
		lowered = append(lowered, strings.ToLower(host))
	}
	return lowered
}

// mergeAccess lets an Organisation's own grant replace the profile's for the same subject.
func mergeAccess(shared, own []v1alpha1.AccessGrant) []v1alpha1.AccessGrant {
	merged := slices.Clone(own)
	for _, grant := range shared {
		same := func(g v1alpha1.AccessGrant) bool { return g.Kind == grant.Kind && g.Name == grant.Name }
		if !slices.ContainsFunc(own, same) {
			merged = append(merged, grant)
		}
	}
	return merged
}

func requirements(r v1alpha1.Resources) corev1.ResourceRequirements {
	return corev1.ResourceRequirements{Requests: r.Requests.DeepCopy(), Limits: r.Limits.DeepCopy()}
}
