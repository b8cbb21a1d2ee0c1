package status

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/testkit/views"
)

// look is one pass, some seconds after the first.
type look struct {
	second    int
	available bool
	suspended bool
	serving   string
}

func TestHowLongNobodyServedIsTimed(t *testing.T) {
	yes, no := look{available: true, serving: former}, look{serving: former}
	at := func(second int, l look) look { l.second = second; return l }
	taken := look{available: true, serving: serves}
	asleep := look{suspended: true, serving: former}
	for sentence, test := range map[string]struct {
		looks []look
		want  *v1alpha1.Interruption
		says  string
	}{
		"what always served was never interrupted": {
			[]look{yes, at(9, taken)}, nil, "at least one pod of the back end is ready",
		},
		"what never served is not interrupted": {
			[]look{{}, at(9, look{})}, nil, "no pod of the back end is ready",
		},
		"an update that stops the old pods first": {
			[]look{yes, at(10, no), at(15, no), at(24, taken)}, &v1alpha1.Interruption{Seconds: 14, From: former, To: serves},
			"at least one pod of the back end is ready; none was for 14 s from 2026-11-24T10:00:10Z, while Release " + serves + " took over from " + former,
		},
		"it lasts": {
			[]look{yes, at(10, no), at(15, no)}, &v1alpha1.Interruption{From: former, To: serves},
			"no pod of the back end is ready since 2026-11-24T10:00:10Z, while Release " + serves + " took over from " + former,
		},
		"a moment counts as a second": {
			[]look{yes, at(10, no), at(10, taken)}, &v1alpha1.Interruption{Seconds: 1, From: former, To: serves},
			"at least one pod of the back end is ready; none was for 1 s from 2026-11-24T10:00:10Z, while Release " + serves + " took over from " + former,
		},
		"the last one is kept, also while nothing happens": {
			[]look{yes, at(10, no), at(24, taken), at(600, taken)}, &v1alpha1.Interruption{Seconds: 14, From: former, To: serves},
			"at least one pod of the back end is ready; none was for 14 s from 2026-11-24T10:00:10Z, while Release " + serves + " took over from " + former,
		},
		"who is suspended is not interrupted": {
			[]look{yes, at(10, asleep), at(50, no), at(60, yes)}, nil, "at least one pod of the back end is ready",
		},
		"from suspension on it is wanted": {
			[]look{yes, at(10, no), at(50, asleep)}, nil, "spec.power is Suspended",
		},
	} {
		t.Run(sentence, func(t *testing.T) {
			org := looked(t, test.looks)
			got := org.Status.Interruption
			if diff := cmp.Diff(test.want, got, cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".Since" }, cmp.Ignore())); diff != "" {
				t.Error(diff)
			}
			if got != nil && !got.Since.Equal(&metav1.Time{Time: views.Now.Add(10 * time.Second)}) {
				t.Errorf("since %s", got.Since)
			}
			if c := meta.FindStatusCondition(org.Status.Conditions, v1alpha1.Available); c.Message != test.says {
				t.Errorf("Available says %q", c.Message)
			}
		})
	}
}

// looked is the Organisation after these passes.
func looked(t *testing.T, looks []look) *v1alpha1.Organisation {
	t.Helper()
	v := views.New(t, served(former))
	v.Org.Status.Release.Serving = ""
	for _, l := range looks {
		v.Plan.Suspended = l.suspended
		Summarise(v.Org, Pass{View: v, Serving: l.serving, Available: l.available, Now: views.Now.Add(time.Duration(l.second) * time.Second)})
	}
	return v.Org
}
