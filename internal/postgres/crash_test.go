package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/postgres"
	"github.com/glific/organisation-operator/internal/postgres/postgrestest"
)

// scenario is a piece of a tenant's life: what was before, and a pass that is repeated
// until it succeeds, as a controller repeats it. The pass knows nothing but the ledger.
type scenario struct {
	before func(t *testing.T, server *postgres.Server, who tenant)
	pass   func(ctx context.Context, server *postgres.Server, who tenant) error
	// connected: the app has a session open.
	connected bool
	// always: every point is played, not a sample.
	always bool
}

// provisionPass is what a new Organisation needs of its server, from nothing to bootstrapped.
func provisionPass(ctx context.Context, server *postgres.Server, who tenant) error {
	found, err := server.Read(ctx, who.Identity)
	if err != nil {
		return err
	}
	if found == nil {
		if _, err := server.Claim(ctx, who.Claim); err != nil {
			return err
		}
		if found, err = server.Read(ctx, who.Identity); err != nil {
			return err
		}
	}
	ref := found.Ref()
	if len(found.Drift(who.verifier)) > 0 {
		if _, err = server.Provision(ctx, ref, who.verifier); err != nil {
			return err
		}
	}
	return errors.Join(
		server.RecordKey(ctx, ref, "print"),
		bootstrapOnce(ctx, server, found),
		server.RecordRun(ctx, ref, ledger.Run{Kind: ledger.RunMigration, Digest: "sha256:1", State: ledger.RunSucceeded}),
		server.RecordAdmin(ctx, ref, "sha256:admin"),
	)
}

func bootstrapOnce(ctx context.Context, server *postgres.Server, found *ledger.Tenant) error {
	if found.Bootstrap == ledger.Bootstrapped {
		return nil
	}
	if err := server.RecordBootstrap(ctx, found.Ref(), ledger.Bootstrapping); err != nil {
		return err
	}
	return server.RecordBootstrap(ctx, found.Ref(), ledger.Bootstrapped)
}

// onRow makes a pass that reads the row and acts on it, if it is there.
func onRow(act func(ctx context.Context, server *postgres.Server, found *ledger.Tenant, who tenant) error) func(context.Context, *postgres.Server, tenant) error {
	return func(ctx context.Context, server *postgres.Server, who tenant) error {
		found, err := server.Read(ctx, who.Identity)
		if err != nil || found == nil {
			return err
		}
		return act(ctx, server, found, who)
	}
}

func retirePass(purge bool) func(context.Context, *postgres.Server, tenant) error {
	return onRow(func(ctx context.Context, server *postgres.Server, found *ledger.Tenant, who tenant) error {
		_, err := server.Retire(ctx, found.Ref(), postgres.Retirement{Purge: purge})
		return err
	})
}

func inService(t *testing.T, server *postgres.Server, who tenant) {
	t.Helper()
	if err := provisionPass(t.Context(), server, who); err != nil {
		t.Fatal(err)
	}
}

func then(t *testing.T, server *postgres.Server, who tenant, pass func(context.Context, *postgres.Server, tenant) error) {
	t.Helper()
	inService(t, server, who)
	if err := pass(t.Context(), server, who); err != nil {
		t.Fatal(err)
	}
}

