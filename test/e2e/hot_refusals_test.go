package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/testkit/components"
	"github.com/glific/organisation-operator/test/e2e/platform"
	"github.com/glific/organisation-operator/test/standin"
)

// hop leads to a Release that running pods refuse, for one reason.
type hop struct {
	reason, version string
	spec            v1alpha1.HotSpec
	changes         []platform.Change
	// before is done to the running nodes, or declared, right before the Release is.
	before func(ngo)
	// with is declared together with the Release.
	with func(*v1alpha1.Organisation)
}

const (
	relup, swap = v1alpha1.HotRelup, v1alpha1.HotModuleSwap
	zero, two   = "0.1.0", "0.2.0"
)

// hops in an order in which what one leaves behind does not speak before what the next
// one is about.
func hops(t *testing.T) []hop {
	return []hop{
		{reason: "ErtsChanged", version: two, changes: edit("releases/0.2.0/prod.rel", `{erts,"13.1.5"}`, `{erts,"14.0"}`)},
		{reason: "RuntimeChanged", version: zero, changes: edit("releases/0.1.0/prod.rel", `{stdlib,"4.2"`, `{stdlib,"4.3"`)},
		{reason: "NativeCodeChanged", version: two, changes: []platform.Change{{Path: "app/lib/standin-0.2.0/priv/image.so", Content: []byte("machine code")}}},
		{reason: "ApplicationAdded", version: zero, spec: v1alpha1.HotSpec{Engine: swap}, changes: edit("releases/0.1.0/prod.rel", `{cowlib,`, `{ranch,"2.1.0",permanent},{cowlib,`)},
		{reason: "ApplicationRemoved", version: two, spec: v1alpha1.HotSpec{Engine: swap}, changes: edit("releases/0.2.0/prod.rel", `{cowlib,"1.3.0",permanent},`, ``)},
		{reason: "StartModuleChanged", version: zero, spec: v1alpha1.HotSpec{Engine: swap}, changes: edit("lib/standin-0.1.0/ebin/standin.app", `'Elixir.Standin.Application'`, `'Elixir.Standin.Other'`, "mod,")},
		{reason: "SupervisionChanged", version: two, spec: v1alpha1.HotSpec{Engine: swap}, changes: otherSupervisor(t)},
		{reason: "DoesNotStart", version: zero, changes: edit("releases/0.1.0/runtime.exs", `import Config`, `import Config
if System.get_env("RELEASE_MODE") == "interactive", do: raise("a key is missing")`)},
		{reason: "NoRelup", version: two, spec: v1alpha1.HotSpec{Engine: relup}, changes: []platform.Change{{Path: "app/releases/0.2.0/relup", Content: []byte(`{"0.2.0",[],[]}.`)}}},
		{reason: "Downgrade", version: zero, spec: v1alpha1.HotSpec{Engine: swap}},
		{reason: "RestartsNode", version: two, spec: v1alpha1.HotSpec{Engine: relup}, changes: edit("releases/0.2.0/relup", `point_of_no_return,`, `restart_emulator,`)},
		{reason: "NoReleaseHandler", version: zero, spec: v1alpha1.HotSpec{Engine: relup}, before: onAll(`Application.stop(:sasl)`)},
		{reason: "OldCodeInUse", version: two, before: onAll(standin.Lingering)},
		{reason: "ProcessHung", version: zero, before: onAll(silent)},
		{reason: "TooManyUpgrades", version: zero, spec: v1alpha1.HotSpec{MaxUpgrades: 1}, before: upgraded},
		{reason: "ReplicaSets", version: two, before: rolling},
		{reason: "CodeChangeFailed", version: "0.3.0"},
		{reason: "StagingFailed", version: two, changes: []platform.Change{{Path: "app/lib/cowlib-1.3.0/ebin/other", Content: []byte("compiled with other settings")}}},
		{reason: "TemplateChanged", version: zero, with: another("NEW", "with it")},
	}
}

func edit(file, old, replacement string, after ...string) []platform.Change {
	return []platform.Change{{Path: "app/" + file, After: strings.Join(after, ""), Old: old, New: replacement}}
}

// onAll evaluates something on each node.
func onAll(expression string) func(ngo) {
	return func(n ngo) {
		n.t.Helper()
		for _, pod := range n.pods(names.Backend) {
			n.evaluate(pod, expression)
		}
	}
}

// silent is a process that says it is a websocket's, and answers nobody.
const silent = `spawn(fn -> Process.put(:"$initial_call", {Standin.Web.Socket, :init, 1}); Process.sleep(:infinity) end)`

func another(name, value string) func(*v1alpha1.Organisation) {
	return func(o *v1alpha1.Organisation) {
		o.Spec.Messaging.Env = append(o.Spec.Messaging.Env, v1alpha1.EnvVar{Name: name, Value: &value})
	}
}

// upgraded brings the running pods to 0.2.0, as they are.
func upgraded(n ngo) {
	n.t.Helper()
	n.comesOn(hotRelease(n.t, n.p, two, v1alpha1.HotSpec{}))
	if got := n.hot(); got.State != v1alpha1.HotComplete {
		n.t.Errorf("on the way to 0.2.0: %+v", got)
	}
}

