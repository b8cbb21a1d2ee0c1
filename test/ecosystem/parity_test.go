// Package ecosystem shows every state of every kind to the two engines that people's tools
// go by: kstatus (Helm, Flux) and Argo CD's own Lua engine with the scripts that the chart
// ships. The module is its own, so that the operator depends on neither.
package ecosystem

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/argoproj/gitops-engine/pkg/health"
	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

const root = "../.."

// golden are the folders in which the operator's own tests keep each state that it writes.
var golden = map[string]string{
	"Organisation":   "internal/status/testdata",
	"DatabaseServer": "controllers/testdata/databaseserver",
	"ReleaseChannel": "internal/fleet/testdata/states",
}

// verdict is what both engines make of a state.
type verdict struct {
	kstatus status.Status
	argo    health.HealthStatusCode
}

var (
	waits     = verdict{status.InProgressStatus, health.HealthStatusProgressing}
	done      = verdict{status.CurrentStatus, health.HealthStatusHealthy}
	failed    = verdict{status.FailedStatus, health.HealthStatusDegraded}
	ends      = verdict{status.TerminatingStatus, health.HealthStatusProgressing}
	suspended = verdict{status.CurrentStatus, health.HealthStatusSuspended}
	// stopped by a person: kstatus has no word for it, so a tool that waits goes on waiting.
	stopped = verdict{status.InProgressStatus, health.HealthStatusSuspended}
)

var verdicts = map[string]map[string]verdict{
	"Organisation": {
		"provisioning":                                 waits,
		"provisioning-waits-for-another-object":        waits,
		"provisioning-while-the-server-is-unreachable": waits,
		"provisioning-stalled":                         failed,
		"serving":                                      done,
		"serving-while-a-change-waits":                 done,
		"updating":                                     waits,
		"updating-the-schema":                          waits,
		"changing-its-own-settings":                    waits,
		"failed-and-the-old-release-serves":            failed,
		"migration-failed-and-the-old-release-serves":  failed,
		"failed-and-nothing-serves":                    failed,
		"a-pod-is-lost":                                waits,
		"server-unreachable":                           waits,
		"server-unreachable-while-a-change-waits":      waits,
		"server-fell-silent-in-the-middle":             waits,
		"a-call-failed":                                waits,
		"suspending":                                   waits,
		"suspended":                                    suspended,
		"suspended-from-birth":                         suspended,
		"held":                                         done,
		"held-and-changed":                             done,
		"held-and-a-change-waits":                      done,
		"held-and-not-ready":                           stopped,
		"deleting":                                     ends,
		"deleting-waits-for-a-finalizer":               ends,
		"deletion-is-held":                             ends,
	},
	"DatabaseServer": {
		"it-answers":                             done,
		"it-could-be-better":                     done,
		"it-is-cordoned":                         done,
		"its-role-can-do-too-much":               done,
		"a-defence-is-missing":                   failed,
		"a-defence-is-missing-on-a-cordoned-one": failed,
		"its-ledger-is-not-there":                failed,
		"another-ledger-is-there":                failed,
		"no-ledger-is-there-any-more":            failed,
		"it-does-not-answer":                     waits,
		"it-answers-with-a-new-error":            waits,
		"its-Secret-cannot-be-read":              waits,
		"it-is-being-deleted":                    ends,
		"it-is-being-deleted-and-silent":         ends,
	},
	"ReleaseChannel": {
		"all-is-done":                  done,
		"all-is-done-though-paused":    done,
		"nobody-follows-it":            done,
		"all-are-held":                 waits,
		"all-just-start":               waits,
		"the-canary-soaks":             waits,
		"somebody-is-updated":          waits,
		"the-Release-is-missing":       waits,
		"its-server-is-ill":            waits,
		"its-server-is-cordoned":       waits,
		"its-window-never-opens":       failed,
		"it-has-no-waves":              waits,
		"the-next-wave-needs-a-word":   stopped,
		"it-is-paused":                 stopped,
		"it-is-held":                   stopped,
		"one-failed":                   failed,
		"one-failed-and-is-held":       failed,
		"one-failed-and-is-suspended":  failed,
		"one-failed-and-skips":         failed,
		"one-failed-and-that-is-borne": failed,
		"one-is-set-aside":             failed,
	},
}

