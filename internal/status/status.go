// Package status folds the outcomes of a pass into conditions. Every condition is made
// anew from what the pass saw, unknown until proven; nothing is taken over from the
// last answer. It is the only place that decides what Ready means.
package status

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/step"
)

// Pass is what one pass saw and did.
type Pass struct {
	View     step.View
	Outcomes step.Outcomes
	// Serving is the Release that is proved to run; "" if none is.
	Serving string
	// Available: messages flow on some release.
	Available bool
	// Pending are the causes that wait for a restart.
	Pending []string
	// Now is the time of the transitions.
	Now time.Time
}

// Summarise writes the status that a pass justifies into the Organisation.
func Summarise(org *v1alpha1.Organisation, p Pass) {
	s := summary{org: org, pass: p}
	s.facts()
	s.forget()
	for _, o := range p.Outcomes {
		s.set(o.Condition, truth(o.Outcome), o.Reason, o.Message)
	}
	s.ready()
	s.available()
	s.upToDate()
	org.Status.ObservedGeneration = org.Generation
}

// folded are the conditions that say how the whole stands; every other is a step's own.
var folded = []string{v1alpha1.Ready, v1alpha1.Reconciling, v1alpha1.Stalled, v1alpha1.Available, v1alpha1.UpToDate}

// forget drops what steps said in earlier passes and do not say now: while an
// Organisation is torn down, most are not asked.
func (s summary) forget() {
	s.org.Status.Conditions = slices.DeleteFunc(s.org.Status.Conditions, func(c metav1.Condition) bool {
		_, told := s.pass.Outcomes.Of(c.Type)
		return !told && !slices.Contains(folded, c.Type)
	})
}

// Failed writes the status of a pass that could not even read the world.
func Failed(org *v1alpha1.Organisation, err error, now time.Time) {
	s := summary{org: org, pass: Pass{Now: now}}
	s.set(v1alpha1.Ready, metav1.ConditionUnknown, v1alpha1.ReasonError, err.Error())
	s.set(v1alpha1.Reconciling, metav1.ConditionTrue, v1alpha1.ReasonError, "trying again")
	s.drop(v1alpha1.Stalled)
	org.Status.ObservedGeneration = org.Generation
}

type summary struct {
	org  *v1alpha1.Organisation
	pass Pass
}

func truth(o step.Outcome) metav1.ConditionStatus {
	switch {
	case o.Unknown: // also of a step that has nothing left to do, and cannot know more
		return metav1.ConditionUnknown
	case o.IsDone():
		return metav1.ConditionTrue
	}
	return metav1.ConditionFalse
}

// ready folds the steps into kstatus' words. The loudest outcome speaks: a stall, then
// a server that cannot be asked, then an error, then the first wait.
func (s summary) ready() {
	worst := s.worst()
	switch {
	case s.deleting():
		s.reconciling(metav1.ConditionFalse, leaving(worst), worst)
	case worst == nil && s.pass.View.Plan.Suspended:
		s.drop(v1alpha1.Ready)
		s.settled()
	case worst == nil && s.judged():
	case worst == nil:
		s.set(v1alpha1.Ready, metav1.ConditionTrue, v1alpha1.ReasonReady, s.served())
		s.settled()
	case s.pass.View.Plan.Held != "":
		s.set(v1alpha1.Ready, truth(worst.Outcome), v1alpha1.ReasonHeld, fmt.Sprintf("held (%s), and not ready: %s", s.pass.View.Plan.Held, worst.Message))
		s.settled()
	case s.failedAt(worst) && s.judged():
	case worst.Kind == step.KindStalled:
		s.set(v1alpha1.Ready, metav1.ConditionFalse, worst.Reason, worst.Message)
		s.set(v1alpha1.Stalled, metav1.ConditionTrue, worst.Reason, worst.Message)
		s.drop(v1alpha1.Reconciling)
	default:
		s.reconciling(truth(worst.Outcome), s.reason(*worst), worst)
	}
}

// leaving is Deleting, or what holds a deletion up.
func leaving(worst *step.Named) string {
	if worst == nil || worst.Reason == v1alpha1.ReasonPending || worst.Reason == v1alpha1.ReasonProgressing {
		return v1alpha1.ReasonDeleting
	}
	return worst.Reason
}

// reason tells an update, with an old release serving, from a first provisioning.
func (s summary) reason(worst step.Named) string {
	moving := worst.Reason == v1alpha1.ReasonProgressing || worst.Reason == v1alpha1.ReasonPending
	target := s.pass.View.Settings.Release
	if moving && s.pass.Serving != "" && s.pass.Serving != target {
		return v1alpha1.ReasonUpdating
	}
	return worst.Reason
}

func (s summary) reconciling(status metav1.ConditionStatus, reason string, worst *step.Named) {
	message := "everything is taken down"
	if worst != nil {
		message = worst.Message
	}
	s.set(v1alpha1.Ready, status, reason, message)
	s.set(v1alpha1.Reconciling, metav1.ConditionTrue, reason, message)
	s.drop(v1alpha1.Stalled)
}

func (s summary) settled() {
	s.drop(v1alpha1.Reconciling)
	s.drop(v1alpha1.Stalled)
}

// worst finds the outcome that a person must know of; nil if all is done.
func (s summary) worst() *step.Named {
	for _, is := range []func(step.Named) bool{
		func(o step.Named) bool { return o.Kind == step.KindStalled },
		func(o step.Named) bool { return o.Kind == step.KindWaiting && o.Unknown },
		func(o step.Named) bool { return o.Kind == step.KindFailed },
		func(o step.Named) bool { return !o.IsDone() },
	} {
		if i := slices.IndexFunc(s.pass.Outcomes, is); i >= 0 {
			return &s.pass.Outcomes[i]
		}
	}
	return nil
}

