package controllers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/postgres"
)

// tend retires what Organisations left behind that were deleted while the server could
// not be asked, ends sessions that outlived their login, and drops what was doomed. One
// failure does not hold up the rest. It says what it found in the condition Tended, and
// returns when to look again.
func (r *DatabaseServerReconciler) tend(ctx context.Context, server *v1alpha1.DatabaseServer) time.Duration {
	open, _, err := r.Databases.For(ctx, server)
	if err != nil {
		return r.tended(server, nil, err)
	}
	held, orphans := r.retireOrphans(ctx, server, open)
	strays := open.EndStraySessions(ctx, r.Installation)
	_, reaped := open.Reap(ctx, r.Installation, r.dropKeys)
	return r.tended(server, held, errors.Join(orphans, strays, reaped))
}

func (r *DatabaseServerReconciler) tended(server *v1alpha1.DatabaseServer, held *orphanage, err error) time.Duration {
	var blocked *ledger.BlockedError
	set := func(status metav1.ConditionStatus, reason, message string) {
		setServer(server, v1alpha1.Tended, status, reason, message, r.Clock.Now())
	}
	switch {
	case held != nil:
		set(metav1.ConditionFalse, v1alpha1.ReasonTeardownHeld, held.message(server))
	case errors.As(err, &blocked):
		set(metav1.ConditionFalse, v1alpha1.ReasonDropBlocked, fmt.Sprintf("%v; it is tried again every few minutes: end what is named there", err))
	case err != nil:
		set(metav1.ConditionUnknown, serverReason(err), err.Error())
		return unreachableRetry
	default:
		set(metav1.ConditionTrue, v1alpha1.ReasonReady, "no login is on whose Organisation is gone, and what was to be purged is purged")
	}
	return observeEvery
}

// orphanage is what the breaker holds of rows whose Organisation is gone.
type orphanage struct {
	rows []ledger.Row
	why  string
}

// confirmation names these rows and no others, so that it confirms no later teardown.
func (o *orphanage) confirmation() string {
	var identities []string
	for _, row := range o.rows {
		identities = append(identities, row.Identity)
	}
	slices.Sort(identities)
	return names.Digest(8, identities...)
}

func (o *orphanage) message(server *v1alpha1.DatabaseServer) string {
	return fmt.Sprintf("%d databases still admit the logins of Organisations that are gone: %s; %s: create the Organisations again with adopt.uid, or retire them, keeping their data: kubectl annotate databaseserver %s --overwrite %s=%s",
		len(o.rows), listed(o.rows), o.why, server.Name, v1alpha1.AnnotationConfirmTeardown, o.confirmation())
}

// listed names the first few rows.
func listed(rows []ledger.Row) string {
	const most = 8
	var words []string
	for i, row := range rows {
		if i == most {
			words = append(words, fmt.Sprintf("%d more", len(rows)-most))
			break
		}
		words = append(words, fmt.Sprintf("%s (%s, %s, uid %s)", row.Organisation, row.Database, row.State, row.Identity))
	}
	return strings.Join(words, ", ")
}

// retireOrphans needs proof that the Organisation is gone: a list from the API server
// that was read after the row. It returns what the breaker holds.
func (r *DatabaseServerReconciler) retireOrphans(ctx context.Context, server *v1alpha1.DatabaseServer, open *postgres.Server) (*orphanage, error) {
	orphans, fleet, err := r.orphans(ctx, open)
	if err != nil {
		return nil, err
	}
	var held orphanage
	for _, row := range orphans {
		verdict, err := r.retire(ctx, open, row, fleet)
		if err != nil {
			return nil, err
		}
		if verdict.Held {
			held.rows, held.why = append(held.rows, row), verdict.Message
		}
	}
	if len(held.rows) == 0 {
		return nil, nil
	}
	if server.Annotations[v1alpha1.AnnotationConfirmTeardown] != held.confirmation() {
		return &held, nil
	}
	return nil, r.retireConfirmed(ctx, open, held.rows, fleet)
}

// orphans are living rows whose Organisation is gone, and how many rows live in all.
func (r *DatabaseServerReconciler) orphans(ctx context.Context, open *postgres.Server) (orphans []ledger.Row, fleet int, err error) {
	rows, err := open.List(ctx, r.Installation)
	if err != nil {
		return nil, 0, err
	}
	living := slices.DeleteFunc(rows, func(row ledger.Row) bool { return !row.State.Living() })
	cached, err := r.identities(ctx, r.Client)
	if err != nil || !slices.ContainsFunc(living, func(row ledger.Row) bool { return !cached[row.Identity] }) {
		return nil, len(living), err
	}
	existing, err := r.identities(ctx, r.Live)
	for _, row := range living {
		if !existing[row.Identity] {
			orphans = append(orphans, row)
		}
	}
	return orphans, len(living), err
}

func (r *DatabaseServerReconciler) retireConfirmed(ctx context.Context, open *postgres.Server, rows []ledger.Row, fleet int) error {
	for _, row := range rows {
		if err := open.ConfirmTeardown(ctx, r.Installation, row.Identity, postgres.TeardownDelete); err != nil {
			return err
		}
		if _, err := r.retire(ctx, open, row, fleet); err != nil {
			return err
		}
	}
	return nil
}

// retire asks the breaker first: finalizers that were removed from a whole fleet by hand
// must not silence it.
func (r *DatabaseServerReconciler) retire(ctx context.Context, open *postgres.Server, row ledger.Row, fleet int) (postgres.Verdict, error) {
	verdict, err := open.AdmitTeardown(ctx, postgres.Teardown{
		Installation: r.Installation, Identity: row.Identity, Kind: postgres.TeardownDelete, FleetSize: fleet,
	})
	if err != nil || verdict.Held {
		return verdict, err
	}
	_, err = open.Retire(ctx, row.Ref(), postgres.Retirement{})
	if err != nil && !errors.Is(err, ledger.ErrStale) {
		return verdict, fmt.Errorf("retiring database %s, whose Organisation is gone: %w", row.Database, err)
	}
	return verdict, nil
}

func (r *DatabaseServerReconciler) identities(ctx context.Context, reader client.Reader) (map[string]bool, error) {
	var organisations v1alpha1.OrganisationList
	if err := reader.List(ctx, &organisations); err != nil {
		return nil, fmt.Errorf("listing Organisations: %w", err)
	}
	identities := map[string]bool{}
	for i := range organisations.Items {
		org := &organisations.Items[i]
		for _, identity := range []string{org.Identity(), org.Status.Identity, string(org.UID)} {
			identities[identity] = true
		}
	}
	return identities, nil
}

// dropKeys removes the master copy of keys that no data depends on any more.
func (r *DatabaseServerReconciler) dropKeys(ctx context.Context, row ledger.Row) error {
	var keys corev1.Secret
	err := r.Live.Get(ctx, client.ObjectKey{Namespace: r.Namespace, Name: names.Keys(row.Identity)}, &keys)
	if err != nil || keys.Labels[v1alpha1.LabelIdentity] != row.Identity {
		return client.IgnoreNotFound(err)
	}
	return client.IgnoreNotFound(r.Delete(ctx, &keys, client.Preconditions{UID: &keys.UID}))
}
