package controllers

import (
	"context"
	"fmt"

	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// letGo removes the finalizer, and ends the sessions.
func (r *DatabaseServerReconciler) letGo(ctx context.Context, server *v1alpha1.DatabaseServer) error {
	r.Databases.Forget(server.Name)
	if controllerutil.RemoveFinalizer(server, v1alpha1.FinalizerInUse) {
		return r.finalizer(ctx, server)
	}
	return nil
}

// kept says why an object that is being deleted must stay: Organisations are placed on the server, or data
// is there, which without a DatabaseServer nobody would see, adopt or purge. A person may
// leave data there. A server whose ledger was never seen has none of ours.
func (r *DatabaseServerReconciler) kept(ctx context.Context, server *v1alpha1.DatabaseServer, asked error) (string, error) {
	placed, err := r.placedOn(ctx, server.Name)
	switch {
	case err != nil:
		return "", err
	case len(placed) > 0:
		return fmt.Sprintf("kept while %d Organisations are placed here, %s among them: delete them first", len(placed), placed[0]), nil
	case server.Status.Ledger == "" || server.Annotations[v1alpha1.AnnotationLeaveData] == server.Name:
		return "", nil
	}
	leave := fmt.Sprintf("to leave it there, which loses nothing: kubectl annotate databaseserver %s --overwrite %s=%s; a DatabaseServer that leads there again finds it",
		server.Name, v1alpha1.AnnotationLeaveData, server.Name)
	if asked != nil {
		return fmt.Sprintf("kept, since the server cannot be asked whether it has data (%v): mend it; or, %s", asked, leave), nil
	}
	open, _, err := r.Databases.For(ctx, server)
	if err != nil {
		return "", err
	}
	rows, err := open.List(ctx, r.Installation)
	if err != nil || len(rows) == 0 {
		return "", err
	}
	return fmt.Sprintf("kept while data of %d Organisations is here: %s: adopt it, or wait until it is purged; or, %s", len(rows), listed(rows), leave), nil
}

// placedOn names the Organisations that are placed on a server.
func (r *DatabaseServerReconciler) placedOn(ctx context.Context, server string) ([]string, error) {
	var organisations v1alpha1.OrganisationList
	if err := r.Live.List(ctx, &organisations); err != nil {
		return nil, fmt.Errorf("listing Organisations on DatabaseServer %s: %w", server, err)
	}
	var placed []string
	for i := range organisations.Items {
		if organisations.Items[i].Annotations[v1alpha1.AnnotationServer] == server {
			placed = append(placed, organisations.Items[i].Name)
		}
	}
	return placed, nil
}
