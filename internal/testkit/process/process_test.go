//go:build linux

package process

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func shell(t *testing.T, script string, env ...string) *Process {
	t.Helper()
	dir := t.TempDir()
	p, err := Start(Command{
		Name: "script", Path: "/bin/sh", Args: []string{"-c", script},
		Env: env, Dir: dir, Log: filepath.Join(dir, "log"),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Kill() })
	return p
}

func gone(pid int) bool { return syscall.Kill(pid, 0) == syscall.ESRCH }

func TestStopLetsAProgramEndAndKillsOneThatDoesNot(t *testing.T) {
	for name, script := range map[string]string{
		"one that listens": "while :; do sleep 0.01; done",
		"one that is deaf": "trap '' TERM; while :; do sleep 0.01; done",
	} {
		t.Run(name, func(t *testing.T) {
			p := shell(t, script)
			for range 2 { // stopping twice is harmless
				if err := p.Stop(50 * time.Millisecond); err != nil {
					t.Fatal(err)
				}
			}
			if !gone(p.PID()) {
				t.Error("it is still there")
			}
		})
	}
}

func TestEndedTellsTheLastWords(t *testing.T) {
	p := shell(t, "echo $WORD >&2; exit 3", "WORD=farewell")
	<-p.Done()
	message := p.Ended().Error()
	if !strings.Contains(message, "script ended by itself (exit status 3)") || !strings.Contains(message, "farewell") {
		t.Errorf("got %q", message)
	}
}

func TestAMissingProgramIsAnError(t *testing.T) {
	_, err := Start(Command{Name: "nothing", Path: "/does/not/exist", Log: filepath.Join(t.TempDir(), "log")})
	if err == nil || !strings.Contains(err.Error(), "starting nothing") {
		t.Errorf("got %v", err)
	}
}

const parentOf = "PROCESS_TEST_PARENT_OF"

// TestAProgramDiesWithItsParent starts this test binary again as a parent, which
// starts a program and is then killed without a chance to clean up.
func TestAProgramDiesWithItsParent(t *testing.T) {
	if file := os.Getenv(parentOf); file != "" {
		p := shell(t, "sleep 1000")
		if err := os.WriteFile(file, []byte(strconv.Itoa(p.PID())), 0o600); err != nil {
			t.Fatal(err)
		}
		select {}
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "pid")
	parent, err := Start(Command{
		Name: "parent", Path: os.Args[0], Args: []string{"-test.run=^TestAProgramDiesWithItsParent$"},
		Env: []string{parentOf + "=" + file, "TMPDIR=" + dir}, Dir: dir, Log: filepath.Join(dir, "log"),
	})
	if err != nil {
		t.Fatal(err)
	}
	child := 0
	wait(t, "the child to start", func() bool {
		content, _ := os.ReadFile(file)
		child, _ = strconv.Atoi(string(content))
		return child != 0
	})
	if gone(child) {
		t.Fatal("the child never ran")
	}
	if err := parent.Kill(); err != nil {
		t.Fatal(err)
	}
	wait(t, "the child to die", func() bool { return gone(child) || zombie(child) })
}

// zombie: dead, and not yet collected by whoever inherited it.
func zombie(pid int) bool {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err == nil && strings.Contains(string(stat), ") Z ")
}

func wait(t *testing.T, what string, done func() bool) {
	t.Helper()
	every := time.NewTicker(5 * time.Millisecond)
	defer every.Stop()
	for !done() {
		select {
		case <-t.Context().Done():
			t.Fatal("still waiting for", what)
		case <-every.C:
		}
	}
}
