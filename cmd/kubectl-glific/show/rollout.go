package show

import (
	"fmt"
	"io"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/util/duration"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/world"
	"github.com/glific/organisation-operator/internal/fleet"
)

// barWidth is that of a progress bar, in characters.
const barWidth = 30

// Rollout prints how a ReleaseChannel stands: the verdict, how far each wave is, who
// failed, and what happens next.
func Rollout(out io.Writer, ch *world.Channel, paint Paint, now time.Time) {
	s := ch.Channel.Status
	fmt.Fprintf(out, "%s ReleaseChannel %s: %s\n", paint.Mark(rolloutMark(ch.Channel)), ch.Channel.Name, rolloutReason(ch.Channel))
	fmt.Fprintf(out, "Release:   %s (verified: %s)\n", ch.Channel.Spec.Release, or(s.Verified))
	if s.Mode != "" {
		fmt.Fprintf(out, "Mode:      %s\n", modeOf(s))
	}
	moving := int(s.Counts.Members - s.Counts.Unreached)
	fmt.Fprintf(out, "Progress:  %s %d of %d\n", bar(int(s.Counts.Current), moving), s.Counts.Current, moving)
	if next := s.NextStep; next != "" {
		fmt.Fprintf(out, "Next:      %s%s\n", next, in(s, now))
	}
	fmt.Fprintln(out)
	waves(out, ch, now)
	for _, failing := range s.Failing {
		fmt.Fprintf(out, "\n%s %s: %s\n  %s\n", paint.Mark(Bad), failing.Name, failing.Reason, failing.Message)
	}
	for _, unreached := range s.Unreached {
		fmt.Fprintf(out, "\n%s %s is not reached: %s; %s\n", paint.Mark(Off), unreached.Name, unreached.Reason, unreached.Message)
	}
	unseen(out, ch)
}

// modeOf says how the release gets into pods.
func modeOf(s v1alpha1.ReleaseChannelStatus) string {
	if s.Mode == v1alpha1.UpdateHot {
		return "Hot (new code enters running pods)"
	}
	return strings.TrimSuffix("Rolling (new pods), since "+s.ModeMessage, ", since ")
}

func in(s v1alpha1.ReleaseChannelStatus, now time.Time) string {
	if s.NextStepAt == nil || !s.NextStepAt.After(now) {
		return ""
	}
	return " (in " + duration.HumanDuration(s.NextStepAt.Sub(now)) + ")"
}

func unseen(out io.Writer, ch *world.Channel) {
	for _, what := range ch.Unread {
		fmt.Fprintf(out, "\nNot shown: %s.\n", what)
	}
}

func waves(out io.Writer, ch *world.Channel, now time.Time) {
	table := Table{Header: []string{"WAVE", "STATE", "CURRENT", "IN-FLIGHT", "WAITING", "FAILED", "SET-ASIDE"}}
	counts := map[string]map[fleet.Standing]int{}
	for _, m := range ch.Fleet.Members {
		wave, standing := fleet.Place(ch.Channel, m, now)
		if counts[wave] == nil {
			counts[wave] = map[fleet.Standing]int{}
		}
		counts[wave][standing]++
	}
	opened := ch.Channel.Status.Wave != "" && ch.Channel.Status.Release == ch.Channel.Spec.Release
	for _, wave := range ch.Channel.Spec.Waves {
		n, state := counts[wave.Name], "closed"
		if opened {
			state = "open"
		}
		opened = opened && wave.Name != ch.Channel.Status.Wave
		table.Rows = append(table.Rows, []string{wave.Name, state, number(n[fleet.Current]), number(n[fleet.InFlight]),
			number(n[fleet.Waiting]), number(n[fleet.Failed]), number(n[fleet.SetAside])})
	}
	table.Write(out)
}

func number(n int) string { return fmt.Sprint(n) }

func bar(done, all int) string {
	filled := 0
	if all > 0 {
		filled = min(barWidth*done/all, barWidth)
	}
	return "[" + strings.Repeat("█", filled) + strings.Repeat("░", barWidth-filled) + "]"
}

func rolloutMark(channel *v1alpha1.ReleaseChannel) Mark {
	switch {
	case Verified(channel):
		return Good
	case meta.IsStatusConditionTrue(channel.Status.Conditions, v1alpha1.Stalled):
		return Bad
	}
	return Moving
}

func rolloutReason(channel *v1alpha1.ReleaseChannel) string {
	ready := meta.FindStatusCondition(channel.Status.Conditions, v1alpha1.Ready)
	if ready == nil || channel.Status.Release != channel.Spec.Release {
		return "the operator has not looked at Release " + channel.Spec.Release + " yet"
	}
	return ready.Reason
}

// Verified tells whether everybody whom the channel's release reaches has verified it, by
// a status that speaks of what is declared now.
func Verified(channel *v1alpha1.ReleaseChannel) bool {
	return settledOn(channel) && meta.IsStatusConditionTrue(channel.Status.Conditions, v1alpha1.Ready)
}

func settledOn(channel *v1alpha1.ReleaseChannel) bool {
	return channel.Status.Release == channel.Spec.Release && channel.Status.ObservedGeneration == channel.Generation
}

// Exit codes of a rollout beside 0, verified; 2, not yet; and 3, only a person helps. They
// are part of the plugin's interface: docs/kubectl-glific.md.
const (
	CodeNeverHealthy    = 20
	CodeUnhealthy       = 21
	CodeRolledBack      = 22
	CodeRollbackBlocked = 23
	CodeMigrationFailed = 24
	CodeSuperseded      = 25
)

var codes = map[string]int{
	string(v1alpha1.OutcomeNeverHealthy): CodeNeverHealthy, string(v1alpha1.OutcomeUnhealthy): CodeUnhealthy,
	string(v1alpha1.OutcomeRolledBack): CodeRolledBack, string(v1alpha1.OutcomeRollbackBlocked): CodeRollbackBlocked,
	string(v1alpha1.OutcomeMigrationFailed): CodeMigrationFailed,
}

// RolloutCode is the exit code that a channel deserves while release is asked about, and
// whether anything but a person will change it.
func RolloutCode(channel *v1alpha1.ReleaseChannel, release string) (code int, final bool) {
	switch {
	case channel.Spec.Release != release:
		return CodeSuperseded, true
	case !settledOn(channel):
		return codeNotYet, false
	case Verified(channel):
		return 0, true
	case !meta.IsStatusConditionTrue(channel.Status.Conditions, v1alpha1.Stalled):
		return codeNotYet, false
	case len(channel.Status.Slots) > 0:
		return codeStalled, false // what has begun is finished
	}
	for _, failing := range channel.Status.Failing {
		if code := codes[failing.Reason]; code != 0 {
			return code, true
		}
	}
	return codeStalled, true
}

const (
	codeNotYet  = 2
	codeStalled = 3
)

// Rehearsal prints what a channel would do, before anything does.
func Rehearsal(out io.Writer, ch *world.Channel, now time.Time) {
	fmt.Fprint(out, fleet.Rehearse(ch.Channel, ch.Fleet, now))
	unseen(out, ch)
}
