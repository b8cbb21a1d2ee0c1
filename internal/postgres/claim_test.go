package postgres_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/postgres"
	"github.com/glific/organisation-operator/internal/postgres/postgrestest"
)

func TestNoRowIsAPositiveAnswer(t *testing.T) {
	eachMajor(t, func(t *testing.T, major int) {
		server := open(t, daily(cluster(t, major)), postgres.Options{})
		if found, err := server.Read(t.Context(), "nobody"); found != nil || err != nil {
			t.Errorf("%v, %v", found, err)
		}
	})
}

func TestAClaimIsRepeatedWithoutHarmAndFollowsItsHosts(t *testing.T) {
	eachMajor(t, func(t *testing.T, major int) {
		server := open(t, daily(cluster(t, major)), postgres.Options{})
		who := newTenant(t, "asha")
		first, err := server.Claim(t.Context(), who.Claim)
		if err != nil {
			t.Fatal(err)
		}
		again := who.Claim
		again.Hosts = append([]string{"new." + again.Hosts[0]}, again.Hosts...)
		second, err := server.Claim(t.Context(), again)
		if err != nil {
			t.Fatal(err)
		}
		if second.Ref() != first.Ref() || second.Database != first.Database || len(second.Hosts) != 2 {
			t.Errorf("first %+v, then %+v", first, second)
		}
		if found := read(t, server, who.Identity); len(found.Hosts) != 2 || found.State != ledger.Active {
			t.Errorf("%+v", found)
		}
	})
}

func TestDataOfTheSameNameOrHostIsNeverShadowed(t *testing.T) {
	for sentence, second := range map[string]func(first tenant, second *postgres.Claim){
		"the same name": func(first tenant, second *postgres.Claim) { second.Organisation = first.Organisation },
		"a host in common": func(first tenant, second *postgres.Claim) {
			second.Hosts = append(second.Hosts, first.Hosts[0])
		},
		"the same name in another installation": func(first tenant, second *postgres.Claim) {
			second.Organisation, second.Installation = first.Organisation, "installation-b"
		},
	} {
		for _, state := range []ledger.State{ledger.Active, ledger.Suspended, ledger.Retained, ledger.Doomed} {
			t.Run(fmt.Sprintf("%s, %s", sentence, state), func(t *testing.T) {
				eachMajor(t, func(t *testing.T, major int) {
					server := open(t, daily(cluster(t, major)), postgres.Options{})
					old, made := claimed(t, server, "asha")
					put(t, server, made.Ref(), state)
					next := newTenant(t, "asha").Claim
					second(old, &next)
					var found *ledger.RetainedDataError
					if _, err := server.Claim(t.Context(), next); !errors.As(err, &found) || found.Rows[0].Identity != old.Identity {
						t.Fatalf("%v", err)
					}
					for _, part := range []string{old.Identity, made.Database, string(state), "adopt.uid", "adopt.fresh"} {
						if !strings.Contains(found.Error(), part) {
							t.Errorf("the message lacks %q: %s", part, found)
						}
					}
					shadows, err := server.Shadowing(t.Context(), next.Subject)
					if err != nil || len(shadows) != 1 || shadows[0].Identity != old.Identity {
						t.Errorf("Shadowing: %v, %v", shadows, err)
					}
					if read(t, server, next.Identity) != nil {
						t.Error("a row was made")
					}
					next.Fresh = true
					if _, err := server.Claim(t.Context(), next); err != nil {
						t.Errorf("fresh: %v", err)
					}
				})
			})
		}
	}
}

func TestARetiredIdentityIsAdoptedNotClaimed(t *testing.T) {
	eachMajor(t, func(t *testing.T, major int) {
		server := open(t, daily(cluster(t, major)), postgres.Options{})
		who, made := claimed(t, server, "asha")
		put(t, server, made.Ref(), ledger.Retained)
		var found *ledger.RetainedDataError
		if _, err := server.Claim(t.Context(), who.Claim); !errors.As(err, &found) || found.Rows[0].Identity != who.Identity {
			t.Errorf("%v", err)
		}
	})
}

func TestTwoClaimsAtOnceShareNothing(t *testing.T) {
	for sentence, collide := range map[string]func(first tenant, second *tenant){
		"the same database": func(first tenant, second *tenant) { second.Database = first.Database },
		"the same name":     func(first tenant, second *tenant) { second.Organisation = first.Organisation },
		"the same host":     func(first tenant, second *tenant) { second.Hosts = first.Hosts },
	} {
		t.Run(sentence, func(t *testing.T) {
			eachMajor(t, func(t *testing.T, major int) {
				server := open(t, daily(cluster(t, major)), postgres.Options{})
				for range 5 {
					first, second := newTenant(t, "asha"), newTenant(t, "asha")
					collide(first, &second)
					won := race(t, server, first, second)
					if won != 1 {
						t.Errorf("%d of two claims succeeded", won)
					}
				}
			})
		})
	}
}

