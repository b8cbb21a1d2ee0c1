package command

import (
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/glific/organisation-operator/internal/testkit/lane"
)

// TestOnARealCluster plays a day of one person: real API server, real database, real
// operator. The parts follow each other.
func TestOnARealCluster(t *testing.T) {
	w := newCluster(t)
	for _, name := range []string{"asha", "pratham"} {
		if err := w.Admin.Create(t.Context(), lane.Organisation(name)); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("before the operator has looked", func(t *testing.T) {
		w.admin.run("list").expect(t, 0, "asha", "Unseen")
		w.admin.run("status", "asha").expect(t, 2, "the operator runs: kubectl glific version")
	})
	w.settle(t)
	t.Run("list", w.list)
	t.Run("status", w.status)
	t.Run("status of a stranger's", w.strangers)
	t.Run("hold and release", w.holds)
	t.Run("restart and retry", w.restarts)
	t.Run("suspend and resume", w.suspends)
	t.Run("an editor", w.editors)
	t.Run("config", w.configs)
	t.Run("config set and unset", w.configures)
	t.Run("dashboard", w.dashboards)
	t.Run("dashboard of a viewer", w.viewers)
	t.Run("completion", w.completes)
	t.Run("new", w.manifests)
	t.Run("diff", w.diffs)
	t.Run("logs, console, rpc, run, observer, doctor", w.insides)
	t.Run("psql", w.psqls)
	t.Run("report", w.reports)
	t.Run("version", w.versions)
	t.Run("watch", w.watches)
	t.Run("migrate", w.migrates)
	t.Run("retained", w.kept)
}

func (w *clusterWorld) list(t *testing.T) {
	w.admin.run("list").expect(t, 0, "asha", "pratham", "Serving", "https://asha.ngo.example.org", "r1")
	w.admin.run("list", "-o", "wide").expect(t, 0, "shared-1", "Release r1 serves")
	if got := w.admin.run("list", "-o", "name"); got.out != "organisation.tenancy.glific.org/asha\norganisation.tenancy.glific.org/pratham\n" {
		t.Errorf("-o name prints %q", got.out)
	}
	got := w.admin.run("list", "-o", "json")
	var list struct {
		Kind  string
		Items []struct {
			Kind     string
			Metadata struct{ Name string }
		}
	}
	if err := yaml.Unmarshal([]byte(got.out), &list); err != nil || list.Kind != "List" || len(list.Items) != 2 || list.Items[0].Kind != "Organisation" {
		t.Errorf("-o json prints no List of two Organisations: %v\n%s", err, got.out)
	}
	w.admin.run("list", "-o", "xml").expect(t, 1, "there is no such format", "wide")
	w.admin.run("list", "--troubled").expect(t, 0, "No NGOs found")
	w.admin.run("list", "-l", "ring=canary").expect(t, 0, "No NGOs found")
	w.admin.run("list", "-l", "=").expect(t, 1, "--selector")
}

func (w *clusterWorld) status(t *testing.T) {
	got := w.admin.run("status", "asha")
	got.expect(t, 0, "✓ Organisation asha", "Serving", "Deployment backend", "1 of 1 ready, r1", "Job bootstrap-", "Namespace org-asha", "DatabaseServer shared-1", "Ingress backend")
	if strings.Contains(got.out, "Next step") {
		t.Errorf("there is nothing to do, and yet:\n%s", got.out)
	}
	w.admin.run("status", "asha", "-o", "name").expect(t, 0, "organisation.tenancy.glific.org/asha\n", "deployment.apps/backend\n")
	w.admin.run("status", "asha", "-o", "yaml").expect(t, 0, "kind: Deployment", "kind: Organisation")
	w.admin.run("status", "nobody").expect(t, 1, `organisation "nobody" does not exist`, "kubectl glific list")
	w.admin.run("status").expect(t, 1, "accepts 1 arg")
}

func (w *clusterWorld) strangers(t *testing.T) {
	stranger := newPerson(t, w.Lane, "stranger", w.ControlPlane.ConfigFor("stranger"))
	stranger.run("status", "asha").expect(t, 1, "organisation-viewer")
	stranger.run("list").expect(t, 1, "listing Organisations")
}
