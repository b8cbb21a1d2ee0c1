package plan

import (
	"slices"

	appsv1 "k8s.io/api/apps/v1"

	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/snapshot"
)

// hosts to claim and route; the first is the one that the pods answer to. While
// somebody else holds a wanted host, they are those that the ledger knows. While pods
// still answer to an old host, or are being replaced, they are the old and the wanted
// ones: nobody is sent to a host whose websockets the pods would refuse.
func hosts(live *snapshot.Snapshot) []string {
	wanted, known := live.Settings.Hosts(snapshot.APIHost(live.Release)), knownHosts(live)
	if live.Invalid != nil || len(taken(live, wanted)) > 0 {
		return slices.DeleteFunc(slices.Clone(known), func(host string) bool { return len(taken(live, []string{host})) > 0 })
	}
	serving, settled := servingHost(live)
	if serving == "" || (settled && serving == wanted[0]) || len(known) == 0 {
		return wanted
	}
	var both []string
	for _, host := range slices.Concat([]string{serving}, known, wanted) {
		if !slices.Contains(both, host) && (slices.Contains(known, host) || slices.Contains(wanted, host)) {
			both = append(both, host)
		}
	}
	return both
}

func knownHosts(live *snapshot.Snapshot) []string {
	if t := live.Ledger.Tenant; t != nil && len(t.Hosts) > 0 {
		return t.Hosts
	}
	return nil
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
