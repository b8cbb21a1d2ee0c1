package standin_test

import (
	"net/http"
	"strings"
	"testing"
)

// The variables without which Glific does not boot, and what it makes of wrong ones.
func TestAReleaseRefusesToBootAndNamesTheVariable(t *testing.T) {
	who := newTenant(t)
	for _, test := range []struct{ name, value, says string }{
		{"DATABASE_URL", "", "is missing"},
		{"DATABASE_URL", "postgres://a:b@c/d", "must be ecto://"},
		{"SECRET_KEY_BASE", "", "is missing"},
		{"SECRET_KEY_BASE", "short", "64 bytes"},
		{"SIGNING_SALT", "", "is missing"},
		{"CIPHER_KEY", "", "is missing"},
		{"CIPHER_KEY", "MDEyMw==", "base64 of exactly 32 bytes"},
		{"OLD_CIPHER_KEY", "", "is missing"},
		{"OLD_CIPHER_KEY", "not base64", "base64 of exactly 32 bytes"},
		{"AUTH_USERNAME", "", "is missing"},
		{"AUTH_PASSWORD", "", "is missing"},
		{"BASE_URL", "", "is missing"},
		{"BASE_URL", "https://asha.example.org", "bare host"},
		{"REQUEST_ORIGIN", "", "is missing"},
		{"REQUEST_ORIGIN_WILDCARD", "", "is missing"},
		{"GUPSHUP_WEBHOOK_IPS", "", "is missing"},
		{"GUPSHUP_WEBHOOK_IPS", "192.0.2.10/24", "not a network address"},
		{"GUPSHUP_WEBHOOK_IPS", "192.0.2.1,", "neither an address nor a CIDR"},
		{"APPSIGNAL_HOSTNAME", "", "is missing"},
		{"APPSIGNAL_PUSH_API_KEY", "", "is missing"},
		{"STRIPE_API_KEY", "", "is missing"},
		{"STRIPE_SIGNING_SECRET", "", "is missing"},
		{"PRIMARY_CACERT_ENCODED", "", "is missing"},
		{"PRIMARY_CACERT_ENCODED", "bm90IFBFTQ==", "certificate in PEM"},
	} {
		t.Run(test.name+" "+test.says, func(t *testing.T) {
			t.Parallel()
			// Without a name: they all boot at once.
			env := who.with(map[string]string{test.name: test.value, "RELEASE_DISTRIBUTION": "none"})
			out, err := run(t, built(t, "0.1.0"), env, "start")
			if err == nil || !strings.Contains(out, test.name+" ") || !strings.Contains(out, test.says) {
				t.Errorf("%v\n%s", err, out)
			}
			if test.value != "" && strings.Contains(out, test.value) {
				t.Error("the value is shown")
			}
		})
	}
}

