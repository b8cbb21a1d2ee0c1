package messaging

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/tools/events"
	clocktesting "k8s.io/utils/clock/testing"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/apply"
	"github.com/glific/organisation-operator/internal/hot/node"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/step"
	"github.com/glific/organisation-operator/internal/testkit/views"
)

// upgraded is a cluster in whose pods no Erlang runs: kwok simulates them. The real
// Deployment controller judges what is written; what nodes would say is told here, and
// test/standin shows real ones saying it.
type upgraded struct {
	*cluster
	step  *Step
	clock *clocktesting.FakeClock
	// hot is status.hot, which a pass leaves for the next one.
	hot *v1alpha1.HotStatus
	// forgets is which passes end before status is written: each n-th.
	forgets, passes int
	// says what a node answers, by action; "Ready" and the like without it.
	says map[string]string
	told []string
}

func upgradable(t *testing.T) *upgraded {
	c := start(t)
	u := &upgraded{cluster: c, clock: clocktesting.NewFakeClock(time.Now()), says: map[string]string{
		"check": `{"outcome":"Ready"}`, "install": `{"outcome":"Installed","engine":"Relup","processes":50}`, "permanent": `{"outcome":"Permanent"}`,
	}}
	u.step = &Step{Clock: u.clock, Hot: &node.Nodes{Client: c.client, Live: c.client, Events: events.NewFakeRecorder(1000), Exec: u.exec}}
	return u
}

func (u *upgraded) exec(_ context.Context, pod *corev1.Pod, _ string, _ []string, in io.Reader, out io.Writer) (int, error) {
	expression, err := io.ReadAll(in)
	if err != nil {
		return 0, err
	}
	for action, report := range u.says {
		if strings.Contains(string(expression), "Driver.main(:"+action+",") {
			u.told = append(u.told, action+" "+pod.Name)
			_, err = fmt.Fprintf(out, "HOT %s\n", report)
		}
	}
	return 0, err
}

// pass is one pass of an operator that remembers nothing but status.
func (u *upgraded) pass(options ...views.Option) step.View {
	u.Helper()
	u.kubelet()
	v := u.view(options...)
	v.Org.Status.Hot = u.hot.DeepCopy()
	if out := u.step.Act(u.ctx, v); !out.IsDone() {
		u.Fatal(out)
	}
	applier := &apply.Applier{Client: u.client, Scheme: views.Scheme}
	if err := applier.Converge(u.ctx, v, u.step, views.Render(u, v, u.step)); err != nil {
		u.Fatal(err)
	}
	if u.passes++; u.forgets == 0 || u.passes%u.forgets != 0 {
		u.hot = v.Org.Status.Hot
	}
	u.clock.Step(time.Second)
	return v
}

// kubelet does what kwok does not: ephemeral containers run and end, and containers
// have IDs.
func (u *upgraded) kubelet() {
	u.Helper()
	for _, pod := range u.pods() {
		changed := pod.DeepCopy()
		for _, container := range pod.Spec.EphemeralContainers[len(pod.Status.EphemeralContainerStatuses):] {
			changed.Status.EphemeralContainerStatuses = append(changed.Status.EphemeralContainerStatuses, corev1.ContainerStatus{
				Name: container.Name, State: corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{}},
			})
		}
		for i := range changed.Status.ContainerStatuses {
			changed.Status.ContainerStatuses[i].ContainerID = "containerd://" + string(pod.UID)
		}
		if err := u.client.Status().Patch(u.ctx, changed, client.MergeFrom(&pod)); client.IgnoreNotFound(err) != nil {
			u.Fatal(err)
		}
	}
}

func (u *upgraded) pods() []corev1.Pod {
	u.Helper()
	var list corev1.PodList
	if err := u.client.List(u.ctx, &list, client.InNamespace(names.Namespace(views.Organisation))); err != nil {
		u.Fatal(err)
	}
	return slices.DeleteFunc(list.Items, func(p corev1.Pod) bool { return !p.DeletionTimestamp.IsZero() })
}

func (u *upgraded) sets() []appsv1.ReplicaSet {
	u.Helper()
	var list appsv1.ReplicaSetList
	if err := u.client.List(u.ctx, &list, client.InNamespace(names.Namespace(views.Organisation))); err != nil {
		u.Fatal(err)
	}
	return list.Items
}