func (s summary) served() string {
	host := s.pass.View.Settings.Host
	if len(s.pass.View.Plan.Hosts) > 0 {
		host = s.pass.View.Plan.Hosts[0]
	}
	message := fmt.Sprintf("Release %s serves https://%s", s.pass.Serving, host)
	if held := s.pass.View.Plan.Held; held != "" {
		message += fmt.Sprintf("; held (%s): nothing is changed", held)
	}
	return message
}

func (s summary) available() {
	s.interruption()
	interrupted := interrupted(s.org.Status.Interruption)
	unasked := s.pass.View.Live != nil && s.pass.View.Live.Ledger.Err != nil
	switch {
	case s.pass.View.Plan.Suspended:
		s.set(v1alpha1.Available, metav1.ConditionFalse, v1alpha1.ReasonSuspended, s.stopped())
	case unasked && s.org.Status.Identity != "":
		s.set(v1alpha1.Available, metav1.ConditionUnknown, v1alpha1.ReasonServerUnreachable, s.pass.View.Live.Ledger.Err.Error())
	case s.pass.Available:
		s.set(v1alpha1.Available, metav1.ConditionTrue, v1alpha1.ReasonReady, "at least one pod of the back end is ready"+interrupted)
	default:
		s.set(v1alpha1.Available, metav1.ConditionFalse, v1alpha1.ReasonUnavailable, "no pod of the back end is ready"+interrupted)
	}
}

// stopped says why no pod may run.
func (s summary) stopped() string {
	if f := s.pass.View.Live; f != nil && f.Ledger.Foreign != nil {
		return fmt.Sprintf("database %s is served elsewhere, so no pod runs here", f.Ledger.Foreign.Database)
	}
	return "spec.power is Suspended"
}

func (s summary) upToDate() {
	target, worst := s.pass.View.Settings.Release, s.worst()
	if (s.pass.View.Live != nil && s.pass.View.Live.Ledger.Err != nil) || s.pass.View.Plan.Suspended {
		return // as known
	}
	s.org.Status.PendingChanges = s.pass.Pending
	if reason, message, is := s.keptBack(); is && (worst == nil || s.failedAt(worst)) && s.pass.View.Plan.Held == "" {
		s.set(v1alpha1.UpToDate, metav1.ConditionFalse, reason, message)
		return
	}
	switch {
	case len(s.pass.Pending) > 0:
		s.set(v1alpha1.UpToDate, metav1.ConditionFalse, v1alpha1.ReasonChangePending, fmt.Sprintf(
			"changes of %s wait for a restart of the pods: kubectl annotate organisation %s --overwrite %s=<now>",
			strings.Join(s.pass.Pending, " and "), s.org.Name, v1alpha1.AnnotationRestartAt))
	case worst == nil && s.pass.View.Plan.Held != "":
		s.upToDateWhileHeld()
	case worst == nil:
		s.set(v1alpha1.UpToDate, metav1.ConditionTrue, v1alpha1.ReasonReady, "everything that was declared is in force")
	case s.pass.Serving == "":
		s.set(v1alpha1.UpToDate, metav1.ConditionUnknown, v1alpha1.ReasonProgressing, "nothing serves yet")
	case worst.Unknown:
		return // the truth could not be asked for in the middle of the pass: as known
	default:
		s.set(v1alpha1.UpToDate, metav1.ConditionFalse, s.reason(*worst), s.behind(target, worst.Condition))
	}
}

// behind may be the Release, or what a condition speaks of.
func (s summary) behind(target, condition string) string {
	if s.pass.Serving == target {
		return fmt.Sprintf("Release %s serves, as wanted; not everything else is as declared: see %s", target, condition)
	}
	return fmt.Sprintf("Release %s serves; %s is wanted", s.pass.Serving, target)
}

// upToDateWhileHeld: nothing that is declared during a hold is put in force, and steps
// only look. What was known of this generation before still holds.
func (s summary) upToDateWhileHeld() {
	known := meta.FindStatusCondition(s.org.Status.Conditions, v1alpha1.UpToDate)
	if known == nil || known.ObservedGeneration != s.org.Generation {
		s.set(v1alpha1.UpToDate, metav1.ConditionFalse, v1alpha1.ReasonHeld, fmt.Sprintf("held (%s): what was declared since is not put in force", s.pass.View.Plan.Held))
	}
}

func (s summary) deleting() bool { return !s.org.DeletionTimestamp.IsZero() }

func (s summary) set(condition string, status metav1.ConditionStatus, reason, message string) {
	if reason == "" {
		reason = v1alpha1.ReasonProgressing
	}
	meta.SetStatusCondition(&s.org.Status.Conditions, metav1.Condition{
		Type: condition, Status: status, Reason: reason, Message: Bounded(message, maxMessage),
		ObservedGeneration: s.org.Generation, LastTransitionTime: metav1.NewTime(s.pass.Now),
	})
}

func (s summary) drop(condition string) {
	meta.RemoveStatusCondition(&s.org.Status.Conditions, condition)
}

// maxMessage keeps a status small; the API allows 32768 bytes.
const maxMessage = 1024

// Bounded cuts a message at a limit in bytes. It is text, too: what JSON would replace on
// its way would differ in every pass.
func Bounded(message string, limit int) string {
	message = strings.ToValidUTF8(message, "\uFFFD")
	if len(message) <= limit {
		return message
	}
	return strings.ToValidUTF8(message[:limit-len("…")], "") + "…"
}