func read(t *testing.T, path string) *unstructured.Unstructured {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	object := &unstructured.Unstructured{}
	content, err := yaml.YAMLToJSON(text)
	if err == nil {
		err = object.UnmarshalJSON(content)
	}
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return object
}

func state(t *testing.T, kind, name string) *unstructured.Unstructured {
	t.Helper()
	return read(t, filepath.Join(root, golden[kind], name+".yaml"))
}

// ask both engines.
func ask(t *testing.T, object *unstructured.Unstructured) (verdict, string) {
	t.Helper()
	computed, err := status.Compute(object)
	if err != nil {
		t.Fatal(err)
	}
	judged, err := overrides(t).GetResourceHealth(object)
	if err != nil {
		t.Fatal(err)
	}
	if judged == nil {
		t.Fatalf("Argo CD has no script for %s", object.GetKind())
	}
	return verdict{computed.Status, judged.Status}, judged.Message
}

func TestEveryStateGetsTheIntendedVerdictFromBoth(t *testing.T) {
	for kind, states := range verdicts {
		files, err := filepath.Glob(filepath.Join(root, golden[kind], "*.yaml"))
		if err != nil || len(files) != len(states) {
			t.Errorf("%d states of %s are described, %d have a verdict: %v", len(files), kind, len(states), err)
		}
		for _, file := range files {
			name := strings.TrimSuffix(filepath.Base(file), ".yaml")
			t.Run(kind+"/"+name, func(t *testing.T) {
				got, message := ask(t, state(t, kind, name))
				if got != states[name] {
					t.Errorf("%+v, want %+v", got, states[name])
				}
				if message == "" {
					t.Error("Argo CD shows no message")
				}
			})
		}
	}
}

// A changed spec is not taken for done before the operator has seen it, whatever it was
// before; nor is an object that the operator has never seen.
func TestWhatTheOperatorHasNotSeenIsInProgress(t *testing.T) {
	for kind, states := range verdicts {
		for name, known := range states {
			if known == ends {
				continue
			}
			t.Run(kind+"/"+name, func(t *testing.T) {
				object := state(t, kind, name)
				object.SetGeneration(object.GetGeneration() + 1)
				if got, _ := ask(t, object); got != waits {
					t.Errorf("changed: %+v", got)
				}
				object.SetGeneration(1)
				object.Object["status"] = map[string]any{"observedGeneration": int64(-1)} // as the API server defaults it
				if got, _ := ask(t, object); got != waits {
					t.Errorf("new: %+v", got)
				}
			})
		}
	}
}

// What waits for its wave is no fault, and is told.
func TestArgoCDShowsWhatAServingOrganisationWaitsFor(t *testing.T) {
	_, message := ask(t, state(t, "Organisation", "serving-while-a-change-waits"))
	if !strings.Contains(message, "wait for a restart") {
		t.Error(message)
	}
}

// Profiles and Releases have no status to wait for: as soon as they exist they are done.
func TestKindsWithoutStatusAreDone(t *testing.T) {
	for _, kind := range []string{"OrganisationProfile", "Release"} {
		object := &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": "tenancy.glific.org/v1alpha1", "kind": kind, "metadata": map[string]any{"name": "one", "generation": int64(1)},
		}}
		computed, err := status.Compute(object)
		if err != nil || computed.Status != status.CurrentStatus {
			t.Errorf("%s: kstatus says %v, %v", kind, computed, err)
		}
		if judged, err := overrides(t).GetResourceHealth(object); judged != nil || err != nil {
			t.Errorf("%s: Argo CD, which takes what it knows nothing of for healthy, says %v, %v", kind, judged, err)
		}
	}
}
