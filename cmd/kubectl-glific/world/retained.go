package world

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
)

// Kept is what the cluster knows of data without a living Organisation. Until when it
// is kept stands in the ledgers of the servers only.
type Kept struct {
	Servers []KeptServer `json:"servers"`
	Keys    []KeptKeys   `json:"keys"`
	// Found are living Organisations that wait because of kept data, and their messages.
	Found []Found `json:"found,omitempty"`
	// Missing says in words what could not be read, and why.
	Missing []string `json:"missing,omitempty"`
}

// KeptServer counts the databases of one DatabaseServer.
type KeptServer struct {
	Name string `json:"name"`
	// Databases that its ledger holds, those of living Organisations among them.
	Databases int `json:"databases"`
	// Living Organisations that are placed there.
	Living int `json:"living"`
	// Known is false until the operator has asked the server.
	Known bool `json:"known"`
	// Warning is what the operator says if what is kept there is not in order.
	Warning string `json:"warning,omitempty"`
}

// KeptKeys are keys that outlived their Organisation: its data can still be read.
type KeptKeys struct {
	Organisation string    `json:"organisation"`
	Identity     string    `json:"identity"`
	Secret       string    `json:"secret"`
	Since        time.Time `json:"since"`
}

// Found is what the operator says of kept data that stands in an Organisation's way.
type Found struct {
	Organisation string `json:"organisation"`
	Message      string `json:"message"`
}

// ReadKept reads what is kept. Only Organisations must be readable.
func ReadKept(ctx context.Context, c client.Reader, operatorNamespace string) (*Kept, error) {
	var living v1alpha1.OrganisationList
	if err := c.List(ctx, &living); err != nil {
		return nil, fmt.Errorf("listing Organisations: %w", err)
	}
	kept := &Kept{Servers: []KeptServer{}, Keys: []KeptKeys{}}
	r := reader{ctx, c, &World{}}
	kept.servers(r, living.Items)
	kept.keys(r, living.Items, operatorNamespace)
	for _, org := range living.Items {
		for _, c := range org.Status.Conditions {
			if c.Type == v1alpha1.Claimed && c.Reason == v1alpha1.ReasonRetainedDataFound {
				kept.Found = append(kept.Found, Found{org.Name, c.Message})
			}
		}
	}
	kept.Missing = r.world.Missing
	return kept, nil
}

func (k *Kept) servers(r reader, living []v1alpha1.Organisation) {
	var servers v1alpha1.DatabaseServerList
	if err := r.List(r, &servers); err != nil {
		r.missing("DatabaseServers", err, "ask for the ClusterRole organisation-viewer")
	}
	for _, server := range servers.Items {
		entry := KeptServer{Name: server.Name, Databases: int(server.Status.Tenants), Known: meta.FindStatusCondition(server.Status.Conditions, v1alpha1.Ready) != nil}
		if c := meta.FindStatusCondition(server.Status.Conditions, v1alpha1.Tended); c != nil && c.Status != metav1.ConditionTrue {
			entry.Warning = c.Reason + ": " + c.Message
		}
		for _, org := range living {
			if org.Status.Database.Server == server.Name && org.Status.Database.Name != "" {
				entry.Living++
			}
		}
		k.Servers = append(k.Servers, entry)
	}
}

// keys lists names and labels of Secrets only: their content is never asked for.
func (k *Kept) keys(r reader, living []v1alpha1.Organisation, namespace string) {
	var secrets metav1.PartialObjectMetadataList
	secrets.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("SecretList"))
	err := r.List(r, &secrets, client.InNamespace(namespace), client.MatchingLabels{v1alpha1.LabelManagedBy: v1alpha1.ManagedBy})
	if err != nil {
		r.world.Missing = append(r.world.Missing, fmt.Sprintf("the Secrets keys-… in namespace %s, which say whose data is kept: %v", namespace, err))
	}
	for _, secret := range secrets.Items {
		identity := secret.Labels[v1alpha1.LabelIdentity]
		alive := slices.ContainsFunc(living, func(o v1alpha1.Organisation) bool { return o.Identity() == identity })
		if secret.Name == names.Keys(identity) && !alive {
			k.Keys = append(k.Keys, KeptKeys{secret.Labels[v1alpha1.LabelOrganisation], identity, secret.Name, secret.CreationTimestamp.Time})
		}
	}
	slices.SortFunc(k.Keys, func(a, b KeptKeys) int {
		return strings.Compare(a.Organisation+"/"+a.Identity, b.Organisation+"/"+b.Identity)
	})
}
