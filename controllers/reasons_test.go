package controllers_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/names"
	"github.com/glific/organisation-operator/internal/testkit/lane"
	"github.com/glific/organisation-operator/internal/testkit/workloads"
)

// trouble is a reason for which an Organisation is not Ready, how it comes about, and
// what cures it. Before the cure the condition must name the reason.
type trouble struct {
	condition, want string
	// says is what the message must contain: the object, or the field.
	says  string
	cause func(*world, *v1alpha1.Organisation)
	cure  func(*world, *v1alpha1.Organisation)
}

func edit(f func(*v1alpha1.Organisation)) func(*world, *v1alpha1.Organisation) {
	return func(w *world, org *v1alpha1.Organisation) { change(w, org.Name, &v1alpha1.Organisation{}, f) }
}

// birth are troubles that an Organisation is born into.
var birth = map[string]trouble{
	"the profile does not exist": {
		v1alpha1.Claimed, "False/ProfileNotFound", "OrganisationProfile \"later\"",
		func(_ *world, org *v1alpha1.Organisation) { org.Spec.Profile = "later" },
		func(w *world, _ *v1alpha1.Organisation) { w.create(lane.Profile("later", "r1")) },
	},
	"the Release does not exist": {
		v1alpha1.SecretsReady, "False/ReleaseNotFound", "Release \"r9\"",
		func(_ *world, org *v1alpha1.Organisation) {
			org.Spec.Release = &v1alpha1.OrganisationRelease{Name: "r9"}
		},
		func(w *world, _ *v1alpha1.Organisation) { w.create(lane.Release("r9", "9")) },
	},
	"the size is not offered": {
		v1alpha1.Claimed, "False/InvalidSpec", "spec.size",
		func(_ *world, org *v1alpha1.Organisation) { org.Spec.Size = "gigantic" },
		edit(func(o *v1alpha1.Organisation) { o.Spec.Size = "medium" }),
	},
	"the host is the platform's own": {
		v1alpha1.Claimed, "False/InvalidSpec", "ngo.example.org",
		func(_ *world, org *v1alpha1.Organisation) { org.Spec.Hostname = "ngo.example.org" },
		edit(func(o *v1alpha1.Organisation) { o.Spec.Hostname = "chat.ngo.example.org" }),
	},
	"the profile hands on the credentials of a server": {
		v1alpha1.Claimed, "False/InvalidSpec", "credentials of DatabaseServer",
		func(w *world, org *v1alpha1.Organisation) {
			open := lane.Profile("open", "r1")
			open.Spec.EnvFrom = []v1alpha1.EnvSource{{SecretRef: v1alpha1.SecretReference{Name: "shared-1-admin"}}}
			w.create(open)
			org.Spec.Profile = "open"
		},
		edit(func(o *v1alpha1.Organisation) { o.Spec.Profile = "standard" }),
	},
	"no server matches": {
		v1alpha1.Claimed, "False/NoServer", "serverSelector",
		func(_ *world, org *v1alpha1.Organisation) {
			org.Spec.Database = &v1alpha1.DatabaseSpec{ServerSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"tier": "gold"}}}
		},
		edit(func(o *v1alpha1.Organisation) { o.Spec.Database = nil }),
	},
	"the server has too few connections": {
		v1alpha1.Claimed, "False/ConnectionBudgetExceeded", "max_connections",
		func(_ *world, org *v1alpha1.Organisation) {
			org.Spec.Database = &v1alpha1.DatabaseSpec{ConnectionLimit: 1000}
		},
		edit(func(o *v1alpha1.Organisation) { o.Spec.Database.ConnectionLimit = 20 }),
	},
	"the limit is too small for the replicas": {
		v1alpha1.SecretsReady, "False/ConnectionBudgetExceeded", "spec.database.connectionLimit",
		func(_ *world, org *v1alpha1.Organisation) { org.Spec.Messaging = &v1alpha1.MessagingSpec{Replicas: 9} },
		edit(func(o *v1alpha1.Organisation) { o.Spec.Messaging.Replicas = 1 }),
	},
	"a Secret of its own is missing": {
		v1alpha1.SecretsReady, "False/SecretNotFound", "own.gupshup",
		func(_ *world, org *v1alpha1.Organisation) { org.Spec.Messaging = ownSecret() },
		func(w *world, org *v1alpha1.Organisation) {
			w.create(secretNamed(names.SourceSecret(org.Name, "own.gupshup"), "DISCORD_WEBHOOK_URL", "x"))
		},
	},
	"a Secret brings a reserved key": {
		v1alpha1.SecretsReady, "False/ReservedKey", "CIPHER_KEY",
		func(w *world, org *v1alpha1.Organisation) {
			org.Spec.Messaging = ownSecret()
			w.create(secretNamed(names.SourceSecret(org.Name, "own.gupshup"), "CIPHER_KEY", "x"))
		},
		edit(func(o *v1alpha1.Organisation) { o.Spec.Messaging = nil }),
	},
	"a required key is malformed": {
		v1alpha1.SecretsReady, "False/ConfigIncomplete", "GUPSHUP_WEBHOOK_IPS",
		func(_ *world, org *v1alpha1.Organisation) {
			org.Spec.Messaging = &v1alpha1.MessagingSpec{Env: []v1alpha1.EnvVar{{Name: "GUPSHUP_WEBHOOK_IPS", Value: new("192.0.2.10/24")}}}
		},
		edit(func(o *v1alpha1.Organisation) { o.Spec.Messaging = nil }),
	},
	"a namespace of its name exists": {
		v1alpha1.Claimed, "False/NameConflict", "Namespace org-",
		func(w *world, org *v1alpha1.Organisation) {
			w.create(&corev1.Namespace{ObjectMeta: metaNamed("org-" + org.Name)})
		},
		func(w *world, org *v1alpha1.Organisation) {
			w.remove(&corev1.Namespace{ObjectMeta: metaNamed("org-" + org.Name)})
		},
	},
	"its host is claimed by somebody unknown": {
		v1alpha1.Claimed, "False/HostnameTaken", ".ngo.example.org",
		func(w *world, org *v1alpha1.Organisation) {
			w.create(&corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: lane.Namespace, Name: names.HostClaim(org.Name + ".ngo.example.org")}})
		},
		func(w *world, org *v1alpha1.Organisation) {
			w.remove(&corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: lane.Namespace, Name: names.HostClaim(org.Name + ".ngo.example.org")}})
		},
	},
	"the bootstrap fails": {
		v1alpha1.AdminBootstrapped, "False/BootstrapFailed", "retry-at",
		func(w *world, org *v1alpha1.Organisation) { w.failJobs(org, "bootstrap") },
		func(w *world, org *v1alpha1.Organisation) { w.retry(org) },
	},
	"the admin password is not replaced": {
		v1alpha1.AdminBootstrapped, "False/AdminPasswordFailed", "retry-at",
		func(w *world, org *v1alpha1.Organisation) { w.failJobs(org, "admin-password") },
		func(w *world, org *v1alpha1.Organisation) { w.retry(org) },
	},
	"its pods never become ready": {
		v1alpha1.MessagingReady, "False/NeverHealthy", "Release r1",
		func(w *world, org *v1alpha1.Organisation) {
			w.Script.Deployment = func(d *appsv1.Deployment) workloads.Rollout {
				if d.Namespace == "org-"+org.Name {
					return workloads.DeadlineExceeded
				}
				return workloads.Available
			}
		},
		func(w *world, _ *v1alpha1.Organisation) { w.Script.Deployment = nil },
	},
}

