package e2e

import (
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/ledger"
)

const (
	migration = string(ledger.RunMigration)
	// lastWords of the variant whose migration fails.
	lastWords = "migration 20260220: division by zero"
)

// A migration that fails: the old release serves every request, status says what the
// migration said last, and a good release ends it.
func TestAFailedMigrationLeavesTheOldReleaseServing(t *testing.T) {
	p := start(t)
	t.Parallel()
	n := found(t, p, "lata", pinned("standin-0.1.0"))
	load, stood := n.light(), n.standing()

	n.edit(pinned("standin-0.2.0-failing"))
	first := n.failed("")
	n.retry()
	n.failed(first)
	if now := n.standing(); now != stood {
		t.Errorf("pods changed:\n%s\nbefore:\n%s", now, stood)
	}
	org := n.serve("standin-0.2.0")
	n.says(org, v1alpha1.Migrated, "True")
	n.unharmed(load)
}

// failed waits until a try after this one has failed, and status says so. It returns its
// Job's name; an earlier try's Job is gone by then.
func (n ngo) failed(earlier string) (job string) {
	n.t.Helper()
	n.until("another try of the migration has failed", patience, func() bool {
		jobs := n.jobs(migration, "standin-0.2.0-failing")
		if len(jobs) == 1 {
			job = jobs[0].Name
		}
		return len(jobs) == 1 && job != earlier && jobs[0].Status.Failed == 1
	})
	n.until("status speaks of it", patience, func() bool {
		org := n.await(v1alpha1.Migrated, "False")
		return strings.Contains(meta.FindStatusCondition(org.Status.Conditions, v1alpha1.Migrated).Message, job+" failed")
	})
	org := n.await(v1alpha1.Migrated, "False/"+v1alpha1.ReasonMigrationFailed)
	if message := n.says(org, v1alpha1.Migrated, "False"); !strings.Contains(message, lastWords) {
		n.t.Errorf("Migrated does not say %q", lastWords)
	}
	n.says(org, v1alpha1.Ready, "False/"+v1alpha1.ReasonMigrationFailed)
	n.says(org, v1alpha1.Stalled, "True")
	n.says(org, v1alpha1.Available, "True")
	n.says(org, v1alpha1.UpToDate, "False")
	return job
}

// A migration of a minute: one Job, no restarts, and status says what goes on.
func TestALongMigrationIsLeftToItsWork(t *testing.T) {
	p := start(t)
	t.Parallel()
	n := found(t, p, "meena", pinned("standin-0.1.0"))
	load, stood := n.light(), n.standing()

	began := time.Now()
	n.edit(pinned("standin-0.2.0-slow"))
	said := map[string]time.Duration{}
	n.until("the migration is through", patience, func() bool {
		now, ended := n.standing(), n.ended("standin-0.2.0-slow")
		if !ended && now != stood {
			t.Fatalf("pods changed during the migration:\n%s\nbefore:\n%s", now, stood)
		}
		org := &v1alpha1.Organisation{}
		if err := p.Client.Get(t.Context(), client.ObjectKey{Name: n.name}, org); err != nil {
			t.Fatal(err)
		}
		c := meta.FindStatusCondition(org.Status.Conditions, v1alpha1.Migrated)
		if now := c.Reason + ": " + c.Message; said[now] == 0 {
			said[now] = time.Since(began)
			t.Logf("%3.0f s: Migrated %s %s", time.Since(began).Seconds(), c.Status, now)
		}
		return c.Status == "True" && org.Status.Release.Target == "standin-0.2.0-slow"
	})
	took := time.Since(began)
	n.await(v1alpha1.Ready, "True")
	n.unharmed(load)
	n.onlyJob(took)
}

// ended tells whether the Job of a migration is complete: pods may change from then on, and
// status says so a moment later.
func (n ngo) ended(release string) bool {
	jobs := n.jobs(migration, release)
	return len(jobs) > 0 && jobs[0].Status.Succeeded > 0
}

// onlyJob: one Job with one pod did it, which took its minute.
func (n ngo) onlyJob(took time.Duration) {
	n.t.Helper()
	jobs, pods := n.jobs(migration, "standin-0.2.0-slow"), 0
	for _, pod := range n.pods(migration) {
		if pod.Labels[v1alpha1.LabelRelease] == "standin-0.2.0-slow" {
			pods++
		}
	}
	n.t.Logf("%d Job with %d pod; the update waited %.0f s for it", len(jobs), pods, took.Seconds())
	if len(jobs) != 1 || pods != 1 || took < time.Minute {
		n.t.Errorf("%d Jobs with %d pods after %s", len(jobs), pods, took)
	}
}
