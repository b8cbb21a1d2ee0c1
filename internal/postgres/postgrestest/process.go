package postgrestest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// process is a running postmaster.
type process struct {
	pid   int
	ended chan struct{}
}

// How long a postmaster may take to start or to end before something is wrong.
const patience = time.Minute

const readyLine = "database system is ready to accept connections"

// launch starts the postmaster and returns when it says that it is ready, or with its
// last words. The thread that starts it stays with it: Linux sends the parent's death
// signal when the starting thread ends.
func (o *owner) launch(ctx context.Context, dir, program string, arguments ...string) (*process, error) {
	log, err := os.OpenFile(filepath.Join(dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	p := &process{ended: make(chan struct{})}
	ready := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer close(p.ended)
		defer log.Close() //nolint:errcheck // only read after the end
		command := o.command(context.WithoutCancel(ctx), program, arguments...)
		dieWithParent(command.SysProcAttr)
		stderr, err := command.StderrPipe()
		if err == nil {
			err = command.Start()
		}
		if err != nil {
			ready <- err
			return
		}
		p.pid = command.Process.Pid
		last := follow(stderr, log, ready)
		err = command.Wait()
		ready <- errors.Join(err, errors.New(last))
	}()
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	select {
	case err = <-ready:
	case <-timeout.C:
		err = fmt.Errorf("it is not ready after %s", patience)
	case <-ctx.Done():
		err = ctx.Err()
	}
	if err != nil {
		return nil, errors.Join(err, p.quit())
	}
	return p, nil
}

// follow copies what the server says, reports when it is ready, and returns its last words.
func follow(stderr io.Reader, log io.Writer, ready chan<- error) string {
	var last []string
	lines := bufio.NewScanner(stderr)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		line := lines.Text()
		_, _ = io.WriteString(log, line+"\n")
		if strings.Contains(line, readyLine) {
			ready <- nil
		}
		if last = append(last, line); len(last) > 5 {
			last = last[1:]
		}
	}
	return strings.Join(last, "\n")
}

// quit ends the postmaster as a crash of the machine would, and waits for the end.
func (p *process) quit() error {
	if p.pid == 0 {
		return nil
	}
	if err := syscall.Kill(p.pid, syscall.SIGQUIT); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("stopping PostgreSQL: %w", err)
	}
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	select {
	case <-p.ended:
		return nil
	case <-timeout.C:
		return errors.Join(fmt.Errorf("PostgreSQL did not stop within %s", patience), syscall.Kill(p.pid, syscall.SIGKILL))
	}
}
