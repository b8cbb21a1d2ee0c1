package archive

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"io"
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

const secret = "do-not-print-me"

func TestNoSecretIsLeftInAnyObject(t *testing.T) {
	env := []corev1.EnvVar{
		{Name: "STRIPE_API_KEY", Value: secret},
		{Name: "POD_IP", ValueFrom: &corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{FieldPath: "status.podIP"}}},
	}
	template := corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "backend", Env: env}}, InitContainers: []corev1.Container{{Env: env}}}}
	meta := metav1.ObjectMeta{
		Name: "backend", Annotations: map[string]string{"kubectl.kubernetes.io/last-applied-configuration": secret, "kept": "https://user:" + secret + "@host/x"},
		ManagedFields: []metav1.ManagedFieldsEntry{{Manager: secret}},
	}
	for name, object := range map[string]any{
		"a Deployment":         &appsv1.Deployment{ObjectMeta: meta, Spec: appsv1.DeploymentSpec{Template: template}},
		"a Pod":                &corev1.Pod{ObjectMeta: meta, Spec: template.Spec},
		"a ControllerRevision": &appsv1.ControllerRevision{ObjectMeta: meta, Data: runtime.RawExtension{Raw: []byte(`{"backend":{"spec":{"containers":[{"env":[{"name":"STRIPE_API_KEY","value":"` + secret + `"},{"name":"POD_IP","valueFrom":{}}]}]}}}`)}},
		"a failed Pod":         &corev1.Pod{ObjectMeta: meta, Status: corev1.PodStatus{Message: "cannot reach ecto://asha-1:" + secret + "@db:5432/asha-1, POD_IP STRIPE_API_KEY"}},
	} {
		text, err := YAML(object)
		if err != nil || strings.Contains(text, secret) {
			t.Errorf("%s: %v\n%s", name, err, text)
		}
		for _, kept := range []string{"backend", "kept:", "POD_IP", "STRIPE_API_KEY"} {
			if !strings.Contains(text, kept) {
				t.Errorf("%s: %q is lost\n%s", name, kept, text)
			}
		}
	}
	if _, err := YAML(&corev1.Secret{TypeMeta: metav1.TypeMeta{Kind: "Secret"}}); err == nil {
		t.Error("a Secret is let in")
	}
}

func TestCredentialsInURLs(t *testing.T) {
	for given, want := range map[string]string{
		"ecto://asha-1:pw@db:5432/asha":           "ecto://(hidden)@db:5432/asha",
		`"postgres://u:p%40ss@h/d" and https://x`: `"postgres://(hidden)@h/d" and https://x`,
		"https://example.org/a:b@c":               "https://example.org/a:b@c",
		"image registry.example.org:5000/a@sha":   "image registry.example.org:5000/a@sha",
	} {
		if got := Text(given); got != want {
			t.Errorf("%q becomes %q, want %q", given, got, want)
		}
	}
}

func TestAnArchiveIsReadBack(t *testing.T) {
	var out bytes.Buffer
	files := []File{{"status.txt", "✓ asha\n"}, {"pod/backend.yaml", "kind: Pod\n"}}
	if err := Write(&out, "glific-asha", files, time.Unix(0, 0)); err != nil {
		t.Fatal(err)
	}
	unzipped, err := gzip.NewReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	archive := tar.NewReader(unzipped)
	for _, file := range files {
		header, err := archive.Next()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(archive)
		if err != nil || header.Name != "glific-asha/"+file.Name || string(text) != file.Text {
			t.Errorf("%s: %q, %v", header.Name, text, err)
		}
	}
	if _, err := archive.Next(); err != io.EOF {
		t.Errorf("something is left: %v", err)
	}
}
