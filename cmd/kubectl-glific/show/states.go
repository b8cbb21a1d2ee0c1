package show

import (
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// Condition is one condition with its mark and what a person can do about it.
type Condition struct {
	Type    string `json:"type"`
	Mark    Mark   `json:"mark"`
	Reason  string `json:"reason"`
	Message string `json:"message"`
	// Since is when it last changed between true, false and unknown, in seconds since 1970.
	Since int64  `json:"since"`
	Next  string `json:"next,omitempty"`
}

// Conditions of an Organisation, the verdicts first, then in the order in which they
// come true.
func Conditions(org *v1alpha1.Organisation) []Condition {
	order := []string{v1alpha1.Ready, v1alpha1.Available, v1alpha1.Stalled, v1alpha1.Reconciling}
	for _, room := range rooms {
		if room.condition != v1alpha1.Available {
			order = append(order, room.condition)
		}
	}
	var all []Condition
	for _, kind := range order {
		c := meta.FindStatusCondition(org.Status.Conditions, kind)
		if c == nil {
			continue
		}
		shown := Condition{Type: kind, Mark: markOf(c), Reason: c.Reason, Message: c.Message, Since: c.LastTransitionTime.Unix()}
		if kind == v1alpha1.Stalled || kind == v1alpha1.Reconciling {
			shown.Mark = opposite(c)
		}
		if shown.Mark != Good {
			shown.Next = Advice(org.Name, c.Reason)
		}
		all = append(all, shown)
	}
	return all
}

// opposite is the mark of a condition that is good if it does not hold.
func opposite(c *metav1.Condition) Mark {
	switch {
	case c.Status != metav1.ConditionTrue:
		return Good
	case c.Type == v1alpha1.Stalled:
		return Bad
	}
	return Moving
}

// LastProblem is when what ails an NGO now began, or else when the last interruption
// that is known of ended; zero if there was none.
func LastProblem(org *v1alpha1.Organisation) (at time.Time, now bool) {
	mark := HealthOf(org).Mark()
	if mark == Bad || mark == Unclear {
		if c := meta.FindStatusCondition(org.Status.Conditions, v1alpha1.Ready); c != nil {
			at = c.LastTransitionTime.Time
		}
		return at, true
	}
	if i := org.Status.Interruption; i != nil {
		at = i.Since.Add(time.Duration(i.Seconds) * time.Second)
	}
	return at, false
}
