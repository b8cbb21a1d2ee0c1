package main

import (
	"maps"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"testing"
)

func TestAProcessIsToldApartFromALaterOneWithItsID(t *testing.T) {
	c := testCluster(t)
	if err := os.MkdirAll(c.path("run"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := c.recordPID("kubelet", os.Getpid()); err != nil {
		t.Fatal(err)
	}
	if pid, running := c.pid("kubelet"); pid != os.Getpid() || !running {
		t.Errorf("got %d, %v", pid, running)
	}
	if err := os.WriteFile(c.path("run", "kubelet.pid"), []byte("1 12345678901234\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, running := c.pid("kubelet"); running {
		t.Error("process 1 is taken for the kubelet")
	}
	if _, running := c.pid("etcd"); running {
		t.Error("etcd runs though it was never started")
	}
}

func TestAnEndedProgramNeedsNotBeReaped(t *testing.T) {
	c := testCluster(t)
	if err := os.MkdirAll(c.path("run"), 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("sleep", "600")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := c.recordPID("sleep", cmd.Process.Pid); err != nil {
		t.Fatal(err)
	}
	// Nobody reaps it meanwhile, as on a machine whose first process is slow to.
	if err := c.end(t.Context(), "sleep", cmd.Process.Pid, syscall.SIGTERM); err != nil {
		t.Error(err)
	}
	_ = cmd.Wait()
}

func TestMountsAreFoundWhateverTheirName(t *testing.T) {
	mounts := "proc /proc proc rw 0 0\n" +
		"overlay /var/lib/glific-cluster/a/run/one overlay rw 0 0\n" +
		`tmpfs /var/lib/glific-cluster/a/kubelet/with\040space tmpfs rw 0 0` + "\n" +
		"tmpfs /var/lib/glific-cluster/ab/other tmpfs rw 0 0\n"
	want := []string{"/var/lib/glific-cluster/a/run/one", "/var/lib/glific-cluster/a/kubelet/with space"}
	if got := mountsBelow(mounts, "/var/lib/glific-cluster/a"); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestEveryTagGetsANameWithItsDigest(t *testing.T) {
	const one, two = "sha256:1111111111111111111111111111111111111111111111111111111111111111",
		"sha256:2222222222222222222222222222222222222222222222222222222222222222"
	listing := "REF TYPE DIGEST SIZE PLATFORMS LABELS\n" +
		"registry.test/operator:v1 application/vnd.oci.image.manifest.v1+json " + one + " 1 MiB linux/amd64 -\n" +
		"registry.test/operator@" + one + " application/vnd.oci.image.manifest.v1+json " + one + " 1 MiB linux/amd64 -\n" +
		"registry.test:5000/standin:0.1.0 application/vnd.oci.image.manifest.v1+json " + two + " 1 MiB linux/amd64 -\n" +
		one + " application/vnd.oci.image.manifest.v1+json " + one + " 1 MiB linux/amd64 -\n"
	want := map[string]string{"registry.test:5000/standin@" + two: "registry.test:5000/standin:0.1.0"}
	if got := missingDigests(listing); !maps.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}
