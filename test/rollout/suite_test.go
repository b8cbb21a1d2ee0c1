// Package rollout ships releases to two hundred Organisations on a real API server, with
// Kubernetes' own controllers, simulated nodes and a real PostgreSQL; the operator runs
// with caches and all, as main runs it. Time is stepped: it moves when everybody who is
// being updated waits for nothing else, so that no outcome hangs on how quick a machine is.
package rollout

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-logr/logr"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/klog/v2"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/probe"
	"github.com/glific/organisation-operator/internal/testkit/crash"
	"github.com/glific/organisation-operator/internal/testkit/lane"
	"github.com/glific/organisation-operator/internal/testkit/portal"
)

func TestMain(m *testing.M) {
	log.SetLogger(logr.Discard())
	klog.LogToStderr(false)
	klog.SetOutput(io.Discard) // watches of an operator that was killed
	os.Exit(m.Run())
}

// ngos is the size of the fleet; ROLLOUT_NGOS makes it another, of 60 or more.
var ngos = size()

func size() int {
	if n, err := strconv.Atoi(os.Getenv("ROLLOUT_NGOS")); err == nil {
		return n
	}
	return 200
}

const (
	// connections of each, and 3 of the operator's.
	connections = 15
	// patience bounds every wait. It decides only how soon a broken operator is noticed.
	patience = 8 * time.Minute
	glance   = 100 * time.Millisecond
)

// world is a furnished lane with a fleet, and one operator after the other.
type world struct {
	*lane.Lane
	*witness
	t      *testing.T
	portal *portal.Portal

	// failing is the NGO at which a release fails: it waits for time in other stages.
	failing string
	// stepped is when time last moved by a whole stride.
	stepped time.Time
	// moved is when time last moved at all, by the real clock.
	moved   time.Time
	silence silence

	*process
}

// process is the operator: one life after the other.
type process struct {
	operator *lane.Manager
	life     *crash.Life
	// lives tells, for each next one, at which write it ends; the last is not ended.
	lives []crash.Fault
	kills int
}

func newWorld(t *testing.T) *world {
	t.Helper()
	l, err := lane.Start(t.Context(), lane.Options{Nodes: 4, MaxConnections: ngos*(connections+3) + 100})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{Lane: l, t: t, stepped: l.Clock.Now(), process: &process{}}
	t.Cleanup(func() {
		w.end()
		w.spent()
		if err := l.Stop(); err != nil {
			t.Errorf("stopping the lane: %v", err)
		}
	})
	if err := l.Furnish(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.witness = watch(t, l)
	w.furnish()
	w.begin()
	return w
}

// in is the world of a part of a test.
func (w *world) in(t *testing.T) *world {
	part := *w
	part.t = t
	return &part
}

// furnish opens the portal behind all hosts, and lets everybody follow the channel.
func (w *world) furnish() {
	w.t.Helper()
	var hosts []string
	for i := range ngos {
		hosts = append(hosts, host(ngo(i)))
	}
	const aYear = 365 * 24 * time.Hour
	p, err := portal.Start(w.Clock.Now().Add(10*aYear), hosts...)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(p.Stop)
	w.portal = p
	w.create(&corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: lane.Namespace, Name: "platform-ca"}, Data: map[string][]byte{"ca.crt": p.CA},
	})
	change(w, "standard", &v1alpha1.OrganisationProfile{}, func(o *v1alpha1.OrganisationProfile) {
		o.Spec.Release = &v1alpha1.ReleaseReference{Channel: "stable"}
		o.Spec.Routing.Probe = &v1alpha1.RoutingProbe{Address: p.Address, CA: &v1alpha1.SecretReference{Name: "platform-ca"}}
	})
}