// rolling begins a rolling update, and comes back in its middle.
func rolling(n ngo) {
	n.t.Helper()
	before := n.standing()
	n.edit(another("OTHER", "before it"))
	n.until("a pod of another template is there", patience, func() bool { return len(n.pods(names.Backend)) > 2 && n.standing() != before })
}

// otherSupervisor is the stand-in's pool with one function more.
func otherSupervisor(t *testing.T) []platform.Change {
	t.Helper()
	root, err := components.Root()
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(filepath.Join(root, "test", "standin", "lib", "standin", "pool.ex"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	varied := filepath.Join(dir, "pool.ex")
	if err := os.WriteFile(varied, []byte(strings.Replace(string(source), "use Supervisor\n", "use Supervisor\n\n  def varied, do: :ok\n", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "elixirc", "-o", dir, varied).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	beam, err := os.ReadFile(filepath.Join(dir, "Elixir.Standin.Pool.beam"))
	if err != nil {
		t.Fatal(err)
	}
	return []platform.Change{{Path: "app/lib/standin-0.2.0/ebin/Elixir.Standin.Pool.beam", Content: beam}}
}

// release of a hop, with an image of its own where that is what is wrong.
func (h hop) release(t *testing.T, p *platform.Platform) string {
	t.Helper()
	image, tag := p.Images["standin-"+h.version], strings.ToLower(h.reason)+os.Getenv("AGAIN")
	if h.changes != nil {
		var err error
		if image, err = p.Variant(t.Context(), "standin-"+h.version, tag, h.changes); err != nil {
			t.Fatal(err)
		}
	}
	release, err := standin.Release(h.version, image, p.Images["frontend"])
	if err != nil {
		t.Fatal(err)
	}
	spec := h.spec
	spec.SoakSeconds = 5
	release.Name, release.Spec.Update.Hot = "refused-"+tag, &spec
	if err := p.Client.Create(t.Context(), release); client.IgnoreAlreadyExists(err) != nil {
		t.Fatal(err)
	}
	return release.Name
}

// Each reason has a Release or a node that brings it about; a rolling update follows, in
// which no request fails and nothing that was accepted is lost.
func TestEachRefusalIsFollowedByNewPods(t *testing.T) {
	thorough(t)
	p := start(t)
	if !p.OwnNode() {
		t.Skip("images of their own are loaded into the node of hack/cluster only")
	}
	t.Parallel()
	n := found(t, p, "refused", func(o *v1alpha1.Organisation) {
		twice(hotRelease(t, p, zero, v1alpha1.HotSpec{}))(o)
		another("STANDIN_CODE_CHANGE", "fail")(o)
	})
	load := n.light()
	for _, h := range hops(t) {
		if h.before != nil {
			h.before(n)
		}
		is, before, began := h.release(t, p), n.containers(), time.Now()
		n.edit(func(o *v1alpha1.Organisation) {
			pinned(is)(o)
			if h.with != nil {
				h.with(o)
			}
		})
		n.comesTo(is)
		got := n.hot()
		if got.State != v1alpha1.HotRefused || got.Reason != h.reason {
			t.Errorf("want a refusal for %s; status.hot: %+v", h.reason, got)
		}
		for _, id := range strings.Split(before, "\n") {
			if strings.Contains(n.containers(), id) && id != "" {
				t.Errorf("%s: %s still runs", h.reason, id)
			}
		}
		if versions := n.versions(); versions != h.version+" "+h.version {
			t.Errorf("%s: the nodes are %s", h.reason, versions)
		}
		t.Logf("%-20s new pods of %s serve after %4.1f s; %s", h.reason, h.version, time.Since(began).Seconds(), got.Message)
	}
	n.unharmed(load)
}

// comesTo waits until a Release serves and is Ready. Meanwhile status may not say that
// messages do not flow, nor that anything else serves than what did or is to.
func (n ngo) comesTo(release string) {
	n.t.Helper()
	was := n.read().Status.Release.Serving
	for deadline := time.Now().Add(patience); ; time.Sleep(time.Second / 4) {
		org := n.read()
		serving := org.Status.Release.Serving
		if !meta.IsStatusConditionTrue(org.Status.Conditions, v1alpha1.Available) || serving != was && serving != release {
			n.t.Errorf("on the way from %s to %s:\n%s", was, release, platform.Describe(org))
			return
		}
		ready := meta.FindStatusCondition(org.Status.Conditions, v1alpha1.Ready)
		if serving == release && ready != nil && ready.Status == "True" && ready.ObservedGeneration == org.Generation && n.leftOver() == 0 {
			return
		}
		if time.Now().After(deadline) {
			n.t.Fatalf("%s does not serve %s:\n%s", n.name, release, platform.Describe(org))
		}
	}
}

// leftOver counts the back end's pods that are on their way out.
func (n ngo) leftOver() (count int) {
	n.t.Helper()
	for _, pod := range n.pods(names.Backend) {
		if pod.DeletionTimestamp != nil || pod.Status.Phase != corev1.PodRunning {
			count++
		}
	}
	return count
}
