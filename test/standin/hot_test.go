package standin_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/glific/organisation-operator/internal/hot/engine"
)

// ask gives a node a request as pods/exec does, and returns its report.
func (n *node) ask(t *testing.T, action engine.Action, version string, with engine.Engine) engine.Report {
	t.Helper()
	request := engine.Request{Action: action, Binary: filepath.Join(n.release, "bin", "prod"), Version: version, Engine: with, Timeout: time.Minute}
	argv := request.Command()
	cmd := command(t.Context(), t, n.release, n.env)
	cmd.Path, cmd.Args = argv[0], argv
	cmd.Stdin = strings.NewReader(request.Expression())
	out, err := cmd.CombinedOutput()
	exit := 0
	if failed := (&exec.ExitError{}); errors.As(err, &failed) {
		exit = failed.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	report, err := engine.Parse(string(out), exit)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s %s %s: %+v", action, version, with, report)
	if testing.Verbose() && exit != 0 {
		t.Logf("%s", out)
	}
	return report
}

// talk keeps websockets talking, and counts answers that are not the next ones.
type talk struct {
	stop chan struct{}
	all  sync.WaitGroup
	mu   sync.Mutex
	said int
	gaps []string
}

func (n *node) talk(t *testing.T, who *tenant, websockets int) *talk {
	t.Helper()
	load := &talk{stop: make(chan struct{})}
	for range websockets {
		ws, _ := openWebsocket(t, n, "/socket", "https://"+who.host)
		load.all.Go(func() { load.keepTalking(ws) })
	}
	return load
}

func (l *talk) keepTalking(ws *websocket) {
	for count := 1; ; count++ {
		select {
		case <-l.stop:
			return
		case <-time.After(5 * time.Millisecond):
		}
		answer, err := ws.trySay("hello")
		l.mu.Lock()
		l.said++
		if err != nil || !strings.HasSuffix(answer, fmt.Sprintf(" %d hello", count)) {
			l.gaps = append(l.gaps, fmt.Sprintf("text %d: %q, %v", count, answer, err))
		}
		l.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// end stops talking and says how many texts were answered, and which wrongly.
func (l *talk) end() (said int, gaps []string) {
	close(l.stop)
	l.all.Wait()
	return l.said, l.gaps
}

// staged is a node of one version with another beside it.
func staged(t *testing.T, who *tenant, from, to string, env map[string]string) *node {
	t.Helper()
	root := filepath.Join(t.TempDir(), "release")
	copyAll(t, built(t, from), root)
	n := start(t, root, who.with(env)).ready(t)
	stage(t, root, to)
	return n
}

func (n *node) says(t *testing.T, want string) {
	t.Helper()
	if _, body := n.do(t, n.request(t, "GET", "/", "")); !strings.Contains(body, `"version":"`+want+`"`) {
		t.Errorf("GET / says %s, want version %s", body, want)
	}
}

func TestEachEngineChangesCodeUnderOpenWebsockets(t *testing.T) {
	for _, with := range []engine.Engine{engine.Relup, engine.ModuleSwap} {
		t.Run(string(with), func(t *testing.T) {
			who := filled(t, "0.2.0")
			n := staged(t, who, "0.1.0", "0.2.0", nil)
			load := n.talk(t, who, 50)
			if got := n.ask(t, engine.Check, "0.2.0", with); got.Outcome != engine.Ready || got.Engine != with || got.Rehearsed < 50 {
				t.Errorf("check: %+v", got)
			}
			n.says(t, "0.1.0")
			got := n.ask(t, engine.Install, "0.2.0", with)
			if got.Outcome != engine.Installed || got.Running != "0.2.0" || got.Permanent != "0.1.0" || got.Processes < 50 {
				t.Errorf("install: %+v", got)
			}
			n.says(t, "0.2.0")
			if got := n.ask(t, engine.Permanent, "0.2.0", with); got.Outcome != engine.IsPermanent || got.Permanent != "0.2.0" {
				t.Errorf("permanent: %+v", got)
			}
			said, gaps := load.end()
			if len(gaps) > 0 {
				t.Errorf("%d of %d texts were not answered as the next: %s", len(gaps), said, gaps[0])
			}
			t.Logf("%d texts over 50 websockets, %d gaps", said, len(gaps))
			n.restarted(t, "0.2.0")
		})
	}
}

// restarted kills the machine and starts it as a kubelet does: from the same folder.
func (n *node) restarted(t *testing.T, want string) {
	t.Helper()
	if err := n.process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-n.ended
	again := start(t, n.release, n.env).ready(t)
	again.says(t, want)
	if got := again.ask(t, engine.State, want, ""); got.Running != want || got.Permanent != want {
		t.Errorf("after a restart: %+v", got)
	}
}

func TestARelupAlsoLeadsBack(t *testing.T) {
	who := filled(t, "0.2.0")
	n := staged(t, who, "0.1.0", "0.2.0", nil)
	load := n.talk(t, who, 10)
	if got := n.ask(t, engine.Install, "0.2.0", ""); got.Outcome != engine.Installed || got.Engine != engine.Relup {
		t.Fatalf("the relup is what is chosen: %+v", got)
	}
	if got := n.ask(t, engine.Check, "0.1.0", engine.ModuleSwap); got.Outcome != engine.Refused || got.Refusals[0].Reason != engine.Downgrade {
		t.Errorf("modules cannot be exchanged for older ones: %+v", got)
	}
	if got := n.ask(t, engine.Install, "0.1.0", ""); got.Outcome != engine.Installed || got.Running != "0.1.0" || got.Rehearsed < 10 {
		t.Errorf("back: %+v", got)
	}
	if said, gaps := load.end(); len(gaps) > 0 {
		t.Errorf("%d of %d texts were not answered as the next: %s", len(gaps), said, gaps[0])
	}
	n.restarted(t, "0.1.0")
}

// The node's own environment makes code_change fail there, and only there: the copies
// are converted in another machine, which knows nothing of it.
const failsOnTheNode = `System.put_env("STANDIN_CODE_CHANGE", "fail")`

func TestAFailingCodeChangeIsRefusedBeforeAnythingChanges(t *testing.T) {
	who := filled(t, "0.3.0")
	n := staged(t, who, "0.2.0", "0.3.0", map[string]string{"STANDIN_CODE_CHANGE": "fail"})
	load := n.talk(t, who, 10)
	for _, with := range []engine.Engine{engine.Relup, engine.ModuleSwap} {
		got := n.ask(t, engine.Install, "0.3.0", with)
		if got.Outcome != engine.Refused || got.Refusals[0].Reason != engine.CodeChangeFailed || !strings.Contains(got.Refusals[0].Message, "Standin.Conversation.convert/2") {
			t.Errorf("%s: %+v", with, got)
		}
		if strings.Contains(fmt.Sprint(got), "cannot be converted") {
			t.Errorf("%s: the report repeats what the application said: %+v", with, got)
		}
	}
	n.says(t, "0.2.0")
	if said, gaps := load.end(); len(gaps) > 0 {
		t.Errorf("%d of %d texts were not answered as the next: %s", len(gaps), said, gaps[0])
	}
}

func TestAModuleSwapThatFailsGivesBackCodeAndStates(t *testing.T) {
	who := filled(t, "0.3.0")
	n := staged(t, who, "0.2.0", "0.3.0", nil)
	load := n.talk(t, who, 50)
	n.rpc(t, failsOnTheNode)
	got := n.ask(t, engine.Install, "0.3.0", engine.ModuleSwap)
	if got.Outcome != engine.RolledBack || got.Running != "0.2.0" || !strings.Contains(got.Message, "Standin.Web.Socket") {
		t.Errorf("install: %+v", got)
	}
	n.says(t, "0.2.0")
	if said, gaps := load.end(); len(gaps) > 0 {
		t.Errorf("%d of %d texts were not answered as the next: %s", len(gaps), said, gaps[0])
	}
	n.rpc(t, `System.delete_env("STANDIN_CODE_CHANGE")`)
	if got := n.ask(t, engine.Install, "0.3.0", engine.ModuleSwap); got.Outcome != engine.Installed {
		t.Errorf("tried again without the fault: %+v", got)
	}
}

func TestARelupThatFailsRestartsTheOldVersion(t *testing.T) {
	who := filled(t, "0.3.0")
	n := staged(t, who, "0.2.0", "0.3.0", nil)
	openWebsocket(t, n, "/socket", "https://"+who.host)
	n.rpc(t, failsOnTheNode)
	if got := n.ask(t, engine.Install, "0.3.0", engine.Relup); got.Outcome != engine.Restarting {
		t.Errorf("install: %+v", got)
	}
	n.ready(t).says(t, "0.2.0")
	if got := n.ask(t, engine.State, "0.2.0", ""); got.Running != "0.2.0" || got.Permanent != "0.2.0" || got.Busy {
		t.Errorf("afterwards: %+v", got)
	}
	n.keepsNoSecret(t)
}

// keepsNoSecret looks for the tenant's key in what lies on the disk and in memory.
func (n *node) keepsNoSecret(t *testing.T) {
	t.Helper()
	secret := n.env["SECRET_KEY_BASE"]
	out, err := exec.CommandContext(t.Context(), "grep", "-rlF", secret, n.release, "/dev/shm").CombinedOutput()
	if secret == "" || err == nil {
		t.Errorf("SECRET_KEY_BASE lies in %s", out)
	}
}

// Whoever asks while an upgrade is under way starts a machine of the same release: it
// must leave the configuration alone that the upgrade reads.
func TestWhoeverAsksLeavesTheConfigurationOfAnUpgrade(t *testing.T) {
	n := staged(t, filled(t, "0.2.0"), "0.1.0", "0.2.0", nil)
	file := filepath.Join(n.release, "releases", "0.2.0", "sys.config")
	memory := filepath.Join(t.TempDir(), "sys.config")
	built, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{os.WriteFile(memory, built, 0o600), os.Rename(file, file+".built"), os.Symlink(memory, file)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	n.ask(t, engine.Check, "0.2.0", "")
	if to, err := os.Readlink(file); err != nil || to != memory {
		t.Errorf("sys.config leads to %q: %v", to, err)
	}
	if err := os.Remove(memory); err != nil { // the upgrade was cut off, and memory is empty
		t.Fatal(err)
	}
	if got := n.ask(t, engine.Check, "0.2.0", ""); got.Outcome != engine.Ready {
		t.Errorf("after it was cut off: %+v", got)
	}
	if is, err := os.ReadFile(file); err != nil || !bytes.Equal(is, built) {
		t.Errorf("sys.config is not what was built: %v", err)
	}
}

// Whoever asks may lose its connection at any moment: what was begun goes on, and the
// next one who asks is told.
func TestAnUpgradeGoesOnWithoutWhoeverAsked(t *testing.T) {
	who := filled(t, "0.2.0")
	n := staged(t, who, "0.1.0", "0.2.0", nil)
	load := n.talk(t, who, 10)
	for range 2 {
		request := engine.Request{Action: engine.Install, Binary: filepath.Join(n.release, "bin", "prod"), Version: "0.2.0", Timeout: time.Minute}
		argv := request.Command()
		cmd := command(t.Context(), t, n.release, n.env)
		cmd.Path, cmd.Args, cmd.Stdin = argv[0], argv, strings.NewReader(request.Expression())
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the upgrade was begun", func() bool {
			return n.rpc(t, `IO.inspect(Process.whereis(OrganisationOperator.Hot.Agent) != nil or Application.spec(:standin, :vsn) == '0.2.0')`) == "true"
		})
		_ = cmd.Process.Kill() // it may have ended
		_ = cmd.Wait()         // it was killed
	}
	if got := n.ask(t, engine.Install, "0.2.0", ""); got.Outcome != engine.Installed || got.Running != "0.2.0" {
		t.Errorf("asked again: %+v", got)
	}
	if said, gaps := load.end(); len(gaps) > 0 {
		t.Errorf("%d of %d texts were not answered as the next: %s", len(gaps), said, gaps[0])
	}
	n.keepsNoSecret(t)
	if got := n.rpc(t, `IO.inspect(:code.is_loaded(OrganisationOperator.Hot.Agent))`); got != "false" {
		t.Errorf("the operator's code is still on the node: %s", got)
	}
}
