package plan

import (
	"slices"

	appsv1 "k8s.io/api/apps/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/snapshot"
)

// hosts to claim and route; the first is the one that the pods answer to. While
// somebody else holds a wanted host, they are those that the ledger knows. While the
// ledger cannot be asked, nothing is claimed, so they are those that are claimed already.
// While pods still answer to an old host, or are being replaced, they are the old and
// the wanted ones: nobody is sent to a host whose websockets the pods would refuse.
func hosts(live *snapshot.Snapshot) []string {
	wanted, known := live.Settings.Hosts(snapshot.APIHost(live.Release)), knownHosts(live)
	serving, settled := servingHost(live)
	switch {
	case live.Ledger.Err != nil && len(known) > 0:
		return among(known, slices.Concat([]string{serving}, wanted, known))
	case live.Invalid != nil || len(taken(live, wanted)) > 0:
		return slices.DeleteFunc(slices.Clone(known), func(host string) bool { return len(taken(live, []string{host})) > 0 })
	case serving == "" || (settled && serving == wanted[0]) || len(known) == 0:
		return wanted
	}
	return among(slices.Concat(known, wanted), slices.Concat([]string{serving}, known, wanted))
}

// among lists those of the hosts that may be had, in their order, each once.
func among(may, hosts []string) []string {
	var had []string
	for _, host := range hosts {
		if slices.Contains(may, host) && !slices.Contains(had, host) {
			had = append(had, host)
		}
	}
	return had
}

// knownHosts are those of the ledger's row; while it cannot be asked, those on which the
// Organisation holds a lock.
func knownHosts(live *snapshot.Snapshot) []string {
	if t := live.Ledger.Tenant; t != nil {
		return t.Hosts
	}
	var held []string
	for _, claim := range live.Claims {
		host := claim.Data[HostKey]
		ours := claim.Labels[v1alpha1.LabelIdentity] == live.Settings.Identity && claim.Name == names.HostClaim(host)
		if live.Ledger.Err != nil && host != "" && ours {
			held = append(held, host)
		}
	}
	slices.Sort(held)
	return held
}

// servingHost is BASE_URL of the back end's pods, and whether no older pods are left;
// "" if there are no pods.
func servingHost(live *snapshot.Snapshot) (host string, settled bool) {
	d := snapshot.Find[*appsv1.Deployment](live, "Deployment", live.Settings.Namespace, names.Backend)
	if d == nil || len(d.Spec.Template.Spec.Containers) == 0 || (d.Spec.Replicas != nil && *d.Spec.Replicas == 0) {
		return "", true
	}
	for _, env := range d.Spec.Template.Spec.Containers[0].Env {
		if env.Name == "BASE_URL" {
			host = env.Value
		}
	}
	settled = d.Status.ObservedGeneration >= d.Generation && d.Status.UpdatedReplicas == d.Status.Replicas && d.Status.AvailableReplicas > 0
	return host, settled
}
