package show

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// List prints one line for each NGO; wide adds what does not fit on a small screen.
func List(w io.Writer, organisations []v1alpha1.Organisation, wide bool, now time.Time) {
	table := Table{Header: []string{"NAME", "STATE", "REASON", "RELEASE", "TARGET", "URL", "AGE"}}
	if wide {
		table.Header = append(table.Header, "WAVE", "SERVER", "DATABASE", "PENDING", "MESSAGE")
	}
	for i := range organisations {
		table.Rows = append(table.Rows, row(&organisations[i], wide, now))
	}
	table.Write(w)
}

func row(org *v1alpha1.Organisation, wide bool, now time.Time) []string {
	health, status := HealthOf(org), org.Status
	cells := []string{
		org.Name, state(org, health), or(reason(health)), or(status.Release.Serving), or(status.Release.Target), or(url(org)), age(org.CreationTimestamp.Time, now),
	}
	if wide {
		cells = append(cells, or(status.Release.Wave), or(status.Database.Server), or(status.Database.Name),
			or(strings.Join(status.PendingChanges, ",")), or(health.Message))
	}
	return cells
}

// state of an NGO that serves as declared says too that it is held.
func state(org *v1alpha1.Organisation, health Health) string {
	if health.State == Serving && org.Annotations[v1alpha1.AnnotationHold] != "" {
		return "Serving,Held"
	}
	return string(health.State)
}

// reason is left out where it repeats the state.
func reason(health Health) string {
	if health.Reason == string(health.State) || health.Reason == v1alpha1.ReasonReady {
		return ""
	}
	return health.Reason
}

func url(org *v1alpha1.Organisation) string {
	if org.Status.Host == "" {
		return ""
	}
	return "https://" + org.Status.Host
}

// Counts says how many NGOs are in which state, the most frequent first.
func Counts(organisations []v1alpha1.Organisation) string {
	counts := map[State]int{}
	for i := range organisations {
		counts[HealthOf(&organisations[i]).State]++
	}
	states := make([]State, 0, len(counts))
	for s := range counts {
		states = append(states, s)
	}
	slices.SortFunc(states, func(a, b State) int {
		if counts[a] != counts[b] {
			return counts[b] - counts[a]
		}
		return strings.Compare(string(a), string(b))
	})
	words := make([]string, 0, len(states))
	for _, s := range states {
		words = append(words, fmt.Sprintf("%d %s", counts[s], s))
	}
	return fmt.Sprintf("%d NGOs: %s", len(organisations), strings.Join(words, ", "))
}
