// Package jitter spreads a fleet over time, so that nobody is asked by all at once.
package jitter

import (
	"hash/fnv"
	"time"
)

// Of an identity is its own share of a time, from 0 to just below it, in milliseconds. It
// is the same in every process and after every restart. A time of less than a millisecond
// has no shares.
func Of(identity string, over time.Duration) time.Duration {
	if over < time.Millisecond {
		return 0
	}
	hash := fnv.New64a()
	hash.Write([]byte(identity))
	return time.Duration(hash.Sum64()%uint64(over.Milliseconds())) * time.Millisecond
}
