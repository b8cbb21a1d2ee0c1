package campaign

import (
	"context"
	"fmt"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/testkit/lane"
)

// act is what a person, or time, does to an Organisation. The operator comes to rest
// after it.
type act func(context.Context, *subject) error

// workflow is something that happens to an Organisation.
type workflow struct {
	name string
	// before are acts of an undisturbed operator's life, up to where the workflow begins.
	before []act
	// acts are the workflow. A life is ended at any write of it.
	acts []act
	// always runs every point, even where others are sampled.
	always bool
}

// workflows are all of them, in the order of the report.
func workflows() []workflow {
	return []workflow{
		{name: "provision", acts: []act{create}, always: true},
		{name: "update", before: []act{create}, acts: []act{update}},
		{name: "suspend", before: []act{create, logIn}, acts: []act{suspend}},
		{name: "resume", before: []act{create, suspend}, acts: []act{resume}},
		{name: "delete-retain", before: []act{create, logIn}, acts: []act{remove}, always: true},
		{name: "delete-purge", before: []act{createToPurge, logIn}, acts: []act{remove, passGrace}, always: true},
		{name: "adopt", before: []act{create, remove}, acts: []act{adopt}},
	}
}

func create(ctx context.Context, s *subject) error { return s.create(ctx, nil) }

func createToPurge(ctx context.Context, s *subject) error {
	return s.create(ctx, func(org *v1alpha1.Organisation) {
		org.Spec.Deletion = &v1alpha1.DeletionSpec{Policy: v1alpha1.DeletionPurge, Confirm: org.Name}
	})
}

// adopt is the same Organisation again, with another UID and the old identity.
func adopt(ctx context.Context, s *subject) error {
	return s.create(ctx, func(org *v1alpha1.Organisation) {
		org.Spec.Adopt = &v1alpha1.AdoptSpec{UID: s.identity}
	})
}

func update(ctx context.Context, s *subject) error {
	return s.edit(ctx, func(org *v1alpha1.Organisation) { org.Spec.Release = &v1alpha1.OrganisationRelease{Name: nextRelease} })
}

func suspend(ctx context.Context, s *subject) error {
	return s.edit(ctx, func(org *v1alpha1.Organisation) { org.Spec.Power = v1alpha1.PowerSuspended })
}

func resume(ctx context.Context, s *subject) error {
	return s.edit(ctx, func(org *v1alpha1.Organisation) { org.Spec.Power = v1alpha1.PowerRunning })
}

func remove(ctx context.Context, s *subject) error {
	org := lane.Organisation(s.name)
	if err := s.stage.lane.Admin.Delete(ctx, org); err != nil {
		return fmt.Errorf("deleting Organisation %s: %w", s.name, err)
	}
	return nil
}

// logIn opens a session of the tenant and leaves it open, as somebody with psql would.
func logIn(ctx context.Context, s *subject) error { return s.logIn(ctx) }

// passGrace lets the doomed data's time come, as seen by the database server's clock.
func passGrace(ctx context.Context, s *subject) error {
	return s.stage.exec(ctx, "UPDATE ledger.tenant SET purge_at = now() - interval '1 second' WHERE organisation = $1 AND state = 'doomed'", s.name)
}

func (s *subject) create(ctx context.Context, declare func(*v1alpha1.Organisation)) error {
	org := lane.Organisation(s.name)
	if declare != nil {
		declare(org)
	}
	if err := s.stage.lane.Admin.Create(ctx, org); err != nil {
		return fmt.Errorf("creating Organisation %s: %w", s.name, err)
	}
	s.identity = org.Identity()
	return nil
}

func (s *subject) edit(ctx context.Context, change func(*v1alpha1.Organisation)) error {
	org, err := s.stage.lane.Organisation(ctx, s.name)
	if err != nil {
		return err
	}
	before := org.DeepCopy()
	change(org)
	if err := s.stage.lane.Admin.Patch(ctx, org, client.MergeFrom(before)); err != nil {
		return fmt.Errorf("changing Organisation %s: %w", s.name, err)
	}
	return nil
}
