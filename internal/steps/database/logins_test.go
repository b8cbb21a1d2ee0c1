package database

import (
	"testing"
	"time"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/probe"
	"github.com/glific/organisation-operator/internal/snapshot"
	"github.com/glific/organisation-operator/internal/testkit/views"
)

// struck is a world in which the newest strike fell at a link, at a time.
func struck(link probe.Link, asked time.Time) views.Option {
	return views.Snapshot(func(s *snapshot.Snapshot) { s.Reach.Standing = probe.Standing{Struck: link, Asked: asked, Strikes: 1} })
}

// The ledger of these worlds answers no question, so a reset that is tried shows at once.
func TestWhenAPasswordIsSetBack(t *testing.T) {
	s := &Step{Logins: &Logins{}}
	reset := func(w ...views.Option) bool {
		t.Helper()
		return s.Act(t.Context(), views.New(t, append(w, views.Mute(t))...)).Reason == v1alpha1.ReasonServerUnreachable
	}
	first, second := views.Now, views.Now.Add(5*time.Second)
	for _, look := range []struct {
		sentence string
		world    world
		want     bool
	}{
		{"not while every login is let in", nil, false},
		{"not for what is wrong elsewhere", world{struck(probe.HTTP, first)}, false},
		{"not while it is suspended", world{struck(probe.Database, first), views.Suspended()}, false},
		{"when a login was refused", world{struck(probe.Database, first)}, true},
		{"once for each refusal", world{struck(probe.Database, first)}, false},
		{"again when it is refused again", world{struck(probe.Database, second)}, true},
		{"for another NGO, too", world{struck(probe.Database, second), views.Named("sneha", "another")}, true},
	} {
		if got := reset(look.world...); got != look.want {
			t.Errorf("%s: set back %v", look.sentence, got)
		}
	}
	s.Logins.forget(views.UID)
	if !reset(struck(probe.Database, second)) {
		t.Error("what was forgotten is remembered")
	}
	if s.Finalize(t.Context(), views.New(t, tenant(func(t *ledger.Tenant) { t.State = ledger.Retained }))); len(s.Logins.answered) != 1 {
		t.Error("an NGO that was deleted is remembered")
	}
}