func ownSecret() *v1alpha1.MessagingSpec {
	return &v1alpha1.MessagingSpec{EnvFrom: []v1alpha1.EnvSource{{SecretRef: v1alpha1.SecretReference{Name: "own.gupshup"}}}}
}

func secretNamed(name, key, value string) *corev1.Secret {
	return &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: lane.Namespace, Name: name}, StringData: map[string]string{key: value}}
}

func (w *world) failJobs(org *v1alpha1.Organisation, kind string) {
	w.Script.Job = func(job *batchv1.Job) workloads.Ending {
		if job.Namespace == "org-"+org.Name && job.Labels[v1alpha1.LabelComponent] == kind {
			return workloads.Fails
		}
		return workloads.Succeeds
	}
}

func (w *world) retry(org *v1alpha1.Organisation) {
	w.Script.Job = nil
	w.annotate(org.Name, v1alpha1.AnnotationRetryAt, "2026-11-24T10:00:00Z")
}

// together is how many young Organisations share a world: each is passed over whenever
// another one is.
const together = 4

func TestEveryTroubleOfAYoungOrganisationIsNamedAndCured(t *testing.T) {
	for sentences := range slices.Chunk(slices.Sorted(maps.Keys(birth)), together) {
		t.Run("", func(t *testing.T) {
			w := newWorld(t, lane.Options{})
			for i, sentence := range sentences {
				t.Run(sentence, func(t *testing.T) {
					w.t = t
					org := lane.Organisation(fmt.Sprintf("ngo%d", i))
					birth[sentence].cause(w, org)
					w.create(org)
					w.settle()
					w.endure(org, birth[sentence])
				})
			}
		})
	}
}

