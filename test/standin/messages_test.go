package standin_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// provider is a client's address that the tenant lets in, behind a gateway.
const provider = "192.0.2.44, 10.0.0.1"

// send delivers a webhook as the provider does, through a gateway that adds its
// client's address.
func (n *node) send(t *testing.T, forwarded, id, delay string) (int, string) {
	t.Helper()
	body := fmt.Sprintf(`{"app":"asha","type":"message","payload":{"id":%q,"delay":%s,"source":"919999900000","payload":{"text":"namaste"}}}`, id, delay)
	request := n.request(t, http.MethodPost, "/gupshup", body)
	if forwarded != "" {
		request.Header.Set("X-Forwarded-For", forwarded)
	}
	return n.do(t, request)
}

func TestWebhooksAreTakenFromTheProviderOnly(t *testing.T) {
	who := filled(t, "0.1.0")
	n := start(t, built(t, "0.1.0"), who.env).ready(t)
	for i, test := range []struct {
		forwarded string
		want      int
	}{
		{"192.0.2.44", 200}, {"198.51.100.7", 200}, {provider, 200}, {"203.0.113.9, 192.0.2.44", 200},
		{"", 403}, {"203.0.113.9", 403}, {"10.0.0.1", 403}, {"127.0.0.1", 403}, {"nonsense", 403},
		{"192.0.2.44, 203.0.113.9", 403}, // the first is what the client claims
	} {
		if got, body := n.send(t, test.forwarded, fmt.Sprint("id", i), "0"); got != test.want {
			t.Errorf("X-Forwarded-For %q: %d %s, want %d", test.forwarded, got, body, test.want)
		}
	}
	if got := who.number(t, "SELECT count(*) FROM messages"); got != 4 {
		t.Errorf("%d messages are stored, want the 4 that were let in", got)
	}
}

func TestAMessageIsStoredOnceAndAnsweredOnce(t *testing.T) {
	who := filled(t, "0.1.0")
	n := start(t, built(t, "0.1.0"), who.env).ready(t)
	const messages, repeats = 40, 5
	var failed atomic.Int64
	var all sync.WaitGroup
	for range repeats {
		all.Go(func() {
			for id := range messages {
				if status, _ := n.send(t, provider, fmt.Sprint("id", id), "1"); status != http.StatusOK {
					failed.Add(1)
				}
			}
		})
	}
	all.Wait()
	if failed.Load() > 0 {
		t.Errorf("%d of %d webhooks failed", failed.Load(), messages*repeats)
	}
	eventually(t, "every job is completed", func() bool {
		return who.number(t, "SELECT count(*) FROM global.outbound_jobs WHERE state = 'completed'") == messages
	})
	for sql, want := range map[string]int{
		"SELECT count(*) FROM messages":                              messages,
		"SELECT count(*) FROM global.outbound_jobs":                  messages,
		"SELECT count(*) FROM global.outbound_runs":                  messages,
		"SELECT count(DISTINCT job) FROM global.outbound_runs":       messages,
		"SELECT count(*) FROM messages WHERE bsp_message_id IS NULL": 0,
	} {
		if got := who.number(t, sql); got != want {
			t.Errorf("%s: %d, want %d", sql, got, want)
		}
	}
	if status, body := n.do(t, providerRequest(t, n, "no JSON")); status != http.StatusBadRequest {
		t.Errorf("no JSON: %d %s", status, body)
	}
}

func providerRequest(t *testing.T, n *node, body string) *http.Request {
	t.Helper()
	request := n.request(t, http.MethodPost, "/gupshup", body)
	request.Header.Set("X-Forwarded-For", provider)
	return request
}

