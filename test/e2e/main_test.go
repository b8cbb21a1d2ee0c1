// Package e2e tests the operator on a real node. It needs root, and E2E=1.
package e2e

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/go-logr/logr"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/glific/organisation-operator/test/e2e/platform"
)

// up brings the platform up once for the whole run. Tests that disturb the node or its
// neighbours run one after the other; the others call t.Parallel after start, and run
// together when those are through.
var up = sync.OnceValues(func() (*platform.Platform, error) {
	began := time.Now()
	p, err := platform.Up(context.Background(), os.Stdout)
	fmt.Printf("--- platform: %.0f s\n", time.Since(began).Seconds())
	return p, err
})

func start(t *testing.T) *platform.Platform {
	t.Helper()
	if os.Getenv("E2E") == "" {
		t.Skip("needs root and a few minutes: run with E2E=1")
	}
	p, err := up()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// thorough skips a test of many minutes, unless E2E=all asks for every case of it.
func thorough(t *testing.T) {
	t.Helper()
	if os.Getenv("E2E") != "all" {
		t.Skip("takes many minutes: make e2e-all runs it")
	}
}

// TestMain takes the cluster down afterwards; with KEEP=1 it stays, and the next run
// finds it up.
func TestMain(m *testing.M) {
	log.SetLogger(logr.Discard())
	code := m.Run()
	if os.Getenv("E2E") != "" && os.Getenv("KEEP") == "" {
		if err := platform.Down(context.Background(), os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}
