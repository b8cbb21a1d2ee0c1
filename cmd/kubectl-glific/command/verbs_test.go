package command

import (
	"strings"
	"testing"

	eventsv1 "k8s.io/api/events/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"github.com/glific/organisation-operator/api/v1alpha1"
	"github.com/glific/organisation-operator/cmd/kubectl-glific/change"
)

func (w *clusterWorld) org(t *testing.T, name string) *v1alpha1.Organisation {
	t.Helper()
	org, err := w.Organisation(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return org
}

// bind gives a user a ClusterRole.
func (w *clusterWorld) bind(t *testing.T, user, role string) {
	t.Helper()
	binding := &rbacv1.ClusterRoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: user},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: role},
		Subjects:   []rbacv1.Subject{{APIGroup: rbacv1.GroupName, Kind: rbacv1.UserKind, Name: user}},
	}
	if err := w.Admin.Create(t.Context(), binding); err != nil {
		t.Fatal(err)
	}
}

// editor is Meera, who may edit Organisations and nothing else.
func (w *clusterWorld) editor(t *testing.T) *person {
	t.Helper()
	w.bind(t, "meera", "organisation-editor")
	return newPerson(t, w.Lane, "meera", w.ControlPlane.ConfigFor("meera"))
}

// events that the plugin left, as "reason: note".
func (w *clusterWorld) events(t *testing.T) string {
	t.Helper()
	var list eventsv1.EventList
	if err := w.Admin.List(t.Context(), &list, client.InNamespace(change.EventNamespace)); err != nil {
		t.Fatal(err)
	}
	var notes []string
	for _, e := range list.Items {
		if strings.HasSuffix(e.ReportingController, "kubectl-glific") {
			notes = append(notes, e.Regarding.Name+" "+e.Reason+": "+e.Note)
		}
	}
	return strings.Join(notes, "\n")
}

func (w *clusterWorld) holds(t *testing.T) {
	w.admin.run("hold", "asha").expect(t, 1, "--reason is missing")
	w.admin.run("hold", "asha", "--reason", "  ").expect(t, 1, "--reason is missing")
	held := w.admin.run("hold", "asha", "--reason", "delivery\ndelays")
	if strings.Contains(held.err, "Warning") {
		t.Error(held.err)
	}
	held.expect(t, 0, "organisation.tenancy.glific.org/asha held", "kubectl glific release asha")
	w.settle(t)
	if got := w.org(t, "asha").Status.Requests.Hold; got == nil || got.Value != "delivery delays" {
		t.Errorf("the operator saw %v", got)
	}
	w.admin.run("list").expect(t, 0, "Serving,Held")
	w.admin.run("status", "asha").expect(t, 0, "Held:      delivery delays (since", "kubectl glific release asha", "held by")
	w.admin.run("release", "asha").expect(t, 0, "asha released")
	w.admin.run("release", "asha").expect(t, 0, "nothing to do")
	w.settle(t)
	if got := w.org(t, "asha").Status.Requests.Hold; got != nil {
		t.Errorf("the operator still sees %v", got)
	}
	if got := w.events(t); !strings.Contains(got, "asha HoldRequested: held by ") || !strings.Contains(got, "asha HoldReleased: released by ") {
		t.Errorf("the Events say:\n%s", got)
	}
}

func (w *clusterWorld) restarts(t *testing.T) {
	revision := func() string {
		return w.admin.run("releases", "asha").out
	}
	before := revision()
	w.admin.run("releases", "asha", "-o", "name").expect(t, 0, "controllerrevision.apps/")
	w.admin.run("releases", "asha", "-o", "yaml").expect(t, 0, "kind: ControllerRevision", "kind: List")
	w.admin.run("releases", "asha", "-o", "xml").expect(t, 1, "there is no such format")
	w.admin.run("restart", "asha").expect(t, 0, "asha will be restarted")
	w.settle(t)
	if after := revision(); after == before || !strings.Contains(after, "r1") {
		t.Errorf("the history did not change:\n%s", after)
	}
	w.admin.run("retry", "asha").expect(t, 0, "asha will be tried again")
	w.settle(t)
	org := w.org(t, "asha")
	if org.Status.Requests.RestartAt == nil || org.Status.Requests.RetryAt == nil {
		t.Errorf("the operator saw no request: %+v", org.Status.Requests)
	}
}

