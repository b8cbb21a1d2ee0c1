package step_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/step"
)

var errRefused = errors.New("connection refused")

func TestMakersOfOutcomes(t *testing.T) {
	for sentence, test := range map[string]struct{ got, want step.Outcome }{
		"done":            {step.Done("Ready", "it is"), step.Outcome{Kind: step.KindDone, Reason: "Ready", Message: "it is"}},
		"waiting":         {step.Waiting("Pending", "for it", time.Second), step.Outcome{Kind: step.KindWaiting, Reason: "Pending", Message: "for it", After: time.Second}},
		"waiting blindly": {step.WaitingUnknown("ServerUnreachable", "for it", time.Second), step.Outcome{Kind: step.KindWaiting, Reason: "ServerUnreachable", Message: "for it", After: time.Second, Unknown: true}},
		"failed":          {step.Failed(errRefused), step.Outcome{Kind: step.KindFailed, Reason: v1alpha1.ReasonError, Message: "connection refused", Err: errRefused, Unknown: true}},
		"stalled":         {step.Stalled("KeyLost", "restore it"), step.Outcome{Kind: step.KindStalled, Reason: "KeyLost", Message: "restore it"}},
	} {
		t.Run(sentence, func(t *testing.T) {
			if diff := cmp.Diff(test.want, test.got, cmpopts.EquateErrors()); diff != "" {
				t.Error(diff)
			}
			if test.got.IsDone() != (sentence == "done") {
				t.Errorf("done: %v", test.got.IsDone())
			}
		})
	}
}

func named(condition string, outcome step.Outcome) step.Named {
	return step.Named{Step: condition, Condition: condition, Outcome: outcome}
}

func TestOutcomesOfAPass(t *testing.T) {
	outcomes := step.Outcomes{
		named(v1alpha1.Claimed, step.Done("Ready", "")),
		named(v1alpha1.KeysReady, step.Waiting("Pending", "", time.Minute)),
		named(v1alpha1.DatabaseReady, step.Waiting("Progressing", "", 0)),
		named(v1alpha1.NamespaceReady, step.Done("Ready", "")),
		named(v1alpha1.RouteReady, step.Waiting("NotAccepted", "", 5*time.Second)),
	}
	for sentence, test := range map[string]struct{ got, want any }{
		"nothing is needed":            {outcomes.AllDone(), true},
		"what is needed is done":       {outcomes.AllDone(v1alpha1.Claimed, v1alpha1.NamespaceReady), true},
		"one of two is not done":       {outcomes.AllDone(v1alpha1.Claimed, v1alpha1.KeysReady), false},
		"what nobody reported":         {outcomes.AllDone(v1alpha1.Migrated), false},
		"the shortest wait counts":     {outcomes.After(time.Hour), 5 * time.Second},
		"unless something is sooner":   {outcomes.After(time.Second), time.Second},
		"a wait for a watch is no 0 s": {outcomes[2:3].After(time.Hour), time.Hour},
		"no error":                     {outcomes.Err(), nil},
	} {
		t.Run(sentence, func(t *testing.T) {
			if diff := cmp.Diff(test.want, test.got); diff != "" {
				t.Error(diff)
			}
		})
	}
	if out, ok := outcomes.Of(v1alpha1.RouteReady); !ok || out.Reason != "NotAccepted" {
		t.Errorf("RouteReady is %v, %v", out, ok)
	}
	if _, ok := outcomes.Of(v1alpha1.Migrated); ok {
		t.Error("what nobody reported is found")
	}
}

func TestEveryErrorOfAPassIsReported(t *testing.T) {
	quota := errors.New("quota")
	err := step.Outcomes{named("a", step.Failed(errRefused)), named("b", step.Done("", "")), named("c", step.Failed(quota))}.Err()
	if !errors.Is(err, errRefused) || !errors.Is(err, quota) {
		t.Errorf("got %v", err)
	}
}
