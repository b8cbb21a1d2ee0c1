package e2e

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/testkit/components"
	"github.com/glific/organisation-operator/test/e2e/platform"
)

// plugin is `kubectl glific` as a person has installed it.
type plugin struct {
	ngo
	bin string
}

// install the plugin and kubectl into a folder of the PATH.
func (n ngo) install() plugin {
	n.t.Helper()
	root, err := components.Root()
	if err != nil {
		n.t.Fatal(err)
	}
	kubectl, err := components.Path(components.Kubectl)
	if err != nil {
		n.t.Fatal(err)
	}
	bin := n.t.TempDir()
	build := exec.CommandContext(n.ctx(), "go", "build", "-o", filepath.Join(bin, "kubectl-glific"), "./cmd/kubectl-glific")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		n.t.Fatalf("%v\n%s", err, out)
	}
	if err := os.Symlink(kubectl, filepath.Join(bin, "kubectl")); err != nil {
		n.t.Fatal(err)
	}
	return plugin{n, bin}
}

// command is kubectl glific with these arguments.
func (pl plugin) command(args ...string) *exec.Cmd {
	cmd := exec.CommandContext(pl.t.Context(), filepath.Join(pl.bin, "kubectl"), append([]string{"glific"}, args...)...)
	cmd.Env = append(os.Environ(), "PATH="+pl.bin+":"+os.Getenv("PATH"), "KUBECONFIG="+pl.p.Kubeconfig, "TERM=xterm")
	return cmd
}

// run a command that must end with this code, and return its standard output.
func (pl plugin) run(code int, args ...string) string {
	pl.t.Helper()
	var said strings.Builder
	cmd := pl.command(args...)
	cmd.Stderr = &said
	out, err := cmd.Output()
	var ended *exec.ExitError
	got := 0
	if errors.As(err, &ended) {
		got = ended.ExitCode()
	} else if err != nil {
		pl.t.Fatal(err)
	}
	pl.t.Logf("$ kubectl glific %s → %d\n%s%s", strings.Join(args, " "), got, said.String(), out)
	if got != code {
		pl.t.Errorf("exit code %d, not %d", got, code)
	}
	return string(out)
}

// expect a text of a command that succeeds.
func (pl plugin) expect(text string, args ...string) {
	pl.t.Helper()
	if out := pl.run(0, args...); !strings.Contains(out, text) {
		pl.t.Errorf("kubectl glific %s does not say %q", strings.Join(args, " "), text)
	}
}

// What the plugin runs inside pods works on a node that runs.
func TestThePluginGoesInside(t *testing.T) {
	p := start(t)
	t.Parallel()
	n := found(t, p, "pooja", pinned("standin-0.2.0"))
	pl := n.install()
	node := "prod@" + n.pods(names.Backend)[0].Status.PodIP

	pl.expect(node, "rpc", n.name, "IO.puts(node())")
	pl.expect(`"version": "0.2.0"`, "rpc", n.name, "IO.puts(Standin.report())")
	pl.run(1, "rpc", n.name, `raise "no"`)
	pl.expect("one and alone: 1 nonode@nohost", "run", n.name, "--eval", `IO.puts("one and alone: #{System.get_env("POOL_SIZE")} #{node()}")`)
	pl.expect("schema is at 20260201", "run", n.name, "--eval", "Standin.Release.migrate()")
	pl.expect("/tmp", "run", n.name, "--", "df", "-h", "/tmp")
	pl.run(7, "run", n.name, "--", "sh", "-c", "exit 7")
	pl.run(0, "logs", n.name, "--tail", "5") // the stand-in has nothing to say while all is well
	pl.expect("filled", "logs", n.name, "--task", "bootstrap")
	pl.expect("is replaced", "logs", n.name, "--task", "admin-password")
	pl.console(node)
	pl.psql()
	pl.observer(node)
	pl.looks()
}

// console at a terminal, which is left as its help says.
func (pl plugin) console(node string) {
	pl.t.Helper()
	at := atTerminal(pl.t, pl.command("console", pl.name))
	at.await("iex(" + node + ")1>")
	at.enter("6 * 7 + 1000\r")
	at.await("1042")
	at.enter("\x03")
	at.await("(a)bort")
	at.enter("\x03")
	at.end()
	pl.t.Logf("console:\n%s", at.screen())
	pl.expect(node, "rpc", pl.name, "IO.puts(node())") // it still runs
}

