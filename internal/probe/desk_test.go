package probe

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	clocktesting "k8s.io/utils/clock/testing"
)

const gateway = "192.0.2.1:443"

// world is a Desk whose hosts answer what the test says.
type world struct {
	*Desk
	t      *testing.T
	clock  *clocktesting.FakePassiveClock
	answer Answer
	asked  atomic.Int32
	woken  atomic.Int32
}

func newWorld(t *testing.T) *world {
	w := &world{t: t, clock: clocktesting.NewFakePassiveClock(time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC))}
	w.Desk = &Desk{
		Clock: w.clock,
		Probe: func(context.Context, Target) Answer { w.asked.Add(1); return w.answer },
		Wake:  func(string) { w.woken.Add(1) },
	}
	return w
}

// look is a pass that waits for the answer and looks again.
func (w *world) look(version string) (Standing, bool) {
	w.t.Helper()
	w.Standing(w.t.Context(), "asha", Target{Address: gateway, Version: version})
	w.Wait()
	return w.Standing(w.t.Context(), "asha", Target{Address: gateway, Version: version})
}

func (w *world) expect(sentence string, asked, woken int32) {
	w.t.Helper()
	if a, k := w.asked.Swap(0), w.woken.Swap(0); a != asked || k != woken {
		w.t.Errorf("%s: asked %d times, want %d; woken %d times, want %d", sentence, a, asked, k, woken)
	}
}

func (w *world) step(d time.Duration) { w.clock.SetTime(w.clock.Now().Add(d)) }

var broken = Answer{Broken: HTTP, Message: "GET / answers 502"}

func TestAHostIsAskedOnceUntilItsTimeHasCome(t *testing.T) {
	w := newWorld(t)
	if _, known := w.Standing(t.Context(), "asha", Target{Address: gateway}); known {
		t.Error("something is known before anybody was asked")
	}
	w.Wait()
	if s, known := w.look(""); !known || !s.Answer.OK() {
		t.Errorf("%+v, %v", s, known)
	}
	w.expect("the first answer is news", 1, 1)
	w.step(Every - time.Second)
	w.look("")
	w.expect("it is believed for a while", 0, 0)
	w.step(Every + 2*time.Second)
	w.look("")
	w.expect("the same answer wakes nobody", 1, 0)
	w.answer.Message = "another page"
	w.step(2 * Every)
	w.look("")
	w.expect("another answer is news", 1, 1)
}

func TestThreeStrikesMakeAHostUnreachable(t *testing.T) {
	w := newWorld(t)
	w.look("")
	w.answer = broken
	w.step(2 * Every)
	for strike := 1; strike <= Strikes; strike++ {
		s, known := w.look("")
		if counts := !s.Answer.OK(); !known || s.Strikes != strike || counts != (strike == Strikes) {
			t.Errorf("strike %d: %+v, %v", strike, s, known)
		}
		w.step(Again)
	}
	w.answer = Answer{}
	w.step(time.Minute)
	if s, _ := w.look(""); !s.Answer.OK() || s.Strikes != 0 {
		t.Errorf("one good answer ends it: %+v", s)
	}
}

func TestOneLostAnswerIsForgotten(t *testing.T) {
	w := newWorld(t)
	w.look("")
	w.answer = broken
	w.step(2 * Every)
	w.look("")
	w.answer = Answer{}
	w.step(Again)
	if s, known := w.look(""); !known || !s.Answer.OK() || s.Strikes != 0 {
		t.Errorf("%+v, %v", s, known)
	}
}

// What beside hosts is asked has nobody who waits for a good answer, only for a bad one.
func TestAGoodLoginWakesNobody(t *testing.T) {
	w := newWorld(t)
	login := Target{Login: func(context.Context) error { return nil }}
	ask := func() Standing {
		w.Standing(t.Context(), "asha", login)
		w.Wait()
		s, _ := w.Standing(t.Context(), "asha", login)
		return s
	}
	ask()
	w.expect("a first good answer", 1, 0)
	w.answer = Answer{Broken: Database}
	w.step(2 * Every)
	if s := ask(); s.Struck != Database || s.Strikes != 1 || !s.Asked.Equal(w.clock.Now()) {
		t.Errorf("the strike is not told at once: %+v", s)
	}
	w.expect("a strike", 1, 1)
	w.answer = Answer{}
	w.step(Again)
	if s := ask(); s.Struck != "" || s.Strikes != 0 {
		t.Errorf("the strike is remembered: %+v", s)
	}
	w.expect("its end", 1, 1)
}

