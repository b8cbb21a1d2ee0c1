// Package crash ends the life of a program under test at a chosen write, to the
// Kubernetes API or to PostgreSQL, the way a power cut would: either before the
// write was sent, or after it was committed and before anybody heard so. From
// then on every request of that life fails, watches end and its connections to
// PostgreSQL are cut. A test then starts a new life and looks at where both end.
//
//	life := crash.NewLife(crash.Fault{Write: 7, Point: crash.AnswerLost})
//	proxy.Attach(life)
//	run(life.Context(ctx), life.Wrap(config))   // fails with ErrKilled at write 7
//	run(ctx, config)                            // the next life repairs everything
package crash

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
)

// Point says when a fault strikes, seen from its write.
type Point int

const (
	// BeforeSend: the write never left the program.
	BeforeSend Point = iota + 1
	// AnswerLost: the server has carried out the write, the program does not know.
	AnswerLost
)

// Points are both points, for loops over all faults.
var Points = []Point{BeforeSend, AnswerLost}

// String says when, in words.
func (p Point) String() string {
	switch p {
	case BeforeSend:
		return "before it was sent"
	case AnswerLost:
		return "after it was committed, answer lost"
	}
	return fmt.Sprintf("Point(%d)", int(p))
}

// Fault chooses what happens to which write of a life.
type Fault struct {
	// Write counts from 1, API and SQL together, in the order of sending. 0: no fault.
	Write int
	Point Point
	// Survive makes the one write fail and lets the life go on.
	Survive bool
}

// ErrKilled is the error of every request after the end of a life.
var ErrKilled = errors.New("the program was killed here by the test")

// errCut is what a surviving program sees: a connection that broke.
var errCut = fmt.Errorf("connection cut by the test: %w", io.ErrUnexpectedEOF)

// Life is one run of the program under test, from its start to its end.
type Life struct {
	fault Fault
	alive context.Context // done when the life has ended
	end   context.CancelFunc

	mu     sync.Mutex
	writes []string
	struck bool
	gate   chan struct{} // non-nil while watches are held back; closed on release
}

// NewLife begins a life that the fault will hit.
func NewLife(fault Fault) *Life {
	alive, end := context.WithCancel(context.Background())
	return &Life{fault: fault, alive: alive, end: end}
}

// Dead is closed when the life has ended.
func (l *Life) Dead() <-chan struct{} { return l.alive.Done() }

// Kill ends the life now.
func (l *Life) Kill() { l.end() }

func (l *Life) ended() bool { return l.alive.Err() != nil }

// Context is cancelled with cause [ErrKilled] when the life ends.
func (l *Life) Context(parent context.Context) context.Context {
	ctx, cancel := context.WithCancelCause(parent)
	context.AfterFunc(l.alive, func() { cancel(ErrKilled) })
	return ctx
}

// Writes lists what was written or about to be, in order: the fault's write is
// number Fault.Write of it.
func (l *Life) Writes() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string(nil), l.writes...)
}

// Struck returns the write that the fault hit; false if the life had fewer.
func (l *Life) Struck() (write string, struck bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.struck {
		return "", false
	}
	return l.writes[l.fault.Write-1], true
}

// Write passes a write of any kind through the fault. what names it in reports;
// send carries it out and returns when the server has answered. API and SQL
// writes arrive here by [Life.Transport] and [Proxy].
func (l *Life) Write(what string, send func() error) error {
	hit, err := l.begin(what)
	if err != nil {
		return err
	}
	if hit && l.fault.Point == BeforeSend {
		return l.strike()
	}
	err = send()
	if hit {
		return l.strike()
	}
	if l.ended() { // killed while under way: the answer reaches nobody
		return ErrKilled
	}
	return err
}

// begin counts the write and says whether the fault is meant for it.
func (l *Life) begin(what string) (hit bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended() {
		return false, ErrKilled
	}
	l.writes = append(l.writes, what)
	hit = len(l.writes) == l.fault.Write
	l.struck = l.struck || hit
	return hit, nil
}

func (l *Life) strike() error {
	if l.fault.Survive {
		return errCut
	}
	l.Kill()
	return ErrKilled
}

// HoldWatches keeps back what watches deliver until release is called, so that
// the program acts on what its caches knew before.
func (l *Life) HoldWatches() (release func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	gate := make(chan struct{})
	l.gate = gate
	var once sync.Once
	return func() {
		once.Do(func() {
			l.mu.Lock()
			defer l.mu.Unlock()
			if l.gate == gate {
				l.gate = nil
			}
			close(gate)
		})
	}
}

// passGate waits while watches are held back.
func (l *Life) passGate() error {
	l.mu.Lock()
	gate := l.gate
	l.mu.Unlock()
	if gate == nil {
		return nil
	}
	select {
	case <-gate:
		return nil
	case <-l.alive.Done():
		return ErrKilled
	}
}