func (w *clusterWorld) suspends(t *testing.T) {
	org := w.org(t, "pratham")
	org.Labels = map[string]string{"kustomize.toolkit.fluxcd.io/name": "ngos", "kustomize.toolkit.fluxcd.io/namespace": "flux-system"}
	if err := w.Admin.Update(t.Context(), org); err != nil {
		t.Fatal(err)
	}
	got := w.admin.run("suspend", "pratham")
	got.expect(t, 2, "Flux Kustomization flux-system/ngos", "--force")
	if got.out != "spec:\n  power: Suspended\n" {
		t.Errorf("the line to commit is %q", got.out)
	}
	if power := w.org(t, "pratham").Spec.Power; power != v1alpha1.PowerRunning {
		t.Fatalf("spec.power is %s although Git owns it", power)
	}
	w.admin.run("suspend", "pratham", "--force").expect(t, 0, "pratham suspended")
	w.settle(t)
	w.admin.run("status", "pratham").expect(t, 0, "○ Organisation pratham", "kubectl glific resume pratham")
	w.admin.run("suspend", "pratham").expect(t, 0, "nothing to do")
	w.admin.run("resume", "pratham", "--force").expect(t, 0, "pratham resumed")
	w.settle(t)
	w.admin.run("status", "pratham").expect(t, 0, "✓ Organisation pratham")
}

func (w *clusterWorld) editors(t *testing.T) {
	meera := w.editor(t)
	held := meera.run("hold", "asha", "--reason", "mine")
	held.expect(t, 0, "asha held")
	if got := w.events(t); strings.Contains(held.err, "Warning") || !strings.Contains(got, "asha HoldRequested: held by meera") {
		t.Errorf("no Event says that it was Meera:\n%s\n%s", held.err, got)
	}
	meera.run("status", "asha").expect(t, 0, "Not shown: Pods in namespace org-asha may not be read by you; ask for role Viewer", "Events in namespace default may not be read by you; ask for the ClusterRole view there")
	meera.run("release", "asha").expect(t, 0, "asha released")
	viewer := newPerson(t, w.Lane, "viewer", w.ControlPlane.ConfigFor("viewer"))
	viewer.run("hold", "asha", "--reason", "mine").expect(t, 1, "organisation-viewer")
}

func (w *clusterWorld) configs(t *testing.T) {
	got := w.admin.run("config", "asha")
	got.expect(t, 0, "GUPSHUP_WEBHOOK_IPS", "Secret shared-providers", "DATABASE_URL", "RELEASE_NODE")
	for _, secret := range []string{"192.0.2.0", "dummy"} {
		if strings.Contains(got.out, secret) {
			t.Errorf("a value is printed:\n%s", got.out)
		}
	}
	w.admin.run("config", "asha", "-o", "name").expect(t, 0, "DATABASE_URL\n", "GUPSHUP_WEBHOOK_IPS\n")
	for _, format := range []string{"json", "yaml"} {
		read := w.admin.run("config", "asha", "-o", format)
		read.expect(t, 0, "DATABASE_URL", "SharedSecret")
		for _, value := range []string{"192.0.2.0", "dummy", "https://asha.ngo.example.org"} {
			if strings.Contains(read.out, value) {
				t.Errorf("-o %s prints a value:\n%s", format, read.out)
			}
		}
	}
	w.admin.run("config", "asha", "-o", "xml").expect(t, 1, "there is no such format")
	w.admin.run("config", "asha", "--values").expect(t, 0, `"https://asha.ngo.example.org"`)
	meera := newPerson(t, w.Lane, "meera", w.ControlPlane.ConfigFor("meera"))
	meera.run("config", "asha").expect(t, 0, "Not shown: the keys of Secret shared-providers: you may not read it in namespace organisation-system")
}

