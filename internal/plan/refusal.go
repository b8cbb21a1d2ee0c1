package plan

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/snapshot"
)

// rule is one named reason to refuse; nil means that the rule has nothing to say.
type rule func(*v1alpha1.Organisation, *snapshot.Snapshot) *Refusal

// rules in the order in which they are told: what the engineer must mend first
// comes first.
var rules = []rule{
	profileMissing, specInvalid, namespaceForeign, hostTaken,
	adoptedNowhere, dataRetained, serverUnreachable, serversFull, noServer,
}

func refuse(org *v1alpha1.Organisation, live *snapshot.Snapshot) *Refusal {
	for _, r := range rules {
		if refusal := r(org, live); refusal != nil {
			return refusal
		}
	}
	return nil
}

func profileMissing(org *v1alpha1.Organisation, live *snapshot.Snapshot) *Refusal {
	if live.Profile != nil {
		return nil
	}
	return &Refusal{
		Reason: v1alpha1.ReasonProfileNotFound, Curable: true,
		Message: fmt.Sprintf("OrganisationProfile %q does not exist: create it, or name another in spec.profile", org.Spec.Profile),
	}
}

func specInvalid(_ *v1alpha1.Organisation, live *snapshot.Snapshot) *Refusal {
	if live.Invalid == nil {
		return nil
	}
	return &Refusal{Reason: v1alpha1.ReasonInvalidSpec, Message: live.Invalid.Error()}
}

// namespaceForeign refuses to adopt what does not carry this identity.
func namespaceForeign(org *v1alpha1.Organisation, live *snapshot.Snapshot) *Refusal {
	ns := live.Namespace
	if ns == nil || names.Owned(org, ns.Labels) {
		return nil
	}
	if names.OwnedByPredecessor(org, ns.Labels) && !ns.DeletionTimestamp.IsZero() {
		return &Refusal{
			Reason: v1alpha1.ReasonNamespaceTerminating, Curable: true,
			Message: fmt.Sprintf("Namespace %s of an earlier Organisation %s is still being deleted", ns.Name, org.Name),
		}
	}
	return &Refusal{
		Reason: v1alpha1.ReasonNameConflict, Curable: true,
		Message: fmt.Sprintf("Namespace %s exists and does not carry the identity %s: nothing was changed; delete that namespace if it is not needed, or give the Organisation another name", ns.Name, org.Identity()),
	}
}

func hostTaken(_ *v1alpha1.Organisation, live *snapshot.Snapshot) *Refusal {
	lost := taken(live, live.Settings.Hosts(snapshot.APIHost(live.Release)))
	if len(lost) == 0 {
		return nil
	}
	return &Refusal{
		Reason: v1alpha1.ReasonHostnameTaken, Curable: true,
		Message: fmt.Sprintf("%s: choose another host in spec.hostname or spec.aliases, or free it there", strings.Join(lost, "; ")),
	}
}

// taken says which of the hosts somebody else holds, and who. A claim's name is the
// lock; what it says inside proves nothing.
func taken(live *snapshot.Snapshot, hosts []string) []string {
	var lost []string
	for _, host := range hosts {
		i := slices.IndexFunc(live.Claims, func(c corev1.ConfigMap) bool {
			return c.Name == names.HostClaim(host) && c.Labels[v1alpha1.LabelIdentity] != live.Settings.Identity
		})
		if i < 0 {
			continue
		}
		holder := live.Claims[i].Labels[v1alpha1.LabelOrganisation]
		if holder == "" {
			holder = "somebody unknown"
		}
		lost = append(lost, fmt.Sprintf("host %s is held by %s (ConfigMap %s)", host, holder, live.Claims[i].Name))
	}
	return lost
}

// HostKey is the key of a host claim's data that holds the host.
const HostKey = "host"

