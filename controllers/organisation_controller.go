package controllers

import (
	"context"
	"errors"
	"fmt"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/utils/clock"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/apply"
	"github.com/glific/organisation-operator/internal/jitter"
	"github.com/glific/organisation-operator/internal/metrics"
	"github.com/glific/organisation-operator/internal/plan"
	"github.com/glific/organisation-operator/internal/snapshot"
	"github.com/glific/organisation-operator/internal/status"
	"github.com/glific/organisation-operator/internal/step"
	"github.com/glific/organisation-operator/internal/steps/namespace"
	"github.com/glific/organisation-operator/internal/telemetry"
)

const (
	// observeEvery is the shortest time after which a settled Organisation is looked at
	// again; each adds up to as much of its own, so that a fleet does not wake at once.
	observeEvery = 5 * time.Minute
	soon         = time.Second
)

// OrganisationReconciler brings one Organisation's world in line with its spec.
type OrganisationReconciler struct {
	client.Client
	// Live reads a ReleaseChannel before the first change of an update.
	Live client.Reader
	// Snapshots reads the world.
	Snapshots *snapshot.Loader
	// Steps in order: this list is the architecture.
	Steps []step.Step
	// Teardown undoes, in order, what must not outlive the Organisation.
	Teardown []step.Step
	// Apply writes what steps render.
	Apply *apply.Applier
	// Status writes the verdict.
	Status *status.Writer
	// Judge reads from a View what serves; the messaging step knows.
	Judge func(step.View) (serving string, available bool, pending []string)
	Clock clock.PassiveClock
}

