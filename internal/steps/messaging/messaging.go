// Package messaging runs the app: Deployments of the back end and, where the Release
// has one, of the front end, with their Services and disruption budgets.
//
// Pods change only through a revision (docs/decisions/0003-released-templates.md):
// a ControllerRevision in the tenant's namespace that holds the pod templates as they
// were released. What the declaration asks for now becomes a new revision when it is
// the Organisation's own change, or when a restart is asked for; until then the last
// revision is kept, repaired, scaled and suspended, whatever else is missing.
package messaging

import (
	"fmt"

	"k8s.io/utils/clock"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/hot/node"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/step"
)

// Step runs the app.
type Step struct {
	// Hot lets new code enter running pods; nil where that is not allowed.
	Hot   *node.Nodes
	Clock clock.PassiveClock
}

// New makes the step.
func New() *Step { return &Step{} }

// Name of the step.
func (*Step) Name() string { return "messaging" }

// Condition of the step.
func (*Step) Condition() string { return v1alpha1.MessagingReady }

// Needs the namespace only: what serves is repaired, scaled and suspended while the
// database server is down or a migration has failed.
func (*Step) Needs() []string { return []string{v1alpha1.NamespaceReady} }

// Render lists revisions, Deployments, Services and disruption budgets; nothing before
// the first release may start. The error says that a Deployment runs whose revision is
// gone: nothing is changed until the target release can be rendered.
func (s *Step) Render(v step.View) ([]step.Applicable, error) {
	live := revisions(v.Live)
	chosen := decide(v, latest(v.Live, live)).chosen
	if chosen == nil {
		if deployment(v, names.Backend) != nil {
			return nil, fmt.Errorf("the ControllerRevisions of namespace %s are gone, so Deployment %s is left as it is until its template can be made anew: %s",
				v.Settings.Namespace, names.Backend, obstacle(v))
		}
		return nil, nil
	}
	var objects []step.Applicable
	for _, r := range retained(*chosen, live) {
		objects = append(objects, r.render(v.Settings.Namespace))
	}
	up := s.upgradeOf(v, chosen, live)
	shown := *chosen
	if up != nil {
		shown = up.from
	}
	return append(objects, workloads(v, shown, up)...), nil
}
