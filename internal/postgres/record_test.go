package postgres_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/glific/organisation-operator/internal/ledger"
	"github.com/glific/organisation-operator/internal/postgres"
)

func TestTheLedgerRemembersWhatRan(t *testing.T) {
	eachMajor(t, func(t *testing.T, major int) {
		server := open(t, daily(cluster(t, major)), postgres.Options{})
		who, row := claimed(t, server, "asha")
		ref, ctx := row.Ref(), t.Context()
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(server.RecordKey(ctx, ref, "print-1"))
		must(server.RecordKey(ctx, ref, "print-1"))
		if err := server.RecordKey(ctx, ref, "print-2"); !errors.Is(err, ledger.ErrKeyMismatch) {
			t.Errorf("other keys: %v", err)
		}
		must(server.RecordBootstrap(ctx, ref, ledger.Bootstrapping))
		must(server.RecordBootstrap(ctx, ref, ledger.Bootstrapped))
		must(server.RecordBootstrap(ctx, ref, ledger.Bootstrapped))
		if err := server.RecordBootstrap(ctx, ref, ledger.Bootstrapping); !errors.Is(err, ledger.ErrBootstrapped) {
			t.Errorf("bootstrapping again: %v", err)
		}
		must(server.RecordAdmin(ctx, ref, "sha256:admin"))
		must(server.RecordRun(ctx, ref, ledger.Run{Kind: ledger.RunMigration, Digest: "sha256:1", State: ledger.RunStarted}))
		must(server.RecordRun(ctx, ref, ledger.Run{Kind: ledger.RunMigration, Digest: "sha256:1", State: ledger.RunFailed, Message: strings.Repeat("ü\x00", 1000)}))
		found := read(t, server, who.Identity)
		if found.KeyFingerprint != "print-1" || found.Bootstrap != ledger.Bootstrapped || found.AdminDigest != "sha256:admin" ||
			found.AdminAt == nil {
			t.Errorf("%+v", found.Row)
		}
		run := found.Run(ledger.RunMigration, "sha256:1")
		if run == nil || run.State != ledger.RunFailed || run.Message != strings.Repeat("ü", 512) || run.At.IsZero() {
			t.Errorf("%+v", run)
		}
		if found.Run(ledger.RunMigration, "sha256:2") != nil {
			t.Error("a run that never was")
		}
		for i := range 30 {
			must(server.RecordRun(ctx, ref, ledger.Run{Kind: ledger.RunMigration, Digest: fmt.Sprintf("sha256:n%02d", i), State: ledger.RunSucceeded}))
		}
		if runs := read(t, server, who.Identity).Runs; len(runs) != 20 || runs[19].Digest != "sha256:n29" {
			t.Errorf("%d runs are kept: %v", len(runs), runs)
		}
	})
}

func TestAnInterruptedBootstrapStartsOverWithAnEmptyDatabase(t *testing.T) {
	eachMajor(t, func(t *testing.T, major int) {
		shared := cluster(t, major)
		server := open(t, daily(shared), postgres.Options{})
		who, made := provisioned(t, server, "asha")
		if err := server.RecordBootstrap(t.Context(), made.Ref(), ledger.Bootstrapping); err != nil {
			t.Fatal(err)
		}
		own := shared.DSNAs(made.LoginRole, who.password, made.Database)
		half := session(t, own)
		if _, err := half.Exec(t.Context(), "CREATE TABLE public.half ()"); err != nil {
			t.Fatal(err)
		}
		rebuilt, err := server.Rebuild(t.Context(), made.Ref(), who.verifier)
		if err != nil {
			t.Fatal(err)
		}
		if drift := rebuilt.Drift(who.verifier); len(drift) > 0 || rebuilt.Bootstrap != ledger.NotBootstrapped {
			t.Errorf("%v, %s", drift, rebuilt.Bootstrap)
		}
		execAs(t, own, "CREATE TABLE public.half ()")
		if rebuilt.Database != made.Database || rebuilt.Facts.Database.OID == made.Facts.Database.OID {
			t.Errorf("was %+v, is %+v", made.Facts.Database, rebuilt.Facts.Database)
		}
	})
}
