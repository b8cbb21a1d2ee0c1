package messaging

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/step"
	"github.com/glific/organisation-operator/internal/testkit/views"
	"github.com/glific/organisation-operator/internal/update"
)

// updated is an Organisation that came from the release before to this one, with its
// Deployment as change says, and pods.
func updated(t *testing.T, change func(*appsv1.Deployment), pods ...*corev1.Pod) step.View {
	t.Helper()
	before := views.New(t, views.ReleaseNamed("glific-8.10.0", another), views.ProfileSpec(func(p *v1alpha1.OrganisationProfileSpec) {
		p.Release = &v1alpha1.ReleaseReference{Name: "glific-8.10.0"}
	}))
	views.Apply(t, before, New())
	rolledTo(before, 1)
	options := []views.Option{views.After(before, New().Name()), restart("1")}
	for _, pod := range pods {
		options = append(options, views.With(pod))
	}
	v := views.New(t, options...)
	views.Apply(t, v, New())
	rolledTo(v, 1)
	if change != nil {
		change(deployment(v, names.Backend))
	}
	return v
}

// pod of a release, in whose container the node says that an image runs.
func pod(release, image string) *corev1.Pod {
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: "backend-1", Namespace: "org-asha", Labels: map[string]string{
			v1alpha1.LabelComponent: names.Backend, v1alpha1.LabelRelease: release, v1alpha1.LabelManagedBy: v1alpha1.ManagedBy,
		}},
		Status: corev1.PodStatus{Phase: corev1.PodRunning, ContainerStatuses: []corev1.ContainerStatus{{
			Name: names.Backend, ImageID: image, Ready: true, State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{}},
		}}},
	}
}

// enteredBy is a pod into which a release came while it ran.
func enteredBy(p *corev1.Pod, release, reached string) *corev1.Pod {
	p.Annotations = map[string]string{v1alpha1.AnnotationHot: `{"release":"` + release + `","container":"c1","reached":"` + reached + `"}`}
	return p
}

func leaving(p *corev1.Pod) *corev1.Pod {
	p.DeletionTimestamp = &metav1.Time{Time: views.Now}
	return p
}

func unpulled(p *corev1.Pod) *corev1.Pod {
	p.Status.Phase = corev1.PodPending
	p.Status.ContainerStatuses[0].Image = views.BackendImage
	p.Status.ContainerStatuses[0].State = corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "ErrImagePull"}}
	return p
}

