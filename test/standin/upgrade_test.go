package standin_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// upgrade is what a hot upgrade comes down to on the node itself, where the new release
// has been put beside the old one. The environment of the application is kept: what
// comes with the new release is only what was known when it was built.
const upgrade = `
version = "VERSION"
kept = Application.get_all_env(:standin)
release = Path.join([:code.root_dir(), "releases", version, "prod.rel"])
unless Enum.any?(:release_handler.which_releases(), fn {_, v, _, _} -> to_string(v) == version end) do
  {:ok, _} = :release_handler.set_unpacked(to_charlist(release), [])
end
result = :release_handler.install_release(to_charlist(version), error_action: :restart)
Application.put_all_env(standin: kept)
IO.inspect(result)
`

// stage copies a release next to a node's own, as a sidecar would.
func stage(t *testing.T, root, version string) {
	t.Helper()
	from := built(t, version)
	libraries, err := os.ReadDir(filepath.Join(from, "lib"))
	if err != nil {
		t.Fatal(err)
	}
	for _, library := range libraries {
		if _, err := os.Stat(filepath.Join(root, "lib", library.Name())); err != nil {
			copyAll(t, filepath.Join(from, "lib", library.Name()), filepath.Join(root, "lib"))
		}
	}
	copyAll(t, filepath.Join(from, "releases", version), filepath.Join(root, "releases"))
}

func copyAll(t *testing.T, from, to string) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), "cp", "-a", from, to).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

func (n *node) install(t *testing.T, version string) string {
	t.Helper()
	return n.rpc(t, strings.ReplaceAll(upgrade, "VERSION", version))
}

func TestAHotUpgradeKeepsWebsocketsOpen(t *testing.T) {
	who := filled(t, "0.3.0")
	root := filepath.Join(t.TempDir(), "release")
	copyAll(t, built(t, "0.1.0"), root)
	n := start(t, root, who.env).ready(t)
	ws, _ := openWebsocket(t, n, "/socket", "https://"+who.host)
	says := func(want string) {
		t.Helper()
		if got := ws.say(t, "hello"); got != want {
			t.Fatalf("the websocket says %q, want %q\n%s", got, want, n.log)
		}
	}
	says("0.1.0 1 hello")

	stage(t, root, "0.2.0")
	if got := n.install(t, "0.2.0"); !strings.HasPrefix(got, "{:ok, '0.1.0'") {
		t.Fatalf("up to 0.2.0: %s", got)
	}
	says("0.2.0 2 hello")
	if _, body := n.do(t, n.request(t, "GET", "/", "")); !strings.Contains(body, `"version":"0.2.0"`) {
		t.Errorf("GET / says %s", body)
	}

	if got := n.install(t, "0.1.0"); !strings.HasPrefix(got, "{:ok, '0.1.0'") {
		t.Fatalf("down to 0.1.0: %s", got)
	}
	says("0.1.0 3 hello")

	for _, version := range []string{"0.2.0", "0.3.0"} {
		if version == "0.3.0" {
			stage(t, root, version)
		}
		if got := n.install(t, version); !strings.HasPrefix(got, "{:ok, ") {
			t.Fatalf("up to %s: %s", version, got)
		}
	}
	says("0.3.0 4 hello")
}

// What cannot be converted ends the node's old processes: it restarts by itself, with
// the version that it was started with.
func TestAHotUpgradeThatFailsRestartsTheOldVersion(t *testing.T) {
	who := filled(t, "0.3.0")
	root := filepath.Join(t.TempDir(), "release")
	copyAll(t, built(t, "0.2.0"), root)
	n := start(t, root, who.with(map[string]string{"STANDIN_CODE_CHANGE": "fail"})).ready(t)
	ws, _ := openWebsocket(t, n, "/socket", "https://"+who.host)
	if got := ws.say(t, "hello"); got != "0.2.0 1 hello" {
		t.Fatal(got)
	}
	stage(t, root, "0.3.0")
	if out, err := run(t, root, n.env, "rpc", strings.ReplaceAll(upgrade, "VERSION", "0.3.0")); err == nil && strings.HasPrefix(out, "{:ok") {
		t.Fatalf("the upgrade did not fail: %s", out)
	}
	eventually(t, "0.2.0 answers again", func() bool {
		_, body := n.do(t, n.request(t, "GET", "/", ""))
		return strings.Contains(body, `"version":"0.2.0"`)
	})
	if again, _ := openWebsocket(t, n, "/socket", "https://"+who.host); again.say(t, "hello") != "0.2.0 1 hello" {
		t.Error("the old version does not talk as before")
	}
}
