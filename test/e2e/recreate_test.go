package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/test/standin"
)

// An app that cannot run twice is stopped first. Its users meet a gap, which status tells
// as long as they met it; what was accepted is kept.
func TestAGapIsMeasuredAndTold(t *testing.T) {
	p := start(t)
	t.Parallel()
	release, err := standin.Release("0.2.0", p.Images["standin-0.2.0"], p.Images["frontend"])
	if err != nil {
		t.Fatal(err)
	}
	release.Name, release.Spec.Update.Strategy = "standin-alone", v1alpha1.UpdateRecreate
	if err := p.Client.Create(t.Context(), release); client.IgnoreAlreadyExists(err) != nil {
		t.Fatal(err)
	}
	n := found(t, p, "tara", pinned("standin-0.1.0"))
	load := n.light()
	time.Sleep(2 * time.Second)
	n.edit(pinned(release.Name))
	during := n.await(v1alpha1.Available, "False/"+v1alpha1.ReasonUnavailable)
	n.says(during, v1alpha1.Available, "False")
	after := n.await(v1alpha1.Ready, "True")
	n.until("requests are answered again", time.Minute, func() bool {
		return load.Report().Answered > 0 && time.Since(load.Report().GapSince) > load.Report().Gap+time.Second
	})
	report := load.Stop()
	t.Log(report)
	n.storedOnce(report.Accepted)

	told := after.Status.Interruption
	if told == nil || told.From != "standin-0.1.0" || told.To != release.Name {
		t.Fatalf("status tells of no gap: %+v", told)
	}
	message := n.says(after, v1alpha1.Available, "True")
	t.Logf("the load met a gap of %.1f s from %s; status tells of %d s from %s", report.Gap.Seconds(), report.GapSince.UTC().Format("15:04:05"), told.Seconds, told.Since.UTC().Format("15:04:05"))
	const looks = 3 // seconds: probes of readiness and the gateway's look at endpoints lie between both
	if difference := report.Gap.Seconds() - float64(told.Seconds); difference > looks || difference < -looks {
		t.Errorf("they differ by %.1f s", difference)
	}
	if !strings.Contains(message, fmt.Sprintf("none was for %d s", told.Seconds)) {
		t.Error("the condition does not tell of it")
	}
}