// psql as the tenant, in a pod that goes with the session.
func (pl plugin) psql() {
	pl.t.Helper()
	at := atTerminal(pl.t, pl.command("psql", pl.name, "--image", pl.p.Images["postgres"]))
	at.await("=> ")
	at.enter("SELECT 'I am ' || current_user, count(*) FROM users;\r")
	at.await("I am " + pl.name)
	at.enter("\\q\r")
	at.end()
	pl.t.Logf("psql:\n%s", at.screen())
	pl.until("the session's pod is gone", time.Minute, func() bool {
		out, err := pl.p.Kubectl(pl.t.Context(), nil, "--namespace="+platform.Namespace(pl.name), "get", "pods", "--output=name")
		return err == nil && !strings.Contains(out, "psql-")
	})
}

// observer does what the command says, with an Erlang of this machine, but for the
// window.
func (pl plugin) observer(node string) {
	pl.t.Helper()
	_, ip, _ := strings.Cut(node, "@")
	for _, line := range []string{"add", "delete"} {
		out, err := exec.CommandContext(pl.t.Context(), "ip", "address", line, ip+"/32", "dev", "lo").CombinedOutput()
		if err != nil {
			pl.t.Fatalf("%v: %s", err, out)
		}
		if line == "add" {
			pl.observe(node, net.JoinHostPort(ip, "9100"))
		}
	}
}

func (pl plugin) observe(node, address string) {
	pl.t.Helper()
	steps, err := os.Create(filepath.Join(pl.t.TempDir(), "steps"))
	if err != nil {
		pl.t.Fatal(err)
	}
	defer steps.Close()
	forward := pl.command("observer", pl.name)
	forward.Stdout, forward.Stderr = steps, os.Stderr
	if err := forward.Start(); err != nil {
		pl.t.Fatal(err)
	}
	defer forward.Wait()                       //nolint:errcheck // it is interrupted
	defer forward.Process.Signal(os.Interrupt) //nolint:errcheck // it runs
	pl.until("the port is forwarded", time.Minute, func() bool {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			conn.Close()
		}
		return err == nil
	})
	out, err := os.ReadFile(steps.Name())
	if err != nil {
		pl.t.Fatal(err)
	}
	_, script, _ := strings.Cut(string(out), "erl -hidden")
	script, _, _ = strings.Cut(script, "3. Afterwards")
	script = strings.Replace("erl -noinput -hidden"+script, "observer:start('"+node+"').",
		"io:format('~p~n', [{net_kernel:connect_node('"+node+"'), rpc:call('"+node+"', 'Elixir.Standin.Build', version, [])}]), halt().", 1)
	erl := exec.CommandContext(pl.t.Context(), "bash", "-c", script)
	erl.Env = append(os.Environ(), "PATH="+pl.bin+":"+os.Getenv("PATH"), "KUBECONFIG="+pl.p.Kubeconfig)
	said, err := erl.CombinedOutput()
	pl.t.Logf("observer:\n%s\n%s%s", out, script, said)
	if err != nil || !strings.Contains(string(said), `{true,<<"0.2.0">>}`) {
		pl.t.Errorf("an Erlang of this machine does not see %s: %v", node, err)
	}
}

// looks are those that ask the world, and were only tried against objects before.
func (pl plugin) looks() {
	pl.t.Helper()
	ca := filepath.Join(pl.t.TempDir(), "ca.crt")
	if err := os.WriteFile(ca, pl.p.Config.CAData, 0o600); err != nil {
		pl.t.Fatal(err)
	}
	pl.expect("Serving", "list")
	pl.expect("✓ Reachable", "status", pl.name)
	pl.expect("standin-0.2.0", "releases", pl.name)
	pl.expect("STRIPE_API_KEY", "config", pl.name)
	pl.run(0, "diff", pl.name)
	pl.expect("the app names no Oban queue", "doctor", pl.name, "--address", pl.p.Gateway.Address, "--ca-file", ca)
	pl.expect("", "report", pl.name, "--file", filepath.Join(pl.t.TempDir(), "report.tar.gz"))
}