var scenarios = map[string]scenario{
	"provision": {before: func(*testing.T, *postgres.Server, tenant) {}, pass: provisionPass, always: true},
	"mend": {before: func(t *testing.T, server *postgres.Server, who tenant) {
		inService(t, server, who)
	}, pass: onRow(func(ctx context.Context, server *postgres.Server, found *ledger.Tenant, who tenant) error {
		_, err := server.Provision(ctx, found.Ref(), anotherVerifier)
		return err
	})},
	"limit": {before: inService, connected: true, pass: onRow(func(ctx context.Context, server *postgres.Server, found *ledger.Tenant, who tenant) error {
		return server.SetLimit(ctx, found.Ref(), 33)
	})},
	"suspend": {before: inService, connected: true, pass: onRow(func(ctx context.Context, server *postgres.Server, found *ledger.Tenant, who tenant) error {
		_, err := server.SetLogin(ctx, found.Ref(), false)
		return err
	})},
	"resume": {before: func(t *testing.T, server *postgres.Server, who tenant) {
		then(t, server, who, func(ctx context.Context, server *postgres.Server, who tenant) error {
			_, err := server.SetLogin(ctx, read(t, server, who.Identity).Ref(), false)
			return err
		})
	}, pass: onRow(func(ctx context.Context, server *postgres.Server, found *ledger.Tenant, who tenant) error {
		_, err := server.SetLogin(ctx, found.Ref(), true)
		return err
	})},
	"rebuild": {before: func(t *testing.T, server *postgres.Server, who tenant) {
		row, err := server.Claim(t.Context(), who.Claim)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := server.Provision(t.Context(), row.Ref(), who.verifier); err != nil {
			t.Fatal(err)
		}
		if err := server.RecordBootstrap(t.Context(), row.Ref(), ledger.Bootstrapping); err != nil {
			t.Fatal(err)
		}
	}, pass: onRow(func(ctx context.Context, server *postgres.Server, found *ledger.Tenant, who tenant) error {
		if found.Bootstrap == ledger.Bootstrapping {
			_, err := server.Rebuild(ctx, found.Ref(), who.verifier)
			return err
		}
		_, err := server.Provision(ctx, found.Ref(), who.verifier)
		return err
	})},
	"retain": {before: inService, pass: retirePass(false), connected: true},
	"doom":   {before: inService, pass: retirePass(true), connected: true},
	"adopt": {before: func(t *testing.T, server *postgres.Server, who tenant) { then(t, server, who, retirePass(true)) },
		pass: func(ctx context.Context, server *postgres.Server, who tenant) error {
			if _, err := server.Adopt(ctx, adoption(who, who.Installation, false)); err != nil {
				return err
			}
			return provisionPass(ctx, server, who)
		}},
	"reap": {before: func(t *testing.T, server *postgres.Server, who tenant) { then(t, server, who, retirePass(true)) },
		pass: func(ctx context.Context, server *postgres.Server, who tenant) error {
			_, err := server.Reap(ctx, who.Installation, nil)
			return err
		}},
	"delete at once": {before: inService, connected: true, always: true, pass: func(ctx context.Context, server *postgres.Server, who tenant) error {
		if err := retirePass(true)(ctx, server, who); err != nil {
			return err
		}
		_, err := server.Reap(ctx, who.Installation, nil)
		return err
	}},
}

const anotherVerifier = "SCRAM-SHA-256$4096:c2FsdCBvZiAxNiBieXRlcw==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

// campaign plays every point on every major (make campaign). Otherwise the points of
// provision and deletion are all played, "before it was sent" on one major and "answer
// lost" on the other, and of the rest a sample.
var campaign = os.Getenv("CAMPAIGN") != ""

func TestACrashAtAnyStatementEndsInTheSameState(t *testing.T) {
	seed := sampleSeed(t)
	var points atomic.Int64
	for sentence, s := range scenarios {
		t.Run(sentence, func(t *testing.T) {
			eachMajor(t, func(t *testing.T, major int) {
				sample := rand.New(rand.NewPCG(seed, uint64(major)))
				for _, after := range []bool{false, true} {
					if campaign || after == (major == postgrestest.Newest) {
						points.Add(s.crashes(t, cluster(t, major), after, sample))
					}
				}
			})
		})
	}
	t.Logf("%d crash points, each with the end state of an undisturbed life", points.Load())
}

// sampleSeed is CRASH_SEED, to repeat a run, or a new one.
func sampleSeed(t *testing.T) uint64 {
	t.Helper()
	seed, err := strconv.ParseUint(os.Getenv("CRASH_SEED"), 10, 64)
	if err != nil {
		seed = rand.Uint64()
	}
	t.Logf("CRASH_SEED=%d", seed)
	return seed
}

// crashes plays the points of a scenario and returns how many there were.
func (s scenario) crashes(t *testing.T, shared *postgrestest.Server, after bool, sample *rand.Rand) (points int64) {
	t.Helper()
	reference, _ := s.play(t, shared, &crasher{})
	for at := 1; ; at++ {
		if !campaign && !s.always && sample.IntN(4) > 0 && at < 60 {
			continue
		}
		end, died := s.play(t, shared, &crasher{at: at, after: after})
		if !died {
			return points
		}
		points++
		if end != reference {
			t.Errorf("after a crash at statement %d (answer lost: %v)\nends in %s\nnot in  %s", at, after, end, reference)
		}
	}
}

