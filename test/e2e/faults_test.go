package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/test/e2e/platform"
)

// kubectl that must succeed.
func (n ngo) kubectl(args ...string) string {
	n.t.Helper()
	out, err := n.p.Kubectl(n.ctx(), nil, args...)
	if err != nil {
		n.t.Fatal(err)
	}
	return out
}

// read the NGO as it is now.
func (n ngo) read() *v1alpha1.Organisation {
	n.t.Helper()
	org := &v1alpha1.Organisation{}
	if err := n.p.Client.Get(n.ctx(), client.ObjectKey{Name: n.name}, org); err != nil {
		n.t.Fatal(err)
	}
	return org
}

// look asks the operator to look at the NGO now, hosts and login included.
func (n ngo) look() {
	n.t.Helper()
	n.annotate(v1alpha1.AnnotationReconcileAt, time.Now().UTC().Format(time.RFC3339Nano))
}

// annotate the NGO; an empty value removes the annotation.
func (n ngo) annotate(key, value string) {
	n.t.Helper()
	n.edit(func(o *v1alpha1.Organisation) {
		metav1.SetMetaDataAnnotation(&o.ObjectMeta, key, value)
		if value == "" {
			delete(o.Annotations, key)
		}
	})
}

// becomes status/reason at most so long from now; it tells how long that took.
func (n ngo) becomes(condition, want string, atMost time.Duration) *v1alpha1.Organisation {
	n.t.Helper()
	began := time.Now()
	org, err := n.p.Await(n.ctx(), n.name, condition, want, atMost)
	if err != nil {
		n.t.Fatal(err)
	}
	c := meta.FindStatusCondition(org.Status.Conditions, condition)
	n.t.Logf("%5.1f s: %s of %s is %s/%s: %s", time.Since(began).Seconds(), condition, n.name, c.Status, c.Reason, c.Message)
	return org
}

// operators are the operator's pods.
func (n ngo) operators() []corev1.Pod {
	n.t.Helper()
	var list corev1.PodList
	err := n.p.Client.List(n.ctx(), &list, client.InNamespace(platform.OperatorNamespace),
		client.MatchingLabels{"app.kubernetes.io/name": "organisation-operator"})
	if err != nil {
		n.t.Fatal(err)
	}
	return list.Items
}

// killOperators ends every pod of the operator at once, without a word.
func (n ngo) killOperators(when string) {
	n.t.Helper()
	for _, pod := range n.operators() {
		if err := n.p.Client.Delete(n.ctx(), &pod, client.GracePeriodSeconds(0)); client.IgnoreNotFound(err) != nil {
			n.t.Fatal(err)
		}
	}
	n.t.Logf("%s: every pod of the operator is killed", when)
}

// untouched says that pods and their containers are those of before.
func (n ngo) untouched(stood string) {
	n.t.Helper()
	if now := n.standing(); now != stood {
		n.t.Errorf("pods or restarts changed:\n%s\nbefore:\n%s", now, stood)
	}
}

// diary is what conditions said, each once, in the order in which they said it.
type diary struct {
	began time.Time
	lines []string
	last  map[string]string
}

func newDiary() *diary { return &diary{began: time.Now(), last: map[string]string{}} }

func (d *diary) note(of string, conditions []metav1.Condition, types ...string) {
	for _, kind := range types {
		said := "removed"
		if c := meta.FindStatusCondition(conditions, kind); c != nil {
			said = fmt.Sprintf("%s/%s", c.Status, c.Reason)
		}
		if key := of + " " + kind; d.last[key] != said {
			d.last[key] = said
			d.lines = append(d.lines, fmt.Sprintf("%5.1f s  %s %s", time.Since(d.began).Seconds(), key, said))
		}
	}
}

func (d *diary) String() string { return strings.Join(d.lines, "\n") }

// says tells whether a condition was ever so.
func (d *diary) says(of, condition, want string) bool {
	for _, line := range d.lines {
		if strings.HasSuffix(line, of+" "+condition+" "+want) {
			return true
		}
	}
	return false
}

// stands tells what a condition said last.
func (d *diary) stands(of, condition, want string) bool { return d.last[of+" "+condition] == want }

// must have said all of these.
func (d *diary) must(t *testing.T, of string, wants map[string]string) {
	t.Helper()
	t.Logf("what status said:\n%s", d)
	for condition, want := range wants {
		if !d.says(of, condition, want) {
			t.Errorf("%s of %s never was %s", condition, of, want)
		}
	}
}
