package controllers_test

import (
	"fmt"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/testkit/lane"
	"github.com/glific/organisation-operator/internal/testkit/workloads"
)

// grown are troubles of an Organisation that serves.
var grown = map[string]trouble{
	"its pods are lost and not ready again": {
		v1alpha1.MessagingReady, "False/Unavailable", "Release r1",
		func(w *world, org *v1alpha1.Organisation) { w.losePods(org) },
		func(w *world, _ *v1alpha1.Organisation) { w.Script.Deployment = nil },
	},
	"a new release is on its way": {
		v1alpha1.Ready, "False/Updating", "Release r2",
		func(w *world, org *v1alpha1.Organisation) {
			w.Script.Deployment = func(d *appsv1.Deployment) workloads.Rollout {
				if d.Spec.Template.Labels[v1alpha1.LabelRelease] == "r2" {
					return workloads.Progressing
				}
				return workloads.Available
			}
			edit(func(o *v1alpha1.Organisation) { o.Spec.Release = &v1alpha1.OrganisationRelease{Name: "r2"} })(w, org)
		},
		func(w *world, _ *v1alpha1.Organisation) { w.Script.Deployment = nil },
	},
	"its database is gone": {
		v1alpha1.DatabaseReady, "False/DatabaseLost", "backup",
		func(w *world, org *v1alpha1.Organisation) { w.renameDatabase(w.databaseOf(org), "elsewhere") },
		func(w *world, org *v1alpha1.Organisation) { w.renameDatabase("elsewhere", w.databaseOf(org)) },
	},
	"its namespace goes, and something holds it": {
		v1alpha1.NamespaceReady, "False/NamespaceTerminating", "org-",
		func(w *world, org *v1alpha1.Organisation) {
			w.create(&corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{
				Namespace: names.Namespace(org.Name), Name: "held", Finalizers: []string{"example.org/held"},
			}})
			w.remove(&corev1.Namespace{ObjectMeta: metaNamed(names.Namespace(org.Name))})
		},
		func(w *world, org *v1alpha1.Organisation) {
			held := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: names.Namespace(org.Name), Name: "held"}}
			patch := client.RawPatch("application/merge-patch+json", []byte(`{"metadata":{"finalizers":null}}`))
			if err := w.Admin.Patch(w.t.Context(), held, patch); err != nil {
				w.t.Fatal(err)
			}
		},
	},
	"no certificate covers its host": {
		v1alpha1.RouteReady, "False/CertificatePending", "asha.org",
		func(w *world, org *v1alpha1.Organisation) {
			change(w, "standard", &v1alpha1.OrganisationProfile{}, func(p *v1alpha1.OrganisationProfile) {
				p.Spec.Routing.TLS = &v1alpha1.RoutingTLS{Type: v1alpha1.TLSWildcard}
			})
			edit(func(o *v1alpha1.Organisation) { o.Spec.Hostname = "asha.org" })(w, org)
		},
		func(w *world, _ *v1alpha1.Organisation) {
			change(w, "standard", &v1alpha1.OrganisationProfile{}, func(p *v1alpha1.OrganisationProfile) {
				p.Spec.Routing.TLS = &v1alpha1.RoutingTLS{Type: v1alpha1.TLSNone}
			})
		},
	},
}

// losePods is a node that fails: what was rolled out is not ready any more.
func (w *world) losePods(org *v1alpha1.Organisation) {
	w.t.Helper()
	w.Script.Deployment = func(*appsv1.Deployment) workloads.Rollout { return workloads.Unseen }
	d := w.backend(org.Name)
	d.Status.ReadyReplicas, d.Status.AvailableReplicas, d.Status.UnavailableReplicas = 0, 0, d.Status.Replicas
	for i := range d.Status.Conditions {
		if d.Status.Conditions[i].Type == appsv1.DeploymentAvailable {
			d.Status.Conditions[i].Status = corev1.ConditionFalse
		}
	}
	if err := w.Admin.Status().Update(w.t.Context(), d); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) databaseOf(org *v1alpha1.Organisation) string {
	w.t.Helper()
	return w.org(org.Name).Status.Database.Name
}

func (w *world) renameDatabase(from, to string) {
	w.t.Helper()
	for _, sql := range []string{
		fmt.Sprintf("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s'", from),
		fmt.Sprintf("ALTER DATABASE %q RENAME TO %q", from, to),
	} {
		if err := w.SQL(w.t.Context(), "postgres", sql); err != nil {
			w.t.Fatal(err)
		}
	}
}

func TestEveryTroubleOfAnOrganisationThatServesIsNamedAndCured(t *testing.T) {
	for sentence, trouble := range grown {
		t.Run(sentence, func(t *testing.T) {
			w := newWorld(t, lane.Options{})
			org := lane.Organisation("asha")
			w.create(lane.Release("r2", "2"), org)
			w.settle()
			w.expect("asha", v1alpha1.Ready, "True/Ready")
			trouble.cause(w, org)
			w.settle()
			w.endure(org, trouble)
		})
	}
}

// weak are troubles of a DatabaseServer: what a superuser did to it, and how to undo it.
var weak = map[string]struct {
	condition, want, says string
	cause, cure           string
}{
	"the role may not make databases": {v1alpha1.Ready, "False/ServerUnsuitable", "CREATEDB",
		"ALTER ROLE organisation_operator NOCREATEDB", "ALTER ROLE organisation_operator CREATEDB"},
	"the role may do too much": {v1alpha1.LeastPrivilege, "False/OverPrivileged", "docs/managed-postgres.md",
		"ALTER ROLE organisation_operator CREATEROLE", "ALTER ROLE organisation_operator NOCREATEROLE"},
	"the ledger is not there": {v1alpha1.Ready, "False/LedgerMissing", "bootstrap.sql",
		"ALTER ROLE organisation_operator NOCREATEDB; ALTER DATABASE organisation_operator RENAME TO elsewhere",
		"ALTER ROLE organisation_operator CREATEDB; ALTER DATABASE elsewhere RENAME TO organisation_operator"},
}

func TestEveryTroubleOfADatabaseServerIsNamedAndCured(t *testing.T) {
	for sentence, trouble := range weak {
		t.Run(sentence, func(t *testing.T) {
			w := newWorld(t, lane.Options{})
			w.anew(trouble.cause) // before anything is known of the server
			w.expectServer(trouble.condition, trouble.want, trouble.says)
			w.anew(trouble.cure)
			w.expectServer(trouble.condition, "True/Ready")
			w.create(lane.Organisation("asha"))
			w.settle()
			w.expect("asha", v1alpha1.Ready, "True/Ready")
		})
	}
}

// anew changes the server while no operator is connected.
func (w *world) anew(sql string) {
	w.t.Helper()
	w.op.Stop()
	if err := w.SQL(w.t.Context(), "postgres",
		"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname IN ('organisation_operator', 'elsewhere')", sql); err != nil {
		w.t.Fatal(err)
	}
	w.restart(nil)
	w.settle()
}
