package rollout

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	toolscache "k8s.io/client-go/tools/cache"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/controllers"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/testkit/lane"
)

// witness sees every version of the channel and of every back end, and notes what must
// not be.
type witness struct {
	cache cache.Cache
	// seen counts what was seen of all objects.
	seen atomic.Int64

	mu sync.Mutex
	// budget of each ring; no wave has more in flight.
	budget map[string]int
	// most that were in flight of each ring.
	most map[string]int
	// given are the slots by release and name.
	given map[string]map[string]bool
	// touched are the NGOs whose pods were asked to be of a release.
	touched map[string]map[string]bool
	faults  []string
	// deployed is told of each change of a back end.
	deployed func(ngo, release string)
}

func watch(t *testing.T, l *lane.Lane) *witness {
	t.Helper()
	own := labels.SelectorFromSet(labels.Set{v1alpha1.LabelComponent: names.Backend})
	c, err := cache.New(l.Config, cache.Options{
		Scheme: controllers.Scheme(), ByObject: map[client.Object]cache.ByObject{&appsv1.Deployment{}: {Label: own}},
	})
	if err != nil {
		t.Fatal(err)
	}
	w := &witness{cache: c, most: map[string]int{}, given: map[string]map[string]bool{}, touched: map[string]map[string]bool{}}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan struct{})
	for object, see := range map[client.Object]func(any){
		&v1alpha1.ReleaseChannel{}: func(o any) { w.channelChanged(o.(*v1alpha1.ReleaseChannel)) },
		&appsv1.Deployment{}:       func(o any) { w.backendChanged(o.(*appsv1.Deployment)) },
		&v1alpha1.Organisation{}:   func(any) {},
	} {
		informer, err := c.GetInformer(ctx, object, cache.BlockUntilSynced(false))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := informer.AddEventHandler(toolscache.ResourceEventHandlerFuncs{
			AddFunc: see, UpdateFunc: func(_, o any) { w.seen.Add(1); see(o) },
		}); err != nil {
			t.Fatal(err)
		}
	}
	go func() { defer close(ended); _ = c.Start(ctx) }()
	t.Cleanup(func() { cancel(); <-ended })
	if !c.WaitForCacheSync(ctx) {
		t.Fatal("the witness sees nothing")
	}
	return w
}

func (w *witness) channelChanged(channel *v1alpha1.ReleaseChannel) {
	w.mu.Lock()
	defer w.mu.Unlock()
	flying := map[string]int{}
	for _, slot := range channel.Status.Slots {
		note(w.given, slot.Release, slot.Name)
		flying[ring(slot.Name)]++
	}
	for ring, n := range flying {
		w.most[ring] = max(w.most[ring], n)
		if n > w.budget[ring] {
			w.faults = append(w.faults, fmt.Sprintf("%d of wave %s in flight, with a budget of %d", n, ring, w.budget[ring]))
		}
	}
}

func (w *witness) backendChanged(d *appsv1.Deployment) {
	w.mu.Lock()
	defer w.mu.Unlock()
	name, release := strings.TrimPrefix(d.Namespace, "org-"), d.Spec.Template.Labels[v1alpha1.LabelRelease]
	note(w.touched, release, name)
	if w.deployed != nil {
		w.deployed(name, release)
	}
}

func note(into map[string]map[string]bool, key, name string) {
	if into[key] == nil {
		into[key] = map[string]bool{}
	}
	into[key][name] = true
}

// touchedBy a release are so many of each ring; nobody without a slot.
func (w *world) touchedBy(release string) map[string]int {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	count := map[string]int{}
	for name := range w.touched[release] {
		count[ring(name)]++
		if !w.given[release][name] {
			w.faults = append(w.faults, fmt.Sprintf("%s was touched by Release %s without a slot", name, release))
		}
	}
	return count
}

// blameless reports what must not have been.
func (w *world) blameless() {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, fault := range w.faults {
		w.t.Error(fault)
	}
	w.t.Logf("most in flight at once %v, budgets %v", w.most, w.budget)
}

func (w *world) org(name string) *v1alpha1.Organisation {
	w.t.Helper()
	org := &v1alpha1.Organisation{}
	if err := w.cache.Get(w.t.Context(), client.ObjectKey{Name: name}, org); err != nil {
		w.t.Fatal(err)
	}
	return org
}

func (w *world) orgs() []v1alpha1.Organisation {
	w.t.Helper()
	var list v1alpha1.OrganisationList
	if err := w.cache.List(w.t.Context(), &list); err != nil {
		w.t.Fatal(err)
	}
	slices.SortFunc(list.Items, func(a, b v1alpha1.Organisation) int { return strings.Compare(a.Name, b.Name) })
	return list.Items
}

func (w *world) channel() *v1alpha1.ReleaseChannel {
	w.t.Helper()
	channel := &v1alpha1.ReleaseChannel{}
	if err := w.cache.Get(w.t.Context(), client.ObjectKey{Name: "stable"}, channel); err != nil {
		w.t.Fatal(err)
	}
	return channel
}

// says is a condition: "True/Ready".
func says(conditions []metav1.Condition, kind string) string {
	if c := meta.FindStatusCondition(conditions, kind); c != nil {
		return string(c.Status) + "/" + c.Reason
	}
	return "absent"
}

// verdict of the channel.
func (w *world) verdict() string { return says(w.channel().Status.Conditions, v1alpha1.Ready) }

// tell is how everybody stands who is not just Ready, for people.
func (w *world) tell() string {
	var b strings.Builder
	s := w.channel().Status
	fmt.Fprintf(&b, "stable %s, wave %s, %+v, slots %v: %s\n", w.verdict(), s.Wave, s.Counts, s.Slots, s.NextStep)
	for _, org := range w.orgs() {
		u := org.Status.Update
		if says(org.Status.Conditions, v1alpha1.Ready) == "True/Ready" || b.Len() > 8000 {
			continue
		}
		fmt.Fprintf(&b, "%s %+v", org.Name, org.Status.Release)
		if u != nil {
			fmt.Fprintf(&b, " %s %s %s %s: %s", u.Answer, u.Stage, u.Outcome, u.Reason, u.Message)
		}
		for _, c := range org.Status.Conditions {
			if c.Status != "True" {
				fmt.Fprintf(&b, "\n    %s=%s %s: %s", c.Type, c.Status, c.Reason, c.Message)
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}
