package messaging

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/testkit/views"
)

// backendVars renders a world and reads the variables of the back end.
func backendVars(t testing.TB, options ...views.Option) []corev1.EnvVar {
	t.Helper()
	v := views.New(t, options...)
	views.Apply(t, v, New())
	return deployment(v, names.Backend).Spec.Template.Spec.Containers[0].Env
}

func variableNamed(vars []corev1.EnvVar, name string) corev1.EnvVar {
	for _, v := range vars {
		if v.Name == name {
			return v
		}
	}
	return corev1.EnvVar{}
}

func TestVariablesOfANode(t *testing.T) {
	ours := "-kernel inet_dist_listen_min 9100 inet_dist_listen_max 9105"
	tests := map[string]struct {
		options []views.Option
		name    string
		want    string
	}{
		"the node's name is that of the binary": {nil, "RELEASE_NODE", "prod@$(POD_IP)"},
		"nodes find each other by DNS":          {nil, "CLUSTER_SERVICE", "backend-nodes.org-asha.svc"},
		"another way to cluster is respected":   {[]views.Option{env("CLUSTER_SERVICE", "mine")}, "CLUSTER_SERVICE", "mine"},
		"options of the machine":                {nil, "ELIXIR_ERL_OPTIONS", ours},
		"options that are given come first":     {[]views.Option{env("ELIXIR_ERL_OPTIONS", "+P 5")}, "ELIXIR_ERL_OPTIONS", "+P 5 " + ours},
		"options from a Secret come first": {
			[]views.Option{views.OwnSecret("machine", map[string]string{"ELIXIR_ERL_OPTIONS": "+P 5"})},
			"ELIXIR_ERL_OPTIONS", "$(ELIXIR_ERL_OPTIONS_GIVEN) " + ours,
		},
		"what a person wrote is not expanded": {[]views.Option{env("PRICE", "$$5 $(POD_IP)")}, "PRICE", "$$$$5 $$(POD_IP)"},
		"the version is never pinned":         {nil, "RELEASE_VSN", ""},
		"the pool is that of one pod":         {[]views.Option{views.Replicas(2)}, "POOL_SIZE", "2"},
	}
	for sentence, test := range tests {
		t.Run(sentence, func(t *testing.T) {
			if got := variableNamed(backendVars(t, test.options...), test.name).Value; got != test.want {
				t.Errorf("%s is %q, want %q", test.name, got, test.want)
			}
		})
	}
}

// Kubernetes expands $(NAME) only where NAME stands earlier in the list.
func TestVariablesFollowThoseThatTheyReferTo(t *testing.T) {
	vars := backendVars(t, views.OwnSecret("machine", map[string]string{"ELIXIR_ERL_OPTIONS": "+P 5"}))
	defined := map[string]bool{}
	for _, v := range vars {
		if defined[v.Name] {
			t.Errorf("%s is there twice", v.Name)
		}
		for _, name := range []string{"POD_IP", givenErlOptions} {
			if strings.Contains(v.Value, "$("+name+")") && !defined[name] {
				t.Errorf("%s refers to %s, which comes later", v.Name, name)
			}
		}
		defined[v.Name] = true
	}
	want := &corev1.SecretKeySelector{Key: "ELIXIR_ERL_OPTIONS"}
	got := variableNamed(vars, givenErlOptions).ValueFrom.SecretKeyRef
	want.Name = got.Name
	if diff := cmp.Diff(want, got); diff != "" || !strings.HasPrefix(got.Name, "environment-") {
		t.Errorf("Secret %s\n%s", got.Name, diff)
	}
}

func TestTheFrontEndIsGivenNothing(t *testing.T) {
	v := views.New(t, everything()...)
	views.Apply(t, v, New())
	container := deployment(v, names.Frontend).Spec.Template.Spec.Containers[0]
	if len(container.Env) > 0 || len(container.EnvFrom) > 0 {
		t.Errorf("%d variables and %d sources", len(container.Env), len(container.EnvFrom))
	}
}

func TestServicesFindThePodsAndNoOthers(t *testing.T) {
	v := views.New(t, views.Frontend())
	views.Apply(t, v, New())
	for service, component := range map[string]string{names.Backend: names.Backend, names.BackendNodes: names.Backend, names.Frontend: names.Frontend} {
		found := v.Live.Object("Service", v.Settings.Namespace, service).(*corev1.Service)
		for _, object := range v.Live.All("Deployment") {
			d := object.(*appsv1.Deployment)
			selects := subset(found.Spec.Selector, d.Spec.Template.Labels)
			if selects != (d.Name == component) {
				t.Errorf("Service %s selects pods of Deployment %s: %v", service, d.Name, selects)
			}
			if d.Name == component && !subset(d.Spec.Selector.MatchLabels, d.Spec.Template.Labels) {
				t.Errorf("Deployment %s does not select its own pods", d.Name)
			}
		}
		if _, changes := found.Spec.Selector[v1alpha1.LabelRelease]; changes {
			t.Errorf("Service %s selects pods of one release only", service)
		}
	}
}

func subset(small, large map[string]string) bool {
	for key, value := range small {
		if large[key] != value {
			return false
		}
	}
	return true
}
