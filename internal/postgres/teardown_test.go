package postgres_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/postgres"
)

// breakerRoom is an installation of its own, with a server that forgets nothing.
type breakerRoom struct {
	*testing.T
	server       *postgres.Server
	installation string
	admin        string
}

func newBreakerRoom(t *testing.T, major int) breakerRoom {
	t.Helper()
	shared := cluster(t, major)
	installation := "fleet " + newTenant(t, "x").Identity
	return breakerRoom{t, open(t, daily(shared), postgres.Options{Installation: installation}), installation, shared.DSN("organisation_operator")}
}

func (r breakerRoom) ask(identity string, kind postgres.TeardownKind, fleet int) postgres.Verdict {
	r.Helper()
	verdict, err := r.server.AdmitTeardown(r.Context(), postgres.Teardown{
		Installation: r.installation, Identity: r.installation + identity, Kind: kind, FleetSize: fleet})
	if err != nil {
		r.Fatal(err)
	}
	return verdict
}

// later lets the window pass, on the server's clock.
func (r breakerRoom) later() {
	r.Helper()
	execAs(r.T, r.admin, "UPDATE ledger.teardown SET at = at - interval '11 minutes' WHERE installation = '"+r.installation+"'")
}

func TestTheBreakerHoldsMassTeardown(t *testing.T) {
	eachMajor(t, func(t *testing.T, major int) {
		room := newBreakerRoom(t, major)
		kinds := []postgres.TeardownKind{postgres.TeardownDelete, postgres.TeardownSuspend}
		for i := range 3 {
			if verdict := room.ask(fmt.Sprint(i), kinds[i%2], 20); verdict.Held {
				t.Errorf("number %d of 3 is held: %s", i, verdict.Message)
			}
		}
		held := room.ask("3", postgres.TeardownDelete, 20)
		if !held.Held || !strings.Contains(held.Message, "confirm") {
			t.Errorf("the fourth of twenty: %+v", held)
		}
		if verdict := room.ask("0", postgres.TeardownDelete, 20); verdict.Held {
			t.Error("who was admitted is held when it asks again")
		}
		// Neither time nor a restart opens it for who was held; a person does.
		room.later()
		restarted := open(t, daily(cluster(t, major)), postgres.Options{})
		room.server = restarted
		if verdict := room.ask("3", postgres.TeardownDelete, 20); !verdict.Held {
			t.Error("ten minutes later and after a restart nobody is held any more")
		}
		if verdict := room.ask("4", postgres.TeardownDelete, 20); verdict.Held {
			t.Errorf("a single teardown long after: %s", verdict.Message)
		}
		if err := restarted.ConfirmTeardown(t.Context(), room.installation, room.installation+"3", postgres.TeardownDelete); err != nil {
			t.Fatal(err)
		}
		if verdict := room.ask("3", postgres.TeardownDelete, 20); verdict.Held {
			t.Error("held although a person confirmed it")
		}
	})
}

func TestALargerFleetMayLoseMoreAtOnce(t *testing.T) {
	eachMajor(t, func(t *testing.T, major int) {
		room := newBreakerRoom(t, major)
		var held int
		for i := range 30 {
			if room.ask(fmt.Sprint(i), postgres.TeardownDelete, 400).Held {
				held++
			}
		}
		if held != 10 {
			t.Errorf("of 30 teardowns in a fleet of 400, %d are held, not 10", held)
		}
	})
}

func TestAHeldSuspensionThatIsTakenBackIsForgotten(t *testing.T) {
	eachMajor(t, func(t *testing.T, major int) {
		room := newBreakerRoom(t, major)
		for i := range 4 {
			room.ask(fmt.Sprint(i), postgres.TeardownSuspend, 4)
		}
		if err := room.server.WithdrawTeardown(t.Context(), room.installation, room.installation+"3", postgres.TeardownSuspend); err != nil {
			t.Fatal(err)
		}
		room.later()
		if room.ask("3", postgres.TeardownSuspend, 4).Held {
			t.Error("held although it was withdrawn and is asked for anew, long after")
		}
	})
}

func TestEverythingIsHeldWhileTheKindIsBeingDeleted(t *testing.T) {
	eachMajor(t, func(t *testing.T, major int) {
		room := newBreakerRoom(t, major)
		verdict, err := room.server.AdmitTeardown(t.Context(), postgres.Teardown{Installation: room.installation,
			Identity: room.installation, Kind: postgres.TeardownDelete, FleetSize: 400, HoldAll: true})
		if err != nil || !verdict.Held {
			t.Errorf("%+v, %v", verdict, err)
		}
	})
}

func TestWhoIsBackInServiceIsCountedAnew(t *testing.T) {
	eachMajor(t, func(t *testing.T, major int) {
		room := newBreakerRoom(t, major)
		who, row := claimedBy(t, room.server, room.installation)
		verdict, err := room.server.AdmitTeardown(t.Context(), postgres.Teardown{Installation: room.installation, Identity: who.Identity,
			Kind: postgres.TeardownDelete, FleetSize: 10})
		if err != nil || verdict.Held {
			t.Fatal(verdict, err)
		}
		put(t, room.server, row.Ref(), ledger.Retained)
		if _, err := room.server.Adopt(t.Context(), adoption(who, room.installation, false)); err != nil {
			t.Fatal(err)
		}
		for i := range 3 {
			room.ask(fmt.Sprint(i), postgres.TeardownDelete, 10)
		}
		verdict, err = room.server.AdmitTeardown(t.Context(), postgres.Teardown{Installation: room.installation, Identity: who.Identity,
			Kind: postgres.TeardownDelete, FleetSize: 10})
		if err != nil || !verdict.Held {
			t.Errorf("deleted again amid a mass teardown: %+v, %v", verdict, err)
		}
	})
}
