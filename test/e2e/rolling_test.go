// Package e2e tests the operator on a real node. It needs root, and E2E=1.
package e2e

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/test/e2e/platform"
	"github.com/glific/organisation-operator/test/e2e/traffic"
)

// start brings the platform up, and leaves it for the next test of the run.
func start(t *testing.T) *platform.Platform {
	t.Helper()
	if os.Getenv("E2E") == "" {
		t.Skip("needs root and a few minutes: run with E2E=1")
	}
	p, err := platform.Up(t.Context(), os.Stdout)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// release sets what asha is to serve, and waits until she does.
func release(t *testing.T, p *platform.Platform, name, want string) {
	t.Helper()
	err := p.Edit(t.Context(), "asha", func(o *v1alpha1.Organisation) { o.Spec.Release = &v1alpha1.OrganisationRelease{Name: name} })
	if err != nil {
		t.Fatal(err)
	}
	org, err := p.Await(t.Context(), "asha", v1alpha1.Ready, want, 4*time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("asked for %s: serving %s\n%s", name, org.Status.Release.Serving, platform.Describe(org))
}

// A rolling update under load: nobody's request fails, and each message is stored once.
func TestARollingUpdateLosesNothing(t *testing.T) {
	p := start(t)
	pinned := func(s *v1alpha1.OrganisationSpec) { s.Release = &v1alpha1.OrganisationRelease{Name: "standin-0.1.0"} }
	if err := p.Organisation(t.Context(), "asha", pinned); err != nil {
		t.Fatal(err)
	}
	release(t, p, "standin-0.1.0", "True")

	load := traffic.Load{
		Gateway: p.Gateway, Host: platform.Host("asha"), Requests: 40, Webhooks: 5, Sockets: 50,
		WebsocketPath: "/socket", Webhook: p.Webhook("asha"),
	}.Start(t.Context())
	time.Sleep(5 * time.Second) // the load is to be steady before anything changes
	release(t, p, "standin-0.2.0", "True")
	time.Sleep(5 * time.Second) // and after it
	report := load.Stop()
	t.Log(report)
	for _, failure := range report.Failures {
		t.Log(failure)
	}
	if report.Failed > 0 || report.Unaccepted > 0 || report.Lost > 0 || report.Answered < 200 {
		t.Error("something was lost")
	}
	storedOnce(t, p, report.Accepted)
}

// storedOnce compares what was accepted with what the database holds, and runs of jobs.
func storedOnce(t *testing.T, p *platform.Platform, accepted []string) {
	t.Helper()
	org, err := p.Await(t.Context(), "asha", v1alpha1.Ready, "True", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	ids := "'" + strings.Join(accepted, "','") + "'"
	query := fmt.Sprintf(`SELECT
		(SELECT count(*) FROM messages WHERE bsp_message_id IN (%s)),
		(SELECT count(*) FROM global.outbound_jobs j JOIN messages m ON m.id = j.message WHERE m.bsp_message_id IN (%s) AND j.state = 'completed'),
		(SELECT count(*) FROM (SELECT job FROM global.outbound_runs GROUP BY job HAVING count(*) > 1) AS twice)`, ids, ids)
	want := fmt.Sprintf("%d|%d|0", len(accepted), len(accepted))
	var got string
	for range 60 { // the last jobs may still run
		if got, err = p.SQL(t.Context(), org.Status.Database.Name, query); err != nil || got == want {
			break
		}
		time.Sleep(time.Second)
	}
	t.Logf("messages stored | jobs completed | jobs run twice: %s", got)
	if err != nil || got != want {
		t.Errorf("got %s, want %s: %v", got, want, err)
	}
}
