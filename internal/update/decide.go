package update

import (
	"fmt"
	"strings"
	"time"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/stopwatch"
)

// Action is the one thing to do now.
type Action string

// The actions.
const (
	// None: nothing is to be done.
	None Action = "None"
	// ReadChannel: read the channel from the API server and decide again.
	ReadChannel Action = "ReadChannel"
	// Answer: write the answer to the slot, before or after anything else changes.
	Answer Action = "Answer"
	// BackUp: make the dump.
	BackUp Action = "BackUp"
	// Migrate: run the migration.
	Migrate Action = "Migrate"
	// Deploy: ask for pods of the target, with everything that waits.
	Deploy Action = "Deploy"
	// Watch: look again soon.
	Watch Action = "Watch"
	// Probe: ask the target as a user would.
	Probe Action = "Probe"
)

// Decision is what follows from Facts.
type Decision struct {
	State  State
	Action Action
	// Update is what status.update becomes; nil if there never was one.
	Update *v1alpha1.UpdateStatus
	// Target is the Release to aim at from the next pass on.
	Target string
	// After is when to look again; 0 leaves it to whoever watches.
	After time.Duration
}

const (
	// longestGap of the time between two looks that counts as watched.
	longestGap = time.Minute
	// writeEvery is how often a stopwatch that only runs is written.
	writeEvery = 30 * time.Second
	soon       = time.Second
)

// Decide names the state and what to do in it.
func Decide(f Facts) Decision {
	d := decider{Facts: f, Decision: Decision{State: stateOf(f), Action: None, Update: f.Last.DeepCopy(), Target: f.Aimed}}
	actions[d.State](&d)
	return d.Decision
}

// decider carries the facts to the function of its state.
type decider struct {
	Facts
	Decision
}

// actions is the table: one state, one function.
var actions = map[State]func(*decider){
	Idle:        func(*decider) {},
	Asking:      func(d *decider) { d.Action = ReadChannel },
	Refusing:    (*decider).refuse,
	Entering:    (*decider).enter,
	Abandoned:   (*decider).abandon,
	Still:       (*decider).standStill,
	Preflight:   (*decider).preflight,
	BackingUp:   (*decider).backUp,
	Migrating:   (*decider).migrate,
	Deploying:   (*decider).deploy,
	Converging:  (*decider).converge,
	Holding:     (*decider).hold,
	Probing:     (*decider).probe,
	RollingBack: (*decider).rollBack,
}

// enter accepts the slot. It is written before the first change.
func (d *decider) enter() {
	d.Action, d.After = Answer, soon
	d.Update = &v1alpha1.UpdateStatus{
		Channel: d.Offer.Channel, Token: d.Offer.Token, Release: d.Offer.Release, From: d.Serving, Aimed: d.Aimed,
		Generation: d.Generation, RetryAt: d.RetryAt, Mode: d.Offer.Mode,
	}
	how := ""
	if d.Offer.Mode == v1alpha1.UpdateRolling {
		how = ", with new pods: see status.modeMessage of ReleaseChannel " + d.Offer.Channel
	}
	d.answer(v1alpha1.SlotAccepted, "", fmt.Sprintf("Release %s is let in%s", d.Offer.Release, how))
	d.stage(v1alpha1.StagePreflight)
	d.Target = d.Offer.Release
}

// refuse answers a slot that was never accepted. What the last update left behind is
// still so, but its story gives way to the answer that the channel waits for.
func (d *decider) refuse() {
	closed := d.Leaving
	if closed == nil {
		closed = d.Still
	}
	if closed == nil {
		closed = d.Gate.Closed
	}
	d.Update = &v1alpha1.UpdateStatus{
		Channel: d.Offer.Channel, Token: d.Offer.Token, Release: d.Offer.Release, From: d.Serving,
		Generation: d.Generation, RetryAt: d.RetryAt, Stage: v1alpha1.StageEnded, Declines: 1,
	}
	if last := d.Last; last != nil && last.Answer == v1alpha1.SlotDeclined && last.Channel == d.Offer.Channel && last.Release == d.Offer.Release {
		d.Update.Declines += last.Declines
	}
	d.answer(v1alpha1.SlotDeclined, closed.Reason, closed.Message)
}

