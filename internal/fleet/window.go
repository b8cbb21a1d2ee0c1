package fleet

import (
	"fmt"
	"time"
	_ "time/tzdata" // an image without time zones must not shift a freeze

	"github.com/robfig/cron/v3"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// window is a Window that was understood.
type window struct {
	schedule cron.Schedule
	location *time.Location
	duration time.Duration
}

// parse says what is wrong with a window that admission could not check.
func parse(w v1alpha1.Window) (window, error) {
	location, err := time.LoadLocation(w.TimeZone)
	if err != nil {
		return window{}, fmt.Errorf("timeZone %q: not in the IANA database; use a name such as Asia/Kolkata", w.TimeZone)
	}
	schedule, err := cron.ParseStandard(w.Schedule)
	if err != nil {
		return window{}, fmt.Errorf("schedule %q: %w; cron has minute, hour, day of the month, month, day of the week (0 is Sunday)", w.Schedule, err)
	}
	return window{schedule: schedule, location: location, duration: w.Duration.Duration}, nil
}

// beginnings that are looked at where windows overlap; after the last of them, it is
// looked again.
const beginnings = 1000

// open tells whether the window is open, and until when.
func (w window) open(now time.Time) (until time.Time, open bool) {
	begin := w.following(now.Add(-w.duration))
	for range beginnings {
		if begin.IsZero() || begin.After(now) {
			break
		}
		until, open = begin.Add(w.duration), true
		begin = w.following(begin)
	}
	return until, open
}

// around a change of clocks, everything that it shifts has happened within so long.
const around = 3 * time.Hour

// following is the first beginning after a time; zero if there is none in years. A schedule
// counts on the clock on the wall: what a change of clocks leaves out begins as much later
// as was left out, since a freeze must not fail to come, and what comes twice begins once.
func (w window) following(t time.Time) time.Time {
	wall := w.onWall(t, t)
	if unchanged := w.onWall(t, t.Add(-around)); unchanged.Before(wall) {
		wall = unchanged // what was just left out may be about to begin
	}
	for {
		if wall = w.schedule.Next(wall); wall.IsZero() {
			return wall
		}
		if begin := w.off(wall); begin.After(t) {
			return begin
		}
	}
}

// onWall is what a clock shows at a time if it was last set at another, as a time in UTC.
func (w window) onWall(t, set time.Time) time.Time {
	_, offset := set.In(w.location).Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second)
}

// off is when the clock on the wall shows so: for the first time, or, if it never does, when
// one that was not set anew would.
func (w window) off(wall time.Time) time.Time {
	near := time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), 0, w.location)
	var first time.Time
	for i, set := range []time.Time{near.Add(-around), near.Add(around)} {
		t := wall.Add(wall.Sub(w.onWall(wall, set)))
		if w.onWall(t, t).Equal(wall) {
			return t
		}
		if i == 0 {
			first = t
		}
	}
	return first
}

// frozen names the freeze window that is open, and until when; an error names the one
// that cannot be understood.
func frozen(spec v1alpha1.ReleaseChannelSpec, now time.Time) (name string, until time.Time, err error) {
	for _, freeze := range spec.Freeze {
		w, err := parse(freeze.Window)
		if err != nil {
			return "", time.Time{}, fmt.Errorf("spec.freeze[%s].%w", freeze.Name, err)
		}
		if end, open := w.open(now); open && end.After(until) {
			name, until = freeze.Name, end
		}
	}
	return name, until, nil
}

// Quiet tells whether pods may be made anew without a slot: an Organisation's own window,
// if it has one, is open, and its channel, if it has one, is neither held, paused nor
// frozen.
func Quiet(channel *v1alpha1.ReleaseChannel, own *v1alpha1.Window, now time.Time) bool {
	if channel != nil && closed(channel, now) != nil {
		return false
	}
	if own == nil {
		return true
	}
	w, err := parse(*own)
	if err != nil {
		return false
	}
	_, open := w.open(now)
	return open
}