// A migration is the first that a new version runs, so it finds what is missing before
// any pod changes.
func TestAMigrationRefusesAsWell(t *testing.T) {
	who := newTenant(t)
	out, err := run(t, built(t, "0.1.0"), who.with(map[string]string{"CIPHER_KEY": ""}), "eval", "Standin.Release.migrate()")
	if err == nil || !strings.Contains(out, "CIPHER_KEY is missing") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestAVariantNeedsItsNewKey(t *testing.T) {
	who := newTenant(t)
	release := built(t, "0.2.0-needskey")
	if out, err := run(t, release, who.env, "eval", "IO.puts(:ok)"); err == nil || !strings.Contains(out, "STANDIN_NEW_KEY is missing") {
		t.Errorf("without the key: %v\n%s", err, out)
	}
	if out, err := run(t, release, who.with(map[string]string{"STANDIN_NEW_KEY": "x"}), "eval", "IO.puts(:ok)"); err != nil {
		t.Errorf("with the key: %v\n%s", err, out)
	}
}

func TestHostsDecideWhoIsServed(t *testing.T) {
	who := filled(t, "0.1.0")
	n := start(t, built(t, "0.1.0"), who.env).ready(t)
	for host, want := range map[string]int{
		who.host: 200, "www." + who.host: 200, "old." + who.host: 200, "api." + who.host: 200, "localhost": 200, "127.0.0.1:4000": 200,
		strings.ToUpper(who.host): 200, "elsewhere.example.org": 403, "10.0.0.7:4000": 403, "example.org": 403, "x" + who.host: 403,
	} {
		request := n.request(t, http.MethodGet, "/", "")
		request.Host = host
		if got := n.status(t, request); got != want {
			t.Errorf("Host %s: %d, want %d", host, got, want)
		}
	}
	connections := "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'standin%'"
	eventually(t, "there are as many connections as two pools and one that listens have", func() bool {
		return who.number(t, connections) == 2*poolSize+1
	})
	if got := who.ask(t, "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name LIKE 'standin%'"); got != "t" {
		t.Error("connections are not encrypted")
	}
}

func TestAnEmptyDatabaseIsNotServed(t *testing.T) {
	who := newTenant(t)
	n := start(t, built(t, "0.1.0"), who.env)
	eventually(t, "GET / answers 403", func() bool { return n.status(t, n.request(t, "GET", "/", "")) == http.StatusForbidden })
}

func TestThePublishedPasswordIsReplaced(t *testing.T) {
	who := newTenant(t)
	release := built(t, "0.1.0")
	mustRun(t, release, who.env, "eval", "Standin.Release.bootstrap()")
	n := start(t, release, who.env).ready(t)
	session := func(password string) int {
		return n.status(t, n.request(t, http.MethodPost, "/api/v1/session", `{"user":{"phone":"917834811114","password":"`+password+`"}}`))
	}
	if got := session("Secret1234!"); got != 200 {
		t.Errorf("the published password before: %d", got)
	}
	mustRun(t, release, who.with(map[string]string{"ADMIN_PASSWORD": who.keys.AdminPassword()}), "eval", "Standin.Release.set_admin_password()")
	if got := session("Secret1234!"); got != 401 {
		t.Errorf("the published password after: %d", got)
	}
	if got := session(who.keys.AdminPassword()); got != 200 {
		t.Errorf("the new password: %d", got)
	}
	if got := n.status(t, n.request(t, http.MethodPost, "/api/v1/session", "no JSON")); got != 400 {
		t.Errorf("no JSON: %d", got)
	}
	if out, err := run(t, release, who.env, "eval", "Standin.Release.bootstrap()"); err == nil || !strings.Contains(out, "filled already") {
		t.Errorf("a second bootstrap: %v\n%s", err, out)
	}
}

func TestWebsocketsCheckTheOrigin(t *testing.T) {
	who := filled(t, "0.1.0")
	n := start(t, built(t, "0.1.0"), who.env).ready(t)
	for _, path := range []string{"/socket", "/socket/websocket", "/live/websocket"} {
		for origin, want := range map[string]int{
			"https://" + who.host: 101, "https://www." + who.host: 101, "https://old." + who.host: 101, "": 101,
			"https://elsewhere.example.org": 403, "http://" + who.host: 403, "https://" + who.host + ":8443": 403, "https://x." + who.host: 403,
		} {
			ws, got := openWebsocket(t, n, path, origin)
			if got != want {
				t.Errorf("%s from %q: %d, want %d", path, origin, got, want)
			}
			if ws != nil {
				if answer := ws.say(t, "hello"); answer != "0.1.0 1 hello" {
					t.Errorf("%s answers %q", path, answer)
				}
			}
		}
	}
}

func TestFaultyVariantsBoot(t *testing.T) {
	for version, want := range map[string]struct{ root, socket int }{
		"0.2.0-badorigin":  {200, 403},
		"0.2.0-neverready": {503, 101},
	} {
		who := filled(t, version)
		n := start(t, built(t, version), who.env)
		eventually(t, version+" answers", func() bool { return n.status(t, n.request(t, "GET", "/", "")) == want.root })
		if got := n.status(t, n.request(t, "GET", "/api/v1/version", "")); got != http.StatusOK {
			t.Errorf("%s: GET /api/v1/version answers %d", version, got)
		}
		if _, got := openWebsocket(t, n, "/socket", "https://"+who.host); got != want.socket {
			t.Errorf("%s: websocket %d, want %d", version, got, want.socket)
		}
	}
}
