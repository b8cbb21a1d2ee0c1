// Package stopwatch measures time that somebody watched. What is decided after "five
// minutes of health" or "a day of soak" must have been seen to be so: a jump of the
// clock does not count, nor does the time in which no operator ran.
package stopwatch

import (
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
)

// Start begins at nothing.
func Start(now time.Time) *v1alpha1.Stopwatch {
	return &v1alpha1.Stopwatch{SeenAt: metav1.NewTime(now.Truncate(time.Second))}
}

// Elapsed is what was watched until now. Of the time since the last look that was
// written, at most longest counts; a clock that went back adds nothing.
func Elapsed(w *v1alpha1.Stopwatch, now time.Time, longest time.Duration) time.Duration {
	if w == nil {
		return 0
	}
	gap := now.Truncate(time.Second).Sub(w.SeenAt.Time)
	return time.Duration(w.ElapsedSeconds)*time.Second + min(max(gap, 0), longest)
}

// Look is the stopwatch after a look now.
func Look(w *v1alpha1.Stopwatch, now time.Time, longest time.Duration) *v1alpha1.Stopwatch {
	seen := Start(now)
	seen.ElapsedSeconds = int64(Elapsed(w, now, longest) / time.Second)
	return seen
}

// Due tells whether a look should be written: often enough that none of the time is
// lost, seldom enough that status is not written with every look. A clock that went
// back is written at once, or nothing would count until it has caught up.
func Due(w *v1alpha1.Stopwatch, now time.Time, every time.Duration) bool {
	if w == nil {
		return true
	}
	gap := now.Sub(w.SeenAt.Time)
	return gap >= every || gap < 0
}

// Resume goes on from now with what had elapsed: the time since the last look does not
// count.
func Resume(w *v1alpha1.Stopwatch, now time.Time) *v1alpha1.Stopwatch {
	resumed := Start(now)
	if w != nil {
		resumed.ElapsedSeconds = w.ElapsedSeconds
	}
	return resumed
}
