package standin_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/glific/organisation-operator/internal/hot/engine"
)

// Each kind of process that OTP knows, before and after: its state changes its shape.
const (
	behavioursBefore = `
defmodule Standin.Words do
  def old(n), do: n
end
defmodule Standin.Machine do
  @behaviour :gen_statem
  def callback_mode, do: :handle_event_function
  def init(n), do: {:ok, :idle, n}
  def handle_event(_, _, _, _), do: :keep_state_and_data
end
defmodule Standin.Handler do
  @behaviour :gen_event
  def init(n), do: {:ok, n}
  def handle_event(_, n), do: {:ok, n}
  def handle_call(:state, n), do: {:ok, n, n}
end
defmodule Standin.Counter do
  use GenServer
  def init(n), do: {:ok, Standin.Words.old(n)}
  def handle_call(:state, _, n), do: {:reply, n, n}
end`
	behavioursAfter = `
defmodule Standin.Words do
  def new(n), do: %{count: n}
end
defmodule Standin.Machine do
  @behaviour :gen_statem
  def callback_mode, do: :handle_event_function
  def init(n), do: {:ok, :idle, Standin.Words.new(n)}
  def handle_event(_, _, _, _), do: :keep_state_and_data
  def code_change(_, state, n, _), do: {:ok, state, Standin.Words.new(n)}
end
defmodule Standin.Handler do
  @behaviour :gen_event
  def init(n), do: {:ok, Standin.Words.new(n)}
  def handle_event(_, state), do: {:ok, state}
  def handle_call(:state, state), do: {:ok, state, state}
  def code_change(_, n, _), do: {:ok, Standin.Words.new(n)}
end
defmodule Standin.Counter do
  use GenServer
  def init(n), do: {:ok, Standin.Words.new(n)}
  def handle_call(:state, _, state), do: {:reply, state, state}
  def code_change(_, n, _) do
    if System.get_env("STANDIN_CODE_CHANGE") == "fail", do: raise("on this node only")
    {:ok, Standin.Words.new(n)}
  end
end`
	// The counter begins last, so that it is converted last.
	begin = `
for module <- [Standin.Words, Standin.Machine, Standin.Handler, Standin.Counter], do: {:module, ^module} = :code.load_file(module)
{:ok, _} = :gen_statem.start({:local, Standin.Machine}, Standin.Machine, 3, [])
{:ok, _} = :gen_event.start({:local, Standin.Bus})
:ok = :gen_event.add_handler(Standin.Bus, Standin.Handler, 5)
{:ok, _} = GenServer.start(Standin.Counter, 7, name: Standin.Counter)`
	look = `IO.inspect({:sys.get_state(Standin.Machine), :gen_event.call(Standin.Bus, Standin.Handler, :state), GenServer.call(Standin.Counter, :state)})`

	shapeBefore = `{{:idle, 3}, 5, 7}`
	shapeAfter  = `{{:idle, %{count: 3}}, %{count: 5}, %{count: 7}}`
)

// put compiles modules into the stand-in of a version, below a release's root.
func put(t *testing.T, root, version, source string) {
	t.Helper()
	into := filepath.Join(root, "lib", "standin-"+version, "ebin")
	file := filepath.Join(t.TempDir(), "modules.ex")
	if err := os.WriteFile(file, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "elixirc", "--ignore-module-conflict", "-pa", into, "-o", into, file).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// behaving is a node with a process of each kind, and a version beside it in which each
// of their states has another shape.
func behaving(t *testing.T) *node {
	t.Helper()
	who, root := filled(t, "0.2.0"), filepath.Join(t.TempDir(), "release")
	copyAll(t, built(t, "0.1.0"), root)
	put(t, root, "0.1.0", behavioursBefore)
	n := start(t, root, who.env).ready(t)
	stage(t, root, "0.2.0")
	put(t, root, "0.2.0", behavioursAfter)
	n.rpc(t, begin)
	if got := n.rpc(t, look); got != shapeBefore {
		t.Fatalf("states before: %s", got)
	}
	return n
}

// A conversion may call what is new in another module: all are loaded before the first.
func TestModulesOfEachBehaviourAreExchanged(t *testing.T) {
	n := behaving(t)
	if got := n.ask(t, engine.Check, "0.2.0", engine.ModuleSwap); got.Outcome != engine.Ready || got.Rehearsed < 3 {
		t.Fatalf("check: %+v", got)
	}
	if got := n.ask(t, engine.Install, "0.2.0", engine.ModuleSwap); got.Outcome != engine.Installed || got.Processes < 3 {
		t.Fatalf("install: %+v", got)
	}
	if got := n.rpc(t, look); got != shapeAfter {
		t.Errorf("states afterwards: %s, want %s", got, shapeAfter)
	}
}

func TestStatesOfEachBehaviourAreGivenBack(t *testing.T) {
	n := behaving(t)
	n.rpc(t, failsOnTheNode)
	if got := n.ask(t, engine.Install, "0.2.0", engine.ModuleSwap); got.Outcome != engine.RolledBack || !strings.Contains(got.Message, "Standin.Counter") {
		t.Errorf("install: %+v", got)
	}
	if got := n.rpc(t, look); got != shapeBefore {
		t.Errorf("states afterwards: %s, want %s", got, shapeBefore)
	}
	if got := n.rpc(t, `IO.inspect(function_exported?(Standin.Words, :old, 1) and not function_exported?(Standin.Words, :new, 1))`); got != "true" {
		t.Error("the new code is still there")
	}
}

// Both engines tell an application what changed in its configuration, and make it so.
func TestChangedConfigurationIsTold(t *testing.T) {
	source, err := os.ReadFile("lib/standin/application.ex")
	if err != nil {
		t.Fatal(err)
	}
	told := strings.Replace(string(source), "use Application\n", `use Application

  def config_change(changed, new, removed) do
    :persistent_term.put(:told, {changed[:greeting], new[:fresh], :gone in removed})
    :ok
  end
`, 1)
	for _, with := range []engine.Engine{engine.Relup, engine.ModuleSwap} {
		t.Run(string(with), func(t *testing.T) {
			who, root := filled(t, "0.2.0"), filepath.Join(t.TempDir(), "release")
			copyAll(t, built(t, "0.1.0"), root)
			put(t, root, "0.1.0", told)
			configured(t, root, "0.1.0", `config :standin, greeting: "old", gone: true`)
			n := start(t, root, who.env).ready(t)
			stage(t, root, "0.2.0")
			put(t, root, "0.2.0", told)
			configured(t, root, "0.2.0", `config :standin, greeting: "new", fresh: 1`)
			if got := n.ask(t, engine.Install, "0.2.0", with); got.Outcome != engine.Installed {
				t.Fatalf("install: %+v", got)
			}
			if got := n.rpc(t, `IO.inspect({:persistent_term.get(:told, :nothing), Application.get_env(:standin, :greeting), Application.get_env(:standin, :gone)})`); got != `{{"new", 1, true}, "new", nil}` {
				t.Errorf("told: %s", got)
			}
		})
	}
}

func configured(t *testing.T, root, version, line string) {
	t.Helper()
	path := filepath.Join(root, "releases", version, "runtime.exs")
	was, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(was, "\n"+line+"\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
}
