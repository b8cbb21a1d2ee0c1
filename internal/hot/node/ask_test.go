package node_test

import (
	"context"
	"fmt"
	"io"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/events"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/hot/engine"
	"github.com/glific/organisation-operator/internal/hot/node"
)

func backend(container string) *corev1.Pod {
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: "backend-1", Namespace: "org-asha", UID: "1"},
		Status: corev1.PodStatus{ContainerStatuses: []corev1.ContainerStatus{{
			Name: "backend", ContainerID: container, State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{}},
		}}},
	}
}

// A node may take a minute to answer; whoever asks is not kept for as long.
func TestWhoAsksDoesNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int32
		answers := make(chan string)
		nodes := &node.Nodes{Events: events.NewFakeRecorder(10), Exec: func(ctx context.Context, _ *corev1.Pod, _ string, _ []string, _ io.Reader, out io.Writer) (int, error) {
			asked.Add(1)
			select {
			case text := <-answers:
				_, err := fmt.Fprintln(out, text)
				return 0, err
			case <-ctx.Done():
				return 0, ctx.Err()
			}
		}}
		target := node.Target{Org: &v1alpha1.Organisation{}, Container: "backend", Version: "0.2.0", Started: "/release/bin/prod"}
		ask := func(pod *corev1.Pod) (*engine.Report, error) {
			report, err := nodes.Ask(t.Context(), target, pod, engine.Install)
			synctest.Wait()
			return report, err
		}
		for range 3 {
			if report, err := ask(backend("c1")); report != nil || err != nil || asked.Load() != 1 {
				t.Fatalf("%v, %v, asked %d times", report, err, asked.Load())
			}
		}
		answers <- `HOT {"outcome":"Installed"}`
		synctest.Wait()
		if report, err := ask(backend("c2")); report != nil || err != nil || asked.Load() != 2 {
			t.Fatalf("the answer of a container that is gone is taken for another's: %v, %v", report, err)
		}
		if report, err := ask(backend("c1")); err != nil || report == nil || report.Outcome != engine.Installed {
			t.Fatalf("%v, %v", report, err)
		}
		if report, err := ask(backend("c1")); report != nil || err != nil || asked.Load() != 3 {
			t.Fatalf("an answer is given twice: %v, %v", report, err)
		}
		time.Sleep(90 * time.Second)
		synctest.Wait()
		if _, err := ask(backend("c2")); err == nil {
			t.Error("a node that does not answer is waited for without end")
		}
		if _, err := ask(backend("c1")); err == nil {
			t.Error("neither is the other")
		}
		if report, err := ask(backend("c1")); report != nil || err != nil {
			t.Errorf("asked anew: %v, %v", report, err)
		}
		time.Sleep(150 * time.Second)
		synctest.Wait()
		if report, err := ask(backend("c1")); report != nil || err != nil {
			t.Errorf("an answer of minutes ago is given: %v, %v", report, err)
		}
		time.Sleep(150 * time.Second)
	})
}
