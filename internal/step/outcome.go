package step

import (
	"errors"
	"time"
)

// Kind is what an Outcome means for the pass.
type Kind int

// The four kinds: the whole taxonomy of results.
const (
	// KindDone: nothing left to do.
	KindDone Kind = iota
	// KindWaiting: somebody else must act first; looked at again after a while.
	KindWaiting
	// KindFailed: a call failed and is tried again with backoff.
	KindFailed
	// KindStalled: only new input cures it; nothing is repeated.
	KindStalled
)

// String is the name of the kind, as metrics and logs show it.
func (k Kind) String() string {
	return [...]string{KindDone: "Done", KindWaiting: "Waiting", KindFailed: "Failed", KindStalled: "Stalled"}[k]
}

// Outcome is what a step found or achieved: a kind, and the reason and message of
// its condition.
type Outcome struct {
	Kind    Kind
	Reason  string
	Message string
	// After is how long to wait before looking again; 0 leaves it to watches.
	After time.Duration
	// Err is set for Failed only.
	Err error
	// Unknown says that the truth could not be asked for, so the condition is
	// Unknown rather than False.
	Unknown bool
}

// Done says that nothing is left to do.
func Done(reason, message string) Outcome {
	return Outcome{Kind: KindDone, Reason: reason, Message: message}
}

// Waiting says what must happen first. The message names the object that is waited
// for and the next step; after bounds the wait for which no watch exists.
func Waiting(reason, message string, after time.Duration) Outcome {
	return Outcome{Kind: KindWaiting, Reason: reason, Message: message, After: after}
}

// WaitingUnknown is Waiting where the truth could not be asked for.
func WaitingUnknown(reason, message string, after time.Duration) Outcome {
	out := Waiting(reason, message, after)
	out.Unknown = true
	return out
}

// Failed says that a call failed; the pass is repeated with backoff.
func Failed(err error) Outcome {
	return Outcome{Kind: KindFailed, Reason: "Error", Message: err.Error(), Err: err, Unknown: true}
}

// Stalled says that only new input cures this: a changed spec, Secret or Release,
// or retry-at.
func Stalled(reason, message string) Outcome {
	return Outcome{Kind: KindStalled, Reason: reason, Message: message}
}

// IsDone tells whether nothing is left to do.
func (o Outcome) IsDone() bool { return o.Kind == KindDone }

// Named is the Outcome of one step.
type Named struct {
	Step      string
	Condition string
	Outcome
}

// Outcomes of one pass, in the order of the steps.
type Outcomes []Named

// Of finds the outcome behind a condition; the second result is false if no step
// reported it.
func (os Outcomes) Of(condition string) (Outcome, bool) {
	for _, o := range os {
		if o.Condition == condition {
			return o.Outcome, true
		}
	}
	return Outcome{}, false
}

// AllDone tells whether every given condition is done.
func (os Outcomes) AllDone(conditions ...string) bool {
	for _, c := range conditions {
		if o, ok := os.Of(c); !ok || !o.IsDone() {
			return false
		}
	}
	return true
}

// Err joins the errors of all steps that failed.
func (os Outcomes) Err() error {
	var errs []error
	for _, o := range os {
		if o.Err != nil {
			errs = append(errs, o.Err)
		}
	}
	return errors.Join(errs...)
}

// After is the shortest wait that a step asked for, or otherwise.
func (os Outcomes) After(otherwise time.Duration) time.Duration {
	after := otherwise
	for _, o := range os {
		if o.After > 0 && o.After < after {
			after = o.After
		}
	}
	return after
}
