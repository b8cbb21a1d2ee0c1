package plan

import (
	"slices"

	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/snapshot"
)

// Placement is where an Organisation's data goes, decided once.
type Placement struct {
	// Server is the name of the DatabaseServer.
	Server string
	// Identity of the data to adopt, where spec.adoption of the server allows it.
	Identity string
}

// place chooses a server, once: where this identity's data lies, else where data
// of the same name may be adopted, else, of the matching open servers with connections
// to spare, the one with the fewest tenants. The name breaks ties, so that the same world
// gives the same choice.
func place(org *v1alpha1.Organisation, live *snapshot.Snapshot) *Placement {
	if found := first(live, ours); found != nil {
		return &Placement{Server: found.Server.Name}
	}
	named := func(s snapshot.Survey) bool { return adoptable(org, s) != nil }
	if found := first(live, named); found != nil && org.Spec.Adopt == nil {
		return &Placement{Server: found.Server.Name, Identity: adoptable(org, *found).Identity}
	}
	roomy := func(s snapshot.Survey) bool { return open(s) && fits(live, s) }
	if found := first(live, roomy); found != nil && !adopts(org) {
		return &Placement{Server: found.Server.Name}
	}
	return nil
}

// adopts tells whether spec names data that exists: it is never placed anew.
func adopts(org *v1alpha1.Organisation) bool {
	return org.Spec.Adopt != nil && org.Spec.Adopt.UID != ""
}

func first(live *snapshot.Snapshot, fits func(snapshot.Survey) bool) *snapshot.Survey {
	var chosen *snapshot.Survey
	for i := range live.Survey {
		answer := &live.Survey[i]
		if fits(*answer) && (chosen == nil || before(answer.Server, chosen.Server)) {
			chosen = answer
		}
	}
	return chosen
}

func ours(s snapshot.Survey) bool { return s.Tenant != nil }

// adoptable is the newest data of the Organisation's name that the server's spec.adoption
// lets it take over; nil if there is none. A host in common is another NGO's data.
func adoptable(org *v1alpha1.Organisation, s snapshot.Survey) *ledger.Row {
	i := slices.IndexFunc(s.Shadowed, func(row ledger.Row) bool { return row.Organisation == org.Name })
	if !s.Adoption || i < 0 {
		return nil
	}
	return &s.Shadowed[i]
}

func open(s snapshot.Survey) bool {
	ready := meta.IsStatusConditionTrue(s.Server.Status.Conditions, v1alpha1.Ready)
	return s.Matches && ready && s.Err == nil && s.Server.DeletionTimestamp.IsZero() && s.Server.Spec.Scheduling != v1alpha1.SchedulingCordoned
}

// fits tells whether a server has the connections that the Organisation asks for.
func fits(live *snapshot.Snapshot, s snapshot.Survey) bool {
	return s.Capacity.Fits(int(live.Settings.ConnectionLimit)) > 0
}

func before(a, b *v1alpha1.DatabaseServer) bool {
	if a.Status.Tenants != b.Status.Tenants {
		return a.Status.Tenants < b.Status.Tenants
	}
	return a.Name < b.Name
}

// placed tells whether a server was chosen for good; finalizer and annotation are one
// write, so one without the other was made by somebody else and proves nothing.
func placed(org *v1alpha1.Organisation, live *snapshot.Snapshot) bool {
	return snapshot.Placed(org) != "" && !live.Replacing
}

// unasked finds a server that did not answer; nil if all did.
func unasked(live *snapshot.Snapshot, matching bool) *snapshot.Survey {
	i := slices.IndexFunc(live.Survey, func(s snapshot.Survey) bool { return s.Err != nil && (s.Matches || !matching) })
	if i < 0 {
		return nil
	}
	return &live.Survey[i]
}
