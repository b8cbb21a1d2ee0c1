package e2e

import (
	"os"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/test/e2e/platform"
	"github.com/glific/organisation-operator/test/standin"
)

// fault is something that breaks an upgrade after every node was asked, or that no
// node can be asked about.
type fault struct {
	sentence, version string
	spec              v1alpha1.HotSpec
	// image is another one than the version's.
	image string
	// before is done to the nodes before it begins, meanwhile when new code enters.
	before, meanwhile func(ngo)
	state             v1alpha1.HotState
	reason            string
	// cuts websockets, or requests, of the node that restarts.
	cuts bool
}

// failsOnOne makes code_change fail on the younger node, and only there: the copies are
// converted in another machine, which knows nothing of it.
func failsOnOne(n ngo) {
	n.t.Helper()
	n.evaluate(n.pods(names.Backend)[1], `System.put_env("STANDIN_CODE_CHANGE", "fail")`)
}

// hangs is a process, on each node that has websockets, that says it is one of theirs,
// shows a state, and does not let itself be suspended.
func hangs(n ngo) {
	n.t.Helper()
	onAll(`
template = DynamicSupervisor.which_children(Standin.Web.Sockets) |> Enum.find_value(fn {_, pid, _, _} -> is_pid(pid) && {:ok, :sys.get_state(pid)} end)
if template, do: spawn(fn ->
  Process.put(:"$initial_call", {Standin.Web.Socket, :init, 1})
  loop = fn loop -> receive do
    {:system, from, :get_state} -> :gen.reply(from, template); loop.(loop)
    _ -> loop.(loop)
  end end
  loop.(loop)
end)`)(n)
}

// evaluate on a pod's node, whose release lies in its volume.
func (n ngo) evaluate(pod corev1.Pod, expression string) {
	n.t.Helper()
	n.kubectl("--namespace="+pod.Namespace, "exec", pod.Name, "--container=backend", "--", "/release/bin/prod", "rpc", expression)
}

func faults() []fault {
	hotOnly := func(engine v1alpha1.HotEngine) v1alpha1.HotSpec {
		return v1alpha1.HotSpec{Engine: engine, Mode: v1alpha1.HotOnly}
	}
	return []fault{
		{sentence: "relup: code_change fails on the second node", version: "0.3.0", spec: v1alpha1.HotSpec{Engine: relup}, before: failsOnOne, state: v1alpha1.HotFailed, reason: "Restarting", cuts: true},
		{sentence: "modules: code_change fails on the second node", version: "0.3.0", spec: v1alpha1.HotSpec{Engine: swap}, before: failsOnOne, state: v1alpha1.HotFailed, reason: "RolledBack"},
		{sentence: "modules, HotOnly: code_change fails on the second node", version: "0.3.0", spec: hotOnly(swap), before: failsOnOne, state: v1alpha1.HotFailed, reason: "RolledBack"},
		{sentence: "relup: a process hangs in suspend", version: "0.3.0", spec: v1alpha1.HotSpec{Engine: relup}, before: hangs, state: v1alpha1.HotFailed, reason: "Failed"},
		{sentence: "modules: a process hangs in suspend", version: "0.3.0", spec: v1alpha1.HotSpec{Engine: swap}, before: hangs, state: v1alpha1.HotFailed, reason: "Failed"},
		{sentence: "HotOnly: the image cannot be pulled", version: "0.3.0", spec: hotOnly(""), image: "images.invalid/standin@sha256:" + strings.Repeat("0", 64), state: v1alpha1.HotRefused, reason: "StagingFailed"},
		{sentence: "relup: the exec is cut in the middle, with all the operator", version: "0.3.0", spec: v1alpha1.HotSpec{Engine: relup}, meanwhile: ngo.killOperator, state: v1alpha1.HotComplete},
	}
}