func TestPods(t *testing.T) {
	const old, is = "glific-8.10.0", views.Release
	served := "Release glific-8.10.1 serves with 1 pod"
	all := update.Pods{Asked: true, Appeared: true, Converged: true, Message: served}
	starting := func(d *appsv1.Deployment) {
		d.Status.Replicas, d.Status.UpdatedReplicas = 2, 1
		d.Status.Conditions = []appsv1.DeploymentCondition{progressing(corev1.ConditionTrue, "ReplicaSetUpdated")}
	}
	started := "1 of 1 pods of Release glific-8.10.1 are started, 1 available with the old ones; Deployment backend has 600 s"
	stale := "pod backend-1 of Release glific-8.10.1 still runs the image of Release glific-8.10.0 (" + digest(another) + ")"
	for sentence, test := range map[string]struct {
		v    step.View
		want update.Pods
	}{
		"every pod runs its image":                          {updated(t, nil, pod(is, views.BackendImage)), all},
		"no pod is seen yet, and its Deployment counts one": {updated(t, nil), all},
		"its node runs the image of the release before":     {updated(t, nil, pod(is, another)), update.Pods{Asked: true, Appeared: true, Message: stale}},
		"new code has entered it, and it boots that":        {updated(t, nil, enteredBy(pod(is, another), is, "Settled")), all},
		"new code has entered it, and it boots the old":     {updated(t, nil, enteredBy(pod(is, another), is, "Installed")), update.Pods{Asked: true, Appeared: true, Message: stale}},
		"code of another release has entered it":            {updated(t, nil, enteredBy(pod(is, another), old, "Settled")), update.Pods{Asked: true, Appeared: true, Message: stale}},
		"its node names it as docker does":                  {updated(t, nil, pod(is, "docker-pullable://"+another)), update.Pods{Asked: true, Appeared: true, Message: stale}},
		"its node names a digest that nobody knows":         {updated(t, nil, pod(is, "sha256:4a5b")), all},
		"its node has not said what it runs":                {updated(t, nil, pod(is, "")), all},
		"a pod of the release before is on its way out":     {updated(t, nil, pod(is, views.BackendImage), leaving(pod(old, another))), all},
		"one that leaves ran the old image":                 {updated(t, nil, leaving(pod(is, another))), all},
		"new pods start beside old ones": {
			updated(t, starting, pod(is, "")), update.Pods{Asked: true, Appeared: true, Message: started},
		},
		"the new image cannot be pulled": {
			updated(t, starting, unpulled(pod(is, ""))),
			update.Pods{Asked: true, Appeared: true, Message: started + "; pod backend-1: its image " + views.BackendImage + " cannot be pulled (ImagePullBackOff)"},
		},
		"Kubernetes has given up": {
			updated(t, func(d *appsv1.Deployment) {
				starting(d)
				d.Status.Conditions = []appsv1.DeploymentCondition{progressing(corev1.ConditionFalse, reasonDeadlineExceeded)}
			}),
			update.Pods{Asked: true, Appeared: true, Exceeded: true, Message: neverTold},
		},
		"what an earlier generation counted counts for nothing": {
			updated(t, func(d *appsv1.Deployment) { d.Generation++ }),
			update.Pods{Asked: true, Message: "Deployment backend of Release glific-8.10.1 was just changed; its pods are not counted yet"},
		},
		"ready pods of the release before are no proof": {
			views.New(t, views.After(serving0(t), New().Name())),
			update.Pods{Message: "pods of Release glific-8.10.1 are not asked for yet"},
		},
		"a change of the profile waits for its slot": {
			func() step.View { v := views.New(t, serving(t), profileChanged()); rolledTo(v, 1); return v }(),
			update.Pods{Converged: true, Message: "pods of Release glific-8.10.1 are not asked for yet"},
		},
		"nothing was ever asked for": {views.New(t), update.Pods{Message: "pods of Release glific-8.10.1 are not asked for yet"}},
	} {
		t.Run(sentence, func(t *testing.T) {
			if test.want.Asked {
				test.want.Mode = v1alpha1.UpdateRolling // the Deployment shows it
			}
			if diff := cmp.Diff(test.want, Pods(test.v)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

const neverTold = "Release glific-8.10.1 never became ready within 600 s; 1 pod still available; see `kubectl -n org-asha describe pods -l app.kubernetes.io/component=backend`, then correct the configuration, name another Release, or set the annotation tenancy.glific.org/restart-at to try again"

// serving0 is an Organisation that serves the release before.
func serving0(t *testing.T) step.View {
	t.Helper()
	v := views.New(t, views.ReleaseNamed("glific-8.10.0", another))
	views.Apply(t, v, New())
	rolledTo(v, 1)
	return v
}

func TestLacking(t *testing.T) {
	missing := views.ReleaseSpec(func(r *v1alpha1.ReleaseSpec) { r.RequiredEnv = []v1alpha1.RequiredEnv{{Name: "STRIPE_API_KEY"}} })
	for sentence, test := range map[string]struct {
		world   []views.Option
		reason  string
		passing bool
	}{
		"nothing":                              {nil, "", false},
		"a required key":                       {[]views.Option{missing}, v1alpha1.ReasonConfigIncomplete, false},
		"connections for its pods":             {[]views.Option{views.Replicas(9)}, v1alpha1.ReasonConnectionBudgetExceeded, false},
		"its Release":                          {[]views.Option{views.WithoutRelease()}, v1alpha1.ReasonPending, true},
		"its Secret in the tenant's namespace": {[]views.Option{views.Unprojected()}, v1alpha1.ReasonPending, true},
		"its keys":                             {[]views.Option{views.WithoutKeys()}, v1alpha1.ReasonPending, true},
		"its database server's answer":         {[]views.Option{views.ServerUnreachable()}, v1alpha1.ReasonPending, true},
		"nothing, since migrations come later": {[]views.Option{views.NotMigrated()}, "", false},
	} {
		t.Run(sentence, func(t *testing.T) {
			got := Lacking(views.New(t, test.world...))
			switch {
			case got == nil && test.reason == "":
			case got == nil || got.Reason != test.reason || got.Passing != test.passing || got.Message == "":
				t.Errorf("%+v, want %s, passing %v", got, test.reason, test.passing)
			}
		})
	}
}
