package stopwatch_test

import (
	"testing"
	"time"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/stopwatch"
)

var start = time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)

func TestOnlyWatchedTimeCounts(t *testing.T) {
	const longest = time.Minute
	for sentence, test := range map[string]struct {
		looks []time.Duration // since start, each written
		want  time.Duration
	}{
		"looks that follow each other":          {[]time.Duration{20 * time.Second, 50 * time.Second}, 50 * time.Second},
		"an operator that was away for an hour": {[]time.Duration{10 * time.Second, time.Hour, time.Hour + 5*time.Second}, 75 * time.Second},
		"a clock that jumps a year ahead and back": {
			[]time.Duration{10 * time.Second, 365 * 24 * time.Hour, 20 * time.Second, 30 * time.Second}, 80 * time.Second},
		"a clock that goes back":               {[]time.Duration{30 * time.Second, 10 * time.Second, 20 * time.Second}, 40 * time.Second},
		"looks within a second lose no second": {[]time.Duration{300 * time.Millisecond, 600 * time.Millisecond, 900 * time.Millisecond, 1200 * time.Millisecond}, time.Second},
	} {
		t.Run(sentence, func(t *testing.T) {
			watch := stopwatch.Start(start)
			for _, at := range test.looks {
				watch = stopwatch.Look(watch, start.Add(at), longest)
			}
			if got := time.Duration(watch.ElapsedSeconds) * time.Second; got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestWhatStoodStillIsNotCounted(t *testing.T) {
	watch := stopwatch.Look(stopwatch.Start(start), start.Add(40*time.Second), time.Minute)
	watch = stopwatch.Resume(watch, start.Add(time.Hour))
	if got := stopwatch.Elapsed(watch, start.Add(time.Hour+5*time.Second), time.Minute); got != 45*time.Second {
		t.Errorf("got %s", got)
	}
	if got := stopwatch.Elapsed(stopwatch.Resume(nil, start), start, time.Minute); got != 0 {
		t.Errorf("without a watch: %s", got)
	}
}

func TestALookIsWrittenSeldom(t *testing.T) {
	watch := stopwatch.Start(start)
	for at, want := range map[time.Duration]bool{0: false, 29 * time.Second: false, 30 * time.Second: true, -time.Second: true} {
		if got := stopwatch.Due(watch, start.Add(at), 30*time.Second); got != want {
			t.Errorf("after %s: %t", at, got)
		}
	}
	if !stopwatch.Due((*v1alpha1.Stopwatch)(nil), start, time.Minute) {
		t.Error("a watch that does not exist is not written")
	}
}