func uids(pods []corev1.Pod) string {
	var all []string
	for _, pod := range pods {
		all = append(all, string(pod.UID))
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

// until passes have brought the wanted about.
func (u *upgraded) until(what string, is func(step.View) bool, options ...views.Option) step.View {
	u.Helper()
	every := time.NewTicker(50 * time.Millisecond)
	defer every.Stop()
	for {
		v := u.pass(options...)
		if is(v) {
			return v
		}
		select {
		case <-u.ctx.Done():
			u.Fatalf("not: %s; status.hot: %+v", what, u.hot)
		case <-every.C:
		}
	}
}

// serves tells whether the Deployment shows a release, unpaused, and is complete.
func serves(release string) func(step.View) bool {
	return func(v step.View) bool {
		d := deployment(v, names.Backend)
		return d != nil && d.Spec.Template.Labels[v1alpha1.LabelRelease] == release && !d.Spec.Paused && complete(d)
	}
}

func worldOf(mode v1alpha1.HotMode) (was, is []views.Option) {
	was = []views.Option{hotSpec(mode), views.Replicas(2), pinned(views.Release)}
	return was, []views.Option{hotSpec(mode), views.Replicas(2), views.ReleaseNamed(nextRelease, another), pinned(nextRelease)}
}

// No document of Kubernetes promises that a Deployment takes a ReplicaSet for its own
// whose template was changed to be the Deployment's next one. This test is the promise:
// it names the version of Kubernetes for which it was kept.
func TestADeploymentAdoptsItsReplicaSetWithTheNewTemplate(t *testing.T) {
	u := upgradable(t)
	was, is := worldOf("")
	u.until("the first release serves", serves(views.Release), was...)
	pods, sets := uids(u.pods()), u.sets()

	u.until("the next release is complete", func(v step.View) bool {
		return serves(nextRelease)(v) && u.hot.State == v1alpha1.HotComplete && u.hot.ReplicaSet == ""
	}, is...)
	if got := uids(u.pods()); got != pods {
		t.Errorf("pods were replaced: %s, before %s", got, pods)
	}
	if now := u.sets(); len(now) != 1 || now[0].UID != sets[0].UID {
		t.Errorf("the ReplicaSet was not adopted: %d exist", len(now))
	}
	if len(u.told) != 6 || u.hot.Processes != 100 {
		t.Errorf("asked %v, processes %d", u.told, u.hot.Processes)
	}
	for _, pod := range u.pods() {
		if pod.Spec.InitContainers[0].Image != another || pod.Spec.Containers[0].Image == another || pod.Labels[v1alpha1.LabelRelease] != nextRelease {
			t.Errorf("Pod %s: seed %s, app %s, labels %v", pod.Name, pod.Spec.InitContainers[0].Image, pod.Spec.Containers[0].Image, pod.Labels)
		}
	}
	version, err := discovery.NewDiscoveryClientForConfigOrDie(u.config).ServerVersion()
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("adopted by the Deployment controller of Kubernetes %s", version.GitVersion)

	victim := u.pods()[0]
	if err := u.client.Delete(u.ctx, &victim, client.GracePeriodSeconds(0)); err != nil {
		t.Fatal(err)
	}
	u.until("a pod in its place has the new image", func(step.View) bool {
		return slices.ContainsFunc(u.pods(), func(p corev1.Pod) bool { return p.Spec.Containers[0].Image == another })
	}, is...)
}

// Whatever status was not written, what the cluster holds is enough to go on.
func TestAnOperatorThatIsKilledAgainAndAgainGoesOn(t *testing.T) {
	u := upgradable(t)
	was, is := worldOf("")
	u.until("the first release serves", serves(views.Release), was...)
	pods := uids(u.pods())
	u.forgets = 2
	u.until("the next release is complete", func(v step.View) bool {
		return serves(nextRelease)(v) && u.hot != nil && u.hot.State == v1alpha1.HotComplete && u.hot.ReplicaSet == ""
	}, is...)
	if got := uids(u.pods()); got != pods {
		t.Errorf("pods were replaced: %s, before %s", got, pods)
	}
}

// A refusal leaves nothing behind that a rolling update would stumble over.
func TestARefusalIsFollowedByNewPods(t *testing.T) {
	u := upgradable(t)
	was, is := worldOf("")
	u.until("the first release serves", serves(views.Release), was...)
	u.says["check"] = `{"outcome":"Refused","refusals":[{"reason":"ErtsChanged","message":"erts changes from 13 to 14"}]}`
	u.until("the next release serves", serves(nextRelease), is...)
	if u.hot.State != v1alpha1.HotRefused || u.hot.Reason != "ErtsChanged" || !strings.Contains(u.hot.Message, "erts changes from 13 to 14; new pods take over") {
		t.Errorf("status.hot: %+v", u.hot)
	}
	for _, pod := range u.pods() {
		if pod.Spec.Containers[0].Image != another {
			t.Errorf("Pod %s still has %s", pod.Name, pod.Spec.Containers[0].Image)
		}
	}
}

// Pods that an earlier upgrade changed are as they should be: a refusal after it is no
// reason to replace them.
func TestARefusalAfterAnUpgradeChangesNothing(t *testing.T) {
	u := upgradable(t)
	was, is := worldOf(v1alpha1.HotOnly)
	u.until("the first release serves", serves(views.Release), was...)
	u.until("the next release is complete", func(v step.View) bool {
		return serves(nextRelease)(v) && u.hot.State == v1alpha1.HotComplete && u.hot.ReplicaSet == ""
	}, is...)
	entered := uids(u.pods())
	u.says["check"] = `{"outcome":"Refused","refusals":[{"reason":"ErtsChanged","message":"erts changes"}]}`
	third := []views.Option{hotSpec(v1alpha1.HotOnly), views.Replicas(2), views.ReleaseNamed("glific-8.10.3", views.BackendImage), pinned("glific-8.10.3")}
	u.until("the third is refused", func(step.View) bool { return u.hot.State != v1alpha1.HotUpgrading && u.hot.Release == "glific-8.10.3" }, third...)
	for range 3 {
		u.pass(third...)
	}
	if got := uids(u.pods()); u.hot.State != v1alpha1.HotRefused || got != entered {
		t.Errorf("%+v; pods %s, before %s", u.hot, got, entered)
	}
}

// Where nothing else is wanted, what is broken off ends with new pods of the old release.
func TestAFailureEndsOnOneVersion(t *testing.T) {
	u := upgradable(t)
	was, is := worldOf(v1alpha1.HotOnly)
	u.until("the first release serves", serves(views.Release), was...)
	before := uids(u.pods())
	u.says["permanent"] = `{"outcome":"Failed","message":"the disk is full"}`
	u.until("new pods of the old release serve", func(v step.View) bool {
		return serves(views.Release)(v) && u.hot.State == v1alpha1.HotFailed && len(u.pods()) == 2 && disjoint(before, u.pods())
	}, is...)
	after := uids(u.pods())
	for range 5 {
		u.pass(is...)
	}
	if got := uids(u.pods()); got != after {
		t.Errorf("pods are replaced again and again: %s, then %s", after, got)
	}
}

func disjoint(before string, pods []corev1.Pod) bool {
	return !slices.ContainsFunc(pods, func(p corev1.Pod) bool { return strings.Contains(before, string(p.UID)) })
}

// New pods end the drift some weeks later, once, in the Organisation's own window; and
// the upgrade after that finds nothing that stands in its way.
func TestNewPodsAreMadeWeeksAfterAnUpgrade(t *testing.T) {
	u := upgradable(t)
	was, is := worldOf("")
	u.until("the first release serves", serves(views.Release), was...)
	through := func(v step.View) bool {
		return serves(nextRelease)(v) && u.hot.State == v1alpha1.HotComplete && u.hot.ReplicaSet == ""
	}
	u.until("the next release is complete", through, is...)
	entered := uids(u.pods())
	u.clock.Step(29 * day)
	for range 3 {
		u.pass(is...)
	}
	if got := uids(u.pods()); got != entered {
		t.Fatalf("new pods before it is time: %s, then %s", entered, got)
	}
	u.clock.Step(8 * day)
	closed := append(slices.Clone(is), views.Spec(func(s *v1alpha1.OrganisationSpec) {
		s.Release.Window = &v1alpha1.Window{Schedule: "0 0 29 2 *", Duration: metav1.Duration{Duration: time.Hour}}
	}))
	for range 3 {
		u.pass(closed...)
	}
	if got := uids(u.pods()); got != entered {
		t.Fatalf("new pods outside of the window: %s, then %s", entered, got)
	}
	u.until("new pods serve the same release", func(v step.View) bool {
		return serves(nextRelease)(v) && u.hot.Reason == v1alpha1.HotRenewed && len(u.pods()) == 2 && disjoint(entered, u.pods())
	}, is...)
	renewed := uids(u.pods())
	u.clock.Step(100 * day)
	for range 5 {
		u.pass(is...)
	}
	if got := uids(u.pods()); got != renewed {
		t.Fatalf("new pods again and again: %s, then %s", renewed, got)
	}
	third := []views.Option{hotSpec(""), views.Replicas(2), views.ReleaseNamed("glific-8.10.3", views.BackendImage), pinned("glific-8.10.3")}
	u.until("a third release enters those pods", func(v step.View) bool {
		return serves("glific-8.10.3")(v) && u.hot.State == v1alpha1.HotComplete && u.hot.ReplicaSet == ""
	}, third...)
	if got := uids(u.pods()); got != renewed {
		t.Errorf("the mark of the renewal made new pods: %s, then %s", renewed, got)
	}
}
