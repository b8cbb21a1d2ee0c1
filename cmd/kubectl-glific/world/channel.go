package world

import (
	"context"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/fleet"
)

// Channel is a ReleaseChannel with its fleet, as the operator's planner sees them.
type Channel struct {
	Channel *v1alpha1.ReleaseChannel
	Fleet   fleet.Fleet
	// Organisations of the fleet, in the order of its members.
	Organisations []*v1alpha1.Organisation
	// Unread says in words what the caller could not see.
	Unread []string

	profiles map[string]*v1alpha1.OrganisationProfile
}

// ReadChannel reads a ReleaseChannel and its fleet. What a person may not read is left
// out and told, but for the Organisations themselves.
func ReadChannel(ctx context.Context, c client.Reader, name string) (*Channel, error) {
	ch := &Channel{Channel: &v1alpha1.ReleaseChannel{}, profiles: map[string]*v1alpha1.OrganisationProfile{}}
	switch err := c.Get(ctx, client.ObjectKey{Name: name}, ch.Channel); {
	case apierrors.IsNotFound(err):
		return nil, fmt.Errorf("there is no ReleaseChannel %q: kubectl get releasechannels", name)
	case err != nil:
		return nil, fmt.Errorf("reading ReleaseChannel %s: %w; ask for the ClusterRole organisation-viewer", name, err)
	}
	var organisations v1alpha1.OrganisationList
	if err := c.List(ctx, &organisations); err != nil {
		return nil, fmt.Errorf("listing the Organisations of ReleaseChannel %s: %w; ask for the ClusterRole organisation-viewer", name, err)
	}
	servers := ch.surroundings(ctx, c)
	for i := range organisations.Items {
		org := &organisations.Items[i]
		profile := v1alpha1.OrganisationProfileSpec{}
		if p := ch.profiles[org.Spec.Profile]; p != nil {
			profile = p.Spec
		}
		m := fleet.MemberOf(org, profile).On(servers[org.Annotations[v1alpha1.AnnotationServer]])
		if fleet.Concerns(ch.Channel, m) {
			ch.Fleet.Members = append(ch.Fleet.Members, m)
			ch.Organisations = append(ch.Organisations, org)
		}
	}
	return ch, ch.Consider(ctx, c, ch.Channel.Spec.Release)
}

// surroundings are profiles and servers, as far as they may be read.
func (ch *Channel) surroundings(ctx context.Context, c client.Reader) map[string]*v1alpha1.DatabaseServer {
	var profiles v1alpha1.OrganisationProfileList
	if err := c.List(ctx, &profiles); err != nil {
		ch.Unread = append(ch.Unread, fmt.Sprintf("who follows the channel by its profile: %v", err))
	}
	for i := range profiles.Items {
		ch.profiles[profiles.Items[i].Name] = &profiles.Items[i]
	}
	var list v1alpha1.DatabaseServerList
	if err := c.List(ctx, &list); err != nil {
		ch.Unread = append(ch.Unread, fmt.Sprintf("who waits for a DatabaseServer: %v", err))
	}
	servers := map[string]*v1alpha1.DatabaseServer{}
	for i := range list.Items {
		servers[list.Items[i].Name] = &list.Items[i]
	}
	return servers
}

// Consider looks at a Release as if spec.release named it.
func (ch *Channel) Consider(ctx context.Context, c client.Reader, release string) error {
	ch.Channel.Spec.Release, ch.Fleet.Release = release, nil
	found := &v1alpha1.Release{}
	switch err := c.Get(ctx, client.ObjectKey{Name: release}, found); {
	case err == nil:
		ch.Fleet.Release = found
	case !apierrors.IsNotFound(err):
		return fmt.Errorf("reading Release %s: %w; ask for the ClusterRole organisation-viewer", release, err)
	}
	return nil
}

// Lacking finds out what each member's environment would lack for the release: what its
// preflight would stop at. Secrets that may not be read are told, and not guessed at.
func (ch *Channel) Lacking(ctx context.Context, c client.Reader, operatorNamespace string) {
	if ch.Fleet.Release == nil {
		return
	}
	told := map[string]bool{}
	for i, org := range ch.Organisations {
		w := &World{Organisation: org, Profile: ch.profiles[org.Spec.Profile], Release: ch.Fleet.Release}
		config, err := ReadConfig(ctx, c, w, operatorNamespace)
		if err != nil {
			continue // its own status tells
		}
		for _, unread := range config.Unread {
			if !told[unread] {
				told[unread] = true
				ch.Unread = append(ch.Unread, "what is set by "+unread)
			}
		}
		if len(config.Unread) == 0 && len(config.Environment.Problems) > 0 {
			ch.Fleet.Members[i].Lacks = config.Environment.Problems[0].Message
		}
	}
}
