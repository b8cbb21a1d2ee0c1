// Package controlplane starts a real Kubernetes control plane on this machine:
// etcd, kube-apiserver and, as wanted, kube-controller-manager, kube-scheduler
// and simulated nodes (kwok). Everything listens on 127.0.0.1 or on a Unix
// socket only, several may run side by side, and nothing outlives the process
// that started it.
package controlplane

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"k8s.io/client-go/rest"

	"github.com/glific/organisation-operator/internal/testkit/process"
)

// Options says what to start. The zero value is etcd and kube-apiserver alone.
type Options struct {
	// Dir holds data, certificates, kubeconfig and one log file per program.
	// Empty: a temporary folder that Stop removes. A folder that was given is
	// kept, and a later Start in it finds the data again.
	Dir string

	// Durable makes etcd call fsync, as in production. Without it starting and
	// writing are faster, and a crash of the machine would lose data.
	Durable bool

	// Audit records every request (metadata level); see [ControlPlane.AuditEvents].
	Audit bool

	// ControllerManager starts kube-controller-manager: namespaces are
	// finalised, owners collected, Deployments and Jobs become Pods.
	ControllerManager bool

	// Controllers limits kube-controller-manager to the named controllers, for
	// example "namespace-controller". Empty: [DefaultControllers].
	Controllers []string

	// Scheduler starts kube-scheduler. Nodes imply it.
	Scheduler bool

	// Nodes is the number of simulated nodes. Their Pods become Ready and their
	// Jobs complete without delay; see stages.yaml for images that do not.
	Nodes int

	// ExtraArgs are added to a program's command line, by component name.
	ExtraArgs map[string][]string
}

// ControlPlane is one running control plane. Its methods may be called from
// several goroutines.
type ControlPlane struct {
	options Options
	dir     string
	sockets string // short path: a Unix socket's is limited to 107 bytes
	pki     *pki
	admin   *rest.Config // without Host
	port    int

	mu       sync.Mutex
	running  []*process.Process // in the order of their start
	stopOnce sync.Once
	stopErr  error
}

// Start brings up what options ask for and returns once all of it answers. ctx
// bounds the start only. After an error nothing is left running.
func Start(ctx context.Context, options Options) (*ControlPlane, error) {
	if options.Nodes > 0 {
		options.Scheduler = true
	}
	cp := &ControlPlane{options: options}
	if err := cp.start(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("starting the control plane: %w", err), cp.Stop())
	}
	return cp, nil
}

func (cp *ControlPlane) start(ctx context.Context) error {
	if err := cp.prepare(); err != nil {
		return err
	}
	if err := cp.startEtcd(ctx); err != nil {
		return err
	}
	if err := cp.startAPIServer(ctx); err != nil {
		return err
	}
	return cp.startClients(ctx)
}

// prepare makes the folders and every certificate.
func (cp *ControlPlane) prepare() (err error) {
	if cp.sockets, err = os.MkdirTemp("", "cp-"); err != nil {
		return err
	}
	cp.dir = cp.options.Dir
	if cp.dir == "" {
		cp.dir = filepath.Join(cp.sockets, "files")
	}
	if cp.dir, err = filepath.Abs(cp.dir); err != nil {
		return err
	}
	if err := os.MkdirAll(cp.dir, 0o700); err != nil {
		return err
	}
	if cp.pki, err = newPKI(cp.dir); err != nil {
		return err
	}
	cp.admin = cp.ConfigFor("admin", "system:masters")
	return nil
}

// startClients starts what talks to the API server, all at once.
func (cp *ControlPlane) startClients(ctx context.Context) error {
	starts := []func(context.Context) error{}
	if cp.options.ControllerManager {
		starts = append(starts, cp.startControllerManager)
	}
	if cp.options.Scheduler {
		starts = append(starts, cp.startScheduler)
	}
	if cp.options.Nodes > 0 {
		starts = append(starts, cp.startNodes)
	}
	results := make(chan error, len(starts))
	for _, start := range starts {
		go func() { results <- start(ctx) }()
	}
	var all error
	for range starts {
		all = errors.Join(all, <-results)
	}
	return all
}

// Stop ends every program, the API server before etcd (the other order leaves
// it hanging), and returns when none of them is left and the ports are closed.
// Later calls return the same result.
func (cp *ControlPlane) Stop() error {
	cp.stopOnce.Do(func() {
		cp.mu.Lock()
		defer cp.mu.Unlock()
		for i := len(cp.running) - 1; i >= 0; i-- {
			cp.stopErr = errors.Join(cp.stopErr, cp.running[i].Stop(stopGrace))
		}
		if cp.port != 0 && portOpen(cp.port) {
			cp.stopErr = errors.Join(cp.stopErr, fmt.Errorf("port %d is still open after the API server ended", cp.port))
		}
		if cp.sockets != "" {
			cp.stopErr = errors.Join(cp.stopErr, os.RemoveAll(cp.sockets))
		}
	})
	return cp.stopErr
}

// stopGrace is how long a program may take to end by itself before it is killed.
const stopGrace = 10 * time.Second

// Dir is the folder of logs, certificates and kubeconfigs.
func (cp *ControlPlane) Dir() string { return cp.dir }

// URL is the API server's address.
func (cp *ControlPlane) URL() string { return fmt.Sprintf("https://127.0.0.1:%d", cp.port) }

// PIDs returns the process id of every running program by component name, for
// measurements.
func (cp *ControlPlane) PIDs() map[string]int {
	cp.mu.Lock()
	defer cp.mu.Unlock()
	pids := map[string]int{}
	for _, p := range cp.running {
		pids[p.Name()] = p.PID()
	}
	return pids
}

// Config is the administrator's (group system:masters), without client-side
// throttling and exempt from API Priority and Fairness.
func (cp *ControlPlane) Config() *rest.Config {
	config := rest.CopyConfig(cp.admin)
	config.Host = cp.URL()
	return config
}
