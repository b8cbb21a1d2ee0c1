package postgres

import (
	"errors"
	"testing"
	"time"

	"github.com/glific/organisation-operator/internal/ledger"
)

func TestTheBreakerLetsOneQuestionThroughAtATime(t *testing.T) {
	now := time.Unix(0, 0)
	b := &breaker{server: "shared-1", now: func() time.Time { return now }}
	fail := func(times int) {
		for range times {
			b.unanswered("connection refused")
		}
	}
	steps := []struct {
		sentence string
		step     func()
		allowed  bool
	}{
		{"at first it is closed", func() {}, true},
		{"two failures are bad luck", func() { fail(2) }, true},
		{"an answer makes up for them", func() { b.answered(); fail(2) }, true},
		{"three in a row open it", func() { fail(1) }, false},
		{"after its pause one may try", func() { now = now.Add(breakerFirst) }, true},
		{"but only one", func() {}, false},
		{"unless that one went away", b.abandoned, true},
		{"a failed trial opens it for longer", func() { fail(1); now = now.Add(breakerFirst) }, false},
		{"and then one may try again", func() { now = now.Add(breakerFirst) }, true},
		{"never for longer than a minute", func() { fail(100); now = now.Add(breakerLongest) }, true},
		{"an answer closes it", b.answered, true},
		{"for everybody", func() {}, true},
	}
	for _, step := range steps {
		step.step()
		if err := b.allow(); (err == nil) != step.allowed || err != nil && !errors.Is(err, ledger.ErrUnreachable) {
			t.Fatalf("%s: %v", step.sentence, err)
		}
	}
}