// decline ends an update before anything changed.
func (d *decider) decline(reason, message string) {
	d.Target = d.Last.Aimed
	d.stage(v1alpha1.StageEnded)
	d.answer(v1alpha1.SlotDeclined, reason, message)
}

// finish ends an update.
func (d *decider) finish(outcome v1alpha1.UpdateOutcome, message string) {
	d.stage(v1alpha1.StageEnded)
	d.Update.Outcome = outcome
	d.answer(v1alpha1.SlotFinished, string(outcome), message)
}

func (d *decider) answer(answer v1alpha1.SlotAnswer, reason, message string) {
	d.Action = Answer
	d.Update.Answer, d.Update.AnsweredAt = answer, &stopwatch.Start(d.Now).SeenAt
	d.explain(reason, message)
}

func (d *decider) explain(reason, message string) {
	d.Update.Reason, d.Update.Message = reason, bounded(message)
}

// maxMessage is what the API allows, in characters.
const maxMessage = 1024

func bounded(message string) string {
	if len(message) <= maxMessage {
		return message
	}
	return strings.ToValidUTF8(message[:maxMessage-len("…")], "") + "…"
}

// stage moves on, with a stopwatch at nothing.
func (d *decider) stage(stage v1alpha1.UpdateStage) {
	if d.Update.Stage == stage {
		return
	}
	d.Update.Stage, d.Update.Strikes, d.Update.StruckAt, d.Update.Watch = stage, 0, nil, stopwatch.Start(d.Now)
	if stage == v1alpha1.StageEnded {
		d.Update.Watch = nil
	}
}

// watch the stage: how long it was seen to last. What is not due is not written.
func (d *decider) watch(stage v1alpha1.UpdateStage, message string) time.Duration {
	d.Action, d.After = Watch, d.Limits.Poll
	was := d.Update.Reason
	if d.Pods.Mode != "" && stage != v1alpha1.StageRollingBack {
		d.Update.Mode = d.Pods.Mode
	}
	d.stage(stage)
	if was == v1alpha1.ReasonServerDisturbed || was == v1alpha1.ReasonHeld {
		d.Update.Watch = stopwatch.Resume(d.Update.Watch, d.Now)
	}
	d.explain("", message)
	elapsed := stopwatch.Elapsed(d.Update.Watch, d.Now, longestGap)
	if stopwatch.Due(d.Update.Watch, d.Now, writeEvery) {
		d.Update.Watch = stopwatch.Look(d.Update.Watch, d.Now, longestGap)
	}
	return elapsed
}

// standStill stops the clock at what had elapsed when the reason was first seen.
func (d *decider) standStill() {
	d.Action, d.After = Watch, d.Limits.Poll
	if d.Update.Reason != d.Still.Reason && d.Update.Watch != nil {
		d.Update.Watch = stopwatch.Look(d.Update.Watch, d.Now, longestGap)
	}
	d.explain(d.Still.Reason, d.Still.Message+"; the clock of this update stands still, and nothing is blamed on Release "+d.Last.Release)
}

// abandon ends an update that is not wanted any more. Pods that were asked for stay:
// what comes next replaces them.
func (d *decider) abandon() {
	reason, message := string(v1alpha1.OutcomeSuperseded), ""
	if d.Gate != nil {
		message = fmt.Sprintf("Release %s is wanted now", d.Gate.Release)
	}
	if d.Leaving != nil {
		reason, message = d.Leaving.Reason, d.Leaving.Message
	}
	if d.Last.Stage == v1alpha1.StageRollingBack { // it failed before, and that stands
		d.finish(d.Last.Outcome, fmt.Sprintf("Release %s was %s; bringing Release %s back was given up: %s", d.Last.Release, d.Last.Outcome, d.Last.From, message))
		return
	}
	if begun(d.Last.Stage) || d.Pods.Asked {
		d.finish(v1alpha1.OutcomeSuperseded, message)
		d.Update.Reason = reason
		return
	}
	d.decline(reason, message)
}
