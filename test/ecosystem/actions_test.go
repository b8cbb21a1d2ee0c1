package ecosystem

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	applicationpkg "github.com/argoproj/argo-cd/v3/pkg/apiclient/application"
	appv1 "github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/util/lua"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

var (
	ctx    = context.Background()
	update = flag.Bool("update", false, "copy the operator's own states into the folders for Argo CD")
)

// actionTests is the format of action_test.yaml.
type actionTests struct {
	DiscoveryTests []struct {
		InputPath string
		Result    []appv1.ResourceAction
	}
	ActionTests []struct {
		Action, InputPath, ExpectedOutputPath string
		Parameters                            map[string]string
	}
}

func parameters(given map[string]string) (all []*applicationpkg.ResourceActionParameters) {
	for name, value := range given {
		all = append(all, &applicationpkg.ResourceActionParameters{Name: &name, Value: &value})
	}
	return all
}

// act runs an action, and returns the one object that it patches.
func act(t *testing.T, object *unstructured.Unstructured, action string, given map[string]string) *unstructured.Unstructured {
	t.Helper()
	script, err := vm(t).GetResourceAction(object, action)
	if err != nil {
		t.Fatal(err)
	}
	impacted, err := vm(t).ExecuteResourceAction(object, script.ActionLua, parameters(given))
	if err != nil {
		t.Fatal(err)
	}
	if len(impacted) != 1 || impacted[0].K8SOperation != lua.PatchOperation {
		t.Fatalf("%+v", impacted)
	}
	return impacted[0].UnstructuredObj
}

func TestActionsAsUpstreamTestsThem(t *testing.T) {
	for _, kind := range []string{"Organisation", "ReleaseChannel"} {
		dir := filepath.Join(customizations, kind, "actions")
		var all actionTests
		load(t, filepath.Join(dir, "action_test.yaml"), &all)
		for _, test := range all.DiscoveryTests {
			t.Run(kind+"/discovery/"+filepath.Base(test.InputPath), func(t *testing.T) {
				object := read(t, filepath.Join(dir, test.InputPath))
				scripts, err := vm(t).GetResourceActionDiscovery(object)
				if err != nil {
					t.Fatal(err)
				}
				got, err := vm(t).ExecuteResourceActionDiscovery(object, scripts)
				if err != nil {
					t.Fatal(err)
				}
				byName := func(a, b appv1.ResourceAction) int { return strings.Compare(a.Name, b.Name) }
				slices.SortFunc(got, byName)
				slices.SortFunc(test.Result, byName)
				if !reflect.DeepEqual(got, test.Result) {
					t.Errorf("%+v\nwant %+v", got, test.Result)
				}
			})
		}
		for _, test := range all.ActionTests {
			t.Run(kind+"/"+test.Action, func(t *testing.T) {
				got := act(t, read(t, filepath.Join(dir, test.InputPath)), test.Action, test.Parameters)
				same(t, got, read(t, filepath.Join(dir, test.ExpectedOutputPath)))
			})
		}
	}
}

// same compares two objects as JSON does: Lua knows no integers.
func same(t *testing.T, got, want *unstructured.Unstructured) {
	t.Helper()
	a, err := got.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	b, err := want.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	if string(a) != string(b) {
		t.Errorf("%s\nwant %s", a, b)
	}
}

// The three actions that say when, which a file cannot foretell.
func TestActionsThatSayWhen(t *testing.T) {
	for _, action := range []string{"retry", "restart", "reconcile"} {
		t.Run(action, func(t *testing.T) {
			before := state(t, "Organisation", "failed-and-nothing-serves")
			after := act(t, before.DeepCopy(), action, nil)
			key := "tenancy.glific.org/" + action + "-at"
			at := after.GetAnnotations()[key]
			if _, err := time.Parse(time.RFC3339, at); err != nil {
				t.Error(err)
			}
			unstructured.RemoveNestedField(after.Object, "metadata", "annotations", key)
			same(t, after, before)
		})
	}
}

// What stands in Git is changed by no action: only annotations that Git does not hold are.
func TestActionsWriteAnnotationsOnly(t *testing.T) {
	for kind, actions := range map[string][]string{
		"Organisation": {"hold", "release", "retry", "restart", "reconcile"}, "ReleaseChannel": {"hold", "release", "approve-wave"},
	} {
		for name := range verdicts[kind] {
			for _, action := range actions {
				before := state(t, kind, name)
				if action == "approve-wave" && name != "the-next-wave-needs-a-word" {
					continue // disabled there
				}
				after := act(t, before.DeepCopy(), action, nil)
				before.SetAnnotations(nil)
				after.SetAnnotations(nil)
				same(t, after, before)
			}
		}
	}
}

// The manifests beside the scripts are states that the operator really writes.
func TestManifestsForUpstreamAreTheOperatorsOwn(t *testing.T) {
	for kind, folder := range golden {
		files, err := filepath.Glob(filepath.Join(customizations, kind, "testdata", "*.yaml"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s has no manifests: %v", kind, err)
		}
		for _, file := range files {
			own, err := os.ReadFile(filepath.Join(root, folder, filepath.Base(file)))
			if err != nil {
				t.Fatal(err)
			}
			if *update {
				if err := os.WriteFile(file, own, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			copied, err := os.ReadFile(file)
			if err != nil || string(copied) != string(own) {
				t.Errorf("%s differs from the state of that name; run go test -update: %v", file, err)
			}
		}
	}
}
