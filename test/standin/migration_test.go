package standin_test

import (
	"strings"
	"testing"
)

const schema = "SELECT max(version) FROM schema_migrations"

func TestMigrationsBringTheSchemaToTheVersion(t *testing.T) {
	who := filled(t, "0.1.0")
	for _, step := range []struct{ version, schema string }{{"0.1.0", "20260101"}, {"0.2.0", "20260201"}, {"0.2.0", "20260201"}, {"0.3.0", "20260301"}} {
		mustRun(t, built(t, step.version), who.env, "eval", "Standin.Release.migrate()")
		if got := who.ask(t, schema); got != step.schema {
			t.Errorf("after %s the schema is at %s, want %s", step.version, got, step.schema)
		}
	}
	out, err := run(t, built(t, "0.3.0"), who.env, "eval", "Standin.Release.rollback(20260201)")
	if err == nil || !strings.Contains(out, "20260301 cannot be undone") || who.ask(t, schema) != "20260301" {
		t.Errorf("an irreversible migration: %v\n%s", err, out)
	}
}

func TestAMigrationCanBeTakenBack(t *testing.T) {
	who := filled(t, "0.2.0")
	if got := who.ask(t, schema); got != "20260201" {
		t.Fatalf("bootstrap leaves the schema at %s", got)
	}
	mustRun(t, built(t, "0.2.0"), who.env, "eval", "Standin.Release.rollback(20260101)")
	if got := who.ask(t, schema); got != "20260101" {
		t.Errorf("the schema is at %s", got)
	}
}

func TestAMigrationThatFailsLeavesTheSchemaAndSaysWhy(t *testing.T) {
	who := filled(t, "0.1.0")
	out, err := run(t, built(t, "0.2.0-failing"), who.env, "eval", "Standin.Release.migrate()")
	if err == nil || !strings.Contains(out, "migration 20260220: division by zero (SQLSTATE 22012)") {
		t.Errorf("%v\n%s", err, out)
	}
	if got := who.ask(t, schema) + " " + who.ask(t, "SELECT to_regclass('half') IS NULL"); got != "20260201 t" {
		t.Errorf("the schema is at %s", got)
	}
}

func TestAMigrationMayBeSlowAndShowsHowFarItIs(t *testing.T) {
	who := filled(t, "0.1.0")
	out := mustRun(t, built(t, "0.2.0-slow"), who.with(map[string]string{"STANDIN_MIGRATION_SECONDS": "2"}), "eval", "Standin.Release.migrate()")
	if !strings.Contains(out, "20260210: 1 of 2 s\n20260210: 2 of 2 s\n") || who.ask(t, schema) != "20260210" {
		t.Error(out)
	}
}