// play lives through a scenario with one crash and returns the end state.
func (s scenario) play(t *testing.T, shared *postgrestest.Server, crash *crasher) (end string, died bool) {
	t.Helper()
	who := newTenant(t, "asha")
	who.Installation = "crash " + who.Identity
	steady, err := postgres.Open("shared-1", daily(shared), postgres.Options{Installation: who.Installation})
	if err != nil {
		t.Fatal(err)
	}
	defer steady.Close()
	s.before(t, steady, who)
	if s.connected {
		defer session(t, shared.DSNAs(who.Database, who.password, who.Database)).Close(t.Context()) //nolint:errcheck // it may have been ended
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	crash.die = cancel
	mortal, err := postgres.Open("shared-1", daily(shared), postgres.Options{Installation: who.Installation, Tracer: crash})
	if err != nil {
		t.Fatal(err)
	}
	first := s.pass(ctx, mortal, who)
	mortal.Close()
	closedToOthers(t, shared, steady, who, crash.dead)
	if crash.dead == "" && first != nil {
		t.Fatalf("without a crash: %v", first)
	}
	// The operator comes back and repeats its passes until one changes nothing.
	for range 2 {
		if err := s.pass(t.Context(), steady, who); err != nil {
			t.Errorf("after a crash at %q: %v", crash.dead, err)
		}
	}
	found := read(t, steady, who.Identity)
	end = who.anonymous(portrait(found) + " " + balance(t, shared, who))
	tidy(t, steady, shared, who, found)
	return end, crash.dead != ""
}

// closedToOthers lets another tenant try the door of a database that may be half made.
func closedToOthers(t *testing.T, shared *postgrestest.Server, server *postgres.Server, who tenant, dead string) {
	t.Helper()
	other := neighbour(t, shared)
	if err := server.TryLogin(t.Context(), who.Database, other.Database, other.password); !errors.Is(err, ledger.ErrLoginRefused) {
		t.Errorf("after a crash at %q another tenant may enter: %v", dead, err)
	}
}

var neighbours = struct {
	sync.Mutex
	of map[*postgrestest.Server]tenant
}{of: map[*postgrestest.Server]tenant{}}

// neighbour is one tenant of a shared server that is always in service.
func neighbour(t *testing.T, shared *postgrestest.Server) tenant {
	t.Helper()
	neighbours.Lock()
	defer neighbours.Unlock()
	who, found := neighbours.of[shared]
	if !found {
		who, _ = provisioned(t, open(t, daily(shared), postgres.Options{}), "neighbour")
		neighbours.of[shared] = who
	}
	return who
}

// balance is what the server has under the tenant's name, and who owns its schema public.
func balance(t *testing.T, shared *postgrestest.Server, who tenant) string {
	t.Helper()
	counts := queryAs(t, shared.DSN("organisation_operator"), fmt.Sprintf(`SELECT concat_ws(' ',
		(SELECT count(*) FROM ledger.tenant WHERE database = '%[1]s'), 'rows',
		(SELECT count(*) FROM pg_roles WHERE rolname LIKE '%[1]s%%'), 'roles',
		(SELECT count(*) FROM pg_database WHERE datname = '%[1]s'), 'databases',
		(SELECT count(*) FROM pg_stat_activity WHERE usename = '%[1]s'), 'sessions')`, who.Database))
	if strings.Contains(counts, "0 databases") {
		return counts
	}
	return counts + ", public of " + queryAs(t, shared.DSN(who.Database),
		"SELECT string_agg(nspowner::regrole::text || ' ' || nspacl::text, '') FROM pg_namespace WHERE nspname = 'public'")
}

// tidy gives the room back: hundreds of databases would fill the disk.
func tidy(t *testing.T, server *postgres.Server, shared *postgrestest.Server, who tenant, found *ledger.Tenant) {
	t.Helper()
	if found == nil {
		nothingLeft(t, server, shared.DSN("postgres"), who)
		return
	}
	if _, err := server.Retire(t.Context(), found.Ref(), postgres.Retirement{Purge: true, Grace: -time.Hour}); err != nil {
		t.Error(err)
	}
	if gone, err := server.Reap(t.Context(), who.Installation, nil); err != nil || len(gone) != 1 {
		t.Errorf("tidying up: %v, %v", gone, err)
	}
	nothingLeft(t, server, shared.DSN("postgres"), who)
}