// applies sends YAML to the API server as a dry run.
func (w *clusterWorld) applies(t *testing.T, text string) {
	t.Helper()
	org := &v1alpha1.Organisation{}
	if err := yaml.UnmarshalStrict([]byte(text), org); err != nil {
		t.Fatalf("not an Organisation: %v\n%s", err, text)
	}
	if err := w.Admin.Create(t.Context(), org, client.DryRunAll, client.FieldValidation("Strict")); err != nil {
		t.Errorf("the API server refuses it: %v\n%s", err, text)
	}
}

// manifests: what `new` prints is accepted as it is, with every option by itself, and
// with all of them.
func (w *clusterWorld) manifests(t *testing.T) {
	got := w.admin.run("new", "sneha")
	got.expect(t, 0)
	w.applies(t, got.out)
	blocks := uncommented(got.out)
	if len(blocks) < 10 {
		t.Fatalf("only %d options found:\n%s", len(blocks), got.out)
	}
	for _, text := range blocks {
		w.applies(t, text)
	}
	w.applies(t, strings.NewReplacer("\n  # ", "\n  # ", "\n  #", "\n  ").Replace(got.out))
	for _, draft := range [][]string{
		{"--profile", "no", "--display-name", `Sneha "the" Foundation: #1`, "--hostname", "sneha.example.org", "--channel", "stable", "--suspended"},
		{"--release", "glific-8.10.1", "--size", "small", "--adopt-uid", "2f6c0a4e-7a52-4b0e-9a4d-0d3a6a1d2f11"},
	} {
		got := w.admin.run(append([]string{"new", "sneha"}, draft...)...)
		got.expect(t, 0)
		w.applies(t, got.out)
	}
	w.admin.run("new", "Sneha").expect(t, 1, "lower-case")
}

// uncommented are versions of a manifest with one option each taken out of its comment.
func uncommented(text string) []string {
	lines := strings.Split(text, "\n")
	var all []string
	for i := 0; i < len(lines); {
		end := i
		for end < len(lines) && strings.HasPrefix(lines[end], "  #") && !strings.HasPrefix(lines[end], "  # ") {
			end++
		}
		if end == i {
			i++
			continue
		}
		version := append([]string(nil), lines...)
		for j := i; j < end; j++ {
			version[j] = "  " + strings.TrimPrefix(lines[j], "  #")
		}
		all = append(all, strings.Join(version, "\n"))
		i = end
	}
	return all
}

func (w *clusterWorld) kept(t *testing.T) {
	w.admin.run("retained").expect(t, 0, "No keys of a deleted NGO", "shared-1")
	org := w.org(t, "pratham")
	if err := w.Admin.Delete(t.Context(), org); err != nil {
		t.Fatal(err)
	}
	w.settle(t)
	w.admin.run("retained").expect(t, 0, "pratham", string(org.UID), "kubectl glific new pratham --adopt-uid "+string(org.UID), "ledger.tenant")
	w.admin.run("retained", "-o", "name").expect(t, 0, "secret/keys-"+string(org.UID)+"\n")
	w.admin.run("retained", "-o", "json").expect(t, 0, `"organisation": "pratham"`, `"name": "shared-1"`)
	w.admin.run("retained", "-o", "xml").expect(t, 1, "there is no such format")
	w.admin.run("status", "pratham").expect(t, 1, "kubectl glific retained")
}

func (w *clusterWorld) changeProfile(t *testing.T) {
	t.Helper()
	profile := &v1alpha1.OrganisationProfile{}
	if err := w.Admin.Get(t.Context(), client.ObjectKey{Name: "standard"}, profile); err != nil {
		t.Fatal(err)
	}
	profile.Spec.Env = append(profile.Spec.Env, v1alpha1.EnvVar{Name: "NEW_SETTING", Value: new("seventeen")})
	if err := w.Admin.Update(t.Context(), profile); err != nil {
		t.Fatal(err)
	}
}