// endure finds a trouble named, waits with it, cures it and sees Ready.
func (w *world) endure(org *v1alpha1.Organisation, trouble trouble) {
	w.t.Helper()
	w.expectTrouble(org.Name, trouble)
	if again := w.writes(func() { w.op.Pass(w.t.Context()) }); len(again) > 0 {
		w.t.Errorf("while it waits, a pass wrote %v", again)
	}
	trouble.cure(w, org)
	w.settle()
	w.expect(org.Name, v1alpha1.Ready, "True/Ready")
}

func (w *world) expectTrouble(name string, trouble trouble) {
	w.t.Helper()
	w.expect(name, trouble.condition, trouble.want)
	org := w.org(name)
	ready := meta.FindStatusCondition(org.Status.Conditions, v1alpha1.Ready)
	if ready == nil || ready.Status == metav1.ConditionTrue || !strings.Contains(ready.Message, trouble.says) {
		w.t.Errorf("Ready does not say %q:\n%s", trouble.says, describe(org))
	}
}

func TestAFailedMigrationLeavesWhatServesRepairedScaledAndSuspended(t *testing.T) {
	w := newWorld(t, lane.Options{})
	w.create(lane.Release("r2", "2"), lane.Organisation("asha"))
	w.settle()
	image := w.backend("asha").Spec.Template.Spec.Containers[0].Image
	w.failJobs(lane.Organisation("asha"), "migration")
	change(w, "asha", &v1alpha1.Organisation{}, func(o *v1alpha1.Organisation) { o.Spec.Release = &v1alpha1.OrganisationRelease{Name: "r2"} })
	w.settle()
	w.expect("asha", v1alpha1.Migrated, "False/MigrationFailed")
	w.expect("asha", v1alpha1.Ready, "False/MigrationFailed")
	w.expect("asha", v1alpha1.Stalled, "True/MigrationFailed")
	w.expect("asha", v1alpha1.Available, "True/Ready")

	w.remove(w.backend("asha"))
	change(w, "asha", &v1alpha1.Organisation{}, func(o *v1alpha1.Organisation) { o.Spec.Messaging = &v1alpha1.MessagingSpec{Replicas: 2} })
	w.settle()
	backend := w.backend("asha")
	if backend.Spec.Template.Spec.Containers[0].Image != image || *backend.Spec.Replicas != 2 {
		t.Errorf("the old release must be repaired and scaled: image %s, replicas %d", backend.Spec.Template.Spec.Containers[0].Image, *backend.Spec.Replicas)
	}
	change(w, "asha", &v1alpha1.Organisation{}, func(o *v1alpha1.Organisation) { o.Spec.Power = v1alpha1.PowerSuspended })
	w.settle()
	if *w.backend("asha").Spec.Replicas != 0 {
		t.Error("it must be suspended while its migration has failed")
	}
	change(w, "asha", &v1alpha1.Organisation{}, func(o *v1alpha1.Organisation) { o.Spec.Power = v1alpha1.PowerRunning })
	w.settle()
	w.retry(w.org("asha"))
	w.settle()
	w.expect("asha", v1alpha1.Ready, "True/Ready")
	if got := w.backend("asha").Spec.Template.Spec.Containers[0].Image; got == image {
		t.Error("the new release does not serve after the retry")
	}
}

func TestAnUnreachableServerRollsNothingBackAndStopsNoRepair(t *testing.T) {
	w := newWorld(t, lane.Options{})
	w.create(lane.Organisation("asha"))
	w.settle()
	w.Proxy.Refuse(true)
	w.remove(w.backend("asha"))
	change(w, "asha", &v1alpha1.Organisation{}, func(o *v1alpha1.Organisation) { o.Spec.Messaging = &v1alpha1.MessagingSpec{Replicas: 2} })
	w.settle()
	w.expect("asha", v1alpha1.Ready, "Unknown/ServerUnreachable")
	w.expect("asha", v1alpha1.Available, "Unknown/ServerUnreachable")
	w.expect("asha", v1alpha1.UpToDate, "True/Ready")
	if got := *w.backend("asha").Spec.Replicas; got != 2 {
		t.Errorf("while the server is down %d replicas are wanted, want 2", got)
	}
	change(w, "asha", &v1alpha1.Organisation{}, func(o *v1alpha1.Organisation) { o.Spec.Power = v1alpha1.PowerSuspended })
	w.settle()
	if got := *w.backend("asha").Spec.Replicas; got != 0 {
		t.Errorf("suspended while the server is down, and %d replicas are wanted", got)
	}
	change(w, "asha", &v1alpha1.Organisation{}, func(o *v1alpha1.Organisation) { o.Spec.Power = v1alpha1.PowerRunning })
	w.Proxy.Refuse(false)
	w.step(2 * time.Minute)
	w.settle()
	w.expect("asha", v1alpha1.Ready, "True/Ready")
}

