package controlplane

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/glific/organisation-operator/internal/testkit/components"
	"github.com/glific/organisation-operator/internal/testkit/process"
)

// launch starts a component and registers it for Stop.
func (cp *ControlPlane) launch(name string, args ...string) (*process.Process, error) {
	binary, err := components.Path(name)
	if err != nil {
		return nil, err
	}
	p, err := process.Start(process.Command{
		Name: name, Path: binary, Args: append(args, cp.options.ExtraArgs[name]...),
		Env: []string{"HOME=" + cp.dir, "TMPDIR=" + os.TempDir()},
		Dir: cp.dir, Log: filepath.Join(cp.dir, name+".log"),
	})
	if err != nil {
		return nil, err
	}
	cp.mu.Lock()
	defer cp.mu.Unlock()
	cp.running = append(cp.running, p)
	return p, nil
}

// forget takes an ended process off the list, so that it can be started anew.
func (cp *ControlPlane) forget(ended *process.Process) {
	cp.mu.Lock()
	defer cp.mu.Unlock()
	cp.running = slices.DeleteFunc(cp.running, func(p *process.Process) bool { return p == ended })
}

// until repeats ready until it succeeds, the program ends, or ctx does.
func until(ctx context.Context, p *process.Process, ready func() error) error {
	every := time.NewTicker(25 * time.Millisecond)
	defer every.Stop()
	for {
		err := ready()
		if err == nil {
			return nil
		}
		select {
		case <-p.Done():
			return p.Ended()
		case <-ctx.Done():
			return fmt.Errorf("waiting for %s: %w (last: %w)", p.Name(), ctx.Err(), err)
		case <-every.C:
		}
	}
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