// begin starts the next life of the operator.
func (w *world) begin() {
	w.t.Helper()
	fault := crash.Fault{}
	if len(w.lives) > 0 {
		fault, w.lives = w.lives[0], w.lives[1:]
	}
	w.life = crash.NewLife(fault)
	var err error
	if w.operator, err = w.SteppedManager(context.WithoutCancel(w.t.Context()), w.life); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) end() {
	if w.operator != nil {
		w.life.Kill()
		_ = w.operator.Stop() // what a killed one says is no news
		w.operator = nil
	}
}

// killIn lets the operator be killed once for each fault.
func (w *world) killIn(faults []crash.Fault) {
	w.end()
	w.lives, w.kills = faults, 0
	w.begin()
}

// revive begins another life where one has ended.
func (w *world) revive() {
	select {
	case <-w.life.Dead():
		write, _ := w.life.Struck()
		w.kills++
		w.t.Logf("kill %d, write %d: %s", w.kills, len(w.life.Writes()), write)
		w.end()
		w.begin()
	default:
	}
}

// live lets the world go on until it is as wanted.
func (w *world) live(what string, is func() bool) { w.t.Helper(); w.await(false, what, is) }

// stay is live while time stands.
func (w *world) stay(what string, is func() bool) { w.t.Helper(); w.await(true, what, is) }

func (w *world) await(still bool, what string, is func() bool) {
	w.t.Helper()
	began := time.Now()
	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	defer cancel()
	ticker := time.NewTicker(glance)
	defer ticker.Stop()
	for {
		w.revive()
		idle := !still && w.waitsForTime() // asked first: what is() waits for may be just this moment
		if is() {
			break
		}
		switch {
		case idle:
			if d := w.pace(); d > 0 {
				w.step(d)
			}
		case !still && w.silent():
			w.step(probe.Again + time.Second)
		}
		select {
		case <-ctx.Done():
			w.t.Fatalf("%s: not within %s\n%s", what, patience, w.tell())
		case <-ticker.C:
		}
	}
	w.t.Logf("%-70s %5.1f s", what, time.Since(began).Seconds())
}

func (w *world) create(objects ...client.Object) {
	w.t.Helper()
	for _, object := range objects {
		if err := w.Admin.Create(w.t.Context(), object); err != nil {
			w.t.Fatalf("creating %T %s: %v", object, object.GetName(), err)
		}
	}
}

// change edits an object as a person would.
func change[T client.Object](w *world, name string, into T, edit func(T)) {
	w.t.Helper()
	if err := w.Admin.Get(w.t.Context(), client.ObjectKey{Namespace: into.GetNamespace(), Name: name}, into); err != nil {
		w.t.Fatalf("reading %T %s: %v", into, name, err)
	}
	before := into.DeepCopyObject().(T)
	edit(into)
	if err := w.Admin.Patch(w.t.Context(), into, client.MergeFrom(before)); err != nil {
		w.t.Fatalf("changing %T %s: %v", into, name, err)
	}
}

func ngo(i int) string { return fmt.Sprintf("ngo-%03d", i+1) }

func host(ngo string) string { return ngo + ".ngo.example.org" }

// spent tells what each program took of the processors.
func (w *world) spent() {
	pids := w.ControlPlane.PIDs()
	pids["operator and test"] = os.Getpid()
	for _, program := range slices.Sorted(maps.Keys(pids)) {
		w.t.Logf("%-24s %6.1f CPU-s", program, processorTime(pids[program]))
	}
}

// processorTime of a process in seconds, from proc(5); 0 where there is none.
func processorTime(pid int) float64 {
	content, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)) // only Linux has it
	fields := strings.Fields(string(content[bytes.LastIndexByte(content, ')')+1:]))
	if len(fields) < 13 {
		return 0
	}
	const ticks = 100 // USER_HZ
	user, _ := strconv.ParseFloat(fields[11], 64)
	system, _ := strconv.ParseFloat(fields[12], 64)
	return (user + system) / ticks
}

func named(name string) metav1.ObjectMeta { return metav1.ObjectMeta{Name: name} }