func TestAnOrganisationDeletedWhileTheServerIsDownIsRetiredWhenItIsBack(t *testing.T) {
	w := newWorld(t, lane.Options{})
	w.create(lane.Organisation("asha"))
	w.settle()
	org := w.org("asha")
	w.Proxy.Refuse(true)
	w.remove(org)
	w.settle()
	w.gone(&v1alpha1.Organisation{}, "", "asha")
	w.gone(&corev1.Namespace{}, "", "org-asha")
	w.Proxy.Refuse(false)
	w.step(2 * time.Minute)
	w.settle()
	if canLogin(w, org.Status.Database.Name) {
		t.Error("the login is still on")
	}
	if state := query[string](w, "organisation_operator", "SELECT state FROM ledger.tenant"); state != "retained" {
		t.Errorf("the row is %s, want retained", state)
	}
}

func TestLostAndChangedKeysStallAndAreNeverReplaced(t *testing.T) {
	w := newWorld(t, lane.Options{})
	w.create(lane.Organisation("asha"))
	w.settle()
	identity := w.org("asha").Status.Identity
	keys := w.keys(identity)

	w.remove(keys)
	w.settle()
	w.expect("asha", v1alpha1.Ready, "False/KeyLost")
	w.expect("asha", v1alpha1.Available, "True/Ready")
	w.gone(&corev1.Secret{}, lane.Namespace, keys.Name)

	wrong := restored(keys)
	wrong.Data["cipher-key"] = []byte("QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=")
	w.create(wrong)
	w.settle()
	w.expect("asha", v1alpha1.Ready, "False/KeyMismatch")

	w.remove(wrong)
	w.create(restored(keys))
	w.settle()
	w.expect("asha", v1alpha1.Ready, "True/Ready")
}

// restored is a Secret as a backup brings it back.
func restored(s *corev1.Secret) *corev1.Secret {
	c := s.DeepCopy()
	c.ObjectMeta = metav1.ObjectMeta{Name: s.Name, Namespace: s.Namespace, Labels: s.Labels}
	return c
}

func TestALostProjectionIsRebuiltFromTheMaster(t *testing.T) {
	w := newWorld(t, lane.Options{})
	w.create(lane.Organisation("asha"))
	w.settle()
	var secrets corev1.SecretList
	if err := w.Admin.List(t.Context(), &secrets, client.InNamespace("org-asha")); err != nil {
		t.Fatal(err)
	}
	for i := range secrets.Items {
		w.remove(&secrets.Items[i])
	}
	generation := w.backend("asha").Generation
	w.settle()
	for _, before := range secrets.Items {
		after := &corev1.Secret{}
		if err := w.Admin.Get(t.Context(), client.ObjectKeyFromObject(&before), after); err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(after.Data) != fmt.Sprint(before.Data) {
			t.Errorf("Secret %s came back with other values", before.Name)
		}
	}
	if w.backend("asha").Generation != generation {
		t.Error("the pods were rolled")
	}
}

func TestSecretsWhoseLabelsAreLostAreMadeAnewOnce(t *testing.T) {
	w := newWorld(t, lane.Options{})
	w.create(lane.Organisation("asha"))
	w.settle()
	var secrets corev1.SecretList
	if err := w.Admin.List(t.Context(), &secrets, client.InNamespace("org-asha")); err != nil {
		t.Fatal(err)
	}
	for i := range secrets.Items {
		stripped := secrets.Items[i].DeepCopy()
		stripped.Labels = nil
		if err := w.Admin.Patch(t.Context(), stripped, client.MergeFrom(&secrets.Items[i])); err != nil {
			t.Fatal(err)
		}
	}
	generation := w.backend("asha").Generation
	w.settle()
	w.expect("asha", v1alpha1.Ready, "True/Ready")
	if again := w.writes(func() { w.op.Pass(t.Context()) }); len(again) > 0 {
		t.Errorf("a pass over what was mended wrote %v", again)
	}
	if w.backend("asha").Generation != generation {
		t.Error("the pods were rolled")
	}
	for _, before := range secrets.Items {
		after := &corev1.Secret{}
		if err := w.Admin.Get(t.Context(), client.ObjectKeyFromObject(&before), after); err != nil || fmt.Sprint(after.Data) != fmt.Sprint(before.Data) {
			t.Errorf("Secret %s came back with other values: %v", before.Name, err)
		}
	}
}
