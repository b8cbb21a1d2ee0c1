// Package process runs a program beside a test or a demo: its output goes to a
// file, it can be asked to end, and it does not outlive whoever started it.
package process

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// Command says what to run.
type Command struct {
	Name string   // in messages, for example "kube-apiserver"
	Path string   // of the program
	Args []string // without the program itself
	Env  []string // all of it; nothing is inherited
	Dir  string   // working directory
	Log  string   // file that output is appended to
}

// Process is a running, or ended, program.
type Process struct {
	command Command
	process *os.Process
	done    chan struct{}
	exit    string // valid after done, for example "exit status 1"
}

// Start runs the command.
func Start(command Command) (*Process, error) {
	output, err := os.OpenFile(command.Log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("starting %s: %w", command.Name, err)
	}
	cmd := exec.Command(command.Path, command.Args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = command.Dir, command.Env, output, output
	cmd.SysProcAttr = attributes()
	p := &Process{command: command, done: make(chan struct{})}
	started := make(chan error, 1)
	go p.run(cmd, output, started)
	if err := <-started; err != nil {
		return nil, fmt.Errorf("starting %s: %w", command.Name, err)
	}
	p.process = cmd.Process
	return p, nil
}

// run has an OS thread of its own that lives as long as the program: the kernel
// sends the parent-death signal when the *thread* that started a child ends, not
// the process (prctl(2), PR_SET_PDEATHSIG).
func (p *Process) run(cmd *exec.Cmd, output *os.File, started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer output.Close()
	err := cmd.Start()
	started <- err
	if err != nil {
		return
	}
	_ = cmd.Wait() // its error says no more than the state
	p.exit = cmd.ProcessState.String()
	close(p.done)
}

// Name is the command's name.
func (p *Process) Name() string { return p.command.Name }

// PID is the process id.
func (p *Process) PID() int { return p.process.Pid }

// Done is closed when the program has ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// Stop asks the program to end, kills it when grace has passed, and returns when
// it is gone. Stopping one that has ended does nothing.
func (p *Process) Stop(grace time.Duration) error {
	if err := p.signal(syscall.SIGTERM); err != nil {
		return err
	}
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-p.done:
		return nil
	case <-timer.C:
		return p.Kill()
	}
}

// Kill ends the program at once, as a crash does, and returns when it is gone.
func (p *Process) Kill() error {
	if err := p.signal(syscall.SIGKILL); err != nil {
		return err
	}
	<-p.done
	return nil
}

func (p *Process) signal(s os.Signal) error {
	if err := p.process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("sending %s to %s: %w", s, p.command.Name, err)
	}
	return nil
}

// Ended describes, after Done, a program that stopped by itself: how, and with
// which last words.
func (p *Process) Ended() error {
	content, err := os.ReadFile(p.command.Log)
	if err != nil {
		return fmt.Errorf("%s ended by itself (%s), and its log cannot be read: %w", p.command.Name, p.exit, err)
	}
	lines := bytes.Split(bytes.TrimSpace(content), []byte("\n"))
	if len(lines) > 8 {
		lines = lines[len(lines)-8:]
	}
	return fmt.Errorf("%s ended by itself (%s); the end of %s:\n%s", p.command.Name, p.exit, p.command.Log, bytes.Join(lines, []byte("\n")))
}
