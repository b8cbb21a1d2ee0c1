package command

import (
	"os"
	"strings"
	"testing"

	batchv1 "k8s.io/api/batch/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/testkit/lane"
	"github.com/glific/organisation-operator/internal/testkit/workloads"
)

// configures: variables are declared, an Event says who, and where Git declares them
// nothing is written.
func (w *clusterWorld) configures(t *testing.T) {
	w.admin.run("config", "set", "asha", "GCS_FILE_COUNT").expect(t, 1, "write KEY=VALUE")
	w.admin.run("config", "set", "asha", "POOL_SIZE=3").expect(t, 1, "derived by the operator")
	w.admin.run("config", "set", "asha", "STRIPE_API_KEY=x").expect(t, 1, "sounds like a secret", "--plain")
	w.admin.run("config", "set", "nobody", "A=1").expect(t, 1, "does not exist")

	meera := newPerson(t, w.Lane, "meera", w.ControlPlane.ConfigFor("meera"))
	got := meera.run("config", "set", "asha", "GCS_FILE_COUNT=10", "GREETING=a=b")
	got.expect(t, 0, "asha GCS_FILE_COUNT, GREETING set")
	if events := w.events(t); !strings.Contains(events, "asha ConfigRequested: GCS_FILE_COUNT, GREETING set by meera") || strings.Contains(events, "a=b") {
		t.Errorf("the Events say:\n%s", events)
	}
	w.admin.run("config", "set", "asha", "GCS_FILE_COUNT=10").expect(t, 0, "nothing to do")
	w.settle(t)
	w.admin.run("config", "asha", "--values").expect(t, 0, `"a=b"`, "GCS_FILE_COUNT")
	w.admin.run("__complete", "config", "unset", "asha", "").expect(t, 0, "GCS_FILE_COUNT\nGREETING\n")
	w.admin.run("config", "unset", "asha", "GCS_FILE_COUNT", "GREETING").expect(t, 0, "GCS_FILE_COUNT, GREETING unset")
	if messaging := w.org(t, "asha").Spec.Messaging; messaging != nil && messaging.Env != nil {
		t.Errorf("what is left is %v", messaging.Env)
	}
	viewer := newPerson(t, w.Lane, "viewer", w.ControlPlane.ConfigFor("viewer"))
	viewer.run("config", "set", "asha", "A=1").expect(t, 1, "organisation-viewer")

	got = w.admin.run("config", "set", "pratham", "A=1")
	got.expect(t, 2, "Flux Kustomization flux-system/ngos", "--force")
	if got.out != "spec:\n  messaging:\n    env:\n    - name: A\n      value: \"1\"\n" {
		t.Errorf("the lines to commit are %q", got.out)
	}
	if w.org(t, "pratham").Spec.Messaging != nil {
		t.Error("written although Git owns it")
	}
	w.admin.run("config", "set", "pratham", "A=1", "--force").expect(t, 0, "pratham A set")
	w.settle(t)
}

// migrates: what failed is tried again only because a person asks, and --wait tells how
// that ended.
func (w *clusterWorld) migrates(t *testing.T) {
	w.admin.run("migrate", "asha").expect(t, 0, "asha the schema is that of Release r1")
	fails := true
	w.Script.Job = func(job *batchv1.Job) workloads.Ending {
		if fails && job.Labels[v1alpha1.LabelStep] == "migration" {
			return workloads.Fails
		}
		return workloads.Succeeds
	}
	defer func() { w.Script.Job = nil }()
	w.pin(t, "asha", "r2")
	w.settle(t)
	w.admin.run("migrate", "asha").expect(t, 2, "It had failed", "Another try is asked for")
	w.settle(t)
	for _, code := range []int{codeStalled, 0} {
		fails = code != 0
		asked := w.org(t, "asha").Annotations[v1alpha1.AnnotationRetryAt]
		answer := make(chan said, 1)
		go func() { answer <- w.admin.run("migrate", "asha", "--wait") }()
		for len(answer) == 0 && w.org(t, "asha").Annotations[v1alpha1.AnnotationRetryAt] == asked {
		}
		w.settle(t)
		(<-answer).expect(t, code, "Another try is asked for")
	}
	w.admin.run("migrate", "asha").expect(t, 0, "asha the schema is that of Release r2")
	if events := w.events(t); !strings.Contains(events, "asha MigrationRequested: another try of the migration asked for by ") {
		t.Errorf("the Events say:\n%s", events)
	}
}

// pin names a Release in an Organisation's spec.
func (w *clusterWorld) pin(t *testing.T, name, release string) {
	t.Helper()
	if err := w.Admin.Create(t.Context(), lane.Release(release, "2")); err != nil {
		t.Fatal(err)
	}
	org := w.org(t, name)
	org.Spec.Release = &v1alpha1.OrganisationRelease{Name: release}
	if err := w.Admin.Update(t.Context(), org); err != nil {
		t.Fatal(err)
	}
}

func (w *clusterWorld) completes(t *testing.T) {
	got := w.admin.run("completion")
	file, err := os.ReadFile("../kubectl_complete-glific")
	if err != nil || got.out != string(file) {
		t.Errorf("%v; printed is\n%s", err, got.out)
	}
	w.admin.run("__complete", "status", "").expect(t, 0, "asha", "pratham")
}
