package postgres

import (
	"sync"
	"time"

	"github.com/glific/organisation-operator/internal/ledger"
)

const (
	// breakerThreshold is how many questions in a row may stay unanswered.
	breakerThreshold = 3
	breakerFirst     = 2 * time.Second
	breakerLongest   = time.Minute
)

// breaker keeps a dead server from costing every Organisation a connect timeout:
// after a few unanswered questions, further ones are refused at once, and one at a
// time is let through to see whether the server is back.
type breaker struct {
	server string
	now    func() time.Time

	mu       sync.Mutex
	failures int
	reason   string
	probing  bool
	next     time.Time // zero: closed
}

// allow returns an UnreachableError while the breaker is open.
func (b *breaker) allow() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.next.IsZero() {
		return nil
	}
	wait := b.next.Sub(b.now())
	if wait <= 0 && !b.probing {
		b.probing = true
		return nil
	}
	// The reason says nothing of the time that is left: it would change with every look.
	return &ledger.UnreachableError{Server: b.server, Reason: b.reason}
}

// answered closes the breaker.
func (b *breaker) answered() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failures, b.probing, b.next, b.reason = 0, false, time.Time{}, ""
}

// unanswered counts a failure and opens the breaker when there were too many; it
// stays open twice as long each time, up to a minute.
func (b *breaker) unanswered(reason string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failures++
	b.reason, b.probing = reason, false
	if b.failures < breakerThreshold {
		return
	}
	pause := breakerFirst << min(b.failures-breakerThreshold, 10)
	b.next = b.now().Add(min(pause, breakerLongest))
}

// abandoned takes back a question whose asker went away.
func (b *breaker) abandoned() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.probing = false
}