// race claims at the same time and returns how many succeeded.
func race(t *testing.T, server *postgres.Server, racers ...tenant) int {
	t.Helper()
	var (
		wait sync.WaitGroup
		mu   sync.Mutex
		won  int
	)
	for _, racer := range racers {
		wait.Go(func() {
			_, err := server.Claim(t.Context(), racer.Claim)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won++
			} else if errors.Is(err, ledger.ErrUnreachable) {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	return won
}

func TestTheConnectionBudgetIsNeverOverdrawn(t *testing.T) {
	for _, major := range postgrestest.Majors() {
		small := postgrestest.New(t, postgrestest.Options{Major: major, MaxConnections: 100})
		bootstrap(t, small)
		server := open(t, daily(small), postgres.Options{})
		// 100 - 3 for superusers - 10 for the operator = 87 = 3 × (20 + 3) + 18.
		racers := make([]tenant, 8)
		for i := range racers {
			racers[i] = newTenant(t, "asha")
		}
		if won := race(t, server, racers...); won != 3 {
			t.Errorf("%d claims of 20 fit into 87 connections", won)
		}
		var over *ledger.BudgetError
		last := newTenant(t, "late")
		if _, err := server.Claim(t.Context(), last.Claim); !errors.As(err, &over) {
			t.Fatalf("one too many: %v", err)
		}
		if words := over.Error(); !strings.Contains(words, "69 of 87 connections granted, 18 free") || !strings.Contains(words, "max_connections") {
			t.Errorf("the refusal says: %s", words)
		}
		last.ConnectionLimit = 15
		row, err := server.Claim(t.Context(), last.Claim)
		if err != nil {
			t.Fatalf("15 + 3 of 18: %v", err)
		}
		if err := server.SetLimit(t.Context(), row.Ref(), 16); !errors.As(err, &over) {
			t.Errorf("raising a limit beyond the budget: %v", err)
		}
		if err := server.SetLimit(t.Context(), row.Ref(), 7); err != nil {
			t.Errorf("lowering a limit: %v", err)
		}
		status, err := server.Inspect(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if words := status.Capacity.Words([]ledger.Size{{Name: "small", Limit: 5}, {Name: "large", Limit: 40}}); words !=
			"79 of 87 connections granted; fits 1 more small, 0 more large" {
			t.Error(words)
		}
		// A suspended tenant keeps its share, a retired one gives it back.
		suspended, err := server.SetLogin(t.Context(), row.Ref(), false)
		if err != nil {
			t.Fatal(err)
		}
		if got := granted(t, server); got != 79 {
			t.Errorf("%d granted while one is suspended", got)
		}
		if _, err := server.Retire(t.Context(), suspended.Ref(), postgres.Retirement{}); err != nil {
			t.Fatal(err)
		}
		if got := granted(t, server); got != 69 {
			t.Errorf("%d granted after one was retired", got)
		}
		adoption := postgres.Adoption{Subject: last.Subject, Installation: last.Installation, ConnectionLimit: 16}
		if _, err := server.Adopt(t.Context(), adoption); !errors.As(err, &over) {
			t.Errorf("adopting beyond the budget: %v", err)
		}
	}
}

func granted(t *testing.T, server *postgres.Server) int {
	t.Helper()
	status, err := server.Inspect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return status.Capacity.Granted
}

// claimed claims a new tenant and leaves it without roles and database.
func claimed(t *testing.T, server *postgres.Server, name string) (tenant, *ledger.Row) {
	t.Helper()
	who := newTenant(t, name)
	row, err := server.Claim(t.Context(), who.Claim)
	if err != nil {
		t.Fatal(err)
	}
	return who, row
}

// put brings an active row into a state.
func put(t *testing.T, server *postgres.Server, ref ledger.Ref, state ledger.State) *ledger.Row {
	t.Helper()
	var (
		row *ledger.Row
		err error
	)
	switch state {
	case ledger.Suspended:
		row, err = server.SetLogin(t.Context(), ref, false)
	case ledger.Retained:
		row, err = server.Retire(t.Context(), ref, postgres.Retirement{})
	case ledger.Doomed:
		row, err = server.Retire(t.Context(), ref, postgres.Retirement{Purge: true, Grace: 1 << 40})
	default:
		row, err = server.SetLogin(t.Context(), ref, true)
	}
	if err != nil {
		t.Fatal(err)
	}
	return row
}
