package command

import (
	"archive/tar"
	"compress/gzip"
	"encoding/base64"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// reports: an archive has the objects, and none of the values of the NGO's Secrets.
func (w *clusterWorld) reports(t *testing.T) {
	path := filepath.Join(t.TempDir(), "asha.tar.gz")
	w.admin.run("report", "asha", "--file", path, "--logs").expect(t, 0, "files")
	w.admin.run("report", "asha", "--file", path).expect(t, 1, "choose another --file")
	text := unpacked(t, path)
	for _, word := range []string{"status.txt", "organisation/asha.yaml", "deployment/backend.yaml", "controllerrevision/", "release/r1.yaml", "config.txt", "logs/backend-ready-backend.log"} {
		if !strings.Contains(text, word) {
			t.Errorf("the archive has no %s", word)
		}
	}
	var secrets corev1.SecretList
	for _, namespace := range []string{"org-asha", operatorNamespace} {
		if err := w.Admin.List(t.Context(), &secrets, client.InNamespace(namespace)); err != nil || len(secrets.Items) == 0 {
			t.Fatalf("no Secrets in %s: %v", namespace, err)
		}
		for _, secret := range secrets.Items {
			for key, value := range secret.Data {
				known := len(value) < 8 || strings.Contains(text, "name: "+string(value)) // a name is no secret
				if !known && (strings.Contains(text, string(value)) || strings.Contains(text, base64.StdEncoding.EncodeToString(value))) {
					t.Errorf("the archive has the value of %s in Secret %s/%s", key, namespace, secret.Name)
				}
			}
		}
	}
}

// unpacked is the names and texts of an archive's files.
func unpacked(t *testing.T, path string) string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for archive := tar.NewReader(unzipped); ; {
		header, err := archive.Next()
		if err == io.EOF {
			return all.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		all.WriteString(header.Name + "\n")
		if _, err := io.Copy(&all, archive); err != nil {
			t.Fatal(err)
		}
	}
}

// versions: the operator of a lane has no Deployment.
func (w *clusterWorld) versions(t *testing.T) {
	w.admin.run("version").expect(t, 0, "kubectl glific: ", "no operator in namespace organisation-system", "--operator-namespace")
	w.admin.run("version", "--client", "-o", "json").expect(t, 0, `"client": "`)
	w.admin.run("version", "-o", "xml").expect(t, 1, "json or yaml")
}

// diffs: a change of the profile waits for a restart.
func (w *clusterWorld) diffs(t *testing.T) {
	w.admin.run("diff", "asha").expect(t, 0, "Nothing waits")
	w.changeProfile(t)
	w.settle(t)
	got := w.admin.run("diff", "asha")
	got.expect(t, 2, "Profile", "+ NEW_SETTING (Profile)", "kubectl glific restart asha")
	if strings.Contains(got.out, "seventeen") || strings.Count(got.out, "\n+")+strings.Count(got.out, "\n~")+strings.Count(got.out, "\n- ") != 1 {
		t.Errorf("one name, and no value, should differ:\n%s", got.out)
	}
	w.admin.run("status", "asha").expect(t, 0, "… UpToDate", "Next step: see what would change: kubectl glific diff asha")
	w.admin.run("restart", "asha").expect(t, 0)
	w.settle(t)
	w.admin.run("diff", "asha").expect(t, 0, "Nothing waits")
}
