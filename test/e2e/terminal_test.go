package e2e

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// terminal is a program at a terminal, as a person would have it.
type terminal struct {
	t    *testing.T
	keys *os.File
	cmd  *exec.Cmd
	ends chan error

	mu   sync.Mutex
	said bytes.Buffer
}

// atTerminal starts a program at a new terminal.
func atTerminal(t *testing.T, cmd *exec.Cmd) *terminal {
	t.Helper()
	keys, screen, err := openTerminal()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = screen, screen, screen
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	screen.Close()
	at := &terminal{t: t, keys: keys, cmd: cmd, ends: make(chan error, 1)}
	go at.read()
	t.Cleanup(func() { keys.Close() })
	return at
}

// openTerminal gives both ends of a pseudo-terminal (pts(4)).
func openTerminal() (keys, screen *os.File, err error) {
	if keys, err = os.OpenFile("/dev/ptmx", os.O_RDWR, 0); err != nil {
		return nil, nil, err
	}
	number, err := unix.IoctlGetInt(int(keys.Fd()), unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(int(keys.Fd()), unix.TIOCSPTLCK, 0)
	}
	if err == nil {
		err = unix.IoctlSetWinsize(int(keys.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 50, Col: 200})
	}
	if err == nil {
		screen, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	}
	return keys, screen, err
}

// read until the program ends: then Linux answers with an error, not with the end.
func (at *terminal) read() {
	buffer := make([]byte, 4096)
	for {
		n, err := at.keys.Read(buffer)
		at.mu.Lock()
		at.said.Write(buffer[:n])
		at.mu.Unlock()
		if err != nil {
			break
		}
	}
	at.ends <- at.cmd.Wait()
}

// screen is all that was written so far.
func (at *terminal) screen() string {
	at.mu.Lock()
	defer at.mu.Unlock()
	return at.said.String()
}

// enter what a person types.
func (at *terminal) enter(keys string) {
	at.t.Helper()
	if _, err := io.WriteString(at.keys, keys); err != nil && !errors.Is(err, fs.ErrClosed) {
		at.t.Fatalf("typing %q: %v\n%s", keys, err, at.screen())
	}
}

// await a text, and fail with what there is on the screen.
func (at *terminal) await(text string) {
	at.t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); !strings.Contains(at.screen(), text); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			at.t.Fatalf("no %q on the screen:\n%s", text, at.screen())
		}
	}
}

// end waits until the program ended by itself.
func (at *terminal) end() {
	at.t.Helper()
	select {
	case err := <-at.ends:
		if err != nil {
			at.t.Errorf("%v\n%s", err, at.screen())
		}
	case <-time.After(2 * time.Minute):
		_ = at.cmd.Process.Kill()
		at.t.Errorf("it does not end:\n%s", at.screen())
	}
}
