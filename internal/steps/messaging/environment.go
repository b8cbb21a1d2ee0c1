package messaging

import (
	"fmt"
	"path"
	"strings"

	corev1ac "k8s.io/client-go/applyconfigurations/core/v1"

	"github.com/glific/organisation-operator/internal/environment"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/step"
)

const (
	erlOptions = "ELIXIR_ERL_OPTIONS"
	// givenErlOptions carries options that a Secret holds, so that ours can follow them.
	givenErlOptions = "ELIXIR_ERL_OPTIONS_GIVEN"
	clusterService  = "CLUSTER_SERVICE"

	// minDistribution and maxDistribution: more than one port, since a remote console
	// starts a node of its own in the same pod.
	minDistribution = 9100
	maxDistribution = 9105
)

// variablesOf are the variables that may be seen, sorted, and then those of a BEAM
// node, which refer to each other in this order. RELEASE_VSN is never set: it would
// win over the version that a hot upgrade makes permanent.
func variablesOf(v step.View, env environment.Environment, secret string) []*corev1ac.EnvVarApplyConfiguration {
	given := map[string]environment.Value{}
	var vars []*corev1ac.EnvVarApplyConfiguration
	for _, value := range env.Values {
		given[value.Name] = value
		if !value.Secret && value.Name != erlOptions {
			vars = append(vars, variable(value.Name, literal(value.Value)))
		}
	}
	vars = append(vars,
		corev1ac.EnvVar().WithName("POD_IP").WithValueFrom(corev1ac.EnvVarSource().
			WithFieldRef(corev1ac.ObjectFieldSelector().WithAPIVersion("v1").WithFieldPath("status.podIP"))),
		variable("RELEASE_DISTRIBUTION", "name"),
		variable("RELEASE_NODE", path.Base(v.Live.Release.Spec.Binary)+"@$(POD_IP)"),
		variable("RELEASE_TMP", tmp))
	if _, set := given[clusterService]; !set {
		vars = append(vars, variable(clusterService, names.BackendNodes+"."+v.Settings.Namespace+".svc"))
	}
	return append(vars, erlang(v, given[erlOptions], secret)...)
}

// erlang puts the operator's options of the virtual machine after those that were given.
func erlang(v step.View, given environment.Value, secret string) []*corev1ac.EnvVarApplyConfiguration {
	options := machineOptions(v)
	switch {
	case given.Name == "":
		return []*corev1ac.EnvVarApplyConfiguration{variable(erlOptions, options)}
	case !given.Secret:
		return []*corev1ac.EnvVarApplyConfiguration{variable(erlOptions, literal(given.Value)+" "+options)}
	}
	fromSecret := corev1ac.EnvVar().WithName(givenErlOptions).WithValueFrom(corev1ac.EnvVarSource().
		WithSecretKeyRef(corev1ac.SecretKeySelector().WithName(secret).WithKey(erlOptions)))
	return []*corev1ac.EnvVarApplyConfiguration{fromSecret, variable(erlOptions, "$("+givenErlOptions+") "+options)}
}

// machineOptions keep distribution to the ports that the network policy opens
// (kernel manual, inet_dist_listen_min), and the schedulers to the size (erl, +S).
func machineOptions(v step.View) string {
	ports := v.Live.Release.Spec.Distribution
	low, high := int(ports.MinPort), int(ports.MaxPort)
	if low == 0 {
		low = minDistribution
	}
	if high == 0 {
		high = maxDistribution
	}
	options := fmt.Sprintf("-kernel inet_dist_listen_min %d inet_dist_listen_max %d", low, high)
	if n := v.Settings.Schedulers; n > 0 {
		options += fmt.Sprintf(" +S %d:%d", n, n)
	}
	return options
}

func variable(name, value string) *corev1ac.EnvVarApplyConfiguration {
	return corev1ac.EnvVar().WithName(name).WithValue(value)
}

// literal keeps Kubernetes from expanding $(NAME) in what a person wrote: the same
// value in a Secret is not expanded either.
func literal(value string) string { return strings.ReplaceAll(value, "$", "$$") }
