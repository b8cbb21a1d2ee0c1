package show

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/world"
)

// objects that stand below a condition.
func objects(w *world.World, condition, step string, now time.Time) []Node {
	var nodes []Node
	switch condition {
	case v1alpha1.DatabaseReady:
		nodes = append(nodes, server(w)...)
	case v1alpha1.NamespaceReady:
		nodes = append(nodes, namespace(w)...)
	}
	if step == "" {
		return nodes
	}
	of := func(o metav1.Object) bool { return o.GetLabels()[v1alpha1.LabelStep] == step }
	for i := range w.Jobs {
		if job := &w.Jobs[i]; of(job) {
			nodes = append(nodes, jobNode(w, job, now))
		}
	}
	for i := range w.Deployments {
		if d := &w.Deployments[i]; of(d) {
			nodes = append(nodes, deploymentNode(w, d, now))
		}
	}
	return append(nodes, routes(w, of, now)...)
}

func server(w *world.World) []Node {
	if w.Server == nil {
		return nil
	}
	node := Node{Mark: Unclear, Name: "DatabaseServer " + w.Server.Name, Text: "not looked at yet"}
	for i := range w.Server.Status.Conditions {
		if c := &w.Server.Status.Conditions[i]; c.Type == v1alpha1.Ready {
			node.Mark, node.Text = markOf(c), cmp.Or(w.Server.Status.Capacity, c.Message)
			if c.Status != metav1.ConditionTrue {
				node.Text = c.Reason + ": " + c.Message
			}
		}
	}
	return []Node{node}
}

func namespace(w *world.World) []Node {
	if w.Namespace == nil {
		return nil
	}
	node := Node{Mark: Good, Name: "Namespace " + w.Namespace.Name, Text: string(w.Namespace.Status.Phase)}
	if !w.Namespace.DeletionTimestamp.IsZero() {
		node.Mark, node.Text = Moving, "is being deleted"
	}
	return []Node{node}
}

func jobNode(w *world.World, job *batchv1.Job, now time.Time) Node {
	node := Node{Mark: Moving, Name: "Job " + job.Name, Text: "runs since " + age(job.CreationTimestamp.Time, now)}
	for _, c := range job.Status.Conditions {
		switch {
		case c.Status != corev1.ConditionTrue:
		case c.Type == batchv1.JobComplete:
			node.Mark, node.Text = Good, "succeeded "+age(c.LastTransitionTime.Time, now)+" ago"
		case c.Type == batchv1.JobFailed:
			node.Mark, node.Text = Bad, fmt.Sprintf("%s: %s", c.Reason, c.Message)
		}
	}
	if node.Mark != Good { // pods of what succeeded tell nothing more
		node.Children = pods(w, map[string]string{batchv1.JobNameLabel: job.Name}, now)
	}
	return node
}

func deploymentNode(w *world.World, d *appsv1.Deployment, now time.Time) Node {
	wanted := int32(1)
	if d.Spec.Replicas != nil {
		wanted = *d.Spec.Replicas
	}
	node := Node{
		Mark: Good, Name: "Deployment " + d.Name,
		Text:     fmt.Sprintf("%d of %d ready, %s", d.Status.ReadyReplicas, wanted, d.Spec.Template.Labels[v1alpha1.LabelRelease]),
		Children: pods(w, map[string]string{v1alpha1.LabelComponent: d.Name}, now),
	}
	switch {
	case wanted == 0 && d.Status.Replicas == 0:
		node.Mark, node.Text = Off, "no pods wanted"
	case d.Status.ReadyReplicas < wanted || d.Status.UpdatedReplicas < wanted || d.Status.ObservedGeneration < d.Generation:
		node.Mark = Moving
	}
	for _, c := range d.Status.Conditions {
		failing := c.Type == appsv1.DeploymentReplicaFailure && c.Status == corev1.ConditionTrue ||
			c.Type == appsv1.DeploymentProgressing && c.Status == corev1.ConditionFalse
		if failing {
			node.Mark, node.Text = Bad, node.Text+"; "+c.Reason+": "+c.Message
		}
	}
	return node
}

// pods that carry the labels, the newest first.
func pods(w *world.World, labels map[string]string, now time.Time) []Node {
	var chosen []corev1.Pod
	for _, pod := range w.Pods {
		if carries(pod.Labels, labels) {
			chosen = append(chosen, pod)
		}
	}
	slices.SortStableFunc(chosen, func(a, b corev1.Pod) int {
		return cmp.Or(b.CreationTimestamp.Compare(a.CreationTimestamp.Time), strings.Compare(a.Name, b.Name))
	})
	nodes := make([]Node, 0, len(chosen))
	for i := range chosen {
		nodes = append(nodes, podNode(&chosen[i], now))
	}
	return nodes
}

func carries(has, wanted map[string]string) bool {
	for key, value := range wanted {
		if has[key] != value {
			return false
		}
	}
	return true
}

func routes(w *world.World, of func(metav1.Object) bool, now time.Time) []Node {
	var nodes []Node
	for i := range w.Ingresses {
		if in := &w.Ingresses[i]; of(in) {
			nodes = append(nodes, Node{Mark: Good, Name: "Ingress " + in.Name, Text: strings.Join(ingressHosts(in), ", ")})
		}
	}
	for i := range w.HTTPRoutes {
		if route := &w.HTTPRoutes[i]; of(route) {
			nodes = append(nodes, routeNode(route))
		}
	}
	for i := range w.Certificates {
		if cert := &w.Certificates[i]; of(cert) {
			nodes = append(nodes, certificateNode(cert, now))
		}
	}
	return nodes
}

func ingressHosts(in *networkingv1.Ingress) []string {
	hosts := make([]string, 0, len(in.Spec.Rules))
	for _, rule := range in.Spec.Rules {
		hosts = append(hosts, rule.Host)
	}
	return hosts
}
