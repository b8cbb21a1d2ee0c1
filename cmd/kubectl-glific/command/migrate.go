package command

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/world"
)

type migrate struct {
	wait     bool
	interval time.Duration
}

func newMigrate(s *Session) *cobra.Command {
	o := &migrate{interval: 2 * time.Second}
	cmd := named(s, act, "migrate NAME", "Say how the migration stands, and ask for another try if it failed",
		`Say how the migration of one NGO stands. The operator migrates by itself, once for each
Release; a migration that failed is tried again only if a person asks, and this asks: it
writes the annotation retry-at, as retry does.

The exit code is 0 if the schema is that of the Release, 2 if not yet, 3 if it failed and
--wait saw it fail again.`,
		func(ctx context.Context, name string, _ []string) error { return o.run(ctx, s, name) })
	cmd.Flags().BoolVarP(&o.wait, "wait", "w", false, "wait until it is through or has failed, until Ctrl-C")
	return cmd
}

func (o *migrate) run(ctx context.Context, s *Session, name string) error {
	c, err := s.Client()
	if err != nil {
		return err
	}
	org, err := world.Organisation(ctx, c, name)
	if err != nil {
		return err
	}
	before := migration(org)
	if before.Reason != v1alpha1.ReasonMigrationFailed {
		return o.follow(ctx, s, c, org, "")
	}
	if err := s.annotate(ctx, c, org, v1alpha1.AnnotationRetryAt, s.stamp()); err != nil {
		return err
	}
	s.record(ctx, c, org, "MigrationRequested", "another try of the migration asked for")
	s.tell("It had failed: %s\nAnother try is asked for.", before.Message)
	return o.follow(ctx, s, c, org, org.Annotations[v1alpha1.AnnotationRetryAt])
}

// migration is the condition Migrated; empty if the operator has not told it.
func migration(org *v1alpha1.Organisation) metav1.Condition {
	if c := meta.FindStatusCondition(org.Status.Conditions, v1alpha1.Migrated); c != nil {
		return *c
	}
	return metav1.Condition{Status: metav1.ConditionUnknown, Reason: v1alpha1.ReasonPending, Message: "the operator has not told yet"}
}

// follow says how it stands, and with --wait goes on until it stands still.
func (o *migrate) follow(ctx context.Context, s *Session, c client.Reader, org *v1alpha1.Organisation, asked string) error {
	ticker := time.NewTicker(o.interval)
	defer ticker.Stop()
	told := ""
	for {
		now := migration(org)
		line := now.Message
		if now.Status != metav1.ConditionTrue {
			line = now.Reason + ": " + line
		}
		if line != told {
			fmt.Fprintf(s.Out, "organisation.tenancy.glific.org/%s %s\n", org.Name, line)
			told = line
		}
		switch seen := org.Status.Requests.RetryAt; {
		case asked != "" && (seen == nil || seen.Value != asked): // the operator has not looked since
		case now.Status == metav1.ConditionTrue:
			return nil
		case now.Reason == v1alpha1.ReasonMigrationFailed:
			return exit(codeStalled)
		}
		if !o.wait {
			return exit(codeNotYet)
		}
		select {
		case <-ctx.Done():
			return exit(codeNotYet)
		case <-ticker.C:
		}
		var err error
		if org, err = world.Organisation(ctx, c, org.Name); err != nil {
			return err
		}
	}
}
