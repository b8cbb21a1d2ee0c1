package controlplane

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"github.com/glific/organisation-operator/internal/testkit/components"
)

// process is one running program whose output goes to <dir>/<name>.log.
type process struct {
	name string
	pid  int
	log  string
	proc *os.Process
	done chan struct{} // closed once the program has ended
	exit string        // valid after done: how it ended, for example "exit status 1"
}

// launch starts a component and registers it for Stop.
func (cp *ControlPlane) launch(name string, args ...string) (*process, error) {
	binary, err := components.Path(name)
	if err != nil {
		return nil, err
	}
	args = append(args, cp.options.ExtraArgs[name]...)
	p := &process{name: name, log: filepath.Join(cp.dir, name+".log"), done: make(chan struct{})}
	if err := p.run(binary, args, cp.dir); err != nil {
		return nil, fmt.Errorf("starting %s: %w", name, err)
	}
	cp.mu.Lock()
	defer cp.mu.Unlock()
	cp.running = append(cp.running, p)
	return p, nil
}

// forget takes an ended process off the list, so that it can be started anew.
func (cp *ControlPlane) forget(ended *process) {
	cp.mu.Lock()
	defer cp.mu.Unlock()
	for i, p := range cp.running {
		if p == ended {
			cp.running = append(cp.running[:i], cp.running[i+1:]...)
			return
		}
	}
}

// run starts the program from an OS thread of its own that lives as long as the
// program: the kernel sends the parent-death signal when the *thread* that
// started a child ends, not the process (prctl(2), PR_SET_PDEATHSIG).
func (p *process) run(binary string, args []string, dir string) error {
	output, err := os.OpenFile(p.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	cmd := exec.Command(binary, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, output, output
	cmd.Env = []string{"HOME=" + dir, "TMPDIR=" + os.TempDir()}
	cmd.SysProcAttr = childAttributes()
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer output.Close()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // its error says no more than the state
			p.exit = cmd.ProcessState.String()
			close(p.done)
		}
	}()
	if err := <-started; err != nil {
		return err
	}
	p.proc, p.pid = cmd.Process, cmd.Process.Pid
	return nil
}

// stop asks the program to end and kills it when grace has passed.
func (p *process) stop(grace time.Duration) error {
	if err := p.proc.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stopping %s: %w", p.name, err)
	}
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-p.done:
		return nil
	case <-timer.C:
	}
	if err := p.proc.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("killing %s: %w", p.name, err)
	}
	<-p.done
	return nil
}

// ended describes a program that stopped by itself, with its last words.
func (p *process) ended() error {
	content, err := os.ReadFile(p.log)
	if err != nil {
		return fmt.Errorf("%s ended by itself (%s), and its log cannot be read: %w", p.name, p.exit, err)
	}
	lines := bytes.Split(bytes.TrimSpace(content), []byte("\n"))
	if len(lines) > 8 {
		lines = lines[len(lines)-8:]
	}
	return fmt.Errorf("%s ended by itself (%s); the end of %s:\n%s", p.name, p.exit, p.log, bytes.Join(lines, []byte("\n")))
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

func portOpen(port int) bool {
	conn, err := net.DialTimeout("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), time.Second)
	if err != nil {
		return false
	}
	conn.Close()
	return true
}
