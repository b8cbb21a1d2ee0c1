package dashboard

import (
	"cmp"
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/duration"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/show"
	"github.com/glific/organisation-operator/internal/fleet"
)

// Channel is one ReleaseChannel and how its rollout stands.
type Channel struct {
	Name     string    `json:"name"`
	Release  string    `json:"release"`
	Verified string    `json:"verified,omitempty"`
	Mark     show.Mark `json:"mark"`
	Reason   string    `json:"reason,omitempty"`
	// Next says what happens next, and on what it waits; NextAt is when, in seconds
	// since 1970, if that is known.
	Next      string `json:"next,omitempty"`
	NextAt    int64  `json:"nextAt,omitempty"`
	StartedAt int64  `json:"startedAt,omitempty"`
	// Mode is Hot or Rolling, where the Release may enter running pods; Why says who
	// turned it to Rolling.
	Mode   string `json:"mode,omitempty"`
	Why    string `json:"why,omitempty"`
	Held   string `json:"held,omitempty"`
	Paused bool   `json:"paused,omitempty"`

	Counts    v1alpha1.FleetCounts           `json:"counts"`
	Waves     []Wave                         `json:"waves"`
	Failing   []v1alpha1.FailingOrganisation `json:"failing,omitempty"`
	Unreached []v1alpha1.FailingOrganisation `json:"unreached,omitempty"`
	History   []v1alpha1.Rollout             `json:"history,omitempty"`
}

// Wave is one wave of a channel, with what the page counted.
type Wave struct {
	Name string `json:"name"`
	// Takes says whom it takes, in words.
	Takes string `json:"takes"`
	// Open: Organisations of it may move.
	Open bool `json:"open"`
	// Soak, and Manual approval, which stand between it and the next one.
	Soak     string               `json:"soak,omitempty"`
	Manual   bool                 `json:"manual,omitempty"`
	Approved bool                 `json:"approved,omitempty"`
	Counts   v1alpha1.FleetCounts `json:"counts"`
}

// channelOf a ReleaseChannel and the rows of its members.
func channelOf(channel *v1alpha1.ReleaseChannel, members []Row) Channel {
	s := channel.Status
	view := Channel{
		Name: channel.Name, Release: channel.Spec.Release, Verified: s.Verified,
		Mark: show.Unclear, Next: s.NextStep, NextAt: seconds(s.NextStepAt), StartedAt: seconds(s.StartedAt),
		Mode: string(s.Mode), Why: s.ModeMessage,
		Held: channel.Annotations[v1alpha1.AnnotationHold], Paused: channel.Spec.Paused,
		Counts: s.Counts, Failing: s.Failing, Unreached: s.Unreached, History: s.History,
		Waves: make([]Wave, 0, len(channel.Spec.Waves)),
	}
	if ready := meta.FindStatusCondition(s.Conditions, v1alpha1.Ready); ready != nil {
		view.Reason, view.Mark = ready.Reason, verdict(s.Conditions, ready)
	}
	opened := slices.IndexFunc(channel.Spec.Waves, func(w v1alpha1.Wave) bool { return w.Name == s.Wave })
	for i, wave := range channel.Spec.Waves {
		shown := Wave{
			Name: wave.Name, Takes: takes(wave), Open: i <= opened && s.Release == channel.Spec.Release,
			Manual: wave.Approval == v1alpha1.ApprovalManual, Approved: slices.Contains(s.Approved, wave.Name),
		}
		if wave.Soak != nil && wave.Soak.Duration > 0 {
			shown.Soak = duration.HumanDuration(wave.Soak.Duration)
		}
		for _, row := range members {
			if row.Wave == wave.Name {
				count(&shown.Counts, fleet.Standing(row.Standing))
			}
		}
		view.Waves = append(view.Waves, shown)
	}
	return view
}

func verdict(conditions []metav1.Condition, ready *metav1.Condition) show.Mark {
	switch {
	case ready.Status == metav1.ConditionTrue:
		return show.Good
	case meta.IsStatusConditionTrue(conditions, v1alpha1.Stalled):
		return show.Bad
	}
	return show.Moving
}

func count(c *v1alpha1.FleetCounts, standing fleet.Standing) {
	switch standing {
	case fleet.Stranger:
		return
	case fleet.Current:
		c.Current++
	case fleet.InFlight:
		c.InFlight++
	case fleet.Waiting:
		c.Waiting++
	case fleet.Failed:
		c.Failed++
	case fleet.SetAside:
		c.SetAside++
	case fleet.Unreached:
		c.Unreached++
	case fleet.Starting:
		c.Starting++
	}
	c.Members++
}

// takes says in words whom a wave takes.
func takes(wave v1alpha1.Wave) string {
	switch {
	case wave.Percentage > 0:
		return fmt.Sprintf("%d%% of the rest", wave.Percentage)
	case wave.Selector != nil:
		return cmp.Or(metav1.FormatLabelSelector(wave.Selector), "everybody")
	}
	return "everybody who is left"
}

func seconds(t *metav1.Time) int64 {
	if t == nil || t.IsZero() {
		return 0
	}
	return t.Unix()
}