// SIGTERM lets jobs end, tells websockets, and gives back what has not begun.
func TestAtShutdownJobsAreNeitherLostNorRunTwice(t *testing.T) {
	who := filled(t, "0.1.0")
	n := start(t, built(t, "0.1.0"), who.env).ready(t)
	ws, _ := openWebsocket(t, n, "/socket", "https://"+who.host)
	const messages = 25 // more than run at once
	for id := range messages {
		if status, body := n.send(t, provider, fmt.Sprint("id", id), "3000"); status != http.StatusOK {
			t.Fatal(status, body)
		}
	}
	running := "SELECT count(*) FROM global.outbound_jobs WHERE state = 'executing'"
	eventually(t, "as many jobs run as may", func() bool { return who.number(t, running) == 10 })
	n.terminate(t)
	if opcode, reason := ws.receive(t); opcode != 8 || reason != "1001 restarting" {
		t.Errorf("the websocket is told %d %q", opcode, reason)
	}
	n.ends(t)
	if got := who.ask(t, "SELECT string_agg(DISTINCT state, ',') FROM global.outbound_jobs"); got != "available,completed" {
		t.Errorf("after the end jobs are %s", got)
	}
	start(t, n.release, who.with(map[string]string{"STANDIN_JOB_MILLISECONDS": "1"})).ready(t)
	eventually(t, "the next node completes the others", func() bool {
		return who.number(t, "SELECT count(*) FROM global.outbound_jobs WHERE state = 'completed'") == messages
	})
	if runs := who.number(t, "SELECT count(*) FROM global.outbound_runs"); runs != messages {
		t.Errorf("%d runs of %d jobs", runs, messages)
	}
}

// A grace that is too short gives the job back, and it runs again elsewhere.
func TestAJobThatOutlastsTheGraceIsGivenBack(t *testing.T) {
	who := filled(t, "0.1.0")
	n := start(t, built(t, "0.1.0"), who.with(map[string]string{"STANDIN_SHUTDOWN_SECONDS": "1"})).ready(t)
	if status, body := n.send(t, provider, "id", "60000"); status != http.StatusOK {
		t.Fatal(status, body)
	}
	eventually(t, "the job runs", func() bool { return who.number(t, "SELECT count(*) FROM global.outbound_runs") == 1 })
	n.terminate(t)
	n.ends(t)
	if got := who.ask(t, "SELECT state FROM global.outbound_jobs"); got != "available" {
		t.Errorf("the job is %s", got)
	}
}

func TestTheDatabaseMayRestartUnderARunningNode(t *testing.T) {
	who := filled(t, "0.1.0")
	n := start(t, built(t, "0.1.0"), who.env).ready(t)
	query(t, database(t).DSN("postgres"), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"+who.database+"'")
	for id := range 20 {
		if status, body := n.send(t, provider, fmt.Sprint("id", id), "1"); status != http.StatusOK {
			t.Errorf("message %d: %d %s", id, status, body)
		}
	}
	eventually(t, "every job is completed", func() bool {
		return who.number(t, "SELECT count(*) FROM global.outbound_jobs WHERE state = 'completed'") == 20
	})
	if runs := who.number(t, "SELECT count(*) FROM global.outbound_runs"); runs != 20 {
		t.Errorf("%d runs of 20 jobs", runs)
	}
}

// ends waits until the process is gone.
func (n *node) ends(t *testing.T) {
	t.Helper()
	select {
	case <-n.ended:
	case <-time.After(2 * patience):
		t.Fatalf("the node does not end:\n%s", n.log)
	}
	if state := n.process.ProcessState; !state.Success() {
		t.Errorf("the node ended with %s", state)
	}
}

func TestPeopleCanAskARunningNode(t *testing.T) {
	who := filled(t, "0.1.0")
	n := start(t, built(t, "0.1.0"), who.env).ready(t)
	if got := n.rpc(t, `IO.puts(Standin.report())`); !strings.Contains(got, `"version": "0.1.0"`) || !strings.Contains(got, `"schema": 20260101`) {
		t.Errorf("report: %s", got)
	}
	if out, err := run(t, n.release, n.env, "rpc", `raise("on purpose")`); err == nil || !strings.Contains(out, "on purpose") {
		t.Errorf("an expression that fails: %v\n%s", err, out)
	}
	foreign := map[string]string{}
	for name, value := range n.env {
		foreign[name] = value
	}
	foreign["RELEASE_COOKIE"] = "another"
	if out, err := run(t, n.release, foreign, "rpc", `IO.puts("in")`); err == nil {
		t.Errorf("another cookie is let in:\n%s", out)
	}
}