// Reconcile loads once, decides, walks the steps, and writes status once.
func (r *OrganisationReconciler) Reconcile(ctx context.Context, req ctrl.Request) (ctrl.Result, error) {
	org := &v1alpha1.Organisation{}
	if err := r.Get(ctx, req.NamespacedName, org); err != nil {
		r.Status.Forget(req.Name)
		r.Snapshots.Forget(req.Name)
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	ctx, end := telemetry.Pass(ctx, req.Name)
	defer end()
	r.Status.Recall(org)
	deleting := !org.DeletionTimestamp.IsZero()
	if deleting && !controllerutil.ContainsFinalizer(org, v1alpha1.Finalizer) {
		return ctrl.Result{}, nil
	}
	before := org.DeepCopy()
	live, err := r.Snapshots.Load(ctx, org)
	switch {
	case errors.Is(err, snapshot.ErrSettling):
		return ctrl.Result{RequeueAfter: soon}, nil
	case err != nil:
		status.Failed(org, err, r.Clock.Now())
		return ctrl.Result{}, firstOf(err, r.Status.Write(ctx, before, org))
	}
	view := step.View{Org: org, Settings: live.Settings, Live: live, Plan: plan.Decide(org, live)}
	if where := view.Plan.Place; where != nil && view.Plan.Held == "" && !deleting {
		return r.place(ctx, org, *where)
	}
	if view.Update, err = r.update(ctx, view); err != nil {
		return ctrl.Result{}, err
	}
	outcomes := r.walk(ctx, view, deleting)
	return r.conclude(ctx, before, view, outcomes)
}

// place writes finalizer and placement in one patch, before anything else is written;
// the patch wakes the next pass. A server that was full when it was asked first and has
// room again needs no patch.
func (r *OrganisationReconciler) place(ctx context.Context, org *v1alpha1.Organisation, where plan.Placement) (ctrl.Result, error) {
	if snapshot.Placed(org) == where.Server {
		return ctrl.Result{RequeueAfter: soon}, nil
	}
	patched := org.DeepCopy()
	controllerutil.AddFinalizer(patched, v1alpha1.Finalizer)
	if patched.Annotations == nil {
		patched.Annotations = map[string]string{}
	}
	patched.Annotations[v1alpha1.AnnotationServer] = where.Server
	if where.Identity != "" {
		patched.Annotations[v1alpha1.AnnotationAdopted] = where.Identity
	}
	err := r.Patch(ctx, patched, client.MergeFromWithOptions(org, client.MergeFromWithOptimisticLock{}))
	if err != nil {
		return ctrl.Result{}, fmt.Errorf("placing Organisation %s on DatabaseServer %s: %w", org.Name, where.Server, err)
	}
	return ctrl.Result{}, nil
}

func (r *OrganisationReconciler) walk(ctx context.Context, v step.View, deleting bool) step.Outcomes {
	if deleting {
		return r.tearDown(ctx, v)
	}
	return r.buildUp(ctx, v)
}

// buildUp walks the steps in order. A step whose needs are not met changes nothing, but
// still reports what it sees. Decisions are made anew before each step, since a step
// may have changed what they rest on.
func (r *OrganisationReconciler) buildUp(ctx context.Context, v step.View) step.Outcomes {
	var done step.Outcomes
	for _, s := range r.Steps {
		v.Plan = plan.Decide(v.Org, v.Live)
		within, ended := telemetry.Step(ctx, s.Name(), v.Settings.Release)
		var outcome step.Outcome
		switch {
		case v.Plan.Held != "" || v.Plan.Frozen:
			outcome = s.Observe(v)
		case !done.AllDone(s.Needs()...):
			outcome = pending(s, s.Observe(v), done)
		default:
			outcome = r.take(within, v, s)
		}
		ended(outcome)
		done = append(done, step.Named{Step: s.Name(), Condition: s.Condition(), Outcome: outcome})
	}
	return done
}

// pending names the step that is waited for, where this step has nothing more telling
// to say.
func pending(s step.Step, seen step.Outcome, done step.Outcomes) step.Outcome {
	if seen.IsDone() || seen.Kind == step.KindStalled || seen.Unknown {
		return seen
	}
	for _, need := range s.Needs() {
		if out, _ := done.Of(need); !out.IsDone() {
			return step.Waiting(v1alpha1.ReasonPending, fmt.Sprintf("waits for %s (%s)", need, out.Reason), 0)
		}
	}
	return seen
}

// take moves one step: act, render, apply, observe.
func (r *OrganisationReconciler) take(ctx context.Context, v step.View, s step.Step) step.Outcome {
	if actor, ok := s.(step.Actor); ok {
		if out := actor.Act(ctx, v); !out.IsDone() {
			return r.forgive(v, out)
		}
		v.Plan = plan.Decide(v.Org, v.Live)
	}
	want, err := s.Render(v)
	if err != nil {
		return step.Stalled(v1alpha1.ReasonInvalidSpec, err.Error())
	}
	if err := r.Apply.Converge(ctx, v, s, want); err != nil {
		return r.forgive(v, step.Failed(err))
	}
	return s.Observe(v)
}

// forgive turns errors that pass by themselves into waits: a conflict, and what a
// namespace answers that is new or on its way out.
func (r *OrganisationReconciler) forgive(v step.View, out step.Outcome) step.Outcome {
	if out.Kind != step.KindFailed {
		return out
	}
	if apierrors.IsConflict(out.Err) {
		return step.Waiting(v1alpha1.ReasonProgressing, "an object changed while it was written; looking again", soon)
	}
	if settling, ok := namespace.Settling(out.Err, v.Live.Namespace, r.Clock.Now()); ok {
		return settling
	}
	return out
}

// tearDown undoes in order, and lets the object go when everything is undone.
func (r *OrganisationReconciler) tearDown(ctx context.Context, v step.View) step.Outcomes {
	var done step.Outcomes
	for _, s := range r.Teardown {
		outcome := step.Waiting(v1alpha1.ReasonHeld, fmt.Sprintf("held (%s): remove the annotation %s to let the deletion go on", v.Plan.Held, v1alpha1.AnnotationHold), 0)
		if v.Plan.Held == "" {
			within, ended := telemetry.Step(ctx, s.Name(), v.Settings.Release)
			outcome = s.(step.Finalizer).Finalize(within, v)
			ended(outcome)
		}
		done = append(done, step.Named{Step: s.Name(), Condition: s.Condition(), Outcome: outcome})
		if !outcome.IsDone() {
			return done
		}
	}
	r.Apply.Forget(v.Settings.Namespace)
	if err := r.release(ctx, v.Org); err != nil {
		return append(done, step.Named{Condition: v1alpha1.Claimed, Outcome: step.Failed(err)})
	}
	return done
}

func (r *OrganisationReconciler) release(ctx context.Context, org *v1alpha1.Organisation) error {
	patched := org.DeepCopy()
	controllerutil.RemoveFinalizer(patched, v1alpha1.Finalizer)
	err := r.Patch(ctx, patched, client.MergeFromWithOptions(org, client.MergeFromWithOptimisticLock{}))
	if client.IgnoreNotFound(err) != nil {
		return fmt.Errorf("removing the finalizer of Organisation %s: %w", org.Name, err)
	}
	controllerutil.RemoveFinalizer(org, v1alpha1.Finalizer)
	return nil
}

// conclude writes status, and says when to look again.
func (r *OrganisationReconciler) conclude(ctx context.Context, before *v1alpha1.Organisation, v step.View, outcomes step.Outcomes) (ctrl.Result, error) {
	if !v.Org.DeletionTimestamp.IsZero() && !controllerutil.ContainsFinalizer(v.Org, v1alpha1.Finalizer) {
		return ctrl.Result{}, nil
	}
	v.Plan = plan.Decide(v.Org, v.Live)
	pass := status.Pass{View: v, Outcomes: outcomes, Now: r.Clock.Now()}
	pass.Serving, pass.Available, pass.Pending = r.Judge(v)
	status.Summarise(v.Org, pass)
	written := r.Status.Write(ctx, before, v.Org)
	if written == nil {
		metrics.Ended(before.Status, v.Org.Status)
	}
	if err := outcomes.Err(); err != nil {
		return ctrl.Result{}, err
	}
	if apierrors.IsConflict(written) { // it was decided on what is not so any more
		return ctrl.Result{RequeueAfter: soon}, nil
	}
	if written != nil {
		return ctrl.Result{}, written
	}
	return ctrl.Result{RequeueAfter: sooner(outcomes.After(observeEvery+jitter.Of(v.Org.Identity(), observeEvery)), v.Update.After)}, nil
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
