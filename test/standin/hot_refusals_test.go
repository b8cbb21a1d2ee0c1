package standin_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/glific/organisation-operator/internal/hot/engine"
	"github.com/glific/organisation-operator/test/standin"
)

// fault is something about a staged 0.2.0 that forbids the upgrade of a running 0.1.0.
type fault struct {
	reason string
	with   engine.Engine
	cause  func(*testing.T, *node)
}

// Each fault is put right again before the next.
func TestEachRefusal(t *testing.T) {
	who := filled(t, "0.2.0")
	n := staged(t, who, "0.1.0", "0.2.0", nil)
	const library = "lib/standin-0.2.0/"
	for sentence, fault := range map[string]fault{
		"Erlang's machine is another":   {engine.ErtsChanged, "", edited("releases/0.2.0/prod.rel", `{erts,"13.1.5"}`, `{erts,"14.0"}`)},
		"the standard library is newer": {engine.RuntimeChanged, "", edited("releases/0.2.0/prod.rel", `{stdlib,"4.2"`, `{stdlib,"4.3"`)},
		"an application is new":         {engine.ApplicationAdded, engine.ModuleSwap, edited("releases/0.2.0/prod.rel", `{cowlib,`, `{ranch,"2.1.0",permanent},{cowlib,`)},
		"an application is gone":        {engine.ApplicationRemoved, engine.ModuleSwap, edited("releases/0.2.0/prod.rel", `{cowlib,"1.3.0",permanent},`, ``)},
		"a native file is new":          {engine.NativeCodeChanged, "", written(library+"priv/image.so", "machine code")},
		"it starts with another module": {engine.StartModuleChanged, engine.ModuleSwap, edited(library+"ebin/standin.app", `'Elixir.Standin.Application'`, `'Elixir.Standin.Other'`, "mod,")},
		"a supervisor is another": {engine.SupervisionChanged, engine.ModuleSwap, compiled(`defmodule Standin.Pool do
			use Supervisor
			def init(_), do: Supervisor.init([], strategy: :one_for_one)
		end`)},
		"a module wants code of its own when it is loaded": {engine.NativeCodeChanged, engine.ModuleSwap, compiled(`defmodule Standin.Schema do
			@on_load :now
			def now, do: :ok
		end`)},
		"there is no relup":             {engine.NoRelup, engine.Relup, removed("releases/0.2.0/relup")},
		"the relup restarts the node":   {engine.RestartsNode, engine.Relup, edited("releases/0.2.0/relup", `point_of_no_return,`, `restart_emulator,`)},
		"the release is not there":      {engine.NotStaged, "", removed("releases/0.2.0/start.boot")},
		"its configuration is not made": {engine.DoesNotStart, "", edited("releases/0.2.0/runtime.exs", `import Config`, `raise "a key is missing"`)},
		"a process does not answer":     {engine.ProcessHung, "", hung},
		"a process is in replaced code": {engine.OldCodeInUse, "", lingers},
	} {
		t.Run(sentence, func(t *testing.T) {
			fault.cause(t, n)
			got := n.ask(t, engine.Check, "0.2.0", fault.with)
			if got.Outcome != engine.Refused || !slices.ContainsFunc(got.Refusals, func(r engine.Refusal) bool { return r.Reason == fault.reason && r.Message != "" }) {
				t.Errorf("want a refusal for %s, got %+v", fault.reason, got)
			}
			n.says(t, "0.1.0")
		})
	}
	if got := n.ask(t, engine.Check, "0.2.0", engine.Relup); got.Outcome != engine.Ready {
		t.Errorf("without a fault: %+v", got)
	}
	if n.rpc(t, "Application.stop(:sasl)"); !strings.Contains(n.ask(t, engine.Check, "0.2.0", engine.Relup).Refusals[0].Message, "sasl does not run") {
		t.Error("without sasl the relup is not refused")
	}
	if got := n.ask(t, engine.Check, "0.2.0", ""); got.Outcome != engine.Ready || got.Engine != engine.ModuleSwap {
		t.Errorf("without sasl modules can still be exchanged: %+v", got)
	}
}

// changed puts a file back when the test ends.
func changed(t *testing.T, n *node, file string, to func([]byte) []byte) {
	t.Helper()
	path := filepath.Join(n.release, file)
	was, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.WriteFile(path, was, 0o600); err != nil {
			t.Fatal(err)
		}
	})
	now := to(slices.Clone(was))
	if now == nil {
		err = os.Remove(path)
	} else {
		err = os.WriteFile(path, now, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// edited replaces old by replacement, behind the place that is named.
func edited(file, old, replacement string, behind ...string) func(*testing.T, *node) {
	return func(t *testing.T, n *node) {
		t.Helper()
		changed(t, n, file, func(was []byte) []byte {
			before, after, _ := strings.Cut(string(was), strings.Join(behind, ""))
			if len(behind) == 0 {
				before, after = "", string(was)
			}
			if !strings.Contains(after, old) {
				t.Fatalf("%s has no %s:\n%s", file, old, was)
			}
			return []byte(before + strings.Join(behind, "") + strings.Replace(after, old, replacement, 1))
		})
	}
}

func removed(file string) func(*testing.T, *node) {
	return func(t *testing.T, n *node) {
		t.Helper()
		changed(t, n, file, func([]byte) []byte { return nil })
	}
}

func written(file, content string) func(*testing.T, *node) {
	return func(t *testing.T, n *node) {
		t.Helper()
		path := filepath.Join(n.release, file)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.Remove(path) }) // nothing else needs it
	}
}

// compiled puts a module in the place of the staged one.
func compiled(source string) func(*testing.T, *node) {
	return func(t *testing.T, n *node) {
		t.Helper()
		module, _, _ := strings.Cut(strings.TrimPrefix(source, "defmodule "), " ")
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "module.ex"), []byte(source), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.CommandContext(t.Context(), "elixirc", "-o", dir, filepath.Join(dir, "module.ex")).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		beam, err := os.ReadFile(filepath.Join(dir, "Elixir."+module+".beam"))
		if err != nil {
			t.Fatal(err)
		}
		changed(t, n, "lib/standin-0.2.0/ebin/Elixir."+module+".beam", func([]byte) []byte { return beam })
	}
}

// hung keeps the process of a new websocket busy until the test ends.
func hung(t *testing.T, n *node) {
	t.Helper()
	openWebsocket(t, n, "/socket", "https://"+n.env["BASE_URL"])
	n.rpc(t, `[{_, pid, _, _} | _] = DynamicSupervisor.which_children(Standin.Web.Sockets)
		spawn(fn -> :sys.replace_state(pid, fn state -> Process.sleep(600_000); state end, :infinity) end)`)
	t.Cleanup(func() {
		end := `for {_, pid, _, _} <- DynamicSupervisor.which_children(Standin.Web.Sockets), do: Process.exit(pid, :kill)`
		if out, err := command(context.WithoutCancel(t.Context()), t, n.release, n.env, "rpc", end).CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	})
}

func lingers(t *testing.T, n *node) {
	t.Helper()
	n.rpc(t, standin.Lingering)
	t.Cleanup(func() {
		end := `Process.exit(:persistent_term.get(:lingers), :kill)`
		if out, err := command(context.WithoutCancel(t.Context()), t, n.release, n.env, "rpc", end).CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	})
}
