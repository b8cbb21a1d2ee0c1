package show

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"

	"github.com/glific/organisation-operator/cmd/kubectl-glific/world"
)

// eventsShown is how many of the latest Events stand below a tree.
const eventsShown = 3

// Status prints what there is to know of one NGO: facts, tree, the latest Events, and
// the next step in words.
func Status(out io.Writer, w *world.World, paint Paint, now time.Time) {
	for _, fact := range Facts(w, now) {
		fmt.Fprintf(out, "%-10s %s\n", fact[0]+":", fact[1])
	}
	fmt.Fprintln(out)
	Tree(w, now).Write(out, paint)
	latest(out, w.Events, now)
	for _, missing := range w.Missing {
		fmt.Fprintf(out, "\nNot shown: %s.", missing)
	}
	if len(w.Missing) > 0 {
		fmt.Fprintln(out)
	}
	if step := NextStep(w.Organisation); step != "" {
		fmt.Fprintf(out, "\n%s %s\n", paint.as(bold, "Next step:"), step)
	}
}

// latest Events of the Organisation itself, and warnings of what belongs to it.
func latest(out io.Writer, events []eventsv1.Event, now time.Time) {
	events = slices.DeleteFunc(slices.Clone(events), func(e eventsv1.Event) bool {
		return e.Regarding.Kind != "Organisation" && e.Type != corev1.EventTypeWarning
	})
	if len(events) == 0 {
		return
	}
	fmt.Fprintln(out, "\nLatest events:")
	for _, e := range events[max(0, len(events)-eventsShown):] {
		fmt.Fprintf(out, "  %-5s %s %s: %s\n", age(world.Last(e), now), e.Regarding.Kind+"/"+e.Regarding.Name, e.Reason, saying(oneLine(e.Note), ""))
	}
}

// Write prints the tree: names in one column, what there is to say beside them.
func (n Node) Write(out io.Writer, paint Paint) {
	width := n.width(0)
	n.write(out, paint, "", "", width)
}

// width of the column of names, in characters: prefix, mark and name.
func (n Node) width(depth int) int {
	width := 3*depth + 2 + utf8.RuneCountInString(n.Name)
	for _, child := range n.Children {
		width = max(width, child.width(depth+1))
	}
	return width
}

func (n Node) write(out io.Writer, paint Paint, first, rest string, width int) {
	pad := max(0, width-utf8.RuneCountInString(first)-2-utf8.RuneCountInString(n.Name))
	line := paint.as(faint, first) + paint.Mark(n.Mark) + " " + n.Name + strings.Repeat(" ", pad+2) + oneLine(n.Text)
	fmt.Fprintln(out, strings.TrimRight(line, " "))
	for i, child := range n.Children {
		if i == len(n.Children)-1 {
			child.write(out, paint, rest+"└─ ", rest+"   ", width)
			continue
		}
		child.write(out, paint, rest+"├─ ", rest+"│  ", width)
	}
}
