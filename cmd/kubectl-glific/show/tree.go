package show

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/world"
)

// Node is one line of the tree, and those below it.
type Node struct {
	Mark Mark `json:"mark"`
	// Name of the condition or object.
	Name string `json:"name"`
	// Text is what there is to say of it.
	Text     string `json:"text"`
	Children []Node `json:"children,omitempty"`
}

// rooms are the conditions of the steps in their order, and the step whose objects
// stand below each.
var rooms = []struct{ condition, step string }{
	{v1alpha1.Claimed, "claim"},
	{v1alpha1.KeysReady, "keys"},
	{v1alpha1.DatabaseReady, "database"},
	{v1alpha1.NamespaceReady, "namespace"},
	{v1alpha1.SecretsReady, "secrets"},
	{v1alpha1.AdminBootstrapped, "bootstrap"},
	{v1alpha1.Migrated, "migration"},
	{v1alpha1.MessagingReady, "messaging"},
	{v1alpha1.RouteReady, "routing"},
	{v1alpha1.Reachable, ""},
	{v1alpha1.UpToDate, ""},
	{v1alpha1.Available, ""},
}

// Tree of an Organisation: its conditions in the order in which they come true, and
// below each the objects that it speaks of.
func Tree(w *world.World, now time.Time) Node {
	health := HealthOf(w.Organisation)
	root := Node{Mark: health.Mark(), Name: "Organisation " + w.Organisation.Name, Text: headline(w.Organisation, health)}
	for _, room := range rooms {
		children := objects(w, room.condition, room.step, now)
		c := meta.FindStatusCondition(w.Organisation.Status.Conditions, room.condition)
		if c == nil && len(children) == 0 {
			continue
		}
		root.Children = append(root.Children, condition(room.condition, c, children))
	}
	return root
}

func headline(org *v1alpha1.Organisation, health Health) string {
	words := []string{string(health.State)}
	if r := reason(health); r != "" {
		words = append(words, r)
	}
	if org.Annotations[v1alpha1.AnnotationHold] != "" && health.State != Held {
		words = append(words, "held")
	}
	return strings.Join(words, " · ")
}

func condition(name string, c *metav1.Condition, children []Node) Node {
	if c == nil {
		return Node{Mark: Unclear, Name: name, Text: "not told yet", Children: children}
	}
	node := Node{Mark: markOf(c), Name: name, Children: children}
	switch {
	case c.Status == metav1.ConditionTrue && c.Reason == v1alpha1.ReasonReady:
		node.Text = c.Message
	default:
		node.Text = c.Reason + ": " + c.Message
	}
	return node
}

// waiting are reasons for which nothing is wrong: it is under way, or it may be so.
var waiting = []string{
	v1alpha1.ReasonPending, v1alpha1.ReasonProgressing, v1alpha1.ReasonUpdating, v1alpha1.ReasonChangePending,
	v1alpha1.ReasonDeleting, v1alpha1.ReasonCertificatePending, v1alpha1.ReasonHeld,
}

func markOf(c *metav1.Condition) Mark {
	switch {
	case c.Reason == v1alpha1.ReasonSuspended:
		return Off
	case c.Status == metav1.ConditionTrue:
		return Good
	case c.Status == metav1.ConditionUnknown:
		return Unclear
	case slices.Contains(waiting, c.Reason):
		return Moving
	}
	return Bad
}

// Facts are the lines above the tree.
func Facts(w *world.World, now time.Time) [][2]string {
	org := w.Organisation
	lines := [][2]string{
		{"Name", org.Spec.DisplayName},
		{"URL", url(org)},
		{"Release", release(org)},
		{"Profile", org.Spec.Profile},
		{"Database", database(org)},
		{"Identity", org.Status.Identity},
		{"Age", age(org.CreationTimestamp.Time, now)},
	}
	if hold := org.Annotations[v1alpha1.AnnotationHold]; hold != "" {
		lines = append(lines, [2]string{"Held", hold + since(org.Status.Requests.Hold, hold, now)})
	}
	return slices.DeleteFunc(lines, func(l [2]string) bool { return l[1] == "" })
}

func since(seen *v1alpha1.Observation, value string, now time.Time) string {
	if seen == nil || seen.Value != value {
		return " (not seen by the operator yet)"
	}
	return fmt.Sprintf(" (since %s)", age(seen.ObservedAt.Time, now))
}

func release(org *v1alpha1.Organisation) string {
	r := org.Status.Release
	text := r.Serving
	switch {
	case text == "" && r.Target != "":
		text = "none yet, target " + r.Target
	case r.Target != "" && r.Target != r.Serving:
		text += " → " + r.Target
	}
	if r.Channel != "" {
		text += fmt.Sprintf(" (channel %s, wave %s)", r.Channel, or(r.Wave))
	}
	return text
}

func database(org *v1alpha1.Organisation) string {
	db := org.Status.Database
	if db.Name == "" {
		return ""
	}
	return fmt.Sprintf("%s on %s, %d connections, pool of %d", db.Name, db.Server, db.ConnectionLimit, db.PoolSize)
}
