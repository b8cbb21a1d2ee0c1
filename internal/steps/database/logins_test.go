package database

import (
	"testing"
	"time"

	testclock "k8s.io/utils/clock/testing"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/testkit/views"
)

// The ledger of these worlds answers no question, so a login that is tried shows at once.
func TestWhenALoginIsTried(t *testing.T) {
	hand := testclock.NewFakePassiveClock(views.Now)
	s := &Step{Logins: &Logins{Clock: hand}}
	tried := func(w ...views.Option) bool {
		t.Helper()
		return s.Act(t.Context(), views.New(t, append(w, views.Mute(t))...)).Reason == v1alpha1.ReasonServerUnreachable
	}
	for _, look := range []struct {
		sentence string
		after    time.Duration
		world    world
		want     bool
	}{
		{"not while it is suspended", 0, world{views.Suspended()}, false},
		{"at once when the operator begins", 0, nil, true},
		{"not again in the same pass's time", 0, nil, false},
		{"not before five minutes are over", loginEvery - time.Second, nil, false},
		{"then again", time.Second, nil, true},
		{"another NGO has times of its own", 0, world{views.Named("sneha", "another")}, true},
	} {
		hand.SetTime(hand.Now().Add(look.after))
		if got := tried(look.world...); got != look.want {
			t.Errorf("%s: tried %v", look.sentence, got)
		}
	}
	s.Logins.forget(views.UID)
	if !tried() {
		t.Error("what was forgotten is remembered")
	}
	if len(s.Logins.tried) != 2 {
		t.Errorf("%d are remembered, want 2", len(s.Logins.tried))
	}
	if s.Finalize(t.Context(), views.New(t, tenant(func(t *ledger.Tenant) { t.State = ledger.Retained }))); len(s.Logins.tried) != 1 {
		t.Error("an NGO that was deleted is remembered")
	}
}