// adoptedNowhere: adopt.uid names data, so an empty database must not appear.
func adoptedNowhere(org *v1alpha1.Organisation, live *snapshot.Snapshot) *Refusal {
	if !adopts(org) {
		return nil
	}
	if placed(org, live) {
		if live.Ledger.Err != nil || live.Ledger.Tenant != nil || live.Ledger.Foreign != nil {
			return nil
		}
	} else if unasked(live, false) != nil || slices.ContainsFunc(live.Survey, ours) {
		return nil
	}
	return &Refusal{
		Reason:  v1alpha1.ReasonNothingToAdopt,
		Message: fmt.Sprintf("spec.adopt.uid: no DatabaseServer holds data of identity %s; it may be purged already: correct the uid, or use adopt.fresh: true", org.Spec.Adopt.UID),
	}
}

// dataRetained: data is never shadowed by an empty database.
func dataRetained(org *v1alpha1.Organisation, live *snapshot.Snapshot) *Refusal {
	if placed(org, live) || org.Spec.Adopt != nil || slices.ContainsFunc(live.Survey, ours) {
		return nil
	}
	for _, answer := range live.Survey {
		if len(answer.Shadowed) == 0 || adoptable(org, answer) != nil {
			continue
		}
		row := answer.Shadowed[0]
		since := row.CreatedAt
		if row.RetiredAt != nil {
			since = *row.RetiredAt
		}
		return &Refusal{
			Reason: v1alpha1.ReasonRetainedDataFound,
			Message: fmt.Sprintf("DatabaseServer %s keeps database %s (%s since %s) of Organisation %s under identity %s: delete this Organisation and create it again with spec.adopt.uid: %s to take that data over, or set spec.adopt.fresh: true to begin with an empty database beside it",
				answer.Server.Name, row.Database, row.State, since.UTC().Format("2006-01-02"), row.Organisation, row.Identity, row.Identity),
		}
	}
	return nil
}

// serverUnreachable: before placement every server must have answered, since data of
// this name may lie on any; with adopt.fresh, those that match.
func serverUnreachable(org *v1alpha1.Organisation, live *snapshot.Snapshot) *Refusal {
	if placed(org, live) || slices.ContainsFunc(live.Survey, ours) {
		return nil
	}
	fresh := org.Spec.Adopt != nil && org.Spec.Adopt.UID == ""
	silent := unasked(live, fresh)
	if silent == nil {
		return nil
	}
	return &Refusal{
		Reason: v1alpha1.ReasonServerUnreachable, Curable: true, Unknown: true,
		Message: fmt.Sprintf("DatabaseServer %s could not be asked whether it keeps data of this Organisation: %v; mend it, delete the DatabaseServer if it is gone for good, or set spec.adopt.fresh: true", silent.Server.Name, silent.Err),
	}
}

// serversFull: those that could take the Organisation have too few connections left.
func serversFull(org *v1alpha1.Organisation, live *snapshot.Snapshot) *Refusal {
	if placed(org, live) || place(org, live) != nil {
		return nil
	}
	var full []string
	for _, answer := range live.Survey {
		if open(answer) && !fits(live, answer) {
			full = append(full, fmt.Sprintf("%s (%s)", answer.Server.Name, answer.Capacity))
		}
	}
	if len(full) == 0 {
		return nil
	}
	return &Refusal{
		Reason: v1alpha1.ReasonConnectionBudgetExceeded, Curable: true,
		Message: fmt.Sprintf("no DatabaseServer that matches has room for a limit of %d connections (and %d of the operator's): %s: raise max_connections there, add a DatabaseServer, or lower spec.database.connectionLimit",
			live.Settings.ConnectionLimit, ledger.OperatorShare, strings.Join(full, ", ")),
	}
}

func noServer(org *v1alpha1.Organisation, live *snapshot.Snapshot) *Refusal {
	if placed(org, live) || place(org, live) != nil {
		return nil
	}
	return &Refusal{
		Reason: v1alpha1.ReasonNoServer, Curable: true,
		Message: "no DatabaseServer matches spec.database.serverSelector (or the profile's) and is Ready and open for new databases: create one, see why it is not Ready, uncordon one, or change the selector",
	}
}
