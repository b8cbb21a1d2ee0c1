package controllers_test

import (
	"slices"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/internal/testkit/lane"
)

func env(w *world, org, name string) string {
	w.t.Helper()
	for _, e := range w.backend(org).Spec.Template.Spec.Containers[0].Env {
		if e.Name == name {
			return e.Value
		}
	}
	return ""
}

func TestAChangeOfTheProfileWaitsForARestartAndAnOwnChangeDoesNot(t *testing.T) {
	w := newWorld(t, lane.Options{})
	w.create(lane.Organisation("asha"), lane.Organisation("sneha"))
	w.settle()
	generation := w.backend("asha").Generation

	change(w, "standard", &v1alpha1.OrganisationProfile{}, func(p *v1alpha1.OrganisationProfile) {
		p.Spec.Env = []v1alpha1.EnvVar{{Name: "GCS_FILE_COUNT", Value: new("7")}}
	})
	w.settle()
	for _, name := range []string{"asha", "sneha"} {
		w.expect(name, v1alpha1.Ready, "True/Ready")
		w.expect(name, v1alpha1.UpToDate, "False/ChangePending")
	}
	if w.backend("asha").Generation != generation || !slices.Equal(w.org("asha").Status.PendingChanges, []string{"Profile"}) {
		t.Errorf("a profile's change must wait, pending: %v", w.org("asha").Status.PendingChanges)
	}

	w.annotate("asha", v1alpha1.AnnotationRestartAt, "2026-11-24T10:00:00Z")
	w.settle()
	w.expect("asha", v1alpha1.UpToDate, "True/Ready")
	w.expect("sneha", v1alpha1.UpToDate, "False/ChangePending")
	if got := env(w, "asha", "GCS_FILE_COUNT"); got != "7" {
		t.Errorf("after the restart GCS_FILE_COUNT is %q, want 7", got)
	}
	if got := env(w, "sneha", "GCS_FILE_COUNT"); got != "" {
		t.Errorf("sneha was not restarted, and has GCS_FILE_COUNT=%q", got)
	}

	change(w, "sneha", &v1alpha1.Organisation{}, func(o *v1alpha1.Organisation) {
		o.Spec.Messaging = &v1alpha1.MessagingSpec{Env: []v1alpha1.EnvVar{{Name: "BROADCAST_CONTACT_COUNT", Value: new("50")}}}
	})
	w.settle()
	w.expect("sneha", v1alpha1.UpToDate, "True/Ready")
	if env(w, "sneha", "BROADCAST_CONTACT_COUNT") != "50" || env(w, "sneha", "GCS_FILE_COUNT") != "7" {
		t.Error("an own change is put in force at once, and what waited travels with it")
	}
}

func TestAChangedSharedSecretWaitsAndRunningPodsKeepTheirValues(t *testing.T) {
	w := newWorld(t, lane.Options{})
	w.create(lane.Organisation("asha"))
	w.settle()
	used := w.backend("asha").Spec.Template.Spec.Containers[0].EnvFrom[0].SecretRef.Name

	shared := &corev1.Secret{}
	if err := w.Admin.Get(t.Context(), client.ObjectKey{Namespace: lane.Namespace, Name: "shared-providers"}, shared); err != nil {
		t.Fatal(err)
	}
	shared.Data["STRIPE_API_KEY"] = []byte("rotated")
	if err := w.Admin.Update(t.Context(), shared); err != nil {
		t.Fatal(err)
	}
	w.settle()
	w.expect("asha", v1alpha1.UpToDate, "False/ChangePending")
	kept := &corev1.Secret{}
	if err := w.Admin.Get(t.Context(), client.ObjectKey{Namespace: "org-asha", Name: used}, kept); err != nil {
		t.Fatalf("the Secret of the running pods is gone: %v", err)
	}
	if string(kept.Data["STRIPE_API_KEY"]) != "dummy" {
		t.Error("the Secret of the running pods changed")
	}
	w.annotate("asha", v1alpha1.AnnotationRestartAt, "2026-11-24T10:00:00Z")
	w.settle()
	w.expect("asha", v1alpha1.UpToDate, "True/Ready")
	if now := w.backend("asha").Spec.Template.Spec.Containers[0].EnvFrom[0].SecretRef.Name; now == used {
		t.Error("after the restart the pods still take the old Secret")
	}
}

func TestAPinnedReleaseIsServedAtOnceAndADefaultOneWaits(t *testing.T) {
	w := newWorld(t, lane.Options{})
	w.create(lane.Release("r2", "2"), lane.Organisation("asha"), lane.Organisation("sneha"))
	w.settle()
	change(w, "standard", &v1alpha1.OrganisationProfile{}, func(p *v1alpha1.OrganisationProfile) { p.Spec.Release.Name = "r2" })
	change(w, "sneha", &v1alpha1.Organisation{}, func(o *v1alpha1.Organisation) { o.Spec.Release = &v1alpha1.OrganisationRelease{Name: "r2"} })
	w.settle()
	w.expect("asha", v1alpha1.UpToDate, "False/ChangePending")
	if serving := w.org("asha").Status.Release.Serving; serving != "r1" {
		t.Errorf("asha serves %s, want r1 until it is released", serving)
	}
	w.expect("sneha", v1alpha1.Ready, "True/Ready")
	if serving := w.org("sneha").Status.Release.Serving; serving != "r2" {
		t.Errorf("sneha pinned r2 and serves %s", serving)
	}
	// A Release that is served or aimed at cannot go.
	r1 := &v1alpha1.Release{ObjectMeta: metaNamed("r1")}
	w.remove(r1)
	w.settle()
	if err := w.Admin.Get(t.Context(), client.ObjectKey{Name: "r1"}, r1); err != nil {
		t.Fatalf("Release r1 serves asha and must stay: %v", err)
	}
	w.annotate("asha", v1alpha1.AnnotationRestartAt, "2026-11-24T10:00:00Z")
	w.settle()
	w.expect("asha", v1alpha1.UpToDate, "True/Ready")
	w.gone(&v1alpha1.Release{}, "", "r1")
}

func TestAHostIsClaimedBeforeTheOldOneIsReleased(t *testing.T) {
	w := newWorld(t, lane.Options{})
	taken := lane.Organisation("sneha")
	taken.Spec.Hostname = "chat.example.org"
	w.create(lane.Organisation("asha"), taken)
	w.settle()
	change(w, "asha", &v1alpha1.Organisation{}, func(o *v1alpha1.Organisation) { o.Spec.Hostname = "chat.example.org" })
	w.settle()
	w.expect("asha", v1alpha1.Claimed, "False/HostnameTaken")
	if got := w.org("asha").Status.Host; got != "asha.ngo.example.org" || env(w, "asha", "BASE_URL") != "asha.ngo.example.org" {
		t.Errorf("while the new host is taken, the old one is served; status says %s", got)
	}
	w.remove(w.org("sneha"))
	w.settle()
	w.expect("asha", v1alpha1.Ready, "True/Ready")
	if env(w, "asha", "BASE_URL") != "chat.example.org" {
		t.Error("the freed host is not served")
	}
	var claims corev1.ConfigMapList
	if err := w.Admin.List(t.Context(), &claims, client.InNamespace(lane.Namespace), client.MatchingLabels{v1alpha1.LabelOrganisation: "asha"}); err != nil {
		t.Fatal(err)
	}
	for _, claim := range claims.Items {
		if claim.Data["host"] == "asha.ngo.example.org" {
			t.Error("the old host is still claimed")
		}
	}
}
