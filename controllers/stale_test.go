package controllers_test

import (
	"context"
	"slices"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/testkit/lane"
)

// behind is a cache that has not heard of the newest ControllerRevision.
type behind struct{ client.Reader }

func (b behind) List(ctx context.Context, list client.ObjectList, options ...client.ListOption) error {
	err := b.Reader.List(ctx, list, options...)
	if revisions, ok := list.(*appsv1.ControllerRevisionList); ok && len(revisions.Items) > 0 {
		newest := slices.MaxFunc(revisions.Items, func(a, b appsv1.ControllerRevision) int { return int(a.Revision - b.Revision) }).Revision
		revisions.Items = slices.DeleteFunc(revisions.Items, func(r appsv1.ControllerRevision) bool { return r.Revision == newest })
	}
	return err
}

// The revision before the last did not answer the restart that was asked for, so a cache
// that shows it as the latest would let the next change through without being asked.
func TestACacheThatIsBehindReleasesNothing(t *testing.T) {
	w := newWorld(t, lane.Options{})
	w.create(lane.Organisation("asha"))
	w.settle()
	set := func(value string) {
		change(w, "standard", &v1alpha1.OrganisationProfile{}, func(p *v1alpha1.OrganisationProfile) {
			p.Spec.Env = []v1alpha1.EnvVar{{Name: "WAITS", Value: new(value)}}
		})
		w.settle()
	}
	set("1")
	w.annotate("asha", v1alpha1.AnnotationRestartAt, "2026-11-24T10:00:00Z")
	w.settle()
	w.expect("asha", v1alpha1.UpToDate, "True/Ready")
	set("2")
	w.expect("asha", v1alpha1.UpToDate, "False/ChangePending")
	before := w.backend("asha").Generation
	w.op.Organisations.Snapshots.Cache = behind{w.op.Organisations.Snapshots.Cache}
	w.settle()
	w.expect("asha", v1alpha1.UpToDate, "False/ChangePending")
	if after := w.backend("asha").Generation; after != before {
		t.Errorf("the pods were changed (generation %d, then %d)", before, after)
	}
	w.annotate("asha", v1alpha1.AnnotationRestartAt, "2026-11-24T11:00:00Z")
	w.settle()
	w.expect("asha", v1alpha1.Ready, "True/Ready")
}