// Whatever breaks, it ends with all pods on the version that was declared, or with
// HotOnly on the one before it; until then that one serves.
func TestFaultsOfHotUpgrades(t *testing.T) {
	thorough(t)
	p := start(t)
	t.Parallel()
	home := hotRelease(t, p, "0.2.0", v1alpha1.HotSpec{})
	n := found(t, p, "faulty", twice(home))
	for _, f := range faults() {
		sentence := f.sentence
		load := n.light()
		time.Sleep(3 * time.Second) // websockets are to be there
		if f.before != nil {
			f.before(n)
		}
		is, began := f.release(t, p), time.Now()
		n.edit(pinned(is))
		if f.meanwhile != nil && n.met(is, "new code enters Pod") {
			f.meanwhile(n)
		}
		if f.spec.Mode == v1alpha1.HotOnly {
			n.refusesAndStays(is, home)
		} else {
			n.comesTo(is)
			n.endsOn(f.version, 2)
		}
		got, took := n.hot(), time.Since(began)
		if got.State != f.state || got.Reason != f.reason {
			t.Errorf("%s: status.hot: %+v", sentence, got)
		}
		report := load.Stop()
		t.Logf("%-60s %5.1f s; %s %s; %d requests, %d failed; %d websockets cut; %d texts, %d lost; webhooks %d, given up %d\n    %s", sentence, took.Seconds(), got.State, got.Reason,
			report.Answered+report.Failed, report.Failed, report.Broken, report.Echoes, report.Lost, len(report.Accepted), report.Unaccepted, got.Message)
		if report.Unaccepted > 0 || report.Failed > 0 && !f.cuts {
			t.Errorf("%s: %s", sentence, strings.Join(report.Failures, "\n"))
		}
		n.storedOnce(report.Accepted)
		n.edit(pinned(home))
		n.comesTo(home)
		n.endsOn("0.2.0", 2)
	}
}

// refusesAndStays: where nothing but new code in running pods is wanted, the old Release
// goes on, and status says why.
func (n ngo) refusesAndStays(release, home string) {
	n.t.Helper()
	n.await(v1alpha1.MessagingReady, "False/"+v1alpha1.ReasonHotUpgradeRefused)
	n.endsOn("0.2.0", 2)
	if org := n.read(); org.Status.Release.Serving != home {
		n.t.Errorf("%s is not what serves:\n%s", home, platform.Describe(org))
	}
	if hot := n.hot(); hot.Release != release {
		n.t.Errorf("status.hot is of %s, not of %s", hot.Release, release)
	}
}

func (f fault) release(t *testing.T, p *platform.Platform) string {
	t.Helper()
	if f.image == "" {
		return hotRelease(t, p, f.version, f.spec)
	}
	release, err := standin.Release(f.version, f.image, p.Images["frontend"])
	if err != nil {
		t.Fatal(err)
	}
	release.Spec.Commands.Migrate = nil // it would wait for the image, before any pod is touched
	release.Name, release.Spec.Update.Hot = "hot-unpullable"+os.Getenv("AGAIN"), &f.spec
	if err := p.Client.Create(t.Context(), release); client.IgnoreAlreadyExists(err) != nil {
		t.Fatal(err)
	}
	return release.Name
}

// The operator ends at each of the steps, again and again; and a pod is deleted in the
// middle. Every node comes to the new version, and whoever is not on that pod notices
// nothing.
func TestHotUpgradeOutlivesOperatorAndPod(t *testing.T) {
	p := start(t)
	was, is := hotRelease(t, p, "0.1.0", v1alpha1.HotSpec{}), hotRelease(t, p, "0.2.0", v1alpha1.HotSpec{})
	n := found(t, p, "outlives", twice(was))
	kept := n.pods(names.Backend)[1]
	load := n.light()
	time.Sleep(5 * time.Second) // the load is to be steady before anything changes
	n.edit(pinned(is))
	for last, deadline := "", time.Now().Add(patience); n.hot().State != v1alpha1.HotComplete; {
		if time.Now().After(deadline) {
			t.Fatalf("not complete in %s: %+v", patience, n.hot())
		}
		if now := n.hot(); now.Message != last {
			last = now.Message
			t.Logf("the operator is killed at: %s", last)
			n.killOperator()
			if last == "new code enters Pod "+kept.Name {
				n.delete(n.pods(names.Backend)[0])
			}
		}
		time.Sleep(time.Second / 2)
	}
	n.await(v1alpha1.Ready, "True")
	n.unharmed(load)
	n.rolledOut()
	if got := n.versions(); got != "0.2.0 0.2.0" {
		t.Errorf("the nodes are %s", got)
	}
}

// killOperator ends its pods without grace; others come.
func (n ngo) killOperator() {
	n.t.Helper()
	err := n.p.Client.DeleteAllOf(n.ctx(), &corev1.Pod{}, client.InNamespace(platform.OperatorNamespace),
		client.MatchingLabels{"app.kubernetes.io/name": "organisation-operator"}, client.GracePeriodSeconds(0))
	if err != nil {
		n.t.Fatal(err)
	}
}

func (n ngo) delete(pod corev1.Pod) {
	n.t.Helper()
	n.t.Logf("Pod %s is deleted", pod.Name)
	if err := n.p.Client.Delete(n.ctx(), &pod); err != nil {
		n.t.Fatal(err)
	}
}
