package controllers_test

import (
	"testing"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/testkit/lane"
)

func TestAnOrganisationBecomesReadyAndASecondPassWritesNothing(t *testing.T) {
	w := newWorld(t, lane.Options{})
	w.create(lane.Organisation("asha"))
	written := w.writes(w.settle)
	t.Log(describe(w.org("asha")))
	for _, write := range written {
		t.Log(write)
	}
	w.expect("asha", v1alpha1.Ready, "True/Ready")
	if again := w.writes(func() { w.op.Pass(t.Context()) }); len(again) > 0 {
		t.Errorf("a pass over a converged Organisation wrote %v", again)
	}
}
