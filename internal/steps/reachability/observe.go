// Package reachability tells whether an NGO's users reach it: what they would be
// answered from outside, asked every five minutes and after each change.
package reachability

import (
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/probe"
	"github.com/glific/organisation-operator/internal/snapshot"
	"github.com/glific/organisation-operator/internal/step"
)

// Step tells. It changes nothing.
type Step struct{}

// New returns the step.
func New() *Step { return &Step{} }

// Name of the step.
func (*Step) Name() string { return "reachability" }

// Condition of the step.
func (*Step) Condition() string { return v1alpha1.Reachable }

// Needs nothing: it only looks.
func (*Step) Needs() []string { return nil }

// Render nothing.
func (*Step) Render(step.View) ([]step.Applicable, error) { return nil, nil }

// reasons of the links.
var reasons = map[probe.Link]v1alpha1.Reason{
	probe.Gateway:       v1alpha1.ReasonGatewayUnreachable,
	probe.Certificate:   v1alpha1.ReasonCertificateInvalid,
	probe.HTTP:          v1alpha1.ReasonHTTPFailed,
	probe.Websocket:     v1alpha1.ReasonWebsocketRefused,
	probe.ForeignOrigin: v1alpha1.ReasonForeignOriginAccepted,
	probe.DNS:           v1alpha1.ReasonNameUnresolved,
	probe.Database:      v1alpha1.ReasonLoginRefused,
}

// cures of the links, in words.
var cures = map[probe.Link]string{
	probe.Gateway:       "see whether the gateway's pods run and whether the operator may reach them, or name its address in spec.routing.probe.address of the profile",
	probe.Certificate:   "see the certificate of the Gateway or Ingress, and condition RouteReady",
	probe.HTTP:          "see the pods' log and the route",
	probe.Websocket:     "see REQUEST_ORIGIN in the pods, and whether the gateway lets websockets through",
	probe.ForeignOrigin: "the Release must check the Origin (check_origin): do not roll it out further",
	probe.DNS:           "create the host's DNS record, or name the gateway's address in spec.routing.probe.address of the profile where its users need none",
	probe.Database:      "a changed password is set back by itself unless the Organisation is held; otherwise see whether pg_hba.conf and the role let it in",
}

// Observe says what users meet. What nobody can ask is Unknown and keeps nothing from
// being Ready; what was asked and failed three times in a row does.
func (*Step) Observe(v step.View) step.Outcome {
	reach := v.Live.Reach
	answer := reach.Standing.Answer
	switch {
	case reach.Unasked != "" && answer.Broken != probe.Database:
		out := step.Done(v1alpha1.ReasonNotProbed, reach.Unasked)
		out.Unknown = true
		if reach.Standing.Strikes > 0 {
			out.After = probe.Again
		}
		return out
	case !reach.Known:
		return known(v)
	case answer.OK():
		out := step.Done(v1alpha1.ReasonReady, said(answer))
		out.After = again(reach)
		return out
	}
	return step.Waiting(reasons[answer.Broken], fmt.Sprintf("%s; %s", answer.Message, cures[answer.Broken]), probe.Every/5)
}

// known repeats what status says until a first answer counts: after a restart of the
// operator, and while a new version is asked for the first time.
func known(v step.View) step.Outcome {
	before := meta.FindStatusCondition(v.Org.Status.Conditions, v1alpha1.Reachable)
	switch {
	case before == nil || before.Status == metav1.ConditionUnknown:
		return step.Waiting(v1alpha1.ReasonProgressing, "the hosts are asked for the first time", again(v.Live.Reach))
	case before.Status == metav1.ConditionTrue:
		out := step.Done(before.Reason, before.Message)
		out.After = again(v.Live.Reach)
		return out
	}
	return step.Waiting(before.Reason, before.Message, again(v.Live.Reach))
}

// again is soon while a host strikes or was never asked, and when its turn comes after a
// restart; otherwise the usual pass will do.
func again(reach snapshot.Reach) time.Duration {
	if reach.Standing.Strikes > 0 || !reach.Known {
		return max(probe.Again, reach.Standing.Due)
	}
	return 0
}

func said(answer probe.Answer) string {
	if answer.CertificateUntil.IsZero() {
		return answer.Message
	}
	return fmt.Sprintf("%s; its certificate ends on %s", answer.Message, answer.CertificateUntil.UTC().Format(time.DateOnly))
}
