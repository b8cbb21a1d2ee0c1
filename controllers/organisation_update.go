package controllers

import (
	"context"
	"fmt"
	"slices"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/fleet"
	"github.com/glific/organisation-operator/internal/plan"
	"github.com/glific/organisation-operator/internal/step"
	"github.com/glific/organisation-operator/internal/steps/messaging"
	"github.com/glific/organisation-operator/internal/steps/migration"
	"github.com/glific/organisation-operator/internal/steps/reachability"
	"github.com/glific/organisation-operator/internal/update"
)

// update decides how the update by a channel goes on. What begins, or is given up, rests
// on the channel as the API server has it, not on the cache.
func (r *OrganisationReconciler) update(ctx context.Context, v step.View) (update.Decision, error) {
	last := v.Org.Status.Update
	open := last != nil && last.Answer == v1alpha1.SlotAccepted
	if v.Live.Channel == nil && !open {
		return update.Decision{Target: v.Settings.Release, Update: last}, nil
	}
	facts, err := r.updateFacts(ctx, v)
	if err != nil {
		return update.Decision{}, err
	}
	decision := update.Decide(facts)
	if decision.Action != update.ReadChannel {
		return decision, nil
	}
	var channels v1alpha1.ReleaseChannelList
	if err := r.Live.List(ctx, &channels, client.MatchingFields{"metadata.name": v.Settings.Channel}); err != nil {
		return update.Decision{}, fmt.Errorf("reading ReleaseChannel %s before the first change: %w", v.Settings.Channel, err)
	}
	facts.Gate = &update.Gate{Release: facts.Wanted}
	if len(channels.Items) == 1 {
		facts.Gate = fleet.Gate(&channels.Items[0], memberOf(v), r.Clock.Now())
	}
	return update.Decide(facts), nil
}

func memberOf(v step.View) fleet.Member {
	profile := v1alpha1.OrganisationProfileSpec{}
	if v.Live.Profile != nil {
		profile = v.Live.Profile.Spec
	}
	return fleet.MemberOf(v.Org, profile).On(v.Live.Server)
}

func (r *OrganisationReconciler) updateFacts(ctx context.Context, v step.View) (update.Facts, error) {
	org := v.Org
	f := update.Facts{
		Now: r.Clock.Now(), Last: org.Status.Update, Aimed: v.Settings.Release, Serving: org.Status.Release.Serving,
		Generation: org.Generation, RetryAt: v.Plan.RetryAt,
		Leaving: leaving(v), Still: still(v),
		Preflight: messaging.Lacking(v), Migration: migration.Stand(v), Pods: messaging.Pods(v),
		Probes: reachability.Probes(v), Verified: org.Status.Release.Verified,
	}
	if v.Live.Release != nil {
		f.Alone = v.Live.Release.Spec.Update.Strategy == v1alpha1.UpdateRecreate
	}
	if channel := v.Live.Channel; channel != nil {
		f.Offer, f.Wanted = fleet.OfferOf(channel, string(org.UID)), channel.Spec.Release
		f.OnFailure, f.Limits = channel.Spec.OnFailure, update.LimitsOf(channel.Spec.Verification)
		if channel.Spec.Backup != v1alpha1.BackupAccepted {
			f.Backup = update.BackupMissing
		}
	} else {
		f.Limits = update.LimitsOf(v1alpha1.VerificationSpec{})
	}
	var err error
	if f.Preflight == nil && !f.Pods.Asked && f.Migration.State == update.MigrationDone { // once pods are asked for, nobody looks at it
		if f.Preflight, err = r.overtaken(ctx, v); err != nil {
			return f, err
		}
	}
	f.Reversible, err = r.reversible(ctx, v, f)
	return f, err
}

// leaving says why the Organisation can follow no channel.
func leaving(v step.View) *update.Obstacle {
	switch {
	case !v.Org.DeletionTimestamp.IsZero():
		return &update.Obstacle{Reason: v1alpha1.ReasonDeleting, Message: "the Organisation is being deleted"}
	case v.Settings.Channel == "":
		return &update.Obstacle{Reason: v1alpha1.ReasonPinned, Message: "spec.release names a Release, so no channel moves this Organisation"}
	case v.Org.Status.Update != nil && v.Org.Status.Update.Channel != v.Settings.Channel && v.Org.Status.Update.Answer == v1alpha1.SlotAccepted:
		return &update.Obstacle{Reason: v1alpha1.ReasonPinned, Message: "the Organisation follows ReleaseChannel " + v.Settings.Channel + " now"}
	case v.Plan.Suspended:
		return &update.Obstacle{Reason: v1alpha1.ReasonSuspended, Message: "the Organisation is suspended"}
	}
	return nil
}

// still says why nothing is begun or concluded now.
func still(v step.View) *update.Obstacle {
	ill := fleet.Disturbance(v.Live.Server)
	switch {
	case v.Plan.Held != "":
		return &update.Obstacle{Reason: v1alpha1.ReasonHeld, Message: "held: " + v.Plan.Held}
	case v.Live.Ledger.Err != nil:
		return &update.Obstacle{Reason: v1alpha1.ReasonServerDisturbed, Message: v.Live.Ledger.Err.Error()}
	case ill != "":
		return &update.Obstacle{Reason: v1alpha1.ReasonServerDisturbed, Message: ill}
	}
	return nil
}

// reversible tells whether the release that a failed update would go back to can run on the
// schema as it is now.
func (r *OrganisationReconciler) reversible(ctx context.Context, v step.View, f update.Facts) (bool, error) {
	if v.Live.Ledger.Tenant == nil || f.Last == nil || f.Last.Answer != v1alpha1.SlotAccepted || f.Back() == "" {
		return false, nil
	}
	return r.bears(ctx, v, f.Back())
}

// overtaken says that another Release has migrated the database since the wanted one did,
// so that it would run on a schema which it may not know. What serves there already is
// not kept from a restart.
func (r *OrganisationReconciler) overtaken(ctx context.Context, v step.View) (*update.Obstacle, error) {
	release := v.Live.Release
	if v.Live.Ledger.Tenant == nil || release == nil || len(release.Spec.Commands.Migrate) == 0 || release.Name == v.Org.Status.Release.Serving {
		return nil, nil //nolint:nilnil // nothing stands in the way
	}
	bears, err := r.bears(ctx, v, release.Name)
	if err != nil || bears {
		return nil, err
	}
	return &update.Obstacle{Reason: string(v1alpha1.OutcomeRollbackBlocked), Message: fmt.Sprintf(
		"a later Release has migrated the database, and does not list %s in spec.compatibleFrom: name a newer Release in the channel", release.Name)}, nil
}

// bears tells whether a Release can run on the schema in force.
func (r *OrganisationReconciler) bears(ctx context.Context, v step.View, release string) (bool, error) {
	var releases v1alpha1.ReleaseList
	if err := r.List(ctx, &releases); err != nil {
		return false, fmt.Errorf("listing Releases, for whether %s can run on the schema in force: %w", release, err)
	}
	i := slices.IndexFunc(releases.Items, func(r v1alpha1.Release) bool { return r.Name == release })
	if i < 0 {
		return false, nil
	}
	proved := ""
	if v.Org.Status.Release.Verified == release {
		proved = v.Org.Status.Release.Schema
	}
	return plan.Bears(plan.Schema(v.Live.Ledger.Tenant), proved, &releases.Items[i], releases.Items), nil
}

// sooner of two waits; 0 is none.
func sooner(a, b time.Duration) time.Duration {
	if b > 0 && (a == 0 || b < a) {
		return b
	}
	return a
}
