package routing

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/optional"
	"github.com/glific/organisation-operator/internal/step"
)

// retry bounds how long a silent ledger keeps a first route waiting.
const retry = 30 * time.Second

// Observe tells whether requests for every host reach the app. The first thing that
// is missing is told, causes before what follows from them.
func (s *Step) Observe(v step.View) step.Outcome {
	if v.Live.Profile == nil {
		return pending(fmt.Sprintf("OrganisationProfile %q does not exist, so nobody says how to route; what is routed stays as it is", v.Org.Spec.Profile))
	}
	if v.Settings.Routing.Type == v1alpha1.RoutingNone {
		return step.Done(v1alpha1.ReasonNotRouted, notRouted(v))
	}
	if out := prepared(v); !out.IsDone() {
		return out
	}
	c := certify(v)
	for _, judge := range []func(step.View, certificates) step.Outcome{ownFound, apisOffered, allCertified, certificateIssued} {
		if out := judge(v, c); !out.IsDone() {
			return out
		}
	}
	if out := s.applied(v); !out.IsDone() {
		return out
	}
	if v.Settings.Routing.Type == v1alpha1.RoutingGateway {
		if out := accepted(v); !out.IsDone() {
			return out
		}
	}
	return step.Done(v1alpha1.ReasonReady, strings.Join(append([]string{BaseURL(v)}, notes(v, c)...), "; "))
}

func notRouted(v step.View) string {
	if len(v.Plan.Hosts) == 0 {
		return fmt.Sprintf("OrganisationProfile %s leaves routing to something else", v.Org.Spec.Profile)
	}
	return fmt.Sprintf("OrganisationProfile %s leaves routing to something else: lead %s to Service %s in namespace %s",
		v.Org.Spec.Profile, strings.Join(v.Plan.Hosts, ", "), names.Backend, v.Settings.Namespace)
}

// prepared tells whether there may be a route, and whether what it follows from is known.
func prepared(v step.View) step.Outcome {
	release := v.Settings.Release
	switch {
	case !permitted(v) && v.Live.Ledger.Err != nil:
		return step.WaitingUnknown(v1alpha1.ReasonServerUnreachable,
			fmt.Sprintf("no route is made before the ledger says that the administrator's published password is replaced: %v", v.Live.Ledger.Err), retry)
	case !permitted(v):
		return pending("no route is made before the administrator's published password is replaced; see condition AdminBootstrapped")
	case len(v.Plan.Hosts) == 0:
		return pending("no host is claimed yet; see condition Claimed")
	case v.Live.Release == nil && release == "":
		return pending("no Release is named, so its paths are not known; what is routed stays as it is")
	case v.Live.Release == nil:
		return pending(fmt.Sprintf("Release %q does not exist, so its paths are not known; what is routed stays as it is", release))
	case servicePort(v, names.Backend) == 0:
		return pending(fmt.Sprintf("Service %s in namespace %s does not exist yet; see condition MessagingReady", names.Backend, v.Settings.Namespace))
	}
	return step.Done("", "")
}

func pending(message string) step.Outcome { return step.Waiting(v1alpha1.ReasonPending, message, 0) }

func ownFound(v step.View, c certificates) step.Outcome {
	name := v.Settings.TLSSecret
	if name == "" || c.own {
		return step.Done("", "")
	}
	return step.Waiting(v1alpha1.ReasonCertificatePending,
		fmt.Sprintf("Secret %q of spec.tls does not exist, or its tls.crt is no certificate for any of %s: create it, of type kubernetes.io/tls, in namespace %s or as %s in the operator's namespace",
			name, strings.Join(v.Plan.Hosts, ", "), v.Settings.Namespace, names.SourceSecret(v.Org.Name, name)), retry)
}

func apisOffered(v step.View, c certificates) step.Outcome {
	if !offered(v) {
		return step.Waiting(v1alpha1.ReasonAPIMissing,
			"the cluster does not offer HTTPRoute of gateway.networking.k8s.io/v1: install the Gateway API's CRDs and a controller, or set routing.type of the profile to Ingress; it is noticed by itself", 0)
	}
	if len(c.missing) == 0 {
		return step.Done("", "")
	}
	if c.missing[0] == optional.ListenerSet {
		return step.Waiting(v1alpha1.ReasonAPIMissing,
			"the cluster does not offer ListenerSet of gateway.networking.k8s.io/v1, by which a host gets a certificate of its own at a Gateway: install the Gateway API's CRDs of version 1.5 or later, or set routing.tls.type of the profile to Wildcard; it is noticed by itself", 0)
	}
	return step.Waiting(v1alpha1.ReasonAPIMissing,
		fmt.Sprintf("the cluster does not offer %s of cert-manager.io/v1: install cert-manager, or set routing.tls.type of the profile to Wildcard or None; it is noticed by itself", c.missing[0].Kind), 0)
}

// allCertified: people who open a host without a certificate are turned away by
// their browsers. api.<host> is for machines, and served because the Release says so,
// so that it lacks one is a note only.
func allCertified(v step.View, c certificates) step.Outcome {
	app, _ := hosts(v)
	bare := slices.DeleteFunc(slices.Clone(c.bare), func(host string) bool { return !slices.Contains(app, host) })
	if len(bare) == 0 {
		return step.Done("", "")
	}
	return step.Waiting(v1alpha1.ReasonCertificatePending,
		fmt.Sprintf("no certificate covers %s, since the wildcard of OrganisationProfile %s stands for one label below its baseDomain only: name an issuer in routing.tls of the profile, bring a certificate in spec.tls, or set routing.tls.type to None if something in front takes care of TLS",
			strings.Join(bare, ", "), v.Org.Spec.Profile), 0)
}

// applied tells whether everything that is rendered is there.
func (s *Step) applied(v step.View) step.Outcome {
	want, err := s.Render(v)
	if err != nil {
		return step.Stalled(v1alpha1.ReasonInvalidSpec, err.Error())
	}
	for _, object := range want {
		if v.Live.Object(*object.GetKind(), v.Settings.Namespace, *object.GetName()) == nil {
			return step.Waiting(v1alpha1.ReasonProgressing, fmt.Sprintf("%s %s is not there yet", *object.GetKind(), *object.GetName()), 0)
		}
	}
	return step.Done("", "")
}

// notes are what an engineer should know about hosts that work.
func notes(v step.View, c certificates) []string {
	var notes []string
	if _, api := hosts(v); slices.ContainsFunc(api, func(host string) bool { return slices.Contains(c.bare, host) }) {
		notes = append(notes, fmt.Sprintf("no certificate covers %s: name an issuer in routing.tls of the profile if machines call it", strings.Join(api, ", ")))
	}
	if len(v.Settings.Routing.From) == 0 && v.Settings.Routing.Type == v1alpha1.RoutingIngress {
		notes = append(notes, "routing.from of the profile names no namespace, so network policies let no request in where they are enforced")
	}
	if v.Plan.Suspended {
		notes = append(notes, "suspended: nothing answers there")
	}
	return notes
}
