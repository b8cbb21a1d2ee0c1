package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// applyEcho deploys the program and waits until every Pod has the version.
func (n *node) applyEcho(version string) {
	manifest := strings.NewReplacer("{IMAGE}", n.image, "{VERSION}", version).Replace(read(n.t, "testdata/echo.yaml"))
	n.must(n.apply(n.t.Context(), manifest))
	n.must(n.awaitDeployment(n.t.Context(), "e2e", "echo"))
}

// containers lists ids and restarts of everything that runs.
func (n *node) containers() string {
	return n.kube("get", "pods", "--all-namespaces", "--output=jsonpath={range .items[*]}{.metadata.name} "+
		"{.status.containerStatuses[*].containerID} {.status.containerStatuses[*].restartCount}{\"\\n\"}{end}")
}

// oldPodsAreGone: a rolling update is complete before what it replaced has ended.
func (n *node) oldPodsAreGone() error {
	names := n.kube("get", "pods", "--namespace=e2e", "--output=name")
	if count := strings.Count(names, "\n"); count != 2 {
		return fmt.Errorf("there are %d Pods", count)
	}
	return nil
}

func (n *node) pids() string {
	var all []string
	for _, p := range n.programs() {
		pid, running := n.pid(p.name)
		all = append(all, fmt.Sprint(p.name, " ", pid, " ", running))
	}
	return strings.Join(all, ", ")
}

func (n *node) exec(args ...string) string {
	return n.kube(append([]string{"exec", "--namespace=e2e", "deployment/echo", "--", "/program"}, args...)...)
}

func (n *node) kube(args ...string) string {
	n.t.Helper()
	out, err := n.kubectl(n.t.Context(), nil, args...)
	n.must(err)
	return out
}

func (n *node) must(err error) {
	n.t.Helper()
	if err != nil {
		n.t.Fatal(err)
	}
}

func (n *node) eventually(check func() error) {
	n.t.Helper()
	ctx, cancel := context.WithTimeout(n.t.Context(), time.Minute)
	defer cancel()
	n.must(until(ctx, check))
}

func read(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func since(began time.Time) time.Duration { return time.Since(began).Round(10 * time.Millisecond) }

// testOutput shows the cluster's progress as the test's.
type testOutput struct{ t *testing.T }

func (o testOutput) Write(p []byte) (int, error) {
	o.t.Log(strings.TrimRight(string(p), "\n"))
	return len(p), nil
}
