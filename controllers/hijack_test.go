package controllers_test

import (
	"fmt"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/testkit/lane"
)

// identities that something may carry that was there before: another's, none, or one
// that lies about the name.
var identities = map[string]map[string]string{
	"no labels at all": nil,
	"another identity": {
		v1alpha1.LabelManagedBy: v1alpha1.ManagedBy, v1alpha1.LabelOrganisation: "other",
		v1alpha1.LabelIdentity: "11111111-1111-1111-1111-111111111111",
	},
	"the right name and a forged identity": {
		v1alpha1.LabelManagedBy: v1alpha1.ManagedBy, v1alpha1.LabelOrganisation: "asha",
		v1alpha1.LabelIdentity: "22222222-2222-2222-2222-222222222222",
	},
}

// squatters are things that stand where an Organisation's own will stand. Those whose
// name derives from the identity are made after the Organisation, before its first pass.
var squatters = map[string]struct {
	reason string
	made   func(w *world, identity types.UID, labels map[string]string) client.Object
}{
	"namespace": {"NameConflict", func(_ *world, _ types.UID, labels map[string]string) client.Object {
		return &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "org-asha", Labels: labels}}
	}},
	"host claim": {"HostnameTaken", func(_ *world, _ types.UID, labels map[string]string) client.Object {
		return &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: lane.Namespace, Name: names.HostClaim("asha.ngo.example.org"), Labels: labels}}
	}},
	"Secret of keys": {"DatabaseLost", func(_ *world, identity types.UID, labels map[string]string) client.Object {
		return &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: lane.Namespace, Name: names.Keys(string(identity)), Labels: labels}}
	}},
}

func TestNothingIsTakenOverThatDoesNotCarryTheIdentity(t *testing.T) {
	w := newWorld(t, lane.Options{})
	w.settle()
	for kind, squatter := range squatters {
		for sentence, labels := range identities {
			t.Run(kind+" with "+sentence, func(t *testing.T) {
				w.t = t
				org := lane.Organisation("asha")
				w.create(org)
				squatting := squatter.made(w, org.UID, labels)
				w.create(squatting)
				before := squatting.GetResourceVersion()
				w.settle()
				w.expect("asha", v1alpha1.Claimed, "False/"+squatter.reason)
				now := squatting.DeepCopyObject().(client.Object)
				if err := w.Admin.Get(t.Context(), client.ObjectKeyFromObject(squatting), now); err != nil {
					t.Fatal(err)
				}
				if now.GetResourceVersion() != before {
					t.Errorf("%s was written to", kind)
				}
				if n := query[int](w, "organisation_operator", "SELECT count(*) FROM ledger.tenant"); n != 0 {
					t.Errorf("the ledger has %d rows, want none", n)
				}
				w.remove(w.org("asha"))
				w.settle()
				w.gone(&v1alpha1.Organisation{}, "", "asha")
				if err := w.Admin.Get(t.Context(), client.ObjectKeyFromObject(squatting), now); err != nil {
					t.Errorf("%s went with the Organisation that did not own it: %v", kind, err)
				}
				w.remove(squatting)
				w.settle()
			})
		}
	}
}

func TestARoleOrDatabaseOfTheNameIsLeftAlone(t *testing.T) {
	w := newWorld(t, lane.Options{})
	w.settle()
	for kind, statement := range map[string]string{"role": "CREATE ROLE %q", "owner role": "CREATE ROLE \"%s-owner\"", "database": "CREATE DATABASE %q"} {
		t.Run(kind, func(t *testing.T) {
			w.t = t
			org := lane.Organisation("asha")
			w.create(org)
			name := names.Database("asha", string(org.UID), 1)
			if err := w.SQL(t.Context(), "postgres", fmt.Sprintf(statement, name)); err != nil {
				t.Fatal(err)
			}
			w.settle()
			w.expect("asha", v1alpha1.Claimed, "False/NameConflict")
			if n := query[int](w, "organisation_operator", "SELECT count(*) FROM ledger.tenant"); n != 0 {
				t.Errorf("the ledger has %d rows, want none", n)
			}
			w.remove(w.org("asha"))
			w.settle()
			found := query[int](w, "postgres", "SELECT (SELECT count(*) FROM pg_roles WHERE rolname LIKE $1 || '%')::int + (SELECT count(*) FROM pg_database WHERE datname = $1)::int", name)
			if found != 1 {
				t.Errorf("%d roles and databases of the name are left, want the one that was there", found)
			}
		})
	}
}

func TestTwoOrganisationsOneHostInEveryOrder(t *testing.T) {
	w := newWorld(t, lane.Options{})
	for i, order := range [][]string{{"a", "b"}, {"b", "a"}} {
		t.Run(fmt.Sprint(order), func(t *testing.T) {
			w.t = t
			winner, loser := fmt.Sprintf("%s%d", order[0], i), fmt.Sprintf("%s%d", order[1], i)
			for _, name := range []string{winner, loser} {
				org := lane.Organisation(name)
				org.Spec.Hostname = fmt.Sprintf("one%d.example.org", i)
				w.create(org)
				w.settle()
			}
			w.expect(winner, v1alpha1.Ready, "True/Ready")
			w.expect(loser, v1alpha1.Claimed, "False/HostnameTaken")
			w.remove(w.org(loser)) // the loser's end must not touch the winner's data
			w.settle()
			w.expect(winner, v1alpha1.Ready, "True/Ready")
			late := lane.Organisation(loser)
			late.Spec.Hostname = fmt.Sprintf("one%d.example.org", i)
			w.create(late)
			w.settle()
			w.remove(w.org(winner))
			w.settle()
			// The host is free, but the winner's data is retained under it.
			w.expect(loser, v1alpha1.Claimed, "False/RetainedDataFound")
		})
	}
}
