package jitter

import (
	"fmt"
	"testing"
	"time"
)

func TestAFleetIsSpreadEvenlyAndTheSameWayEveryTime(t *testing.T) {
	const fleet, parts = 5000, 10
	over := 5 * time.Minute
	var counts [parts]int
	for i := range fleet {
		identity := fmt.Sprintf("0c9f%04x-4a5b-4c7d-9e11-5a2f%08x", i, i*i)
		share := Of(identity, over)
		if share < 0 || share >= over || share != Of(identity, over) {
			t.Fatalf("%s has %s of %s", identity, share, over)
		}
		counts[share*parts/over]++
	}
	for part, n := range counts {
		if n < fleet/parts*8/10 || n > fleet/parts*12/10 {
			t.Errorf("%d of %d fall into part %d of %d", n, fleet, part, parts)
		}
	}
}

func TestWhatIsTooShortHasNoShares(t *testing.T) {
	for _, over := range []time.Duration{-time.Second, 0, time.Microsecond, time.Millisecond} {
		if got := Of("asha", over); got != 0 {
			t.Errorf("%s of %s", got, over)
		}
	}
}