// After a restart the first question waits for its turn, as long as status goes on saying
// what it said; when it no longer does, somebody waits for the answer.
func TestAQuestionWaitsOnlyWhileNobodyWaitsForIt(t *testing.T) {
	w := newWorld(t)
	ask := func(settled bool) bool {
		w.Standing(t.Context(), "asha", Target{Address: gateway, Settled: settled})
		w.Wait()
		_, known := w.Standing(t.Context(), "asha", Target{Address: gateway, Settled: settled})
		return known
	}
	if ask(true) {
		t.Error("its turn has not come")
	}
	if !ask(false) {
		t.Error("its database was away meanwhile, and nobody asks")
	}
	w.expect("once", 1, 1)
}

// What an old version answered says nothing of the new one.
func TestANewVersionIsAskedAnew(t *testing.T) {
	w := newWorld(t)
	w.look("1")
	w.expect("the first", 1, 1)
	if _, known := w.Standing(t.Context(), "asha", Target{Address: gateway, Version: "2"}); known {
		t.Error("the old answer stands for the new version")
	}
	w.Wait()
	w.expect("the second", 1, 1)
	w.Forget("asha")
	w.look("2")
	w.expect("one that came back", 1, 1)
}

func TestAHostNeverWaitsInTheDeskTwice(t *testing.T) {
	w := newWorld(t)
	hold := make(chan struct{})
	w.Probe = func(context.Context, Target) Answer { w.asked.Add(1); <-hold; return Answer{} }
	for range 5 {
		w.Standing(t.Context(), "asha", Target{Address: gateway})
	}
	close(hold)
	w.Wait()
	w.expect("five passes while it is asked", 1, 1)
}

// After a restart nothing is known to the process, and status says that all was well.
func TestARestartAsksAFleetAFewAtATime(t *testing.T) {
	w := newWorld(t)
	const fleet, parts = 500, 10
	all := 0
	for part := range parts + 1 {
		for i := range fleet {
			s, _ := w.Standing(t.Context(), fmt.Sprintf("ngo-%d", i), Target{Address: gateway, Settled: true})
			if s.Due != max(0, s.Next.Sub(w.clock.Now())) {
				t.Fatalf("due in %s, next at %s", s.Due, s.Next)
			}
		}
		w.Wait()
		asked := int(w.asked.Swap(0))
		if most := fleet / parts * 3 / 2; asked > most || part == 0 && asked > fleet/50 || part > 0 && asked == 0 {
			t.Errorf("in part %d of the time %d of %d are asked", part, asked, fleet)
		}
		all += asked
		w.step(Every / parts)
	}
	if all != fleet {
		t.Errorf("%d of %d were asked", all, fleet)
	}
}

func TestWhoWasNotWellOrIsChangedIsAskedAtOnce(t *testing.T) {
	w := newWorld(t)
	for _, target := range []Target{
		{Address: gateway}, // status says nothing good
		{Address: gateway, Version: "2", Settled: true},
		{Address: gateway, Version: "3", Settled: true},
	} {
		w.Standing(t.Context(), "asha", target)
		w.Wait()
		w.expect(fmt.Sprintf("%+v", target), 1, 1)
	}
}

func TestTheEndOfACertificateIsKnownWhileTheHostIs(t *testing.T) {
	w := newWorld(t)
	end := w.clock.Now().Add(time.Hour)
	w.look("")
	if ends := w.Ends(); len(ends) != 0 {
		t.Errorf("without TLS: %v", ends)
	}
	w.answer.CertificateUntil = end
	w.look("another")
	if ends := w.Ends(); len(ends) != 1 || !ends["asha"].Equal(end) {
		t.Errorf("with TLS: %v", ends)
	}
	w.Forget("asha")
	if ends := w.Ends(); len(ends) != 0 {
		t.Errorf("forgotten: %v", ends)
	}
}
