package messaging

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/snapshot"
	"github.com/glific/organisation-operator/internal/step"
	"github.com/glific/organisation-operator/internal/testkit/golden"
	"github.com/glific/organisation-operator/internal/testkit/views"
)

// succession applies one world after another, each seeing what the last one left.
func succession(t testing.TB, worlds ...[]views.Option) []step.View {
	var all []step.View
	for _, options := range worlds {
		if len(all) > 0 {
			options = append([]views.Option{views.After(all[len(all)-1], New().Name())}, options...)
		}
		v := views.New(t, options...)
		views.Apply(t, v, New())
		all = append(all, v)
	}
	return all
}

func TestGoingBackIsTheOldRevisionWithANewNumber(t *testing.T) {
	type world = []views.Option
	all := succession(t, world{}, world{env("NEW", "1")}, world{})
	first, last := current(all[0].Live), current(all[2].Live)
	if first.name != last.name || first.number != 1 || last.number != 3 {
		t.Errorf("%s is number %d, then %s is number %d", first.name, first.number, last.name, last.number)
	}
	if got := len(revisions(all[2].Live)); got != 2 {
		t.Errorf("%d revisions, want 2", got)
	}
}

func TestTheLastFiveRevisionsStay(t *testing.T) {
	var worlds [][]views.Option
	for i := range 7 {
		worlds = append(worlds, []views.Option{env("NEW", fmt.Sprint(i))})
	}
	all := succession(t, worlds...)
	var numbers []int64
	for _, r := range revisions(all[6].Live) {
		numbers = append(numbers, r.number)
	}
	if diff := cmp.Diff([]int64{7, 6, 5, 4, 3}, numbers); diff != "" {
		t.Error(diff)
	}
}

func TestRetainedRevisionsAreRenderedAsTheyAre(t *testing.T) {
	all := succession(t, []views.Option{}, []views.Option{env("NEW", "1")})
	before := stored(all[0].Live)
	for name, revision := range stored(all[1].Live) {
		if old, ok := before[name]; ok {
			if diff := cmp.Diff(old, revision); diff != "" {
				t.Error(diff)
			}
		}
	}
}

func stored(live *snapshot.Snapshot) map[string]*appsv1.ControllerRevision {
	found := map[string]*appsv1.ControllerRevision{}
	for _, object := range live.All("ControllerRevision") {
		found[object.GetName()] = object.(*appsv1.ControllerRevision)
	}
	return found
}

func TestARevisionThatCannotBeReadIsNone(t *testing.T) {
	for sentence, data := range map[string]string{
		"no JSON":     `{`,
		"no template": `{"release":"glific-8.10.1"}`,
		"no pod":      `{"backend":{}}`,
	} {
		t.Run(sentence, func(t *testing.T) {
			v := views.New(t, serving(t))
			for _, revision := range stored(v.Live) {
				revision.Data = runtime.RawExtension{Raw: []byte(data)}
			}
			if got := current(v.Live); got != nil {
				t.Errorf("got %s", got.name)
			}
			if len(views.Render(t, v, New())) == 0 {
				t.Error("the template that can be made now is not rendered")
			}
		})
	}
}

// If this file changes and the declarations did not, inputsFormat must change as well:
// else the next operator takes its own change for every Organisation's, and restarts all.
func TestInputsOfUnchangedDeclarationsStayTheSame(t *testing.T) {
	var lines string
	for _, name := range []string{"smallest", "everything-declared", "aliases-tls-and-authority", "pull-secrets"} {
		lines += name + " " + fresh(worlds[name](t), nil).inputs.String() + "\n"
	}
	golden.Assert(t, "testdata/inputs.golden", lines)
}

// What is read of revisions may be older than the Deployment, or its record is gone: an
// older one would roll the pods back.
func TestAnOlderRevisionIsNoSubstitute(t *testing.T) {
	type world = []views.Option
	all := succession(t, world{}, world{env("NEW", "1")})
	v := all[1]
	newest := current(v.Live)
	if newest.number != 2 || snapshot.Released(v.Live) != 2 {
		t.Fatalf("revision %d, and the Deployment renders %d", newest.number, snapshot.Released(v.Live))
	}
	v.Live.Drop("ControllerRevision", v.Settings.Namespace, newest.name)
	if got := current(v.Live); got != nil {
		t.Errorf("revision %d takes its place", got.number)
	}
	if got := decide(v, current(v.Live)).chosen; got.name != newest.name || got.number != 3 {
		t.Errorf("what is declared becomes %s, number %d; want %s, number 3", got.name, got.number, newest.name)
	}
	v.Live.Ledger.Tenant, v.Live.Ledger.Err = nil, errors.New("connection refused")
	if _, err := New().Render(v); err == nil || !strings.Contains(err.Error(), "left as it is") {
		t.Errorf("while nothing can be made anew: %v", err)
	}
}

// Operators before this one noted no number.
func TestADeploymentWithoutANumberIsOfTheLatestRevision(t *testing.T) {
	v := views.New(t, serving(t))
	deployment(v, names.Backend).Annotations = nil
	if got := current(v.Live); got == nil || snapshot.Released(v.Live) != 0 {
		t.Errorf("%+v, released %d", got, snapshot.Released(v.Live))
	}
}
